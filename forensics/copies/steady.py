"""When does a passage begin in the other asset, where its pictures hardly change from second to second?

Neighbouring pictures of a slow shot can all be laid over each other and all agree, so that agreement does
not tell the time. How they lie does: in a copy the same crop holds throughout, while at a wrong offset the
crop seems to wander with the camera. The offset is the one at which it wanders least. A camera that does not
move leaves the question open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from statistics import median

import numpy as np
from numpy.typing import NDArray

from forensics.copies.confirmed import Confirmed

Floats = NDArray[np.float64]

_STEP = 0.25
_CLEARLY = 0.6
"""Share of the usual wandering below which an offset stands out."""
_WANDERS = 0.01
"""Usual wandering, in shares of the picture, from which on it is the camera's and not of the measurement."""
_AT_LEAST = 4
"""Pictures in hand that must have a partner at an offset."""
_LOOSE = 4
"""Pictures of the other asset, two seconds apart, that agree with one in hand: agreement tells no time."""
_WHOLE, _LESS = 950, 50
"""Thousandths of a picture: from which on all of it is there, and by how much less is less."""
_BESIDE = 2.5
"""Seconds to the neighbours between which the other's place is read."""


def is_loose(confirmed: Sequence[Confirmed]) -> bool:
    """Whether one picture in hand usually agrees with many of the other asset, and as well with each.

    Where the whole picture is found again, one that shows less of it is not as good. Of a crop nobody knows
    how much of the other there should be.
    """
    partners: dict[Fraction, list[int]] = defaultdict(list)
    for one in confirmed:
        partners[one.query].append(min(one.of_query, one.of_reference))
    counts = [
        sum(shown >= max(found) - _LESS for shown in found) if max(found) >= _WHOLE else len(found)
        for found in partners.values()
    ]
    return bool(counts) and median(sorted(counts)[-4:]) >= _LOOSE


def steady_offset(confirmed: Sequence[Confirmed]) -> Fraction | None:
    """Returns the offset, other minus in hand in seconds, at which the crop wanders least.

    Args:
        confirmed: Several pictures in hand, each with many of the other asset.

    Returns:
        None where no offset stands out, and where the camera stands still.
    """
    partners: dict[Fraction, list[Confirmed]] = defaultdict(list)
    for one in confirmed:
        partners[one.query].append(one)
    by_query = {query: pairs for query, pairs in partners.items() if len(pairs) >= _LOOSE}
    if len(by_query) < _AT_LEAST:
        return None
    ends = [one.reference - one.query for pairs in by_query.values() for one in pairs]
    offsets = np.arange(float(min(ends)), float(max(ends)) + _STEP / 2, _STEP)
    laid = np.stack([_laid(pairs, float(query) + offsets) for query, pairs in by_query.items()])
    there = ~np.isnan(laid[:, :, 0])
    enough = there.sum(axis=0) >= max(_AT_LEAST, len(by_query) - 1)
    if enough.sum() < _LOOSE:
        return None
    wandering = np.linalg.norm(np.nanstd(laid[:, enough], axis=0), axis=1)
    least = int(wandering.argmin())
    usual = float(np.median(wandering))
    if usual < _WANDERS or wandering[least] > _CLEARLY * usual:
        return None
    return Fraction(round(float(offsets[enough][least]) * 1000), 1000)


def _laid(pairs: Sequence[Confirmed], times: Floats) -> Floats:
    """Returns how the other picture of each time lies on one in hand, between its neighbours in time.

    Returns:
        The corners that `_corners` gives, shape (times, 4); not a number where a neighbour is too far.
    """
    ordered = sorted(pairs, key=lambda one: one.reference)
    known = np.array([float(one.reference) for one in ordered])
    corners = np.stack([_corners(one) for one in ordered])
    found = np.stack([np.interp(times, known, column) for column in corners.T], axis=-1)
    after = np.searchsorted(known, times).clip(0, len(known) - 1)
    before = (np.searchsorted(known, times, "right") - 1).clip(0, len(known) - 1)
    near = (np.abs(known[after] - times) < _BESIDE) & (np.abs(times - known[before]) < _BESIDE)
    inside = (times >= known[0]) & (times <= known[-1])
    result: Floats = np.where((near & inside)[:, None], found, np.nan)
    return result


def _corners(one: Confirmed) -> Floats:
    """Returns where the other's top left and bottom right lie: x, x, y, y, shares of the picture in hand."""
    matrix = np.array(one.matrix).reshape(3, 3)
    moved = matrix @ np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
    corners: Floats = (moved[:2] / moved[2]).ravel()
    return corners
