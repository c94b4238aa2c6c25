"""The little of DER (X.690) that time-stamp queries and tokens need: one value after the other, bounded."""

from __future__ import annotations

from collections.abc import Sequence

INTEGER = 0x02
OCTETS = 0x04
SEQUENCE = 0x30
SET = 0x31


class DerError(ValueError):
    """Bytes are not DER, or not of the expected kind."""


def value(tag: int, content: bytes) -> bytes:
    """Returns one value: tag, length, content."""
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts: bytes) -> bytes:
    """Returns a SEQUENCE of values."""
    return value(SEQUENCE, b"".join(parts))


def integer(number: int) -> bytes:
    """Returns a non-negative INTEGER."""
    return value(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def parts(data: bytes) -> list[tuple[int, bytes]]:
    """Splits bytes into the values that follow each other: (tag, content), tags of one byte only.

    Raises:
        DerError: A length is indefinite, or reaches past the end.
    """
    found = []
    at = 0
    while at < len(data):
        tag, at = data[at], at + 1
        if tag & 0x1F == 0x1F or at >= len(data):
            raise DerError(f"byte {at}: expected a tag of one byte and a length")
        length, at = data[at], at + 1
        if length >= 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4 or at + count > len(data):
                raise DerError(f"byte {at}: expected a definite length")
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + length > len(data):
            raise DerError(f"byte {at}: a value of {length} bytes reaches past the end")
        found.append((tag, data[at : at + length]))
        at += length
    return found


def only(data: bytes, tag: int) -> bytes:
    """Returns the content of the one value that the bytes hold.

    Raises:
        DerError: There is another tag, or more than one value.
    """
    found = parts(data)
    if len(found) != 1 or found[0][0] != tag:
        raise DerError(f"expected one value with the tag {tag:#04x}")
    return found[0][1]


def joined(found: Sequence[tuple[int, bytes]]) -> bytes:
    """Writes values one after the other."""
    return b"".join(value(tag, content) for tag, content in found)
