"""The wheel holds what it should and nothing else, and works in an empty environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "released-drone-video.mp4"

pytestmark = pytest.mark.slow


def plain_environment(home: Path) -> dict[str, str]:
    """What installing needs, and nothing by which this checkout could be found."""
    kept = ("PATH", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "NO_PROXY")
    pip = {k: v for k, v in os.environ.items() if k.startswith("PIP_") or k in kept}
    config = Path.home() / ".config" / "pip" / "pip.conf"
    if config.is_file():
        pip.setdefault("PIP_CONFIG_FILE", str(config))
    return {**pip, "HOME": str(home), "LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        env=plain_environment(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    (made,) = folder.glob("*.whl")
    return made


def test_it_holds_what_was_committed_below_three_names(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {n for n in archive.namelist() if ".dist-info/" not in n}
    listed = subprocess.run(
        ["git", "ls-files", "-z", "forensics", "db", "cli.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert names == set(listed.split("\0")[:-1])


@pytest.mark.parametrize(
    "name",
    [
        "db/migrations/env.py",
        "db/migrations/versions/s0001_log.py",
        "db/migrations/versions/s0002_attachments.py",
        "db/migrations/versions/s0003_foreign.py",
        "db/migrations/versions/s0004_first_import.py",
        "forensics/analyses/data/writers.toml",
        "forensics/inside/data/released.toml",
        "forensics/py.typed",
        "forensics/report/schema/explain-1.schema.json",
        "forensics/report/schema/report-1.schema.json",
        "forensics/report/schema/search-1.schema.json",
        "forensics/report/templates/report.css",
        "forensics/report/templates/report.html.j2",
        "forensics/verdict/rulesets/forensics-rules-1.toml",
        "forensics/verdict/rulesets/forensics-rules-2.toml",
        "forensics/verdict/rulesets/forensics-rules-3.toml",
    ],
)
def test_it_holds_the_data_that_code_reads(wheel: Path, name: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.getinfo(name).file_size > 0 or name.endswith("py.typed")


def test_its_metadata_name_the_program_the_licence_and_the_analyses(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        told = {
            n.split("/", 1)[1]: archive.read(n).decode()
            for n in archive.namelist()
            if ".dist-info/" in n
        }
    assert "forensics = cli:main" in told["entry_points.txt"]
    assert "[forensics.analyses]" in told["entry_points.txt"]
    assert "License-Expression: Apache-2.0" in told["METADATA"]
    assert "licenses/LICENSE" in told


def test_it_works_in_an_empty_environment_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    plain = plain_environment(tmp_path)

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            command, cwd=tmp_path, env=plain, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(sys.executable, "-m", "venv", "empty")
    programs = tmp_path / "empty" / "bin"
    run(programs / "pip", "install", "-q", "-r", ROOT / "requirements.lock")
    run(programs / "pip", "install", "-q", "--no-deps", wheel)
    plain["PATH"] = "/nowhere"  # no ffmpeg and no other program of the system
    report = json.loads(
        run(programs / "forensics", "check", SAMPLE, "--json", "--ledger", "new/ledger.sqlite")
    )
    statuses = {o["analysis"]: o["status"] for o in report["outcomes"]}
    assert statuses["earlier-copies"] == statuses["metadata"] == "ran"
    assert report["searched"]["queries"] > 0
    run(programs / "forensics", "doctor")
    run(programs / "forensics", "ledger", "verify", "--ledger", "new/ledger.sqlite")
