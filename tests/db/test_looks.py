"""What is kept of pictures: local codes in the log, reduced pictures that can be deleted."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import select

from db import models
from db.exporting import Wanted, export
from db.importing import import_bundle
from db.ledger import SqlLedger
from db.redaction import redact
from db.verifying import verify
from forensics.errors import LedgerBroken, LedgerError
from forensics.model import Draft
from tests.db.drafts import digest, local, looks, received

ONE, TWO = b"1" * 32, b"2" * 32


def test_codes_and_reduced_pictures_come_back_as_they_were_recorded(either) -> None:
    ledger = either()
    ledger.append(
        [
            looks(1, [b"jpeg 0", b"jpeg 1"]),
            local(1, [ONE + TWO, TWO]),
            local(1, [b"", ONE], "sift-grid/1"),
        ]
    )
    first, second = ledger.looks(digest(1), [Fraction(0), Fraction(2)])
    assert (first.time, first.width, first.height, first.thumbnail) == (0, 640, 360, b"jpeg 0")
    assert [(one.scheme, one.codes, len(one.points)) for one in first.local] == [
        ("orb-grid/1", ONE + TWO, 12),
        ("sift-grid/1", b"", 0),
    ]
    assert second.thumbnail == b"jpeg 1"
    assert [one.codes for one in second.local] == [TWO, ONE]
    assert {one.time for one in second.local} == {Fraction(2)}
    assert second.local[0].points[1] == 2, "the third point of the entry"
    assert ledger.looks(digest(2), [Fraction(0)]) == []
    assert ledger.looks(digest(1), []) == []


def test_the_nearest_picture_is_returned_once_and_of_two_the_earlier(either) -> None:
    ledger = either()
    ledger.append([looks(1, [b"a", b"b", b"c"]), local(1, [ONE, ONE, TWO])])
    asked = [Fraction(9), Fraction(1), Fraction(-3), Fraction(5, 2)]
    assert [one.time for one in ledger.looks(digest(1), asked)] == [0, 2, 4]
    assert [one.time for one in ledger.looks(digest(1), [Fraction(3)])] == [2]


def test_registering_again_replaces_and_further_parts_add(either) -> None:
    ledger = either()
    ledger.append([local(1, [ONE, ONE]), local(1, [TWO], part=1), looks(1, [b"old"])])
    at = [Fraction(0), Fraction(2), Fraction(1000)]
    assert [one.local[0].codes for one in ledger.looks(digest(1), at)] == [ONE, ONE, TWO]
    ledger.append([local(1, [TWO]), looks(1, [b"new"])])
    assert [(one.thumbnail, one.local[0].codes) for one in ledger.looks(digest(1), at)] == [
        (b"new", TWO)
    ]
    assert verify(ledger.path).problems == ()
    ledger.rebuild()
    assert [one.thumbnail for one in ledger.looks(digest(1), at)] == [b"new"]


def test_a_deleted_reduced_picture_is_empty_and_its_codes_stay(make) -> None:
    ledger = make()
    receipt = ledger.append([looks(1, [b"a face", b"a wall"]), local(1, [ONE, TWO])])
    redact(ledger, receipt.entries[0], reason="asked for", keys=["thumbnails/0"])
    first, second = ledger.looks(digest(1), [Fraction(0), Fraction(2)])
    assert (first.thumbnail, first.local[0].codes) == (b"", ONE)
    assert second.thumbnail == b"a wall"
    assert b"a face" not in ledger.path.read_bytes()
    assert verify(ledger.path).problems == ()


def test_another_desks_codes_are_found_until_there_are_own_ones(
    make: Callable[..., SqlLedger], tmp_path: Path
) -> None:
    desk, mine = make("desk.sqlite", origin="other.example/desk"), make("mine.sqlite")
    desk.append([received(1), looks(1, [b"jpeg"]), local(1, [TWO])])
    export(desk, tmp_path / "out.zip", Wanted())
    import_bundle(mine, tmp_path / "out.zip")
    (found,) = mine.looks(digest(1), [Fraction(0)])
    assert (found.thumbnail, found.width, found.local[0].codes) == (b"", 640, TWO)
    assert verify(mine.path).problems == ()
    mine.append([local(1, [ONE])])
    assert mine.looks(digest(1), [Fraction(0)])[0].local[0].codes == ONE
    mine.rebuild()
    assert verify(mine.path).problems == ()


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"codes": "not base64"}, "not base64"),
        ({"codes": ""}, "do not agree"),
        ({"points": "AAAA"}, "do not agree"),
        ({"times": ["0.5"]}, "not a time"),
        ({"times": []}, "do not agree"),
        ({"counts": [True]}, "not a whole number"),
        ({"counts": [-1]}, "not a whole number"),
        ({"sizes": [[0, 4]]}, "not the size"),
        ({"sizes": [[4, 4, 4]]}, "not the size"),
        ({"sizes": [7]}, "lacks a part"),
        ({"width": 16}, "do not agree"),
        ({"part": "0"}, "not a whole number"),
        ({"scheme": None}, "lacks a part"),
    ],
)
def test_local_codes_that_contradict_themselves_are_refused(
    either, changes: dict, match: str
) -> None:
    draft = local(1, [ONE])
    draft.payload.update(changes)
    with pytest.raises(LedgerError, match=match):
        either().append([draft])


def test_codes_of_another_width_are_refused(make) -> None:
    ledger = make()
    ledger.append([local(1, [ONE])])
    other = local(2, [ONE])
    other.payload.update(width=16, counts=[2], points="AAAAAAAAAAAAAAAA")
    with pytest.raises(LedgerError, match="have 32 bytes, these have 16"):
        ledger.append([other])


def test_looks_that_contradict_themselves_are_refused(make) -> None:
    short = looks(1, [b"a"])
    short.payload["times"] = []
    for draft in (short, Draft(type="looks", subject="sha256:x", payload=short.payload)):
        with pytest.raises(LedgerError, match=r"do not agree|expected sha256"):
            make().append([draft])


def test_tables_that_name_another_entry_are_noticed(make, raw) -> None:
    ledger = make()
    receipt = ledger.append([looks(1, [b"a"]), local(1, [ONE]), received(1)])
    assert receipt.entries == (1, 2, 3)
    for table in (models.local_codes, models.look):
        raw.execute(f"UPDATE {table.name} SET entry = 3")
        with pytest.raises(LedgerBroken, match="contradict the log") as caught:
            ledger.looks(digest(1), [Fraction(0)])
        assert "rebuild" in caught.value.hint
        assert verify(ledger.path).problems
        ledger.rebuild()
    with ledger._engine.connect() as connection:
        assert connection.execute(select(models.look.c.entry)).scalar_one() == 1
