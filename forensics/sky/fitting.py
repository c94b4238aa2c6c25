"""At which times, from anywhere in a place, does the sky look as a person read it off a picture?

A time counts as fitting where it fits from some place of the stated one, the person's errors, a margin and
the coarseness of the search included. Times lie on whole minutes of a fixed clock (on every fifth where the
interval is long), and the coarseness is as large as they are apart: a longer interval, a larger place or a
wider error can only add times that fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.sky.bodies import HORIZON, Array, Body, Track, follow, over, phase, seen
from forensics.sky.measured import Sighting
from forensics.sky.region import Region

MARGIN: Final = 1.0
"""Degrees on each side: half of the sun's disc, refraction that is not the standard one, and a horizon that
is not where a sphere has it."""
MINUTE: Final = 60.0
LONG: Final = 2 * 86_400.0
"""Seconds; of a longer interval every fifth minute is looked at."""
MAX_SECONDS: Final = 400 * 86_400.0
"""The sun's positions repeat within it, so that of a longer interval no more is looked at."""
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Years for which the positions were checked."""
_A_SECOND: Final = 15.0 / 3600.0
"""Degrees by which the sky turns."""
_STEEP: Final = 80.0
"""Degrees of altitude above which a direction is not told apart."""
_CELLS: Final = 1_000_000
"""Times by places that are looked at in one piece."""

Span = tuple[float, float]
"""POSIX seconds, from and to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """Which times fit.

    Attributes:
        times: POSIX seconds, all that were looked at.
        fits: Whether each fits, from some place.
        low: Least true altitude of the body in degrees, over all times and places.
        high: Greatest.
    """

    times: Array
    fits: NDArray[np.bool_]
    low: float
    high: float

    @property
    def down(self) -> bool:
        """Whether the body is below the horizon all the time, from anywhere."""
        return self.high < HORIZON - MARGIN

    @property
    def any(self) -> bool:
        """Whether some time fits."""
        return bool(self.fits.any())

    @property
    def all(self) -> bool:
        """Whether each does."""
        return bool(self.fits.all())

    @property
    def spans(self) -> tuple[Span, ...]:
        """From the first to the last of the times that fit without a gap, in order."""
        edges = np.flatnonzero(np.diff(np.concatenate(([0], self.fits.astype(np.int8), [0]))))
        starts, ends = edges[::2], edges[1::2] - 1
        return tuple(zip(self.times[starts].tolist(), self.times[ends].tolist(), strict=True))


def grid(span: Span) -> tuple[Array, float]:
    """Returns the times of an interval that are looked at, and the seconds between them."""
    start, end = span[0], min(span[1], span[0] + MAX_SECONDS)
    step = MINUTE if end - start <= LONG else 5 * MINUTE
    first, last = np.floor(start / step), np.ceil(end / step)
    return np.arange(first, last + 1) * step, step


def sun_fits(sighting: Sighting, region: Region, span: Span) -> Fits:
    """Returns when the sun stands as it was measured."""

    def test(track: Track, altitude: Array, azimuth: Array, step: float) -> NDArray[np.bool_]:
        del track
        return _as_measured(sighting, region, altitude, azimuth, step)

    return _look(Body.SUN, region, span, test)


def places_fit(
    sighting: Sighting, lat: Array, lon: Array, gap: float, span: Span
) -> NDArray[np.bool_]:
    """Returns from which places the sun stands as it was measured, at some of a few times of an interval.

    Args:
        sighting: What was measured.
        lat: Degrees north of each place.
        lon: Degrees east.
        gap: Degrees of a great circle that a place stands for on each side.
        span: The interval; longer ones than a day are looked at for a day around their middle.
    """
    middle, half = (span[0] + span[1]) / 2, min((span[1] - span[0]) / 2, LONG / 4)
    times = np.linspace(middle - half, middle + half, 13 if half else 1)
    around = Region(lat=lat, lon=lon, radius_km=0.0, gap=gap)
    step = float(times[1] - times[0]) / 2 if half else 0.0
    fits = np.zeros(len(lat), np.bool_)
    for time in times:
        altitude, azimuth = over(follow(Body.SUN, np.array([time])), lat, lon)
        fits |= _as_measured(sighting, around, altitude, azimuth, step)[0]
    return fits


def light_fits(low: float, high: float, region: Region, span: Span) -> Fits:
    """Returns when the sun's true altitude lies between two, in degrees, however the air bends."""

    def test(track: Track, altitude: Array, azimuth: Array, step: float) -> NDArray[np.bool_]:
        del track, azimuth
        slack = MARGIN + region.gap + step * _A_SECOND
        return np.asarray((altitude >= low - slack) & (altitude <= high + slack))

    return _look(Body.SUN, region, span, test)


def moon_fits(low: float, high: float, region: Region, span: Span) -> Fits:
    """Returns when the moon is above the horizon with a share of its disc lit between two, 0 to 1."""

    def test(track: Track, altitude: Array, azimuth: Array, step: float) -> NDArray[np.bool_]:
        del azimuth
        lit = phase(track.times).lit
        slack = MARGIN + region.gap + step * _A_SECOND
        up = altitude >= HORIZON - slack
        return np.asarray(up & ((lit >= low) & (lit <= high))[:, None])

    return _look(Body.MOON, region, span, test)


def _look(
    body: Body,
    region: Region,
    span: Span,
    test: Callable[[Track, Array, Array, float], NDArray[np.bool_]],
) -> Fits:
    times, step = grid(span)
    track = follow(body, times)
    piece = max(1, _CELLS // len(region.lat))
    fits, low, high = [], 90.0, -90.0
    for at in range(0, len(times), piece):
        some = slice(at, at + piece)
        part = Track(
            times=times[some],
            west=track.west[some],
            north=track.north[some],
            parallax=track.parallax[some],
        )
        altitude, azimuth = over(part, region.lat, region.lon)
        low, high = min(low, float(altitude.min())), max(high, float(altitude.max()))
        fits.append(test(part, altitude, azimuth, step).any(axis=1))
    return Fits(
        times=times,
        fits=np.concatenate(fits),
        low=max(-90.0, low - region.gap),
        high=min(90.0, high + region.gap),
    )


def _as_measured(
    sighting: Sighting, region: Region, altitude: Array, azimuth: Array, step: float
) -> NDArray[np.bool_]:
    """Where altitude and direction are as measured, give or take the coarseness of points and times.

    A step of one degree on the ground turns the direction by tan(latitude) + tan(altitude) degrees at most,
    and a turn of the sky by one degree no more than by 1 + tan(altitude).
    """
    coarse = region.gap + step * _A_SECOND
    apparent = seen(altitude)
    fits = altitude > HORIZON - MARGIN - coarse
    if sighting.low is not None and sighting.high is not None:
        slack = MARGIN + coarse
        fits &= (apparent >= sighting.low - slack) & (apparent <= sighting.high + slack)
    if sighting.azimuth is not None and sighting.azimuth_error < 180.0:
        steep = np.tan(np.radians(np.clip(apparent + coarse, 0.0, _STEEP)))
        level = np.tan(np.radians(np.minimum(np.abs(region.lat) + region.gap, 89.9)))[None, :]
        turn = region.gap * (level + steep) + step * _A_SECOND * (1.0 + steep)
        off = np.abs((azimuth - sighting.azimuth + 180.0) % 360.0 - 180.0)
        near = off <= sighting.azimuth_error + MARGIN + turn
        fits &= near | (apparent + coarse > _STEEP)
    return np.asarray(fits)
