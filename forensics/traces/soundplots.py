"""Drawings of sound over time, on white: curves with marks, and strips of spectra."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Curve = tuple[NDArray[Any], NDArray[Any]]

WIDE: Final = 1200
_HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 300, 90, 20, 34, 44
_INK, _PALE = (40, 40, 40), (225, 225, 225)
COLOURS: Final = ((31, 90, 160), (170, 90, 20), (90, 90, 90))
MARK: Final = (200, 30, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place on the time axis: a line, or where `end` is given a band; with a word beside it."""

    start: float
    end: float | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One drawing over time.

    Attributes:
        title: What is drawn.
        unit: Of the vertical axis.
        seconds: First and last of the horizontal axis.
        span: Lowest and highest of the vertical axis.
        curves: Times and values; values that are not finite are left out.
        dots: Draw dots, not lines.
        strip: Instead of curves: a picture of shape (rows, columns), 0 white to 1 black, first row lowest.
        marks: Places to be marked.
    """

    title: str
    unit: str
    seconds: tuple[float, float]
    span: tuple[float, float]
    curves: Sequence[Curve] = ()
    dots: bool = False
    strip: NDArray[Any] | None = None
    marks: Sequence[Mark] = ()


def draw(panels: Sequence[Panel]) -> Pixels:
    """Returns panels below each other as one RGB picture of `WIDE` pixels."""
    return np.vstack([_panel(panel) for panel in panels])


def _panel(panel: Panel) -> Pixels:
    made = np.full((_HIGH, WIDE, 3), 255, np.uint8)
    right, bottom = WIDE - _RIGHT, _HIGH - _BOTTOM
    first, last = panel.seconds
    low, high = panel.span
    across = (right - _LEFT) / max(last - first, 1e-9)
    down = (bottom - _TOP) / max(high - low, 1e-9)

    def place(second: float, value: float) -> tuple[int, int]:
        x = _LEFT + (min(max(second, first), last) - first) * across
        return round(x), round(bottom - (min(max(value, low), high) - low) * down)

    for mark in panel.marks:
        if mark.end is not None:
            corners = place(mark.start, low), place(mark.end, high)
            cv2.rectangle(made, *corners, (255, 220, 220), cv2.FILLED)
    if panel.strip is not None and panel.strip.size:
        grey = np.clip(255 * (1 - panel.strip[::-1]), 0, 255).astype(np.uint8)
        sized = cv2.resize(grey, (right - _LEFT, bottom - _TOP), interpolation=cv2.INTER_AREA)
        made[_TOP:bottom, _LEFT:right] = sized[:, :, None]
    for value in ticks(low, high, 5):
        _, y = place(first, value)
        if panel.strip is None:
            cv2.line(made, (_LEFT, y), (right, y), _PALE, 1)
        _write(made, f"{value:g}", (8, y + 5))
    for second in ticks(first, last, 10):
        x, _ = place(second, low)
        cv2.line(made, (x, bottom), (x, bottom + 5), _INK, 1)
        _write(made, f"{second:g}", (x - 10, bottom + 20))
    for colour, curve in zip(COLOURS, panel.curves, strict=False):
        _curve(made, curve, colour, place, dots=panel.dots)
    for mark in panel.marks:
        cv2.line(made, place(mark.start, low), place(mark.start, high), MARK, 1)
        x, _ = place(mark.start, high)
        _write(made, mark.word, (min(x + 3, right - 9 * len(mark.word)), _TOP + 14), MARK)
    cv2.rectangle(made, (_LEFT, _TOP), (right, bottom), _INK, 1)
    _write(made, f"{panel.title} ({panel.unit})", (_LEFT, _TOP - 10))
    _write(made, "time (s)", (right - 80, _HIGH - 8))
    return made


def _curve(
    made: Pixels, curve: Curve, colour: tuple[int, int, int], place: Any, *, dots: bool
) -> None:
    times, values = (np.asarray(one, float) for one in curve)
    if len(times) > 4 * WIDE and not dots:  # no more points than can be told apart
        step = math.ceil(len(times) / (4 * WIDE))
        times, values = times[::step], values[::step]
    fine = np.isfinite(times) & np.isfinite(values)
    points = [place(float(t), float(v)) for t, v in zip(times[fine], values[fine], strict=True)]
    if dots:
        for point in points:
            cv2.circle(made, point, 2, colour, cv2.FILLED)
    elif points:
        cv2.polylines(made, [np.array(points, np.int32)], isClosed=False, color=colour, thickness=1)


def _write(
    made: Pixels, words: str, at: tuple[int, int], colour: tuple[int, int, int] = _INK
) -> None:
    cv2.putText(made, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, 1, cv2.LINE_AA)


def ticks(low: float, high: float, about: int) -> list[float]:
    """Returns round values between two, about so many."""
    step = 10 ** math.floor(math.log10(max(high - low, 1e-9) / about))
    step *= next(k for k in (1, 2, 5, 10) if (high - low) / (step * k) <= about)
    first = math.ceil(low / step - 1e-9)
    found: list[float] = []
    while (first + len(found)) * step <= high + 1e-9 and len(found) <= 2 * about:
        found.append(round((first + len(found)) * step, 9))
    return found
