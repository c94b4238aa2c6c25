"""Proof files: the vectors; any entry of any tree is proven, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import LedgerBroken
from forensics.ledger import merkle, note, proof
from forensics.ledger.merkle import ProofError

CASES = json.loads((Path(__file__).parents[1] / "vectors/ledger/proof.json").read_text("utf-8"))
SIGNER = note.Signer(
    name="desk.example/case", private=Ed25519PrivateKey.from_private_bytes(b"1" * 32)
)


def tree(bodies: list[bytes]) -> tuple[str, Callable[[int, int], bytes]]:
    """The signed checkpoint over bodies, and a reader of the tree's nodes."""
    frontier, nodes = merkle.Frontier(), {}
    for index, body in enumerate(bodies):
        for level, node in enumerate(frontier.add(merkle.leaf_hash(body))):
            nodes[level, index >> level] = node
    checkpoint = note.Checkpoint(origin=SIGNER.name, size=len(bodies), root=frontier.root())
    return note.sign(checkpoint.text, [SIGNER]), lambda level, position: nodes[level, position]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_the_vectors(case: dict[str, Any]) -> None:
    data = case["proof"].encode()
    if case["want"] == "malformed":
        with pytest.raises(LedgerBroken):
            proof.parse_proof(data)
        return
    read = proof.parse_proof(data)
    assert read.text == case["proof"]
    if case["want"] == "fails":
        with pytest.raises(ProofError):
            proof.check_proof(read, case["body"].encode())
    else:
        found = proof.check_proof(read, case["body"].encode())
        assert found.origin == "desk.example/case"


@given(st.integers(1, 70).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))))
def test_each_entry_of_each_tree_is_proven_and_no_other_in_its_place(
    place: tuple[int, int],
) -> None:
    size, index = place
    bodies = [b"entry %d" % i for i in range(size)]
    signed, node = tree(bodies)
    made = proof.make_proof(index, signed, node, bodies[index])
    read = proof.parse_proof(made.text.encode())
    assert read == made
    assert read.extra == bodies[index]
    proof.check_proof(read, bodies[index])
    with pytest.raises(ProofError, match=f"entry {index} does not lead to the root: expected"):
        proof.check_proof(read, b"something else")
    if size > 1:
        other = proof.make_proof((index + 1) % size, signed, node)
        with pytest.raises(ProofError):
            proof.check_proof(other, bodies[index])


def test_an_entry_outside_the_checkpoint_cannot_be_proven() -> None:
    signed, node = tree([b"a", b"b"])
    with pytest.raises(ProofError, match="entry 2 is not among the 2 entries"):
        proof.make_proof(2, signed, node)


@given(st.binary(max_size=300))
def test_bytes_that_are_no_proof_are_refused(data: bytes) -> None:
    with pytest.raises(LedgerBroken):
        proof.parse_proof(proof.HEADER.encode() + b"\n" + data)


def test_a_proof_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(note.NoteError, match="expected at most"):
        proof.parse_proof(bytes(proof.MAX_PROOF + 1))
