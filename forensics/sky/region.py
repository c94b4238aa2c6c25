"""A stated place as points to look from, with how far any place in it can be from the nearest of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.model import Place

MAX_RADIUS_KM: Final = 1000.0
"""Beyond it a place is too large for the sun to say anything of it."""
RING_KM: Final = 100.0
KM_A_DEGREE: Final = 111.195
"""Of a great circle (mean radius of the earth, IUGG)."""
_REACH: Final = 0.65
"""Of the distance between rings: no place between them is further from a point. Half of it along the radius,
and across at most 0.4 of it, since ring number n has 8 n points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Points that stand for all places of a disc.

    Attributes:
        lat: Degrees north; the first point is the centre.
        lon: Degrees east.
        radius_km: Of the disc; 0: it is a point.
        gap: Degrees of a great circle from any place of the disc to the nearest point, at most.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    radius_km: float
    gap: float

    @property
    def centre(self) -> tuple[float, float]:
        """Degrees north and east."""
        return float(self.lat[0]), float(self.lon[0])


def region(place: Place) -> Region | None:
    """Returns the disc that holds all of a place, or None where its place on earth is not stated.

    An area is taken for the disc around it, which is larger: what fits nothing in the disc fits nothing in
    the area.
    """
    if place.area:
        corners = np.array([(float(lat), float(lon)) for lat, lon in place.area])
        middle = _middle(corners)
        radius = max(apart(*middle, lat, lon) for lat, lon in corners.tolist()) * KM_A_DEGREE
        return disc(*middle, radius)
    if place.lat is None or place.lon is None:
        return None
    return disc(float(place.lat), float(place.lon), float(place.radius_km or 0))


def disc(lat: float, lon: float, radius_km: float) -> Region:
    """Returns rings of points around a centre."""
    rings = ceil(min(radius_km, MAX_RADIUS_KM) / RING_KM)
    points = [(lat, lon)]
    for ring in range(1, rings + 1):
        away = radius_km / KM_A_DEGREE * ring / rings
        turns = np.arange(8 * ring) * 360.0 / (8 * ring)
        points += [_step(lat, lon, away, float(turn)) for turn in turns]
    found = np.array(points)
    gap = _REACH * radius_km / KM_A_DEGREE / rings if rings else 0.0
    return Region(lat=found[:, 0], lon=found[:, 1], radius_km=radius_km, gap=gap)


def position(lat: str, lon: str) -> tuple[float, float] | None:
    """Returns degrees north and east, or None where the texts are none, as those of a deleted value."""
    try:
        north, east = float(lat), float(lon)
    except ValueError:
        return None
    return (north, east) if abs(north) <= 90 and abs(east) <= 180 else None


def apart(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Returns the degrees of a great circle between two places."""
    one, other = _vector(lat, lon), _vector(other_lat, other_lon)
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(one, other)), one @ other)))


def _middle(corners: NDArray[np.float64]) -> tuple[float, float]:
    x, y, z = np.mean([_vector(lat, lon) for lat, lon in corners.tolist()], axis=0)
    return float(np.degrees(np.arctan2(z, np.hypot(x, y)))), float(np.degrees(np.arctan2(y, x)))


def _vector(lat: float, lon: float) -> NDArray[np.float64]:
    north, east = np.radians(lat), np.radians(lon)
    return np.array(
        (np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)), np.float64
    )


def _step(lat: float, lon: float, away: float, turn: float) -> tuple[float, float]:
    """The place so many degrees away in a direction, clockwise from north."""
    north, far, way = np.radians(lat), np.radians(away), np.radians(turn)
    sine = np.sin(north) * np.cos(far) + np.cos(north) * np.sin(far) * np.cos(way)
    east = np.arctan2(np.sin(way) * np.sin(far) * np.cos(north), np.cos(far) - np.sin(north) * sine)
    return float(np.degrees(np.arcsin(np.clip(sine, -1, 1)))), float(
        (lon + np.degrees(east) + 180.0) % 360.0 - 180.0
    )
