"""What places and tracks say together, whatever their format: how many, where, when."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.model import Part
from forensics.model.moment import Moment, read_moment

MAX_LISTED: Final = 100
"""Places or tracks that are listed one by one."""
MAX_TIMES: Final = 500_000
"""Times that are compared."""


class Gathered:
    """Counts positions and times as they come.

    Attributes:
        shapes: How many geometries of each type there are.
        positions: How many positions.
        outside: How many of them lie outside of longitude ±180 and latitude ±90.
        times: How many times.
        backwards: How many times lie before the one before, in the same run.
    """

    def __init__(self) -> None:
        self.shapes: Counter[str] = Counter()
        self.positions = self.outside = self.times = self.backwards = 0
        self.earliest: Moment | None = None
        self.latest: Moment | None = None
        self._before: Moment | None = None
        self._low = [math.inf, math.inf, math.inf]
        self._high = [-math.inf, -math.inf, -math.inf]

    def position(self, longitude: float, latitude: float, height: float | None = None) -> None:
        """Counts a position in degrees (WGS 84), its height in metres."""
        if not (math.isfinite(longitude) and math.isfinite(latitude)):
            self.outside += 1
            return
        self.positions += 1
        if abs(longitude) > 180 or abs(latitude) > 90:
            self.outside += 1
        self._widen(0, longitude)
        self._widen(1, latitude)
        if height is not None and math.isfinite(height):
            self._widen(2, height)

    def box(self, west: float, south: float, east: float, north: float) -> None:
        """Widens the extent by what is laid over a map: no position of its own."""
        for axis, value in ((0, west), (1, south), (0, east), (1, north)):
            if math.isfinite(value):
                self._widen(axis, value)

    def height(self, value: float) -> None:
        """Counts a height in metres."""
        if math.isfinite(value):
            self._widen(2, value)

    def time(self, text: str) -> None:
        """Counts a time; what is none is passed over."""
        self.times += 1
        if self.times > MAX_TIMES:
            return
        moment = read_moment(text)
        if moment is None:
            self.times -= 1
            return
        if self.earliest is None or moment.earliest < self.earliest.earliest:
            self.earliest = moment
        if self.latest is None or moment.latest > self.latest.latest:
            self.latest = moment
        if self._before is not None and moment.before(self._before):
            self.backwards += 1
        self._before = moment

    def begin_run(self) -> None:
        """The next time is not expected to follow the last one."""
        self._before = None

    def parts(self, window: Window) -> tuple[Part, ...]:
        """Returns "Geometries", "Positions", "Extent", "Heights" and "Times", as far as there are any."""
        found: list[Part] = []
        if self.shapes:
            each = tuple(part(window, k, n) for k, n in sorted(self.shapes.items()))
            found.append(part(window, "Geometries", sum(self.shapes.values()), parts=each))
        if self.positions or self.outside:
            found.append(part(window, "Positions", self.positions, trouble=self._displaced()))
        if self._low[0] <= self._high[0] and self._low[1] <= self._high[1]:
            found.append(self._extent(window))
        if self._low[2] <= self._high[2]:
            heights = (
                part(window, "Lowest", decimal(self._low[2]), meaning="metres"),
                part(window, "Highest", decimal(self._high[2]), meaning="metres"),
            )
            found.append(part(window, "Heights", parts=heights))
        if self.times:
            found.append(self._times(window))
        return tuple(found)

    def _extent(self, window: Window) -> Part:
        sides = (
            ("West", self._low[0]),
            ("South", self._low[1]),
            ("East", self._high[0]),
            ("North", self._high[1]),
        )
        return part(
            window,
            "Extent",
            meaning="smallest and largest longitude and latitude, in degrees as stated",
            personal=True,
            parts=tuple(part(window, n, decimal(v), personal=True) for n, v in sides),
        )

    def _times(self, window: Window) -> Part:
        ends = [("Earliest", self.earliest), ("Latest", self.latest)]
        parts = [part(window, name, moment.text) for name, moment in ends if moment]
        if self.backwards:
            parts.append(
                part(
                    window,
                    "Backwards",
                    self.backwards,
                    meaning="times that lie before the one stored before them",
                )
            )
        trouble = None
        if self.times > MAX_TIMES:
            trouble = f"Only the first {MAX_TIMES} were compared."
        return part(window, "Times", self.times, trouble=trouble, parts=tuple(parts))

    def _displaced(self) -> str | None:
        if not self.outside:
            return None
        return (
            f"{self.outside} lie outside of longitude ±180 and latitude ±90: another system of "
            "coordinates, or the two are swapped."
        )

    def _widen(self, axis: int, value: float) -> None:
        self._low[axis] = min(self._low[axis], value)
        self._high[axis] = max(self._high[axis], value)


def places(window: Window, listed: Sequence[Part]) -> tuple[Part, ...]:
    """Returns the part that holds places one by one; none where none are listed.

    What they state is about them, not about the file: readers of the tree go by this part's name.
    """
    if not listed:
        return ()
    meaning = f"at most {MAX_LISTED} are listed"
    return (part(window, "Places", len(listed), meaning=meaning, parts=tuple(listed)),)


def decimal(value: float) -> str:
    """Returns a number with at most seven decimals: a centimetre, in degrees."""
    if abs(value) >= 1e15:
        return repr(value)
    text = f"{value:.7f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def number(text: str | None) -> float | None:
    """Returns the number that a short text states; None where it states none."""
    if text is None or len(text) > 64:
        return None
    try:
        return float(text)
    except ValueError:
        return None
