"""Finds the borders that were put around a picture: plain bars, or a blurred copy of itself.

Plain bars are lines of one tone from the edge inwards. A blurred box has no fine structure up to a straight
step, across which neighbouring lines differ far more than elsewhere. Sky over a horizon has neither the one
tone nor the straight step; where it happens to, only a picture in hand is asked for once more, trimmed.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Grey = NDArray[np.uint8]

_TONE = 14
"""Grey levels by which a plain bar's pixels may differ from its usual tone, for compression."""
_PLAIN = 0.985
"""Share of a bar's line that must keep to its tone."""
_LEAST_BAR = 0.02
_LEAST_LEFT = 0.2
_SMALLEST = 32
_STEP = 4.0
"""The step at a blurred box's end is so many times the usual one between lines of the box."""
_SHARPER = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The part of a picture within its borders, in pixels: rows top to bottom - 1, columns alike."""

    top: int
    bottom: int
    left: int
    right: int

    def of(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Returns that part of the picture."""
        return np.ascontiguousarray(pixels[self.top : self.bottom, self.left : self.right])


def bounds(pixels: NDArray[np.uint8]) -> Bounds | None:
    """Returns what lies within the borders of a picture, or None if it has none.

    Args:
        pixels: RGB, shape (height, width, 3).
    """
    grey = np.asarray(cv2.cvtColor(np.asarray(pixels), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    height, width = grey.shape
    if min(height, width) < _SMALLEST:
        return None
    top, bottom = _inner(grey)
    left, right = _inner(np.ascontiguousarray(grey[top:bottom].T))
    if top == 0 and bottom == height:
        # A bar's line is of one tone only once the bars across it are gone.
        top, bottom = _inner(np.ascontiguousarray(grey[:, left:right]))
    found = Bounds(top=top, bottom=bottom, left=left, right=right)
    whole = Bounds(top=0, bottom=height, left=0, right=width)
    return None if found == whole else found


def trimmed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Returns the picture without its borders, or None if it has none."""
    found = bounds(pixels)
    return None if found is None else found.of(pixels)


def _inner(grey: Grey) -> tuple[int, int]:
    """Returns the first line within the borders before and after, and the one past the last."""
    length = len(grey)
    start, end = _plain(grey), length - _plain(grey[::-1])
    steps = cv2.absdiff(grey[1:], grey[:-1]).mean(axis=1)
    along = cv2.absdiff(grey[:, 1:], grey[:, :-1]).mean(axis=1)
    before, after = _blurred(steps, along), _blurred(steps[::-1], along[::-1])
    if before == after > 0 or (before > after and _echoed(steps[::-1], before)):
        # A blurred box is put on both sides alike, and plain lines may be part of it.
        start, end = before, length - before
    elif after > before and _echoed(steps, after):
        start, end = after, length - after
    if start < _LEAST_BAR * length:
        start = 0
    if length - end < _LEAST_BAR * length:
        end = length
    return (start, end) if end - start >= _LEAST_LEFT * length else (0, length)


def _plain(grey: Grey) -> int:
    """Returns how many lines from the first on keep to one tone."""
    tone = float(np.median(grey[0]))
    low, high = max(0.0, tone - _TONE), min(255.0, tone + _TONE)
    if ((grey[0] >= low) & (grey[0] <= high)).mean() < _PLAIN:
        return 0
    keeps = ((grey >= low) & (grey <= high)).mean(axis=1) >= _PLAIN
    return len(keeps) if keeps.all() else int(keeps.argmin())


def _blurred(steps: Floats, along: Floats) -> int:
    """Returns how many lines from the first on have no fine structure and end in a step.

    Args:
        steps: How far each line differs from the next, on average.
        along: How far neighbours differ within each line, on average.
    """
    length = len(along)
    nearest, farthest = int(_LEAST_BAR * length), int((1 - _LEAST_LEFT) / 2 * length)
    for end in np.argsort(-steps[nearest:farthest], kind="stable")[:3] + nearest:
        outside, inside = slice(0, int(end)), slice(int(end) + 1, length // 2)
        usual = max(0.3, _high(steps[outside])) if end else 0.3
        sharper = along[inside].mean() >= _SHARPER * max(0.2, along[: max(1, end)].mean())
        if steps[end] >= _STEP * usual and sharper:
            return int(end) + 1
    return 0


def _echoed(steps: Floats, depth: int) -> bool:
    """Returns whether a blurred box that is `depth` lines on the other side ends here as well."""
    usual = max(0.3, _high(steps[: max(1, depth - 3)]))
    return bool(steps[max(0, depth - 3) : depth + 2].max() >= _STEP / 2 * usual)


def _high(values: Floats) -> float:
    """Returns the ninetieth percentile of some values, read between them; numpy's own takes far longer."""
    ordered = np.sort(values)
    below, between = divmod(0.9 * (len(ordered) - 1), 1)
    low, high = ordered[int(below)], ordered[min(int(below) + 1, len(ordered) - 1)]
    return float(low + (high - low) * between)
