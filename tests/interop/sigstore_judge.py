"""Judges checkpoints and inclusion proofs with sigstore-python, in a process of its own: "", or why not."""

from __future__ import annotations

import base64
import json
import sys
from types import SimpleNamespace

sys.path.insert(0, sys.argv[1])

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import verify_checkpoint
from sigstore._internal.trust import Keyring
from sigstore.errors import VerificationError
from sigstore_models.common.v1 import PublicKey, PublicKeyDetails


def keyring(vkey: str) -> Keyring:
    """The log's key as sigstore's trust root would hold it: SubjectPublicKeyInfo."""
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(vkey.split("+", 2)[2])[1:])
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Keyring(
        [PublicKey(raw_bytes=base64.b64encode(der), key_details=PublicKeyDetails.PKIX_ED25519)]
    )


results = []
for case in json.load(sys.stdin):
    proof = SimpleNamespace(
        log_index=case["index"],
        tree_size=case["size"],
        root_hash=base64.b64decode(case["root"]),
        hashes=[base64.b64decode(node) for node in case["path"]],
        checkpoint=SimpleNamespace(envelope=case["note"]),
    )
    entry = SimpleNamespace(
        _inner=SimpleNamespace(
            canonicalized_body=base64.b64decode(case["body"]),
            inclusion_proof=proof,
            log_id=SimpleNamespace(key_id=bytes.fromhex(case["vkey"].split("+", 2)[1])),
        )
    )
    try:
        verify_merkle_inclusion(entry)
        verify_checkpoint(keyring(case["vkey"]), entry)
        results.append("")
    except VerificationError as error:
        results.append(str(error) or type(error).__name__)
json.dump(results, sys.stdout)
