"""TIFF structures made by hand: directories of fields, nested by pointers, in both byte orders."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

BYTE, ASCII, SHORT, LONG, RATIO, UNDEFINED, SRATIO, DOUBLE = 1, 2, 3, 4, 5, 7, 10, 12
_FORMS = {BYTE: "B", SHORT: "H", LONG: "I", SRATIO: "i", RATIO: "I", DOUBLE: "d", 13: "I", 16: "Q"}

_PLACE = 0x5A5A5A5A
"""Stands for the offset of the thumbnail until that is known."""

Fields = Sequence[tuple[int, int, Any]]
"""Tag, type, value: text, bytes, a number or several (ratios as pairs), or the fields of a directory."""


def tiff(*chain: Fields, order: str = "<", big: bool = False) -> bytes:
    """A structure whose directories follow one another."""
    mark = b"II" if order == "<" else b"MM"
    if big:
        data = bytearray(mark + struct.pack(order + "HHHQ", 43, 8, 0, 16))
    else:
        data = bytearray(mark + struct.pack(order + "HI", 42, 8))
    links = [_directory(data, fields, order, big=big) for fields in chain]
    for (_, after), (at, _) in pairwise(links):
        data[after : after + _width(big)] = struct.pack(order + _offset(big), at)
    return bytes(data)


def _width(big: bool) -> int:
    return 8 if big else 4


def _offset(big: bool) -> str:
    return "Q" if big else "I"


def _directory(data: bytearray, fields: Fields, order: str, *, big: bool) -> tuple[int, int]:
    """Appends a directory; returns where it begins and where its link to the next stands."""
    at, width = len(data), _width(big)
    entry, head = (20, 8) if big else (12, 2)
    data += bytes(head + entry * len(fields) + width)
    data[at : at + head] = struct.pack(order + ("Q" if big else "H"), len(fields))
    for index, (tag, kind, stated) in enumerate(fields):
        value = stated
        if isinstance(value, list) and value and isinstance(value[0], tuple) and len(value[0]) == 3:
            value = _directory(data, value, order, big=big)[0]
        raw, count = _raw(kind, value, order)
        place = at + head + entry * index
        if len(raw) > width:
            pointed = struct.pack(order + _offset(big), len(data))
            data += raw
        else:
            pointed = raw.ljust(width, b"\0")
        data[place : place + entry] = (
            struct.pack(order + "HH" + _offset(big), tag, kind, count) + pointed
        )
    return at, at + head + entry * len(fields)


def _raw(kind: int, value: Any, order: str) -> tuple[bytes, int]:
    if kind == ASCII:
        raw = (value.encode() if isinstance(value, str) else value) + b"\0"
        return raw, len(raw)
    if isinstance(value, bytes):
        return value, len(value)
    values = value if isinstance(value, list | tuple) else [value]
    flat = [n for v in values for n in (v if isinstance(v, tuple) else (v,))]
    raw = struct.pack(order + _FORMS[kind] * len(flat), *flat)
    return raw, len(flat) // (2 if kind in (RATIO, SRATIO) else 1)


GPS: Fields = [
    (1, ASCII, "N"),
    (2, RATIO, [(41, 1), (24, 1), (3698, 100)]),
    (3, ASCII, "W"),
    (4, RATIO, [(2, 1), (10, 1), (2657, 100)]),
    (5, BYTE, 0),
    (6, RATIO, [(123, 10)]),
    (7, RATIO, [(7, 1), (5, 1), (9, 1)]),
    (29, ASCII, "2025:12:30"),
]


def camera(*, order: str = "<") -> bytes:
    """What a camera writes: every kind of directory, a comment, a thumbnail."""
    exif: Fields = [
        (0x829A, RATIO, [(10, 1250)]),
        (0x829D, RATIO, [(28, 10)]),
        (0x8827, SHORT, 200),
        (0x9000, UNDEFINED, b"0230"),
        (0x9003, ASCII, "2025:12:30 06:12:00"),
        (0x9004, ASCII, "2025:12:30 06:12:01"),
        (0x9209, SHORT, 16),
        (0x920A, RATIO, [(50, 1)]),
        (0x927C, UNDEFINED, b"Maker of nothing" * 8),
        (0x9286, UNDEFINED, b"ASCII\0\0\0a comment\0\0"),
        (0xA431, ASCII, "SN-1"),
        (0xA432, RATIO, [(24, 1), (70, 1), (28, 10), (28, 10)]),
        (0xA434, ASCII, "Lens 24-70"),
        (0xA005, LONG, [(1, ASCII, "R98"), (2, UNDEFINED, b"0100")]),
    ]
    image: Fields = [
        (0x010F, ASCII, "Maker"),
        (0x0110, ASCII, "Model 5"),
        (0x0112, SHORT, 6),
        (0x011A, RATIO, [(300, 1)]),
        (0x0128, SHORT, 2),
        (0x0131, ASCII, "Firmware 1.0"),
        (0x0132, ASCII, "2025:12:30 06:12:02"),
        (0x8769, LONG, exif),
        (0x8825, LONG, GPS),
    ]
    small = b"\xff\xd8\xff\xd9"
    thumbnail: Fields = [(0x0103, SHORT, 6), (0x0201, LONG, _PLACE), (0x0202, LONG, len(small))]
    data = tiff(image, thumbnail, order=order)
    return (
        data.replace(struct.pack(order + "I", _PLACE), struct.pack(order + "I", len(data))) + small
    )
