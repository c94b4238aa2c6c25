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

from forensics.copies.confirmed import Confirmed

_STEP = Fraction(1, 4)
_CLEARLY = 0.6
"""Share of the usual wandering below which an offset stands out."""
_AT_LEAST = 4
"""Pictures in hand that must have a partner at an offset."""
_LOOSE = 4
"""Pictures of the other asset, two seconds apart, that agree with one in hand: agreement tells no time."""
_BESIDE = Fraction(5, 2)
"""Seconds to the neighbours between which the other's place is read."""


def is_loose(confirmed: Sequence[Confirmed]) -> bool:
    """Whether one picture in hand usually agrees with many of the other asset."""
    partners: dict[Fraction, int] = defaultdict(int)
    for one in confirmed:
        partners[one.query] += 1
    return bool(partners) and median(sorted(partners.values())[-4:]) >= _LOOSE


def steady_offset(confirmed: Sequence[Confirmed]) -> Fraction | None:
    """Returns the offset, other minus in hand in seconds, at which the crop wanders least.

    Args:
        confirmed: Several pictures in hand, each with many of the other asset.

    Returns:
        None where no offset stands out.
    """
    partners: dict[Fraction, list[Confirmed]] = defaultdict(list)
    for one in confirmed:
        partners[one.query].append(one)
    by_query = {query: pairs for query, pairs in partners.items() if len(pairs) >= _LOOSE}
    if len(by_query) < _AT_LEAST:
        return None
    offsets = [one.reference - one.query for pairs in by_query.values() for one in pairs]
    first = min(offsets) // _STEP
    found: list[tuple[float, Fraction]] = []
    for number in range(int(first), int(max(offsets) // _STEP) + 1):
        offset = number * _STEP
        laid = [
            at
            for query, pairs in by_query.items()
            if (at := _laid(pairs, query + offset)) is not None
        ]
        if len(laid) >= max(_AT_LEAST, len(by_query) - 1):
            found.append((float(np.linalg.norm(np.std(laid, axis=0))), offset))
    if len(found) < _LOOSE:
        return None
    least, offset = min(found)
    usual = median(wandering for wandering, _ in found)
    return offset if least <= _CLEARLY * usual else None


def _laid(pairs: Sequence[Confirmed], time: Fraction) -> np.ndarray | None:
    """Returns how the other picture of a time lies on one in hand, between its neighbours in time."""
    before = [p for p in pairs if 0 <= time - p.reference < _BESIDE]
    after = [p for p in pairs if 0 <= p.reference - time < _BESIDE]
    if not before or not after:
        return None
    one = max(before, key=lambda p: p.reference)
    other = min(after, key=lambda p: p.reference)
    share = (
        float((time - one.reference) / (other.reference - one.reference))
        if other.reference > one.reference
        else 0.0
    )
    # The other's corners on the picture in hand: how large it lies, and where.
    return (1 - share) * _corners(one) + share * _corners(other)


def _corners(one: Confirmed) -> np.ndarray:
    matrix = np.array(one.matrix).reshape(3, 3)
    moved = matrix @ np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
    corners: np.ndarray = (moved[:2] / moved[2]).ravel()
    return corners
