"""Does a stroke end in an arrow's head, and where is its tip?

Seen from the stroke's end, a head is ink that reaches out to both sides about alike and then runs out evenly
to a tip; filled, open or drawn as an outline. A ring, a dot or a bar does not run out evenly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.maps.inks import Mask

Path = NDArray[np.float64]

WIDER: Final = 1.55
"""Times the stroke's own width, of a head."""
LEAST: Final = 3.0
"""Pixels from the axis to a head's corner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head at an end.

    Attributes:
        tip: x and y.
        half: Pixels from the axis to its corners.
        sure: How evenly it runs out: 0 for a perfect triangle.
    """

    tip: tuple[float, float]
    half: float
    sure: float


def find_head(mask: Mask, path: Path, width: float) -> Head | None:
    """Looks for a head at the last point of a path.

    Args:
        mask: Ink, 0 and 1.
        path: (n, 2) smoothed, a pixel from point to point.
        width: Of the stroke, in pixels.
    """
    reach = float(np.clip(7 * width, 18, 110))
    back = int(min(len(path) - 1, max(6, 3.5 * width)))
    far = int(min(len(path) - 1, back + max(10, 5 * width)))
    if far - back < 5:
        back, far = 0, len(path) - 1
    best = None
    # A curved stroke turns on within its head: the way from further back and the last way are both tried.
    farther = min(2 * far, len(path) - 1)
    for one, other in ((back, far), (0, far), (back // 2, back), (back, farther)):
        axis = path[-1 - one] - path[-1 - other]
        size = float(np.hypot(*axis))
        if size > 2:
            head = _along(mask, path[-1 - one], axis / size, width, reach + one)
            if head is not None and (best is None or head.sure < best.sure):
                best = head
    return best


def _along(mask: Mask, end: Path, axis: Path, width: float, reach: float) -> Head | None:
    height, wide = mask.shape
    left, top = (max(int(v - reach), 0) for v in end)
    right, bottom = min(int(end[0] + reach) + 1, wide), min(int(end[1] + reach) + 1, height)
    part = np.ascontiguousarray(mask[top:bottom, left:right])
    if not part.size:
        return None
    _, labels = cv2.connectedComponents(part, connectivity=8)
    x, y = np.round(end - (left, top)).astype(int)
    near = labels[max(y - 2, 0) : y + 3, max(x - 2, 0) : x + 3]
    own = np.bincount(near.ravel()).tolist()[1:] if near.size else []
    if not own or not max(own):
        return None
    whole = (labels == 1 + own.index(max(own))).astype(np.float32)
    # Laid out along the axis: rows run from `reach` behind the end to `reach` ahead of it.
    size = int(reach)
    (dx, dy), (ox, oy) = axis, end - (left, top)
    turn = np.array([[-dy, dx, ox + size * (dy - dx)], [dx, dy, oy - size * (dx + dy)]])
    laid = cv2.warpAffine(
        whole, turn, (2 * size + 1, 2 * size + 1), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    filled = laid > 0.5
    heads = (_shape(out, width, size) for out in (_contiguous(filled), _outermost(filled)))
    found = [head for head in heads if head is not None]
    if not found:
        return None
    ahead, half, sure = min(found, key=lambda head: head[2])
    tip = end + axis * ahead
    return Head(tip=(float(tip[0]), float(tip[1])), half=half, sure=sure)


def _contiguous(filled: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How far the ink reaches from the axis without a break, on each side: (2, rows)."""
    middle = filled.shape[1] // 2
    right = np.cumprod(filled[:, middle:], axis=1).sum(axis=1)
    left = np.cumprod(filled[:, middle::-1], axis=1).sum(axis=1)
    return np.maximum(np.stack((right, left)) - 0.5, 0.0)


def _outermost(filled: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How far it reaches at all, to within half of what is looked at: for open and outlined heads."""
    middle = filled.shape[1] // 2
    sides = (
        filled[:, middle : middle + middle // 2],
        filled[:, middle : middle - middle // 2 : -1],
    )
    steps = np.arange(1, sides[0].shape[1] + 1)
    return np.maximum(np.stack([(side * steps).max(axis=1) for side in sides]) - 0.5, 0.0)


def _shape(out: NDArray[np.float64], width: float, size: int) -> tuple[float, float, float] | None:
    """Where a head's tip lies ahead of the end, its half width, and how unevenly it runs out."""
    half = np.convolve(out.min(axis=0), np.ones(3) / 3, mode="same")
    start = max(int(size - 5.5 * width - 4), 0)
    peak = start + int(np.argmax(half[start:]))
    highest = float(half[peak])
    if highest < max(WIDER * width / 2, LEAST, width / 2 + 1.8):
        return None
    least = max(0.12 * highest, 0.6)
    low = np.flatnonzero(half[peak:] < least)
    if not len(low) or not 0.7 * highest < low[0] < 5.5 * highest:
        return None
    long = int(low[0])
    ideal = highest * (1 - np.arange(long) / long)
    uneven = float(np.abs(half[peak : peak + long] - ideal).mean() / highest)
    limited = np.minimum(out[:, peak : peak + long], 1.6 * half[peak : peak + long] + 1).sum(axis=1)
    lopsided = float(abs(limited[0] - limited[1]) / max(limited.sum(), 1e-9))
    if uneven > 0.2 or lopsided > 0.35:
        return None
    # What is left of the tip beyond that half width, as evenly as before.
    return peak + long / (1 - least / highest) - size - 0.5, highest, uneven + lopsided
