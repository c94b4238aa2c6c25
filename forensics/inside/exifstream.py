"""A TIFF structure as exifread is handed it: in memory or page by page, its maker notes stated short.

exifread reads maker notes byte by byte and uses their first 14; a block may state four billion of them.
"""

from __future__ import annotations

import io
import struct
from typing import BinaryIO, Final, cast

from forensics.inside.ifd import Field
from forensics.inside.window import Window

MAX_IN_MEMORY: Final = 1 << 20
"""Bytes of a structure that is handed over whole."""
NOTE_BYTES: Final = 64
"""What is stated of the length of maker notes."""
_PAGE: Final = 4096
_COUNT: Final = 4
"""Where in an entry the number of values stands, and its size; TIFF 6.0 section 2."""


def stream(window: Window, note: Field | None) -> BinaryIO:
    """Returns the structure as a file.

    Args:
        window: From the byte order mark on.
        note: The field of its maker notes, if it has any.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    place = note.entry + _COUNT if note is not None and note.count > NOTE_BYTES else None
    order = "<" if window.read(0, 2) == b"II" else ">"
    patch = struct.pack(order + "I", NOTE_BYTES)
    if window.size > MAX_IN_MEMORY:
        return cast("BinaryIO", _Pages(window, place, patch))
    data = bytearray(window.read())
    if place is not None:
        data[place : place + _COUNT] = patch
    return io.BytesIO(data)


def turned_notes(window: Window, note: Field) -> BinaryIO | None:
    r"""Returns Nikon's notes in a block of their own, where their byte order is not that of the block.

    Programs that save a picture anew write their own order around notes that keep theirs; exifread
    reads both in one. Nikon's notes are "Nikon\0", a version, and from byte 10 a TIFF structure.

    Args:
        window: From the byte order mark on.
        note: The field of its maker notes.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    head = note.values[:12] if isinstance(note.values, bytes) else b""
    mark = head[10:12]
    if head[:7] != b"Nikon\0\2" or mark not in (b"II", b"MM") or mark == window.read(0, 2):
        return None
    order = "<" if mark == b"II" else ">"
    make, pointer, held, text = 0x010F, 0x8769, 0x927C, b"NIKON\0"
    second, third, fourth = 38, 56, 62  # where the second directory, the text and the notes begin
    data = mark + struct.pack(order + "HI", 42, 8)
    data += struct.pack(order + "HHHII", 2, make, 2, len(text), third)
    data += struct.pack(order + "HHIII", pointer, 4, 1, second, 0)
    data += struct.pack(order + "HHHIII", 1, held, 7, NOTE_BYTES, fourth, 0)
    return io.BytesIO(data + text + window.read(note.at, min(note.size, MAX_IN_MEMORY)))


class _Pages:
    """A long structure, read as far as it is asked for; at `place` it has `patch`."""

    def __init__(self, window: Window, place: int | None, patch: bytes) -> None:
        self._window = window
        self._place, self._patch = place, patch
        self._at = self._begins = 0
        self._page = b""

    def seek(self, at: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._window.size}[whence]
        self._at = base + at
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, count: int = -1) -> bytes:
        at = self._at
        left = max(0, self._window.size - at)
        count = left if count < 0 else min(count, left)
        if at == self._place and count == len(self._patch):
            data = self._patch
        elif count > _PAGE:
            data = self._window.read(at, count)
        else:
            if not self._begins <= at <= at + count <= self._begins + len(self._page):
                self._page, self._begins = self._window.read(at, _PAGE), at
            data = self._page[at - self._begins : at - self._begins + count]
        self._at += len(data)
        return data
