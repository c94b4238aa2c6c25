"""Policies: the vectors; malformed lines are named; deep and hostile files stay bounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.ledger import policy
from forensics.ledger.note import NoteError, parse_note
from forensics.ledger.policy import PolicyError
from tests.ledger.test_cosign import cosigner

CASES = json.loads((Path(__file__).parents[1] / "vectors/ledger/policy.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_the_vectors(case: dict[str, Any]) -> None:
    data = case["policy"].encode()
    if case["want"] == "malformed":
        with pytest.raises(PolicyError):
            policy.parse_policy(data)
        return
    read = policy.parse_policy(data)
    if case["want"] == "broken":
        with pytest.raises(NoteError, match="does not hold"):
            policy.evaluate(read, parse_note(case["note"]))
        return
    found = policy.evaluate(read, parse_note(case["note"]))
    assert found.met == case["want"]
    assert list(found.asked) == case["asked"]
    assert list(found.cosigned) == case["cosigned"]


def test_the_line_is_named() -> None:
    with pytest.raises(PolicyError, match=r"line 3 of the policy: 'B' names no witness"):
        policy.parse_policy(f"# a\nwitness A {cosigner().witness.vkey}\ngroup g any A B\n".encode())


def test_how_many_cosigned_is_told_with_the_rule() -> None:
    case = next(c for c in CASES if c["name"] == "2 of three, two cosigned")
    found = policy.evaluate(policy.parse_policy(case["policy"].encode()), parse_note(case["note"]))
    assert (found.count, found.rule) == ("2 of 3", "2 of A, B, C")


def test_addresses_are_kept_by_key() -> None:
    vkey = cosigner().witness.vkey
    read = policy.parse_policy(f"witness A {vkey} https://a.example/\nquorum A\n".encode())
    assert read.urls == {vkey: "https://a.example/"}


def test_names_are_bytes() -> None:
    """A name in Latin-1 and one in UTF-8 are two names; neither is an error."""
    one, two = cosigner().witness.vkey.encode(), cosigner("v.example", 6).witness.vkey.encode()
    data = b"witness \xe9 %s\nwitness \xc3\xa9 %s\ngroup g all \xe9 \xc3\xa9\nquorum g\n" % (
        one,
        two,
    )
    assert len(policy.parse_policy(data).asked()) == 2


def test_ten_thousand_groups_within_each_other() -> None:
    lines = [f"witness g0 {cosigner().witness.vkey}"]
    lines += [f"group g{i} any g{i - 1}" for i in range(1, 10_001)]
    read = policy.parse_policy("\n".join([*lines, "quorum g10000\n"]).encode())
    assert read.asked() == ("g0",)
    assert read.holds({"g0"})
    assert not read.holds(set())


def test_a_policy_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(PolicyError, match="expected at most"):
        policy.parse_policy(b"\n" * (policy.MAX_POLICY + 1))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_policy_or_a_policy_error(data: bytes) -> None:
    try:
        read = policy.parse_policy(data + b"\nquorum none\n")
    except PolicyError:
        return
    assert read.quorum == "none"
