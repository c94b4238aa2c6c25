"""Where a video changes from one shot to the next: cuts, and fades to and from a plain picture.

A cut is a step that stands out from its neighbours, between pictures that have little in common. (A.
Hanjalic, Shot-boundary detection: unraveled and resolved?, 2002, on comparing a step with those around it.)
A fade is a run in which contrast falls evenly to nothing, or rises from it (R. Lienhart, 1999).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.joints import jump
from forensics.traces.repeats import stretches

Luma = NDArray[np.uint8]
Floats = NDArray[np.float32]

STEP: Final = 6.0
"""Grey levels of a cut's step, at least."""
STANDS_OUT: Final = 2.0
"""Times the largest step around it."""
COMMON: Final = 0.75
"""Correlation of the pictures before and after a cut, at most."""
JUMP: Final = 2.2
"""Times the largest step around it, from which on a step within a shot is told as a jump."""
FLAT: Final = 3.0
"""Grey levels of contrast: a picture with less is plain."""
FADE: Final = 5
"""Pictures of a fade, at least."""
MOST_FADE: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Fade:
    """A run from a full picture to a plain one, or from a plain one to a full one.

    Attributes:
        begin: Its first picture.
        end: The picture after its last.
        out: Whether it leads to the plain picture.
    """

    begin: int
    end: int
    out: bool


def cuts(luma: Luma, step: Floats) -> tuple[int, ...]:
    """Returns the first picture of each shot but the first.

    Args:
        luma: Small pictures, shape (pictures, rows, columns).
        step: Differences to the picture before, grey levels; the first is 0.
    """
    return tuple(
        k for k in _outstanding(step, STANDS_OUT) if step[k] >= STEP and common(luma, k) < COMMON
    )


def jumps(luma: Luma, step: Floats) -> tuple[int, ...]:
    """Returns pictures that do not go on from the one before, though they show the same scene."""
    return tuple(
        k
        for k in _outstanding(step, JUMP)
        if step[k] >= 2 and not (step[k] >= STEP and common(luma, k) < COMMON)
    )


def _outstanding(step: Floats, by: float) -> list[int]:
    return [int(k) for k in np.flatnonzero(step >= 1) if jump(step, int(k)) >= by]


def common(luma: Luma, place: int) -> float:
    """Returns the correlation of a small picture with the one before; 0 where one of them is plain."""
    one, other = luma[place - 1].astype(np.float32), luma[place].astype(np.float32)
    one, other = one - one.mean(), other - other.mean()
    length = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / length if length > 1 else 0.0


def fades(luma: Luma) -> tuple[Fade, ...]:
    """Returns fades to and from plain pictures.

    Args:
        luma: Small pictures, shape (pictures, rows, columns).
    """
    contrast = np.array([picture.std() for picture in luma], np.float32)
    found = []
    for begin, end in stretches(contrast < FLAT):
        start = _climb(contrast, begin, -1)
        if begin - start >= FADE:
            found.append(Fade(begin=start, end=begin, out=True))
        stop = _climb(contrast, end - 1, 1)
        if stop - (end - 1) >= FADE:
            found.append(Fade(begin=end - 1, end=stop, out=False))
    return tuple(found)


def _climb(contrast: Floats, place: int, way: int) -> int:
    """Follows contrast while it rises evenly, in either direction; returns where it ends."""
    top = place
    while 0 <= top + way < len(contrast) and abs(top + way - place) <= MOST_FADE:
        rise = contrast[top + way] - contrast[top]
        if rise <= 0.1 and contrast[top] > FLAT:
            break
        if rise > 0.5 * max(8.0, float(contrast[top])) + 4:  # a cut, not a fade
            return place
        top += way
    return top if contrast[top] > 3 * FLAT else place


def spans(count: int, starts: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Returns begin and end of each shot, for the first pictures of all but the first."""
    edges = (0, *starts, count)
    return tuple((a, b) for a, b in pairwise(edges) if b > a)
