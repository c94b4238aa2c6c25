"""A small place in which something else stands at each beat: the digits of a clock or counter.

Between two beats nothing changes there; at each beat it changes at once, at equal intervals; and it does not
go back and forth between two or three states, as a lamp that blinks does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]
Box = tuple[int, int, int, int]

CELL: Final = 12
"""Pixels on a side of the places looked at."""
FEWEST_BEATS: Final = 6
FEWEST_STATES: Final = 5
"""Different sights between the beats, at least."""
_STRIDE: Final = 4
_CHANGED: Final = 9.0
"""Mean change of a place, grey levels, from one picture to the next at a beat, at least."""
_STILL: Final = 3.5
"""The same between beats, at most."""
_SLIPS: Final = 1
_FASTEST: Final = 4.0
"""Pictures between two changes, on average, at least; what changes oftener is motion."""
_THROUGH: Final = 0.8
"""Share of the time looked at from the first change to the last, at least."""
_LARGEST: Final = 0.03
"""Share of the picture that a clock's changing digits take, at most."""
_FEWEST_PLACES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Digits that change.

    Attributes:
        box: x, y, width, height of what changes, pixels.
        beat: Pictures between two changes, mean.
        beats: Changes seen.
    """

    box: Box
    beat: float
    beats: int


def clocks(pictures: Grey) -> tuple[Clock, ...]:
    """Returns what changes at a regular beat, from the top down.

    Args:
        pictures: Grey, shape (pictures, height, width), a few for each beat, equal steps of time apart.
    """
    if len(pictures) < 2 * FEWEST_BEATS or min(pictures.shape[1:]) < 2 * CELL:
        return ()
    found = _beating(pictures) or _beating(_strokes(pictures))
    return tuple(sorted(found, key=lambda clock: (clock.box[1], clock.box[0])))


def _strokes(pictures: Grey) -> Grey:
    """Thin bright strokes alone: digits without a plate, before a scene that moves."""
    kernel = np.ones((CELL + 1, CELL + 1), np.uint8)
    tops = [np.asarray(cv2.morphologyEx(p, cv2.MORPH_TOPHAT, kernel)) for p in pictures]
    seen = [(top > 60) & (p > 170) for top, p in zip(tops, pictures, strict=True)]
    return np.stack(seen).astype(np.uint8) * 255


def _beating(pictures: Grey) -> list[Clock]:
    moved = np.stack(
        [
            np.asarray(cv2.blur(cv2.absdiff(one, other), (CELL, CELL)))[
                CELL // 2 :: _STRIDE, CELL // 2 :: _STRIDE
            ]
            for one, other in pairwise(pictures)
        ]
    )
    changed, still = moved >= _CHANGED, moved <= _STILL
    count = changed.sum(axis=0)
    steady = (changed | still).sum(axis=0) >= len(moved) - _SLIPS
    candidates = np.argwhere(steady & (count >= FEWEST_BEATS) & (count <= len(moved) // 2))
    marked = np.zeros(moved.shape[1:], np.uint8)
    beats: dict[tuple[int, int], tuple[float, int]] = {}
    for row, column in candidates.tolist():
        at = np.flatnonzero(changed[:, row, column])
        steps = np.diff(at)
        beat = float(steps.mean())
        through = (at[-1] - at[0] + beat) / len(moved)
        if beat < _FASTEST or through < _THROUGH or np.ptp(steps) > max(1, round(beat / 4)):
            continue
        if _states(pictures, row * _STRIDE, column * _STRIDE, at) >= FEWEST_STATES:
            marked[row, column] = 1
            beats[row, column] = (beat, len(at))
    joined = cv2.dilate(marked, np.ones((3, 7), np.uint8))
    many, labels, _, _ = cv2.connectedComponentsWithStats(np.asarray(joined, np.uint8))
    found = []
    for label in range(1, many):
        places = [place for place in beats if labels[place] == label]
        if len(places) < _FEWEST_PLACES:
            continue
        box = _around(places, pictures.shape[1:])
        if box[2] * box[3] <= _LARGEST * pictures[0].size:
            beat = float(np.median([beats[place][0] for place in places]))
            found.append(Clock(box=box, beat=beat, beats=max(beats[place][1] for place in places)))
    return found


def _states(pictures: Grey, top: int, left: int, at: NDArray[np.int64]) -> int:
    """Returns how many different sights a place has between its changes."""
    sights: list[Floats] = []
    for step in (-1, *at.tolist()):
        sight = pictures[step + 1, top : top + CELL, left : left + CELL].astype(np.float32)
        if all(np.abs(sight - other).mean() >= _CHANGED * 0.7 for other in sights):
            sights.append(sight)
    return len(sights)


def _around(places: list[tuple[int, int]], shape: tuple[int, ...]) -> Box:
    rows, columns = zip(*places, strict=True)
    top, left = min(rows) * _STRIDE, min(columns) * _STRIDE
    bottom = min(shape[0], max(rows) * _STRIDE + CELL)
    right = min(shape[1], max(columns) * _STRIDE + CELL)
    return left, top, right - left, bottom - top
