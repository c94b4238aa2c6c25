"""A stretch of a file, read with bounds: what every reader in this folder is handed.

A reader can neither leave its stretch nor read or keep more than the whole file's allowance, whatever
lengths the file states.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO, Final

from forensics.errors import LimitExceeded

MAX_BYTES: Final = 512 << 20
"""Bytes read from one file by all readers together, unpacked bytes included."""
MAX_PARTS: Final = 50_000
MAX_DEPTH: Final = 32
"""Levels of parts in parts; deeper ones are said to be there and are not read."""
MAX_TEXT: Final = 4096
"""Characters kept of one text."""


@dataclass(slots=True, kw_only=True)
class Allowance:
    """What may still be read and kept of one file."""

    bytes: int = MAX_BYTES
    parts: int = MAX_PARTS

    def spend(self, count: int) -> None:
        """Takes bytes off the allowance.

        Raises:
            LimitExceeded: There are not that many left.
        """
        self.bytes -= count
        if self.bytes < 0:
            raise LimitExceeded("The file holds more to read than is read of one file.")

    def keep(self, count: int = 1) -> None:
        """Takes parts off the allowance.

        Raises:
            LimitExceeded: There are not that many left.
        """
        self.parts -= count
        if self.parts < 0:
            raise LimitExceeded("The file holds more parts than are kept of one file.")


class Window:
    """A stretch of a file, or of something unpacked from one.

    Attributes:
        at: Offset of its first byte in the file; None for what was unpacked.
        size: Bytes in it, never more than there are.
        allowance: What may still be read of the file; shared by every window on it.
        depth: Levels of parts around it.
    """

    __slots__ = ("_file", "_start", "allowance", "at", "depth", "size")

    def __init__(self, file: BinaryIO, *, size: int, allowance: Allowance | None = None) -> None:
        """Opens a window on a whole file of `size` bytes."""
        self._file = file
        self._start = 0
        self.at: int | None = 0
        self.size = size
        self.allowance = allowance or Allowance()
        self.depth = 0

    @classmethod
    def over(cls, data: bytes, allowance: Allowance | None = None) -> Window:
        """Opens a window on bytes in memory, as if they were the file."""
        return cls(io.BytesIO(data), size=len(data), allowance=allowance)

    def read(self, start: int = 0, count: int | None = None) -> bytes:
        """Returns `count` bytes from `start`, or as many of them as lie in the window.

        Raises:
            LimitExceeded: The file's allowance is spent.
        """
        if start < 0 or start >= self.size:
            return b""
        count = self.size - start if count is None else max(0, min(count, self.size - start))
        self.allowance.spend(count)
        self._file.seek(self._start + start)
        return self._file.read(count)

    def inner(self, start: int, count: int | None = None) -> Window:
        """Returns the window on a stretch inside this one, one level deeper; cut where this one ends."""
        start = max(0, min(start, self.size))
        left = self.size - start
        found = Window(self._file, size=left if count is None else max(0, min(count, left)))
        found._start = self._start + start
        found.at = None if self.at is None else self.at + start
        found.allowance = self.allowance
        found.depth = self.depth + 1
        return found

    def unpacked(self, data: bytes) -> Window:
        """Returns a window on bytes that were unpacked or put together from this one, a level deeper.

        Raises:
            LimitExceeded: They are more than the file's allowance.
        """
        self.allowance.spend(len(data))
        found = Window.over(data, self.allowance)
        found.at = None
        found.depth = self.depth + 1
        return found

    @property
    def too_deep(self) -> bool:
        """Whether what lies in here is nested deeper than is read."""
        return self.depth > MAX_DEPTH
