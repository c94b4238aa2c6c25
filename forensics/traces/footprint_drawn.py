"""A rhythm in what pictures take to code, drawn over time; its places in another colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.traces.footprint import Footprint
from forensics.traces.footprint_ranks import Values

WIDE: Final = 1200
HIGH: Final = 320
LEFT: Final = 60
LOW: Final = 40
"""Pixels of a panel, and of its edges on the left and below."""
PLACE: Final = (200, 30, 30)
OTHER: Final = (170, 170, 170)
INK: Final = (0, 0, 0)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shown:
    """A rhythm between two pictures, and by how much each picture stands out; NaN where it cannot be told."""

    rhythm: Footprint
    values: Values
    begin: int
    end: int

    def is_place(self, at: int) -> bool:
        """Whether a picture is one of the rhythm's places."""
        there = at % self.rhythm.group == self.rhythm.first
        return there and self.begin <= at <= self.end


def drawn(told: Sequence[Shown], times: Sequence[float]) -> Pixels:
    """Returns one panel for each rhythm, one below the other, as RGB.

    Args:
        told: The rhythms.
        times: When each picture is shown, in seconds.
    """
    return np.concatenate([_panel(one, times) for one in told])


def _panel(one: Shown, times: Sequence[float]) -> Pixels:
    top = max(float(np.nanpercentile(one.values, 99.5)), 1.0)
    canvas: Pixels = np.full((HIGH, WIDE, 3), 255, np.uint8)
    base, room = HIGH - LOW, WIDE - LEFT - 20
    bars = [(at, value) for at, value in enumerate(one.values) if not np.isnan(value)]
    for at, value in sorted(bars, key=lambda bar: one.is_place(bar[0])):  # places are drawn last
        x = LEFT + at * room // len(one.values)
        y = base - int(np.clip(value / top, 0, 1) * (base - 40))
        cv2.line(canvas, (x, base), (x, y), PLACE if one.is_place(at) else OTHER, 1)
    cv2.line(canvas, (LEFT, base), (WIDE - 20, base), INK, 1)
    cv2.line(canvas, (LEFT, base), (LEFT, 30), INK, 1)
    for k in range(6):
        at = (len(times) - 1) * k // 5
        _label(canvas, f"{times[at]:.1f} s", (LEFT + room * k // 5 - 24, HIGH - 14))
    _label(canvas, f"{top:.0f}", (20, 44))
    said = (
        f"standing out by {one.rhythm.measure}, in usual excesses; red: every {one.rhythm.group}th"
    )
    _label(canvas, said, (LEFT + 8, 24))
    return canvas


def _label(canvas: Pixels, text: str, at: tuple[int, int]) -> None:
    cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, INK, 1, cv2.LINE_AA)
