"""Passages without sound: exact digital silence within a recording, and passages that are merely very quiet.

A microphone and its converter always leave a little noise. Samples that are all zero were put there by a
program: a mute, a gate, a fade, an encoder that has nothing to code, or an edit. Which one, silence cannot
tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.soundlevels import PEAKS, Course

ZERO: Final = 0.5 / 32768
"""Below half a step of 16 bits a sample is zero."""
QUIET: Final = 10 ** (-66 / 20)
"""Peak below which a passage is very quiet."""
LEAST_ZERO, LEAST_QUIET = 0.05, 1.0
"""Seconds of the shortest run."""
EDGE: Final = 0.3
"""Seconds at either end in which silence is ordinary: the coding fills up there, and fades end there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A run without sound.

    Attributes:
        start: Seconds from the start.
        end: Seconds from the start.
        exact: All samples are zero.
        inner: It touches neither the beginning nor the end of the sound.
    """

    start: float
    end: float
    exact: bool
    inner: bool


def silences(heard: Course) -> list[Silence]:
    """Returns runs without sound, in order of time; a quiet run that is in part exact is told as both."""
    exact = _found(heard.peaks < ZERO, LEAST_ZERO, exact=True)
    quiet = _found(heard.peaks < QUIET, LEAST_QUIET, exact=False)
    # What is quiet only because it is exactly silent need not be told twice.
    own = [q for q in quiet if _covered(q, exact) < 0.8 * (q.end - q.start)]
    return sorted([*exact, *own], key=lambda one: (one.start, one.exact))


def _covered(run: Silence, others: list[Silence]) -> float:
    return sum(max(0.0, min(run.end, o.end) - max(run.start, o.start)) for o in others)


def _found(quiet: NDArray[np.bool_], least: float, *, exact: bool) -> list[Silence]:
    return [
        Silence(
            start=first / PEAKS,
            end=last / PEAKS,
            exact=exact,
            inner=first / PEAKS > EDGE and last / PEAKS < len(quiet) / PEAKS - EDGE,
        )
        for first, last in runs(quiet)
        if last - first >= least * PEAKS
    ]


def runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yields where flags are set: first, and one past the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield int(first), int(last)
