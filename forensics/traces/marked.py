"""Pages that show what was found over a video's pictures: boxes drawn in, and places beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Box = tuple[int, int, int, int]

YELLOW: Final = (255, 196, 0)
BLUE: Final = (0, 200, 255)
_GAP: Final = 6
_STRIPS: Final = 3
"""Enlarged places beside each other."""


def framed(picture: Pixels, boxes: Sequence[Box], colour: tuple[int, int, int] = YELLOW) -> Pixels:
    """Returns a picture, RGB, with boxes (x, y, width, height) drawn around their places."""
    canvas = np.asarray(picture).copy()
    for left, top, width, height in boxes:
        cv2.rectangle(canvas, (left - 2, top - 2), (left + width + 1, top + height + 1), colour, 1)
    return canvas


def beneath(page: Pixels, places: Sequence[NDArray[np.uint8]]) -> Pixels:
    """Returns a picture with grey places of one shape below it, enlarged, three in a row, on white."""
    height, width = page.shape[:2]
    wide, high = max(1, width // _STRIPS - 4), max(1, width // 9)
    rows = -(-len(places) // _STRIPS)
    whole = np.full((height + rows * (high + _GAP), width, 3), 255, np.uint8)
    whole[:height] = page
    for number, place in enumerate(places):
        strip = cv2.resize(np.dstack([place] * 3), (wide, high))
        top = height + _GAP + number // _STRIPS * (high + _GAP)
        left = number % _STRIPS * (width // _STRIPS)
        whole[top : top + high, left : left + wide] = strip
    return whole


def beside(panels: Sequence[Pixels]) -> Pixels:
    """Returns pictures of one shape, three in a row, with white between them."""
    across = min(_STRIPS, len(panels))
    height, width = panels[0].shape[:2]
    down = -(-len(panels) // across)
    shape = (down * (height + _GAP) - _GAP, across * (width + _GAP) - _GAP, 3)
    page = np.full(shape, 255, np.uint8)
    for number, panel in enumerate(panels):
        top, left = number // across * (height + _GAP), number % across * (width + _GAP)
        page[top : top + height, left : left + width] = panel
    return page
