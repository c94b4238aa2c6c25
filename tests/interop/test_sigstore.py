"""Sigstore's two clients judge checkpoints and inclusion proofs that a ledger made: their code, our material.

What their public interfaces take is a Sigstore bundle: its log entry must be one of Rekor's kinds
(`hashedrekord`, `dsse`, `intoto`) that repeats the signature and certificate of an artifact, with a key id
that is the SHA-256 of the key's SubjectPublicKeyInfo. A ledger's entries are nothing of the kind, so
`sigstore.verify.Verifier` and `Verifier` of @sigstore/verify cannot take them. The functions below those
interfaces, which decide about the tree and the signed note, take any entry, offline; they are called here:

- sigstore-python 4.5.1: `verify_merkle_inclusion` of `_internal.merkle`, and `verify_checkpoint` of
  `_internal.rekor.checkpoint`. A note's line is found by four bytes of a key id, here those of the vkey.
- @sigstore/verify 3.1.1: `verifyCheckpoint` and `verifyMerkleInclusion` of `dist/tlog`.

Neither verifies proofs of growth or cosignatures; lines of other keys are passed over. Proofs of growth are
judged by Go's `tlog` and @transmute/rfc9162, cosignatures by Go's Ed25519 (`test_log.py`).
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.interop.conftest import Handed, Judge, encoded

pytestmark = pytest.mark.interop
CLIENTS = ("sigstore_python", "sigstore_javascript")


def case(handed: Handed, index: int, size: int) -> dict[str, Any]:
    return {
        "vkey": handed.vkey,
        "index": index,
        "size": size,
        "root": handed.root(size),
        "body": encoded(handed.bodies[index]),
        "path": handed.path(handed.proofs[index, size]),
        "note": handed.notes[size],
    }


@pytest.mark.parametrize("client", CLIENTS)
def test_every_entry_is_proven_in_every_checkpoint(
    client: str, handed: Handed, request: pytest.FixtureRequest
) -> None:
    judge: Judge = request.getfixturevalue(client)
    cases = [case(handed, index, size) for index, size in handed.proofs]
    assert len(cases) > 100
    assert set(judge(cases)) == {""}


@pytest.mark.parametrize("client", CLIENTS)
def test_what_is_not_so_is_refused(
    client: str, handed: Handed, request: pytest.FixtureRequest
) -> None:
    judge: Judge = request.getfixturevalue(client)
    small, size = sorted(handed.notes)[1], max(handed.notes)
    good = case(handed, 3, size)
    other = handed.witness.split("+", 2)[2]
    name, key_id, _ = handed.vkey.split("+", 2)
    wrong = {
        "another body": {"body": encoded(b"changed")},
        "another place": {"index": 4},
        "a node more": {"path": [*good["path"], handed.root(small)]},
        "a node less": {"path": good["path"][:-1]},
        "a node changed": {"path": [handed.root(small), *good["path"][1:]]},
        "another tree": {"note": handed.notes[small]},
        "a root changed": {
            "note": handed.notes[size].replace(handed.root(size), handed.root(small))
        },
        "a size changed": {"note": handed.notes[size].replace(f"\n{size}\n", f"\n{size + 1}\n")},
        "another key": {"vkey": f"{name}+{key_id}+{other}"},
        "another key id": {"vkey": f"{name}+00000000+{handed.vkey.split('+', 2)[2]}"},
        "no signature": {"note": handed.notes[size].split("\N{EM DASH}")[0]},
    }
    said = judge([{**good, **change} for change in wrong.values()])
    assert not [what for what, why in zip(wrong, said, strict=True) if why == ""]
