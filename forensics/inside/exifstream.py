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
