"""OpenTimestamps proofs: to which bytes they commit, and by whom they are attested. Bitcoin is not asked.

A proof is a tree of operations that leads from a file's digest to attestations. One by a calendar is a
promise: the stamp was submitted. One by a Bitcoin block names the block whose Merkle root the operations
come to; whether that block has that root, and when it was mined, is for whoever knows the chain.
The format is that of the reference implementation (opentimestamps.org, python-opentimestamps).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from forensics.errors import ForensicsError

MAX_STAMP = 1 << 20
"""No proof is longer than this many bytes."""
MAX_MESSAGE = 4096
"""No operand and no intermediate result is longer than this."""
MAX_PAYLOAD = 8192
"""No attestation is longer than this."""
MAX_DEPTH = 256
"""No chain of operations is longer than this."""
MAX_STEPS = 10_000
"""No proof has more operations and attestations than this."""

_MAGIC = bytes.fromhex("004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294")
_VERSION = 1
_FORK, _ATTESTATION = 0xFF, 0x00
_PENDING = bytes.fromhex("83dfe30d2ef90c8e")
_BITCOIN = bytes.fromhex("0588960d73d71901")
_DIGESTS = {0x02: ("sha1", 20), 0x03: ("ripemd160", 20), 0x08: ("sha256", 32)}
_KECCAK = 0x67
_URI = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/:")
_Step = Callable[[bytes], bytes]


class StampError(ForensicsError, ValueError):
    """Bytes are not an OpenTimestamps proof, or not one for the bytes in question."""


class By(StrEnum):
    """Who attests."""

    CALENDAR = "calendar"
    BITCOIN = "bitcoin"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """One end of a proof.

    Attributes:
        by: Who attests.
        where: Address of the calendar, height of the block, or the kind in hexadecimal.
        message: What is attested; of a block its Merkle root, as stored in the block. None where an
            operation leads to it that this reader cannot compute.
    """

    by: By
    where: str
    message: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A proof, read; nothing in it was checked against any chain.

    Attributes:
        algorithm: Of the digest of the stamped file.
        digest: That digest.
        attestations: In the order of the proof.
    """

    algorithm: str
    digest: bytes
    attestations: tuple[Attestation, ...]

    @property
    def blocks(self) -> tuple[Attestation, ...]:
        """The attestations by Bitcoin blocks; none: the stamp was submitted, and no more."""
        return tuple(a for a in self.attestations if a.by is By.BITCOIN)

    @property
    def state(self) -> str:
        """How far the stamp got, in words."""
        if not self.blocks:
            return "submitted; no block is named yet"
        block = min(self.blocks, key=lambda a: int(a.where))
        root = "" if block.message is None else f" with the Merkle root {block.message[::-1].hex()}"
        return f"names Bitcoin block {block.where}{root}, which this program does not check"


def read_stamp(data: bytes) -> Stamp:
    """Reads a detached proof (.ots).

    Raises:
        StampError: Not a proof, one of another version, or one beyond the limits.
    """
    if len(data) > MAX_STAMP:
        raise StampError(f"a stamp has {len(data):,} bytes, expected at most {MAX_STAMP:,}")
    reader = _Reader(data)
    if reader.take(len(_MAGIC)) != _MAGIC:
        raise StampError("expected an OpenTimestamps proof (.ots), found another beginning")
    if (version := reader.number()) != _VERSION:
        raise StampError(f"expected an OpenTimestamps proof of version 1, found {version}")
    kind = reader.byte()
    if kind not in _DIGESTS:
        raise StampError(f"the stamped file's digest is of the unknown kind {kind:#04x}")
    algorithm, size = _DIGESTS[kind]
    digest = reader.take(size)
    attestations: list[Attestation] = []
    _walk(reader, digest, attestations, 0)
    reader.finish()
    return Stamp(algorithm=algorithm, digest=digest, attestations=tuple(attestations))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.steps = 0

    def take(self, size: int) -> bytes:
        """Takes so many bytes; raises `StampError` where there are fewer."""
        end = self._at + size
        if end > len(self._data):
            raise StampError(f"a stamp ends at byte {len(self._data)}, inside a value")
        taken, self._at = self._data[self._at : end], end
        return taken

    def byte(self) -> int:
        """Takes one byte."""
        return self.take(1)[0]

    def number(self) -> int:
        """Takes a number of at most nine bytes, seven bits in each, the lowest first."""
        found = shift = 0
        while True:
            byte = self.byte()
            found |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return found
            shift += 7
            if shift > 63:
                raise StampError("a stamp holds a number of more than nine bytes")

    def text(self, limit: int, least: int = 0) -> bytes:
        """Takes bytes behind their number, which has to be within limits."""
        size = self.number()
        if not least <= size <= limit:
            raise StampError(f"a stamp holds a value of {size} bytes, expected {least} to {limit}")
        return self.take(size)

    def finish(self) -> None:
        """Checks that nothing is left."""
        if left := len(self._data) - self._at:
            raise StampError(f"{left} bytes follow the end of a stamp")


def _walk(reader: _Reader, message: bytes | None, found: list[Attestation], depth: int) -> None:
    """Follows the operations from one message; each fork but the last is followed to its end."""
    while True:
        tag = reader.byte()
        forks = tag == _FORK
        if forks:
            tag = reader.byte()
        reader.steps += 1
        if depth > MAX_DEPTH or reader.steps > MAX_STEPS:
            raise StampError(
                f"a stamp is beyond {MAX_DEPTH} operations in a row or {MAX_STEPS} in all"
            )
        if tag == _ATTESTATION:
            found.append(_attestation(reader, message))
            if not forks:
                return
            continue
        after = _operate(reader, tag, message)
        depth += 1
        if forks:
            _walk(reader, after, found, depth)
            depth -= 1
        else:
            message = after


def _operate(reader: _Reader, tag: int, message: bytes | None) -> bytes | None:
    step = _step(reader, tag)
    if message is None or step is None:
        return None
    result = step(message)
    if len(result) > MAX_MESSAGE:
        raise StampError(f"a stamp leads to a value of more than {MAX_MESSAGE} bytes")
    return result


def _step(reader: _Reader, tag: int) -> _Step | None:
    """Returns the operation of a tag; None for one that cannot be computed here."""
    if tag == 0xF0:
        after = reader.text(MAX_MESSAGE, least=1)
        return lambda message: message + after
    if tag == 0xF1:
        before = reader.text(MAX_MESSAGE, least=1)
        return lambda message: before + message
    if tag == 0xF2:
        return lambda message: message[::-1]
    if tag == 0xF3:
        return lambda message: message.hex().encode()
    if tag in _DIGESTS:
        name = _DIGESTS[tag][0]
        if name not in hashlib.algorithms_available:
            return None
        return lambda message: hashlib.new(name, message, usedforsecurity=False).digest()
    if tag == _KECCAK:
        return None
    raise StampError(f"a stamp holds the unknown operation {tag:#04x}")


def _attestation(reader: _Reader, message: bytes | None) -> Attestation:
    kind, payload = reader.take(8), _Reader(reader.text(MAX_PAYLOAD))
    if kind == _PENDING:
        address = payload.text(1000)
        if not _URI.issuperset(address):
            raise StampError("a calendar's address holds other characters than an address does")
        payload.finish()
        return Attestation(by=By.CALENDAR, where=address.decode("ascii"), message=message)
    if kind == _BITCOIN:
        height = payload.number()
        payload.finish()
        if message is not None and len(message) != 32:
            raise StampError(f"a block attests {len(message)} bytes, expected a Merkle root of 32")
        return Attestation(by=By.BITCOIN, where=str(height), message=message)
    return Attestation(by=By.OTHER, where=kind.hex(), message=message)
