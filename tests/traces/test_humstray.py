"""Whether a hum strays as a grid does, or runs like a clock."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.traces.hum import RATE, Sound, bands, traces
from forensics.traces.humstray import STRAYS, stray
from tests.traces.made_sounds import hum, place, voices, without


def bend(sound: Sound) -> float:
    found = bands([sound.astype(np.float32)])
    (there,) = traces(found)
    return stray(found[there.grid], there)


def notes(seed: int, seconds: float, level: float, every: float | None = None) -> Sound:
    """A low note with its multiples, as a computer makes it; struck anew `every` so many seconds."""
    random = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE)) / RATE
    turned = 2 * np.pi * 50 * (t % every if every else t)
    made = sum(
        random.uniform(0.3, 1) / k * np.sin(k * turned + random.uniform(0, 6)) for k in range(1, 9)
    )
    return np.asarray(level * made, np.float32) + place(seed, seconds, RATE) / 2


@pytest.mark.parametrize("seed", range(1, 5))
@pytest.mark.parametrize("grid", [50.0, 60.0])
def test_a_grid_strays(seed: int, grid: float) -> None:
    assert bend(voices(seed, 25, RATE) + hum(25, grid, RATE, seed=seed)) > STRAYS


def test_a_grid_strays_before_and_after_a_cut_as_well() -> None:
    assert bend(without(voices(1, 30, RATE) + hum(30, 50, RATE), 14.0, 2.0072, RATE)) > STRAYS


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("level", [0.1, 0.03])
def test_a_tone_that_a_computer_made_does_not(seed: int, level: float) -> None:
    assert bend(notes(seed, 25, level)) < STRAYS


@pytest.mark.parametrize("seed", range(4))
def test_nor_do_notes_that_are_struck_anew(seed: int) -> None:
    assert bend(notes(seed, 40, 0.1, every=9.013)) < STRAYS


def test_of_too_little_nothing_is_said() -> None:
    found = bands([voices(1, 25, RATE) + hum(25, 50, RATE)])
    (there,) = traces(found)
    assert stray(found[50][:100], there) == 0
    assert stray(found[50][:0], there) == 0
