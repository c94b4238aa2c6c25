"""What was read from a map, drawn on a base map of our own: an SVG picture with land, borders and scale.

Nothing is fetched: land and borders are Natural Earth's. The plane is equirectangular and true to scale
along the middle parallel, which suits the few degrees that such graphics show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians

import numpy as np
from numpy.typing import NDArray

from forensics.maps.geography import geography
from forensics.maps.geojson import Ground
from forensics.model.map import ControlPoint, MapReading

WIDTH, HEIGHT = 960.0, 720.0
MARGIN = 0.12
"""Of what is shown, on each side."""
LEAST_DEGREES = 1.5
KM_A_DEGREE = 111.2
_STYLE = (
    "text{font:13px 'DejaVu Sans',Verdana,sans-serif;fill:#1d2733}"
    ".halo{paint-order:stroke;stroke:#fff;stroke-width:3px}"
    ".land{fill:#f4f1ea}.sea{fill:#dfe9f0}.coast{fill:none;stroke:#8a99a8;stroke-width:.8}"
    ".border{fill:none;stroke:#6d6475;stroke-width:1.1;stroke-dasharray:5 3}"
    ".track{fill:none;stroke:#b3261e;stroke-width:2.4}.off{fill:none;stroke:#b3261e;stroke-dasharray:2 2}"
    ".good{fill:#14532d}.bad{fill:none;stroke:#b3261e;stroke-width:1.6}.area{fill:#b3261e22;stroke:#b3261e}"
)


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

    def xy(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Returns pixels of longitudes and latitudes, both of shape (n, 2)."""
        x = WIDTH / 2 + (points[:, 0] - (self.west + self.east) / 2) * self.narrow * self.scale
        y = HEIGHT / 2 - (points[:, 1] - (self.south + self.north) / 2) * self.scale
        return np.column_stack((x, y))


def base_map(reading: MapReading, ground: Ground) -> str:
    """Returns an SVG with the control points, tracks and areas of a placed map where they lie on the earth.

    Args:
        reading: A reading whose placement holds.
        ground: The fit.
    """
    frame = _frame(reading, ground)
    parts = [
        f'<rect class="sea" width="{WIDTH:.0f}" height="{HEIGHT:.0f}"/>',
        *_land(frame),
        *_areas(reading, frame, ground),
        *_tracks(reading, frame, ground),
        *_points(reading, frame),
        _scale_bar(frame),
        _credit(),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img">'
        "<title>What was read from the map, on a neutral base map</title>"
        f"<style>{_STYLE}</style>"
        '<defs><marker id="head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="5" markerHeight="5"'
        ' orient="auto"><path d="M0 0L10 5L0 10z" fill="#b3261e"/></marker></defs>'
        + "".join(parts)
        + "</svg>"
    )


def _credit() -> str:
    at = f'x="{WIDTH - 8:.0f}" y="{HEIGHT - 8:.0f}" text-anchor="end"'
    return f'<text {at} class="halo">Land and borders: Natural Earth</text>'


def _frame(reading: MapReading, ground: Ground) -> Frame:
    shown = [(p.place.lon, p.place.lat) for p in _accepted(reading)]
    for track in reading.tracks:
        shown += ground(track.path)
    points = np.array(shown, np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    pad = np.maximum((high - low) * MARGIN, LEAST_DEGREES / 2)
    (west, south), (east, north) = low - pad, high + pad
    return Frame(
        west=float(west),
        south=float(max(south, -80)),
        east=float(east),
        north=float(min(north, 83)),
    )


def _land(frame: Frame) -> Iterable[str]:
    # The picture's shape is not the frame's: what lies beside the frame is shown as well.
    half = WIDTH / 2 / (frame.narrow * frame.scale), HEIGHT / 2 / frame.scale
    middle = (frame.west + frame.east) / 2, (frame.south + frame.north) / 2
    edges = (middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])
    for ring in geography().land(*edges):
        yield f'<path class="land" d="{_path(frame.xy(ring))}z"/>'
    for line in geography().outlines(*edges):
        kind = "coast" if line.coast else "border"
        yield f'<path class="{kind}" d="{_path(frame.xy(line.points))}"/>'


def _areas(reading: MapReading, frame: Frame, ground: Ground) -> Iterable[str]:
    for area in reading.areas:
        if len(area.outline) > 2:
            yield f'<path class="area" d="{_path(_xy(frame, ground(area.outline)))}z"/>'


def _tracks(reading: MapReading, frame: Frame, ground: Ground) -> Iterable[str]:
    for number, track in enumerate(reading.tracks, 1):
        way = _xy(frame, ground(track.path))
        head = ' marker-end="url(#head)"' if track.arrow else ""
        x, y = way[0]
        yield f'<path class="track" d="{_path(way)}"{head}/>'
        yield f'<text class="halo" x="{x + 5:.1f}" y="{y + 14:.1f}">{number}</text>'


def _points(reading: MapReading, frame: Frame) -> Iterable[str]:
    if reading.placement is None:
        return
    for point in reading.placement.control_points:
        (x, y), (fx, fy) = _xy(
            frame, [(point.place.lon, point.place.lat), (point.fitted_lon, point.fitted_lat)]
        )
        if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
            continue
        name = escape(point.place.name)
        if point.accepted:
            yield f'<path class="off" d="M{x:.1f} {y:.1f}L{fx:.1f} {fy:.1f}"/>'
            yield f'<circle class="good" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        else:
            yield f'<path class="bad" d="M{x - 4:.1f} {y - 4:.1f}l8 8m0-8l-8 8"/>'
            name += " (does not fit)"
        yield f'<text class="halo" x="{x + 6:.1f}" y="{y - 5:.1f}">{name}</text>'


def _scale_bar(frame: Frame) -> str:
    km = next(
        length
        for length in (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
        if length * frame.scale / KM_A_DEGREE < WIDTH / 4 or length == 1
    )
    long = km * frame.scale / KM_A_DEGREE
    y = HEIGHT - 20
    return (
        f'<path d="M16 {y:.0f}v6h{long:.1f}v-6" fill="none" stroke="#1d2733" stroke-width="1.6"/>'
        f'<text class="halo" x="{20 + long:.1f}" y="{y + 6:.0f}">{km} km</text>'
    )


def _accepted(reading: MapReading) -> list[ControlPoint]:
    return [p for p in reading.placement.control_points if p.accepted] if reading.placement else []


def _xy(frame: Frame, points: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    return frame.xy(np.array(points, np.float64).reshape(-1, 2))


def _path(points: NDArray[np.float64]) -> str:
    """Path data; points nearer than half a pixel to the last one are left out."""
    kept: list[tuple[float, float]] = []
    for x, y in points.tolist():
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 0.5:
            kept.append((x, y))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept)
