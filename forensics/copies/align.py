"""Which of the single pictures that look alike follow each other in the same order on both sides?

One pair of similar pictures may be chance, a station's ident or the same scene taken twice. A copied
passage is a line: pairs at one offset between the two times. Offsets are voted for in overlapping bins,
and a vote counts once for each *distinct* picture, so that a static shot cannot outvote a moving one.
Playing speed is taken to be unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from forensics.model.claim import Span
from forensics.model.copy import CopySpan

_TICKS = 1_000_000
"""Votes are counted in whole microseconds; the times reported are the exact ones."""
_FAR = 1 << 60
"""Microseconds beyond which offsets are not told apart: a container may state any time at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A picture in hand and one in another asset whose codes lie within the radius.

    Attributes:
        query: Seconds from the start of the asset in hand.
        copy: Seconds from the start of the other asset.
        distance: Bits that differ.
        quality: Of the picture in hand.
        group: Number of the distinct picture it is one of, in the asset in hand (`distinct_groups`).
    """

    query: Fraction
    copy: Fraction
    distance: int
    quality: int
    group: int


def distinct_groups(codes: Iterable[bytes], bits: int) -> list[int]:
    """Returns for each code the number of the distinct picture that it shows.

    A code belongs to the first earlier picture from which it differs in fewer than `bits` bits, and is
    a new one otherwise.
    """
    leaders: list[int] = []
    groups: list[int] = []
    for code in (int.from_bytes(code, "big") for code in codes):
        for number, leader in enumerate(leaders):
            if (code ^ leader).bit_count() < bits:
                groups.append(number)
                break
        else:
            groups.append(len(leaders))
            leaders.append(code)
    return groups


def sampling_spacing(times: Iterable[Fraction]) -> Fraction:
    """Returns the usual step between sampled pictures in seconds, at least 1: the plan's usual step."""
    ordered = sorted(set(times))
    steps = sorted(b - a for a, b in pairwise(ordered))
    return max(Fraction(1), steps[len(steps) // 2]) if steps else Fraction(1)


def lines(pairs: Sequence[Pair], spacing: Fraction, needed: int) -> list[list[Pair]]:
    """Returns the passages that run on both sides at one offset, each in order of time.

    Args:
        pairs: All pairs of one scheme between two assets.
        spacing: Seconds between samples; a pair is in line if its offset is off by no more.
        needed: Distinct pictures that a line must have.

    Returns:
        Lines of one pair for each picture in hand, longest first. No picture in hand is in two.
    """
    left = sorted(pairs, key=lambda pair: (pair.query, pair.copy, pair.distance))
    found: list[list[Pair]] = []
    while left:
        line = _best_line(left, spacing)
        if len({pair.group for pair in line}) < needed:
            break
        found.append(line)
        used = {pair.query for pair in line}
        left = [pair for pair in left if pair.query not in used]
    return found


def spans(line: Sequence[Pair], gap: Fraction) -> list[CopySpan]:
    """Returns the stretches of a line, from their first to their last pair; longer gaps divide them."""
    runs: list[list[Pair]] = []
    for pair in line:
        if runs and pair.query - runs[-1][-1].query <= gap:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return [
        CopySpan(
            query=Span(start=run[0].query, end=run[-1].query),
            copy=Span(start=min(p.copy for p in run), end=max(p.copy for p in run)),
        )
        for run in runs
    ]


def _best_line(pairs: Sequence[Pair], spacing: Fraction) -> list[Pair]:
    """Returns the line with most distinct pictures, then most pictures, then least distance."""
    tolerance = min(int(spacing * _TICKS), _FAR)
    ticks = (int((p.copy - p.query) * _TICKS) for p in pairs)
    offsets = np.array([max(-_FAR, min(_FAR, tick)) for tick in ticks], dtype=np.int64)
    bins = offsets // tolerance
    # A pair votes for the two windows, two bins wide, that hold its bin: no line is cut by a bin's edge.
    windows = np.concatenate([bins, bins - 1])
    labels, of_pair = np.unique(windows, return_inverse=True)
    order = {time: i for i, time in enumerate(sorted({p.query for p in pairs}))}
    votes = [
        _distinct_votes(of_pair, np.array(keys * 2), len(labels))
        for keys in ([p.group for p in pairs], [order[p.query] for p in pairs])
    ]
    near = -np.bincount(of_pair, np.tile([p.distance for p in pairs], 2), len(labels))
    best = labels[np.lexsort((-np.abs(labels), near, votes[1], votes[0]))[-1]]
    inside = [p for p, b in zip(pairs, bins.tolist(), strict=True) if b in (best, best + 1)]
    centre = median(p.copy - p.query for p in _nearest(inside, None))
    return _nearest([p for p in pairs if abs(p.copy - p.query - centre) <= spacing], centre)


def _distinct_votes(
    windows: NDArray[np.int64], keys: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Returns how many different keys fall into each of `count` windows."""
    both = np.unique(np.stack([windows, keys]), axis=1)
    return np.bincount(both[0], minlength=count)


def _nearest(pairs: Iterable[Pair], centre: Fraction | None) -> list[Pair]:
    """Returns for each picture in hand the pair of least distance, then nearest to the offset."""
    best: dict[Fraction, tuple[tuple[int, Fraction, Fraction], Pair]] = {}
    for pair in pairs:
        off = Fraction(0) if centre is None else abs(pair.copy - pair.query - centre)
        rank = (pair.distance, off, pair.copy)
        if pair.query not in best or rank < best[pair.query][0]:
            best[pair.query] = (rank, pair)
    return [best[time][1] for time in sorted(best)]
