"""Human decisions: who decided signs with a key of their own, which is not the log's.

A `decision` entry's payload is `{"statement": {…}, "note": "…", "vkey": "…"}`. The statement names the entry
that is decided on by its index and its leaf hash, so that it cannot be moved to another. The note is a signed
note (C2SP) by the key of whoever decided, which `vkey` gives on the log's word; its text has three lines:

    forensics/decision/1
    desk.example/2f9a                        the log that the entry stands in
    5d0c…                                    SHA-256, hexadecimal, of the canonical JSON of
                                             {"commitments", "statement", "subject", "supersedes"}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from forensics.errors import LedgerBroken
from forensics.ledger.canonical import canonical_bytes
from forensics.ledger.entry import Entry
from forensics.ledger.merkle import HASH_SIZE
from forensics.ledger.note import (
    NoteError,
    Signer,
    Verifier,
    parse_note,
    parse_vkey,
    sign,
    verify_note,
)

DECISION = "decision"
"""Type of the entry."""
FORMAT = "forensics/decision/1"
OUTCOMES = frozenset({"upheld", "changed", "withdrawn"})
"""What may be decided about an entry: it stands; another judgement takes its place; nothing is said."""


class DecisionError(LedgerBroken):
    """A decision is malformed, or is not signed by the key that it has to be signed by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, and by whom.

    Attributes:
        by: The key that signed.
        entry: Index of the entry that is decided on.
        leaf: Its leaf hash.
        outcome: One of `OUTCOMES`.
        statement: All that was signed, with reasons.
    """

    by: Verifier
    entry: int
    leaf: bytes
    outcome: str
    statement: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision in a log that holds under the key that its entry names.

    Attributes:
        index: Of the entry.
        on: Index of the entry that is decided on.
        outcome: One of `OUTCOMES`.
        by: The key; whose it is, only that person can say.
    """

    index: int
    on: int
    outcome: str
    by: Verifier


def signed_payload(
    signer: Signer,
    origin: str,
    statement: Mapping[str, Any],
    *,
    subject: str | None,
    commitments: Mapping[str, str],
    supersedes: int | None = None,
) -> dict[str, Any]:
    """Returns the payload of a `decision` entry, signed.

    Args:
        signer: Whoever decided; the name tells a role, never a person.
        origin: Of the log that the entry will stand in.
        statement: `entry`, `leaf` (hexadecimal), `decision`, and reasons; no personal value.
        subject: Of the entry.
        commitments: Of the entry.
        supersedes: Of the entry.

    Raises:
        DecisionError: The statement lacks a part.
    """
    _read(signer.verifier, statement)
    text = _text(origin, statement, subject, commitments, supersedes)
    return {
        "statement": dict(statement),
        "note": sign(text, [signer]),
        "vkey": signer.verifier.vkey,
    }


def decider(entry: Entry) -> Verifier:
    """Returns the key that a `decision` entry says it is signed with: the log's word.

    Raises:
        DecisionError: It names none.
    """
    vkey = entry.payload.get("vkey")
    if not isinstance(vkey, str):
        raise DecisionError("a decision does not name the key that signed it: expected 'vkey'")
    try:
        return parse_vkey(vkey)
    except NoteError as error:
        raise DecisionError(f"a decision names no usable key: {error}") from error


def verify_decision(entry: Entry, origin: str, leaf: bytes, keys: list[Verifier]) -> Decision:
    """Verifies a `decision` entry.

    Args:
        entry: The entry.
        origin: Of the log that it stands in.
        leaf: Leaf hash of the entry that it is about, as the log has it.
        keys: Of those whose decisions the verifier accepts.

    Raises:
        DecisionError: It is malformed, about another entry or log, or not as it was signed.
        NoteError: None of the keys signed it.
    """
    statement, note = entry.payload.get("statement"), entry.payload.get("note")
    if not isinstance(statement, dict) or not isinstance(note, str):
        raise DecisionError("a decision has no signed statement: expected 'statement' and 'note'")
    parsed = parse_note(note)
    (signer, *_) = verify_note(parsed, keys)
    expected = _text(origin, statement, entry.subject, entry.commitments, entry.supersedes)
    if parsed.text != expected:
        raise DecisionError(
            f"a decision is not the one that {signer.short} signed: "
            f"expected {expected.splitlines()}, found {parsed.text.splitlines()[:3]}"
        )
    decision = _read(signer, statement)
    if decision.leaf != leaf:
        raise DecisionError(
            f"a decision is about another entry than the log's entry {decision.entry}: "
            f"expected the leaf hash {decision.leaf.hex()}, found {leaf.hex()}"
        )
    return decision


def _read(by: Verifier, statement: Mapping[str, Any]) -> Decision:
    index, leaf, outcome = (statement.get(key) for key in ("entry", "leaf", "decision"))
    try:
        raw = bytes.fromhex(leaf) if isinstance(leaf, str) else b""
    except ValueError:
        raw = b""
    if type(index) is not int or index < 0 or len(raw) != HASH_SIZE or raw.hex() != leaf:
        raise DecisionError("a decision names no entry: expected its index and its leaf hash")
    if not isinstance(outcome, str) or outcome not in OUTCOMES:
        wanted = ", ".join(sorted(OUTCOMES))
        raise DecisionError(f"a decision is {outcome!r}, expected one of {wanted}")
    return Decision(by=by, entry=index, leaf=raw, outcome=outcome, statement=statement)


def _text(
    origin: str,
    statement: Mapping[str, Any],
    subject: str | None,
    commitments: Mapping[str, str],
    supersedes: int | None,
) -> str:
    signed = {
        "commitments": dict(commitments),
        "statement": dict(statement),
        "subject": subject,
        "supersedes": supersedes,
    }
    return f"{FORMAT}\n{origin}\n{sha256(canonical_bytes(signed)).hexdigest()}\n"
