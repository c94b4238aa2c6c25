"""Do two pieces that are alike down to their finest repeat as ordinary things do?

A layout repeats a sign along a row or column; a collage holds a picture twice; an inset shows a part again,
enlarged; and a print repeats its motif. All of it agrees to the pixel, or nearly, and was not copied later.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.traces.copied import Mask, Piece

ALIGNED = 0.75
"""Pixels to which pieces lie in one row or column exactly."""
RECTANGULAR = 0.94
"""Share of its box that the hull of a piece fills, from which on it is a rectangle."""
LARGE = 0.08
"""Share of the picture from which on a rectangle is a picture in a collage."""
ENLARGED = 1.2
"""Factor from which on a rectangle is an inset."""
SAME, TIMES = 0.65, 4
"""Correlation at other places, and their number, from which on what is copied is a motif of a print."""
EXACT = 0.96
"""Correlation of the fine structure above which two pieces are closer than a print to its own motif."""
_PATCH, _SMALLEST = 24, 10
_FINE = 6.0


def ordinary(grey: NDArray[np.uint8], piece: Piece) -> bool:
    """Returns whether two pieces repeat as layouts, collages, insets or prints do.

    Args:
        grey: The picture, shape (height, width).
        piece: In pixels of this picture.
    """
    return _aligned(piece) or _within(piece) or (piece.correlation < EXACT and _recurs(grey, piece))


def _aligned(piece: Piece) -> bool:
    """Whether the one is the other, moved along a row or a column."""
    only_moved = np.abs(piece.matrix[:, :2] - np.eye(2)).max() < 0.01
    return bool(only_moved and np.abs(piece.matrix[:, 2]).min() < ALIGNED)


def _within(piece: Piece) -> bool:
    """Whether both are upright rectangles, and large or enlarged: whole pictures within the picture."""
    if not all(_rectangular(mask) for mask in (piece.source, piece.target)):
        return False
    size = float(np.sqrt(abs(np.linalg.det(piece.matrix[:, :2]))))
    share = max(float(piece.source.mean()), float(piece.target.mean()))
    return share >= LARGE or max(size, 1 / max(size, 1e-6)) >= ENLARGED


def _rectangular(mask: Mask) -> bool:
    places = np.argwhere(mask).astype(np.int32)
    if len(places) < 3:
        return False
    _, _, high, wide = cv2.boundingRect(places)
    hull = cv2.contourArea(cv2.convexHull(places))
    return bool(hull >= RECTANGULAR * max(1, high - 1) * max(1, wide - 1))


def _recurs(grey: NDArray[np.uint8], piece: Piece) -> bool:
    """Whether the middle of one of them is there at several other places."""
    fine = grey.astype(np.float32)
    fine -= cv2.GaussianBlur(fine, (0, 0), _FINE)
    taken = (piece.source | piece.target).astype(np.uint8)
    for mask in (piece.source, piece.target):
        inside = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
        y, x = np.unravel_index(int(inside.argmax()), inside.shape)
        reach = int(min(_PATCH, max(_SMALLEST, inside[y, x])))
        top, left = max(0, int(y) - reach), max(0, int(x) - reach)
        patch = np.ascontiguousarray(fine[top : top + 2 * reach, left : left + 2 * reach])
        found = cv2.matchTemplate(fine, patch, cv2.TM_CCOEFF_NORMED)
        near = cv2.dilate(taken, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
        down, across = patch.shape[0] // 2, patch.shape[1] // 2
        found[near[down:, across:][: found.shape[0], : found.shape[1]] > 0] = -1
        if _places(np.asarray(found, np.float32), reach) >= TIMES:
            return True
    return False


def _places(found: NDArray[np.float32], reach: int) -> int:
    """How many places apart from one another reach `SAME`, up to `TIMES`."""
    for count in range(TIMES):
        _, best, _, (x, y) = cv2.minMaxLoc(found)
        if best < SAME:
            return count
        found[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach] = -1
    return TIMES
