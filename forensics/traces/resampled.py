"""Was a picture made larger or smaller, so that its pixels repeat a rhythm?

Pixels that were interpolated are foretold by their neighbours better or worse in a rhythm that the factor
gives (A. Popescu and H. Farid, "Exposing Digital Forgeries by Detecting Traces of Resampling", 2005), and
the second derivative along a line has that rhythm in its size (A. Gallagher, "Detection of Linear and
Cubic Interpolation in JPEG Compressed Images", 2005; B. Mahdian and S. Saic, 2008). The same filter
serves every picture (M. Kirchner, 2008). The blocks of an earlier saving as JPEG are scaled too, to a
rhythm that only they have.

What is periodic in a scene is so in one part or along one axis; what resizing leaves has one phase all
along the picture, and the same frequency along both axes. So the picture is cut into strips, each of
which has one vote for a phase at each frequency; votes of no common cause add up to little (Lord
Rayleigh, 1880).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.special import gammaincc

STRIP: Final = 32
"""Pixels across a strip."""

FEWEST: Final = 8
"""Strips along each axis that it needs."""

AROUND: Final = 33
"""Pixels on a side over which the second derivative is brought to the same size."""

FLOOR: Final = 0.25
NEIGHBOURS: Final = 24
"""Frequencies on either side that say how much is usual."""

LOWEST: Final = 0.03
HIGHEST: Final = 0.47
"""Cycles a pixel that are looked at: colour filters of sensors have a rhythm of two pixels."""

OFF: Final = 3.0
"""Frequencies nearer than so many steps to those of 8 × 8 blocks are left out: the last saving's own."""

MOST: Final = 24.0
"""What one frequency of a rhythm can add."""

SEEN: Final = -6.0
"""Decimal logarithm of the largest number of false alarms that counts."""

TOLD: Final = -25.0
"""The same, to tell the factor: what is weaker, or was saved as JPEG since, fits several, and not always
the right
one."""

LEAST_FACTOR: Final = 0.26
MOST_FACTOR: Final = 3.0
BLOCK: Final = 8
OVERTONES: Final = 8
CLEAR: Final = 6.0
"""What an overtone has along both axes together to be clear."""

FEWEST_CLEAR: Final = 4
"""Clear overtones without which no factor is looked for."""

ALIKE: Final = 0.9
"""A factor whose logarithm of false alarms is at least this share of the best one's fits as well."""

Spectrum = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What was found.

    Attributes:
        frequency: Cycles a pixel of the clearest frequency.
        log_nfa: Decimal logarithm of its number of false alarms.
        factors: By which the picture may have been resized, where blocks of an earlier saving tell, the
            nearest to 1 first; those of a rhythm that several leave alike.
        across: From `spectrum`, along the rows.
        down: Along the columns.
    """

    frequency: float
    log_nfa: float
    factors: tuple[float, ...]
    across: Spectrum
    down: Spectrum


def rhythm(light: NDArray[np.float32]) -> Rhythm | None:
    """Returns the rhythm of a picture as resizing leaves it, or None where none stands out.

    Args:
        light: Brightness, shape (height, width), not smaller than `STRIP` * `FEWEST` on a side.
    """
    across, down = spectrum(light), spectrum(np.ascontiguousarray(light.T))
    alone = _alone(across, down)
    factors, joined = _joined(across, down)
    log_nfa = min(alone[1], joined) + math.log10(2)
    if log_nfa > SEEN:
        return None
    return Rhythm(
        frequency=alone[0],
        log_nfa=log_nfa,
        factors=factors if joined <= TOLD else (),
        across=across,
        down=down,
    )


def spectrum(light: NDArray[np.float32]) -> Spectrum:
    """Returns how far the strips agree on a phase, for each frequency along the lines.

    Returns:
        Shape (n // 2 + 1,), n: pixels along a line less two; 1 is usual, and where there is no rhythm
        chance gives more than z about exp(-z) times. 0 where a frequency is not looked at.
    """
    size = np.abs(light[:, :-2] - 2 * light[:, 1:-1] + light[:, 2:])
    level = size / (size + cv2.blur(size, (AROUND, AROUND)) + FLOOR)
    strips, length = level.shape[0] // STRIP, level.shape[1]
    lines = level[: strips * STRIP].reshape(strips, STRIP, length).mean(1)
    waves = np.fft.rfft((lines - lines.mean(1, keepdims=True)) * np.hanning(length), axis=1)
    votes = waves / np.maximum(np.abs(waves), 1e-9)
    agreed = np.abs(votes.sum(0)) ** 2 / strips
    usual = np.median(
        sliding_window_view(np.pad(agreed, NEIGHBOURS, mode="reflect"), 2 * NEIGHBOURS + 1), axis=1
    )
    found = agreed / np.maximum(usual / math.log(2), 1.0)
    found[_left_out(length)] = 0
    return np.asarray(found, np.float64)


@lru_cache(maxsize=8)
def _left_out(length: int) -> NDArray[np.bool_]:
    places = np.fft.rfftfreq(length)
    off = np.abs(places * BLOCK - np.round(places * BLOCK)) / BLOCK
    return np.asarray((places < LOWEST) | (places > HIGHEST) | (off * length < OFF))


def _alone(across: Spectrum, down: Spectrum) -> tuple[float, float]:
    """The frequency that is clearest along both axes, and the logarithm of its number of false alarms."""
    places = np.linspace(0, 0.5, len(across))
    at = np.round(places * 2 * (len(down) - 1)).astype(int)
    near = np.maximum(np.maximum(down, np.roll(down, 1)), np.roll(down, -1))[at]
    both = _both(across, near)
    best = int(both.argmax())
    return float(places[best]), math.log10(3 * len(across)) - float(both[best]) / math.log(10)


def _both(across: NDArray[np.float64], down: NDArray[np.float64]) -> NDArray[np.float64]:
    """What two values that are usually 1 say together: more than z about exp(-z) times, by chance."""
    return 2 * np.minimum(across, down)


def _joined(across: Spectrum, down: Spectrum) -> tuple[tuple[float, ...], float]:
    """The factors to which blocks of 8 × 8 pixels were scaled, and the logarithm of false alarms of that."""
    count = math.ceil(max(len(across), len(down)) * 4 / LEAST_FACTOR)
    # Reciprocals of factors.
    pitches = np.linspace(1 / MOST_FACTOR, 1 / LEAST_FACTOR, count)[:, None]
    places = pitches * np.arange(1, OVERTONES + 1) / BLOCK % 1
    places = np.sort(np.minimum(places, 1 - places), axis=1)
    again = np.zeros(places.shape, bool)  # overtones that fall together count once
    again[:, 1:] = np.diff(places, axis=1) <= 1 / min(len(across), len(down))
    heard = [part[np.round(places * 2 * (len(part) - 1)).astype(int)] for part in (across, down)]
    said = np.where(again, 0.0, _both(*heard))
    parts = (said > 0).sum(1)
    chance = gammaincc(np.maximum(parts, 1), np.minimum(said, MOST).sum(1))
    clear = (said >= CLEAR).sum(1) >= FEWEST_CLEAR
    worth = np.where(clear, np.log10(np.maximum(chance, 1e-250)), 0.0)
    least = float(worth.min())
    factors = _peaks(worth, 1 / pitches[:, 0], least) if least < 0 else ()
    return factors, least + math.log10(count)


def _peaks(
    worth: NDArray[np.float64], factors: NDArray[np.float64], least: float
) -> tuple[float, ...]:
    """The factors that explain it about as well as the best, one for each run of like ones."""
    near = np.flatnonzero(worth <= least * ALIKE)
    runs = np.split(near, np.flatnonzero(np.diff(near) > 2 * BLOCK) + 1)
    told = {round(float(factors[run[worth[run].argmin()]]), 2) for run in runs}
    return tuple(sorted(told, key=lambda factor: (abs(math.log(factor)), factor)))
