"""Making the tables again without the key that signs; and a ledger in which nothing is recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from db.errors import LedgerMissing
from db.keys import key_path
from db.ledger import SqlLedger
from db.rebuilding import rebuild
from db.verifying import verify
from forensics.ledger.verify import Grade
from forensics.model import Draft
from tests.db.drafts import digest, plain, received, signatures

Make = Callable[..., SqlLedger]


def test_it_needs_no_key_and_makes_none(make: Make) -> None:
    ledger = make()
    ledger.append([received(1), signatures(1, [bytes(32)])])
    vkey = ledger.vkey
    ledger.close()
    key_path(ledger.path).rename(ledger.path.with_name("elsewhere"))
    with closing(sqlite3.connect(ledger.path)) as raw, raw:
        raw.execute("UPDATE asset SET size = 7")
        raw.execute("DELETE FROM signature")
    assert verify(ledger.path, vkey=vkey).grade is Grade.BROKEN
    assert rebuild(ledger.path) == 4
    assert verify(ledger.path, vkey=vkey).grade is Grade.SIGNED
    assert not key_path(ledger.path).exists()
    ledger.path.with_name("elsewhere").rename(key_path(ledger.path))
    with SqlLedger.open(ledger.path) as again:
        assert [hit.asset for hit in again.nearest("pdq/1", [bytes(32)], 0)] == [digest(1)]


def test_a_file_of_the_sixth_schema_is_verified_as_it_is_and_brought_up(make: Make) -> None:
    ledger = make()
    ledger.append([received(1), received(2, coded="c2")])
    vkey = ledger.vkey
    ledger.close()
    with closing(sqlite3.connect(ledger.path)) as raw, raw:
        raw.execute("DROP TABLE coded_stream")
        raw.execute("DROP TABLE case_file")
        raw.execute("UPDATE alembic_version SET version_num = '0006'")
        raw.execute("PRAGMA user_version = 6")
    found = verify(ledger.path, vkey=vkey)
    assert found.grade is Grade.SIGNED, found.problems
    assert rebuild(ledger.path) == 4
    assert verify(ledger.path, vkey=vkey).grade is Grade.SIGNED
    with SqlLedger.open(ledger.path) as again:
        assert again.same_stream("coded/1", ["c2"]) == [("c2", digest(2))]
        again.append([received(3, coded="c2")])
        assert len(again.same_stream("coded/1", ["c2"])) == 2
    with closing(sqlite3.connect(ledger.path)) as raw, raw:
        raw.execute("DELETE FROM coded_stream")
    (problem,) = verify(ledger.path, vkey=vkey).problems
    assert "coded_stream does not follow from the log" in problem.what


def test_a_file_of_the_seventh_schema_is_verified_and_its_entries_are_filed(make: Make) -> None:
    offered = Draft(
        type="evidence-offered",
        subject=f"sha256:{digest(1)}",
        payload={"case": "valdai", "claims": []},
    )
    opened = Draft(type="case-opened", subject="case:valdai", payload={}, personal={"title": "T"})
    ledger = make()
    ledger.append([opened, received(1), signatures(1, [bytes(32)]), offered, plain(1)])
    before = [e.index for e in ledger.of_case("valdai")], ledger.of_asset(digest(1))
    vkey = ledger.vkey
    ledger.close()
    with closing(sqlite3.connect(ledger.path)) as raw, raw:
        raw.execute("DROP TABLE case_file")
        raw.execute("UPDATE alembic_version SET version_num = '0007'")
        raw.execute("PRAGMA user_version = 7")
    found = verify(ledger.path, vkey=vkey)
    assert found.grade is Grade.SIGNED, found.problems
    with SqlLedger.open(ledger.path) as again:
        assert ([e.index for e in again.of_case("valdai")], again.of_asset(digest(1))) == before
    assert verify(ledger.path, vkey=vkey).grade is Grade.SIGNED
    with closing(sqlite3.connect(ledger.path)) as raw, raw:
        raw.execute("DELETE FROM case_file WHERE case_id = 'valdai'")
    (problem,) = verify(ledger.path, vkey=vkey).problems
    assert "case_file does not follow from the log" in problem.what
    rebuild(ledger.path)
    assert verify(ledger.path, vkey=vkey).grade is Grade.SIGNED


def test_where_no_ledger_is_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing):
        rebuild(tmp_path / "none.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_without_entries_is_given_no_grade(make: Make) -> None:
    ledger = make()
    for vkey in (None, ledger.vkey):
        with pytest.raises(
            LedgerMissing, match="holds no entry: nothing was recorded in it yet, or all"
        ):
            verify(ledger.path, vkey=vkey)
    note = make("other.sqlite").append([plain(1)]).checkpoint
    found = verify(ledger.path, held=[note])
    assert found.grade is Grade.BROKEN
    assert "the log was cut" in found.sentences[0]
