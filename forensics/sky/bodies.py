"""Where the sun and the moon stand: by time alone, then over places.

Positions are astronomy-engine's (truncated VSOP87 and ELP/MPP02, within one arc minute; ADR 0012), taken
every hour and read between them in straight lines, which is off by less than 0.001 degrees. The earth is a
sphere here: the moon's parallax is then off by 0.01 degrees at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

import astronomy
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HOUR: Final = 3600.0
EARTH_RADIUS_KM: Final = 6378.137
"""At the equator (WGS 84)."""
HORIZON: Final = -0.8333
"""True altitude of the sun's centre at sunrise and sunset: 34' of refraction and 16' of radius (USNO)."""
_J2000: Final = 946_728_000.0
"""POSIX time of 2000-01-01T12:00:00 UTC."""


class Body(Enum):
    """What is looked at."""

    SUN = astronomy.Body.Sun
    MOON = astronomy.Body.Moon


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Apparent positions of a body as seen from the centre of the earth; each array has one value a time.

    Attributes:
        times: POSIX seconds.
        west: Degrees west of Greenwich of the meridian that it stands over, growing: not reduced to 360.
        north: Declination, degrees.
        parallax: Degrees by which it stands lower when it is at the horizon (horizontal parallax).
    """

    times: Array
    west: Array
    north: Array
    parallax: Array

    @property
    def east(self) -> Array:
        """Degrees east, -180 to 180, of the place that it stands over."""
        return np.asarray((-self.west + 180.0) % 360.0 - 180.0, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """How the moon is lit.

    Attributes:
        lit: Share of its disc that is lit, 0 to 1, at each time.
        waxing: Whether that grows, at each time.
    """

    lit: Array
    waxing: NDArray[np.bool_]


def follow(body: Body, times: Array) -> Track:
    """Returns where a body stands at times.

    Args:
        body: Which.
        times: POSIX seconds in rising order, at least one; 1900 to 2100.
    """
    hours = _hours(times)
    found = np.array([_place(body, float(hour)) for hour in hours])
    west = np.unwrap(found[:, 0], period=360.0)
    return Track(
        times=times,
        west=np.interp(times, hours, west),
        north=np.interp(times, hours, found[:, 1]),
        parallax=np.interp(times, hours, found[:, 2]),
    )


def phase(times: Array) -> Phase:
    """Returns how the moon is lit at times; the arguments are those of `follow`."""
    hours = _hours(times)
    angles = [astronomy.MoonPhase(_time(float(hour))) for hour in hours]
    turned = np.interp(times, hours, np.unwrap(np.array(angles), period=360.0))
    lit = [
        astronomy.Illumination(astronomy.Body.Moon, _time(float(h))).phase_fraction for h in hours
    ]
    return Phase(lit=np.interp(times, hours, np.array(lit)), waxing=turned % 360.0 < 180.0)


def over(track: Track, lat: Array, lon: Array) -> tuple[Array, Array]:
    """Returns true altitude and azimuth over places, each of shape (times, places), in degrees.

    Parallax is taken off the altitude; refraction is not added. The azimuth is clockwise from true north,
    0 to 360 (Meeus 1998, formulas 13.5 and 13.6, turned to north).

    Args:
        track: Where the body stands.
        lat: Degrees north of each place.
        lon: Degrees east.
    """
    hour = np.radians(track.west[:, None] + lon[None, :])
    north = np.radians(track.north)[:, None]
    level = np.radians(lat)[None, :]
    sine = np.sin(level) * np.sin(north) + np.cos(level) * np.cos(north) * np.cos(hour)
    altitude = np.arcsin(np.clip(sine, -1.0, 1.0))
    azimuth = np.arctan2(
        -np.cos(north) * np.sin(hour),
        np.sin(north) * np.cos(level) - np.cos(north) * np.cos(hour) * np.sin(level),
    )
    lower = np.degrees(
        np.arctan2(
            np.sin(np.radians(track.parallax))[:, None] * np.cos(altitude),
            1.0 - np.sin(np.radians(track.parallax))[:, None] * np.sin(altitude),
        )
    )
    return np.degrees(altitude) - lower, np.degrees(azimuth) % 360.0


def seen(altitude: Array) -> Array:
    """Returns altitudes as they are seen through air of 10 degrees and 1010 hPa (Sæmundsson 1986).

    Below -1 degree the bending is let run out to none at the nadir.
    """
    level = np.maximum(altitude, -1.0)
    bent = 1.02 / 60.0 / np.tan(np.radians(level + 10.3 / (level + 5.11)))
    below = np.clip((altitude + 90.0) / 89.0, 0.0, 1.0)
    return altitude + np.where(altitude < -1.0, bent * below, bent)


def _hours(times: Array) -> Array:
    first, last = np.floor(times[0] / HOUR), np.ceil(times[-1] / HOUR)
    return np.arange(first, max(last, first + 1) + 1) * HOUR


def _time(posix: float) -> astronomy.Time:
    return astronomy.Time((posix - _J2000) / 86_400.0)


def _place(body: Body, posix: float) -> tuple[float, float, float]:
    time = _time(posix)
    vector = astronomy.RotateVector(
        astronomy.Rotation_EQJ_EQD(time), astronomy.GeoVector(body.value, time, True)
    )
    seen_at = astronomy.EquatorFromVector(vector)
    west = (astronomy.SiderealTime(time) - seen_at.ra) * 15.0 % 360.0
    km = seen_at.dist * astronomy.KM_PER_AU
    return west, seen_at.dec, float(np.degrees(np.arcsin(EARTH_RADIUS_KM / km)))
