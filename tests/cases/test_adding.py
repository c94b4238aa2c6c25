"""What a person types is read as meant, or refused with what was expected."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from forensics.cases.adding import instant, measured, picture_time, words
from forensics.errors import UsageError

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "value", "error"),
    [
        ("1.80±0.05", "1.80", "0.05"),
        ("1.80 +/- 0.05", "1.80", "0.05"),
        ("1.80+-0.05", "1.80", "0.05"),
        (" 312 ", "312", None),
        ("312±5", "312", "5"),
    ],
)
def test_a_measurement_is_kept_as_it_was_written(text: str, value: str, error: str | None) -> None:
    found = measured(text, "--height", most=999, positive=True)
    assert (found.value, found.error) == (value, error)
    expected = {"h": value} | ({"h-error": error} if error else {})
    assert found.named("h") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tall",
        "1,80",
        "-1",
        "0",
        "0.000",
        "1e3",
        "NaN",
        "1000",
        "1.8±",
        "±1",
        "1.8±-1",
        "1±2±3",
        "١",
    ],
)
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"--height is .*: expected a number above 0 to 999"):
        measured(text, "--height", most=999, positive=True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", Fraction(0)),
        ("12.5", Fraction(25, 2)),
        ("1:12.5", Fraction(145, 2)),
        ("1:02:03", Fraction(3723)),
        ("0:05", Fraction(5)),
        ("25/2", Fraction(25, 2)),
        ("90", Fraction(90)),
    ],
)
def test_a_place_in_a_video(text: str, seconds: Fraction) -> None:
    assert picture_time(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "-1", "1:60", "1:2:3:4", "1/0", "1e9", "12,5", "soon", "1:99"]
)
def test_what_is_no_place_in_a_video_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected a place in the video"):
        picture_time(text)


def test_a_time_has_its_zone() -> None:
    for text in ("2025-12-31T12:00:00+03:00", "2025-12-31T09:00Z", "2025-12-31 09:00:00Z"):
        assert instant(text, "--released-at", NOW) == "2025-12-31T09:00:00Z"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2025-12-31", "names no time of day with a zone"),
        ("2025-12-31T09:00", "names no time of day with a zone"),
        ("yesterday", "is no time"),
        ("2025-13-31T09:00Z", "is no time"),
        ("2027-12-31T09:00Z", "lies ahead"),
    ],
)
def test_a_time_without_a_zone_is_not_guessed(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        instant(text, "--released-at", NOW)


def test_words_are_some_and_not_too_many() -> None:
    assert words("  snow ", "--text") == "snow"
    for bad in ("", "  ", "x" * 5001):
        with pytest.raises(UsageError, match="expected 1 to 5,000 characters"):
            words(bad, "--text")
