"""The analysis of mains hum, over real files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forensics.analyses import mains_hum
from forensics.analyses.mains_hum import ENOUGH, MainsHum
from forensics.calibrated import calibration, strength
from forensics.errors import LimitExceeded, MediaError, NotFitting
from forensics.model import Diagnostic, Direction
from forensics.traces.heard import AAC_LOW, WHOLE
from tests.analyses.sounding import examine
from tests.media.making import make, pattern
from tests.traces.made_sounds import RATE, Sound, hum, place, voices, without, write


def recorded(seconds: float, grid: float = 50.0) -> Sound:
    return voices(1, seconds) + hum(seconds, grid)


def test_a_recording_near_the_mains_runs_on(tmp_path: Path) -> None:
    write(tmp_path / "plain.wav", recorded(25, 60.0))
    make("-i", tmp_path / "plain.wav", "-c:a", "aac", "-b:a", "64k", tmp_path / "coded.m4a")
    (tmp_path / "coded.m4a").rename(tmp_path / "asset")
    found = examine(MainsHum(), tmp_path)
    assert set(found) == {"hum", "hum-runs-on"}
    told = found["hum"]
    assert "mains of 60 Hz" in told.statement
    assert "It does not tell where this was recorded." in told.statement
    assert all(f.question is None and f.diagnostic is Diagnostic.NO for f in found.values())
    (shown,) = found["hum-runs-on"].exhibits
    with Image.open(tmp_path / "analyses" / "mains-hum" / shown.path) as picture:
        assert picture.size == (shown.width, shown.height) == (1200, 600)


def test_where_hardly_any_cut_was_found_nothing_is_said_to_run_on(tmp_path: Path) -> None:
    write(tmp_path / "asset", recorded(25))
    found = examine(MainsHum(), tmp_path)
    assert set(found) == {"hum", "phase-not-testable"}
    assert "hardly any would show" in found["phase-not-testable"].statement


def test_a_cut_breaks_the_phase_and_is_told_with_place_and_shift(tmp_path: Path) -> None:
    write(tmp_path / "asset", without(recorded(30), 14.0, 2.0072))
    finding = examine(MainsHum(), tmp_path)["hum-breaks"]
    assert "elsewhere the phase runs on" in finding.statement
    (place_of,) = [m for m in finding.measurements if m.key == "break"]
    assert place_of.where is not None
    assert place_of.where.start is not None
    assert place_of.where.end is not None
    assert place_of.where.start < Fraction(14) < place_of.where.end
    (shift,) = [m for m in finding.measurements if m.key == "shift"]
    assert float(shift.value) == pytest.approx(7.2, abs=0.6)


@pytest.mark.parametrize(
    ("coding", "rate", "form"), [("aac", "64k", "mp4"), ("pcm_s16le", "0", "wav")]
)
def test_a_break_bears_on_a_question_only_where_enough_was_measured(
    tmp_path: Path, coding: str, rate: str, form: str
) -> None:
    plain = write(tmp_path / "plain.wav", without(recorded(30), 14.0, 2.0072))
    make("-i", plain, "-c:a", coding, "-b:a", rate, "-f", form, tmp_path / "asset")
    finding = examine(MainsHum(), tmp_path)["hum-breaks"]
    kind = AAC_LOW if coding == "aac" else WHOLE
    known = calibration("mains-hum")
    row = known.row("hum-breaks", kind) if known else None
    assert row is not None
    if row.clean >= ENOUGH and row.alarms == 0:
        assert finding.question is not None
        assert finding.question.id == "passages-changed"
        assert finding.direction is Direction.SUPPORTS_H1
        assert finding.diagnostic is Diagnostic.YES
        assert finding.strength == strength("mains-hum", MainsHum.version, "hum-breaks", kind)
        assert finding.strength is not None
    else:
        assert finding.question is None
        assert finding.diagnostic is Diagnostic.NO
        assert finding.strength is None


@pytest.mark.parametrize("coding", [("aac", "64k", "mp4"), ("libmp3lame", "64k", "mp3")])
def test_a_cut_shows_after_coding_with_loss(tmp_path: Path, coding: tuple[str, str, str]) -> None:
    plain = write(tmp_path / "plain.wav", without(recorded(30), 14.0, 2.0072))
    name, rate, form = coding
    make("-i", plain, "-c:a", name, "-b:a", rate, "-f", form, tmp_path / "asset")
    assert "hum-breaks" in examine(MainsHum(), tmp_path)


def test_notes_that_are_struck_anew_bear_on_nothing(tmp_path: Path) -> None:
    """Music at 50 Hz: all multiples jump at once, as at a cut, but run as evenly as a clock."""
    t = np.arange(30 * RATE) / RATE
    random = np.random.default_rng(1)
    turned = 2 * np.pi * 50 * t + 2.0 * (t > 14)
    note = sum(
        random.uniform(0.4, 1) * np.sin(k * turned + random.uniform(0, 6)) for k in range(1, 9)
    )
    plain = write(tmp_path / "plain.wav", (0.02 * note + voices(1, 30)).astype(np.float32))
    make("-i", plain, "-c:a", "aac", "-b:a", "64k", "-f", "mp4", tmp_path / "asset")
    found = examine(MainsHum(), tmp_path)
    assert set(found) == {"hum", "tone-breaks"}
    assert "even as a clock" in found["hum"].statement
    broken = found["tone-breaks"]
    assert broken.question is None
    assert broken.direction is Direction.NEUTRAL
    assert broken.diagnostic is Diagnostic.NO
    assert broken.strength is None
    assert "Notes of music" in broken.statement


def test_what_else_breaks_a_phase_is_said(tmp_path: Path) -> None:
    write(tmp_path / "asset", without(recorded(30), 14.0, 2.0072))
    finding = examine(MainsHum(), tmp_path)["hum-breaks"]
    assert "the supply was switched" in finding.statement
    assert any("UPS" in caveat.text for caveat in finding.caveats)


def test_tones_of_both_grids_are_music_or_cannot_be_told(tmp_path: Path) -> None:
    write(tmp_path / "asset", place(2, 20) + hum(20, 50) + hum(20, 60, seed=2))
    found = examine(MainsHum(), tmp_path)
    assert set(found) == {"not-testable-tones"}
    assert "as in music" in found["not-testable-tones"].statement


def test_of_long_sound_it_says_how_much_was_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mains_hum, "MOST_SECONDS", 12)
    write(tmp_path / "asset", voices(2, 15))
    found = examine(MainsHum(), tmp_path)
    assert set(found) == {"no-hum", "examined-in-part"}
    assert "the first 12 s" in found["examined-in-part"].statement


def test_sound_without_hum_says_that_this_tells_nothing(tmp_path: Path) -> None:
    write(tmp_path / "asset", voices(2, 15))
    found = examine(MainsHum(), tmp_path)
    assert set(found) == {"no-hum"}
    assert "tells nothing" in found["no-hum"].statement


def test_faint_hum_is_told_but_its_phase_is_not_tested(tmp_path: Path) -> None:
    t = np.arange(20 * RATE) / RATE
    two = sum(0.01 * np.sin(2 * np.pi * f * t) for f in (100.0, 200.0))
    write(tmp_path / "asset", (place(3, 20) + two).astype(np.float32))
    assert set(examine(MainsHum(), tmp_path)) == {"hum", "phase-not-testable"}


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (hum(6, 50), "at least 10 s"),
        (np.zeros(15 * RATE, np.float32), "next to nothing"),
    ],
    ids=["short", "silent"],
)
def test_what_cannot_be_tested_says_so(tmp_path: Path, sound: Sound, why: str) -> None:
    write(tmp_path / "asset", sound)
    found = examine(MainsHum(), tmp_path)
    assert set(found) == {"not-testable"}
    assert why in found["not-testable"].statement


def test_a_video_without_sound_does_not_fit(tmp_path: Path) -> None:
    make(*pattern(2), "-an", "-f", "mp4", tmp_path / "asset")
    with pytest.raises(NotFitting):
        examine(MainsHum(), tmp_path)


def test_a_wave_file_without_a_sample_does_not_fit(tmp_path: Path) -> None:
    write(tmp_path / "asset", np.zeros(0, np.float32))
    with pytest.raises((NotFitting, MediaError)):
        examine(MainsHum(), tmp_path)


def test_a_tail_of_rubbish_is_no_trouble(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain.wav", recorded(20))
    make("-i", plain, "-c:a", "libmp3lame", "-f", "mp3", tmp_path / "asset")
    data = (tmp_path / "asset").read_bytes()
    (tmp_path / "asset").write_bytes(data[: len(data) * 3 // 4] + bytes(range(256)) * 200)
    assert "hum" in examine(MainsHum(), tmp_path)


def test_it_minds_its_deadline(tmp_path: Path) -> None:
    write(tmp_path / "asset", recorded(12))
    with pytest.raises(LimitExceeded):
        examine(MainsHum(), tmp_path, seconds=-1.0)
