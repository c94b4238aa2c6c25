"""Text in pictures, with the fonts built into OpenCV (they cover Cyrillic)."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from making.noise import soften

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]


@cache
def _face(name: str) -> cv2.FontFace:
    return cv2.FontFace(name)


def width(words: str, *, size: int, weight: int = 400, face: str = "sans") -> int:
    """Measure how far a text advances, in pixels."""
    # The box of the text leaves out blanks at its ends; a drawn text tells where it stopped.
    end, _ = cv2.putText(
        np.zeros((4, 4, 3), np.uint8),
        words,
        (0, 0),
        (0, 0, 0),
        _face(face),
        size,
        weight,
        cv2.PUT_TEXT_ALIGN_LEFT,
        (0, 1 << 14),
    )
    return int(end[0])


def put(
    picture: Picture,
    words: str,
    at: tuple[float, float],
    *,
    size: int,
    colour: Colour,
    weight: int = 400,
    face: str = "sans",
    align: str = "l",
    halo: Colour | None = None,
    strength: float = 1.0,
) -> None:
    """Write one line of text into a picture.

    Args:
        picture: RGB, changed in place.
        words: The text.
        at: Column of the left edge, the middle or the right edge, and row of the baseline.
        size: In pixels.
        colour: RGB.
        weight: 100 thin to 900 black.
        face: One of OpenCV's own: `sans`, `italic`, `uni`.
        align: What `at` is: `l`, `c` or `r`.
        halo: Colour of a soft rim that lifts the text from a map, if any.
        strength: 1 is opaque.
    """
    back = {"l": 0.0, "c": 0.5, "r": 1.0}[align]
    advance = width(words, size=size, weight=weight, face=face) if back else 0
    left, row = round(at[0] - back * advance), round(at[1])
    ink = np.zeros_like(picture)
    cv2.putText(
        ink,
        words,
        (left, row),
        (255, 255, 255),
        _face(face),
        size,
        weight,
        cv2.PUT_TEXT_ALIGN_LEFT,
        (0, 1 << 14),
    )
    rows = slice(max(0, row - 2 * size), row + size)
    alpha = ink[rows, :, :1].astype(np.float32) / 255
    if halo is not None:
        rim = soften(cv2.dilate(alpha, np.ones((5, 5))), 1.6)[..., None] * 0.9
        picture[rows] = _mix(picture[rows], halo, rim)
    picture[rows] = _mix(picture[rows], colour, alpha * strength)


def _mix(under: Picture, colour: Colour, alpha: MatLike) -> Picture:
    over = under * (1 - alpha) + np.array(colour, np.float32) * alpha
    return np.asarray(np.round(over), np.uint8)
