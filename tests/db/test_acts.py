"""Entries that their owner signed and that cannot be so: found in the file, and in a bundle that left it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db import batch as appending
from db.exporting import Wanted, export
from db.ledger import SqlLedger
from db.reading import Reader
from db.verifying import verify
from forensics.ledger.audit import Audit, audit
from forensics.ledger.decision import DECISION, signed_payload
from forensics.ledger.note import Signer
from forensics.ledger.verify import Grade, Part, Verification
from forensics.model import Draft
from tests.db.drafts import digest, plain, received, verdict

Make = Callable[..., SqlLedger]
AT = "2025-03-01T12:00:00Z"
REVIEWER = Signer(
    name="desk.example/reviewer", private=Ed25519PrivateKey.from_private_bytes(b"r" * 32)
)
PERSON = Signer(name="desk.example/other", private=Ed25519PrivateKey.from_private_bytes(b"o" * 32))
SUBJECT = f"sha256:{digest(1)}"


@pytest.fixture
def ledger(make: Make, monkeypatch: pytest.MonkeyPatch) -> SqlLedger:
    """Entries 1: an asset, 2: a verdict about it, 3: the checkpoint of the first three."""
    ledger = make()
    ledger.append([received(1), verdict(1)])
    monkeypatch.setattr(appending, "check_supersedes", lambda *_: None)  # another program's append
    return ledger


def both(ledger: SqlLedger, name: str = "left.zip", **options: Any) -> tuple[Verification, Audit]:
    bundle = ledger.path.with_name(name)
    in_file = verify(ledger.path, vkey=ledger.vkey)
    export(ledger, bundle, Wanted())
    with bundle.open("rb") as file:
        return in_file, audit(file, vkey=ledger.vkey, **options)


def refused(ledger: SqlLedger, match: str, entry: int = 4) -> None:
    in_file, left = both(ledger)
    assert in_file.grade is Grade.BROKEN
    assert (in_file.problems[0].part, in_file.first_bad) == (Part.LOG, entry)
    assert match in in_file.problems[0].what
    assert (left.grade, left.first_bad) == (Grade.BROKEN, entry)
    assert match in str(left.problem)


def added(ledger: SqlLedger, type_: str, payload: dict[str, Any], **more: Any) -> None:
    with ledger.batch() as batch:
        batch.at, batch._actor = more.pop("at", AT), more.pop("actor", batch._actor)
        batch.add(type_, payload, **more)
        batch.seal()


ROOT = "AAAA"
ODD: dict[str, tuple[str, dict[str, Any], str]] = {
    "begun-twice": (
        "ledger-created",
        {"format": "forensics/ledger/1", "origin": "desk.example/case", "vkey": "x"},
        "begins a log and stands nowhere else",
    ),
    "redaction-of-what-is-not-there": ("redaction", {"entry": 999, "keys": ["a"]}, "entry 999"),
    "redaction-of-no-entry": (
        "redaction",
        {"entry": {"a": 1}, "keys": ["a"]},
        "'entry' is {'a': 1}",
    ),
    "redaction-with-keys-of-objects": ("redaction", {"entry": 1, "keys": [{}]}, "lists no keys"),
    "redaction-of-another-value": ("redaction", {"entry": 1, "keys": ["x"]}, "no value 'x'"),
    "anchor-of-no-kind": ("anchor", {"kind": {}, "size": 3, "root": ROOT}, "names no kind"),
    "anchor-of-no-size": ("anchor", {"kind": "ots", "size": [], "root": ROOT}, "'size' is []"),
    "anchor-without-token": (
        "anchor",
        {"kind": "rfc3161", "size": 3, "root": ROOT},
        "lacks 'token'",
    ),
    "anchor-of-another-root": (
        "anchor",
        {"kind": "ots", "size": 3, "root": ROOT, "stamp": "ab" * 32},
        "that the log does not have",
    ),
    "anchor-of-no-checkpoint": (
        "anchor",
        {"kind": "ots", "size": 2, "root": ROOT, "stamp": "ab" * 32},
        "that the log does not have",
    ),
    "decision-unsigned": (
        "decision",
        {"statement": {"entry": 2, "leaf": "00" * 32, "decision": "upheld"}, "note": "forged"},
        "does not name the key",
    ),
    "decision-on-nothing": ("decision", {"note": "forged"}, "'entry' is None"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_payload_that_cannot_be(ledger: SqlLedger, name: str) -> None:
    type_, payload, match = ODD[name]
    added(ledger, type_, payload)
    refused(ledger, match)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"origin": "other.example/log", "vkey": "x", "size": 5, "root": "zz", "checkpoint": "junk"},
        {"origin": "other.example/log", "vkey": 3, "size": 5, "root": "zz", "checkpoint": "junk"},
    ],
)
def test_an_import_of_nothing(
    ledger: SqlLedger, payload: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending.Projector, "take", lambda *_: None)
    added(ledger, "import", payload)
    refused(ledger, "")


def test_an_import_of_nothing_that_took_effect(ledger: SqlLedger) -> None:
    head = {"origin": "other.example/log", "vkey": "x", "size": 5, "root": "zz"}
    added(ledger, "import", {**head, "checkpoint": "junk"})
    refused(ledger, "is not a verification key")


@pytest.mark.parametrize(
    "at", ["2026-02-30T12:00:00Z", "2026-02-28T25:00:00Z", "2026-02-28T12:61:61Z"]
)
def test_a_time_that_no_calendar_has(ledger: SqlLedger, at: str) -> None:
    added(ledger, "note-x", {}, at=at)
    refused(ledger, "which no calendar has")


@pytest.mark.parametrize("actor", ["other.person/x+deadbeef", ""])
def test_the_name_of_a_key_that_never_signed(ledger: SqlLedger, actor: str) -> None:
    added(ledger, "note-x", {}, actor=actor)
    refused(ledger, "names another key as the one that acted")


def test_the_name_of_a_key_that_signs_no_more(ledger: SqlLedger) -> None:
    old = ".".join(ledger.vkey.split("+")[:1]) + "+" + ledger.vkey.split("+")[1]
    ledger.change_key("yearly", destroy_old=False)
    added(ledger, "note-x", {}, actor=old)
    refused(ledger, "names another key as the one that acted", entry=6)


@pytest.mark.parametrize(
    ("supersedes", "match"), [(99, "entry 99"), (4, "entry 4"), (2, "expected the type")]
)
def test_a_correction_of_what_it_may_not(ledger: SqlLedger, supersedes: int, match: str) -> None:
    added(ledger, "note-x", {}, supersedes=supersedes)
    refused(ledger, match)


def decided(
    ledger: SqlLedger, by: Signer = REVIEWER, *, on: int = 2, leaf: str = ""
) -> dict[str, Any]:
    with Reader.open(ledger.path) as reader:
        leaf = leaf or reader.entry(on).leaf.hex()
    said = {"entry": on, "leaf": leaf, "decision": "changed", "reasons": ["the shadows agree"]}
    return signed_payload(by, ledger.origin, said, subject=SUBJECT, commitments={})


def test_a_decision_holds_and_is_told_with_its_key(ledger: SqlLedger) -> None:
    ledger.append([Draft(type=DECISION, subject=SUBJECT, payload=decided(ledger))])
    for known, match in (
        (REVIEWER, "a key that you gave"),
        (PERSON, "a key that only the log names"),
    ):
        in_file, left = both(ledger, f"{match}.zip", deciders=(known.verifier,))
        assert in_file.grade is left.grade is Grade.SIGNED
        for found in (in_file, left):
            (one,) = found.decided
            assert (one.index, one.on, one.outcome, one.by) == (4, 2, "changed", REVIEWER.verifier)
        (said,) = [remark for remark in left.remarks if "Decision" in remark]
        assert f"Decisions signed with {REVIEWER.verifier.short}, {match}" in said
        assert "entry 4 (changed, on entry 2)" in said


def test_a_decision_that_does_not_hold(ledger: SqlLedger) -> None:
    payload = decided(ledger)
    payload["statement"] |= {"decision": "upheld"}
    added(ledger, DECISION, payload, subject=SUBJECT)
    refused(ledger, "is not the one that desk.example/reviewer+")


def test_a_decision_on_another_entry(ledger: SqlLedger) -> None:
    added(ledger, DECISION, decided(ledger, leaf="ab" * 32), subject=SUBJECT)
    refused(ledger, "about another entry than the log's entry 2")


def test_a_decision_with_a_key_that_did_not_sign(ledger: SqlLedger) -> None:
    payload = decided(ledger) | {"vkey": PERSON.verifier.vkey}
    added(ledger, DECISION, payload, subject=SUBJECT)
    refused(ledger, "expected a signature of desk.example/other+")


def test_a_decision_about_another_subject(ledger: SqlLedger) -> None:
    added(ledger, DECISION, decided(ledger, on=3), subject=SUBJECT)
    refused(ledger, "a decision on entry 3 is about sha256:")


def test_a_decision_with_the_key_of_the_log_is_no_persons(ledger: SqlLedger) -> None:
    own = Signer(name=ledger.origin, private=ledger._signer.private)
    added(ledger, DECISION, decided(ledger, own), subject=SUBJECT)
    refused(ledger, "signed with the log's key")


def test_what_is_said_of_left_out_bodies_is_checked_as_far_as_it_can_be(ledger: SqlLedger) -> None:
    ledger.append([plain(1), received(2)])
    added(ledger, DECISION, decided(ledger), subject=SUBJECT)
    bundle = ledger.path.with_name("part.zip")
    export(ledger, bundle, Wanted(assets=(digest(1),)))
    with bundle.open("rb") as file:
        found = audit(file, vkey=ledger.vkey)
    assert (found.grade, [one.on for one in found.decided]) == (Grade.SIGNED, [2])


def test_a_second_run_says_why_an_entry_cannot_be_read(
    ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(appending, "entry_bytes", lambda _: b'{"type":"note-x","v":2}')
    with ledger.batch() as batch:
        batch.add("note-x", {})
        monkeypatch.undo()
        batch.seal()
    bundle = tmp_path / "left.zip"
    export(ledger, bundle, Wanted())
    with bundle.open("rb") as file:
        found = audit(file, vkey=ledger.vkey)
    assert found.first_bad == 4
    assert "entry 4 is not as it has to be: an entry has the version 2" in str(found.problem)
