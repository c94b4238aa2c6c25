"""A claim file is read whole, or refused with the part that is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forensics.claims.claimfile import MAX_SIZE, claim_of, read_claim
from forensics.errors import UsageError

WHOLE = """
[claim]
statement = "An attack."
by = "A ministry"
first_said_at = 2025-12-29T18:00:00Z
released_at = 2025-12-31T12:00:00+03:00
source = "A drone"
[claim.event]
from = 2025-12-28T21:00:00+03:00
to = "2025-12-29T06:00:00Z"
[claim.place]
name = "Valdai"
lat = "57.98"
lon = 33.25
radius_km = 60
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "claim.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_whole_claim(tmp_path: Path) -> None:
    claim = read_claim(write(tmp_path, WHOLE))
    assert claim.statement == "An attack."
    assert claim.event_from == "2025-12-28T18:00:00Z"
    assert claim.event_to == "2025-12-29T06:00:00Z"
    assert claim.released_at == "2025-12-31T09:00:00Z"
    assert claim.place is not None
    assert (claim.place.lat, claim.place.lon, claim.place.radius_km) == ("57.98", "33.25", "60")


def test_the_least_claim(tmp_path: Path) -> None:
    claim = read_claim(write(tmp_path, '[claim]\nstatement = "X."\nby = "Y"\n'))
    assert claim.event_from is None
    assert claim.place is None
    assert claim.counts == ()


FULL = """
[claim]
statement = "An attack."
by = "A ministry"
said_where = "https://example.org/said"
[claim.event]
from = 2025-12-29
to = 2025-12-29
zone = "Europe/Moscow"
[claim.place]
name = "North of Valdai"
area = [[57, 33], ["58.5", 33.25], [58, 34]]
[[claim.count]]
what = "drones"
number = 91
[[claim.count]]
what = "drones over the oblast"
number = 41
"""


def test_what_a_claim_may_say_more(tmp_path: Path) -> None:
    claim = read_claim(write(tmp_path, FULL))
    assert claim.said_where == "https://example.org/said"
    assert (claim.event_from, claim.event_to) == ("2025-12-28T21:00:00Z", "2025-12-29T20:59:59Z")
    assert claim.event_zone == "Europe/Moscow"
    assert claim.place is not None
    assert claim.place.area == (("57", "33"), ("58.5", "33.25"), ("58", "34"))
    assert [(c.what, c.number) for c in claim.counts] == [
        ("drones", 91),
        ("drones over the oblast", 41),
    ]


@pytest.mark.parametrize("day", ["2025-12-29", '"2025-12-29"'])
def test_a_day_stays_a_day_where_no_more_is_stated(tmp_path: Path, day: str) -> None:
    whole = WHOLE.replace("2025-12-29T18:00:00Z", day)
    claim = read_claim(write(tmp_path, whole.replace("2025-12-31T12:00:00+03:00", day)))
    assert (claim.first_said_at, claim.released_at) == ("2025-12-29", "2025-12-29")


@pytest.mark.parametrize("stated", ['"2025-13-29"', '"2025-12-29T18:00"', "2025-12-29T18:00:00"])
def test_no_time_of_day_and_no_zone_is_guessed(tmp_path: Path, stated: str) -> None:
    with pytest.raises(UsageError, match=r"first_said_at needs .* or is a day, 2025-12-29"):
        read_claim(write(tmp_path, WHOLE.replace("2025-12-29T18:00:00Z", stated)))


@pytest.mark.parametrize(
    ("stated", "zone", "start", "end"),
    [
        ("2025-12-29T03:00:00", "+03:00", "2025-12-29T00:00:00Z", "2025-12-29T00:00:00Z"),
        ("2025-12-29T03:00:00", "-03:30", "2025-12-29T06:30:00Z", "2025-12-29T06:30:00Z"),
        # an hour that comes twice
        ("2025-10-26T02:30:00", "Europe/Berlin", "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"),
        # an offset of its own counts, whatever zone stands beside it
        ("2025-12-29T03:00:00Z", "+03:00", "2025-12-29T03:00:00Z", "2025-12-29T03:00:00Z"),
    ],
)
def test_a_time_is_meant_in_the_zone_beside_it(
    stated: str, zone: str, start: str, end: str
) -> None:
    event = {"from": stated, "to": stated, "zone": zone}
    claim = claim_of({"claim": {"statement": "X.", "by": "Y", "event": event}}, "here")
    assert (claim.event_from, claim.event_to) == (start, end)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('"Europe/Moscow"', '"Moscow time"'), "zone is 'Moscow time'"),
        (('"Europe/Moscow"', '"Europe"'), "zone is 'Europe'"),
        (('"Europe/Moscow"', '"../../etc/passwd"'), "zone is '../../etc/passwd'"),
        (('"Europe/Moscow"', '"+99:00"'), "zone is '+99:00'"),
        (("[58, 34]]", "]"), "3 to 500 corners"),
        (("[58, 34]]", "[58]]"), "3 to 500 corners"),
        (("[58, 34]]", "[98, 34]]"), "area is 98: expected a number from -90 to 90"),
        (("number = 91", "number = -1"), "expected a whole number"),
        (("number = 91", "number = true"), "expected a whole number"),
        (('what = "drones"\n', ""), "what is missing"),
        (('[[claim.count]]\nwhat = "drones"', '[claim.count]\nwhat = "x"'), "not a TOML file"),
        (("from = 2025-12-29", "from = 0001-01-01"), "at the end of all calendars"),
        (("area = [", "radius_km = 3\narea = ["), "lat and lon, its centre"),
    ],
)
def test_what_is_wrong_with_the_new_parts_is_named(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(says)):
        read_claim(write(tmp_path, FULL.replace(*change)))


def test_a_file_nested_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a TOML file"):
        read_claim(write(tmp_path, "a = " + "[" * 30_000))


def test_the_claim_of_the_samples(tmp_path: Path) -> None:
    sample = Path(__file__).parents[2] / "samples" / "claim.toml"
    assert read_claim(sample).place is not None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("[claim", "[klaim"), "no table [claim]"),
        (('by = "A ministry"', ""), "by is missing"),
        (('by = "A ministry"', "by = 3"), "by is missing or is not text"),
        (("source =", "sauce ="), "unknown keys: sauce"),
        (("2025-12-28T21:00:00+03:00", "2025-12-28"), "from needs a date, a time and a zone"),
        (("2025-12-28T21:00:00+03:00", "2025-12-28T21:00:00"), "a zone"),
        (("2025-12-28T21:00:00+03:00", "2026-12-28T21:00:00Z"), "before it begins"),
        (("lon = 33.25", ""), "both lat and lon"),
        (("lon = 33.25", "lon = 333.25"), "expected a number from -180 to 180"),
        (('lat = "57.98"', 'lat = "north"'), "expected a number"),
        (('lat = "57.98"', 'lat = "NaN"'), "expected a number"),
        (('name = "Valdai"', ""), "name is missing"),
        (("[claim.place]", "[claim.place"), "not a TOML file"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    with pytest.raises(UsageError) as error:
        read_claim(write(tmp_path, WHOLE.replace(*change)))
    assert says in str(error.value)
    assert "Expected is" in error.value.hint


def test_not_text_and_too_large_and_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a TOML file"):
        read_claim(write(tmp_path, b"\xff\xfe[claim]"))
    with pytest.raises(UsageError, match="longer than a claim"):
        read_claim(write(tmp_path, b"#" * (MAX_SIZE + 1)))
    with pytest.raises(UsageError, match="cannot be read"):
        read_claim(tmp_path / "nowhere.toml")
