"""The doctor really uses what can fail, and names one repair for what does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from forensics import doctor
from forensics.doctor import Finding, examine
from forensics.media import ffmpeg
from forensics.media.worker import Worker
from tests.media.reading import LIMITS


@pytest.fixture
def afresh() -> Iterator[None]:
    ffmpeg.binary.cache_clear()
    ffmpeg.version.cache_clear()
    yield
    ffmpeg.binary.cache_clear()
    ffmpeg.version.cache_clear()


def named(findings: list[Finding], start: str) -> Finding:
    return next(f for f in findings if f.name.startswith(start))


def test_a_machine_that_runs_these_tests_is_ready() -> None:
    found = examine()
    assert {f.state for f in found} <= {"ready", "limited"}
    assert named(found, "ffmpeg").version == ffmpeg.version()
    assert Path(named(found, "ffmpeg").path) == ffmpeg.binary()
    assert named(found, "pillow ").version == version("pillow")
    assert named(found, "limited worker").version == "6144 MiB"
    assert len({f.name for f in found}) == len(found)


def test_what_is_amiss_has_a_repair_and_what_is_ready_has_none() -> None:
    for finding in examine():
        assert bool(finding.repair) == (finding.state != "ready")


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_a_chosen_program_that_is_no_ffmpeg_is_missing(
    afresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORENSICS_FFMPEG", "/bin/true")
    found = named(examine(), "ffmpeg")
    assert found.state == "missing"
    assert "Unset FORENSICS_FFMPEG" in found.repair


def test_an_ffmpeg_that_tells_its_version_and_cannot_decode_is_missing(
    afresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As an ffmpeg would be that is too old for an option that every check needs."""
    pretender = script(
        tmp_path / "ffmpeg",
        '#!/bin/sh\n[ "$1" = -version ] && { echo ffmpeg version 4.2 Copyright; exit; }\n'
        "echo Unrecognized option 'enc_time_base' >&2\nexit 1\n",
    )
    monkeypatch.setenv("FORENSICS_FFMPEG", str(pretender))
    found = named(examine(), "ffmpeg")
    assert (found.state, found.version, found.path) == ("missing", "4.2", str(pretender))
    assert "Unrecognized option" in found.repair


def test_a_package_that_does_not_load_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = (("numpy", "numpy.no_such_part", "numbers"), ("no-such-package", "x", "nothing"))
    monkeypatch.setattr(doctor, "_PACKAGES", broken)
    found = examine()
    numbers, nothing = named(found, "numpy"), named(found, "no-such-package")
    assert (numbers.state, numbers.version) == ("missing", version("numpy"))
    assert numbers.repair == "pip install --force-reinstall numpy"
    assert (nothing.state, nothing.version) == ("missing", "")
    assert nothing.repair == "pip install no-such-package"


def test_the_trial_decodes_a_picture(tmp_path: Path) -> None:
    with Worker(LIMITS) as worker:
        worker.call("forensics.doctor:decode_trial", folder=str(tmp_path))
    assert (tmp_path / "pixels").stat().st_size == 16 * 16 * 3
    assert (tmp_path / "times").read_text().startswith("0 ")


@pytest.mark.parametrize(
    ("release", "journal", "state"),
    [((3, 40, 1), "TRUNCATE", "limited"), ((3, 51, 3), "WAL", "ready")],
)
def test_which_journal_this_sqlite_allows(
    release: tuple[int, int, int], journal: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", release)
    monkeypatch.setattr(sqlite3, "sqlite_version", ".".join(map(str, release)))
    found = doctor._sqlite()
    assert found.name == f"SQLite (ledger files, journal mode {journal})"
    assert (found.state, found.version) == (state, ".".join(map(str, release)))
    assert ("WAL-reset bug" in found.repair) == (state == "limited")


def test_a_driver_that_only_servers_need_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "package_version", lambda name: None)
    with Worker(LIMITS) as worker:
        found = doctor._postgres(worker)
    assert found.state == "limited"
    assert 'pip install "forensics[postgres]"' in found.repair
