"""Small diagrams that show a measurement: bars and lines on white, with words at the axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

BARS: Final = 40
"""Bars that a diagram has room for."""

WIDE: Final = 720
HIGH: Final = 240
EDGE: Final = 44
INK: Final = (40, 40, 40)
FILL: Final = (60, 100, 160)
MARK: Final = (200, 30, 30)

Pixels = NDArray[np.uint8]


def bars(values: NDArray[np.float64], along: str, up: str) -> Pixels:
    """Returns a diagram of counts 1, 2, 3 and so on, at most `BARS`, as RGB."""
    panel, top = _panel(up, float(values.max()) if len(values) else 0.0)
    step = (WIDE - 2 * EDGE) / BARS
    for number, value in enumerate(values[:BARS]):
        left = round(EDGE + number * step)
        height = round(float(value) / top * (HIGH - 2 * EDGE))
        cv2.rectangle(
            panel,
            (left + 2, HIGH - EDGE - height),
            (round(left + step) - 2, HIGH - EDGE),
            FILL,
            -1,
        )
        if (number + 1) % 5 == 0 or not number:
            _write(panel, str(number + 1), left + 2, HIGH - EDGE + 14)
    _write(panel, along, EDGE, HIGH - 10)
    return panel


def lines(
    series: Sequence[NDArray[np.float64]], along: str, up: str, told: float | None = None
) -> Pixels:
    """Returns diagrams of values along an axis, one below the other, as RGB.

    Args:
        series: Values for each diagram.
        along: Words at the axis.
        up: Words above it.
        told: A place on the axis, from 0 at its begin to 1 at its end, that a triangle below it points to.
    """
    panels = []
    for values in series:
        panel, top = _panel(up, float(values.max()) if len(values) else 0.0)
        columns = np.linspace(EDGE, WIDE - EDGE, max(2, len(values)))[: len(values)]
        for column, value in zip(columns, values, strict=True):
            height = round(float(value) / top * (HIGH - 2 * EDGE))
            at = round(float(column))
            cv2.line(panel, (at, HIGH - EDGE), (at, HIGH - EDGE - height), FILL, 1)
        if told is not None:
            at = round(EDGE + told * (WIDE - 2 * EDGE))
            corners = np.array(
                ((at, HIGH - EDGE + 2), (at - 5, HIGH - EDGE + 12), (at + 5, HIGH - EDGE + 12))
            )
            cv2.fillPoly(panel, [corners], MARK)
        _write(panel, along, EDGE, HIGH - 10)
        panels.append(panel)
    return np.concatenate(panels)


def _panel(up: str, most: float) -> tuple[Pixels, float]:
    """An empty diagram with its axes, and the value at its top."""
    panel = np.full((HIGH, WIDE, 3), 255, np.uint8)
    cv2.line(panel, (EDGE, EDGE), (EDGE, HIGH - EDGE), INK, 1)
    cv2.line(panel, (EDGE, HIGH - EDGE), (WIDE - EDGE, HIGH - EDGE), INK, 1)
    top = max(most, 1.0)
    _write(panel, f"{up}; at the top {top:.0f}", EDGE, EDGE - 16)
    return panel, top


def _write(panel: Pixels, text: str, x: int, y: int) -> None:
    cv2.putText(panel, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.42, INK, 1, cv2.LINE_AA)
