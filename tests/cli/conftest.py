"""The real program in a folder of its own, and checks that several tests look at."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from cli import app

PROGRAM = Path(sys.executable).parent / "forensics"
SAMPLES = Path(__file__).parents[2] / "samples"
CLAIM = """
[claim]
statement = "An attack near \u202eValdai."
by = "A ministry"
first_said_at = 2025-12-29T18:00:00Z
said_where = "A broadcast"
[claim.event]
from = 2025-12-28
to = 2025-12-29
zone = "+03:00"
[claim.place]
name = "Valdai"
area = [[57, 33], [58.5, 33], [58, 34]]
[[claim.count]]
what = "drones"
number = 91
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command came to."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Runs `forensics` with nothing of this machine's settings."""

    home: Path

    @property
    def ledger(self) -> Path:
        return self.home / "ledger.sqlite"

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "COLUMNS": "80",
            "FORENSICS_CONFIG": str(self.home / "config.toml"),
            "FORENSICS_LEDGER": str(self.ledger),
            **more,
        }

    def __call__(
        self,
        *arguments: str | bytes | Path,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        without: Sequence[str] = (),
    ) -> Ran:
        """Runs a command to its end; it never shows a stack of source code and never ends as a bug."""
        environment = {**self.environment(), **(env or {})}
        for name in without:
            del environment[name]
        done = subprocess.run(
            [PROGRAM, *arguments],
            cwd=self.home,
            env=environment,
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
        )
        error = done.stderr.decode()
        assert "Traceback" not in error
        assert done.returncode in {0, 1, 2, 3, 4}, error
        return Ran(code=done.returncode, out=done.stdout, err=error)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(home=tmp_path)


def picture(path: Path, seed: int = 1) -> Path:
    """A small picture that is unlike those of other seeds."""
    noise = Image.effect_noise((96, 72), 60 + seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    noise.rotate(seed * 37, expand=True).convert("RGB").save(path, "PNG")
    return path


@pytest.fixture(scope="package")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program whose ledger has met `inbox/one.png` and then the sample `edited-still.jpg`.

    Tests that only read share it; one that records anything takes `copied`. What the first check printed is
    in `first.json`.
    """
    program = Program(home=tmp_path_factory.mktemp("once"))
    picture(program.home / "inbox" / "one.png")
    first = program("check", "inbox/one.png", "--json")
    assert first.code == 0
    (program.home / "first.json").write_bytes(first.out)
    assert program("check", SAMPLES / "edited-still.jpg").code == 0
    before = program.ledger.read_bytes()
    yield program
    assert program.ledger.read_bytes() == before, "a test wrote to the ledger that all share"


@pytest.fixture
def copied(once: Program, tmp_path: Path) -> Program:
    """The shared program's ledger and files, in a folder where they may be harmed."""
    shutil.copytree(once.home, tmp_path, dirs_exist_ok=True)
    return Program(home=tmp_path)


def digits(program: Program) -> str:
    """Of the asset that the shared ledger met first."""
    document: dict[str, Any] = json.loads((program.home / "first.json").read_bytes())
    return str(document["asset"]["sha256"])


@pytest.fixture(scope="package")
def told(once: Program, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A case with a claim and one asset that was released two days later; tests only read it."""
    program = Program(home=tmp_path_factory.mktemp("told"))
    shutil.copytree(once.home, program.home, dirs_exist_ok=True)
    (program.home / "claim.toml").write_text(CLAIM, "utf-8")
    for arguments in (
        ("case", "new", "valdai", "--title", "An attack\x1b[31m", "--by", "desk"),
        ("claim", "add", "valdai", "claim.toml"),
        (
            "case", "add", "valdai", digits(once)[:10], "--claim", "1", "--by", "desk",
            "--released-at", "2025-12-31T12:00:00+03:00", "--url", "https://example.org/r",
        ),
    ):  # fmt: skip
        done = program(*arguments)
        assert done.code == 0, done.err
    return program


def run(program: Program, *arguments: str) -> BaseException | None:
    """Runs a command within this process; returns what it raised."""
    environment = {"FORENSICS_LEDGER": str(program.ledger), "FORENSICS_CONFIG": "/nonexistent"}
    return CliRunner().invoke(app, list(arguments), env=environment).exception
