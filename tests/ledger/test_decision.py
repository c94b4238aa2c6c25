"""Decisions of people: signed by their own key, bound to one entry of one log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics.ledger.decision import (
    DECISION,
    DecisionError,
    decider,
    signed_payload,
    verify_decision,
)
from forensics.ledger.entry import Entry, entry_bytes, read_entry
from forensics.ledger.merkle import leaf_hash
from forensics.ledger.note import NoteError, Signer

REVIEWER = Signer(
    name="desk.example/reviewer", private=Ed25519PrivateKey.from_private_bytes(b"r" * 32)
)
OTHER = Signer(name="desk.example/other", private=Ed25519PrivateKey.from_private_bytes(b"o" * 32))
ORIGIN = "desk.example/case"
LEAF = leaf_hash(b"the verdict that is decided on")
SUBJECT = "sha256:" + "ab" * 32
SAID = {"entry": 7, "leaf": LEAF.hex(), "decision": "changed", "reasons": ["the shadows agree"]}
KEYS = [REVIEWER.verifier]


def decided(signer: Signer = REVIEWER, **changes: Any) -> Entry:
    bound = {"subject": SUBJECT, "commitments": {"by": "cd" * 32}, "supersedes": 3}
    payload = signed_payload(signer, ORIGIN, SAID, **bound)
    entry = Entry(
        type=DECISION,
        at="2025-03-01T12:00:00Z",
        actor="desk.example/case+00000000",
        payload=payload,
        **bound,
    )
    return read_entry(entry_bytes(replace(entry, **changes)))


def test_a_decision_holds() -> None:
    found = verify_decision(decided(), ORIGIN, LEAF, [OTHER.verifier, *KEYS])
    assert (found.by, found.entry, found.outcome) == (REVIEWER.verifier, 7, "changed")
    assert found.statement["reasons"] == ["the shadows agree"]


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "sha256:" + "00" * 32},
        {"subject": None},
        {"commitments": {}},
        {"supersedes": None},
        {"payload": decided().payload | {"statement": SAID | {"decision": "upheld"}}},
        {"payload": decided().payload | {"statement": SAID | {"entry": 8}}},
        {"payload": decided().payload | {"statement": SAID | {"more": 1}}},
    ],
    ids=["subject", "no subject", "commitments", "supersedes", "outcome", "entry", "more"],
)
def test_nothing_that_was_signed_can_be_changed(changes: dict[str, Any]) -> None:
    with pytest.raises(DecisionError, match=r"is not the one that desk\.example/reviewer\+"):
        verify_decision(decided(**changes), ORIGIN, LEAF, KEYS)


def test_it_cannot_be_moved_to_another_log_or_entry() -> None:
    with pytest.raises(DecisionError, match="is not the one that"):
        verify_decision(decided(), "desk.example/other", LEAF, KEYS)
    with pytest.raises(DecisionError, match="about another entry than the log's entry 7"):
        verify_decision(decided(), ORIGIN, leaf_hash(b"another"), KEYS)


def test_another_key_is_refused() -> None:
    with pytest.raises(NoteError, match="expected a signature of"):
        verify_decision(decided(OTHER), ORIGIN, LEAF, KEYS)


@pytest.mark.parametrize(
    "statement",
    [
        {},
        SAID | {"entry": -1},
        SAID | {"entry": True},
        SAID | {"leaf": "ab"},
        SAID | {"leaf": LEAF.hex().upper()},
        SAID | {"leaf": "zz" * 32},
        SAID | {"decision": "fake"},
        SAID | {"decision": None},
    ],
)
def test_an_unfit_statement_is_not_signed(statement: dict[str, Any]) -> None:
    with pytest.raises(DecisionError):
        signed_payload(REVIEWER, ORIGIN, statement, subject=None, commitments={})


@pytest.mark.parametrize("payload", [{}, {"statement": SAID}, {"statement": [], "note": "x"}])
def test_an_entry_without_a_signed_statement_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(DecisionError, match="no signed statement"):
        verify_decision(decided(payload=payload), ORIGIN, LEAF, KEYS)


def test_the_entry_names_the_key() -> None:
    assert decider(decided()) == REVIEWER.verifier
    for vkey in (None, 3, "x", "desk.example/reviewer+00000000+AAAA"):
        with pytest.raises(DecisionError, match=r"names no usable key|does not name the key"):
            decider(decided(payload=decided().payload | {"vkey": vkey}))
