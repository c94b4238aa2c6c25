"""Whether pictures that are predicted now were once coded on their own, at even distances.

A video that is coded a second time keeps a trace of the first: where the first coding had begun a new group
of pictures, what is predicted from the picture before fits worse, so that more is coded anew. D. Vázquez-
Padín and others named it the variation of the prediction footprint ("Detection of video double encoding with
GOP size estimation", 2012; with motion vectors and B pictures: "Video integrity verification and GOP size
estimation via generalized variation of prediction footprint", 2020).

What differs from the papers: a picture is compared with its neighbours of the same part in the present
coding, by the blocks that are coded on their own, by what it takes to code it, and by its step in noise. How
telling an even distance is, is a number of false alarms (A. Desolneux, L. Moisan, J.-M. Morel, 2000).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.footprint_ranks import FEWEST, Chosen, Folding, Values, standing_out
from forensics.traces.rates import left_out, repeated

SHORTEST: Final = 9
"""Pictures in a group that is told; what comes more often is a rhythm of another kind."""
LONGEST: Final = 150
PHASES: Final = 3
"""Different distances from the present coding's own groups at which it must be met: else it may be theirs."""
BROAD: Final = 0.5
"""A picture before or after that stands out half as much: it is the scene that comes and goes."""
EVENT: Final = 6.0
FLASH: Final = 1.5
EVENTFUL: Final = 2.0
"""Something happened: some place of the small picture changes by so many grey levels more than usual, or all
of it does, and so many times as much."""
ALSO: Final = -1.3
"""Decimal logarithm of the chance from which on places between others stand out as well."""
STILL: Final = 0.95
FAINT: Final = 0.25
"""Where at least such a share of blocks stays as it is, and a place takes no more than so many bytes for each
block of the picture above the usual, only something small changes: the caret of a recorded screen."""
SEEN: Final = -3.0
"""Decimal logarithm of the number of false alarms from which on a distance counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """The most telling even distance.

    Attributes:
        group: Pictures from one such place to the next.
        first: Index of the first one.
        places: How many places could be looked at.
        measure: By what it stands out.
        log_nfa: Decimal logarithm of the number of false alarms.
    """

    group: int
    first: int
    places: int
    measure: str
    log_nfa: float


def search(records: NDArray[Any], luma: NDArray[np.uint8]) -> Footprint | None:
    """Returns the most telling even distance of a film, telling or not; None where there is none to look at.

    Args:
        records: As `forensics.media.filmed.RECORD` tells.
        luma: Small pictures, (pictures, rows, columns).
    """
    longest = min(LONGEST, len(records) // FEWEST)
    groups = range(2, longest + 1)
    told = measures(records, luma)
    own = records["type"] == b"I"
    tests = float(np.log10(max(1, sum(groups)) * len(told)))
    found = [
        candidate
        for name, values in told.items()
        for candidate in _candidates(name, values, groups, own, tests)
    ]
    best = min(found, key=lambda one: one.log_nfa, default=None)
    if best is None:
        return None
    parted = _parted(best, told[best.measure])
    return None if of_present(parted, told[best.measure], own) else parted


def _parted(one: Footprint, values: Values) -> Footprint:
    """The same, at a part of the distance, where what lies between stands out as well."""
    log_p, _ = Folding(values).at(one.group)
    for times in range(one.group // SHORTEST, 1, -1):
        step = one.group // times
        between = [log_p[(one.first + k * step) % one.group] for k in range(1, times)]
        if one.group % times == 0 and max(between) <= ALSO:
            places = len(range(one.first % step, len(values), step))
            return replace(one, group=step, first=one.first % step, places=places)
    return one


def measures(records: NDArray[Any], luma: NDArray[np.uint8]) -> Mapping[str, Values]:
    """Returns by how much each picture stands out, by each measure; NaN where it cannot be compared."""
    types = records["type"]
    own = types == b"I"
    again = repeated(records)
    usable = ~own & ~records["broken"] & ~eventful(luma) & ~again
    usable[1:] &= ~again[:-1]
    usable[1:] &= ~own[:-1]
    usable[:1] = False
    part = parts(types)
    intra = _by_part(np.sqrt(np.maximum(records["intra"], 0).astype(np.float64)), part, usable)
    cost = _by_part(effort(records), part, usable)
    noise = records["noise"].astype(np.float64)
    return {
        "blocks coded on their own": intra,
        "what it takes to code it": cost,
        "blocks coded on their own, with what it takes to code it": intra + cost,
        "noise": _by_part(np.diff(noise, prepend=noise[:1]), part, usable),
    }


def effort(records: NDArray[Any]) -> Values:
    """Returns what each picture takes to code, as a power of two: its size, allowing for its quantiser."""
    step = np.nan_to_num(records["step"].astype(np.float64), nan=0.0)
    taken: Values = np.log2(np.maximum(records["size"], 1)) + step / 6
    return taken


def eventful(luma: NDArray[np.uint8]) -> Chosen:
    """Returns where something sudden is seen: a cut, a flash, the hand of a clock."""
    most, level = np.zeros(len(luma)), np.zeros(len(luma))
    for at in range(1, len(luma)):
        change = luma[at].astype(np.int16) - luma[at - 1]
        most[at], level[at] = np.abs(change).max(), abs(change.mean())
    placed = (most > EVENTFUL * _around(most)) & (most > _around(most) + EVENT)
    flashed: Chosen = (level > EVENTFUL * _around(level)) & (level > _around(level) + FLASH)
    both: Chosen = placed | flashed
    return both


def _around(values: Values) -> Values:
    seen = np.lib.stride_tricks.sliding_window_view(np.pad(values, 3, mode="edge"), 7)
    return np.asarray(np.median(seen, axis=1))


def parts(types: NDArray[Any]) -> NDArray[np.intp]:
    """Returns which part each picture plays in the present coding: pictures of one part can be compared.

    A B picture in the middle between two others can be what B pictures beside it are predicted from, and then
    takes more to code than these; what is no B picture takes more, the more B pictures lie before it.
    """
    held = np.flatnonzero(types != b"B")
    at = np.arange(len(types))
    after = np.searchsorted(held, at)
    before = held[np.maximum(after - 1, 0)]
    span = np.append(held, len(types))[after] - before
    middle = (span > 2) & (at - before == span // 2)
    return np.where(types == b"B", np.where(middle, 1, 0), 2 + span).astype(np.intp)


def _by_part(values: Values, part: NDArray[np.intp], usable: Chosen) -> Values:
    """By how much each value exceeds those of its neighbours of the same part, in usual excesses."""
    out = np.full(len(values), np.nan)
    for kind in np.unique(part[usable]):
        chosen = usable & (part == kind)
        excess = standing_out(values, chosen)[chosen]
        usual = np.median(np.abs(excess)) if len(excess) else 0.0
        out[chosen] = excess / usual if usual > 0 else excess
    return out


def _candidates(
    name: str, values: Values, groups: range, own: Chosen, tests: float
) -> Iterator[Footprint]:
    """The most telling beginning of each distance, where it is neither the present coding nor the scene."""
    folding = Folding(values)
    for group in groups:
        log_p, places = folding.at(group)
        first = int(np.argmin(log_p))
        beside = min(log_p[first - 1], log_p[(first + 1) % group])
        if log_p[first] < 0 and beside > BROAD * log_p[first]:
            one = Footprint(
                group=group,
                first=first,
                places=int(places[first]),
                measure=name,
                log_nfa=float(log_p[first] + tests),
            )
            if not of_present(one, values, own):
                yield one


def of_present(one: Footprint, values: Values, own: Chosen) -> bool:
    """Returns whether the present coding's own groups can explain an even distance as well."""
    begun = np.flatnonzero(own)
    if len(begun) > 1 and (begun % one.group == one.first).all():
        return True
    met = np.arange(one.first, len(values), one.group)
    met = met[~np.isnan(values[met])]
    since = (
        met - begun[np.maximum(np.searchsorted(begun, met, "right") - 1, 0)] if len(begun) else met
    )
    return len(np.unique(since)) < PHASES


def paced(one: Footprint, luma: NDArray[np.uint8]) -> bool:
    """Returns whether the scene goes on evenly at the places met: nothing was left out there."""
    return not left_out(luma, np.arange(one.first, len(luma), one.group))


def small(one: Footprint, records: NDArray[Any]) -> bool:
    """Returns whether at the places met only something small changes, in a picture that stands.

    Where a group of an earlier coding began, all of the picture was coded anew.
    """
    predicted = records["type"] != b"I"
    met = np.zeros(len(records), np.bool_)
    met[one.first :: one.group] = True
    there, elsewhere = records[met & predicted], records[~met & predicted]
    if not len(there) or not len(elsewhere):
        return False
    blocks = max(1, int(records["blocks"].max()))
    more = float(np.median(there["size"])) - float(np.median(elsewhere["size"]))
    return float(np.median(there["still"])) >= STILL * blocks and more < FAINT * blocks
