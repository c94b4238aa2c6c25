"""A claim file is read whole, or refused with the part that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.claims.claimfile import MAX_SIZE, read_claim
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
        (("lon = 33.25", "lon = 333.25"), "expected a number up to 180"),
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
    with pytest.raises(UsageError, match="has at most"):
        read_claim(write(tmp_path, b"#" * (MAX_SIZE + 1)))
    with pytest.raises(UsageError, match="cannot be read"):
        read_claim(tmp_path / "nowhere.toml")
