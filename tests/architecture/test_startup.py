"""The program starts without work: how long it takes is measured by bench/startup.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_importing_the_command_line_imports_no_part_of_the_work() -> None:
    script = "import sys, cli; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    ours = {m for m in done.stdout.split() if m.split(".")[0] in {"forensics", "db"}}
    commands = {m for m in ours if m.split(".")[:2] == ["forensics", "commands"]}
    assert commands
    assert ours - commands == {"forensics", "forensics.errors"}


def test_the_measurement_runs_and_finds_help_printed() -> None:
    done = subprocess.run(
        [sys.executable, "bench/startup.py", "--runs", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "forensics --help" in done.stdout
