"""Which table of steps, of an earlier saving as JPEG, explains the coefficients of a picture?

Each frequency says for each step how much better it explains what is seen than none does (a logarithm of
likelihoods, from `twice` or `combs`). Here they are joined: by tables that programs are known to use, and
by tables that nobody knows but that are shaped like the standard's. The mean of a likelihood ratio is one
where there is no trace, so that one as large as r is met by chance once in r times at most (A. Markov's
inequality): times the number of tables that are tried, that is the number of false alarms (A. Desolneux,
L. Moisan, J.-M. Morel, 2000).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PIL.JpegPresets import presets

from forensics.inside.quantisation import LUMA, MOZJPEG, estimate, scaled
from forensics.traces.coefficients import PLACES

STEPS: Final = 64
"""The coarsest step that is looked for."""

QUALITIES: Final = range(100, 29, -1)

MOST: Final = 6.0
"""What one frequency can add: up to three that are odd for another reason are not enough."""

SURE: Final = 8.0
"""What a frequency says for its step at least, to be told with one that no known table has."""

SEEN: Final = -5.5
"""Decimal logarithm of the largest number of false alarms that counts."""

SEEN_OWN: Final = -8.0
"""The same for tables of nobody known: what is odd for another reason than a saving is nearest to these."""

LIKE: Final = 1.6
"""A table of nobody known has, at each frequency, a step within this factor of the standard's."""

CAUTION: Final = 4.0
"""A saving would have shown if a trace so many times weaker than the one to be expected had, and clearly."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """What each frequency says for each step; both shape (len(PLACES), STEPS), of step less one.

    Attributes:
        found: By how much the step explains the coefficients better than none, as natural logarithms of
            likelihoods; 0 where not measured.
        expected: The same, as it would be if that step had been used.
    """

    found: Values
    expected: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """An earlier saving.

    Attributes:
        quality: Of the standard's table, scaled as the IJG does, that is as coarse. known: Whether the
        table is one that programs are known to use; else its steps are estimated one by one. steps: The
        step at each of `PLACES` that speaks for it; 0 where none does. log_nfa: Decimal logarithm of its
        number of false alarms.
    """

    quality: int
    known: bool
    steps: tuple[int, ...]
    log_nfa: float


@cache
def _tables() -> tuple[tuple[int, ...], ...]:
    """Tables that programs are known to use for brightness, and for pictures turned by a quarter since."""
    photoshop = (
        cast("dict[str, list[list[int]]]", preset)["quantization"][0] for preset in presets.values()
    )
    found = [
        *(scaled(quality) for quality in QUALITIES),
        *(scaled(quality, MOZJPEG) for quality in QUALITIES),
        *(tuple(table) for table in photoshop),
    ]
    turned = (tuple(table[place % 8 * 8 + place // 8] for place in range(64)) for table in found)
    return tuple(dict.fromkeys((*found, *turned)))


def tests() -> int:
    """Returns how many tables are tried."""
    return len(_tables()) + len(QUALITIES)


def explain(fits: Values, times: int = 1) -> Saving | None:
    """Returns the earlier saving that explains the coefficients best, or None where none stands out.

    Args:
        fits: `Fits.found`.
        times: How many such arrays are tried.
    """
    tables = _tables()
    room = math.log10(tests() * times)
    parts = _parts(fits, _steps())
    fit = parts.sum(1)
    number = int(fit.argmax())  # of equal ones the first: the finer, not turned
    log_nfa = _log_nfa(parts[number], room)
    if log_nfa <= SEEN:
        table = tables[number]
        steps = tuple(
            table[place] if part > 1 else 0
            for place, part in zip(PLACES, parts[number], strict=True)
        )
        return Saving(quality=_quality(table), known=True, steps=steps, log_nfa=log_nfa)
    own = _own(fits)
    nearest = int(own.sum(1).argmax())
    own_nfa = _log_nfa(own[nearest], room)
    if own_nfa > SEEN_OWN:
        return None
    return _estimated(fits, QUALITIES[nearest], own_nfa)


def _quality(table: tuple[int, ...]) -> int:
    """The quality of a table, or of what it was before it was turned."""
    turned = tuple(table[place % 8 * 8 + place // 8] for place in range(64))
    return min((estimate(table), estimate(turned)), key=lambda found: found.far).quality


def visible(expected: Values, times: int = 1) -> tuple[int, ...]:
    """Returns the qualities (IJG, falling) at which an earlier saving would have shown.

    Args:
        expected: `Fits.expected`.
        times: How many such arrays are tried.
    """
    room = math.log10(tests() * times)
    parts = _parts(expected / CAUTION, _steps())[: len(QUALITIES)]
    return tuple(
        quality
        for quality, part in zip(QUALITIES, parts, strict=True)
        if _log_nfa(part, room) <= SEEN + SEEN / 2
    )


@cache
def _steps() -> NDArray[np.int64]:
    """The step of each table at each frequency."""
    return np.array(_tables())[:, PLACES]


def _parts(fits: Values, steps: NDArray[np.int64]) -> Values:
    """What each frequency says for each table; nothing where its step is coarser than those looked for."""
    at = np.minimum(steps, STEPS) - 1
    return np.where(steps <= STEPS, fits[np.arange(len(PLACES)), at], 0.0)


def _log_nfa(parts: Values, room: float) -> float:
    return room - float(np.minimum(parts, MOST).sum()) / math.log(10)


def _range(quality: int, place: int) -> slice:
    """The steps, less one, that a table as coarse as the standard's at a quality may have."""
    step = LUMA[place] * (5000 // quality if quality < 50 else 200 - 2 * quality) / 100
    least = max(1, math.ceil(step / LIKE))
    most = max(least, math.floor(step * LIKE))
    return slice(min(least, STEPS) - 1, min(most, STEPS))


@cache
def _ranges() -> NDArray[np.int64]:
    """First step, less one, and the one after the last, by frequency and quality of `QUALITIES`."""
    spans = [[_range(quality, place) for quality in QUALITIES] for place in PLACES]
    return np.array([[(span.start, span.stop) for span in row] for row in spans])


def _own(fits: Values) -> Values:
    """What each frequency says for tables of nobody known: its mean over the steps that it may have.

    Returns:
        Shape (len(QUALITIES), len(PLACES)).
    """
    made = np.zeros((len(QUALITIES), len(PLACES)))
    for number, (row, spans) in enumerate(zip(fits, _ranges(), strict=True)):
        sums = np.logaddexp.reduceat(np.append(row, -np.inf), spans.ravel())[::2]
        made[:, number] = sums - np.log(spans[:, 1] - spans[:, 0])
    return made


def _estimated(fits: Values, quality: int, log_nfa: float) -> Saving:
    steps, ratios = [], []
    for row, place in zip(fits, PLACES, strict=True):
        span = _range(quality, place)
        at = span.start + int(row[span].argmax())
        sure = row[at] > SURE
        steps.append(at + 1 if sure else 0)
        if sure:
            ratios.append((at + 1) / LUMA[place])
    share = float(np.median(ratios)) if ratios else 0.0
    about = round(100 - 50 * share) if share < 1 else round(50 / share)
    return Saving(
        quality=about if ratios else quality, known=False, steps=tuple(steps), log_nfa=log_nfa
    )


def ranges(falling: Sequence[int]) -> str:
    """Returns whole numbers, in falling order, as ranges in rising order: "30–84, 90–92"."""
    ends = [n for n, after in pairwise(falling) if n - after > 1]
    starts = [falling[0], *(after for n, after in pairwise(falling) if n - after > 1)]
    spans = [*zip(starts, [*ends, falling[-1]], strict=True)][::-1]
    return ", ".join(f"{low}–{high}" if low < high else str(low) for high, low in spans)
