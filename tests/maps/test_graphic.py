"""What may be a map, told at a glance."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from forensics.maps.graphic import glance
from tests.maps.pictured import SIZE, leaves, page_of_text, pictured


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("side", [500, 1000, 2400])
def test_a_map_of_any_size_and_ground_is_worth_reading(invert: bool, side: int) -> None:
    picture = cv2.resize(pictured(invert=invert).pixels, (side, side), interpolation=cv2.INTER_AREA)
    assert glance(np.asarray(picture, np.uint8)).may_be_map


def test_a_map_over_a_photograph_is_worth_reading() -> None:
    drawn = np.array(pictured(invert=True).pixels)
    over = np.where(drawn.min(axis=2, keepdims=True) > 180, drawn, leaves() // 2)
    over = np.asarray(np.clip(over, 0, 255), np.uint8)
    assert glance(over).alone >= 8


PLAIN = np.full((SIZE, SIZE, 3), 128, np.uint8)
SLOPE = np.repeat(np.tile(np.linspace(0, 255, SIZE).astype(np.uint8), (SIZE, 1))[..., None], 3, 2)


@pytest.mark.parametrize(
    "picture",
    {
        "nothing": PLAIN,
        "light that falls off": SLOPE,
        "leaves": leaves(),
        "a letter": page_of_text(),
        "one pixel": np.zeros((1, 1, 3), np.uint8),
        "a line": np.zeros((1, 4000, 3), np.uint8),
        "a chessboard": np.repeat(
            (np.indices((SIZE, SIZE)).sum(axis=0) // 8 % 2 * 255).astype(np.uint8)[..., None], 3, 2
        ),
    }.values(),
)
def test_other_pictures_are_dismissed(picture: np.ndarray) -> None:
    assert not glance(picture).may_be_map
