"""Bands that roll, and what resembles them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.traces.screens import FEWEST_PICTURES, PICTURES, rolling

ROWS = 120
Floats = NDArray[np.float64]


def still(seed: int = 1) -> Floats:
    """Row means of a scene that stands still, with noise: left, middle and right differ."""
    random = np.random.default_rng(seed)
    scene = np.cumsum(random.normal(0, 2, (3, ROWS)), axis=1) + 110
    return np.clip(scene[None] + random.normal(0, 0.3, (PICTURES, 3, ROWS)), 5, 250)


def banded(high: float, pace: float, depth: float = 0.03) -> Floats:
    time, row = np.arange(PICTURES)[:, None, None], np.arange(ROWS)[None, None, :]
    return still() * (1 + depth * np.sin(2 * np.pi * (high * row / ROWS + pace * time)))


@pytest.mark.parametrize(("pace", "upwards"), [(0.125, True), (-0.2, False)])
def test_bands_are_counted_with_their_way_and_depth(pace: float, upwards: bool) -> None:
    found = rolling(banded(2, pace))
    assert found is not None
    assert found.high == 2
    assert found.upwards is upwards
    assert abs(found.rounds - abs(pace) * PICTURES) <= 1
    assert found.depth == pytest.approx(0.03, abs=0.01)


def test_a_scene_that_stands_still_has_none() -> None:
    assert rolling(still()) is None


def test_light_that_flickers_all_over_has_none() -> None:
    light = 1 + 0.1 * np.sin(np.arange(PICTURES) * 0.8)
    assert rolling(still() * light[:, None, None]) is None


def test_a_camera_that_pans_down_has_none() -> None:
    random = np.random.default_rng(4)
    long = np.cumsum(random.normal(0, 3, (3, ROWS + 4 * PICTURES)), axis=1) + 110
    rows = np.stack([long[:, 4 * k : 4 * k + ROWS] for k in range(PICTURES)])
    assert rolling(np.clip(rows, 5, 250)) is None


def test_bands_on_one_side_alone_are_not_told() -> None:
    rows = still()
    rows[:, 0] = banded(2, 0.125)[:, 0]
    assert rolling(rows) is None


def test_too_few_pictures_or_rows_tell_nothing() -> None:
    assert rolling(banded(2, 0.125)[: FEWEST_PICTURES - 1]) is None
    assert rolling(banded(2, 0.125)[:, :, :8]) is None


def test_black_pictures_are_no_trouble() -> None:
    assert rolling(np.zeros((PICTURES, 3, ROWS))) is None
