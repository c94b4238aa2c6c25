"""The structure of a container as stored: a tree of boxes with their places in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    r"""One box (ISO/IEC 14496-12 section 4.2) and the boxes inside it.

    Attributes:
        type: Four characters, or the UUID of a `uuid` box; bytes outside printable ASCII as `\xNN`.
        offset: Of the box's first byte in the file.
        size: Bytes, header included, as far as they are in the file.
        header: Bytes of the header.
        fields: What was read from the payload, by name; integers, or text as stated.
        children: Boxes inside, in stored order.
        problem: What is wrong with the box, one sentence, or None.
    """

    type: str
    offset: int
    size: int
    header: int
    fields: Mapping[str, int | str] = field(default_factory=dict)
    children: tuple[Box, ...] = ()
    problem: str | None = None

    def walk(self) -> Iterator[tuple[str, Box]]:
        """Yields every box below this one with its path ("moov/trak/mdia"), in stored order."""
        stack = [("", child) for child in reversed(self.children)]
        while stack:
            prefix, box = stack.pop()
            path = f"{prefix}/{box.type}" if prefix else box.type
            yield path, box
            stack.extend((path, child) for child in reversed(box.children))

    def find(self, path: str) -> Box | None:
        """Returns the first box at `path`, or None."""
        return next((box for where, box in self.walk() if where == path), None)
