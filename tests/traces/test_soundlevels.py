"""Levels of sound, silences in it, and steps of its background."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.traces.silences import silences
from forensics.traces.soundlevels import FLOOR, PEAKS, ROWS, Course, Sound, course
from forensics.traces.soundsteps import steps
from tests.traces.made_sounds import RATE, place, voices


def levels(sound: Sound) -> Course:
    return course([sound], RATE)


def test_a_sine_has_its_level_in_its_band() -> None:
    t = np.arange(4 * RATE) / RATE
    heard = levels((0.5 * np.sin(2 * np.pi * 1000 * t)).astype(np.float32))
    assert heard.seconds == 4
    assert len(heard.peaks) == 4 * PEAKS
    assert abs(len(heard.bands) - 4 * ROWS) <= 1
    assert heard.peaks.max() == pytest.approx(0.5, abs=0.001)
    middle = heard.bands[20:-20].mean(axis=0)
    assert middle.argmax() == 5  # 900 to 1250 Hz
    assert middle.max() == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.3)


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(0, 3 * RATE), max_size=12))
def test_blocks_of_any_lengths_give_the_same(cuts: list[int]) -> None:
    sound = place(1, 3)
    once, parts = levels(sound), course(np.split(sound, sorted(cuts)), RATE)
    assert np.array_equal(once.peaks, parts.peaks)
    assert np.allclose(once.bands, parts.bands, atol=1e-3)


def test_sound_that_is_no_number_is_no_trouble() -> None:
    sound = place(1, 2)
    sound[100:200] = np.nan
    sound[300] = np.inf
    assert np.isfinite(levels(sound).bands).all()
    assert levels(np.zeros(0, np.float32)).bands.shape[0] == 0


def test_exact_silence_is_told_from_what_is_merely_quiet() -> None:
    sound = voices(1, 20)
    sound[5 * RATE : 6 * RATE] = 0
    sound[10 * RATE : 13 * RATE] *= 0.001
    one, other = silences(levels(sound))
    assert (one.start, one.end, one.exact, one.inner) == (5.0, 6.0, True, True)
    assert other.exact is False
    assert other.start == pytest.approx(10, abs=0.02)
    assert other.end == pytest.approx(13, abs=0.02)


def test_silence_at_either_end_is_not_within_the_sound() -> None:
    sound = voices(1, 10)
    sound[: RATE // 5] = 0
    sound[-RATE // 5 :] = 0
    assert [s.inner for s in silences(levels(sound))] == [False, False]


def test_silence_all_along_is_one_run() -> None:
    (whole,) = silences(levels(np.zeros(3 * RATE, np.float32)))
    assert (whole.start, whole.end, whole.exact, whole.inner) == (0.0, 3.0, True, False)


@pytest.mark.parametrize("decibels", [-14.0, -9.0, 9.0, 14.0])
def test_a_step_of_the_background_is_found_in_its_place(decibels: float) -> None:
    sound = place(2, 20)
    sound[int(7.3 * RATE) :] *= 10 ** (decibels / 20)
    (found,) = steps(levels(sound))
    assert found.at == pytest.approx(7.3, abs=0.1)
    assert found.decibels == pytest.approx(decibels, abs=1.5)


@pytest.mark.parametrize("seed", range(4))
def test_voices_over_a_place_make_no_step(seed: int) -> None:
    assert steps(levels(voices(seed, 20))) == []


def test_a_blow_a_fade_and_a_burst_are_no_steps() -> None:
    sound = place(3, 30)
    sound[5 * RATE : 5 * RATE + 400] *= 30
    sound[10 * RATE : 10 * RATE + 4000] *= 10
    sound[20 * RATE :] *= np.minimum(1 + np.arange(10 * RATE) / RATE, 6)
    assert steps(levels(sound)) == []


def test_a_mute_is_silence_and_no_step() -> None:
    sound = place(4, 20)
    sound[8 * RATE : 11 * RATE] = 0
    assert steps(levels(sound)) == []


@pytest.mark.parametrize("rows", [0, 1, 40, 126, 127, 200])
def test_few_rows_are_no_trouble(rows: int) -> None:
    bands = np.full((rows, 9), FLOOR, np.float32)
    heard = Course(seconds=rows / ROWS, peaks=np.zeros(2 * rows, np.float32), bands=bands)
    assert steps(heard) == []
