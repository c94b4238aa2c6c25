"""Which of the single pictures that look alike follow each other in the same order on both sides?

One pair of similar pictures may be chance, a station's ident or the same scene taken twice. A copied
passage is a line: copy = speed × query + offset. Offsets are voted for in overlapping bins, and a vote
counts once for each *distinct* picture, so that a static shot cannot outvote a moving one. Voting (the
Hough transform) is done at the unchanged speed first; another speed, from half to double, must put clearly
more pictures in line to be believed, and is then fitted to them.
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
_SPEEDS = tuple(Fraction(round(1000 * 2 ** (k / 18)), 1000) for k in range(-18, 19) if k)
"""Tried beside the unchanged speed: about 4 % apart, from half to double."""
_FITS = 4
"""Times that a speed is fitted and its line collected again: each time over a longer stretch."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Pairs that follow each other on both sides, in order of time in the asset in hand.

    Attributes:
        pairs: One for each picture in hand.
        speed: Seconds of the other asset that pass in one second of the asset in hand.
    """

    pairs: tuple[Pair, ...]
    speed: Fraction


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


def lines(
    pairs: Sequence[Pair], spacing: Fraction, needed: int, *, speeds: bool = True
) -> list[Line]:
    """Returns the passages that run on both sides at one offset and one speed.

    Args:
        pairs: All pairs of one kind between two assets.
        spacing: Seconds between samples; a pair is in line if its offset is off by no more.
        needed: Distinct pictures that a line must have.
        speeds: Look for other speeds too.

    Returns:
        Longest first. No picture in hand is in two.
    """
    left = sorted(pairs, key=lambda pair: (pair.query, pair.copy, pair.distance))
    found: list[Line] = []
    while left:
        line = _best_line(left, spacing) if speeds else _vote(left, Fraction(1), spacing)[0]
        if _distinct(line) < needed:
            break
        found.append(line)
        used = {pair.query for pair in line.pairs}
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


def _best_line(pairs: Sequence[Pair], spacing: Fraction) -> Line:
    """Returns the line with most distinct pictures; of an altered speed only if it has clearly more."""
    plain, _ = _vote(pairs, Fraction(1), spacing)
    best = _distinct(plain)
    possible = len({pair.group for pair in pairs})
    # Four pictures fix a speed with one to spare; fewer lie in line at some speed by chance.
    if possible < max(4, best + 2):
        return plain
    votes = [(_vote(pairs, speed, spacing), speed) for speed in _SPEEDS]
    (start, _), _ = max(votes, key=lambda vote: (vote[0][1], -abs(vote[1] - 1)))
    fitted = _fit(start, pairs, spacing)
    clearly = max(4, best + 2, best + best // 4)
    drift = abs(fitted.speed - 1) * (fitted.pairs[-1].query - fitted.pairs[0].query)
    return fitted if _distinct(fitted) >= clearly and drift > spacing else plain


def _fit(line: Line, pairs: Sequence[Pair], spacing: Fraction) -> Line:
    """Returns the line whose speed is that of the pairs near it, by least squares, while it grows."""
    for _ in range(_FITS):
        first = line.pairs[0]
        query = np.array([float(p.query - first.query) for p in line.pairs])
        copy = np.array([float(p.copy - first.copy) for p in line.pairs])
        query -= query.mean()
        if not query.any():
            return line
        slope = float(query @ (copy - copy.mean()) / (query @ query))
        speed = min(max(Fraction(round(slope * 1000), 1000), Fraction(1, 2)), Fraction(2))
        again = _vote(pairs, speed, spacing)[0]
        if (_distinct(again), len(again.pairs)) < (_distinct(line), len(line.pairs)):
            return line
        line = again
    return line


def _vote(pairs: Sequence[Pair], speed: Fraction, spacing: Fraction) -> tuple[Line, int]:
    """Returns the line of one speed with most distinct pictures, then most pictures, then least distance."""
    tolerance = min(int(spacing * _TICKS), _FAR)
    offset = [pair.copy - speed * pair.query for pair in pairs]
    ticks = (int(seconds * _TICKS) for seconds in offset)
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
    inside = [i for i, b in enumerate(bins.tolist()) if b in (best, best + 1)]
    rough = _nearest([(pairs[i], Fraction(0)) for i in inside])
    centre = median(pair.copy - speed * pair.query for pair in rough)
    off = [abs(seconds - centre) for seconds in offset]
    line = _nearest([(p, far) for p, far in zip(pairs, off, strict=True) if far <= spacing])
    return Line(pairs=tuple(line), speed=speed), int(votes[0].max())


def _distinct(line: Line) -> int:
    return len({pair.group for pair in line.pairs})


def _distinct_votes(
    windows: NDArray[np.int64], keys: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Returns how many different keys fall into each of `count` windows."""
    both = np.unique(np.stack([windows, keys]), axis=1)
    return np.bincount(both[0], minlength=count)


def _nearest(pairs: Iterable[tuple[Pair, Fraction]]) -> list[Pair]:
    """Returns for each picture in hand the pair of least distance, then nearest to the line."""
    best: dict[Fraction, tuple[tuple[int, Fraction, Fraction], Pair]] = {}
    for pair, off in pairs:
        rank = (pair.distance, off, pair.copy)
        if pair.query not in best or rank < best[pair.query][0]:
            best[pair.query] = (rank, pair)
    return [best[time][1] for time in sorted(best)]
