"""Where the rhythm that an earlier coding left ends, and another begins that does not continue it.

An earlier coding begins its groups at even distances (`forensics.traces.footprint`). If pictures are taken
out or put in after it, or two recordings are joined, the distances begin anew there. W. Wang and H. Farid saw
frames deleted from MPEG video so, in its prediction errors ("Exposing digital forgeries in video by detecting
double MPEG compression", 2006). Here both sides must show a rhythm each by itself, with a number of false
alarms that counts all places tried, and the two must not be one and the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.footprint import (
    BROAD,
    LONGEST,
    SEEN,
    SHORTEST,
    Footprint,
    measures,
    of_present,
    paced,
    small,
)
from forensics.traces.footprint_ranks import FEWEST, Chosen, Folding, Values

PLACES: Final = 40
"""Places in a film at which it is parted in two, at most."""
CLOSEST: Final = 25
"""Pictures from one such place to the next, at least."""
BESIDE: Final = 1
"""Pictures by which two rhythms may be apart and count as one: measures can stand out a picture later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Two rhythms, one after the other.

    Attributes:
        before: The first; its places end with `last`.
        after: The second; its places begin with `first`.
        last: Index of the last place of the first that was looked at.
        first: Index of the first place of the second that was looked at.
    """

    before: Footprint
    after: Footprint
    last: int
    first: int


def change(records: NDArray[Any], luma: NDArray[np.uint8]) -> Change | None:
    """Returns where the rhythm of an earlier coding is broken most tellingly, or None where it is not.

    Args:
        records: As `forensics.media.filmed.RECORD` tells.
        luma: Small pictures, (pictures, rows, columns).
    """
    told = measures(records, luma)
    sides = _Sides(told, records["type"] == b"I")
    broken = [
        (one.log_nfa + other.log_nfa, place, one, other)
        for place, (one, other) in sides.found.items()
        if one and other and not continues(one, other)
        if paced(one, luma[:place]) and paced(_from(other, place), luma[place:])
        if not small(one, records[:place]) and not small(_from(other, place), records[place:])
    ]
    if not broken:
        return None
    _, _, before, after = min(broken, key=lambda pair: pair[:2])
    return _placed(before, after, told)


def continues(one: Footprint, other: Footprint) -> bool:
    """Returns whether two rhythms can be one, of which every second or third place was seen on a side."""
    common = math.gcd(one.group, other.group)
    apart = (other.first - one.first) % common
    return common >= SHORTEST and min(apart, common - apart) <= BESIDE


class _Sides:
    """The most telling rhythm before and after each place at which a film is parted in two."""

    def __init__(self, told: Mapping[str, Values], own: Chosen) -> None:
        self._own, self._told = own, told
        step = max(CLOSEST, -(-len(own) // PLACES))
        at = range(step, len(own), step)
        groups = range(SHORTEST, min(LONGEST, len(own) // (2 * FEWEST)) + 1)
        self._room = math.log10(max(1, sum(groups) * len(told) * len(at)))
        self.found: dict[int, tuple[Footprint | None, Footprint | None]] = dict.fromkeys(
            at, (None, None)
        )
        for name, values in told.items():
            folding = Folding(values)
            for group in groups:
                (before, left), (after, right) = folding.parted(group, at)
                for row, place in enumerate(at):
                    one, other = self.found[place]
                    one = self._better(one, name, before[row], left[row], slice(0, place))
                    other = self._better(other, name, after[row], right[row], slice(place, None))
                    self.found[place] = one, other

    def _better(
        self,
        known: Footprint | None,
        name: str,
        log_p: Values,
        places: NDArray[np.intp],
        part: slice,
    ) -> Footprint | None:
        """The rhythm known so far, or the one that begins most tellingly, if it tells more."""
        first = int(np.argmin(log_p))
        log_nfa = float(log_p[first] + self._room)
        beside = min(log_p[first - 1], log_p[(first + 1) % len(log_p)])
        if log_nfa > (known.log_nfa if known else SEEN) or beside <= BROAD * log_p[first]:
            return known
        one = Footprint(
            group=len(log_p),
            first=first,
            places=int(places[first]),
            measure=name,
            log_nfa=log_nfa,
        )
        explained = of_present(_from(one, part.start), self._told[name][part], self._own[part])
        return known if explained else one


def _from(one: Footprint, start: int) -> Footprint:
    """The same rhythm, counted from a later picture."""
    return replace(one, first=(one.first - start) % one.group)


def _placed(before: Footprint, after: Footprint, told: Mapping[str, Values]) -> Change:
    """Finds the place that parts the two rhythms best."""
    one, other = _adding(before, told), _adding(after, told)
    # What lies before the place is held to the first rhythm, the rest to the second.
    kept = np.concatenate(([0.0], one.cumsum())) + np.concatenate(
        (other[::-1].cumsum()[::-1], [0.0])
    )
    place = int(kept.argmin())
    count = len(one)
    return Change(
        before=before,
        after=after,
        last=max(range(before.first, max(place, before.first + 1), before.group)),
        first=min(place + (after.first - place) % after.group, count - 1),
    )


def _adding(one: Footprint, told: Mapping[str, Values]) -> Values:
    """What each value adds to the bound of a rhythm; 0 away from its places."""
    added = np.nan_to_num(Folding(told[one.measure]).told(one.group))
    there = np.arange(added.shape[1]) % one.group == one.first
    mine = np.where(there, added, 0.0)
    best: Values = mine[int(np.minimum(mine, 0).sum(axis=1).argmin())]
    return best
