"""JPEG files read to a tree, and whether the tree leaves a gap."""

from __future__ import annotations

from forensics.inside.jpeg import read_jpeg
from forensics.model import Part
from tests.inside.hostile import read


def tree(data: bytes) -> Part:
    return read(read_jpeg, data)


def tiles(part: Part, size: int) -> bool:
    """Whether the parts follow one another from the first byte to the last, without a gap."""
    ends = [0, *((p.at or 0) + (p.size or 0) for p in part.parts)]
    return [p.at for p in part.parts] == ends[:-1] and ends[-1] == size
