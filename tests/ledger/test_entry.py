"""Bodies: fixed vectors, round trips, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import LedgerError
from forensics.ledger import entry as entries
from forensics.ledger.canonical import canonical_bytes
from forensics.ledger.merkle import leaf_hash
from tests.ledger.test_canonical import KEYS, VALUES

OWN = json.loads((Path(__file__).parents[1] / "vectors/ledger/entry.json").read_text())


def made(**changes: object) -> entries.Entry:
    values = {
        "type": "claim",
        "at": "2025-03-01T12:00:00Z",
        "actor": "desk.example/case+00112233",
        "subject": None,
        "payload": {},
        "commitments": {},
    }
    return entries.Entry(**(values | changes))


@settings(max_examples=40)
@given(
    st.dictionaries(KEYS, VALUES, max_size=4),
    st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    st.none() | st.integers(0, 2**53),
)
def test_entries_read_back(payload: dict, subject: str | None, supersedes: int | None) -> None:
    entry = made(payload=payload, subject=subject, supersedes=supersedes)
    body = entries.entry_bytes(entry)
    assert entries.read_entry(body) == entry
    assert not entries.is_checkpoint(body)


@settings(max_examples=40)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_a_checkpoint_is_known_by_the_end_of_its_body(payload: dict) -> None:
    assert entries.is_checkpoint(entries.entry_bytes(made(type="checkpoint", payload=payload)))
    inside = made(payload={"x": {"type": "checkpoint", "v": 1}, "y": '"type":"checkpoint","v":1}'})
    assert not entries.is_checkpoint(entries.entry_bytes(inside))


@pytest.mark.parametrize("case", OWN["bodies"], ids=lambda c: c["desc"])
def test_own_bodies(case: dict) -> None:
    body = case["body"].encode()
    if "wantErr" in case:
        with pytest.raises(LedgerError):
            entries.read_entry(body)
        return
    assert leaf_hash(body).hex() == case["leaf"]
    assert entries.entry_bytes(entries.read_entry(body)) == body


@pytest.mark.parametrize("case", OWN["commitments"], ids=lambda c: c["desc"])
def test_own_commitments(case: dict) -> None:
    found = entries.commitment(bytes.fromhex(case["salt"]), case["value"])
    assert found == case["want"]


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "Claim"},
        {"type": ""},
        {"type": "a_b"},
        {"at": "2025-03-01 12:00:00Z"},
        {"at": "2025-03-01T12:00:00+01:00"},
        {"subject": 3},
        {"supersedes": -1},
        {"supersedes": True},
        {"commitments": {"name": "00"}},
        {"payload": {"x": 0.5}},
        {"v": 2},
        {"v": True},
    ],
    ids=str,
)
def test_entries_of_another_shape_are_refused(changes: dict) -> None:
    with pytest.raises(LedgerError):
        entries.entry_bytes(made(**changes))


def test_unknown_parts_are_refused() -> None:
    body = json.loads(entries.entry_bytes(made())) | {"extra": 1}
    with pytest.raises(entries.EntryError, match="unknown parts: extra"):
        entries.read_entry(canonical_bytes(body))


def test_a_salt_has_32_bytes() -> None:
    with pytest.raises(entries.EntryError, match="expected 32"):
        entries.commitment(bytes(16), "x")
