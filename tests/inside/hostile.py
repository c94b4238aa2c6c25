"""What every reader has to stand: cut, changed and overstated input gives a tree that can be carried on."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable, Iterable

from forensics.codec import plain, revive
from forensics.errors import LimitExceeded
from forensics.inside.window import MAX_PARTS, MAX_TEXT, Allowance, Window
from forensics.model import Part

Reader = Callable[[Window], Part]

NASTY = (
    "\x1b[2J\x1b]0;owned\x07",
    "\u202egnp.exe\u2066\u200f",
    "<script>alert(1)</script>'\"--",
    "a\r\nb\tc\0d",
    "\U0001f600 Ж 中",
)
"""Texts that terminals, HTML and SQL would act on, and ones that are merely not ASCII."""


def read(reader: Reader, data: bytes) -> Part:
    """Reads `data` and holds the tree against what every tree has to be."""
    begun = time.process_time()
    found = reader(Window.over(data, Allowance(bytes=64 << 20)))
    assert time.process_time() - begun < 10
    parts = [found, *(part for _, part in found.walk())]
    assert len(parts) <= MAX_PARTS
    for part in parts:
        assert len(part.name) <= MAX_TEXT
        assert not isinstance(part.value, str) or len(part.value) <= MAX_TEXT
        assert (part.at is None) == (part.size is None), part
        if part.at is not None and part.size is not None:
            assert 0 <= part.at <= part.at + part.size <= len(data), part
    assert revive(json.loads(json.dumps(plain(found))), Part) == found
    return found


def read_or_limit(reader: Reader, data: bytes) -> Part | None:
    """Reads `data`, which may be more than is read of one file."""
    try:
        return read(reader, data)
    except LimitExceeded:
        return None


def cuts(reader: Reader, data: bytes) -> None:
    """Reads `data` cut off after every one of its bytes."""
    for size in range(len(data)):
        read(reader, data[:size])


def changed(reader: Reader, data: bytes, places: Iterable[tuple[int, int]]) -> None:
    """Reads `data` with bytes changed, each (place, value) taken within its length."""
    hurt = bytearray(data)
    for place, value in places:
        hurt[place % len(hurt)] = value & 0xFF
    read_or_limit(reader, bytes(hurt))


def overstated(reader: Reader, data: bytes, *, step: int = 3) -> None:
    """Reads `data` with runs of four and eight bytes, every `step`, made the largest and 2^63."""
    for size, value in ((4, 0xFFFFFFFF), (8, 1 << 63)):
        for order in "<>":
            huge = struct.pack(order + {4: "I", 8: "Q"}[size], value)
            for at in range(0, len(data) - size, step):
                read_or_limit(reader, data[:at] + huge + data[at + size :])
