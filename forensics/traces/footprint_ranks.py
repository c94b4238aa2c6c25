"""Whether values stand out at even distances, against chance.

Each value is ranked among those around it; by chance any rank is as likely as any other. The logarithms of
the ranks at places of equal distance are added, as R. Fisher did (1932). H. Chernoff's bound (1952) of the
tail of that sum holds for few places as well as for many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Chosen = NDArray[np.bool_]

FEWEST: Final = 4
"""Places at which an even distance must be met."""
WINDOWS: Final = (5, 7, 9, 11, 14, 17, 20, 24, 29, 35, 42, 50, 59, 70, 85, 100, 120)
"""Places on each side among which one is ranked; fewer than the distance, where it is large enough."""
SLOPES: Final = (0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0)
"""Where Chernoff's bound is taken; the least counts."""


def standing_out(values: Values, chosen: Chosen, reach: int = 2) -> Values:
    """Returns by how much chosen values exceed the median of `reach` chosen ones on each side; else NaN."""
    out = np.full(len(values), np.nan)
    places = np.flatnonzero(chosen)
    if len(places) < 2 * reach + 1:
        return out
    seen = np.lib.stride_tricks.sliding_window_view(
        np.pad(values[places], reach, mode="reflect"), 2 * reach + 1
    )
    out[places] = values[places] - np.median(np.delete(seen, reach, axis=1), axis=1)
    return out


def ranked(values: Values, window: int) -> tuple[Values, Values]:
    """Ranks each value among those within `window`, itself among them.

    Returns:
        How many stand out as much, from 1, NaN as given; and how many there are.
    """
    padded = np.pad(values, window, constant_values=np.nan)
    rank, every = np.ones(len(values)), np.ones(len(values))
    for shift in (*range(-window, 0), *range(1, window + 1)):
        other = padded[window + shift : window + shift + len(values)]
        every += ~np.isnan(other)
        rank += other >= values
    return np.where(np.isnan(values), np.nan, rank), every


def bounded(rank: Values, every: Values) -> Values:
    """Returns what each rank adds to the bound, natural logarithms, shape (SLOPES, values); NaN as given."""
    most = int(every.max(initial=1))
    shares = np.log(np.arange(1, most + 1))
    slopes = np.array(SLOPES)[:, None]
    grown = np.cumsum(np.exp(-slopes * shares), axis=1)  # sums of r^-s up to each number of ranks
    log_mean = np.log(grown) - shares + slopes * shares
    bounds: Values = log_mean[:, every.astype(np.intp) - 1] + slopes * np.log(rank / every)
    return bounds


class Folding:
    """Values that are looked at in all even distances, from small to large."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._window = 0
        self._told: Values = np.zeros((len(SLOPES), len(values)))

    def told(self, group: int) -> Values:
        """Returns what each value adds to the bound at one distance; shape (SLOPES, values)."""
        fitting = max((w for w in WINDOWS if w < group), default=WINDOWS[0])
        if fitting != self._window:
            self._window = fitting
            self._told = bounded(*ranked(self._values, fitting))
        return self._told

    def at(self, group: int) -> tuple[Values, NDArray[np.intp]]:
        """Looks at one distance.

        Returns:
            For each beginning, 0 to `group` less one: the decimal logarithm of the chance to stand out as
            much, at most; and the number of places that could be looked at.
        """
        table = self._rows(group)
        return _chance(np.nansum(table, axis=1), (~np.isnan(table[0])).sum(axis=0))

    def parted(
        self, group: int, at: Sequence[int]
    ) -> tuple[tuple[Values, NDArray[np.intp]], tuple[Values, NDArray[np.intp]]]:
        """Looks at one distance before and after each of some places.

        Returns:
            Twice, for what lies before and what lies after, the same as `at`, with a row for each place. The
            group of values around a place itself is left out.
        """
        table = self._rows(group)
        seen = (~np.isnan(table[0])).cumsum(axis=0)
        added = np.nan_to_num(table).cumsum(axis=1)
        row = np.array(at, np.intp) // group
        before, some = np.maximum(row - 1, 0), (row > 0)[:, None]
        return (
            _chance(added[:, before] * some, seen[before] * some),
            _chance(added[:, -1:] - added[:, row], seen[-1] - seen[row]),
        )

    def _rows(self, group: int) -> Values:
        """What each value adds, as a table of rows of `group` values; shape (SLOPES, rows, group)."""
        told = self.told(group)
        rows = -(-told.shape[1] // group)
        filled = np.full((len(SLOPES), rows * group), np.nan)
        filled[:, : told.shape[1]] = told
        return filled.reshape(len(SLOPES), rows, group)


def _chance(added: Values, places: NDArray[np.intp]) -> tuple[Values, NDArray[np.intp]]:
    """The decimal logarithm of the chance of sums, shape (SLOPES, …), at most; and the places they have."""
    log_p = np.minimum(added.min(axis=0), 0) / np.log(10)
    log_p[places < FEWEST] = 0
    return log_p, places
