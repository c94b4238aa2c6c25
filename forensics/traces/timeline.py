"""A video's course, drawn: how much each picture differs from the one before, with runs marked on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

WIDE: Final = 1200
LEFT: Final = 60
TOP: Final = 70
HIGH: Final = 150
BAND: Final = 26
FOOT: Final = 44
SMALL: Final = 150
_INK, _PALE, _STEP = (40, 40, 40), (205, 205, 205), (110, 110, 130)
COLOURS: Final = (
    (200, 60, 40),
    (30, 110, 190),
    (40, 140, 70),
    (170, 90, 190),
    (210, 140, 20),
    (0, 140, 150),
)

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Spans of the video that belong together, drawn in one colour.

    Attributes:
        spans: Begin and end of each, seconds; two of them are joined by an arc.
        label: A few words, ASCII.
    """

    spans: tuple[tuple[float, float], ...]
    label: str


def drawn(
    times: Floats, step: Floats, marks: Sequence[Mark], lines: Sequence[float] = ()
) -> Pixels:
    """Returns a time line, RGB on white.

    Args:
        times: Seconds of each picture.
        step: Difference of each picture to the one before, grey levels.
        marks: What is marked below the axis.
        lines: Seconds at which an upright line stands.
    """
    base = TOP + HIGH
    high = base + 24 + BAND * max(1, len(marks)) + FOOT
    canvas = np.full((high, WIDE, 3), 255, np.uint8)
    length = max(float(times[-1]), 1e-3) if len(times) else 1.0
    scale = (WIDE - LEFT - 20) / length

    def x(seconds: float) -> int:
        return LEFT + round(min(max(seconds, 0.0), length) * scale)

    top = max(1.0, float(step.max(initial=0.0)))
    tallest = np.zeros(WIDE, np.float32)
    columns = np.clip(LEFT + np.rint(times * scale), 0, WIDE - 1).astype(np.int64)
    np.maximum.at(tallest, columns, step / top)
    for column in np.flatnonzero(tallest > 0):
        y = base - max(1, round(float(tallest[column]) * HIGH))
        cv2.line(canvas, (int(column), base), (int(column), y), _STEP, 1)
    for seconds in lines:
        cv2.line(canvas, (x(seconds), base - HIGH), (x(seconds), base), COLOURS[0], 1)
    _axes(canvas, length, top, base, x(length))
    for number, mark in enumerate(marks):
        colour = COLOURS[number % len(COLOURS)]
        y = base + 24 + BAND * number
        for begin, end in mark.spans:
            cv2.rectangle(canvas, (x(begin), y), (max(x(begin) + 2, x(end)), y + 12), colour, -1)
        if len(mark.spans) == 2:
            one, other = ((x(a) + x(b)) // 2 for a, b in mark.spans)
            reach = (max(1, abs(other - one) // 2), TOP - 20)
            cv2.ellipse(
                canvas, ((one + other) // 2, TOP - 4), reach, 0, 180, 360, colour, 2, cv2.LINE_AA
            )
        _write(canvas, mark.label, (min(x(mark.spans[0][0]), WIDE - 420), y + 24), colour)
    return canvas


def _axes(canvas: Pixels, length: float, top: float, base: int, right: int) -> None:
    cv2.line(canvas, (LEFT, base), (right, base), _INK, 1)
    cv2.line(canvas, (LEFT, base), (LEFT, base - HIGH), _INK, 1)
    _write(canvas, f"{top:.0f}", (8, base - HIGH + 8), _INK)
    _write(canvas, "0", (40, base), _INK)
    _write(canvas, "grey levels to the picture before", (LEFT + 6, base - HIGH - 6), _INK)
    every = next(
        (e for e in (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800) if length / e <= 14), 3600
    )
    for k in range(int(length / every) + 1):
        column = LEFT + round(k * every * (right - LEFT) / length)
        cv2.line(canvas, (column, base), (column, base + 5), _INK, 1)
        _write(canvas, f"{k * every:g} s", (column - 8, base + 18), _INK)


def beside(rows: Sequence[Sequence[Pixels]]) -> Pixels:
    """Returns small pictures of brightness in rows, enlarged, RGB on white."""
    laid = [[_enlarged(picture) for picture in row] for row in rows if len(row)]
    wide = max(sum(p.shape[1] + 8 for p in row) for row in laid)
    high = sum(max(p.shape[0] for p in row) + 8 for row in laid)
    canvas = np.full((high, max(WIDE, wide), 3), 255, np.uint8)
    y = 0
    for row in laid:
        x = 0
        for picture in row:
            canvas[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
            x += picture.shape[1] + 8
        y += max(p.shape[0] for p in row) + 8
    return canvas


def _enlarged(picture: Pixels) -> Pixels:
    scale = SMALL / max(picture.shape)
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    grey = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(np.asarray(grey, np.uint8), cv2.COLOR_GRAY2RGB), np.uint8)


def under(upper: Pixels, lower: Pixels) -> Pixels:
    """Returns one picture below the other, on white."""
    wide = max(upper.shape[1], lower.shape[1])
    canvas = np.full((upper.shape[0] + lower.shape[0], wide, 3), 255, np.uint8)
    canvas[: upper.shape[0], : upper.shape[1]] = upper
    canvas[upper.shape[0] :, : lower.shape[1]] = lower
    return canvas


def _write(canvas: Pixels, text: str, at: tuple[int, int], colour: tuple[int, int, int]) -> None:
    cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, 1, cv2.LINE_AA)
