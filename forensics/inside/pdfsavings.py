"""What one saving of a PDF wrote (ISO 32000-1:2008 section 7.5.6).

A file that was saved anew without being written anew carries every earlier table: each is a generation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Entry = tuple[int, int, int]
"""0 free; 1 at an offset; 2 in an object stream, at an index."""


@dataclass(slots=True, kw_only=True)
class Generation:
    """One saving of the file.

    Attributes:
        at: Offset of its table.
        end: Offset behind it: the end of its end mark.
        trailer: Its trailer.
        entries: What it says of objects, by number.
        stream: Its table is a stream.
    """

    at: int
    end: int
    trailer: dict[str, Any]
    entries: dict[int, Entry]
    stream: bool = False


@dataclass(slots=True, kw_only=True)
class Change:
    """How many objects a generation added, replaced and deleted."""

    added: int = 0
    replaced: int = 0
    deleted: int = 0
