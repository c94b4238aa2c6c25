"""Embedded pictures are laid over the picture with care for what cameras do by themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from forensics.inside.laying import difference, lay
from tests.inside.jpegs import scene

PICTURE = scene(480, 320, seed=5)


def array(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("RGB"), dtype=np.uint8)


def small(picture: Image.Image = PICTURE, size: tuple[int, int] = (160, 107)) -> Image.Image:
    return picture.resize(size, Image.Resampling.LANCZOS)


def boxed(width: int = 160, height: int = 120) -> Image.Image:
    """The picture between dark bars, as cameras fit it into their thumbnails."""
    made = Image.new("RGB", (width, height), (3, 3, 3))
    made.paste(small(), (0, (height - 107) // 2))
    return made


CASES = {
    "as it is": small(),
    "turned by 90 degrees": small().transpose(Image.Transpose.ROTATE_90),
    "turned by 180 degrees": small().transpose(Image.Transpose.ROTATE_180),
    "turned by 270 degrees": small().transpose(Image.Transpose.ROTATE_270),
    "mirrored": small().transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "without its bars": boxed(),
    "showing a part of the picture": small(PICTURE.crop((60, 40, 380, 280)), (160, 120)),
}


@pytest.mark.parametrize("words", CASES)
def test_it_is_laid_over_the_picture_whatever_a_camera_did(words: str) -> None:
    laid = lay(array(PICTURE), array(CASES[words]))
    assert laid.words == words
    assert laid.correlation > 0.97


def test_a_picture_that_was_cropped_after_its_thumbnail_was_made_shows_less() -> None:
    cropped = PICTURE.crop((110, 50, 390, 260))
    laid = lay(array(cropped), array(small()))
    assert laid.words == "showing more than the picture"
    assert laid.correlation > 0.97
    x, y, width, height = laid.box
    assert x == pytest.approx(-110 / 280, abs=0.05)
    assert y == pytest.approx(-50 / 210, abs=0.05)
    assert width == pytest.approx(480 / 280, abs=0.08)
    assert height == pytest.approx(320 / 210, abs=0.08)


def test_other_brightness_and_sharpness_change_little() -> None:
    brighter = small().point(lambda v: min(255, int(v * 1.15 + 12)))
    laid = lay(array(PICTURE), array(brighter))
    assert laid.words == "as it is"
    assert laid.correlation > 0.97
    _, _, most = difference(laid)
    assert most < 25


def test_what_was_put_into_the_picture_afterwards_is_where_they_differ_most() -> None:
    changed = PICTURE.copy()
    changed.paste((255, 0, 0), (300, 200, 360, 260))
    laid = lay(array(changed), array(small()))
    _, (x, y, width, height), most = difference(laid)
    assert laid.words == "as it is"
    assert 300 / 480 - 0.05 < x < x + width < 360 / 480 + 0.05
    assert 200 / 320 - 0.05 < y < y + height < 260 / 320 + 0.05
    assert most > 30


def test_another_picture_correlates_less() -> None:
    other = lay(array(PICTURE), array(small(scene(480, 320, seed=9))))
    assert other.correlation < 0.8


@settings(deadline=None, max_examples=30)
@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(0, 3),
)
def test_any_sizes_are_borne(a: int, b: int, c: int, d: int, seed: int) -> None:
    one, other = scene(a, b, seed), scene(c, d, seed + 1)
    laid = lay(array(one), array(other))
    assert -1.001 <= laid.correlation <= 1.001
    assert laid.ours.shape == laid.theirs.shape
    assert difference(laid)[2] >= 0


@pytest.mark.parametrize("colour", ["black", "white"])
def test_even_pictures_are_borne(colour: str) -> None:
    even = array(Image.new("RGB", (40, 30), colour))
    assert lay(even, even).correlation == 1.0
    assert lay(array(PICTURE), even).correlation == 0.0
