"""Which small places of a picture look alike, as they are or mirrored, though they lie apart?

SIFT keypoints (D. Lowe, 2004) with their square-rooted codes (R. Arandjelović and A. Zisserman, 2012) are
matched within one picture, after I. Amerini et al., "A SIFT-based Forensic Method for Copy-Move Attack
Detection" (2011): the nearest code of a place elsewhere counts if it is clearly nearer than the nearest of a
third place. What recurs often (bricks, leaves, windows) has no such second and drops out.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_POINTS = 4000
CONTRAST = 0.015
"""Contrast that a keypoint has, at least, in the scale of OpenCV's SIFT; its own default is 0.04."""
RATIO = 0.75
"""The nearest code is at most this far, in parts of the distance to the nearest of a third place."""
APART = 0.04
"""Places lie apart from this share of the longer side on."""
LEAST_APART = 16
"""Pixels: and from this far on, however small the picture."""
ELSEWHERE = 10
"""Pixels from the nearest from which on another place is a third one."""
FARTHEST = 0.6
"""Distance of two codes (each of length one) within which they can match at all."""
THE_SAME = 0.12
"""Distance of two codes within which they are those of one drawing, not only of one thing."""
_BLOCK = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Keypoints:
    """SIFT keypoints of one picture.

    Attributes:
        at: Pixels, shape (n, 2), x first.
        size: Diameter in pixels, shape (n,).
        angle: Radians, clockwise as seen, shape (n,).
        codes: Shape (n, 128), each of length one.
    """

    at: Floats
    size: Floats
    angle: Floats
    codes: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of places that look alike, each once.

    Attributes:
        one: Index of a keypoint, shape (n,).
        other: Index of the other, shape (n,); always larger than `one`.
        mirrored: Whether one looks like the mirror image of the other.
        distance: Between the codes, shape (n,).
    """

    one: NDArray[np.intp]
    other: NDArray[np.intp]
    mirrored: bool
    distance: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.one)


def keypoints(grey: NDArray[np.uint8]) -> Keypoints:
    """Returns the keypoints of a grey picture, shape (height, width); the strongest where there are many."""
    sift = cv2.SIFT.create(nfeatures=MOST_POINTS, contrastThreshold=CONTRAST)
    found, codes = sift.detectAndCompute(grey, None)
    if not found:
        nothing = np.zeros(0)
        return Keypoints(
            at=np.zeros((0, 2)), size=nothing, angle=nothing, codes=np.zeros((0, 128), np.float32)
        )
    values = np.asarray(codes, np.float32)
    rooted = np.sqrt(values / np.maximum(values.sum(axis=1, keepdims=True), 1e-9))
    # The same picture gives the same points, but nothing promises their order.
    order = np.lexsort((
        [p.angle for p in found], [p.size for p in found],
        [p.pt[0] for p in found], [p.pt[1] for p in found],
    ))  # fmt: skip
    return Keypoints(
        at=np.array([p.pt for p in found])[order],
        size=np.array([p.size for p in found])[order],
        angle=np.deg2rad([p.angle for p in found])[order],
        codes=rooted[order],
    )


def apart(shape: tuple[int, ...]) -> float:
    """Returns from how many pixels on two places of a picture of this shape lie apart."""
    return max(LEAST_APART, APART * max(shape[:2]))


def matched(points: Keypoints, least: float, *, mirrored: bool) -> Pairs:
    """Returns the pairs of keypoints that look alike.

    Args:
        points: Of one picture.
        least: Pixels from which on two places lie apart.
        mirrored: Look for mirror images.
    """
    # Mirrored at the axis of its own direction, a code has its rows and its directions reversed.
    cells = points.codes.reshape(-1, 4, 4, 8)
    theirs = points.codes
    if mirrored:
        theirs = cells[:, ::-1][..., -np.arange(8) % 8].reshape(-1, 128)
    found: dict[tuple[int, int], float] = {}
    for start in range(0, len(points), _BLOCK):
        at = points.at[start : start + _BLOCK]
        alike = points.codes[start : start + _BLOCK] @ theirs.T
        distance = np.sqrt(np.maximum(2 - 2 * alike, 0))
        distance[_near(at, points.at, least)] = np.inf
        best = distance.argmin(axis=1)
        rows = np.arange(len(best))
        first = distance[rows, best]
        distance[_near(points.at[best], points.at, ELSEWHERE)] = np.inf
        second = distance.min(axis=1)
        kept = (first < FARTHEST) & (first < RATIO * np.minimum(second, 2))
        for row in np.flatnonzero(kept).tolist():
            here, there = start + row, int(best[row])
            pair = (min(here, there), max(here, there))
            found[pair] = min(found.get(pair, np.inf), float(first[row]))
    ends = np.array(sorted(found), np.intp).reshape(-1, 2)
    return Pairs(
        one=ends[:, 0],
        other=ends[:, 1],
        mirrored=mirrored,
        distance=np.array([found[pair] for pair in sorted(found)], np.float32),
    )


def recurring(points: Keypoints) -> float:
    """Returns the share of keypoints with the same code, but for rounding, at three distinct places or more.

    A camera never sees a thing the same way twice. What is drawn or rendered recurs to the pixel.
    """
    count = 0
    for start in range(0, len(points), _BLOCK):
        same = points.codes[start : start + _BLOCK] @ points.codes.T > 1 - THE_SAME**2 / 2
        for row in np.flatnonzero(same.sum(axis=1) >= 3):
            cells = np.floor(points.at[same[row]] / ELSEWHERE)
            count += len(np.unique(cells, axis=0)) >= 3
    return count / max(1, len(points))


def _near(some: Floats, others: Floats, reach: float) -> NDArray[np.bool_]:
    one, other = some.astype(np.float32), others.astype(np.float32)
    across = one[:, None, 0] - other[None, :, 0]
    down = one[:, None, 1] - other[None, :, 1]
    near: NDArray[np.bool_] = across * across + down * down < reach * reach
    return near
