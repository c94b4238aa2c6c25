"""What was read from a map, drawn on a neutral base map of our own, and over the graphic itself.

Nothing is fetched: land and borders are Natural Earth's. The base map's plane is equirectangular and true
to scale along its middle parallel, which suits the few degrees that such graphics show. What the fit rests
on and what does not fit it differ in shape and in words, not only in colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.maps.drawing import (
    INK,
    PAPER,
    Line,
    Pen,
    Shape,
    Words,
    cross,
    disc,
    head,
    on_picture,
    thinned,
    to_svg,
)
from forensics.maps.fitted import Pair, ground, shown
from forensics.maps.geography import geography
from forensics.maps.nearly import nearly
from forensics.model.map import Box2D, ControlPoint, MapReading, Placement

WIDTH, HEIGHT = 960, 720
MARGIN: Final = 0.12
"""Of what is shown, on each side."""
LEAST_DEGREES: Final = 1.5
KM_A_DEGREE: Final = 111.2
SIDE: Final = 1600
"""Pixels on the longer side of the graphic as it is shown."""
TITLE: Final = "What was read from the map, on a neutral base map"
CREDIT: Final = "Land and borders: Natural Earth"

_SEA, _DARK, _RED = "#dfe9f0", "#14532d", "#b3261e"
_LAND = Pen(fill="#f4f1ea")
_COAST = Pen(stroke="#8a99a8", width=0.8)
_BORDER = Pen(stroke="#6d6475", width=1.1, dash=(5.0, 3.0))
_TRACK = Pen(stroke=_RED, width=2.4)
_HEAD = Pen(fill=_RED)
_AREA = Pen(stroke=_RED, width=1.0, fill=_RED, cover=0.13)
_OFF = Pen(stroke=_RED, width=1.2, dash=(2.0, 2.0))
_GOOD = Pen(stroke=PAPER, width=1.0, fill=_DARK)
_BAD = Pen(stroke=_RED, width=2.0, halo=1.0)
_SCALE = Pen(stroke=INK, width=1.6)
_READ = Pen(stroke=_DARK, width=1.2)
_OTHER = Pen(stroke="#5b6b7a", width=0.8, dash=(1.5, 2.5))
_OVER = Pen(stroke="#0b7285", width=2.2, halo=1.2)
_OVER_HEAD = Pen(stroke=PAPER, width=1.0, fill="#0b7285")

ASTRAY: Final = "does not fit"
UNSURE: Final = "point not told"
"""Beside names that the fit does not rest on: `forensics.maps.nearly`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What part of the earth is shown, and how."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> float:
        """Pixels a degree of latitude."""
        wide = WIDTH / ((self.east - self.west) * self.narrow)
        return min(wide, HEIGHT / (self.north - self.south))

    @property
    def narrow(self) -> float:
        """Degrees of latitude that are as long as one of longitude here."""
        return cos(radians((self.south + self.north) / 2))

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the whole picture, whose shape is not the frame's."""
        x, y = WIDTH / 2 / (self.narrow * self.scale), HEIGHT / 2 / self.scale
        lon, lat = (self.west + self.east) / 2, (self.south + self.north) / 2
        return lon - x, lat - y, lon + x, lat + y

    def xy(self, places: Sequence[Pair] | NDArray[np.float64]) -> tuple[Pair, ...]:
        """Returns pixels of longitudes and latitudes."""
        points = np.array(places, np.float64).reshape(-1, 2)
        x = WIDTH / 2 + (points[:, 0] - (self.west + self.east) / 2) * self.narrow * self.scale
        y = HEIGHT / 2 - (points[:, 1] - (self.south + self.north) / 2) * self.scale
        return tuple(zip(x.tolist(), y.tolist(), strict=True))


def base_map(reading: MapReading) -> str:
    """Returns an SVG with the control points, tracks and areas of a map where they lie on the earth.

    Args:
        reading: One whose placement holds.
    """
    return to_svg(_base(reading), WIDTH, HEIGHT, TITLE)


def base_picture(reading: MapReading) -> NDArray[np.uint8]:
    """Returns `base_map` as a picture, RGB."""
    return on_picture(_base(reading), np.full((HEIGHT, WIDTH, 3), 255, np.uint8))


def over_graphic(reading: MapReading, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns the graphic, reduced and paled, with what was read from it drawn over it.

    Args:
        reading: Placed or not.
        picture: The graphic it was read from, RGB of shape (height, width, 3).
    """
    height, width = picture.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(np.ascontiguousarray(picture), size, interpolation=cv2.INTER_AREA)
    pale = (255 - (255 - small.astype(np.uint16)) * 2 // 3).astype(np.uint8)
    return on_picture(_over(reading, scale), pale)


def _base(reading: MapReading) -> Iterator[Shape]:
    placement = reading.placement
    if placement is None:
        return
    frame = _frame(reading, placement)
    around = ((0.0, 0.0), (WIDTH, 0.0), (WIDTH, HEIGHT), (0.0, HEIGHT))
    yield Line(points=around, pen=Pen(fill=_SEA), closed=True)
    for ring in geography().land(*frame.edges):
        yield Line(points=thinned(frame.xy(ring)), pen=_LAND, closed=True)
    for line in geography().outlines(*frame.edges):
        yield Line(points=thinned(frame.xy(line.points)), pen=_COAST if line.coast else _BORDER)
    for area in reading.areas:
        if len(area.outline) > 2 and area.centre.lon is not None:
            way = thinned(frame.xy(ground(placement, area.outline)))
            yield Line(points=way, pen=_AREA, closed=True)
    for number, track in enumerate(reading.tracks, 1):
        if track.length_km is None:
            continue
        way = thinned(frame.xy(ground(placement, track.path)))
        yield Line(points=way, pen=_TRACK)
        if track.arrow:
            yield from head(way, 11.0, _HEAD)
        yield Words(x=way[0][0] + 5, y=way[0][1] + 14, text=str(number))
    yield from _places(reading, placement, frame)
    yield from _scale_bar(frame)
    yield Words(x=WIDTH - 8.0, y=HEIGHT - 8.0, text=CREDIT, ends=True)


def _frame(reading: MapReading, placement: Placement) -> Frame:
    places = [(p.place.lon, p.place.lat) for p in placement.control_points if p.accepted]
    for track in (t for t in reading.tracks if t.length_km is not None):
        places += ground(placement, track.path)
    points = np.array(places, np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    pad = np.maximum((high - low) * MARGIN, LEAST_DEGREES / 2)
    (west, south), (east, north) = low - pad, high + pad
    return Frame(
        west=float(west),
        south=float(max(south, -80)),
        east=float(east),
        north=float(min(north, 83)),
    )


def _places(reading: MapReading, placement: Placement, frame: Frame) -> Iterator[Shape]:
    near = nearly(reading)
    for point in placement.control_points:
        at, drawn = frame.xy(
            [(point.place.lon, point.place.lat), (point.fitted_lon, point.fitted_lat)]
        )
        if 0 <= at[0] <= WIDTH and 0 <= at[1] <= HEIGHT:
            yield from _point(point, at, drawn, UNSURE if point in near else ASTRAY)


def _point(point: ControlPoint, place: Pair, drawn: Pair, said: str) -> Iterator[Shape]:
    """The place as a disc, or as a cross where it does not fit, and the way to where it is drawn."""
    x, y = place
    yield Line(points=(place, drawn), pen=_OFF)
    if point.accepted:
        yield disc(x, y, 3.5, _GOOD)
        yield Words(x=x + 6, y=y - 5, text=point.place.name)
    else:
        yield from cross(x, y, 5.0, _BAD)
        yield Words(x=x + 8, y=y - 5, text=f"{point.place.name} ({said})")


def _scale_bar(frame: Frame) -> Iterator[Shape]:
    km = next(
        length
        for length in (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
        if length * frame.scale / KM_A_DEGREE < WIDTH / 4 or length == 1
    )
    x, y = 16 + km * frame.scale / KM_A_DEGREE, HEIGHT - 20.0
    bar = ((16.0, y), (16.0, y + 6), (x, y + 6), (x, y))
    yield Line(points=bar, pen=_SCALE)
    yield Words(x=x + 5, y=y + 6, text=f"{km} km")


def _over(reading: MapReading, scale: float) -> Iterator[Shape]:
    names = {label.text for label in reading.labels}
    for line in reading.lettering:
        pen = _READ if any(_is(line.text, name) for name in names) else _OTHER
        yield Line(points=_corners(line.box, scale), pen=pen, closed=True)
    for number, track in enumerate(reading.tracks, 1):
        way = thinned((x * scale, y * scale) for x, y in track.path)
        yield Line(points=way, pen=_OVER)
        if track.arrow:
            yield from head(way, 12.0, _OVER_HEAD)
        yield Words(x=way[0][0] + 6, y=way[0][1] + 14, text=str(number))
    placement = reading.placement
    if placement is None or not placement.placed:
        return
    points, near = placement.control_points, nearly(reading)
    fitted = shown(placement, [(p.place.lon, p.place.lat) for p in points])
    for point, (x, y) in zip(points, fitted, strict=True):
        read = (point.x * scale, point.y * scale)
        if point.accepted:
            yield Line(points=(read, (x * scale, y * scale)), pen=_OFF)
            yield disc(*read, 4.0, _GOOD)
        else:
            said = UNSURE if point in near else ASTRAY
            yield from cross(*read, 6.0, _BAD)
            yield Words(x=read[0] + 9, y=read[1] - 6, text=f"{point.place.name}? {said}")


def _is(text: str, name: str) -> bool:
    """Whether a text is the name: a dot beside it may have been read as a letter or two of it."""
    return name in text and len(text) <= len(name) + 3


def _corners(box: Box2D, scale: float) -> tuple[Pair, ...]:
    x, y, right, low = (v * scale for v in (box.x, box.y, box.x + box.width, box.y + box.height))
    return ((x, y), (right, y), (right, low), (x, low))
