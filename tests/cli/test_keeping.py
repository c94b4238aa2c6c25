"""What the owner does to a ledger: keys, proofs of time, deletion; as people run it."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.ledger.authority import Authority, serving
from tests.ledger.test_opentimestamps import HEAD


def words(text: str) -> str:
    return " ".join(text.split())


def test_keys_are_shown_changed_and_followed(copied: Program) -> None:
    shown = copied("ledger", "keys", "show")
    assert shown.code == 0
    first = shown.text.splitlines()[0].split()[1]
    assert "signs         entries from 0 on" in shown.text
    assert str(copied.ledger) + ".key" in shown.text
    changed = copied("ledger", "keys", "rotate", "--reason", "yearly")
    assert changed.code == 0
    second = changed.text.splitlines()[0].split()[1]
    assert second != first
    assert "replaced      yearly" in changed.text
    assert ".until-" in changed.text
    for key in (first, second):
        done = copied("ledger", "verify", "--key", key)
        assert done.code == 0
        assert re.match(r"Signed \(\d+ entries\)\n", done.text)
    assert "were appended under" in done.text
    assert copied("ledger", "log", "--type", "key-changed", "--json").code == 0
    assert f"to {second.split('+')[1]}" in copied("ledger", "log").text


def test_a_change_without_a_reason_is_a_wrong_command(copied: Program) -> None:
    assert copied("ledger", "keys", "rotate").code == 2


def test_a_name_is_deleted_and_shown_as_redacted(copied: Program) -> None:
    assert b"one.png" in copied.ledger.read_bytes()
    done = copied("ledger", "redact", "1", "--reason", "asked by the person")
    assert done.code == 0
    assert "Deleted from entry 1: name." in done.text
    assert "backups" in done.text
    assert b"one.png" not in copied.ledger.read_bytes()
    assert "committed name: (redacted)" in copied("ledger", "show", "1").text
    received = words(copied("ledger", "log", "--type", "asset-received").text)
    assert "(redacted)" in received
    assert "one.png" not in received
    assert copied("ledger", "verify").code == 0
    again = copied("ledger", "redact", "1", "--reason", "asked by the person")
    assert (again.code, "no such value any more" in again.text) == (0, True)
    assert copied("ledger", "redact", "0", "--reason", "x").code == 2
    assert copied("ledger", "redact", "--reason", "x").code == 2
    assert copied("ledger", "redact", "1", "--reason", "x", "--key", "nothing").code == 2


def test_an_original_is_removed(copied: Program) -> None:
    name = sha256((copied.home / "inbox/one.png").read_bytes()).hexdigest()
    kept = copied.home / "ledger.evidence" / name[:2] / name
    assert kept.exists()
    done = copied("ledger", "redact", "--evidence", name, "--reason", "asked by the person")
    assert done.code == 0
    assert not kept.exists()
    assert "destroyed" in copied("ledger", "log", "--type", "custody").text
    assert copied("ledger", "verify").code == 0


def test_the_bytes_to_be_stamped_leave_and_an_opentimestamps_proof_comes_back(
    copied: Program,
) -> None:
    assert copied("ledger", "anchor", "--note-out", "note").code == 0
    note = (copied.home / "note").read_bytes()
    assert note.count("\N{EM DASH}".encode()) == 1
    calendar = b"https://calendar.example"
    inner = bytes([len(calendar)]) + calendar
    proof = HEAD + b"\x08" + sha256(note).digest()
    proof += b"\x00" + bytes.fromhex("83dfe30d2ef90c8e") + bytes([len(inner)]) + inner
    (copied.home / "note.ots").write_bytes(proof)
    done = copied("ledger", "anchor", "--ots", "note.ots")
    assert done.code == 0
    assert "submitted; no block is named yet" in done.text
    assert "OpenTimestamps, submitted" in copied("ledger", "log").text
    shown = words(copied("ledger", "verify").text)
    assert "submitted; no block is named yet" in shown
    (copied.home / "bad.ots").write_bytes(proof[:-1])
    refused = copied("ledger", "anchor", "--ots", "bad.ots")
    assert (refused.code, refused.out) == (3, b"")


def test_one_way_of_anchoring_at_a_time(copied: Program) -> None:
    assert copied("ledger", "anchor").code == 2
    assert copied("ledger", "anchor", "--tsa", "http://x/", "--note-out", "y").code == 2
    assert copied("ledger", "anchor", "--tsa", "file:///etc/passwd").code == 2
    assert copied("ledger", "anchor", "--reply-in", "nowhere").code == 2


@pytest.mark.loopback
def test_an_answer_that_is_none_leaves_the_ledger_as_it_was(copied: Program) -> None:
    before = copied.ledger.read_bytes()
    with serving(lambda asked, handler: b"<html>") as url:
        done = copied("ledger", "anchor", "--tsa", url)
    assert (done.code, done.out) == (3, b"")
    assert "expected a time-stamp answer" in done.err
    assert copied.ledger.read_bytes() == before


@pytest.mark.loopback
@pytest.mark.interop
def test_an_authority_is_asked_and_its_token_shown(copied: Program, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "tsa")
    root = authority.folder / "root.pem"
    with serving(lambda asked, handler: authority.reply(asked)) as url:
        done = copied("ledger", "anchor", "--tsa", url, "--tsa-root", root)
    assert done.code == 0, done.err
    assert "existed not after 20" in done.text
    key = copied("ledger", "keys", "show").text.split()[1]
    verified = copied("ledger", "verify", "--key", key, "--tsa-root", root)
    assert ", timestamped (the first " in verified.text.splitlines()[0]
    assert "came later; no verified token shows when" in words(verified.text)
    told = json.loads(copied("ledger", "verify", "--tsa-root", root, "--json").out)
    assert told["timestamped"] == told["times"][0]["size"]
    assert "existed not after" in copied("ledger", "log").text
    without = words(copied("ledger", "verify", "--key", key).text)
    assert "no root certificate was given" in without


@pytest.mark.interop
def test_a_query_is_carried_to_an_authority_by_hand(copied: Program, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "tsa")
    assert copied("ledger", "anchor", "--query-out", "query.tsq").code == 0
    reply = authority.reply((copied.home / "query.tsq").read_bytes())
    (copied.home / "reply.tsr").write_bytes(reply)
    assert copied("ledger", "redact", "1", "--reason", "the log goes on").code == 0
    done = copied(
        "ledger", "anchor", "--reply-in", "reply.tsr", "--tsa-root", authority.folder / "root.pem"
    )
    assert done.code == 0, done.err
    assert "CN=An authority of the test" in done.text
