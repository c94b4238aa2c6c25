"""Passages of a sound that come again, sample by sample.

Music, bells and words come again; the noise that was recorded with them never does. So the sound is whitened,
which gives noise and detail the same weight as tones, and a passage counts only where it comes again with
all of that, sample upon sample, for a second and more. Lags are found by correlating stretches of 20 s with
each other (a peak above eight deviations), and are then followed in time.

What comes again in this way was copied. Who copied it is open: music made with a computer consists of copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import median_filter, uniform_filter1d

from forensics.traces.silences import runs

RATE: Final = 8000
"""Samples a second at which passages are compared."""
LEAST: Final = 1.0
"""Seconds of the shortest passage."""
NEAREST: Final = 0.5
"""Seconds between a passage and its repeat, at least: what is closer may be an echo."""
MOST_SECONDS: Final = 15 * 60
ALIKE: Final = 0.7
"""Mean correlation of a passage with its repeat, at least; an echo of equal level has 0.5."""
MOST: Final = 64
"""Repeats that are told."""
MOST_LAGS: Final = 80
"""Lags that are followed, the clearest: music of copies has thousands."""
_STRETCH = 20 * RATE
_SAME = 0.002
_PEAK, _PEAKS = 8.0, 6
_FRAME, _SMOOTH = 1024, 15
_SHORT = RATE // 5
_GOES_ON = 0.55
_OTHER = 0.6
_STEPS = 9

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A passage that comes again.

    Attributes:
        start: Seconds from the start, of the earlier one.
        again: Seconds from the start, of the later one.
        seconds: Length.
        alike: Mean correlation of the whitened sound, 0 to 1.
    """

    start: float
    again: float
    seconds: float
    alike: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Peak:
    """A lag, in samples, that stands out by so many deviations in the stretch that begins at `start`."""

    height: float
    lag: int
    start: int


def repeats(sound: Sound, check: Callable[[], None] = lambda: None) -> list[Repeat]:
    """Returns passages of at least `LEAST` seconds that come again, longest first.

    Args:
        sound: Mono at `RATE`, 1 at full scale, at most `MOST_SECONDS`.
        check: Called now and then; may raise.
    """
    white = whitened(sound)
    clearest = sorted(_lags(white, check), key=lambda p: (-p.height, p.lag, p.start))
    found: list[Repeat] = []
    for one in clearest[:MOST_LAGS]:
        check()
        if not any(_within(one, r) for r in found):
            found.extend(_passages(white, one))
    joined = _joined(sorted(found, key=lambda r: (r.start, r.again)))
    return sorted(joined, key=lambda r: (-r.seconds, r.start, r.again))[:MOST]


def whitened(sound: Sound) -> Sound:
    """Returns sound with the same level at all times and frequencies; silence stays silence."""
    hop = _FRAME // 2
    window = np.sqrt(np.hanning(_FRAME + 1)[:-1]).astype(np.float32)
    padded = np.concatenate([np.zeros(hop, np.float32), sound, np.zeros(_FRAME, np.float32)])
    made = np.zeros_like(padded)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::hop]
    for first in range(0, len(frames), 2048):  # to bound memory
        spectra = np.fft.rfft(frames[first : first + 2048] * window, axis=1)
        size = np.abs(spectra)
        even = uniform_filter1d(size, _SMOOTH, axis=1)
        heard = even.mean(axis=1, keepdims=True) > 2e-3  # about 100 dB below full scale
        flat = np.where(heard, spectra / np.maximum(np.maximum(even, size / 3), 1e-6), 0)
        back = np.fft.irfft(flat, n=_FRAME, axis=1).astype(np.float32) * window
        for k, frame in enumerate(back):
            at = (first + k) * hop
            made[at : at + _FRAME] += frame
    return made[hop : hop + len(sound)]


def _lags(white: Sound, check: Callable[[], None]) -> Iterator[_Peak]:
    """Yields lags at which some stretch correlates with another, or with itself."""
    size = int(fft.next_fast_len(2 * _STRETCH, real=True))
    starts = range(0, len(white), _STRETCH)
    spectra = [_flat(fft.rfft(white[s : s + _STRETCH], size)) for s in starts]
    for j, later in enumerate(spectra):
        for i, earlier in enumerate(spectra[: j + 1]):
            check()
            course = fft.irfft(later * np.conj(earlier), size)
            course = np.concatenate([course[-_STRETCH:], course[:_STRETCH]])
            course[: _STRETCH + int(NEAREST * RATE) - (j - i) * _STRETCH] = 0
            for at, height in _peaks(course):
                lag = (j - i) * _STRETCH + at - _STRETCH
                yield _Peak(height=height, lag=lag, start=i * _STRETCH)


def _flat(spectrum: NDArray[Any]) -> NDArray[Any]:
    """Takes bare tones down to what lies around them: they correlate at any lag."""
    size = np.abs(spectrum)
    around = uniform_filter1d(size, 401)
    flat = spectrum / np.maximum(1e-9, np.maximum(around, size / 2))
    return np.asarray(flat, np.complex64)


def _peaks(course: NDArray[Any]) -> list[tuple[int, float]]:
    """Places of peaks, with their heights in deviations."""
    there = course[course != 0]
    if len(there) < RATE:
        return []
    deviation = float(np.median(np.abs(there))) / 0.6745
    found: list[tuple[int, float]] = []
    course = np.abs(course)
    for _ in range(_PEAKS):
        at = int(course.argmax())
        if course[at] <= _PEAK * deviation or deviation == 0:
            break
        found.append((at, float(course[at]) / deviation))
        course[max(0, at - 40) : at + 41] = 0
    return found


def _within(one: _Peak, known: Repeat) -> bool:
    """Whether a passage at this lag is known for the whole stretch."""
    return (
        abs(one.lag / RATE - (known.again - known.start)) < _SAME
        and known.start * RATE <= one.start
        and one.start + _STRETCH <= (known.start + known.seconds) * RATE
    )


def _passages(white: Sound, peak: _Peak) -> Iterator[Repeat]:
    """Yields where the sound comes again after the lag, in the stretch and those beside it."""
    lag = peak.lag
    low = max(0, peak.start - _STRETCH)
    high = min(len(white) - lag, peak.start + 2 * _STRETCH)
    if high - low < LEAST * RATE:
        return
    for first, last in _followed(white[low:high], white[low + lag : high + lag]):
        start, end = low + first, low + last
        alike, shift = _best(white[start:end], white[start + lag : end + lag])
        if alike < ALIKE or not _only_there(white, start, end, lag, alike):
            continue
        yield Repeat(
            start=start / RATE,
            again=(start + lag + shift) / RATE,
            seconds=(end - start) / RATE,
            alike=alike,
        )


def _followed(one: Sound, other: Sound) -> Iterator[tuple[int, int]]:
    """Yields runs over which the correlation in windows of a fifth of a second goes on."""
    both = uniform_filter1d(one * other, _SHORT)[:: _SHORT // 4]
    size = uniform_filter1d(one * one, _SHORT)[:: _SHORT // 4]
    size *= uniform_filter1d(other * other, _SHORT)[:: _SHORT // 4]
    course = both / np.sqrt(np.maximum(size, 1e-12))
    # A lag between two samples weakens the whole, so it is the steady level that counts.
    steady = median_filter(course, 5)
    least = int(LEAST * RATE)
    for first, last in runs(steady > _GOES_ON * 0.8):
        start, end = first * (_SHORT // 4), min(len(one), last * (_SHORT // 4))
        if end - start >= least:
            yield start, end


def _best(one: Sound, other: Sound) -> tuple[float, float]:
    """Correlation of two passages at the best lag between samples, and that lag."""
    spectrum = np.conj(np.fft.rfft(one)) * np.fft.rfft(other)
    bins = 2 * np.pi * np.fft.rfftfreq(len(one))
    size = float(np.sqrt((one @ one) * (other @ other))) or 1.0
    shifts = np.linspace(-1, 1, 2 * _STEPS + 1)
    found = [
        float((spectrum * np.exp(1j * bins * s)).real.sum()) * 2 / len(one) / size for s in shifts
    ]
    at = int(np.argmax(found))
    return found[at], float(shifts[at])


def _only_there(white: Sound, start: int, end: int, lag: int, alike: float) -> bool:
    """Whether the passage fits at this lag alone: what sounds on and on fits at many."""
    reach = int(0.05 * RATE)
    piece = white[start:end]
    low, high = max(0, start + lag - reach), min(len(white), end + lag + reach)
    around = white[low:high]
    size = int(fft.next_fast_len(len(around) + len(piece), real=True))
    course = fft.irfft(fft.rfft(around, size) * np.conj(fft.rfft(piece, size)), size)
    course = np.abs(course[: len(around) - len(piece) + 1]) / max(1e-9, float(piece @ piece))
    middle = start + lag - low
    course[max(0, middle - 8) : middle + 9] = 0
    return bool(course.max(initial=0) < _OTHER * alike)


def _joined(found: Iterable[Repeat]) -> list[Repeat]:
    """Joins what overlaps at the same lag: a passage may run through several stretches."""
    kept: list[Repeat] = []
    for one in found:
        for k, other in enumerate(kept):
            same = abs((one.again - one.start) - (other.again - other.start)) < _SAME
            if same and one.start <= other.start + other.seconds:
                end = max(one.start + one.seconds, other.start + other.seconds)
                better = max(one, other, key=lambda r: r.seconds)
                kept[k] = Repeat(
                    start=other.start,
                    again=other.start + better.again - better.start,
                    seconds=end - other.start,
                    alike=better.alike,
                )
                break
        else:
            kept.append(one)
    return kept
