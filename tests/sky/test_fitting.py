"""What a person measured against times and places: it fits where it was, and errors only ever add fits."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from math import radians, tan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.model import Place, Sha256
from forensics.model.case import Observation, Seen, Stated
from forensics.sky.bodies import HORIZON, Body, follow, over, seen
from forensics.sky.fitting import MAX_SECONDS, grid, light_fits, moon_fits, sun_fits
from forensics.sky.measured import Sighting, sighting
from forensics.sky.region import apart, disc, region

DAY = 86_400.0
NOON = datetime(2025, 6, 1, 9, 0, tzinfo=UTC).timestamp()


def observed(kind: Seen, **values: str) -> Observation:
    return Observation(
        asset=Sha256("a" * 64),
        kind=kind,
        values={key.replace("_", "-"): value for key, value in values.items()},
        time=Fraction(0),
        words="",
        stated=Stated(entry=7, at="2026-01-01T00:00:00Z", by="desk"),
    )


def test_a_shadow_as_long_as_its_object_is_high() -> None:
    found = sighting(
        observed(Seen.SHADOW, height="2", height_error="0", shadow="2", shadow_error="0")
    )
    assert found is not None
    assert found.low == found.high == pytest.approx(45)
    assert found.azimuth is None
    assert not found.assumed


def test_the_sun_is_behind_what_throws_the_shadow() -> None:
    found = sighting(
        observed(Seen.SHADOW, height="1", shadow="1", azimuth="312", azimuth_error="5")
    )
    assert found is not None
    assert found.azimuth == 132
    own = sighting(observed(Seen.AZIMUTH, azimuth="-48", azimuth_error="5"))
    assert own is not None
    assert own.azimuth == 312


def test_an_error_that_was_not_given_is_assumed_and_said() -> None:
    found = sighting(observed(Seen.SHADOW, height="1", shadow="1"))
    assert found is not None
    assert found.assumed
    assert found.low is not None
    assert found.high is not None
    assert found.low < 45 < found.high


def test_an_error_larger_than_the_length_leaves_every_altitude_open() -> None:
    found = sighting(
        observed(Seen.SHADOW, height="1", height_error="2", shadow="1", shadow_error="2")
    )
    assert found is not None
    assert (found.low, found.high) == (0, 90)


@pytest.mark.parametrize(
    "values",
    [
        {"height": "0", "shadow": "1"},
        {"height": "-1", "shadow": "1"},
        {"height": "tall", "shadow": "1"},
        {"height": "NaN", "shadow": "1"},
        {"height": "Infinity", "shadow": "1"},
        {"height": "1e999999", "shadow": "1"},
        {"height": "1", "shadow": "1", "shadow_error": "-1"},
        {"height": "1", "shadow": "1", "azimuth": "north"},
        {"height": "1", "shadow": "1", "azimuth": "1000"},
        {"shadow": "1"},
        {},
    ],
)
def test_what_is_no_measure_is_none(values: dict[str, str]) -> None:
    assert sighting(observed(Seen.SHADOW, **values)) is None


def truth(lat: float, lon: float, when: float) -> tuple[float, float]:
    altitude, azimuth = over(follow(Body.SUN, np.array([when])), np.array([lat]), np.array([lon]))
    return float(seen(altitude)[0, 0]), float(azimuth[0, 0])


@settings(max_examples=30)
@given(
    st.floats(-75, 75),
    st.floats(-180, 180),
    st.floats(0, 300 * DAY),
    st.floats(0, 400),
    st.floats(0, 360),
    st.floats(0, 1),
)
def test_what_was_measured_without_error_fits_where_and_when_it_was(
    lat: float, lon: float, later: float, radius: float, turn: float, share: float
) -> None:
    """From any place of the region, not only from the points that stand for it."""
    when = NOON + later
    away = radius / 111.195 * share
    here_lat = lat + away * np.cos(np.radians(turn))
    here_lon = lon + away * np.sin(np.radians(turn)) / max(0.2, np.cos(np.radians(lat)))
    if apart(lat, lon, here_lat, here_lon) * 111.195 > radius:
        here_lat, here_lon = lat, lon
    high, way = truth(here_lat, here_lon, when)
    if high < 0:
        return
    found = Sighting(low=high, high=high, azimuth=way, azimuth_error=0.0)
    fits = sun_fits(found, disc(lat, lon, radius), (when, when))
    assert fits.any
    wide = sun_fits(found, disc(lat, lon, radius), (when - 3 * DAY, when + 3 * DAY))
    assert wide.any


@settings(max_examples=80)
@given(
    st.floats(0, 80),
    st.floats(0, 10),
    st.floats(0, 360),
    st.floats(0, 60),
    st.floats(0, 5),
    st.floats(0, 30),
    st.floats(0, 3 * DAY),
    st.floats(0, 300),
)
def test_a_wider_error_never_takes_a_fit_away(
    low: float,
    wide: float,
    way: float,
    error: float,
    more: float,
    turn: float,
    longer: float,
    radius: float,
) -> None:
    one = Sighting(low=low, high=low + wide, azimuth=way, azimuth_error=error)
    other = Sighting(
        low=low - more, high=low + wide + more, azimuth=way, azimuth_error=error + turn
    )
    span = (NOON, NOON + 7_200)
    before = sun_fits(one, disc(57.98, 33.25, 0), span)
    if before.any:
        assert sun_fits(other, disc(57.98, 33.25, 0), span).any
        assert sun_fits(one, disc(57.98, 33.25, 0), (span[0] - longer, span[1] + longer)).any
        assert sun_fits(one, disc(57.98, 33.25, radius), span).any


def test_the_wrong_time_of_day_does_not_fit() -> None:
    high, way = truth(57.98, 33.25, NOON)
    found = Sighting(low=high - 1, high=high + 1, azimuth=way, azimuth_error=3)
    assert not sun_fits(found, disc(57.98, 33.25, 20), (NOON - 4 * 3600, NOON - 2 * 3600)).any
    spans = sun_fits(found, disc(57.98, 33.25, 20), (NOON - 9 * 3600, NOON + 9 * 3600)).spans
    assert len(spans) == 1
    assert spans[0][0] <= NOON <= spans[0][1]
    assert spans[0][1] - spans[0][0] < 3600


def test_a_shadow_alone_fits_a_morning_and_an_afternoon() -> None:
    low = 40.0
    fits = sun_fits(
        Sighting(low=low, high=low + 1), disc(57.98, 33.25, 0), (NOON - 9 * 3600, NOON + 9 * 3600)
    )
    assert len(fits.spans) == 2


def test_no_sun_stands_higher_than_the_latitude_lets_it() -> None:
    start = datetime(2025, 12, 1, tzinfo=UTC).timestamp()
    found = Sighting(low=30, high=40)
    assert not sun_fits(found, disc(57.98, 33.25, 60), (start, start + 31 * DAY)).any


def test_a_night_is_below_the_horizon() -> None:
    start = datetime(2025, 12, 28, 18, tzinfo=UTC).timestamp()
    fits = sun_fits(Sighting(low=0, high=90), disc(57.98, 33.25, 60), (start, start + 10 * 3600))
    assert not fits.any
    assert fits.down


def test_light_of_day_in_the_polar_summer_at_midnight() -> None:
    midnight = datetime(2025, 6, 20, 22, 0, tzinfo=UTC).timestamp()
    assert light_fits(HORIZON, 90, disc(78.2, 15.6, 10), (midnight, midnight)).all
    assert not light_fits(-90, -6, disc(78.2, 15.6, 10), (midnight - DAY, midnight + DAY)).any


def test_a_full_moon_is_full_and_up_at_midnight() -> None:
    full = datetime(2025, 12, 4, 23, 0, tzinfo=UTC).timestamp()
    assert moon_fits(0.95, 1, disc(51.5, 0, 50), (full, full)).all
    assert not moon_fits(0.0, 0.5, disc(51.5, 0, 50), (full, full)).any
    noon = full - 11 * 3600
    assert not moon_fits(0.95, 1, disc(51.5, 0, 50), (noon, noon)).any


def test_times_lie_on_a_fixed_clock_and_are_bounded() -> None:
    times, step = grid((100.0, 200.0))
    assert times.tolist() == [60.0, 120.0, 180.0, 240.0]
    assert step == 60
    long, step = grid((0.0, 10_000 * DAY))
    assert long[-1] <= MAX_SECONDS
    assert step == 300


@given(
    st.floats(-89, 89),
    st.floats(-180, 180),
    st.floats(1, 1000),
    st.floats(0, 6.28),
    st.floats(0, 1),
)
def test_no_place_of_a_disc_is_further_from_a_point_than_its_gap(
    lat: float, lon: float, radius: float, turn: float, share: float
) -> None:
    where = disc(lat, lon, radius)
    near = disc(lat, lon, radius * share)
    # A point of a smaller ring lies in the disc.
    index = int(turn / 6.29 * len(near.lat))
    place = float(near.lat[index]), float(near.lon[index])
    gaps = [apart(*place, float(n), float(e)) for n, e in zip(where.lat, where.lon, strict=True)]
    assert min(gaps) <= where.gap + 1e-6


def test_an_area_is_taken_for_the_disc_around_it() -> None:
    area = Place(name="", area=(("50", "30"), ("50", "31"), ("51", "31"), ("51", "30")))
    found = region(area)
    assert found is not None
    for lat, lon in area.area:
        assert apart(*found.centre, float(lat), float(lon)) * 111.195 <= found.radius_km + 0.01
    assert region(Place(name="somewhere")) is None


def test_an_area_over_the_date_line() -> None:
    found = region(Place(name="", area=(("0", "179"), ("1", "-179"), ("-1", "-179"))))
    assert found is not None
    assert abs(found.centre[1]) > 178
    assert found.radius_km < 200


def test_a_shadow_of_a_known_sun() -> None:
    high, way = truth(50.45, 30.52, NOON)
    values = {
        "height": "1.80",
        "height_error": "0.05",
        "shadow": f"{1.8 / tan(radians(high)):.2f}",
        "shadow_error": "0.10",
        "azimuth": f"{(way + 180) % 360:.0f}",
        "azimuth_error": "5",
    }
    found = sighting(observed(Seen.SHADOW, **values))
    assert found is not None
    assert sun_fits(found, disc(50.45, 30.52, 5), (NOON, NOON)).any
