"""Private keys of people, as one line of text that carries the key's name.

The form is that of golang.org/x/mod/sumdb/note, which other programs for signed notes read as well:

    PRIVATE+KEY+desk-editor+5f0c21aa+base64(0x01 ‖ 32-byte Ed25519 seed)

The key id is that of the public key (C2SP signed-note).
"""

from __future__ import annotations

import base64
import binascii

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics.ledger.note import ED25519, NoteError, Signer, check_name, to_base64

SEED_SIZE = 32
MAX_SKEY = 1000
"""No such file is longer than this many bytes."""
_PREFIX = "PRIVATE+KEY+"


def write_skey(name: str, seed: bytes) -> str:
    """Returns the line for a key made of 32 random bytes.

    Raises:
        NoteError: The name cannot name a key.
    """
    check_name(name)
    signer = _signer(name, seed)
    encoded = to_base64(bytes([ED25519]) + seed)
    return f"{_PREFIX}{signer.verifier.short}+{encoded}\n"


def read_skey(text: str) -> Signer:
    """Reads the line.

    Raises:
        NoteError: It is none, or contradicts itself. The message never repeats it.
    """
    line = text.strip()
    name, key_id, encoded = "", "", ""
    if line.startswith(_PREFIX) and "\n" not in line:
        name, _, rest = line.removeprefix(_PREFIX).partition("+")
        key_id, _, encoded = rest.partition("+")
    if not name:
        raise NoteError(
            "the file holds no private key of a person: expected one line, PRIVATE+KEY+…"
        )
    check_name(name)
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != 1 + SEED_SIZE or data[0] != ED25519 or to_base64(data) != encoded:
        raise NoteError("the key is not an Ed25519 private key in one line")
    signer = _signer(name, data[1:])
    if signer.verifier.key_id.hex() != key_id:
        raise NoteError("the key contradicts itself: its id is not that of its public key")
    return signer


def _signer(name: str, seed: bytes) -> Signer:
    return Signer(name=name, private=Ed25519PrivateKey.from_private_bytes(seed))
