"""How coarsely was a picture saved as JPEG, when its coefficients were not quantised on that grid since?

Decoding a JPEG picture rounds its pixels, and no more: on its grid each coefficient lies near a multiple
of its step (Z. Fan and R. de Queiroz, "Identification of Bitmap Compression History: JPEG Detection and
Quantizer Estimation", 2003). Here, for each frequency and each step, it is asked how much better the
places of coefficients between multiples fit a normal distribution about the multiples than an even one.
Of a distribution that falls, ever more slowly, from zero on, less than an even share lies near multiples,
so that this errs on the safe side.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.earlier import STEPS, Fits, Saving, explain

FINE: Final = 8
"""Bins of a histogram in one unit of a coefficient."""

REACH: Final = 160
"""The largest coefficient that is looked at."""

STRAYS: Final = (0.05, 0.3)
"""Shares of coefficients that keep to no step: clipped colours, parts drawn or put in. Each is tried."""

NOISES: Final = (0.35, 0.6, 1.0, 1.6, 2.5)
"""Standard deviations of what came after the saving: rounding to whole numbers in RGB, a finer saving on
another
grid. Each is tried."""


FEWEST: Final = 32
"""Blocks with some structure that are needed: in something drawn, a few can be alike, and speak as one."""


def best(values: NDArray[np.float32], times: int = 1) -> Saving | None:
    """Returns the saving that left its steps in coefficients, or None where none did.

    Args:
        values: From `coefficients`, on the grid of that saving.
        times: How many grids are tried.
    """
    if len(values) < FEWEST:
        return None
    counts = histograms(values)
    tried = (explain(fits(counts, noise).found, times * len(NOISES)) for noise in NOISES)
    found = [saving for saving in tried if saving]
    return min(found, key=lambda saving: saving.log_nfa) if found else None


def fits(counts: NDArray[np.float64], noise: float) -> Fits:
    """Returns what each frequency says for each step.

    Args:
        counts: From `histograms`.
        noise: Of `NOISES`.
    """
    says, worth, beyond = _weights(noise)
    found = np.logaddexp.reduce(counts @ says.transpose(0, 2, 1), axis=0) - math.log(len(STRAYS))
    return Fits(found=found, expected=(counts @ beyond.T) * worth)


def histograms(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Returns how many coefficients have each size, in bins of 1 / FINE, for each frequency."""
    size = REACH * FINE
    bins = (np.abs(values) * FINE).astype(np.int64)
    bins += np.arange(values.shape[1]) * (size + 1)
    np.minimum(bins, (np.arange(values.shape[1]) + 1) * (size + 1) - 1, out=bins)
    counts = np.bincount(bins.ravel(), minlength=values.shape[1] * (size + 1))
    return counts.reshape(values.shape[1], size + 1)[:, :size].astype(np.float64)


@lru_cache(maxsize=len(NOISES))
def _weights(noise: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """What one coefficient of each size says for each step, what it would say on average, whether it may.

    Returns:
        Shapes (len(STRAYS), STEPS, bins), (STEPS,), (STEPS, bins).
    """
    steps = np.arange(1, STEPS + 1, dtype=np.float64)[:, None]
    place = (np.arange(REACH * FINE)[None, :] + 0.5) / FINE
    off = place - np.round(place / steps) * steps
    near = _near(off, steps, noise)
    beyond = place > steps / 2
    says = [np.where(beyond, np.log((1 - stray) * near + stray), 0.0) for stray in STRAYS]
    even = steps * (np.linspace(-0.5, 0.5, 129)[None, 1:] - 1 / 256)
    share = (1 - STRAYS[0]) * _near(even, steps, noise) + STRAYS[0]
    worth = np.asarray((share * np.log(share)).mean(1), np.float64)
    return np.stack(says), worth, beyond.astype(np.float64)


def _near(
    off: NDArray[np.float64], steps: NDArray[np.float64], noise: float
) -> NDArray[np.float64]:
    """Density at a distance from the nearest multiple, as a multiple of an even one."""
    turns = math.ceil(4 * NOISES[-1])
    total = sum(np.exp(-(((off + t * steps) / noise) ** 2) / 2) for t in range(-turns, turns + 1))
    return np.asarray(total * steps / (noise * math.sqrt(2 * math.pi)))
