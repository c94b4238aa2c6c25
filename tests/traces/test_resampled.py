"""Rhythms of resizing, on pictures made here."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from forensics.traces.grid import luminance
from forensics.traces.plotted import EDGE, HIGH, MARK, WIDE, bars, lines
from forensics.traces.resampled import SEEN, Rhythm, rhythm
from tests.traces.test_grid import Pixels, jpeg, photograph


def resized(pixels: Pixels, factor: float) -> Pixels:
    size = round(pixels.shape[1] * factor), round(pixels.shape[0] * factor)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))


def found(pixels: Pixels) -> Rhythm | None:
    return rhythm(luminance(pixels))


def coloured_sensor(seed: int) -> Pixels:
    """A picture interpolated from a colour filter array: a rhythm of two pixels."""
    light = photograph(seed, 640, 512)
    raw = np.zeros(light.shape[:2], np.uint8)
    for y, x, channel in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        raw[y::2, x::2] = light[y::2, x::2, channel]
    return np.asarray(cv2.demosaicing(raw, cv2.COLOR_BayerBG2RGB), np.uint8)


@pytest.mark.parametrize("factor", [1.1, 1.25])
@pytest.mark.parametrize("last", [0, 95])
def test_enlarging_leaves_its_rhythm(factor: float, last: int) -> None:
    larger = resized(jpeg(photograph(1, 640, 512), 90), factor)
    rhythm = found(jpeg(larger, last) if last else larger)
    assert rhythm is not None
    assert rhythm.log_nfa <= SEEN


def test_the_factor_is_told_where_blocks_of_an_earlier_saving_tell_it() -> None:
    larger = resized(jpeg(photograph(2, 900, 700), 85), 1.1)
    rhythm = found(larger)
    assert rhythm is not None
    assert rhythm.factors[0] == pytest.approx(1.1, abs=0.02)


@pytest.mark.parametrize("seed", [3, 4, 5])
@pytest.mark.parametrize("last", [0, 95, 80])
def test_a_picture_as_it_was_taken_has_no_rhythm(seed: int, last: int) -> None:
    plain = photograph(seed, 640, 512)
    assert found(jpeg(plain, last) if last else plain) is None


@pytest.mark.parametrize("last", [0, 95, 80])
def test_the_rhythm_of_a_colour_filter_array_is_not_told_as_resizing(last: int) -> None:
    plain = coloured_sensor(6)
    assert found(jpeg(plain, last) if last else plain) is None


def test_stripes_along_one_axis_are_not_told_as_resizing() -> None:
    striped = photograph(7, 640, 512).astype(np.int64)
    striped += (12 * np.sin(np.arange(640) * 2 * np.pi * 0.21))[None, :, None].astype(np.int64)
    assert found(np.clip(striped, 0, 255).astype(np.uint8)) is None


def test_a_grille_in_one_part_is_not_told_as_resizing() -> None:
    part = photograph(8, 640, 512).astype(np.int64)
    wave = 15 * np.sin(np.arange(130) * 2 * np.pi * 0.21)
    part[60:190, 60:190] += (wave[:, None] + wave[None, :])[:, :, None].astype(np.int64)
    assert found(np.clip(part, 0, 255).astype(np.uint8)) is None


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_flat_picture_has_no_rhythm(value: int) -> None:
    assert rhythm(np.full((300, 300), value, np.float32)) is None


def test_diagrams_have_room_for_any_values() -> None:
    empty: NDArray[np.float64] = np.zeros(0)
    for values in (empty, np.zeros(3), np.arange(500.0)):
        assert bars(values, "along", "up").shape == (HIGH, WIDE, 3)
        assert lines((values, values), "along", "up").shape == (2 * HIGH, WIDE, 3)


@pytest.mark.parametrize("told", [0.0, 0.214, 1.0])
def test_the_place_that_is_told_is_pointed_at(told: float) -> None:
    shown = lines((np.arange(500.0),), "along", "up", told)
    _, columns = np.nonzero((shown == MARK).all(axis=2))
    assert abs(columns.mean() - (EDGE + told * (WIDE - 2 * EDGE))) <= 1
    assert not (lines((np.arange(500.0),), "along", "up") == MARK).all(axis=2).any()
