"""Waves that run through pictures: found where they are, and told apart by their colours."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.traces.moire import LEAST, look
from forensics.traces.screens import around, raster, throughout

Pixels = NDArray[np.uint8]
SHAPE = (384, 512)


def scene(shape: tuple[int, int] = SHAPE) -> NDArray[np.float64]:
    """Shading, an edge, and grain."""
    random = np.random.default_rng(5)
    height, width = shape
    shading = np.linspace(60, 170, width)[None, :] + np.linspace(0, 30, height)[:, None]
    shading[height // 3 :, width // 2 :] -= 40
    return shading[:, :, None] + random.normal(0, 3, (height, width, 3))


def waved(
    phases: tuple[float, float, float], *, period: float = 5.3, degrees: float = 7.0
) -> Pixels:
    """The scene with a wave of 12 grey levels, whose colours are `phases` of a turn on."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    angle = np.radians(degrees)
    along = (columns * np.cos(angle) + rows * np.sin(angle)) / period
    waves = [12 * np.cos(2 * np.pi * (along + phase)) for phase in phases]
    return np.clip(scene() + np.dstack(waves), 0, 255).astype(np.uint8)


def test_a_scene_without_a_pattern_has_no_waves() -> None:
    looked = look(np.clip(scene(), 0, 255).astype(np.uint8))
    assert looked.rows * looked.columns > 12
    assert not looked.waves


def test_stripes_of_three_colours_are_as_of_a_screen() -> None:
    looked = look(waved((0, 1 / 3, 2 / 3)))
    wave, *_ = raster(looked)
    assert len(wave.tiles) == looked.rows * looked.columns
    assert wave.period == pytest.approx(5.3, abs=0.3)
    assert wave.direction == pytest.approx(7, abs=3)
    assert wave.turned > 0.9
    assert around((wave,), looked) == (0, 0, 512, 384)


def test_what_goes_up_and_down_together_is_not() -> None:
    looked = look(waved((0, 0, 0.5)))
    assert looked.waves
    assert not raster(looked)
    assert not throughout(looked)  # blinds and stripes have one direction


def test_squares_of_three_colours_are_not() -> None:
    both = waved((0, 1 / 3, 2 / 3), period=6).astype(int)
    both += waved((0, 1 / 3, 2 / 3), period=6, degrees=97).astype(int)
    looked = look((both // 2).astype(np.uint8))
    assert looked.waves[0].turned > 0.9
    assert not raster(looked)


def test_a_weave_runs_throughout_and_what_it_is_stays_open() -> None:
    both = waved((0, 0, 0), period=6).astype(int) + waved((0, 0, 0), period=6, degrees=97)
    looked = look((both // 2).astype(np.uint8))
    assert not raster(looked)
    assert len(throughout(looked)) == 2


def test_a_pattern_on_a_small_part_is_left_out() -> None:
    picture = np.clip(scene(), 0, 255).astype(np.uint8)
    picture[:150, :150] = waved((0, 1 / 3, 2 / 3))[:150, :150]
    assert not raster(look(picture))


def test_blocks_of_eight_pixels_are_no_pattern() -> None:
    """As a strong saving as JPEG leaves them."""
    picture = scene()
    picture[::8] += 12
    picture[:, ::8] += 12
    looked = look(np.clip(picture, 0, 255).astype(np.uint8))
    assert not raster(looked)
    assert not throughout(looked)


@pytest.mark.parametrize("shape", [(1, 1, 3), (int(LEAST) - 1, 2000, 3), (400, 1, 3)])
def test_too_small_a_picture_is_not_looked_at(shape: tuple[int, int, int]) -> None:
    looked = look(np.zeros(shape, np.uint8))
    assert not looked.waves
    assert looked.rows == 0


@pytest.mark.parametrize("level", [0, 255])
def test_a_picture_of_one_level_has_no_waves(level: int) -> None:
    assert not look(np.full((400, 400, 3), level, np.uint8)).waves


def test_the_same_picture_gives_the_same_waves() -> None:
    assert look(waved((0, 1 / 3, 2 / 3))).waves == look(waved((0, 1 / 3, 2 / 3))).waves
