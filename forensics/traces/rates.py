"""Whether pictures were repeated or left out at even distances, as converters of the frame rate do.

A repeated picture differs from the one before by next to nothing while the scene moves. Where one was left
out, the scene makes a double step: the difference to the picture before goes the same way as those before and
after it, and about twice as far.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.footprint_ranks import Chosen, Values

STILL: Final = 0.3
"""Part of the change around it below which a picture counts as shown again."""
MOVING: Final = 0.7
"""Grey levels that the pictures around it must change by."""
FEWEST: Final = 6
"""Repeated pictures from which on their distances are looked at."""
EVEN: Final = 0.8
"""Share of the distances that must be alike, or differ by one."""
LONGER: Final = 1.25
"""Times the usual step: beyond it, a picture was left out."""
ALIKE: Final = 0.4
"""Part of a step that goes the way of those beside it, below which steps cannot be compared."""
FAST: Final = 2.0
"""Grey levels by which small pictures change in a scene that goes fast."""


def repeated(records: NDArray[Any]) -> Chosen:
    """Returns which pictures show the one before again, while the scene moves."""
    change = np.nan_to_num(records["change"].astype(np.float64))
    if len(change) < 2:
        return np.zeros(len(change), bool)
    change[0] = change[1]
    around = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(change, 3, "edge"), 7), 1)
    again: Chosen = (change < STILL * around) & (around > MOVING)
    again[:1] = False
    return again


def even(places: NDArray[np.intp]) -> float | None:
    """Returns the mean distance of places, where nearly all distances are alike or differ by one."""
    if len(places) < FEWEST:
        return None
    gaps = np.diff(places)
    usual = int(np.median(gaps))
    pairs = [gaps[(gaps == low) | (gaps == low + 1)] for low in (usual - 1, usual)]
    alike = max(pairs, key=len)
    return float(alike.mean()) if len(alike) >= EVEN * len(gaps) and usual > 1 else None


def steps(luma: NDArray[np.uint8]) -> Values:
    """Returns how far each picture goes on, in the direction and in units of the steps beside it; else NaN.

    Args:
        luma: Small pictures, (pictures, rows, columns).
    """
    out = np.full(len(luma), np.nan)
    small = luma.reshape(len(luma), -1)
    for at in range(2, len(luma) - 1):
        before, one, two, after = small[at - 2 : at + 2].astype(np.float64)
        beside = (one - before + after - two) / 2
        length = float(beside @ beside)
        if length > 0:
            out[at] = float((two - one) @ beside) / length
    return out


def left_out(luma: NDArray[np.uint8], places: NDArray[np.intp]) -> bool:
    """Returns whether the scene makes longer steps at some places than elsewhere.

    Where it goes so fast that a step has nothing in common with the next, how much changes is compared.

    Args:
        luma: Small pictures, (pictures, rows, columns).
        places: Indices of pictures.
    """
    there = np.zeros(len(luma), bool)
    there[places] = True
    taken = steps(luma)
    usual, here = _medians(taken, there)
    if np.isnan(usual) or np.isnan(here):
        return True
    if usual >= ALIKE:
        return here > usual + (LONGER - 1) * usual
    change = np.full(len(luma), np.nan)
    for at in range(1, len(luma)):
        change[at] = np.abs(luma[at].astype(np.int16) - luma[at - 1]).mean()
    common, seen = _medians(change, there)
    return (common > FAST and seen > LONGER * common) or here > usual + ALIKE


def _medians(values: Values, there: Chosen) -> tuple[float, float]:
    """The medians elsewhere and there; NaN where there is none."""
    told = ~np.isnan(values)
    elsewhere, here = values[~there & told], values[there & told]
    if not len(elsewhere) or not len(here):
        return float("nan"), float("nan")
    return float(np.median(elsewhere)), float(np.median(here))
