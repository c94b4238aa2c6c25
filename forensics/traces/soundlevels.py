"""The level of sound as it goes: peaks, and the power of bands, ten and fifty times a second and more.

Made block by block; an hour takes about 12 MB.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from forensics.traces.heard import gathered

PEAKS: Final = 100
"""Peaks a second."""
ROWS: Final = 50
"""Rows of bands a second; each looks at twice its share, under Hann's window."""
EDGES: Final = (100, 200, 300, 450, 650, 900, 1250, 1750, 2400, 3300, 4500, 6000)
"""Hertz between bands."""
FLOOR: Final = -120.0
"""Decibels below full scale at which all is silence."""
_BLOCK = 1 << 17

Sound = NDArray[np.float32]
Levels = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """How loud a sound is as it goes.

    Attributes:
        seconds: Its length.
        peaks: Largest absolute sample in each hundredth of a second, 1 at full scale, shape (n,).
        bands: Power of bands in decibels below full scale, shape (rows, bands up to 0.45 of the rate).
    """

    seconds: float
    peaks: Levels
    bands: Levels


def course(blocks: Iterable[Sound], rate: int) -> Course:
    """Reads sound block by block, of any lengths, and keeps its levels.

    Args:
        blocks: Mono sound, 1 at full scale.
        rate: Samples a second, at least 8000.
    """
    step, hop = rate // PEAKS, rate // ROWS
    matrix = _matrix(rate, hop)
    peaks: list[Levels] = []
    rows: list[Levels] = []
    left = short = np.zeros(0, np.float32)
    samples = 0
    for block in gathered(blocks, _BLOCK):
        samples += len(block)
        short = np.concatenate([short, block])
        count = len(short) // step
        peaks.append(np.abs(short[: count * step].reshape(count, step)).max(axis=1))
        short = short[count * step :]
        left = np.concatenate([left, block])
        count = len(left) // hop - 1
        if count > 0:
            rows.append(_rows(left, count, hop, matrix))
            left = left[count * hop :]
    return Course(
        seconds=samples / rate,
        peaks=np.concatenate(peaks) if peaks else np.zeros(0, np.float32),
        bands=np.concatenate(rows) if rows else np.zeros((0, matrix.shape[0]), np.float32),
    )


def _matrix(rate: int, hop: int) -> NDArray[np.float32]:
    """Which bins belong to which band, shape (bands, bins), weighted so that a band's power comes out."""
    bins = np.fft.rfftfreq(2 * hop, 1 / rate)
    edges = [edge for edge in EDGES if edge <= 0.45 * rate]
    inside = [(bins >= low) & (bins < high) for low, high in pairwise(edges)]
    power = 2 / (np.hanning(2 * hop + 1)[:-1] ** 2).sum() / (2 * hop)
    made: NDArray[np.float32] = (np.array(inside) * power).astype(np.float32)
    return made


def _rows(sound: Sound, count: int, hop: int, matrix: NDArray[np.float32]) -> Levels:
    window = np.hanning(2 * hop + 1)[:-1].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, 2 * hop)[::hop][:count]
    power = np.abs(fft.rfft(frames * window, axis=1)) ** 2
    found: Any = 10 * np.log10(power @ matrix.T + 10 ** (FLOOR / 10))
    return np.asarray(found, np.float32)
