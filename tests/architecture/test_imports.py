"""Who may import whom, and what a quick command loads."""

from __future__ import annotations

import ast
import configparser
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"av", "cv2", "ffmpeg", "imageio_ffmpeg", "imagehash", "PIL", "pypdfium2", "scipy"}
DOORS = {
    "astronomy": "forensics/sky/bodies.py",
    "c2pa": "forensics/inside/credentials.py",
    "ffmpeg": "forensics/media/ffmpeg.py",
    "exifread": "forensics/media/exif.py",
    "imagehash": "forensics/signatures/perceptual.py",
}


def sources() -> list[Path]:
    """Every module that is shipped."""
    return [ROOT / "cli.py", *sorted((ROOT / "forensics").rglob("*.py")), *db_sources()]


def db_sources() -> list[Path]:
    return sorted((ROOT / "db").rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_contracts_hold(tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--cache-dir", tmp_path],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_speaks_of_modules_that_exist() -> None:
    """import-linter takes a name that it does not know for some package outside, and is content."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    outside = {"typer", "sqlalchemy", "alembic", "rich", "numpy", *HEAVY, *DOORS}
    outside |= sys.stdlib_module_names
    unknown = []
    for section in contracts.sections():
        for key in ("source_modules", "forbidden_modules", "modules", "layers"):
            named = contracts[section].get(key, "").replace("|", "\n").split()
            for module in named:
                path = ROOT / module.replace(".", "/")
                there = path.is_dir() or path.with_suffix(".py").is_file()
                if not there and module not in outside:
                    unknown.append(f"{section}: {module}")
    assert not unknown


@pytest.mark.parametrize("path", db_sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_db_knows_the_vocabulary_the_log_and_the_errors_only(path: Path) -> None:
    allowed = ("forensics.model", "forensics.ledger", "forensics.errors", "forensics.index")
    for name in imports(path):
        if name.split(".")[0] in {"forensics", "cli"} and name != "forensics":
            assert name.startswith(allowed), name


@pytest.mark.parametrize(("library", "door"), DOORS.items())
def test_a_fragile_library_has_one_door(library: str, door: str) -> None:
    users = {
        p.relative_to(ROOT).as_posix()
        for p in sources()
        if library in {name.split(".")[0] for name in imports(p)}
    }
    assert users == {door}


def loaded_by(*arguments: str, ledger: Path) -> set[str]:
    """Top-level modules that a command has loaded when it ends."""
    script = (
        "import sys\nimport cli\nsys.argv = ['forensics', *sys.argv[1:]]\n"
        "try:\n    cli.main()\nexcept SystemExit as end:\n"
        "    print(end.code, *sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "FORENSICS_LEDGER": str(ledger)},
        capture_output=True,
        text=True,
        check=True,
    )
    code, *modules = done.stderr.splitlines()[-1].split()
    assert code == "0", done.stderr
    return set(modules)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from db.ledger import SqlLedger
    from forensics.model import Draft

    path = tmp_path_factory.mktemp("imports") / "ledger.sqlite"
    with SqlLedger.open(path, origin="test.example/log") as opened:
        opened.append([Draft(type="note", subject=None, payload={})])
    return path


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("check", "--help")])
def test_help_and_version_load_nothing_heavy(arguments: tuple[str, ...], ledger: Path) -> None:
    modules = loaded_by(*arguments, ledger=ledger)
    assert not modules & (HEAVY | {"numpy", "sqlalchemy", "alembic", "db", "cryptography"})


@pytest.mark.parametrize(
    "arguments", [("log",), ("show", "0"), ("verify",)], ids=lambda a: str(a[0])
)
def test_reading_the_ledger_loads_no_decoder(arguments: tuple[str, ...], ledger: Path) -> None:
    assert not loaded_by("ledger", *arguments, ledger=ledger) & HEAVY
