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
MAX_PARTS: Final = 60_000
"""Parts of one file, those included that readers make when they were stopped."""
OPEN_PARTS: Final = 50_000
"""Parts at which the readers are stopped."""
CLOSING_PARTS: Final = 256
CLOSINGS: Final = 32
"""What may be kept behind the limit, and how often: readers that were stopped still sum up what they read."""
MAX_DEPTH: Final = 32
"""Levels of parts in parts; deeper ones are said to be there and are not read."""
MAX_TEXT: Final = 4096
"""Characters kept of one text."""


@dataclass(slots=True, kw_only=True)
class Allowance:
    """What may still be read and kept of one file.

    Attributes:
        bytes: How many more may be read.
        parts: How many more may be kept.
        reached: The first limit that was met, one sentence: what is read is not all that is there.
    """

    bytes: int = MAX_BYTES
    parts: int = OPEN_PARTS
    reached: str | None = None
    closings: int = CLOSINGS

    def spend(self, count: int) -> None:
        """Takes bytes off the allowance.

        Raises:
            LimitExceeded: There are not that many left.
        """
        if count > self.bytes:
            raise LimitExceeded(
                self.reach(f"More than {MAX_BYTES} bytes are to be read of the file.")
            )
        self.bytes -= count

    def keep(self, count: int = 1) -> None:
        """Takes parts off the allowance.

        Raises:
            LimitExceeded: There are not that many left.
        """
        if count > self.parts:
            if self.closings:
                self.closings -= 1
                self.parts = CLOSING_PARTS
            raise LimitExceeded(
                self.reach(f"The file holds more than the {OPEN_PARTS} parts that are kept.")
            )
        self.parts -= count

    def reach(self, said: str) -> str:
        """Notes that a reader stopped at a limit, and returns the sentence that names it."""
        self.reached = self.reached or said
        return said


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
