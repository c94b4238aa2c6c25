"""What a witness answers: the vectors, and that no order of requests makes it contradict itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from forensics.ledger import merkle, note, witness
from forensics.ledger.cosign import Cosigner
from forensics.ledger.witness import Answer, Request, Seen
from tests.ledger.test_cosign import cosigner
from tests.ledger.test_proof import SIGNER, tree

CASES = json.loads((Path(__file__).parents[1] / "vectors/ledger/witness.json").read_text("utf-8"))
HONEST = [b"entry %d" % i for i in range(12)]
FORKED = [*HONEST[:5], *(b"other %d" % i for i in range(7))]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_the_vectors(case: dict[str, Any]) -> None:
    logs = [note.parse_vkey(vkey) for vkey in case["logs"]]
    seen = {}
    if case["seen"]:
        held = Seen(size=case["seen"]["size"], root=bytes.fromhex(case["seen"]["root"]))
        seen = {logs[0].name: held}
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(case["witness_seed"]))
    found = witness.answer(
        case["request"].encode(),
        logs=logs,
        seen=seen,
        cosigner=Cosigner(name=case["witness"], private=private),
        seconds=case["seconds"],
    )
    assert found.status == case["status"], found.body
    assert (found.seen is None) == (found.status != 200)
    if case["body"] is not None:
        assert found.body == case["body"]
    if found.status == 409 and case["body"] is not None:
        assert found.content_type == "text/x.tlog.size"
    assert found.body.endswith("\n")
    assert found.status == 200 or "— " not in found.body


def ask(seen: dict[str, Seen], bodies: list[bytes], old: int, size: int) -> Answer:
    signed, node = tree(bodies[:size])
    proof = merkle.consistency_proof(old, size, node) if 0 < old <= size else []
    request = Request(old=old, proof=tuple(proof), checkpoint=signed)
    assert witness.parse_request(request.text.encode()) == request
    return witness.answer(
        request.text.encode(),
        logs=[SIGNER.verifier],
        seen=seen,
        cosigner=cosigner(),
        seconds=1_740_830_400,
    )


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 12), st.integers(0, 12)), max_size=12))
def test_no_order_of_requests_makes_it_cosign_two_histories(
    requests: list[tuple[bool, int, int]],
) -> None:
    seen: dict[str, Seen] = {}
    cosigned: list[tuple[int, bytes]] = []
    for honest, old, size in requests:
        bodies = HONEST if honest else FORKED
        found = ask(seen, bodies, old, size)
        if found.seen:
            assert found.status == 200
            seen[found.origin] = found.seen
            cosigned.append((found.seen.size, found.seen.root))
    sizes = [size for size, _ in cosigned]
    assert sizes == sorted(sizes)
    histories = [
        {merkle.root_from_leaves(map(merkle.leaf_hash, b[:n])) for n in range(13)}
        for b in (HONEST, FORKED)
    ]
    assert any(history >= {root for _, root in cosigned} for history in histories)


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer_and_no_cosignature(data: bytes) -> None:
    found = witness.answer(data, logs=[SIGNER.verifier], seen={}, cosigner=cosigner(), seconds=1)
    assert found.status == 400
    assert found.seen is None


def test_a_request_that_is_too_long_is_refused_unread() -> None:
    found = witness.answer(
        bytes(witness.MAX_REQUEST + 1),
        logs=[SIGNER.verifier],
        seen={},
        cosigner=cosigner(),
        seconds=1,
    )
    assert found.status == 400
    assert "expected at most" in found.body
