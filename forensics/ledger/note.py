"""Signed notes and checkpoints (C2SP signed-note and tlog-checkpoint), with Ed25519 keys.

A checkpoint is the head of a log at one size, signed:

    desk.example/2f9a                        origin: the log's name
    1800                                     size: how many entries
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA…     root of the tree, base64

    — desk.example/2f9a Az3grlgtzPICa5OS8…    base64(key id ‖ signature of the text above the empty line)

A key is told to others as `name+key id+base64(0x01 ‖ public key)`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics.errors import LedgerBroken
from forensics.ledger import ed25519
from forensics.ledger.merkle import HASH_SIZE

MAX_NOTE = 1_000_000
"""No note is longer than this many bytes."""
MAX_SIGNATURES = 100
"""No note carries more signatures than this."""
MAX_SIZE = 2**53
ED25519 = 0x01
"""The signature type of these keys."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DASH = "\N{EM DASH} "
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_KEY_ID = re.compile(r"[0-9a-f]{8}", re.ASCII)


class NoteError(LedgerBroken):
    """A note, a checkpoint or a key is malformed, or its signature does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedKey:
    """An Ed25519 public key under its name, for one kind of signature.

    Attributes:
        kind: The signature type, part of the key id: so a key signs nothing of another kind.
        name: No spaces, no "+".
        public: 32 bytes (RFC 8032).
    """

    kind: ClassVar[int]

    name: str
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if not ed25519.is_proper_point(self.public):
            raise NoteError(f"the public key of {self.name} is not a proper Ed25519 key")

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Reads `name+key id+base64(kind ‖ public key)`.

        Raises:
            NoteError: Not well-formed, of another kind, or the key id is not that of the key.
        """
        name, key_id, public = _split_vkey(vkey, cls.kind)
        key = cls(name=name, public=public)
        if key.key_id.hex() != key_id:
            raise NoteError(
                f"a verification key contradicts itself: expected id {key.key_id.hex()}, found {key_id}"
            )
        return key

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ public key)."""
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as it is told to others: name+id+base64."""
        return f"{self.short}+{to_base64(self._typed)}"

    @property
    def short(self) -> str:
        """Name and key id, "desk.example/2f9a+033de0ae": who acted, in an entry."""
        return f"{self.name}+{self.key_id.hex()}"

    @property
    def _typed(self) -> bytes:
        return bytes([self.kind]) + self.public


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier(NamedKey):
    """A key that signs notes; a log's has the name of its origin."""

    kind: ClassVar[int] = ED25519


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Signer:
    """A private key under its name. Never printed.

    Attributes:
        name: As of the verifier.
        private: The key.
        verifier: The public half.
    """

    name: str
    private: Ed25519PrivateKey
    verifier: Verifier = field(init=False)

    def __post_init__(self) -> None:
        public = self.private.public_key().public_bytes_raw()
        object.__setattr__(self, "verifier", Verifier(name=self.name, public=public))

    def __repr__(self) -> str:
        return f"Signer({self.verifier.short})"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line: key name, key id (4 bytes), and what follows it, of any length."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A parsed note. Its text means nothing until a signature was verified.

    Attributes:
        text: What is signed; ends with a newline.
        signatures: At least one.
    """

    text: str
    signatures: tuple[NoteSignature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The head of a log at one size.

    Attributes:
        origin: The log's name.
        size: How many entries.
        root: 32 bytes.
        extensions: Further lines; a ledger writes none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text to be signed."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def check_name(name: str) -> None:
    """Checks that a text can name a key and a log.

    Raises:
        NoteError: Empty, or with a space, a control character or "+".
    """
    if not name or "+" in name or any(c.isspace() or not c.isprintable() for c in name):
        raise NoteError(
            f"{name!r} cannot name a key: expected text without spaces, control characters or +"
        )


def sign(text: str, signers: Sequence[Signer]) -> str:
    """Returns the note: text, an empty line, one signature line for each signer.

    Raises:
        NoteError: The text cannot be a note's text.
    """
    _check_text(text)
    lines = []
    for signer in signers:
        signature = signer.private.sign(text.encode())
        lines.append(signature_line(signer.name, signer.verifier.key_id, signature))
    return f"{text}\n{''.join(lines)}"


def parse_note(data: str | bytes) -> Note:
    """Reads a note, strictly; verifies nothing.

    Raises:
        NoteError: Not well-formed.
    """
    text, found, tail = _decode(data).rpartition("\n\n")
    if not found:
        raise NoteError("a note has no empty line between its text and its signatures")
    text += "\n"
    _check_text(text)
    if not tail.endswith("\n"):
        raise NoteError("a note does not end with a signature line and a newline")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"a note has {len(lines)} signatures, expected at most {MAX_SIGNATURES}")
    return Note(text=text, signatures=tuple(parse_signature_line(line) for line in lines))


def verify_note(note: Note, verifiers: Sequence[Verifier]) -> tuple[Verifier, ...]:
    """Returns whose signatures are on the note; signatures of unknown keys are passed over.

    Raises:
        NoteError: A known key's signature does not hold, or no known key signed.
    """
    known = {(v.name, v.key_id): v for v in verifiers}
    held: list[Verifier] = []
    for line in note.signatures:
        verifier = known.get((line.name, line.key_id))
        if verifier is None or verifier in held:
            continue
        if not ed25519.verifies(verifier.public, line.signature, note.text.encode()):
            raise NoteError(f"the signature of {verifier.short} does not hold")
        held.append(verifier)
    if not held:
        signers = ", ".join(f"{s.name}+{s.key_id.hex()}" for s in note.signatures)
        wanted = ", ".join(v.short for v in verifiers) or "any known key"
        raise NoteError(f"expected a signature of {wanted}, found only {signers}")
    return tuple(held)


def parse_checkpoint(text: str) -> Checkpoint:
    """Reads the text of a checkpoint.

    Raises:
        NoteError: Not well-formed.
    """
    _check_text(text)
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise NoteError("a checkpoint has fewer than three lines, or an empty one")
    origin, size, root, *extensions = lines
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE:
        raise NoteError(f"a checkpoint states the size {size!r}, expected a whole number")
    hash_ = from_base64(root, "a checkpoint's root")
    if len(hash_) != HASH_SIZE:
        raise NoteError(f"a checkpoint's root has {len(hash_)} bytes, expected {HASH_SIZE}")
    return Checkpoint(origin=origin, size=int(size), root=hash_, extensions=tuple(extensions))


def open_checkpoint(data: str | bytes, verifiers: Sequence[Verifier]) -> Checkpoint:
    """Reads a signed checkpoint and verifies it: the usual way in.

    Raises:
        NoteError: Malformed, or not signed by one of the verifiers.
    """
    note = parse_note(data)
    verify_note(note, verifiers)
    return parse_checkpoint(note.text)


def parse_vkey(vkey: str) -> Verifier:
    """Reads the key of a log: `name+key id+base64(0x01 ‖ public key)`.

    Raises:
        NoteError: Not well-formed, of another kind, or the key id is not that of the key.
    """
    return Verifier.parse(vkey)


def signature_line(name: str, key_id: bytes, signature: bytes) -> str:
    """Returns one signature line with its newline."""
    return f"{_DASH}{name} {to_base64(key_id + signature)}\n"


def parse_signature_line(line: str) -> NoteSignature:
    """Reads one signature line without its newline.

    Raises:
        NoteError: Not well-formed.
    """
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise NoteError(
            f"{line[:80]!r} is not a signature line: expected an em dash, a name and base64"
        )
    check_name(name)
    data = from_base64(encoded, "a signature")
    if len(data) < 5:
        raise NoteError(f"a signature has {len(data)} bytes, expected a key id and a signature")
    return NoteSignature(name=name, key_id=data[:4], signature=data[4:])


def _split_vkey(vkey: str, kind: int) -> tuple[str, str, bytes]:
    """Returns (name, key id in hexadecimal, 32 bytes) of a verification key of one signature type.

    Raises:
        NoteError: Not well-formed, or of another type.
    """
    parts = vkey.strip().split("+", 2)
    if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):
        raise NoteError(f"{vkey!r} is not a verification key: expected name+8 hex digits+base64")
    name, key_id, encoded = parts
    data = from_base64(encoded, "a verification key")
    if len(data) != 33 or data[0] != kind:
        found = f"{len(data)} bytes that begin with 0x{data[:1].hex() or '?'}"
        raise NoteError(
            f"the key of {name!r} is not of the kind that is needed here: "
            f"expected 0x{kind:02x} and 32 bytes of Ed25519, found {found}"
        )
    return name, key_id, data[1:]


def _decode(data: str | bytes) -> str:
    try:
        encoded = data.encode() if isinstance(data, str) else data
        text = encoded.decode()
    except UnicodeError:
        raise NoteError("a note is not UTF-8 text") from None
    if len(encoded) > MAX_NOTE:
        raise NoteError(f"a note has {len(encoded):,} bytes, expected at most {MAX_NOTE:,}")
    return text


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("a note's text does not end with a newline")
    if _CONTROL.search(text):
        raise NoteError("a note's text holds a control character other than the newline")


def to_base64(data: bytes) -> str:
    """Returns base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, what: str) -> bytes:
    """Reads base64 in its one canonical spelling; `what` begins the sentence of the error.

    Raises:
        NoteError: Not base64, or spelled otherwise.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"{what} is not base64: {text[:80]!r}") from None
    if to_base64(data) != text:
        raise NoteError(f"{what} is base64, but not in its one canonical spelling: {text[:80]!r}")
    return data
