"""Traces of the mains, and whether their phase runs on."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.traces.hum import KEPT, LEAST_SECONDS, RATE, Sound, bands, traces
from forensics.traces.humphase import SHIFT, Phase, phase
from tests.traces.made_sounds import hum, place, voices, without


def recorded(seconds: float, grid: float = 50.0, seed: int = 1) -> Sound:
    return voices(seed, seconds, RATE) + hum(seconds, grid, RATE, seed=seed)


def followed(sound: Sound) -> Phase:
    found = bands([sound])
    (there,) = traces(found)
    return phase(found[there.grid], there)


@pytest.mark.parametrize("grid", [49.9, 50.0, 50.1, 59.9, 60.0])
def test_the_grid_and_its_frequency_are_told(grid: float) -> None:
    (found,) = traces(bands([recorded(20, grid)]))
    assert found.grid == round(grid / 10) * 10
    assert float(np.median(found.hertz)) == pytest.approx(grid, abs=0.012)
    assert len(found.multiples) >= 5
    assert found.share > 0.8


def test_a_frequency_that_wanders_is_followed() -> None:
    t = np.arange(60 * RATE) / RATE
    hertz = 50 + 0.03 * np.sin(2 * np.pi * t / 60)
    phases = 2 * np.pi * np.cumsum(hertz) / RATE
    sound = 0.02 * sum(np.sin(k * phases) for k in (2, 4, 6)) + place(1, 60, RATE)
    (found,) = traces(bands([sound.astype(np.float32)]))
    wanted = 50 + 0.03 * np.sin(2 * np.pi * found.times / 60)
    assert np.abs(found.hertz - wanted).max() < 0.006


@pytest.mark.parametrize("tone", [48.0, 49.0, 51.3, 55.0, 58.27, 61.74])
def test_notes_and_motors_beside_the_grid_are_none(tone: float) -> None:
    sound = place(2, 20, RATE) + hum(20, tone, RATE)
    assert traces(bands([sound])) == []


@pytest.mark.parametrize("seed", range(4))
def test_sound_without_hum_has_no_trace(seed: int) -> None:
    assert traces(bands([voices(seed, 20, RATE)])) == []


def test_a_single_tone_is_no_trace() -> None:
    t = np.arange(20 * RATE) / RATE
    sound = 0.05 * np.sin(2 * np.pi * 100 * t) + place(3, 20, RATE)
    assert traces(bands([sound.astype(np.float32)])) == []


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.4, 1.0, LEAST_SECONDS - 0.5])
def test_short_sound_has_none(seconds: float) -> None:
    assert traces(bands([hum(seconds, 50, RATE)])) == []


def test_silence_and_what_is_no_number_have_none() -> None:
    assert traces(bands([np.zeros(20 * RATE, np.float32)])) == []
    assert traces(bands([np.full(20 * RATE, np.nan, np.float32)])) == []


def test_blocks_of_any_lengths_give_the_same() -> None:
    sound = recorded(12)
    once = bands([sound])[50]
    parts = bands(np.split(sound, [3, 50, 5000, 5001, 20000]))[50]
    assert once.shape == parts.shape
    assert len(once) == (len(sound) - 800) // (RATE // KEPT) + 1
    assert np.allclose(once, parts, atol=1e-6)


@pytest.mark.parametrize("seed", range(1, 5))
@pytest.mark.parametrize("grid", [50.0, 60.0])
def test_a_recording_runs_on(seed: int, grid: float) -> None:
    found = followed(recorded(25, grid, seed))
    assert found.seconds > 10
    assert found.jumps == ()
    assert np.abs(found.shifts).max() < SHIFT / 2


@pytest.mark.parametrize("taken", [1.004, 2.0075, 3.2125, 4.997])
def test_a_passage_taken_out_breaks_the_phase(taken: float) -> None:
    sound = without(recorded(30), 12.0, taken, RATE)
    (jump,) = followed(sound).jumps
    assert jump.at == pytest.approx(12.0, abs=0.5)
    expected = (taken + 0.01) % 0.02 - 0.01
    # The grid is up to 10 mHz off, so that 5 s are up to a twentieth of a period off whole ones.
    assert jump.shift == pytest.approx(expected, abs=0.0011)
    assert jump.chance < 0.01


def test_whole_periods_do_not_show() -> None:
    assert followed(without(recorded(30), 12.0, 2.0, RATE)).jumps == ()


def test_a_passage_put_in_breaks_it_twice() -> None:
    one, other = recorded(30), recorded(30, seed=1)
    piece = other[int(20.003 * RATE) : int(26.008 * RATE)]
    sound = np.concatenate([one[: 10 * RATE], piece, one[10 * RATE :]])
    found = [jump.at for jump in followed(sound).jumps]
    assert found == pytest.approx([10.0, 16.0], abs=0.6)


@pytest.mark.parametrize("seed", range(6))
def test_another_device_that_is_switched_on_does_not(seed: int) -> None:
    t = np.arange(25 * RATE) / RATE
    phases = 2 * np.pi * 50.01 * t
    random = np.random.default_rng(seed)
    mains = [
        sum(random.uniform(0.3, 1) * np.sin(k * phases + random.uniform(0, 6)) for k in range(1, 9))
        for _ in range(2)
    ]
    sound = 0.02 * (mains[0] + mains[1] * (t > 12)) + place(seed, 25, RATE)
    assert followed(sound.astype(np.float32)).jumps == ()


@pytest.mark.parametrize(("hertz", "seconds"), [(0.1, 0.6), (0.2, 1.0), (0.5, 0.6), (0.1, 2.0)])
def test_a_generator_that_sags_under_a_load_does_not(hertz: float, seconds: float) -> None:
    t = np.arange(25 * RATE) / RATE
    course = 50 - hertz * np.exp(-(((t - 12) / seconds) ** 2))
    phases = 2 * np.pi * np.cumsum(course) / RATE
    random = np.random.default_rng(1)
    made = sum(
        random.uniform(0.3, 1) * np.sin(k * phases + random.uniform(0, 6)) for k in range(1, 9)
    )
    assert followed((0.02 * made + place(1, 25, RATE)).astype(np.float32)).jumps == ()


def test_a_change_of_loudness_does_not() -> None:
    sound = recorded(25)
    sound[12 * RATE :] *= 3
    assert followed(sound).jumps == ()


def test_a_phase_that_breaks_all_the_time_is_unsteady_and_tells_of_no_break() -> None:
    sound = recorded(60)
    pieces = [sound[k * 3 * RATE : int((k * 3 + 2.3 + 0.13 * (k % 4)) * RATE)] for k in range(20)]
    found = bands([np.concatenate(pieces)])
    for there in traces(found):
        assert phase(found[there.grid], there).jumps == ()
