"""Does a hum stray from an even course, as a grid does, or does it run like a clock?

A grid is held at its frequency by many machines that pull at it, and its phase strays within seconds; what a
computer, a synthesiser or an inverter makes runs as evenly as its clock. So the time that the multiples tell
is laid against a straight line over some seconds: how far it bends, by the noise that the same multiples show
in their quicker changes. A calm grid, or a faint one, bends no more than that either: an even course does not
say that a tone is none of the mains; but only a hum that strays is told from music by it. The measure is this
project's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from forensics.traces.hum import KEPT, MULTIPLES, Bands, Trace

STRAYS: Final = 2.0
"""Times the noise, by which the course must bend in three windows of four; an even one bends about once."""
LENGTH: Final = 6.0
"""Seconds of a window."""
_MEAN = KEPT // 4
_QUARTER = 0.25
_FASTER = 4


def stray(found: Bands, traced: Trace, check: Callable[[], None] = lambda: None) -> float:
    """Returns how far the course of a hum bends within `LENGTH`, in times of its noise.

    Of all windows the lower quarter counts: a break bends the course of the windows that it lies in, and
    nothing makes a tone run more evenly than it does.

    Args:
        found: The multiples of its grid, as `forensics.traces.hum.bands` gives them.
        traced: The trace.
        check: Called now and then; may raise.

    Returns:
        0 where the sound is too short for one window.
    """
    numbers = np.array(traced.multiples)
    columns = [MULTIPLES.index(k) for k in traced.multiples]
    off = float(np.median(traced.hertz)) - traced.grid
    at = np.arange(len(found)) / KEPT
    upright = found[:, columns] * np.exp(-2j * np.pi * off * np.outer(at, numbers))
    held = upright[: len(upright) // _MEAN * _MEAN].reshape(-1, _MEAN, len(numbers)).mean(axis=1)
    long, step = round(LENGTH * KEPT / _MEAN), KEPT // _MEAN
    slow, _ = np.linalg.qr(np.vander(np.linspace(-1, 1, long), _FASTER, increasing=True))
    bends: list[float] = []
    for start in range(0, len(held) - long + 1, step):
        check()
        told = np.unwrap(np.angle(held[start : start + long]), axis=0) / numbers
        noise = (told - slow @ (slow.T @ told)).var(axis=0) + 1e-12
        course = (told / noise).sum(axis=1) / (1 / noise).sum()
        rest = float((course - slow @ (slow.T @ course)).std()) + 1e-9
        bends.append(abs(float(slow[:, 2] @ course)) / rest)
    return float(np.quantile(bends, _QUARTER)) if bends else 0.0
