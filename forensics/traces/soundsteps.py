"""Places where the background of a sound changes from one moment to the next, and stays changed.

What sounds behind voices and events, the place and the recorder, seldom changes within a tenth of a second.
The lower quarter of the level in each band stands for it; it must hold for `SIDE` seconds before and after.
Where recordings are joined it may change so; but also where a recorder sets its level, suppresses noise, or
something is switched on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import rank_filter

from forensics.traces.soundlevels import ROWS, Course

SIDE: Final = 1.2
"""Seconds before and after in which the background must hold."""
LEAST: Final = 6.0
"""Decibels by which half of the bands must change, at least."""
SHARE: Final = 4.0
"""How many times as large the change must be as what changes on either side of it."""
STEADY: Final = 2.5
"""Decibels by which the background may vary on either side, mean over bands."""
SILENT: Final = -100.0
MOST: Final = 32
_THIRD, _NEAR, _GUARD, _EVERY = 20, 8, 3, 2
_FEWEST = 5
_BLOCK = 1 << 14

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of the background.

    Attributes:
        at: Seconds from the start.
        decibels: Median change over bands; positive: louder from then on.
        change: Median of the sizes of the changes of bands, decibels.
    """

    at: float
    decibels: float
    change: float


def steps(heard: Course, check: Callable[[], None] = lambda: None) -> list[Step]:
    """Returns changes of the background, in order of time."""
    rows = heard.bands
    side = 3 * _THIRD + _GUARD
    found: list[tuple[float, int, float]] = []
    for first in range(side, len(rows) - side, _BLOCK):
        check()
        last = min(first + _BLOCK, len(rows) - side)
        for change, at, mean in _within(rows[first - side : last + side], side):
            found.append((change, at + first, mean))
    kept: list[tuple[float, int, float]] = []
    for one in sorted(found, key=lambda f: (-f[0], f[1])):
        if all(abs(one[1] - other[1]) > side for other in kept):
            kept.append(one)
        if len(kept) == MOST:
            break
    # A row looks at one hop before it and one after it.
    return [
        Step(at=(row + 0.5) / ROWS, decibels=mean, change=change)
        for change, row, mean in sorted(kept, key=lambda k: k[1])
    ]


def _within(rows: Rows, side: int) -> list[tuple[float, int, float]]:
    """(change, row counted from `side`, signed median) of each place that fits."""
    floors = _floors(rows, _THIRD)
    near = _floors(rows, _NEAR)
    at = np.arange(side, len(rows) - side, _EVERY)
    before = np.stack([floors[at - _GUARD - _THIRD * k] for k in (1, 2, 3)])
    after = np.stack([floors[at + _GUARD + _THIRD * k] for k in (0, 1, 2)])
    left, right = np.median(before, axis=0), np.median(after, axis=0)
    heard = (left > SILENT) & (right > SILENT)
    wide = heard.sum(axis=1) >= _FEWEST
    ways = np.where(heard, right - left, np.nan)[wide]
    if not len(ways):
        return []
    change, mean = np.nanmedian(np.abs(ways), axis=1), np.nanmedian(ways, axis=1)
    varied = np.maximum(np.ptp(before, axis=0).mean(axis=1), np.ptp(after, axis=0).mean(axis=1))
    # It happens here: what lies nearest on each side is already, or still, of that side.
    close = np.maximum(
        np.median(np.abs(near[at - _GUARD - _NEAR] - left), axis=1),
        np.median(np.abs(near[at + _GUARD] - right), axis=1),
    )
    varied, close = varied[wide], close[wide]
    fits = (change >= LEAST) & (varied <= STEADY) & (change >= SHARE * varied)
    fits &= close <= change / SHARE
    return [
        (float(change[k]), int(at[wide][k]) - side, float(mean[k])) for k in np.flatnonzero(fits)
    ]


def _floors(rows: Rows, length: int) -> Rows:
    """Lower quarter of each band over rows i to i + length."""
    found: Rows = rank_filter(rows, rank=length // 4, size=(length, 1), origin=(-(length // 2), 0))
    return found
