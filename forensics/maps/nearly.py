"""Which names stand by their places, although the fit does not rest on them?

A dot that is hidden, or a degree sign or symbol that was taken for it, puts a name's point off by about as
much as the name is large. Such a name is not said to be misplaced.
"""

from __future__ import annotations

from typing import Final

from forensics.maps.fitted import Pair, shown
from forensics.model.map import Box2D, ControlPoint, MapReading, ReadBy

AROUND: Final = 1.5
"""Heights of a text around it, within which its dot stands."""
SMALLEST: Final = 6.0
"""Pixels that a text is high, at least."""
RELATED: Final = 4.0
"""Heights of a text within which the point lies that was taken for its dot."""


def nearly(reading: MapReading) -> list[ControlPoint]:
    """Returns the names that the fit does not rest on, whose places are shown right by their texts."""
    placement = reading.placement
    if placement is None or not placement.placed:
        return []
    off = [p for p in placement.control_points if not p.accepted and p.by is not ReadBy.PERSON]
    at = shown(placement, [(p.place.lon, p.place.lat) for p in off]) if off else []
    return [
        point
        for point, place in zip(off, at, strict=True)
        if any(_by(box, place, AROUND) and not _under(box, place) for box in _texts(reading, point))
    ]


def _texts(reading: MapReading, point: ControlPoint) -> list[Box2D]:
    """Where the name stands that was read for a point."""
    return [
        line.box
        for line in reading.lettering
        if point.label in line.text
        and len(line.text) <= len(point.label) + 3
        and _by(line.box, (point.x, point.y), RELATED)
    ]


def _by(box: Box2D, point: Pair, heights: float) -> bool:
    """Whether a point lies in a box or so many of its heights around it."""
    room = heights * max(box.height, SMALLEST)
    across = max(box.x - point[0], point[0] - box.x - box.width)
    along = max(box.y - point[1], point[1] - box.y - box.height)
    return across <= room and along <= room


def _under(box: Box2D, point: Pair) -> bool:
    """Whether a point lies under the letters, where no dot is drawn: not at an end, which may hold one."""
    room = max(box.height, SMALLEST)
    across = box.x + room < point[0] < box.x + box.width - room
    return across and box.y < point[1] < box.y + box.height
