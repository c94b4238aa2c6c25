"""Borders put around a picture are found; what belongs to the picture is left."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.signatures.trim import Bounds, bounds, trimmed
from tests.copies.pictures import Picture, jpeg, resized, scene, sky


def framed(picture: Picture, tall: int, wide: int, tone: int) -> Picture:
    border = cv2.copyMakeBorder(
        picture, tall, tall, wide, wide, cv2.BORDER_CONSTANT, value=(tone, tone, tone)
    )
    return np.asarray(border, dtype=np.uint8)


@settings(max_examples=20)
@given(
    seed=st.integers(0, 5),
    tall=st.sampled_from([0, 20, 60, 110]),
    wide=st.sampled_from([0, 30, 120]),
    tone=st.sampled_from([0, 16, 255]),
)
def test_plain_bars_are_found_to_a_few_pixels_after_compression(
    seed: int, tall: int, wide: int, tone: int
) -> None:
    picture = jpeg(framed(scene(seed), tall, wide, tone), 60)
    found = bounds(picture) or Bounds(top=0, bottom=len(picture), left=0, right=picture.shape[1])
    assert abs(found.top - tall) <= 3
    assert abs(found.bottom - (tall + 288)) <= 3
    assert abs(found.left - wide) <= 3
    assert abs(found.right - (wide + 512)) <= 3


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_box_of_the_blurred_picture_is_found(seed: int) -> None:
    picture = scene(seed)
    box = cv2.GaussianBlur(cv2.resize(picture, (512, 512)), (0, 0), 16)
    box[112:400] = picture
    found = bounds(jpeg(np.asarray(box, dtype=np.uint8), 70))
    assert found is not None
    assert abs(found.top - 112) <= 3
    assert abs(found.bottom - 400) <= 3
    assert (found.left, found.right) == (0, 512)


@pytest.mark.parametrize("seed", range(6))
def test_a_picture_without_borders_is_left_as_it_is(seed: int) -> None:
    assert bounds(scene(seed)) is None
    assert trimmed(scene(seed)) is None


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_a_picture_of_one_tone_is_all_border_and_so_has_none(tone: int) -> None:
    assert bounds(np.full((288, 512, 3), tone, dtype=np.uint8)) is None


def test_a_sky_is_not_trimmed_away() -> None:
    picture = scene(1)
    picture[:100] = sky()[:100]
    found = bounds(picture)
    assert found is None or found.bottom - found.top > 180


def test_the_trimmed_picture_is_what_was_framed() -> None:
    inner = trimmed(framed(scene(2), 40, 0, 0))
    assert inner is not None
    assert np.array_equal(inner, scene(2))


@pytest.mark.parametrize("size", [(1, 1), (8, 300), (31, 31)])
def test_tiny_pictures_have_no_borders(size: tuple[int, int]) -> None:
    assert bounds(resized(scene(3), *size)) is None
