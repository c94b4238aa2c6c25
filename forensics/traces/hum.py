"""The hum of the mains in a sound: is there a trace of 50 or 60 Hz with its harmonics, and how does it run?

Recorders near the mains pick up its frequency and, more often, multiples of it. All multiples follow one
grid: what counts is that several of them stand out, at one and the same frequency, most of the time. After
C. Grigoras, "Digital audio recording analysis: the Electric Network Frequency (ENF) criterion"
(International Journal of Speech, Language and the Law, 2005); the multiples taken together as by D.
Bykhovsky and A. Cohen, "Electrical network frequency (ENF) maximum-likelihood estimation via a multitone
harmonic model" (IEEE TIFS, 2013).

Each multiple is shifted to 0 Hz and kept 20 times a second, so that an hour takes about 12 MB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from forensics.traces.heard import gathered

RATE: Final = 2000
"""Samples a second of the sound that is looked at."""
KEPT: Final = 20
"""Values a second that are kept of each multiple."""
GRIDS: Final = (50, 60)
MULTIPLES: Final = tuple(range(1, 13))
LEAST_SECONDS: Final = 10.0
"""Shorter sound is not testable."""
OFF: Final = 0.3
"""Hertz by which a grid, and the clock of a recorder, may be off."""
MARGIN: Final = 13.0
"""Decibels above what lies around it, by which a multiple must stand out..."""
SHARE: Final = 0.8
"""...in this share of the time."""
FEWEST: Final = 2
"""Multiples that there must be."""
LENGTH, HOP = 4 * KEPT, KEPT
"""Values from which the frequency is read, and from one reading to the next."""
_TAPS, _STEP = 800, RATE // KEPT
_PADDED = 20 * LENGTH
_NEAR, _FAR = 1.2, 4.0
_FINE = 0.005
_WANDER = 0.08
_LOUD = 30.0
_BLOCK = 512

Sound = NDArray[np.float32]
Bands = NDArray[np.complex64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """A trace of the mains.

    Attributes:
        grid: 50 or 60.
        times: Middle of each reading, seconds, shape (n,).
        hertz: Frequency of the grid as the recorder's clock gives it, shape (n,).
        multiples: Those that stand out.
        margins: Median of their margins, decibels, in the order of `multiples`.
        share: Of the readings at which the multiples stand out, mean.
    """

    grid: int
    times: NDArray[np.float64]
    hertz: NDArray[np.float64]
    multiples: tuple[int, ...]
    margins: tuple[float, ...]
    share: float


def bands(blocks: Iterable[Sound]) -> dict[int, Bands]:
    """Returns, for each grid, its multiples shifted to 0 Hz.

    Args:
        blocks: Mono sound at `RATE`, of any lengths.

    Returns:
        By grid, shape (n, multiples); value n belongs to n / `KEPT` + 0.2 s.
    """
    waves = [2j * np.pi * k * grid / RATE for grid in GRIDS for k in MULTIPLES]
    window = np.blackman(_TAPS + 1)[:-1]
    made = np.exp(-np.outer(np.arange(_TAPS), waves)) * (window / window.sum())[:, None]
    shift = np.concatenate([made.real, made.imag], axis=1).astype(np.float32)
    parts: list[Bands] = []
    left, done = np.zeros(0, np.float32), 0
    for block in gathered(blocks, 8 * RATE):
        left = np.concatenate([left, block])
        count = (len(left) - _TAPS) // _STEP + 1
        if count <= 0:
            continue
        frames = np.lib.stride_tricks.sliding_window_view(left, _TAPS)[::_STEP][:count]
        real, imaginary = np.split(np.ascontiguousarray(frames) @ shift, 2, axis=1)
        turned = np.exp(-np.outer((done + np.arange(count)) * _STEP, waves))
        parts.append(((real + 1j * imaginary) * turned).astype(np.complex64))
        left, done = left[count * _STEP :], done + count
    whole = np.concatenate(parts) if parts else np.zeros((0, len(waves)), np.complex64)
    each = len(MULTIPLES)
    return {grid: whole[:, k * each : (k + 1) * each] for k, grid in enumerate(GRIDS)}


def traces(found: dict[int, Bands], check: Callable[[], None] = lambda: None) -> list[Trace]:
    """Returns the traces of both grids, the one with more multiples first.

    300 and 600 Hz are multiples of both: a second trace needs others.
    """
    there = [one for grid in GRIDS if (one := trace(found[grid], grid, check))]
    there.sort(key=lambda one: (-len(one.multiples), one.grid))
    if len(there) == 2:
        taken = {there[0].grid * k for k in there[0].multiples}
        if sum(there[1].grid * k not in taken for k in there[1].multiples) < FEWEST:
            del there[1]
    return there


def trace(found: Bands, grid: int, check: Callable[[], None] = lambda: None) -> Trace | None:
    """Returns the trace of one grid, or None where too few of its multiples stand out.

    Args:
        found: Its multiples, as `bands` gives them.
        grid: 50 or 60.
        check: Called now and then; may raise.
    """
    if len(found) < LEAST_SECONDS * KEPT:
        return None
    offsets = np.arange(-OFF, OFF + _FINE / 2, _FINE)
    margins = np.concatenate(list(_margins(found, offsets, check)))
    at = _followed(margins, offsets)
    likely = (_along(margins, at) >= MARGIN).mean(axis=0) >= SHARE / 2
    if likely.sum() < FEWEST:
        return None
    # Multiples that are not there bring nothing but unrest.
    at = _followed(margins[:, :, likely], offsets)
    along = _along(margins, at)
    shares = (along >= MARGIN).mean(axis=0)
    there = np.flatnonzero(shares >= SHARE)
    if len(there) < FEWEST:
        return None
    return Trace(
        grid=grid,
        times=(np.arange(len(at)) * HOP + LENGTH / 2) / KEPT + _TAPS / RATE / 2,
        hertz=grid + offsets[at],
        multiples=tuple(int(MULTIPLES[k]) for k in there),
        margins=tuple(float(np.median(along[:, k])) for k in there),
        share=float(shares[there].mean()),
    )


def _followed(margins: NDArray[np.float32], offsets: NDArray[np.float64]) -> NDArray[np.int64]:
    """Returns at which offset the grid is in each reading, an index into `offsets`."""
    # One loud multiple must not outvote the others, nor one loud moment the rest.
    louder = np.maximum(0, margins.max(axis=1, keepdims=True) - _LOUD)
    heights = np.maximum(margins - louder, 0).sum(axis=2)
    whole = float(offsets[int(heights.sum(axis=0).argmax())])
    near = np.flatnonzero(np.abs(offsets - whole) <= _WANDER)
    around = uniform_filter1d(heights[:, near], 3, axis=0, mode="nearest")
    return np.asarray(near[around.argmax(axis=1)], np.int64)


def _along(margins: NDArray[np.float32], at: NDArray[np.int64]) -> NDArray[np.float32]:
    return margins[np.arange(len(at)), at]


def _margins(
    found: Bands, offsets: NDArray[np.float64], check: Callable[[], None]
) -> Iterator[NDArray[np.float32]]:
    """Yields decibels of each reading, offset of the grid and multiple above what lies around it."""
    window = np.hanning(LENGTH + 1)[:-1].astype(np.float32)
    bins = np.fft.fftfreq(_PADDED, 1 / KEPT)
    # The window that cut the band out weakens what lies off its middle.
    droop = _droop(bins)
    around = np.flatnonzero((np.abs(bins) >= _NEAR) & (np.abs(bins) <= _FAR))
    places = np.rint(np.outer(offsets, MULTIPLES) * _PADDED / KEPT).astype(int) % _PADDED
    frames = np.lib.stride_tricks.sliding_window_view(found, LENGTH, axis=0)[::HOP]
    for first in range(0, len(frames), _BLOCK):
        made = []
        for frame in frames[first : first + _BLOCK]:  # shape (multiples, LENGTH)
            check()
            power = np.abs(np.fft.fft(frame * window, _PADDED, axis=1)) ** 2
            noise = np.median(power[:, around] / droop[around], axis=1) / np.log(2)
            at = np.take_along_axis(power, places.T, axis=1)
            # Where there is nothing at all, nothing stands out.
            made.append(10 * np.log10((at + 1e-18) / np.maximum(noise, 1e-14)[:, None]).T)
        yield np.asarray(made, np.float32)


def _droop(bins: NDArray[Any]) -> NDArray[Any]:
    window = np.blackman(_TAPS + 1)[:-1]
    turned = np.exp(-2j * np.pi * np.outer(bins, np.arange(_TAPS)) / RATE)
    power: NDArray[Any] = np.maximum(np.abs(turned @ window / window.sum()) ** 2, 1e-4)
    return power
