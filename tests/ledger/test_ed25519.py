"""The pinned rule on points that libraries disagree about (encodings as listed by C2SP CCTV)."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics.ledger import ed25519

LOW_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]
NON_CANONICAL = [
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


@pytest.mark.parametrize("point", LOW_ORDER + NON_CANONICAL)
def test_points_of_low_order_or_in_another_encoding_are_refused(point: str) -> None:
    encoded = bytes.fromhex(point)
    assert not ed25519.is_proper_point(encoded)
    # With S = 0 and A of low order a lax verifier accepts such a signature for many messages.
    assert not ed25519.verifies(encoded, encoded + bytes(32), b"message")


def test_a_proper_signature_holds_and_only_for_its_message() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"message")
    assert ed25519.verifies(public, signature, b"message")
    assert not ed25519.verifies(public, signature, b"massage")
    assert not ed25519.verifies(public, signature[:-1], b"message")
    assert not ed25519.verifies(public[:-1], signature, b"message")
    order = 2**252 + 27742317777372353535851937790883648493
    larger = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert not ed25519.verifies(public, signature[:32] + larger, b"message")
