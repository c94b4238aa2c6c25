"""How long is what is drawn, where does it begin and end, and what does it cross?

Pixels become degrees through the fit. An error holds the fit's own, with the misses of the map's labels in
it, how wide the stroke is, and how much of it was followed unseen. Without a placement all stays in pixels.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from forensics.maps import geography
from forensics.maps.areas import Region
from forensics.maps.markers import Symbols
from forensics.maps.strokes import Stroke
from forensics.model.map import Area, GroundPoint, Marker, Track

Points = NDArray[np.float64]

FOLLOWED: Final = 0.006
"""Of a path's length, by which following its pixels may be off; measured on curves of known length."""
UNSEEN: Final = 0.03
"""Of the length of what is covered, by which it may bend unseen."""
STEP: Final = 4
"""Pixels from point to point of a path that is kept."""
MOST_POINTS: Final = 400
MOST_CROSSINGS: Final = 20


class Fitted(Protocol):
    """What a placement is asked for."""

    def ground(self, pixels: Points) -> Points:
        """Longitudes and latitudes of points of the picture."""

    def error_km(self, pixels: Points) -> NDArray[np.float64]:
        """By how much `ground` may be off at each point, in km."""


def tracks(strokes: Iterable[Stroke], fit: Fitted | None) -> tuple[Track, ...]:
    """Measures lines and arrows; `fit` is None where the map is not placed."""
    return tuple(_track(stroke, fit) for stroke in strokes)


def markers(symbols: Iterable[Symbols], fit: Fitted | None) -> tuple[Marker, ...]:
    """Puts symbols on the ground."""
    return tuple(
        Marker(
            kind=kind.kind,
            colour=kind.colour,
            count=len(kind.points),
            error=kind.error,
            points=_points(np.array(kind.points, np.float64), fit, kind.size / 4),
        )
        for kind in symbols
        if kind.points
    )


def areas(regions: Iterable[Region], fit: Fitted | None) -> tuple[Area, ...]:
    """Puts regions on the ground."""
    found = []
    for region in regions:
        outline = region.outline
        (centre,) = _points(_middle(outline)[None], fit, 2.0)
        on_ground = fit.ground(np.concatenate((outline, outline[:1]))) if fit else None
        found.append(
            Area(
                colour=region.colour,
                outline=tuple((float(x), float(y)) for x, y in outline),
                centre=centre,
                km2=geography.area_km2(on_ground) if on_ground is not None else None,
            )
        )
    return tuple(found)


def _track(stroke: Stroke, fit: Fitted | None) -> Track:
    count = int(np.clip(len(stroke.path) // STEP, 2, MOST_POINTS))
    path = stroke.path[np.unique(np.linspace(0, len(stroke.path) - 1, count).round().astype(int))]
    if fit is None:
        if not stroke.arrow and tuple(path[-1]) < tuple(path[0]):
            path = path[::-1]
        start, end = _points(path[[0, -1]], None, 0.0)
        return Track(
            start=start, end=end, arrow=stroke.arrow, path=_pairs(path), colour=stroke.colour
        )
    ground = fit.ground(path)
    if not stroke.arrow and tuple(ground[-1]) < tuple(ground[0]):
        path, ground = path[::-1], ground[::-1]
    start, end = _points(path[[0, -1]], fit, stroke.error)
    along = geography.length_km(ground)
    way = FOLLOWED * along + UNSEEN * stroke.covered * along
    # An error that all of the map shares moves both ends alike, and cancels; that it does is not known.
    error = float(np.hypot(np.hypot(start.error_km or 0.0, end.error_km or 0.0), way))
    ahead = ground[min(3, len(ground) - 1)]
    crossed = geography.geography().crossings(ground)
    return Track(
        start=start,
        end=end,
        arrow=stroke.arrow,
        path=_pairs(path),
        colour=stroke.colour,
        length_km=along,
        error_km=error,
        bearing=geography.bearing(*ground[0].tolist(), *ahead.tolist()),
        crosses=tuple(crossing.words for crossing in crossed[:MOST_CROSSINGS]),
    )


def _points(pixels: Points, fit: Fitted | None, off: float) -> tuple[GroundPoint, ...]:
    """Points on the ground; `off` is by how many pixels they may be off themselves."""
    if fit is None:
        return tuple(GroundPoint(x=float(x), y=float(y)) for x, y in pixels)
    ground, fitted = fit.ground(pixels), fit.error_km(pixels)
    east = geography.distances_km(ground, fit.ground(pixels + np.array((1.0, 0.0))))
    down = geography.distances_km(ground, fit.ground(pixels + np.array((0.0, 1.0))))
    error = np.hypot(fitted, off * np.maximum(east, down))
    return tuple(
        GroundPoint(x=float(x), y=float(y), lon=float(lon), lat=float(lat), error_km=float(km))
        for (x, y), (lon, lat), km in zip(pixels, ground, error, strict=True)
    )


def _middle(outline: Points) -> Points:
    """The centre of gravity of a ring."""
    following = np.roll(outline, -1, axis=0)
    cross = outline[:, 0] * following[:, 1] - following[:, 0] * outline[:, 1]
    if abs(cross.sum()) < 1e-9:
        return np.asarray(outline.mean(axis=0), np.float64)
    middle = ((outline + following) * cross[:, None]).sum(axis=0) / (3 * cross.sum())
    return np.asarray(middle, np.float64)


def _pairs(path: Points) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in path)
