"""The one door to ffmpeg: which one, how it is told what, and how it is ended."""

from __future__ import annotations

import stat
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest

from forensics.errors import LimitExceeded, MediaError, MissingCapability
from forensics.media import ffmpeg
from forensics.media.ffmpeg import Reduction, decode, draw, run
from tests.media.making import svg

ONE = Reduction(stream=0, keyframes=True, every=Fraction(1), limit=5, width=16, height=8)


@pytest.fixture
def afresh() -> None:
    """Forgets which ffmpeg was found, before and after."""
    ffmpeg.binary.cache_clear()
    ffmpeg.version.cache_clear()
    yield
    ffmpeg.binary.cache_clear()
    ffmpeg.version.cache_clear()


def test_the_bundled_ffmpeg_is_found_and_tells_its_version() -> None:
    assert ffmpeg.binary().is_absolute()
    assert ffmpeg.version() not in {"", "unknown"}


@pytest.mark.parametrize("chosen", ["ffmpeg", "/no/such/program", "/"])
def test_a_chosen_ffmpeg_that_is_no_program_is_told(
    afresh: None, monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    monkeypatch.setenv("FORENSICS_FFMPEG", chosen)
    with pytest.raises(MissingCapability) as caught:
        ffmpeg.version()
    assert "FORENSICS_FFMPEG" in str(caught.value) + caught.value.hint


@pytest.mark.parametrize(
    "script",
    [
        "#!/bin/sh\necho ffmpeg is what I am\n",
        "#!/no/such/shell\n",
        "\x7fELF broken",
        "#!/bin/sh\nexit 3\n",
    ],
    ids=["another program", "no interpreter", "broken", "fails"],
)
def test_a_chosen_program_that_is_no_ffmpeg_is_told(
    afresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text(script)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("FORENSICS_FFMPEG", str(program))
    with pytest.raises(MissingCapability, match="does not answer as ffmpeg does"):
        ffmpeg.version()


def test_a_chosen_ffmpeg_is_used(
    afresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    link = tmp_path / "my ffmpeg"
    link.symlink_to(ffmpeg.binary())
    ffmpeg.binary.cache_clear()
    monkeypatch.setenv("FORENSICS_FFMPEG", str(link))
    assert ffmpeg.binary() == link
    assert ffmpeg.version()


ODD = [
    "-i",
    "a'b\"c",
    "new\nline",
    "%d%03d",
    "semi;colon|pipe",
    "http:",
    "file:x",
    "с пробелом",
    "$(id)",
    "[v]",
]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_of_folders_are_only_names(clip: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "asset").write_bytes(clip.read_bytes())
    pixels, times = folder / "pixels", folder / "times"
    assert decode(folder / "asset", "mov", ONE, pixels=pixels, times=times, seconds=20) == ()
    assert pixels.stat().st_size == 3 * 16 * 8 * 3
    assert times.read_text().splitlines() == ["0 1/30000", "30030 1/30000", "60060 1/30000"]
    (folder / "drawing").write_bytes(svg(""))
    draw(folder / "drawing", 20, picture=folder / "picture", seconds=20)
    assert (folder / "picture").read_bytes().startswith(b"P7\nWIDTH 20\nHEIGHT 10\n")


def test_a_relative_path_that_begins_like_an_option_is_a_path(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-version").write_bytes(clip.read_bytes())
    decode(Path("-version"), "mov", ONE, pixels=Path("-y"), times=Path("-n"), seconds=20)
    assert Path("-y").stat().st_size == 3 * 16 * 8 * 3


def test_only_the_demuxer_that_was_named_may_open_a_file(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="decoder ended with"):
        decode(clip, "matroska", ONE, pixels=tmp_path / "p", times=tmp_path / "t", seconds=20)


def test_what_the_decoder_says_is_told_without_paths_and_addresses(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught:
        decode(
            tmp_path / "missing",
            "mov",
            ONE,
            pixels=tmp_path / "p",
            times=tmp_path / "t",
            seconds=20,
        )
    assert str(tmp_path) not in str(caught.value)
    assert "0x" not in str(caught.value)


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_a_decoder_past_its_deadline_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(LimitExceeded, match="within 1 s"):
        run(python("import time; time.sleep(600)"), seconds=1)
    assert time.monotonic() - started < 5


def test_a_decoder_that_never_stops_complaining_is_ended() -> None:
    with pytest.raises(LimitExceeded):
        run(python("import sys\nwhile True: sys.stderr.write('x' * 65536)"), seconds=1)


def test_complaints_are_bounded() -> None:
    lines = run(
        python("import sys\nfor _ in range(20000): sys.stderr.write('complaint\\n')"), seconds=20
    )
    assert sum(len(line) + 1 for line in lines) <= ffmpeg.MAX_COMPLAINTS + 1
    assert len(lines) > 1000


def test_a_decoder_that_falls_silent_and_goes_on_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "GRACE", 0.2)
    started = time.monotonic()
    with pytest.raises(LimitExceeded):
        run(python("import os, time; os.close(2); time.sleep(600)"), seconds=60)
    assert time.monotonic() - started < 5


def test_a_decoder_stopped_for_its_processor_time_is_told_as_such() -> None:
    with pytest.raises(LimitExceeded, match="processor time"):
        run(python("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)"), seconds=20)


def test_a_watch_is_called_while_it_runs_and_its_error_ends_the_decoder() -> None:
    looks = 0

    def watch() -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(python("import time; time.sleep(600)"), seconds=60, watch=watch)
    assert time.monotonic() - started < 5
