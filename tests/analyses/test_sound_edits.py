"""The analysis of silence, repeats and steps in sound, over real files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forensics.analyses import sound_edits
from forensics.analyses.sound_edits import SoundEdits
from forensics.errors import LimitExceeded, NotFitting
from forensics.model import Diagnostic
from tests.analyses.sounding import examine
from tests.media.making import make, pattern
from tests.traces.made_sounds import RATE, Sound, bells, place, voices, write


def edited() -> Sound:
    """3 to 6 s again at 12 s, silence from 18 to 19 s, louder from 24 s on."""
    sound = 0.5 * voices(1, 30)
    sound = np.concatenate([sound[: 12 * RATE], sound[3 * RATE : 6 * RATE], sound[12 * RATE :]])
    sound[18 * RATE : 19 * RATE] = 0
    sound[24 * RATE :] = 5 * 0.5 * place(9, len(sound) / RATE - 24)
    sound[21 * RATE : 24 * RATE] = 0.5 * place(8, 3)
    return sound


@pytest.mark.parametrize(
    "coding",
    [("pcm_s16le", "wav"), ("aac", "mp4"), ("libmp3lame", "mp3")],
    ids=lambda coding: coding[0],
)
def test_each_edit_is_told_with_its_places(tmp_path: Path, coding: tuple[str, str]) -> None:
    plain = write(tmp_path / "plain.wav", edited())
    make("-i", plain, "-c:a", coding[0], "-b:a", "96k", "-f", coding[1], tmp_path / "asset")
    found = examine(SoundEdits(), tmp_path)
    assert set(found) == {"digital-silence", "repeated-passage", "background-step"}
    for finding in found.values():
        assert finding.question is None
        assert finding.diagnostic is Diagnostic.NO
        assert finding.strength is None
        assert len(finding.exhibits) == 1
    starts = {
        name: next(m.where.start for m in found[name].measurements if m.where is not None)
        for name in found
    }
    expected = {"digital-silence": 18, "repeated-passage": 3, "background-step": 24}
    for name, start in starts.items():
        assert start is not None
        assert float(start) == pytest.approx(expected[name], abs=0.3)
    assert "again from 12." in found["repeated-passage"].statement
    with Image.open(tmp_path / "analyses" / "sound-edits" / "sound.png") as picture:
        assert picture.size == (1200, 600)


def test_untouched_sound_says_what_was_looked_for(tmp_path: Path) -> None:
    write(tmp_path / "asset", voices(4, 20))
    found = examine(SoundEdits(), tmp_path)
    assert set(found) == {"nothing-found"}
    assert "lossless coding" in found["nothing-found"].statement
    assert "does not show that nothing was done" in found["nothing-found"].statement


@pytest.mark.parametrize(("heard", "said"), [(60, "a long sound (20.0 s)"), (8, "first 8.0 s,")])
def test_of_long_sound_it_says_how_much_was_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: int, said: str
) -> None:
    monkeypatch.setattr(sound_edits, "MOST_SECONDS", heard)
    monkeypatch.setattr(sound_edits, "MOST_COMPARED", 5)
    write(tmp_path / "asset", voices(4, 20))
    found = examine(SoundEdits(), tmp_path)
    assert set(found) == {"nothing-found", "examined-in-part"}
    assert said in found["examined-in-part"].statement
    assert "first 5.0 s" in found["examined-in-part"].statement


def test_bells_that_ring_again_are_no_repeat(tmp_path: Path) -> None:
    write(tmp_path / "asset", bells(15))
    assert set(examine(SoundEdits(), tmp_path)) == {"nothing-found"}


def test_a_repeat_is_told_as_open(tmp_path: Path) -> None:
    bar = place(1, 2)
    write(tmp_path / "asset", np.concatenate([place(2, 5), bar, place(3, 4), bar, place(4, 3)]))
    finding = examine(SoundEdits(), tmp_path)["repeated-passage"]
    assert "made with a computer" in finding.statement
    assert finding.question is None


def test_sound_that_is_all_zero_is_empty(tmp_path: Path) -> None:
    write(tmp_path / "asset", np.zeros(8 * RATE, np.float32))
    assert set(examine(SoundEdits(), tmp_path)) == {"empty-sound"}


def test_a_second_of_sound_is_not_testable(tmp_path: Path) -> None:
    write(tmp_path / "asset", place(1, 1))
    assert set(examine(SoundEdits(), tmp_path)) == {"not-testable"}


def test_lengths_of_sound_and_pictures_that_differ_are_told(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain.wav", voices(1, 4))
    make(*pattern(6), "-i", plain, "-c:a", "aac", "-f", "mp4", tmp_path / "asset")
    finding = examine(SoundEdits(), tmp_path)["lengths-differ"]
    (sound,) = [m for m in finding.measurements if m.key == "sound"]
    (pictures,) = [m for m in finding.measurements if m.key == "pictures"]
    assert sound.where is not None
    assert pictures.where is not None
    assert sound.where.end is not None
    assert pictures.where.end is not None
    assert abs(pictures.where.end - sound.where.end - 2) < Fraction(1, 5)


def test_lengths_that_agree_are_not_told(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain.wav", voices(1, 4))
    make(*pattern(4), "-i", plain, "-c:a", "aac", "-f", "mp4", tmp_path / "asset")
    assert set(examine(SoundEdits(), tmp_path)) == {"nothing-found"}


def test_a_video_without_sound_does_not_fit(tmp_path: Path) -> None:
    make(*pattern(2), "-an", "-f", "mp4", tmp_path / "asset")
    with pytest.raises(NotFitting):
        examine(SoundEdits(), tmp_path)


def test_a_wave_file_of_what_is_no_number_is_no_trouble(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    np.resize(np.array([np.nan, np.inf, -1e30, 0.1], "<f4"), 5 * RATE).tofile(raw)
    make(
        "-f", "f32le", "-ar", RATE, "-ac", 1, "-i", raw, "-c:a", "pcm_f32le", "-f", "wav",
        tmp_path / "asset",
    )  # fmt: skip
    assert examine(SoundEdits(), tmp_path)


def test_it_minds_its_deadline(tmp_path: Path) -> None:
    write(tmp_path / "asset", voices(1, 5))
    with pytest.raises(LimitExceeded):
        examine(SoundEdits(), tmp_path, seconds=-1.0)
