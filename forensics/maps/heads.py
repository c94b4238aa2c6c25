"""Does a stroke end in an arrow's head, and where is its tip?

Seen from the stroke's end, a head is ink that reaches out to both sides about alike and then runs out evenly
to a tip; filled, open or drawn as an outline. A ring, a dot or a bar does not run out evenly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from forensics.maps.inks import Mask

Path = NDArray[np.float64]

WIDER: Final = 1.55
"""Times the stroke's own width, of a head."""
FINE: Final = 2
"""Samples for a pixel."""
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
    behind = int(min(len(path) - 1, np.clip(9 * width, 24, 100)))
    ahead = int(np.clip(8 * width, 20, 80))
    if behind < 8:
        return None
    # A curved stroke turns on within its head, so that it is looked at across its own course.
    way = path[-1] - path[-1 - min(behind, max(8, int(2.5 * width)))]
    way = way / max(float(np.hypot(*way)), 1e-9)
    course = np.concatenate(
        (path[-1 - behind :], path[-1] + np.arange(1, ahead + 1)[:, None] * way)
    )
    along = np.gradient(gaussian_filter1d(course, 2.0, axis=0, mode="nearest"), axis=0)
    across = np.column_stack((-along[:, 1], along[:, 0]))
    across /= np.maximum(np.hypot(*across.T), 1e-9)[:, None]
    reach = np.clip(5 * width + 8, 14, 60)
    offsets = np.arange(-int(reach * FINE), int(reach * FINE) + 1) / FINE
    at = course[:, None] + offsets[None, :, None] * across[:, None]
    limit = np.array(mask.shape[::-1]) - 1
    x, y = np.moveaxis(np.clip(np.round(at), 0, limit).astype(np.int32), 2, 0)
    filled = mask[y, x] > 0
    heads = [_shape(out / FINE, width, behind) for out in (_contiguous(filled), _outermost(filled))]
    found = [head for head in heads if head is not None]
    if not found:
        return None
    row, half, sure = min(found, key=lambda head: head[2])
    low = int(np.clip(row, 0, len(course) - 2))
    tip = course[low] + (row - low) * (course[low + 1] - course[low])
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


def _shape(out: NDArray[np.float64], width: float, end: int) -> tuple[float, float, float] | None:
    """In which row a head's tip lies, its half width, and how unevenly it runs out.

    Args:
        out: (2, rows) pixels that the ink reaches to each side.
        width: Of the stroke.
        end: Row of the path's end.
    """
    half = np.convolve(out.min(axis=0), np.ones(3) / 3, mode="same")
    start, stop = max(end - int(6.5 * width + 6), 0), end + int(2 * width + 6)
    peak = start + int(np.argmax(half[start:stop]))
    highest = float(half[peak])
    if highest < max(WIDER * width / 2, LEAST, width / 2 + 1.8):
        return None
    least = max(0.12 * highest, 0.6)
    low = np.flatnonzero(half[peak:] < least)
    if not len(low) or not 0.7 * highest < low[0] < 5.5 * highest:
        return None
    # Behind its corners there is the stroke alone: what swells slowly is no head.
    back = max(peak - int(0.6 * highest + 3), 0)
    stroke = half[max(back - max(int(2 * width), 6), 0) : back + 1]
    if np.mean(stroke < min(width / 2 + 1.5, 0.75 * highest)) < 0.6:
        return None
    long = int(low[0])
    ideal = highest * (1 - np.arange(long) / long)
    uneven = float(np.abs(half[peak : peak + long] - ideal).mean() / highest)
    limited = np.minimum(out[:, peak : peak + long], 1.6 * half[peak : peak + long] + 1).sum(axis=1)
    lopsided = float(abs(limited[0] - limited[1]) / max(limited.sum(), 1e-9))
    if uneven > 0.2 or lopsided > 0.35:
        return None
    # What is left of the tip beyond that half width, as evenly as before.
    return peak + long / (1 - least / highest) - 0.5, highest, uneven + lopsided
