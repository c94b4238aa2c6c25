"""How are the bytes of a PDF's streams unpacked, within bounds?

ISO 32000-1:2008 section 7.4. Flate, hexadecimal and base 85 are undone, with the predictors of the first;
LZW, run lengths and the picture codings are not.
"""

from __future__ import annotations

import binascii
import re
import zlib
from base64 import a85decode
from typing import Any, Final


def _flate(data: bytes, most: int) -> bytes:
    """Unpacks as far as the data are whole."""
    unpacker = zlib.decompressobj()
    found: list[bytes] = []
    left = most
    try:
        for at in range(0, len(data), 1 << 16):
            piece = unpacker.decompress(data[at : at + (1 << 16)], left)
            found.append(piece)
            left -= len(piece)
            if left <= 0 or unpacker.eof:
                break
    except zlib.error:
        pass
    return b"".join(found)


def _hexadecimal(data: bytes, most: int) -> bytes:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", data.split(b">", 1)[0])[: 2 * most]
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _base85(data: bytes, most: int) -> bytes:
    try:
        return a85decode(data.split(b"~>", 1)[0][: most * 5 // 4], ignorechars=b" \t\n\r\v\f\0")
    except (ValueError, binascii.Error):
        return b""


FILTERS: Final = {
    "FlateDecode": _flate,
    "Fl": _flate,
    "ASCIIHexDecode": _hexadecimal,
    "AHx": _hexadecimal,
    "ASCII85Decode": _base85,
    "A85": _base85,
}
"""By the name that a stream gives: what unpacks its bytes, up to so many of them."""


def predicted(data: bytes, settings: dict[str, Any]) -> bytes:
    """Returns data with PNG's prediction undone (ISO/IEC 15948 section 9.2), for one byte a sample."""
    predictor, columns = settings.get("Predictor", 1), settings.get("Columns", 1)
    if not isinstance(predictor, int) or predictor < 10 or not isinstance(columns, int):
        return data
    colours, bits = settings.get("Colors", 1), settings.get("BitsPerComponent", 8)
    if not isinstance(colours, int) or bits != 8 or not 1 <= columns * colours <= 1 << 16:
        return data
    width, before = columns * colours, bytes(columns * colours)
    rows: list[bytes] = []
    for at in range(0, len(data) - width, width + 1):
        row = bytearray(data[at + 1 : at + 1 + width])
        kind = data[at]
        for i in range(width if kind else 0):
            left = row[i - colours] if i >= colours else 0
            corner = before[i - colours] if i >= colours else 0
            row[i] = row[i] + _prediction(kind, left, before[i], corner) & 255
        before = bytes(row)
        rows.append(before)
    return b"".join(rows)


def _prediction(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 2:
        return up
    if kind == 3:
        return (left + up) // 2
    if kind == 4:
        distances = (
            (abs(up - corner), 0),
            (abs(left - corner), 1),
            (abs(left + up - 2 * corner), 2),
        )
        return (left, up, corner)[min(distances)[1]]
    return 0
