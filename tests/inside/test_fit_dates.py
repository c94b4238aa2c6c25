"""Which of two stated times cannot both hold, and which merely differ."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forensics.inside.fit_dates import disagreements
from forensics.inside.stated import Time
from forensics.model.moment import read_moment

ROLES = st.sampled_from(["captured", "digitized", "created", "modified", "satellite"])
SHOWN = st.integers(-12 * 4, 14 * 4).map(lambda quarters: quarters * 15)
ZONES = st.none() | SHOWN
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(
    lambda t: t.replace(microsecond=0)
)


def said(role: str, field: str, instant: datetime, zone: int | None, hidden: int = 0) -> Time:
    """An instant (UTC) on a clock `zone` minutes ahead, or `hidden` minutes where it states no zone."""
    offset = hidden if zone is None else zone
    local = instant + timedelta(minutes=offset)
    sign, size = "-" if offset < 0 else "+", abs(offset)
    mark = "" if zone is None else f"{sign}{size // 60:02}:{size % 60:02}"
    moment = read_moment(f"{local:%Y-%m-%dT%H:%M:%S}{mark}")
    assert moment is not None
    return Time(role=role, field=field, moment=moment)


def contradictions(*times: Time) -> list[tuple[Time, Time]]:
    return [(d.earlier, d.later) for d in disagreements(times) if d.contradicts]


HIDDEN = st.integers(-12 * 60, 14 * 60)


@given(INSTANTS, st.lists(st.tuples(ROLES, ZONES, HIDDEN), min_size=1, max_size=6))
def test_one_instant_never_contradicts_itself_whatever_the_zones(
    instant: datetime, saying: list[tuple[str, int | None, int]]
) -> None:
    times = [said(r, f"f{n}", instant, z, h) for n, (r, z, h) in enumerate(saying)]
    assert contradictions(*times) == []


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=3000)), ZONES, ZONES, HIDDEN)
def test_what_is_saved_after_it_was_recorded_never_contradicts(
    instant: datetime, later: timedelta, one: int | None, other: int | None, hidden: int
) -> None:
    captured = said("captured", "a", instant, one, hidden)
    modified = said("modified", "b", instant + later, other, hidden)
    assert contradictions(captured, modified) == []


@given(
    INSTANTS,
    st.timedeltas(timedelta(minutes=11), timedelta(days=3000)),
    SHOWN,
    SHOWN,
)
def test_what_is_saved_before_it_was_recorded_contradicts(
    instant: datetime, earlier: timedelta, one: int, other: int
) -> None:
    earlier -= timedelta(microseconds=earlier.microseconds)
    captured = said("captured", "EXIF DateTimeOriginal", instant, one)
    modified = said("modified", "Image DateTime", instant - earlier - timedelta(seconds=1), other)
    assume("-01-01T" not in modified.moment.text)  # a clock that was never set
    assert contradictions(captured, modified) == [(modified, captured)]
    assert contradictions(modified, captured) == [(modified, captured)]


@given(st.lists(st.tuples(ROLES, INSTANTS, ZONES), max_size=6), st.randoms())
def test_the_order_of_the_fields_does_not_matter(
    saying: list[tuple[str, datetime, int | None]], chance: object
) -> None:
    times = [said(r, f"f{n}", t, z) for n, (r, t, z) in enumerate(saying)]
    shuffled = list(times)
    chance.shuffle(shuffled)
    one, other = (
        {(a.moment, b.moment) for a, b in contradictions(*order)} for order in (times, shuffled)
    )
    assert one == other


@given(st.lists(st.tuples(ROLES, INSTANTS, ZONES), max_size=6))
def test_each_contradiction_is_a_pair_in_order_of_time_and_told_once(
    saying: list[tuple[str, datetime, int | None]],
) -> None:
    found = contradictions(*(said(r, f"f{n}", t, z) for n, (r, t, z) in enumerate(saying)))
    assert all(a.moment.before(b.moment) for a, b in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("days", [1, 3, 400, 9000])
def test_a_camera_clock_behind_its_satellites_is_wrong_and_contradicts_nothing(days: int) -> None:
    noon = datetime(2025, 6, 1, 12)
    satellite = said("satellite", "GPS GPSDate", noon, 0)
    early = said("captured", "EXIF DateTimeOriginal", noon - timedelta(days=days), None)
    (one,) = disagreements((satellite, early))
    assert (one.earlier, one.later, one.contradicts) == (early, satellite, False)
    assert "cameras are wrong" in one.reason


def test_a_program_that_saved_the_file_had_a_clock_of_its_own() -> None:
    early = moment("modified", "Image DateTime", "2008:07:31 17:32:06")
    assert [d.contradicts for d in disagreements((TAKEN, early))] == [True]
    (one,) = disagreements((TAKEN, early), edited=True)
    assert not one.contradicts
    assert "More than one clock" in one.reason
    digitized = moment("digitized", "EXIF DateTimeDigitized", "2020:06:08 12:00:00")
    assert [d.contradicts for d in disagreements((TAKEN, digitized), edited=True)] == [True]


def moment(role: str, field: str, text: str) -> Time:
    read = read_moment(text)
    assert read is not None
    return Time(role=role, field=field, moment=read)


TAKEN = moment("captured", "EXIF DateTimeOriginal", "2020:06:10 12:00:00")
INNOCENT = [
    (moment("created", "dc:date", "1890-05-01"), "people enter"),
    (moment("captured", "photoshop:DateCreated", "2020-06-01"), "people enter"),
    (moment("captured", "IPTC DateCreated", "20200701"), "people enter"),
    (moment("satellite", "GPS GPSDate", "2020:06:08 12:00:00 Z"), "last fix"),
    (moment("satellite", "GPS GPSDate", "2000:10:26 12:00:00 Z"), "1024 weeks"),
    (moment("satellite", "GPS GPSDate", "2040:01:24 12:00:00 Z"), "1024 weeks"),
    (moment("modified", "Image DateTime", "2019:01:01 00:03:10"), "first of January"),
    (moment("satellite", "GPS GPSDate", "2020:06:11 20:00:00 Z"), "cameras are wrong"),
    # A thousand weeks are no rollover.
    (moment("satellite", "GPS GPSDate", "2039:08:10 12:00:00 Z"), "cameras are wrong"),
    (moment("created", "mvhd creation", "2020-06-08T12:00:00"), "More than one clock"),
    (moment("modified", "xmp:ModifyDate", "2020-06-08T12:00:00Z"), "More than one clock"),
]


@pytest.mark.parametrize(("time", "says"), INNOCENT, ids=lambda v: str(v)[:30])
def test_what_is_usual_differs_and_contradicts_nothing(time: Time, says: str) -> None:
    (one,) = disagreements((TAKEN, time))
    assert not one.contradicts
    assert says in one.reason
    assert {one.earlier, one.later} == {TAKEN, time}


@pytest.mark.parametrize(
    "time",
    [
        moment("modified", "Image DateTime", "2008:07:31 17:32:06"),
        moment("digitized", "EXIF DateTimeDigitized", "2020:06:08 12:00:00"),
        moment("captured", "exif:DateTimeOriginal", "2020-06-07T12:00:00+02:00"),
        moment("captured", "exif:DateTimeOriginal", "2020-06-13T12:00:00+02:00"),
    ],
    ids=lambda t: f"{t.field} {t.moment.text}",
)
def test_what_no_clock_explains_contradicts(time: Time) -> None:
    (one,) = disagreements((TAKEN, time))
    assert one.contradicts
    assert "One clock wrote both" in one.reason


def test_a_document_that_was_changed_before_it_was_made_only_differs() -> None:
    made = moment("created", "CreationDate", "D:20240110120000Z")
    changed = moment("modified", "ModDate", "D:20230110120000Z")
    (one,) = disagreements((made, changed))
    assert not one.contradicts
    other = moment("modified", "xmp:ModifyDate", "2023-01-10T12:00:00Z")
    assert disagreements((made, other)) == ()  # of two blocks: each has its own clock


def test_a_zone_that_a_program_may_have_added_only_differs() -> None:
    copied = moment("captured", "exif:DateTimeOriginal", "2020-06-10T12:00:00+09:00")
    satellite = moment("satellite", "GPS GPSDate", "2020:06:10 10:00:00 Z")
    (one,) = disagreements((TAKEN, copied, satellite))
    assert not one.contradicts
    assert "zone of the computer" in one.reason


def test_contradictions_come_first() -> None:
    times = (TAKEN, INNOCENT[3][0], moment("modified", "Image DateTime", "2008:07:31 17:32:06"))
    assert [d.contradicts for d in disagreements(times)] == [True, False, False]
