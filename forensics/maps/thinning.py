"""How does a stroke run? Its middle line, cut into pieces where strokes meet.

Thinning as in T. Y. Zhang and C. Y. Suen, A fast parallel algorithm for thinning digital patterns (1984),
each half-step a table over the eight neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]

MOST_STEPS: Final = 60
"""Of thinning; two pixels of width go with each."""
MOST_PIXELS: Final = 60_000
"""Of middle lines that are followed in one mask; a mask with more of them is texture."""
WALKED: Final = 0.8
"""Of a chain's pixels, that a walk along it must pass."""
_WEIGHTS: Final = np.array([[128, 1, 2], [64, 0, 4], [32, 16, 8]], np.uint8)
"""Neighbours in the order of the paper: P2 north, then clockwise."""


def _tables() -> tuple[Mask, Mask, Mask]:
    """For each set of neighbours: 1 where either half-step takes a pixel away, and where lines meet."""
    first, second, meets = (np.zeros(256, np.uint8) for _ in range(3))
    for code in range(256):
        p = [code >> bit & 1 for bit in range(8)]
        changes = sum(p[i] < p[(i + 1) % 8] for i in range(8))
        if 2 <= sum(p) <= 6 and changes == 1:
            first[code] = not (p[0] and p[2] and p[4]) and not (p[2] and p[4] and p[6])
            second[code] = not (p[0] and p[2] and p[6]) and not (p[0] and p[4] and p[6])
        meets[code] = changes > 2
    return first, second, meets


_FIRST, _SECOND, _MEETS = _tables()


def thinned(mask: Mask) -> Mask:
    """Returns the middle lines of a mask of 0 and 1, one pixel wide."""
    line = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    for _ in range(MOST_STEPS):
        taken = 0
        for table in (_FIRST, _SECOND):
            around = cv2.filter2D(line, cv2.CV_8U, _WEIGHTS, borderType=cv2.BORDER_CONSTANT)
            away = np.asarray(cv2.LUT(around, table), np.uint8) & np.asarray(line, np.uint8)
            taken += int(cv2.countNonZero(away))
            line = line - away
        if not taken:
            break
    return np.asarray(line[1:-1, 1:-1], np.uint8)


def pieces(line: Mask) -> list[NDArray[np.float64]]:
    """Returns the stretches of middle lines between the points where they meet, each (n, 2) x and y."""
    if not 0 < cv2.countNonZero(line) <= MOST_PIXELS:
        return []
    around = cv2.filter2D(line, cv2.CV_8U, _WEIGHTS, borderType=cv2.BORDER_CONSTANT)
    meets = cv2.dilate(
        np.asarray(cv2.LUT(around, _MEETS), np.uint8) & line, np.ones((3, 3), np.uint8)
    )
    apart = line & (1 - np.asarray(meets, np.uint8))
    count, labels = cv2.connectedComponents(apart, connectivity=8)
    rows, columns = np.nonzero(apart)
    which = labels[rows, columns]
    members: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for label, x, y in zip(which.tolist(), columns.tolist(), rows.tolist(), strict=True):
        members[label].append((x, y))
    return [np.array(_walked(members[label]), np.float64) for label in range(1, count)]


def _walked(pixels: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pixels of a chain in order, from one end to the other."""
    left = set(pixels)
    at = next((p for p in pixels if sum(n in left for n in _around(p)) < 2), pixels[0])
    run = [at]
    left.discard(at)
    while following := [n for n in _around(at) if n in left]:
        at = following[0]
        left.discard(at)
        run.append(at)
    # A stair of pixels may end the walk early; then the farthest two are looked for.
    return run if len(run) > WALKED * len(pixels) else _farthest(pixels, at)


def _farthest(pixels: list[tuple[int, int]], start: tuple[int, int]) -> list[tuple[int, int]]:
    """The shortest way between the two pixels that are farthest from one another."""
    run = [start]
    for _ in range(2):
        start = run[-1]
        came: dict[tuple[int, int], tuple[int, int]] = {start: start}
        left, queue = set(pixels) - {start}, [start]
        for at in queue:  # which grows as it is gone through
            for near in _around(at):
                if near in left:
                    left.discard(near)
                    came[near] = at
                    queue.append(near)
        run = [queue[-1]]
        while run[-1] != start:
            run.append(came[run[-1]])
        run.reverse()
    return run


def _around(pixel: tuple[int, int]) -> list[tuple[int, int]]:
    """Neighbours, those side by side before those corner to corner."""
    x, y = pixel
    return [
        (x + 1, y),
        (x - 1, y),
        (x, y + 1),
        (x, y - 1),
        (x + 1, y + 1),
        (x - 1, y + 1),
        (x + 1, y - 1),
        (x - 1, y - 1),
    ]
