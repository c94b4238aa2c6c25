"""Tokens and stamps beside checkpoints: where they go, what is logged, what verify says of them."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from db import anchoring, attachments
from db.attachments import Attachment
from db.ledger import SqlLedger
from db.reading import Reader
from db.verifying import verify
from forensics.errors import LedgerError
from forensics.ledger.opentimestamps import StampError
from forensics.ledger.timestamps import TimestampError
from forensics.ledger.verify import Grade, Part
from tests.db.drafts import plain
from tests.ledger.authority import Authority
from tests.ledger.test_opentimestamps import HEAD, block, calendar
from tests.ledger.test_timestamps import ROOT, TOKEN

Make = Callable[..., SqlLedger]
URL = "http://127.0.0.1/stamp"


def stamp(note: bytes, *ends: bytes) -> bytes:
    return HEAD + b"\x08" + sha256(note).digest() + b"".join(ends)


def last(ledger: SqlLedger) -> tuple[int, bytes]:
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        return anchoring.to_stamp(connection)


@pytest.fixture
def ledger(make: Make) -> SqlLedger:
    made = make()
    made.append([plain(1)])
    return made


def test_a_stamp_is_kept_as_submitted_and_replaced_by_one_in_a_block(ledger: SqlLedger) -> None:
    size, note = last(ledger)
    first = anchoring.keep_stamp(ledger, stamp(note, calendar()))
    assert (first.anchor.size, first.anchor.trouble) == (size, "")
    assert "submitted; no block is named yet" in first.anchor.sentence
    found = verify(ledger.path, vkey=ledger.vkey)
    assert any("submitted" in sentence for sentence in found.sentences)
    later = anchoring.keep_stamp(ledger, stamp(note, block(b"\x05")))
    assert later.anchor.size == size  # although the log went on
    found = verify(ledger.path, vkey=ledger.vkey)
    assert found.grade is Grade.SIGNED
    assert len(found.anchors) == 1
    assert any("names Bitcoin block 5" in sentence for sentence in found.sentences)
    with Reader.open(ledger.path) as reader:
        entry = reader.entry(later.receipt.entries[0]).entry
    assert entry.type == "anchor"
    assert entry.payload == {
        "kind": "ots",
        "size": size,
        "root": note.split(b"\n")[2].decode(),
        "stamp": sha256(stamp(note, block(b"\x05"))).hexdigest(),
        "state": "in a block",
    }


def test_a_stamp_over_something_else_is_refused(ledger: SqlLedger) -> None:
    with pytest.raises(StampError, match="over no checkpoint of this ledger"):
        anchoring.keep_stamp(ledger, stamp(b"something else", calendar()))
    assert last(ledger)[0] == 2


def test_a_token_over_something_else_is_refused(ledger: SqlLedger) -> None:
    with pytest.raises(TimestampError, match="over no checkpoint of this ledger"):
        anchoring.keep_token(ledger, TOKEN, URL, ROOT)
    assert last(ledger)[0] == 2


def test_an_empty_ledger_has_nothing_to_stamp(make: Make) -> None:
    with pytest.raises(LedgerError, match="there is no checkpoint"):
        last(make())


def test_a_stored_stamp_that_was_changed_is_seen(
    ledger: SqlLedger, raw: sqlite3.Connection
) -> None:
    _, note = last(ledger)
    kept = anchoring.keep_stamp(ledger, stamp(note, calendar()))
    raw.execute("UPDATE attachment SET data = CAST(data || 'x' AS BLOB)")
    found = verify(ledger.path, vkey=ledger.vkey)
    assert found.grade is Grade.BROKEN
    assert found.problems[0].part is Part.ATTACHMENT
    assert found.first_bad == kept.receipt.entries[0]
    raw.execute("DELETE FROM attachment")
    found = verify(ledger.path, vkey=ledger.vkey)
    assert found.grade is Grade.SIGNED
    assert any("it is not stored here" in remark for remark in found.remarks)


def test_a_token_that_nobody_recorded_is_seen(ledger: SqlLedger) -> None:
    ledger.attach(Attachment(size=2, kind=attachments.RFC3161, name="x", at="", data=TOKEN))
    found = verify(ledger.path, vkey=ledger.vkey, roots_pem=ROOT)
    assert found.problems[0].part is Part.ATTACHMENT
    assert "expected nothing" in found.problems[0].what


@pytest.mark.interop
def test_a_token_is_kept_logged_and_verified(ledger: SqlLedger, tmp_path: Path) -> None:
    authority, other = Authority(tmp_path / "tsa"), Authority(tmp_path / "other")
    size, note = last(ledger)
    token = authority.token(note)
    ledger.append([plain(2)])
    with pytest.raises(TimestampError, match="nothing was stored: the authority's signature"):
        anchoring.keep_token(ledger, token, URL, other.root)
    kept = anchoring.keep_token(ledger, token, URL, authority.root)
    assert kept.anchor.holds
    with Reader.open(ledger.path) as reader:
        payload = reader.entry(kept.receipt.entries[0]).entry.payload
    assert payload == {
        "kind": "rfc3161",
        "size": size,
        "root": note.split(b"\n")[2].decode(),
        "tsa": URL,
        "token": sha256(token).hexdigest(),
        "gen_time": kept.anchor.token.gen_time,
        "serial": "4097",
        "policy": "1.2.3.4.1",
    }
    found = verify(ledger.path, vkey=ledger.vkey, roots_pem=authority.root)
    assert (found.grade, found.timestamped) == (Grade.TIMESTAMPED, size)
    said = " ".join(found.sentences)
    assert "The first 2 entries existed not after 20" in said
    assert "Entries 2–6 came later; no verified token shows when." in said
    without = verify(ledger.path, vkey=ledger.vkey)
    assert without.grade is Grade.SIGNED
    assert any("was not verified, as no root certificate" in s for s in without.sentences)
    wrong = verify(ledger.path, vkey=ledger.vkey, roots_pem=other.root)
    assert wrong.grade is Grade.SIGNED
    assert any("shows nothing: the authority's signature" in s for s in wrong.sentences)
    unpinned = verify(ledger.path, roots_pem=authority.root)
    assert unpinned.grade is Grade.INTEGRITY_ONLY


@pytest.mark.interop
def test_openssl_accepts_what_is_stored_over_the_note_as_the_log_signed_it(
    ledger: SqlLedger, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "tsa")
    size, note = last(ledger)
    anchoring.keep_token(ledger, authority.token(note), URL, authority.root)
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        (stored,) = attachments.of_size(connection, size, attachments.RFC3161)
    (authority.folder / "token").write_bytes(stored.data)
    (authority.folder / "note").write_bytes(note)
    authority.run("-verify", "-data", "note", "-in", "token", "-token_in", "-CAfile", "root.pem")
    assert base64.b64decode(note.split(b"\n")[2])
