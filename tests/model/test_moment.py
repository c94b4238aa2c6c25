"""Stated times are intervals until a zone is given, and are never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.moment import read_moment


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2025:12:30 06:12:07", "+03:00", "2025-12-30T03:12:07"),
        ("2025-12-30T03:12:07Z", None, "2025-12-30T03:12:07"),
        ("2025-12-30T03:12:07.000000Z", None, "2025-12-30T03:12:07"),
        ("2025-12-30T06:12:07+0300", None, "2025-12-30T03:12:07"),
        ("D:20251230061207+03'00'", None, "2025-12-30T03:12:07"),
        ("2025-12-30 06:12:07 -05:30", None, "2025-12-30T11:42:07"),
    ],
)
def test_a_time_with_its_zone_is_one_instant(text: str, zone: str | None, instant: str) -> None:
    moment = read_moment(text, zone)
    assert moment is not None
    assert moment.earliest == moment.latest == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_a_zone_from_another_field_stays_with_the_time() -> None:
    moment = read_moment("2025:12:30 06:12:07", "+03:00")
    assert moment is not None
    assert moment.text == "2025:12:30 06:12:07 +03:00"
    assert read_moment(moment.text) == moment


@pytest.mark.parametrize("text", ["2025:12:30 06:12:07", "2025-12-30", "20251230"])
def test_a_time_without_zone_covers_every_clock_on_earth(text: str) -> None:
    moment = read_moment(text)
    assert moment is not None
    assert moment.latest - moment.earliest >= timedelta(hours=26)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000:00:00 00:00:00",
        "2025:13:01 00:00:00",
        "2025:02:30 00:00:00",
        "yesterday",
        "    :  :     :  :  ",
        "2025-12-30T25:00:00Z",
        "\x1b[31m2025-12-30",
        "9" * 400,
    ],
)
def test_what_states_no_time_is_none(text: str) -> None:
    assert read_moment(text) is None


@given(st.text(max_size=60), st.none() | st.text(max_size=10))
def test_any_text_is_read_or_refused(text: str, zone: str | None) -> None:
    moment = read_moment(text, zone)
    assert moment is None or moment.earliest <= moment.latest


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(-26, 26))
def test_two_clocks_on_earth_never_contradict_each_other_about_one_instant(
    now: datetime, quarters: int
) -> None:
    local = (now + timedelta(minutes=15 * quarters)).strftime("%Y:%m:%d %H:%M:%S")
    stated, true = read_moment(local), read_moment(now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert stated is not None
    assert true is not None
    assert not stated.before(true)
    assert not true.before(stated)


def test_before_needs_more_than_the_slack() -> None:
    one, other = read_moment("2025-01-01T00:00:00Z"), read_moment("2025-01-01T00:10:00Z")
    assert one is not None
    assert other is not None
    assert one.before(other)
    assert not one.before(other, timedelta(minutes=10))
    assert not other.before(one)
