"""Views of a picture: what they bring out, and that they hold on any size."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from forensics.traces import views

Pixels = NDArray[np.uint8]


def photograph(height: int = 320, width: int = 480) -> Pixels:
    """Shading with grain, as a camera gives."""
    random = np.random.default_rng(3)
    shading = np.linspace(40, 200, width)[None, :, None] + np.zeros((height, 1, 3))
    return np.clip(shading + random.normal(0, 6, shading.shape), 0, 255).astype(np.uint8)


def saved(picture: Pixels, quality: int) -> Pixels:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=quality, subsampling=0)
    return np.asarray(Image.open(stream), np.uint8)


@pytest.mark.parametrize(
    "view",
    [views.ghosts, views.gradient, views.sweep, views.bits, views.components, views.spectrum],
)
@pytest.mark.parametrize("size", [(16, 16), (17, 900), (1700, 20)])
def test_each_view_is_a_picture_whatever_the_size_and_the_same_twice(
    view: object, size: tuple[int, int]
) -> None:
    assert callable(view)
    picture = photograph(*size)
    shown = view(picture)
    assert shown.dtype == np.uint8
    assert shown.ndim == 3
    assert shown.shape[2] == 3
    assert np.array_equal(shown, view(picture))


@pytest.mark.parametrize(
    "view",
    [views.ghosts, views.gradient, views.sweep, views.bits, views.components, views.spectrum],
)
def test_a_picture_of_one_colour_is_no_trouble(view: object) -> None:
    assert callable(view)
    assert view(np.full((64, 64, 3), 128, np.uint8)).size


def test_a_part_saved_before_is_dark_at_its_quality() -> None:
    picture = photograph()
    picture[80:240, 160:320] = saved(picture, 65)[80:240, 160:320]
    page = views.ghosts(picture)[:, :, 0].astype(int)
    height, width = 267, 400
    number = views.GHOSTS.index(65)
    top, left = number // 3 * (height + 6), number % 3 * (width + 6)
    panel = page[top : top + height, left : left + width]
    inside = panel[90:180, 160:240].mean()
    assert inside < 0.5 * panel[:, 280:].mean()


def test_panels_are_named_where_there_is_room() -> None:
    page = views.bits(np.zeros((320, 480, 3), np.uint8))
    assert page[240:267, :60].max() == 255
    assert not page[:200, :400].any()
    assert not views.bits(np.zeros((16, 16, 3), np.uint8))[:16, :16].any()


def test_noise_stands_out_where_it_is_stronger() -> None:
    picture = photograph().astype(int)
    picture[100:200, 200:300] += np.random.default_rng(5).normal(0, 30, (100, 100, 3)).astype(int)
    shown, gain = views.noise(np.clip(picture, 0, 255).astype(np.uint8))
    assert gain >= 1
    assert shown[110:190, 210:290].mean() > 2 * shown[:, :150].mean()


def test_each_band_shows_its_levels_only() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 32, axis=0)
    page = views.sweep(np.repeat(ramp, 3, axis=2))
    first = page[:32, :256, 0]
    assert first[0, 0] == 0
    assert (first[0, 50:] == 255).all()


def test_the_highest_bit_is_set_in_the_bright_half() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 32, axis=0)
    first = views.bits(np.repeat(ramp, 3, axis=2))[:32, :256, 0]
    assert (first[:, :128] == 0).all()
    assert (first[:, 128:] == 255).all()


def test_a_regular_pattern_is_a_point_in_the_spectrum() -> None:
    picture = photograph(256, 256).astype(float)
    picture += 20 * np.sin(2 * np.pi * np.arange(256) / 4)[None, :, None]
    shown = views.spectrum(np.clip(picture, 0, 255).astype(np.uint8))[:, :, 0]
    assert shown[128, 192] > 200
    assert np.median(shown) < 128
