"""The top of the repository, the size of modules, and the two locks of dependencies."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

from forensics import registry

ROOT = Path(__file__).parents[2]
TOP = {
    ".ci",
    ".gitignore",
    ".importlinter",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "bench",
    "cli.py",
    "db",
    "docs",
    "forensics",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
    "samples",
    "tests",
}
LINES = 400
LONG = {
    "forensics/analyses/container_structure.py": "one analysis with all sentences of its findings",
    "samples/making/map_data.py": "a table of towns and coastlines",
}


def committed() -> list[str]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split("\0")[:-1]


def test_the_top_level_is_what_was_agreed() -> None:
    assert {name.split("/")[0] for name in committed()} == TOP


def test_modules_are_short_or_say_why_they_are_not() -> None:
    long = {
        path.relative_to(ROOT).as_posix()
        for part in ("forensics", "db", "samples", "cli.py")
        for path in ([ROOT / part] if part.endswith(".py") else (ROOT / part).rglob("*.py"))
        if len(path.read_text("utf-8").splitlines()) > LINES
    }
    assert long == set(LONG), "list a long module with its reason, or shorten it"


MADE_FROM_RECORD = {"earlier-copies", "time-and-place", "sky", "corroboration", "context"}
"""Outcomes that are made without opening a file."""


def test_every_analysis_has_a_page() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "analyses").glob("*.md")}
    assert pages == {a.name for a in registry.analyses()} | MADE_FROM_RECORD


def test_no_lock_names_an_address_and_both_agree() -> None:
    pins = {}
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        pins[name] = set(re.findall(r"^([\w.-]+==\S+)", text, re.MULTILINE))
    assert pins["requirements.lock"] < pins["requirements-dev.lock"]


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[<>=!~\[]", d)[0].lower() for d in project["dependencies"]}
    text = (ROOT / "requirements.lock").read_text("utf-8")
    locked = set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))
    assert wanted <= locked


def test_the_changelog_speaks_of_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{project['version']}]" in text
    assert "Changed verdicts" in text
