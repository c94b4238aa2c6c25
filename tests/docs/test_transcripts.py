"""Every command that the documents show is run, and prints what they say it prints."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.transcript import Step, matches, steps

ROOT = Path(__file__).parents[2]
PAGES = [p for p in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if steps(p)]
NOT_FOUND = 127
BUG = 70


def run(step: Step, folder: Path, last: int) -> tuple[int, str]:
    """Runs a command as a shell would after one that ended with `last`; returns its code and output."""
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["/bin/sh", "-c", f"(exit {last})\n{step.command}"],
        cwd=folder,
        env={
            "PATH": programs,
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            "COLUMNS": "80",
            "FORENSICS_LEDGER": "ledger.sqlite",
            "FORENSICS_CONFIG": "settings.toml",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout.decode()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_transcript_says_what_happens(page: Path, tmp_path: Path) -> None:
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    code, wrong = 0, []
    for step in steps(page):
        code, printed = run(step, tmp_path, code)
        assert code not in {NOT_FOUND, BUG}, f"{page.name}:{step.line}: {printed}"
        assert "Traceback" not in printed
        if not matches(step.expected, printed):
            found = [line.rstrip() for line in printed.splitlines()]
            change = difflib.unified_diff(step.expected, found, "promised", "printed", lineterm="")
            wrong.append("\n".join([f"{page.name}:{step.line}: {step.command}", *change]))
    assert not wrong, "\n\n".join(wrong)


def test_the_readme_and_the_tutorial_are_among_them() -> None:
    assert {"README.md", "tutorial.md"} <= {p.name for p in PAGES}
