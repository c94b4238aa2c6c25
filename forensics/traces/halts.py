"""Pictures that stand: a run frozen while all around it moves, and pictures that are shown more than once.

A scene that stands is no frozen run: what counts is that movement stops from one picture to the next and
begins again in the same way, with movement before and after. Pictures that are shown twice at regular
distances come from a change of the frame rate (telecine, 25 to 30 a second): history, not editing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.repeats import stretches

Floats = NDArray[np.float32]

STANDS: Final = 0.6
"""Grey levels: a smaller step may be coding alone."""
BY: Final = 5.0
"""Times by which the usual step around a frozen run exceeds its own."""
MOVES: Final = 1.0
"""Grey levels: the usual step of what moves, at least."""
STARTS: Final = 0.4
"""Of the usual step: the last step before a frozen run, and the first after it, at least."""
BEFORE: Final = 0.8
"""Seconds before and after a frozen run in which nothing else may stand for long."""

SAME: Final = 0.2
"""Of the usual step around: a picture that differs by less is shown again."""
MOST_AGAIN: Final = 3
"""Times in a row that a picture is shown again; more is a halt."""
FEWEST: Final = 8
"""Pictures shown again, below which nothing is said of their distances."""
REGULAR: Final = 0.8
"""Share of distances that are the same, give or take one, from which on they are regular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A frozen run.

    Attributes:
        begin: The picture that stands.
        end: The picture after the last that looks like it.
        onward: Step out of it in times of the usual step after it: near 1 where the movement goes on where
            it stopped, more where time went on meanwhile.
    """

    begin: int
    end: int
    onward: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """Pictures that are shown again while others move.

    Attributes:
        again: How many.
        moving: Pictures that could have shown it.
        every: Their usual distance in pictures.
        regular: Whether it is much the same throughout.
        sections: Begin and end of parts in which most distances are 2, where that holds of less than half.
    """

    again: int
    moving: int
    every: int
    regular: bool
    sections: tuple[tuple[int, int], ...]


def frozen(step: Floats, rate: float, least: float = 0.3) -> tuple[Frozen, ...]:
    """Returns runs that stand while the video moves before and after.

    Args:
        step: Differences to the picture before, grey levels; the first is 0.
        rate: Pictures a second.
        least: Seconds of a run, at least.
    """
    count = len(step)
    around = max(6, round(BEFORE * rate))
    found = []
    still = step <= STANDS
    still[:1] = False
    for begin, end in stretches(still):
        if end - begin + 1 < max(4, least * rate) or begin < around or end + around > count:
            continue
        before, after = step[begin - around : begin], step[end : end + around]
        usual = min(float(np.median(before)), float(np.median(after)))
        inside = float(np.percentile(step[begin:end], 90))
        if usual < max(MOVES, BY * inside):
            continue
        if max(_longest(before <= STANDS), _longest(after[1:] <= STANDS)) > 3:
            continue
        # What comes to rest slows down first: the picture stands from one step to the next instead.
        if min(step[begin - 1], step[begin - 2]) < STARTS * np.median(before):
            continue
        if min(step[end], step[end + 1]) < STARTS * np.median(after):
            continue
        found.append(
            Frozen(begin=begin - 1, end=end, onward=float(step[end] / np.median(after[1:])))
        )
    return tuple(found)


def _longest(holds: NDArray[np.bool_]) -> int:
    return max((end - begin for begin, end in stretches(holds)), default=0)


def cadence(step: Floats) -> Cadence | None:
    """Returns how pictures are shown again while others move, or None where too few are.

    Args:
        step: Differences to the picture before, grey levels; the first is 0.
    """
    if len(step) < FEWEST:
        return None
    usual = _usual(step)
    moving = usual >= MOVES
    again = moving & (step <= np.minimum(STANDS, SAME * usual))
    again[:1] = False
    for begin, end in stretches(again):  # what stands for long is no picture that is shown twice
        around = np.append(step[max(1, begin - 1) : begin], step[end : end + 1])
        if end - begin > MOST_AGAIN or len(around) < 2 or around.min() < MOVES:
            again[begin:end] = False
    places = np.flatnonzero(again)
    if len(places) < FEWEST:
        return None
    distances = np.diff(places)
    every = int(np.median(distances))
    regular = bool((np.abs(distances - every) <= 1).mean() >= REGULAR)
    twice = distances == 2
    sections = [
        (int(places[begin]) - 1, int(places[end]) + 1)
        for begin, end in stretches(twice)
        if end - begin >= FEWEST - 2
    ]
    if sum(end - begin for begin, end in sections) * 2 > moving.sum():
        sections = []
    return Cadence(
        again=len(places),
        moving=int(moving.sum()),
        every=every,
        regular=regular,
        sections=tuple(sections),
    )


def _usual(step: Floats, around: int = 6) -> Floats:
    """The larger half's mean of the steps around each picture: what moves, if some pictures repeat."""
    padded = np.pad(step, around, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * around + 1)
    return np.asarray(np.percentile(windows, 75, axis=1), np.float32)
