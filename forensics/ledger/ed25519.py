"""Ed25519 by one pinned rule, so that every reader of a ledger accepts the same signatures.

Libraries disagree on edge cases. The rule here: RFC 8032 section 5.1.7 without the cofactor, as OpenSSL and
Go compute it, and in addition the key and the signature's R must be canonically encoded and not of low
order. A signature made by any correct library with a proper key passes.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_P = 2**255 - 19
_LOW_ORDER_Y = frozenset(
    {
        0,
        1,
        _P - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)
"""The y coordinates of the eight points of low order (C2SP CCTV, ed25519 vectors, README)."""


def is_proper_point(encoded: bytes) -> bool:
    """Tells whether 32 bytes are a canonical encoding of y that is not of low order."""
    if len(encoded) != 32:
        return False
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    return y < _P and y not in _LOW_ORDER_Y


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tells whether the signature of 64 bytes holds for the message under the public key of 32 bytes."""
    if len(signature) != 64 or not is_proper_point(public) or not is_proper_point(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
