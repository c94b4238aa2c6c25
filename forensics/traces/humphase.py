"""Does the hum of the mains go on without a break in its phase?

A grid does not stop: between two moments of one recording its phase runs on. Where sound is taken out or
put in, all multiples jump at once, and by amounts that one shift in time explains: the k-th by k times as
much. A device that is switched changes strengths, and phases as it happens; it does neither; a generator
that sags under a load takes a second. After D. P. Nicolalde Rodríguez, J. A. Apolinário Jr. and L. W. P.
Biscainho, "Audio Authenticity: Detecting ENF Discontinuity With High Precision Phase Analysis" (IEEE TIFS,
2010); that all multiples must agree on one shift, at equal strength and at once, is this project's condition.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.hum import KEPT, MULTIPLES, RATE, Bands, Trace

SIDE: Final = 3.0
"""Seconds before and after a moment from which phases are read."""
FEWEST: Final = 3
"""Multiples that must be clear on both sides."""
CLEAR: Final = 18.0
"""Decibels above its own unrest, by which a multiple is clear."""
EQUAL: Final = 2.0
"""Decibels by which its strength may differ between the sides."""
SHIFT: Final = 2e-3
"""Seconds of the smallest shift that counts as a break."""
STILL: Final = 0.7e-3
"""Seconds of the largest that counts as none."""
FIT: Final = 0.3
"""Radians by which a multiple may miss what the shift asks of it."""
CHANCE: Final = 0.01
"""Chance, at most, that phases as they happen fit one shift as well."""
CONTINUOUS: Final = 0.7
"""Share of the moments elsewhere at which the phase must run on."""
MOST: Final = 12
ABRUPT: Final = 0.15
"""Share of the shift that may be missing from 0.4 s before to 0.4 s after: generators sag slower."""
_GUARD = 0.25
_APART = 0.03
_EVERY = KEPT // 4
_FINEST = 0.1
_LATE = 0.2
_NEAREST = 4
_OFFSETS = np.linspace(-0.05, 0.05, 51)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A moment at which the hum's phase breaks.

    Attributes:
        at: Seconds from the start, to about 0.5 s.
        shift: Seconds by which the hum is shifted from then on, within half of what tells shifts apart.
        multiples: Those that agree on it.
        chance: That phases as they happen fit one shift as well.
    """

    at: float
    shift: float
    multiples: tuple[int, ...]
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Phase:
    """How the phase of a hum runs.

    Attributes:
        times: Moments that could be tested, seconds, shape (n,).
        shifts: Of each, the shift that fits best, seconds, shape (n,).
        jumps: Breaks, in order of time; none where the phase does not run on elsewhere.
        seconds: Of the sound that could be tested.
    """

    times: NDArray[np.float64]
    shifts: NDArray[np.float64]
    jumps: tuple[Jump, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    at: float
    near: float
    shift: float
    still: bool
    jump: Jump | None
    fit: float


def phase(found: Bands, traced: Trace, check: Callable[[], None] = lambda: None) -> Phase:
    """Follows the phase of a trace.

    Args:
        found: The multiples of its grid, as `forensics.traces.hum.bands` gives them.
        traced: The trace.
        check: Called now and then; may raise.
    """
    side, guard = int(SIDE * KEPT), round(_GUARD * KEPT)
    columns = np.array([MULTIPLES.index(k) for k in traced.multiples])
    if len(columns) < FEWEST:
        return Phase(times=np.zeros(0), shifts=np.zeros(0), jumps=(), seconds=0.0)
    moments = []
    for middle in range(side + guard, len(found) - side - guard, _EVERY):
        check()
        moment = _moment(found, columns, middle, traced)
        if moment is not None:
            moments.append(moment)
    jumps = _jumps(found, traced.grid, [m for m in moments if m.jump])
    elsewhere = [m.still for m in moments if all(abs(m.at - j.at) > SIDE + 1 for j in jumps)]
    steady = bool(elsewhere) and sum(elsewhere) >= CONTINUOUS * len(elsewhere)
    kept = jumps if steady else []
    return Phase(
        times=np.array([m.at for m in moments]),
        shifts=np.array([m.shift for m in moments]),
        jumps=tuple(kept) if len(kept) <= MOST else (),
        seconds=len(moments) * _EVERY / KEPT,
    )


def _jumps(found: Bands, grid: int, seen: list[_Moment]) -> list[Jump]:
    """One for each break: the moments around it see it too, the clearest of them in its middle."""
    best: list[_Moment] = []
    for one in sorted(seen, key=lambda m: (-m.fit, m.at)):
        if all(abs(one.at - other.at) > SIDE for other in best):
            best.append(one)
    jumps = []
    for one in sorted(best, key=lambda m: m.at):
        alike = [m.at for m in seen if abs(m.at - one.at) < SIDE / 2 and m.fit > one.fit - 0.02]
        if one.jump and _abrupt(found, grid, one, one.jump, float(np.mean(alike))):
            jumps.append(replace(one.jump, at=float(np.mean(alike))))
    return jumps


def _abrupt(found: Bands, grid: int, one: _Moment, jump: Jump, at: float) -> bool:
    """Whether the whole shift happens between 0.4 s before and after some place near `at`."""
    numbers = np.array(jump.multiples)
    columns = [MULTIPLES.index(k) for k in jump.multiples]
    period = 1 / (grid + one.near)
    span = period / int(np.gcd.reduce(numbers))
    middle = round((at - _LATE) * KEPT)
    near = np.arange(_NEAREST, 2 * _NEAREST)
    for place in range(max(len(near) * 2, middle - KEPT), min(len(found) - 8, middle + KEPT)):
        times = near / KEPT
        turn = np.exp(-2j * np.pi * one.near * np.outer(times, numbers))
        after = (found[place + near][:, columns] * turn).mean(axis=0)
        before = (found[place - near][:, columns] * np.conj(turn)).mean(axis=0)
        turned = np.angle(after * np.conj(before))
        shift, _, missed = _shift(turned, numbers, np.ones(len(numbers)), period)
        apart = abs((shift - jump.shift + span / 2) % span - span / 2)
        if apart <= ABRUPT * abs(jump.shift) and np.median(missed) <= 2 * FIT:
            return True
    return False


def _moment(found: Bands, columns: NDArray[np.int64], middle: int, traced: Trace) -> _Moment | None:
    """What the two sides of one moment say; None where too few multiples are clear on both."""
    side, guard = int(SIDE * KEPT), round(_GUARD * KEPT)
    at = middle / KEPT + _LATE
    near = float(np.interp(at, traced.times, traced.hertz)) - traced.grid
    numbers = np.array([MULTIPLES[c] for c in columns])
    sides = [
        _read(found[start : start + side, columns], numbers, near, (start - middle) / KEPT)
        for start in (middle - guard - side, middle + guard)
    ]
    (before, unrest, f_before), (after, restless, f_after) = sides
    clear = np.minimum(
        20 * np.log10(np.abs(before) / unrest), 20 * np.log10(np.abs(after) / restless)
    )
    change = 20 * np.log10((np.abs(after) + 1e-12) / (np.abs(before) + 1e-12))
    good = (clear >= CLEAR) & (np.abs(change) <= EQUAL)
    if good.sum() < FEWEST:
        return None
    numbers = numbers[good]
    turned = np.angle(after[good] * np.conj(before[good]))
    weights = np.minimum(clear[good], 40.0)
    period = 1 / (traced.grid + near)
    shift, fit, missed = _shift(turned, numbers, weights, period)
    common = int(np.gcd.reduce(numbers))
    order = np.sort(np.maximum(missed, _FINEST))[1:]
    tried = 2 * int(numbers.max()) // common
    chance = float(tried * np.prod(order / math.pi))
    jumped = abs(shift) >= SHIFT and chance <= CHANCE and missed.max() <= FIT
    return _Moment(
        at=at,
        near=(f_before + f_after) / 2,
        shift=shift,
        still=abs(shift) <= STILL,
        fit=fit,
        jump=(
            Jump(at=at, shift=shift, multiples=tuple(int(k) for k in numbers), chance=chance)
            if jumped and abs(f_before - f_after) <= _APART
            else None
        ),
    )


def _read(
    piece: Bands, numbers: NDArray[np.int64], near: float, start: float
) -> tuple[NDArray[np.complex128], NDArray[np.float64], float]:
    """Amplitudes at time 0 of one side, the unrest of each, and the offset of the grid.

    Args:
        piece: Shape (n, multiples).
        numbers: Which multiples.
        near: About the offset of the grid, Hz.
        start: Time of the first value, seconds from the moment.
    """
    times = start + np.arange(len(piece)) / KEPT
    window = np.hanning(len(piece) + 2)[1:-1]
    window /= window.sum()
    quiet = np.median(np.abs(piece), axis=0) + 1e-12
    upright = piece * np.exp(-2j * np.pi * near * np.outer(times, numbers))
    turns = _turns(tuple(numbers.tolist()), len(piece), start)
    heights = np.abs(np.einsum("tk,otk->ok", window[:, None] * upright, turns))
    best = int(((heights / quiet) ** 2).sum(axis=1).argmax())
    turned = upright * turns[best]
    amplitudes = (window[:, None] * turned).sum(axis=0)
    rest = np.abs(turned - amplitudes) ** 2
    # Values a twentieth of a second apart share most of what they are made of.
    shared = 0.4 * KEPT / 2
    unrest = np.sqrt(shared * (window[:, None] ** 2 * rest).sum(axis=0))
    return amplitudes, np.maximum(unrest, 1e-9), near + float(_OFFSETS[best])


@lru_cache(maxsize=4)
def _turns(numbers: tuple[int, ...], count: int, start: float) -> NDArray[np.complex128]:
    """What undoes each offset of the grid, shape (offsets, values, multiples)."""
    times = start + np.arange(count) / KEPT
    turns = np.exp(-2j * np.pi * _OFFSETS[:, None, None] * np.array(numbers) * times[:, None])
    return np.asarray(turns, np.complex128)


def _shift(
    turned: NDArray[np.float64],
    numbers: NDArray[np.int64],
    weights: NDArray[np.float64],
    period: float,
) -> tuple[float, float, NDArray[np.float64]]:
    """The shift in time that explains the turns best, how well, and by how much each misses, radians."""
    most = period / 2 / int(np.gcd.reduce(numbers))
    shifts = np.linspace(-most, most, 801)
    asked = 2 * np.pi / period * np.outer(shifts, numbers)
    fits = (np.cos(turned - asked) * weights).sum(axis=1) / weights.sum()
    best = int(fits.argmax())
    missed = np.abs(np.angle(np.exp(1j * (turned - asked[best]))))
    return float(shifts[best]), float(fits[best]), missed


def reach() -> float:
    """Returns seconds at either end of a sound at which no break can be told."""
    return SIDE + _GUARD + 400 / RATE
