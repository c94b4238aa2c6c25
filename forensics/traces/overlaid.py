"""What was laid around or over the pictures of a video, and does not move with them.

Bars and borders are rows and columns of one dark or bright level at the edges. What is burnt in (a logo, the
frame of a clock, a line of words that stays) has edges that hold their place and direction while what is
around them changes. Where little changes, everything holds its place, and nothing can be told.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]
Box = tuple[int, int, int, int]

FEWEST = 6
"""Pictures, at least, in which something burnt in can be told from the scene."""
_DARK, _LIGHT = 28, 232
_EVEN = 6.0
"""Grey levels between the 2nd and the 98th percentile of a row that is part of a bar."""
_STEP = 8.0
"""Grey levels by which the picture differs from its bar within the next few rows."""
_LEAST_BAR = 0.005
_EDGE = 40.0
"""Strength of an edge (Sobel, grey levels) that lasts, in all but a tenth of the pictures."""
_CHANGE = 12.0
"""Standard deviation over time, grey levels, of what lies around something burnt in."""
_CHANGING = 0.5
"""Share of the picture that changes by so much, at least, if anything is to be told."""
_LASTING = 0.4
"""Share of all edges that may last; more means that the scene itself stands still."""
_AROUND = 12
_ROWS = 16
"""Rows of the pictures that are computed at once."""
_FEWEST_EDGES = 30
_LARGEST = 0.25
_THIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Burnt:
    """What is burnt into a video's pictures.

    Attributes:
        boxes: x, y, width, height in pixels of the pictures looked at, from the top down.
        testable: Whether enough changes for anything to be told.
        lasting: Edges that last, a mask of the pictures' shape.
    """

    boxes: tuple[Box, ...]
    testable: bool
    lasting: NDArray[np.bool_]


def bars(pictures: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Returns how many pixels of even dark or bright bar lie left, above, right and below.

    Args:
        pictures: Grey, shape (pictures, height, width); a bar must be in nine of ten, at one level.
    """
    above = _bar(pictures)
    below = _bar(pictures[:, ::-1])
    sides = pictures.transpose(0, 2, 1)
    left, right = _bar(sides), _bar(sides[:, ::-1])
    return left, above, right, below


def burnt_in(
    pictures: NDArray[np.uint8], beside: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> Burnt:
    """Returns what holds its place while the pictures change.

    Args:
        pictures: Grey, shape (pictures, height, width), spread over the video.
        beside: Breadths of a border left, above, right and below, where nothing is looked for.
    """
    shape = pictures.shape[1:]
    nothing = Burnt(boxes=(), testable=False, lasting=np.zeros(shape, bool))
    if len(pictures) < FEWEST or min(shape) < 4 * _AROUND:
        return nothing
    left, above, right, below = (max(p) for p in zip(bars(pictures), beside, strict=True))
    inner = np.zeros(shape, bool)
    # The edge of a bar lasts as well; it has been told already.
    edge = 4
    inner[above + edge : shape[0] - below - edge, left + edge : shape[1] - right - edge] = True
    change = pictures.astype(np.float32).std(axis=0)
    if not inner.any() or (change[inner] > _CHANGE).mean() < _CHANGING:
        return nothing
    lasting, usual = _edges(pictures)
    lasting &= inner
    if lasting.sum() > _LASTING * max(1.0, usual):
        return nothing
    boxes = tuple(sorted(_boxes(lasting, change, inner), key=lambda box: (box[1], box[0])))
    return Burnt(boxes=boxes, testable=True, lasting=lasting)


def _bar(pictures: NDArray[np.uint8]) -> int:
    """Returns the height of the bar at the top."""
    low, middle, high = np.percentile(pictures, (2, 50, 98), axis=2)
    level = float(np.median(middle[:, 0]))
    if _DARK < level < _LIGHT:
        return 0
    even = (high - low < _EVEN) & (np.abs(middle - level) < _EVEN)
    through = even.mean(axis=0) >= 0.9
    height = int(through.argmin()) if not through.all() else 0
    if height < max(2, _LEAST_BAR * pictures.shape[1]):
        return 0
    beyond = np.abs(pictures[:, height : height + 4].astype(np.float32) - level).mean()
    return height if beyond > _STEP else 0


def _edges(pictures: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], float]:
    """Returns where edges last, and how many edges a picture usually has."""
    steep = np.stack(
        [np.stack([cv2.Sobel(p, cv2.CV_16S, *d) for d in ((1, 0), (0, 1))]) for p in pictures]
    )
    lasting = np.zeros(pictures.shape[1:], bool)
    edges = np.zeros(len(pictures))
    # Row by row of a few: as numbers with fractions all of it would take hundreds of megabytes.
    for top in range(0, len(lasting), _ROWS):
        slopes = steep[:, :, top : top + _ROWS].astype(np.float32) / 4
        mean = slopes.mean(axis=0)
        direction = mean / np.maximum(np.hypot(*mean), 1e-3)
        along = (slopes * direction).sum(axis=1)
        lasting[top : top + _ROWS] = np.percentile(along, 10, axis=0) > _EDGE
        edges += (np.hypot(slopes[:, 0], slopes[:, 1]) > _EDGE).sum(axis=(1, 2))
    return lasting, float(edges.mean())


def _boxes(lasting: NDArray[np.bool_], change: Floats, inner: NDArray[np.bool_]) -> list[Box]:
    joined = cv2.morphologyEx(lasting.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 17), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(joined, np.uint8))
    found: list[Box] = []
    for k in range(1, count):
        left, top, width, height = (int(v) for v in stats[k, :4])
        inside = np.asarray(labels) == k
        if (inside & lasting).sum() < _FEWEST_EDGES or width * height > _LARGEST * lasting.size:
            continue
        if min(width, height) < _THIN:
            continue  # an edge alone: of a frame, or of things in a row that pass by
        ring = np.zeros(lasting.shape, bool)
        ring[
            max(0, top - _AROUND) : top + height + _AROUND,
            max(0, left - _AROUND) : left + width + _AROUND,
        ] = True
        ring[top : top + height, left : left + width] = False
        ring &= inner
        if ring.any() and np.median(change[ring]) > _CHANGE:
            found.append((left, top, width, height))
    return found
