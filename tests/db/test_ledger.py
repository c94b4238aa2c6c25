"""Appending: what is recorded, in what order, and that it is all or nothing."""

from __future__ import annotations

import sqlite3
import stat
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from db import keys
from db.errors import LedgerMissing, NewerLedger, NotALedger
from db.ledger import SqlLedger
from db.models import metadata
from db.reading import Reader
from db.verifying import verify
from forensics.errors import EXIT_LEDGER, LedgerBroken, LedgerError
from forensics.ledger.entry import read_entry
from forensics.ledger.note import open_checkpoint, parse_vkey
from forensics.ledger.verify import Grade
from forensics.model import Draft, Ledger
from tests.db.drafts import Clock, Entropy, custody, digest, plain, received, signatures, verdict


def test_it_is_the_port(either) -> None:
    ledger: Ledger = either()
    assert ledger.append([plain(1)]).entries == (1,)


def test_entries_are_recorded_in_order_with_a_checkpoint_after_them(make, raw) -> None:
    ledger = make()
    first = ledger.append([received(1), custody(1), verdict(1)])
    second = ledger.append([plain(2)])
    assert (first.entries, first.size) == ((1, 2, 3), 4)
    assert (second.entries, second.size) == ((5,), 6)
    assert first.origin == "desk.example/case"
    assert first.ledger.endswith("case.sqlite")
    bodies = [read_entry(b) for (b,) in raw.execute("SELECT body FROM log_entry ORDER BY idx")]
    assert [b.type for b in bodies] == [
        "ledger-created",
        "asset-received",
        "custody",
        "verdict",
        "checkpoint",
        "claim",
        "checkpoint",
    ]
    verifier = parse_vkey(ledger.vkey)
    assert all(b.actor == verifier.short for b in bodies)
    assert [b.at for b in bodies][:5] == ["2025-03-01T12:01:00Z"] * 5
    assert bodies[5].at == second.at == "2025-03-01T12:02:00Z"
    assert bodies[0].payload == {
        "format": "forensics/ledger/1",
        "origin": "desk.example/case",
        "vkey": ledger.vkey,
    }
    checkpoint = open_checkpoint(second.checkpoint, [verifier])
    assert checkpoint.size == 6
    assert bodies[6].payload == {"size": 6, "root": second.root, "note": second.checkpoint}
    assert verify(ledger.path, vkey=ledger.vkey).grade is Grade.SIGNED


def test_the_same_acts_give_the_same_bytes(either, tmp_path: Path) -> None:

    notes = []
    for name in ("one.sqlite", "two.sqlite"):
        ledger = either(name, clock=Clock(), entropy=Entropy(), origin=None)
        notes.append(ledger.append([received(1), plain(1)]).checkpoint)
    assert notes[0] == notes[1]
    assert notes[0].startswith("unnamed/")


def test_time_is_told_in_utc_whatever_the_clock_says(either) -> None:
    zone = timezone(timedelta(hours=3))
    ledger = either(clock=lambda: datetime(2025, 3, 1, 15, 0, 0, 999, tzinfo=zone))
    assert ledger.append([plain(1)]).at == "2025-03-01T12:00:00Z"


def test_it_goes_on_after_being_opened_again(either) -> None:
    either().append([plain(1)])
    one, two = either(), either()
    assert one.append([plain(2)]).entries == (3,)
    assert two.append([plain(3)]).entries == (5,)
    assert one.append([plain(4)]).entries == (7,)
    assert verify(one.path, vkey=one.vkey).size == 9


def test_personal_values_are_kept_beside_the_log(make, raw) -> None:
    ledger = make()
    ledger.append([received(1, name="Иванов паспорт.jpg")])
    everything = b"".join(b for (b,) in raw.execute("SELECT body FROM log_entry"))
    assert "Иванов".encode() not in everything
    assert ledger.disclosed(1) == {"name": "Иванов паспорт.jpg"}
    assert ledger.disclosed(0) == {}


def everything(ledger: SqlLedger) -> list[object]:
    with ledger._engine.connect() as connection:
        return [connection.execute(select(table)).all() for table in metadata.sorted_tables]


@pytest.mark.parametrize(
    ("draft", "match"),
    [
        (Draft(type="claim", subject=None, payload={"x": 0.5}), "/payload/x is a float"),
        (Draft(type="Claim", subject=None, payload={}), "an entry's type"),
        (Draft(type="checkpoint", subject=None, payload={}), "written by the ledger itself"),
        (Draft(type="ledger-created", subject=None, payload={}), "written by the ledger itself"),
        (Draft(type="claim", subject=None, payload={}, supersedes=99), "cannot supersede entry 99"),
        (Draft(type="verdict", subject=None, payload={}), "entry 3 .verdict. lacks a part"),
        (Draft(type="asset-received", subject="x", payload={}), "expected sha256:"),
        (Draft(type="claim", subject=None, payload={}, personal={"é": "x"}), "key 'é'"),
    ],
    ids=["float", "type", "checkpoint", "genesis", "supersedes", "payload", "subject", "key"],
)
def test_a_draft_that_cannot_be_recorded_takes_the_whole_append_with_it(
    either, draft: Draft, match: str
) -> None:
    ledger = either()
    ledger.append([plain(1)])
    before = everything(ledger)
    with pytest.raises(LedgerError, match=match) as caught:
        ledger.append([draft, plain(2)])
    assert caught.value.exit_code == EXIT_LEDGER
    with Reader.open(ledger.path) as reader:
        assert reader.size() == 3
    assert everything(ledger) == before
    assert ledger.append([plain(3)]).entries == (3,)
    assert verify(ledger.path, vkey=ledger.vkey).grade is Grade.SIGNED


def test_nothing_to_record_is_refused(either) -> None:
    with pytest.raises(LedgerError, match="nothing to record"):
        either().append([])


def test_an_entry_may_supersede_an_earlier_one(either) -> None:
    ledger = either()
    ledger.append([plain(1)])
    ledger.append([Draft(type="claim", subject=None, payload={}, supersedes=1)])
    with Reader.open(ledger.path) as reader:
        assert reader.entry(3).entry.supersedes == 1


@pytest.mark.parametrize("table", ["log_entry", "log_checkpoint"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = {} + 100"])
def test_triggers_refuse_mistakes(make, raw, table: str, statement: str) -> None:
    make().append([plain(1)])
    key = "idx" if table == "log_entry" else "size"
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement.format(table, key, key))


def test_triggers_refuse_entries_out_of_order_and_replacing(make, raw) -> None:
    make().append([plain(1)])
    for statement in (
        "INSERT INTO log_entry VALUES (7, x'00', x'00')",
        "INSERT OR REPLACE INTO log_entry VALUES (1, x'00', x'00')",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="in order"):
            raw.execute(statement)
    with pytest.raises(sqlite3.IntegrityError, match="in order"):
        raw.execute("INSERT OR REPLACE INTO log_checkpoint VALUES (2, 'x')")


def test_the_key_lies_beside_the_ledger_for_its_owner_only(make) -> None:
    ledger = make()
    ledger.append([plain(1)])
    file = keys.key_path(ledger.path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secret = keys.read_key(file).private_bytes_raw()
    assert secret not in ledger.path.read_bytes()
    assert file.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")


def test_without_its_key_nothing_is_recorded_and_reading_goes_on(make) -> None:
    ledger = make()
    ledger.append([plain(1)])
    file = keys.key_path(ledger.path)
    pem = file.read_bytes()
    file.unlink()
    with pytest.raises(keys.KeyMissing, match="nothing can be recorded") as caught:
        make()
    assert "work without it" in caught.value.hint
    assert verify(ledger.path).size == 3
    file.write_text("not a key")
    with pytest.raises(keys.KeyUnfit, match="not an Ed25519 private key"):
        make()
    make("other.sqlite")
    keys.key_path(ledger.path.with_name("other.sqlite")).replace(file)
    with pytest.raises(keys.KeyUnfit, match="not the key of this ledger"):
        make()
    file.write_bytes(pem)
    make().append([plain(2)])


def test_a_key_without_its_ledger_is_not_used_for_a_new_one(make, tmp_path: Path) -> None:
    ledger = make()
    ledger.close()
    ledger.path.unlink()
    with pytest.raises(keys.KeyUnfit, match="no ledger beside it"):
        make()


def test_a_ledger_keeps_its_name(either) -> None:
    either().append([plain(1)])
    assert either(origin=None).origin == "desk.example/case"
    with pytest.raises(LedgerError, match="has the name"):
        either(origin="desk.example/other")
    with pytest.raises(LedgerError, match="cannot name a key"):
        either("new.sqlite", origin="two words")


def test_a_missing_ledger_is_made_only_on_request(either, tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing, match="there is no ledger"):
        either("deep/case.sqlite", create=False)
    assert not (tmp_path / "deep").exists()
    with pytest.raises(LedgerMissing, match="there is no ledger") as caught:
        Reader.open(tmp_path / "none.sqlite")
    assert caught.value.hint
    assert either("deep/case.sqlite").append([plain(1)]).entries == (1,)


def test_files_of_another_kind_are_refused_and_left_alone(make, tmp_path: Path) -> None:
    other = tmp_path / "case.sqlite"
    other.write_bytes(b"a text file of some length\n" * 100)
    for act in (make, lambda: verify(other)):
        with pytest.raises(NotALedger, match="not an SQLite file"):
            act()
    assert other.read_bytes() == b"a text file of some length\n" * 100
    other.unlink()
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE t (x)")
    raw.close()
    for act in (make, lambda: verify(other)):
        with pytest.raises(NotALedger, match="not a ledger"):
            act()
    other.write_bytes(b"")
    with pytest.raises(LedgerMissing, match="is empty"):
        verify(other)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["case.sqlite"]


def test_a_newer_ledger_is_refused(make, raw) -> None:
    ledger = make()
    raw.execute("PRAGMA user_version = 99")
    for act in (make, lambda: verify(ledger.path)):
        with pytest.raises(NewerLedger, match="schema 99; this program knows up to"):
            act()
    raw.execute("PRAGMA user_version = 0")
    with pytest.raises(LedgerBroken, match="never existed"):
        make()


def test_rebuild_gives_the_same_tables(make, raw) -> None:
    ledger = make()
    ledger.append([received(1, streams=2), custody(1), signatures(1, [b"a" * 32, b"b" * 32])])
    ledger.append([received(1), signatures(1, [b"c" * 32]), verdict(1), received(2)])
    ledger.append(
        [
            Draft(
                type="appearance",
                subject=f"sha256:{digest(1)}",
                payload={"what": "published", "at": "2024-01-01T00:00:00Z", "by": "desk"},
            )
        ]
    )
    tables = ("asset", "stream", "appearance", "signature", "custody", "verdict")
    before = [raw.execute(f"SELECT * FROM {t}").fetchall() for t in tables]
    assert all(before)
    for table in tables:
        raw.execute(f"DELETE FROM {table}")
    assert verify(ledger.path).grade is Grade.BROKEN
    assert ledger.rebuild() == 12
    assert [raw.execute(f"SELECT * FROM {t}").fetchall() for t in tables] == before
    assert verify(ledger.path, vkey=ledger.vkey).grade is Grade.SIGNED


def test_known_assets(either) -> None:
    ledger = either()
    assert ledger.known(digest(1)) is None
    ledger.append([received(1, name="first.mp4")])
    ledger.append([received(1, name="second.mp4")])
    published = {"what": "published", "at": "2024-01-01T00:00:00Z", "url": "u", "by": "desk"}
    ledger.append([Draft(type="appearance", subject=f"sha256:{digest(1)}", payload=published)])
    known = ledger.known(digest(1))
    assert known is not None
    assert (known.name, known.first_seen) == ("first.mp4", "2025-03-01T12:01:00Z")
    assert [(a.what, a.at, a.by) for a in known.appearances] == [
        ("published", "2024-01-01T00:00:00Z", "desk"),
        ("received", "2025-03-01T12:01:00Z", "desk.example/case"),
        ("received", "2025-03-01T12:02:00Z", "desk.example/case"),
    ]
    assert known.appearances[0].url == "u"
