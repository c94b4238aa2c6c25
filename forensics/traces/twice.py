"""Was a JPEG picture saved as JPEG before, on the same grid, and how coarsely?

Quantising by one step and then by another leaves bins of the second that hold too much, or too little, or
nothing, and which ones says what the first step was (J. Lukáš and J. Fridrich, "Estimation of Primary
Quantization Matrix in Double Compressed JPEG Images", 2003; A. Popescu and H. Farid, "Statistical Tools
for Digital Forensics", 2004). Here coefficients are taken to come from normal distributions of several
widths (M. Wainwright and E. Simoncelli, "Scale Mixtures of Gaussians and the Statistics of Natural
Images", 2000), and for each frequency and each first step the shares of the widths are found that explain
the counts of the bins best (A. Dempster, N. Laird, D. Rubin, 1977), with that step and without. The
difference is a logarithm of likelihoods.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from forensics.traces.coefficients import PLACES
from forensics.traces.earlier import STEPS, Fits

NOISE: Final = 0.35
"""Standard deviation of a coefficient after decoding to whole numbers in RGB and back: rounding of Y (1/12)
and of R, G and B (1/12 each, by the weights of ITU-R BT.601)."""

STRAYS: Final = (0.05, 0.3)
"""Shares of coefficients that follow no first step: clipped colours, parts drawn or put in. Each is tried."""

BINS: Final = 60
FEWEST: Final = 6
"""Bins that a frequency needs at least, each of which can have a count."""

LEAST: Final = 200
"""Coefficients off zero that a frequency needs at least."""

RARE: Final = 500
"""Bins from which on fewer than one coefficient in so many lies are left out."""

NARROWEST: Final = 0.3
WIDER: Final = 1.6
WIDTHS: Final = 12
"""Widths of normal distributions that are mixed: the narrowest in steps, and how they grow."""

TURNS: Final = 25
TINY: Final = 1e-12
NOTHING: Final = 0.5
"""A first step that is not expected to explain more than this says nothing, for or against."""

Values = NDArray[np.float64]


def fits(values: NDArray[np.float32], table: Sequence[int]) -> Fits:
    """Returns what each frequency says for each first step.

    Args:
        values: From `coefficients`, on the grid of the last saving.
        table: The steps of that saving, 64 values of at least 1, row by row.
    """
    found, expected = np.zeros((2, len(PLACES), STEPS))
    for number, place in enumerate(PLACES):
        bins = np.round(values[:, number] / table[place]).astype(np.int64)
        told = _told(counts(bins), table[place])
        if told is not None:
            found[number], expected[number] = told
    return Fits(found=found, expected=expected)


def counts(bins: NDArray[np.int64]) -> Values:
    """Returns how often a quantised coefficient is 0, ±1, ±2 and so on, up to `BINS`."""
    far = np.abs(bins)
    return np.bincount(far[far <= BINS], minlength=BINS + 1).astype(np.float64)


@lru_cache(maxsize=64)
def shapes(second: int) -> Values:
    """Returns what share each bin gets of a normal distribution, after no first step and after each.

    Returns:
        Shape (1 + len(STRAYS) * STEPS, BINS + 1, WIDTHS); the bins of both signs together, 0 not filled.
    """
    widths = second * NARROWEST * WIDER ** np.arange(WIDTHS)
    bins = np.arange(BINS + 1)[:, None] * second
    once = 2 * (ndtr((bins + second / 2) / widths) - ndtr((bins - second / 2) / widths))
    made = [once]
    for stray in STRAYS:
        for first in range(1, STEPS + 1):
            places = np.arange(0, (BINS + 1) * second + first, first)
            mass = ndtr((places + first / 2)[:, None] / widths) - ndtr(
                (places - first / 2)[:, None] / widths
            )
            ends = [(bins + turn * second / 2 - places) / NOISE for turn in (1, -1)]
            made.append((1 - stray) * 2 * ((ndtr(ends[0]) - ndtr(ends[1])) @ mass) + stray * once)
    return np.asarray(np.stack(made))


def _told(count: Values, second: int) -> tuple[Values, Values] | None:
    """What one frequency says for each first step, and would; None: too few coefficients off zero."""
    total = count[1:].sum()
    if total < LEAST:
        return None
    beyond = np.cumsum(count[::-1])[::-1]
    last = int(np.searchsorted(-beyond, -max(3.0, total / RARE)))
    if last <= FEWEST:
        return None
    got = count[1:last]
    parts = shapes(second)[:, 1:last] + TINY
    parts = parts / parts.sum(1, keepdims=True)
    fit, rate = _mixed(got, parts)
    there = parts[1 : STEPS + 1] @ rate
    expected = total * (there * np.log(there / (parts[0] @ rate))).sum(1)
    found = np.logaddexp.reduce((fit[1:] - fit[0]).reshape(len(STRAYS), STEPS), axis=0)
    return np.where(expected < NOTHING, 0.0, found - math.log(len(STRAYS))), expected


def _mixed(got: Values, parts: Values) -> tuple[Values, Values]:
    """Finds the shares of the widths that explain counts best, for no first step and for each.

    Those for a first step begin with those for none and take fewer turns, so that they rather err on the
    safe side.

    Returns:
        The logarithm of the likelihood for each, and the shares for none.
    """
    rate = np.full(WIDTHS, 1 / WIDTHS)
    for _ in range(TURNS * 3):
        rate = rate * (parts[0].T @ (got / (parts[0] @ rate))) / got.sum()
    rates = np.tile(0.99 * rate + 0.01 / WIDTHS, (len(parts), 1))[:, :, None]
    rates[0, :, 0] = rate
    turned = np.ascontiguousarray(parts.transpose(0, 2, 1))
    for _ in range(TURNS):
        rates = rates * (turned @ (got[:, None] / (parts @ rates))) / got.sum()
    return np.log(parts @ rates)[:, :, 0] @ got, rates[0, :, 0]
