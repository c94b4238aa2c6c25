"""Do two pieces that are alike down to their finest repeat as ordinary things do?

A layout repeats a sign along a row or column; maps and screens repeat small ones anywhere; a collage holds a
picture twice; an inset shows a part again, enlarged; and a print repeats its motif. All of it agrees to the
pixel, or nearly, and was not copied later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.traces.consensus import Floats, inverse
from forensics.traces.copied import Grey, Mask, Piece, correlation

ALIGNED = 0.75
"""Pixels to which pieces lie in one row or column exactly."""
RECTANGULAR = 0.94
"""Share of its closest box that the hull of a piece fills, from which on it is a rectangle."""
NEARLY = 0.9
"""The same, where both pieces have edges all around."""
SMALL = 0.007
"""Share of the picture below which the smaller piece may be a sign, of a map, a screen or a sheet."""
LARGE = 0.08
"""Share of the picture from which on a rectangle is a picture in a collage."""
ENLARGED = 1.2
"""Factor from which on a rectangle is an inset."""
EDGED = 2.0
"""How much steeper brightness changes across a side of a rectangle that ends there than next to it. In a
collage both do, on all sides; what was copied was cut out of the midst of something."""
SAME, BELOW, TIMES = 0.65, 0.1, 2
"""A motif is there at so many other places: correlation there, at least, and how far below that of the two
pieces it may be. A motif is as like one of its kind as another; what was copied is likest its own copy."""
CRUMB = 0.1
"""Share of a piece below which a part that lies apart is left aside when its shape is told."""
PAIRS = 3
"""Pairs of pieces that touch no other pair: a game, a sheet of samples."""
_PATCH, _SMALLEST = 24, 10
_FINE = 6.0
_MARGIN = 8

Points = NDArray[np.int32]


def throughout(pieces: Sequence[Mask]) -> bool:
    """Returns whether so many pieces repeat, apart from one another, that the picture is made of them.

    Args:
        pieces: Of each pair of pieces, where both lie; all of one shape.
    """
    apart: list[Mask] = []
    for both in pieces:
        if not any((both & other).any() for other in apart):
            apart.append(both)
    return len(apart) >= PAIRS


def ordinary(grey: NDArray[np.uint8], piece: Piece) -> bool:
    """Returns whether two pieces repeat as signs, layouts, collages, insets or prints do.

    Args:
        grey: The picture, shape (height, width).
        piece: In pixels of this picture.
    """
    small = min(float(piece.source.mean()), float(piece.target.mean())) < SMALL
    return small or _aligned(piece) or _within(grey, piece) or _recurs(grey, piece)


def _aligned(piece: Piece) -> bool:
    """Whether the one is the other, moved along a row or a column."""
    only_moved = np.abs(piece.matrix[:, :2] - np.eye(2)).max() < 0.01
    return bool(only_moved and np.abs(piece.matrix[:, 2]).min() < ALIGNED)


def _within(grey: NDArray[np.uint8], piece: Piece) -> bool:
    """Whether both are whole pictures within the picture: rectangles that are large, enlarged, or edged."""
    hulls = [hull for mask in (piece.source, piece.target) for hull in _hulls(mask)]
    if not hulls:
        return False
    filled = min(map(_filled, hulls))
    if filled >= NEARLY and all(_edged(grey, hull) for hull in hulls):
        return True
    size = float(np.sqrt(abs(np.linalg.det(piece.matrix[:, :2]))))
    share = max(float(piece.source.mean()), float(piece.target.mean()))
    return filled >= RECTANGULAR and (share >= LARGE or max(size, 1 / max(size, 1e-6)) >= ENLARGED)


def _hulls(mask: Mask) -> Iterator[Points]:
    """Yields the corners, x first, of the hull of each part of a mask that hangs together, but for crumbs."""
    _, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    sizes = np.bincount(np.asarray(labels).ravel())
    for part in np.flatnonzero(sizes[1:] >= CRUMB * mask.sum()) + 1:
        rows, columns = np.nonzero(labels == part)
        hull = cv2.convexHull(np.column_stack([columns, rows]).astype(np.int32))
        yield np.asarray(hull, np.int32).reshape(-1, 2)


def _filled(hull: Points) -> float:
    if len(hull) < 3:
        return 0.0
    _, (wide, high), _ = cv2.minAreaRect(hull)
    return cv2.contourArea(hull) / (max(1.0, wide) * max(1.0, high))


def _edged(grey: NDArray[np.uint8], hull: Points) -> bool:
    """Whether a rectangle ends along each of its sides, or there the picture does."""
    middle, (wide, high), turn = cv2.minAreaRect(hull)
    across = np.array([np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))])
    axes = np.column_stack([across, [-across[1], across[0]]])
    size = int(wide) + 2 * _MARGIN, int(high) + 2 * _MARGIN
    way = np.column_stack([axes, middle - axes @ (np.array(size) / 2)])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    upright = np.asarray(cv2.warpAffine(grey, way, size, flags=flags), np.float32)
    for side in range(4):
        turned = np.rot90(upright, side)
        ends = max(2 * _MARGIN, len(turned) // 4) if len(turned) < 8 * _MARGIN else 3 * _MARGIN
        steps = np.abs(np.diff(turned[ends:-ends, : 2 * _MARGIN + 1], axis=1))
        if not steps.size:
            return False
        course = steps.mean(axis=0)
        if course.max() < EDGED * max(0.5, float(np.median(course))):
            return False
    return True


def _recurs(grey: NDArray[np.uint8], piece: Piece) -> bool:
    """Whether the middle of one of them is there at other places, hardly less alike than the other is."""
    fine = grey.astype(np.float32)
    fine -= cv2.GaussianBlur(fine, (0, 0), _FINE)
    taken = (piece.source | piece.target).astype(np.uint8)
    ways = (piece.matrix, inverse(piece.matrix))
    for mask, way in zip((piece.source, piece.target), ways, strict=True):
        inside = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
        y, x = np.unravel_index(int(inside.argmax()), inside.shape)
        reach = int(min(_PATCH, max(_SMALLEST, inside[y, x])))
        top, left = max(0, int(y) - reach), max(0, int(x) - reach)
        patch = np.ascontiguousarray(fine[top : top + 2 * reach, left : left + 2 * reach])
        least = max(SAME, correlation(patch, _shown(fine, way, (left, top), patch.shape)) - BELOW)
        found = cv2.matchTemplate(fine, patch, cv2.TM_CCOEFF_NORMED)
        near = cv2.dilate(taken, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
        down, across = patch.shape[0] // 2, patch.shape[1] // 2
        found[near[down:, across:][: found.shape[0], : found.shape[1]] > 0] = -1
        if _places(np.asarray(found, np.float32), reach, least) >= TIMES:
            return True
    return False


def _shown(fine: Grey, way: Floats, corner: tuple[int, int], shape: tuple[int, ...]) -> Grey:
    """Returns what a transform lays on the patch of a shape whose corner lies at a place."""
    there = way.copy()
    there[:, 2] += way[:, :2] @ corner
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(fine, there, (shape[1], shape[0]), flags=flags), np.float32)


def _places(found: Grey, reach: int, least: float) -> int:
    """How many places apart from one another reach a correlation, up to `TIMES`."""
    for count in range(TIMES):
        _, best, _, (x, y) = cv2.minMaxLoc(found)
        if best < least:
            return count
        found[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach] = -1
    return TIMES
