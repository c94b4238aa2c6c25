"""Cosignatures (C2SP tlog-cosignature): a witness states that it saw a checkpoint, and when.

A cosignature is one more signature line of the note:

    — witness.example jWbPPwAAAABkGFDL…     base64(key id ‖ 8-byte time ‖ 64-byte Ed25519 signature)

and signs, with the witness's key, not the note's text alone but

    cosignature/v1
    time 1679315147                          seconds since 1970, as in the line
    desk.example/2f9a                        the note's text

So the witness says: at that time this was the largest tree that I had seen of this log, and it had grown by
appending only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics.ledger import ed25519
from forensics.ledger.note import (
    Note,
    NoteError,
    NoteSignature,
    check_key_id,
    check_name,
    signature_line,
    split_vkey,
    to_base64,
)

COSIGNATURE = 0x04
"""The signature type of Ed25519 cosignatures."""
MAX_TIME = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A witness's public key under its name.

    Attributes:
        name: As of any key of a note.
        public: 32 bytes (RFC 8032).
    """

    name: str
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if not ed25519.is_proper_point(self.public):
            raise NoteError(f"the public key of {self.name} is not a proper Ed25519 key")

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name ‖ 0x0A ‖ 0x04 ‖ public key)."""
        material = self.name.encode() + b"\n" + bytes([COSIGNATURE]) + self.public
        return sha256(material).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as it is told to others: name+id+base64."""
        return f"{self.short}+{to_base64(bytes([COSIGNATURE]) + self.public)}"

    @property
    def short(self) -> str:
        """Name and key id."""
        return f"{self.name}+{self.key_id.hex()}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Cosigner:
    """A witness's private key under its name. Never printed.

    Attributes:
        name: As of the witness.
        private: The key; used for nothing but cosignatures under this one name.
        witness: The public half.
    """

    name: str
    private: Ed25519PrivateKey
    witness: Witness = field(init=False)

    def __post_init__(self) -> None:
        public = self.private.public_key().public_bytes_raw()
        object.__setattr__(self, "witness", Witness(name=self.name, public=public))

    def __repr__(self) -> str:
        return f"Cosigner({self.witness.short})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """A cosignature that holds.

    Attributes:
        witness: Whose it is.
        seconds: When it was made, by the witness's clock, in seconds since 1970.
        line: The signature line, with its newline.
    """

    witness: Witness
    seconds: int
    line: str

    @property
    def at(self) -> str:
        """The same time as RFC 3339 in UTC; as a number of seconds where no calendar goes that far."""
        try:
            moment = _EPOCH + timedelta(seconds=self.seconds)
        except OverflowError:
            return f"{self.seconds} seconds after 1970"
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_witness_key(vkey: str) -> Witness:
    """Reads `name+key id+base64(0x04 ‖ public key)`.

    Raises:
        NoteError: Not well-formed, of another type, or the key id is not that of the key.
    """
    name, key_id, public = split_vkey(vkey, COSIGNATURE)
    witness = Witness(name=name, public=public)
    check_key_id(key_id, witness.key_id)
    return witness


def cosign(text: str, cosigner: Cosigner, seconds: int) -> Cosigned:
    """Cosigns the text of a checkpoint.

    Args:
        text: The note's text, with its last newline.
        cosigner: Who states it.
        seconds: When, since 1970.

    Raises:
        NoteError: The time is not one that a cosignature can carry.
    """
    if not 0 < seconds <= MAX_TIME:
        raise NoteError(f"a cosignature cannot carry the time {seconds}: expected 1 to {MAX_TIME}")
    signature = seconds.to_bytes(8, "big") + cosigner.private.sign(_message(text, seconds))
    line = signature_line(cosigner.name, cosigner.witness.key_id, signature)
    return Cosigned(witness=cosigner.witness, seconds=seconds, line=line)


def verify_cosignature(text: str, line: NoteSignature, witness: Witness) -> Cosigned:
    """Verifies one signature line against a witness's key.

    Raises:
        NoteError: It is not this witness's, or does not hold for this text.
    """
    if (line.name, line.key_id) != (witness.name, witness.key_id):
        found = f"{line.name}+{line.key_id.hex()}"
        raise NoteError(f"expected a cosignature of {witness.short}, found one of {found}")
    if len(line.signature) != 72:
        raise NoteError(
            f"the cosignature of {witness.short} has {len(line.signature)} bytes, expected 72"
        )
    seconds = int.from_bytes(line.signature[:8], "big")
    if seconds > MAX_TIME or not ed25519.verifies(
        witness.public, line.signature[8:], _message(text, seconds)
    ):
        raise NoteError(f"the cosignature of {witness.short} does not hold for this checkpoint")
    return Cosigned(
        witness=witness,
        seconds=seconds,
        line=signature_line(line.name, line.key_id, line.signature),
    )


def cosignatures(note: Note, witnesses: Sequence[Witness]) -> tuple[Cosigned, ...]:
    """Returns the cosignatures of known witnesses on a note, the first of each, in the note's order.

    Raises:
        NoteError: A known witness's cosignature does not hold.
    """
    known = {(w.name, w.key_id): w for w in witnesses}
    found: dict[Witness, Cosigned] = {}
    for line in note.signatures:
        witness = known.get((line.name, line.key_id))
        if witness is not None:
            cosigned = verify_cosignature(note.text, line, witness)
            found.setdefault(witness, cosigned)
    return tuple(found.values())


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
