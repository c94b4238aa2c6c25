"""One page that shows what was found in a sound: levels over all the time, and the spectrum of a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.silences import Silence
from forensics.traces.soundlevels import PEAKS, Course
from forensics.traces.soundloops import RATE, Repeat
from forensics.traces.soundplots import Mark, Panel, draw
from forensics.traces.soundsteps import Step

MARKED: Final = 6
"""Places of one kind that are marked."""
_STRIP: Final = 3.0


def page(
    heard: Course,
    sound: NDArray[np.float32],
    silent: Sequence[Silence],
    again: Sequence[Repeat],
    stepped: Sequence[Step],
) -> NDArray[np.uint8]:
    """Returns levels with what was found marked, and below the spectrum around its first place.

    Args:
        heard: Levels of the whole sound.
        sound: Samples, `RATE` a second, from the start.
        silent: Passages of silence.
        again: Passages that come again.
        stepped: Steps of the background.
    """
    marks = [
        *(
            Mark(start=s.start, end=s.end, word="zero" if s.exact else "quiet")
            for s in [one for one in silent if one.inner][:MARKED]
        ),
        *(
            mark
            for number, r in enumerate(again[:MARKED], 1)
            for mark in (
                Mark(start=r.start, end=r.start + r.seconds, word=f"{number}"),
                Mark(start=r.again, end=r.again + r.seconds, word=f"{number} again"),
            )
        ),
        *(Mark(start=s.at, word=f"{s.decibels:+.0f} dB") for s in stepped[:MARKED]),
    ]
    peaks = heard.peaks
    level = 20 * np.log10(np.maximum(peaks, 1e-5))
    wide = max(1, len(level) // 1200)
    count = len(level) // wide
    folded = level[: count * wide].reshape(count, wide)
    times = (np.arange(count) + 0.5) * wide / PEAKS
    first = min((mark.start for mark in marks), default=0.0)
    panels = [
        Panel(
            title="Peak level: loudest and softest hundredth of a second",
            unit="dB of full scale",
            seconds=(0.0, heard.seconds),
            span=(-100.0, 0.0),
            curves=[(times, folded.max(axis=1)), (times, folded.min(axis=1))],
            marks=marks,
        )
    ]
    around = (max(0.0, first - _STRIP), min(len(sound) / RATE, first + _STRIP))
    if around[1] - around[0] > 0.5:
        panels.append(
            Panel(
                title="Spectrum around the first place",
                unit="Hz",
                seconds=around,
                span=(0.0, RATE / 2),
                strip=_spectrum(sound[int(around[0] * RATE) : int(around[1] * RATE)]),
                marks=[Mark(start=first)],
            )
        )
    return draw(panels)


def _spectrum(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    frames = np.lib.stride_tricks.sliding_window_view(sound, 256)[::64]
    window = np.hanning(256)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) / window.sum() * 2
    return np.asarray((20 * np.log10(power + 1e-6).T + 100) / 80, np.float64)
