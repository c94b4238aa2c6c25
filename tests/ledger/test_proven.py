"""What a proof file proves: each grade, each refusal, and never more than it says."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics.errors import UsageError
from forensics.ledger import proof, proven
from forensics.ledger.cosign import cosign
from forensics.ledger.entry import Entry, entry_bytes
from forensics.ledger.note import Signer, parse_note
from forensics.ledger.policy import Policy, parse_policy
from forensics.ledger.verify import Grade
from tests.ledger.test_cosign import cosigner
from tests.ledger.test_proof import SIGNER, tree

ENTRY = Entry(
    type="claim",
    at="2025-03-01T12:00:00Z",
    actor=SIGNER.verifier.short,
    subject=None,
    payload={"statement": "s"},
    commitments={},
)
BODIES = [b"first", entry_bytes(ENTRY), b"third"]
LOG = f"log {SIGNER.verifier.vkey}\n"
WITNESSES = "".join(
    f"witness {n} {cosigner(f'{n}.example', seed).witness.vkey}\n"
    for n, seed in (("A", 5), ("B", 6), ("C", 7))
)


def policy(quorum: str, log: str = LOG) -> Policy:
    return parse_policy(f"{log}{WITNESSES}{quorum}".encode())


def proof_file(index: int = 1, *, body: bytes | None = BODIES[1], by: str = "") -> bytes:
    signed, node = tree(BODIES)
    text = parse_note(signed).text
    lines = [
        cosign(text, cosigner(f"{n}.example", seed), 1_740_830_400).line
        for n, seed in (("A", 5), ("B", 6), ("C", 7))
        if n in by
    ]
    return proof.make_proof(index, signed + "".join(lines), node, body).text.encode()


def test_without_a_policy_it_is_integrity_only() -> None:
    found = proven.verify_proof(proof_file())
    assert (found.grade, found.accepted, found.entry) == (Grade.INTEGRITY_ONLY, True, ENTRY)
    said = " ".join(found.sentences)
    assert "Entry 1 stands in the tree of 3 entries" in said
    assert "may have been made by anybody" in said
    assert "No witness" in said


def test_with_the_logs_key_it_is_signed() -> None:
    found = proven.verify_proof(proof_file(), policy=policy("quorum none"))
    assert (found.grade, found.accepted) == (Grade.SIGNED, True)
    assert "could have shown others another log" in " ".join(found.sentences)


@pytest.mark.parametrize(
    ("by", "grade", "accepted"),
    [("", "signed", False), ("A", "signed", False), ("AC", "witnessed", True)],
)
def test_the_quorum_decides(by: str, grade: str, accepted: bool) -> None:
    found = proven.verify_proof(proof_file(by=by), policy=policy("group g 2 A B C\nquorum g"))
    assert (found.grade, found.accepted) == (grade, accepted)
    said = " ".join(found.sentences)
    assert f"Cosigned by {len(by)} of 3 witnesses" in said
    assert f"asks for 2 of A, B, C: {'reached' if accepted else 'not reached'}." in said
    if accepted:
        assert "A (2025-03-01T12:00:00Z), C (2025-03-01T12:00:00Z)" in said


def test_a_log_that_the_policy_does_not_name_is_not_accepted() -> None:
    found = proven.verify_proof(proof_file(by="A"), policy=policy("quorum A", log=""))
    assert (found.grade, found.accepted) == (Grade.INTEGRITY_ONLY, False)
    assert "None of the logs in the policy signed it" in " ".join(found.sentences)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (proof_file(2), "the proof for entry 2 does not lead to the root: expected"),
        (
            proof_file(by="B").replace(b"B.example ", b"A.example "),
            "",
        ),
    ],
    ids=["another entry", "a witness under another's name"],
)
def test_only_what_contradicts_breaks_it(data: bytes, said: str) -> None:
    found = proven.verify_proof(data, policy=policy("quorum none"))
    assert (found.grade is Grade.BROKEN) == bool(said)
    if said:
        assert said in (found.problem or "")
        assert not found.accepted
        assert found.sentences == (f"Broken, for entry 2: {found.problem}.",)


def test_a_cosignature_of_another_checkpoint_breaks_it() -> None:
    signed, node = tree(BODIES)
    short = parse_note(tree(BODIES[:2])[0]).text
    line = cosign(short, cosigner("A.example", 5), 9).line
    data = proof.make_proof(1, signed + line, node, BODIES[1]).text.encode()
    found = proven.verify_proof(data, policy=policy("quorum A"))
    assert found.grade is Grade.BROKEN
    assert "the cosignature of A.example" in (found.problem or "")


def test_an_entry_given_beside_counts_before_the_one_inside() -> None:
    found = proven.verify_proof(proof_file(body=b"context of another program"), body=BODIES[1])
    assert found.grade is Grade.INTEGRITY_ONLY
    assert proven.verify_proof(proof_file(), body=b"other").grade is Grade.BROKEN


def test_bytes_that_are_no_entry_are_proven_as_they_are() -> None:
    found = proven.verify_proof(proof_file(0, body=b"first"))
    assert (found.entry, found.body) == (None, b"first")
    assert "not an entry of a ledger" in " ".join(found.sentences)


def test_without_any_entry_there_is_nothing_to_prove() -> None:
    with pytest.raises(UsageError, match="does not carry the entry"):
        proven.verify_proof(proof_file(body=None))


def test_another_key_of_the_same_name_may_be_an_earlier_or_a_later_one() -> None:
    old = Signer(name=SIGNER.name, private=Ed25519PrivateKey.from_private_bytes(b"o" * 32))
    found = proven.verify_proof(
        proof_file(), policy=policy("quorum none", log=f"log {old.verifier.vkey}\n")
    )
    assert (found.grade, found.accepted) == (Grade.INTEGRITY_ONLY, False)
    said = " ".join(found.sentences)
    assert f"It is signed with {SIGNER.verifier.short}, which is none of the keys" in said
    assert "The log may have changed its key" in said
