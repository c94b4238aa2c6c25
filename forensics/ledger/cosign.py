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
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics.ledger import ed25519
from forensics.ledger.note import NamedKey, Note, NoteError, NoteSignature, signature_line

COSIGNATURE = 0x04
"""The signature type of Ed25519 cosignatures."""
MAX_TIME = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness(NamedKey):
    """A key that cosigns, and signs nothing else."""

    kind: ClassVar[int] = COSIGNATURE


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
    """Reads the key of a witness: `name+key id+base64(0x04 ‖ public key)`.

    Raises:
        NoteError: Not well-formed, of another kind, or the key id is not that of the key.
    """
    return Witness.parse(vkey)


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
