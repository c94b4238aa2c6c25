"""Which asset is meant, and which time: what an archive asks before it records anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from db.ledger import SqlLedger
from forensics.archive import add_appearance, named, stated_time
from forensics.errors import UsageError
from forensics.model import Appearance, Draft, Sha256

ONE, TWO = Sha256("ab" * 5 + "0" * 54), Sha256("ab" * 5 + "1" * 54)


def received(name: str) -> Draft:
    payload = {"size": 1, "kind": "image", "mime": "image/png", "streams": []}
    return Draft(
        type="asset-received", subject=f"sha256:{name}", payload=payload, personal={"name": "a"}
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with SqlLedger.open(tmp_path / "case.sqlite", origin="desk.example/a") as opened:
        opened.append([received(ONE), received(TWO)])
        yield opened


def test_an_asset_is_named_by_as_many_digits_as_it_takes(ledger: SqlLedger) -> None:
    for text in (ONE, ONE.upper(), f"sha256:{ONE}", ONE[:11]):
        assert named(text, ledger) == ONE
    with pytest.raises(UsageError, match="begins the name of 2 assets"):
        named("abababab", ledger)
    for text in ("ababab", "cdcdcdcd", "ab" * 33, "ab%abab_", "", "no such file", "a\0b"):
        with pytest.raises(UsageError, match="knows no asset"):
            named(text, ledger)


def test_a_file_names_the_asset_that_it_is(ledger: SqlLedger, tmp_path: Path) -> None:
    file = tmp_path / "abababab"  # digits before files: what begins a name is one
    file.write_bytes(b"bytes")
    with pytest.raises(UsageError, match="begins the name of 2 assets"):
        named("abababab", ledger)
    assert named(str(file), ledger) == sha256(b"bytes").hexdigest()


def test_what_the_ledger_never_met_appears_nowhere(ledger: SqlLedger) -> None:
    seen = Appearance(what="published", at="2025-12-29T00:00:00Z", by="desk.example/a")
    assert add_appearance(ONE, seen, ledger) is not None
    assert add_appearance(ONE, seen, ledger) is None
    with pytest.raises(UsageError, match="has not met"):
        add_appearance(Sha256("0" * 64), seen, ledger)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2025-12-29T18:00:00+02:00", "2025-12-29T16:00:00Z"),
        ("2025-12-29T18:00:00Z", "2025-12-29T18:00:00Z"),
        ("2025-12-29T18:00+02:00", "2025-12-29T16:00:00Z"),
        ("2025-12-29", "2025-12-29"),
    ],
)
def test_a_day_is_taken_at_its_end_and_a_time_with_its_zone(text: str, want: str) -> None:
    assert stated_time(text) == want


def test_no_zone_is_guessed() -> None:
    with pytest.raises(UsageError, match="no zone"):
        stated_time("2025-12-29 18:00")


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2025-13-01", "2025", "9999-12-31", "0000-01-01"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected a date"):
        stated_time(text)


def test_a_time_that_lies_ahead_is_refused() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    assert stated_time("2026-05-02", now) == "2026-05-02"
    with pytest.raises(UsageError, match="lies ahead"):
        stated_time("2030-05-05", now)
