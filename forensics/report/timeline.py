"""Where two assets show the same pictures, as a drawing: both on one time axis."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from forensics.model import Copy

WIDTH = 1000
"""Units across the drawing; the longer of the two assets fills them."""

_THINNEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One matched span: left end and width in each asset's lane, in drawing units."""

    query: tuple[int, int]
    copy: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Both lanes.

    Attributes:
        query: Length of the asset in hand, in drawing units.
        copy: Length of the other, in drawing units, as far as it is known: to its last match.
        here: Seconds that the first lane stands for.
        there: Seconds that the second lane stands for.
        bands: The matched spans, in the order of the copy's.
    """

    query: int
    copy: int
    here: Fraction
    there: Fraction
    bands: tuple[Band, ...]


def timeline(copy: Copy, duration: Fraction | None) -> Timeline | None:
    """Returns the drawing for one copy, or None where time means nothing.

    Args:
        copy: The match.
        duration: Of the asset in hand, in seconds, where it is known.
    """
    last_query = max((s.query.end for s in copy.spans), default=Fraction(0))
    last_copy = max((s.copy.end for s in copy.spans), default=Fraction(0))
    here = max(duration or Fraction(0), last_query)
    end = max(here, last_copy)
    if end <= 0:
        return None

    def lane(start: Fraction, stop: Fraction) -> tuple[int, int]:
        left = min(max(int(start / end * WIDTH), 0), WIDTH - _THINNEST)
        right = min(int(stop / end * WIDTH), WIDTH)
        return left, max(right - left, _THINNEST)

    bands = tuple(
        Band(query=lane(s.query.start, s.query.end), copy=lane(s.copy.start, s.copy.end))
        for s in copy.spans
    )
    return Timeline(
        query=int(here / end * WIDTH),
        copy=int(last_copy / end * WIDTH),
        here=here,
        there=last_copy,
        bands=bands,
    )
