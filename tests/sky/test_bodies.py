"""Positions of sun and moon against published values and a second, independent formula."""

from __future__ import annotations

from datetime import UTC, datetime
from math import asin, atan2, cos, degrees, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.sky.bodies import HORIZON, Body, follow, over, phase, seen


def at(*when: int) -> np.ndarray:
    return np.array([datetime(*when, tzinfo=UTC).timestamp()])


def stands(body: Body, lat: float, lon: float, *when: int) -> tuple[float, float]:
    altitude, azimuth = over(follow(body, at(*when)), np.array([lat]), np.array([lon]))
    return float(altitude[0, 0]), float(azimuth[0, 0])


def test_the_worked_example_of_the_solar_position_algorithm() -> None:
    # Reda and Andreas, NREL/TP-560-34302, appendix A.5: 2003-10-17 12:30:30 at UTC-7.
    altitude, azimuth = stands(Body.SUN, 39.742476, -105.1786, 2003, 10, 17, 19, 30, 30)
    assert altitude == pytest.approx(39.872046, abs=0.005)
    assert azimuth == pytest.approx(194.340241, abs=0.005)


def test_declination_of_the_sun_and_the_moon_as_in_meeus() -> None:
    # Astronomical Algorithms, examples 25.b (1992 October 13.0 TD) and 47.a (1992 April 12.0 TD).
    # Terrestrial time was 59 seconds ahead.
    sun = follow(Body.SUN, at(1992, 10, 12, 23, 59, 1))
    assert float(sun.north[0]) == pytest.approx(-7.783871, abs=0.002)
    moon = follow(Body.MOON, at(1992, 4, 11, 23, 59, 1))
    assert float(moon.north[0]) == pytest.approx(13.768368, abs=0.01)
    assert float(moon.parallax[0]) == pytest.approx(0.991990, abs=0.001)
    assert float(phase(at(1992, 4, 11, 23, 59, 1)).lit[0]) == pytest.approx(0.6786, abs=0.002)


@pytest.mark.parametrize(
    ("when", "lit"),
    [
        ((2025, 1, 13, 22, 27), 1.0),  # phases of the moon of 2025, USNO
        ((2025, 1, 29, 12, 36), 0.0),
        ((2025, 12, 4, 23, 14), 1.0),
        ((2025, 3, 29, 10, 58), 0.0),
        ((2025, 1, 6, 23, 56), 0.5),
    ],
)
def test_published_phases_of_the_moon(when: tuple[int, ...], lit: float) -> None:
    assert float(phase(at(*when)).lit[0]) == pytest.approx(lit, abs=0.005)


def test_the_moon_grows_after_new_moon_and_shrinks_after_full() -> None:
    assert phase(at(2025, 2, 3, 0)).waxing[0]
    assert not phase(at(2025, 1, 18, 0)).waxing[0]


@pytest.mark.parametrize("when", [(2025, 6, 21, 3, 43), (2025, 6, 21, 20, 21)])
def test_sunrise_and_sunset_in_london_at_midsummer(when: tuple[int, ...]) -> None:
    # 04:43 and 21:21 summer time (timetables of HM Nautical Almanac Office), to the minute.
    altitude, _ = stands(Body.SUN, 51.5, -0.126, *when)
    assert altitude == pytest.approx(HORIZON, abs=0.15)


@pytest.mark.parametrize(
    ("when", "north"),
    [
        ((2025, 3, 20, 9, 1), 0.0),  # equinox and solstices of 2025, USNO
        ((2025, 6, 21, 2, 42), 23.436),
        ((2025, 12, 21, 15, 3), -23.436),
    ],
)
def test_equinox_and_solstices(when: tuple[int, ...], north: float) -> None:
    assert float(follow(Body.SUN, at(*when)).north[0]) == pytest.approx(north, abs=0.003)


def test_refraction_is_34_minutes_at_the_horizon_and_none_overhead() -> None:
    bent = seen(np.array([-0.5747, 45.0, 90.0, -90.0])) - np.array([-0.5747, 45.0, 90.0, -90.0])
    assert bent[0] == pytest.approx(0.57, abs=0.03)
    assert bent[1] == pytest.approx(1.0 / 60, abs=0.003)
    assert abs(bent[2]) < 0.001
    assert bent[3] == 0


def low_precision(posix: float, lat: float, lon: float) -> tuple[float, float]:
    """The sun by the Astronomical Almanac's low-precision formulas (page C5; 0.01 degrees, 1950 to 2050)."""
    days = (posix - 946_728_000) / 86_400
    anomaly = radians(357.528 + 0.9856003 * days)
    lam = radians(280.460 + 0.9856474 * days + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    tilt = radians(23.439 - 4e-7 * days)
    ra, dec = atan2(cos(tilt) * sin(lam), cos(lam)), asin(sin(tilt) * sin(lam))
    sidereal = radians((18.697374558 + 24.06570982441908 * days) * 15 + lon)
    hour, level = sidereal - ra, radians(lat)
    altitude = asin(sin(level) * sin(dec) + cos(level) * cos(dec) * cos(hour))
    azimuth = atan2(
        -cos(dec) * sin(hour), sin(dec) * cos(level) - cos(dec) * cos(hour) * sin(level)
    )
    return degrees(altitude), degrees(azimuth) % 360


@given(
    st.floats(
        datetime(1960, 1, 1, tzinfo=UTC).timestamp(), datetime(2045, 1, 1, tzinfo=UTC).timestamp()
    ),
    st.floats(-89, 89),
    st.floats(-180, 180),
)
def test_the_sun_agrees_with_another_formula(posix: float, lat: float, lon: float) -> None:
    altitude, azimuth = over(follow(Body.SUN, np.array([posix])), np.array([lat]), np.array([lon]))
    expected, direction = low_precision(posix, lat, lon)
    assert float(altitude[0, 0]) == pytest.approx(expected, abs=0.03)
    if abs(expected) < 80:
        off = (float(azimuth[0, 0]) - direction + 180) % 360 - 180
        assert abs(off) < 0.2


def test_between_the_hours_positions_are_as_at_them() -> None:
    start = datetime(2026, 2, 1, tzinfo=UTC).timestamp()
    times = start + np.arange(0, 7201, 600.0)
    for body in Body:
        whole = follow(body, times)
        for index in (1, 5, 9):
            shifted = follow(body, times[index : index + 1])
            assert float(whole.north[index]) == pytest.approx(float(shifted.north[0]), abs=1e-9)
