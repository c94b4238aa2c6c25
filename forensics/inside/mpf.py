"""Multi-picture format: where the further pictures of a JPEG file lie and what they are.

CIPA DC-007-2009, section 5 (MP extensions). Offsets are from the TIFF header of the block.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from forensics.inside.making import part, sentence
from forensics.inside.window import Window
from forensics.model import Part

MAX_PICTURES: Final = 64
MAX_FIELDS: Final = 100
_VERSION, _COUNT, _ENTRIES, _IDS, _FRAMES = 0xB000, 0xB001, 0xB002, 0xB003, 0xB004
_NAMES: Final = {
    _VERSION: "MPFVersion",
    _COUNT: "NumberOfImages",
    _ENTRIES: "MPEntry",
    _IDS: "ImageUIDList",
    _FRAMES: "TotalFrames",
    0xB101: "MPIndividualNum",
    0xB201: "PanOrientation",
    0xB202: "PanOverlapH",
    0xB203: "PanOverlapV",
    0xB204: "BaseViewpointNum",
    0xB205: "ConvergenceAngle",
    0xB206: "BaselineLength",
}
_KINDS: Final = {
    0x030000: "the first picture",
    0x010001: "a large preview (VGA)",
    0x010002: "a large preview (full HD)",
    0x020001: "one of a panorama",
    0x020002: "one of a stereo pair",
    0x020003: "one of several angles",
    0x000000: "of a kind that is not stated",
}
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A further picture as the index states it.

    Attributes:
        start: Offset from the TIFF header of the block; 0 for the first picture, the file's own.
        size: Bytes.
        kind: Type code of 24 bits.
    """

    start: int
    size: int
    kind: int

    @property
    def says(self) -> str:
        """What it is, as a phrase."""
        return _KINDS.get(self.kind, f"of kind 0x{self.kind:06X}")

    @property
    def preview(self) -> bool:
        """Whether it is a smaller version of the first."""
        return self.kind in {0x010001, 0x010002}


def read_mpf(window: Window) -> tuple[Part, tuple[Entry, ...]]:
    r"""Reads what follows "MPF\0": a part "MPF", and the pictures that its index names, in stored order.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    data = window.read(0, 1 << 16)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None or len(data) < 8:
        return part(
            window,
            "MPF",
            start=0,
            size=window.size,
            trouble="It does not begin like a TIFF structure.",
        ), ()
    parts: list[Part] = []
    entries: list[Entry] = []
    position, trouble = struct.unpack_from(order + "I", data, 4)[0], None
    for _ in range(2):  # the index, then the attributes of the first picture
        if not 8 <= position <= len(data) - 2:
            trouble = f"A directory is stated at {position}, outside the block."
            break
        count = struct.unpack_from(order + "H", data, position)[0]
        for index in range(min(count, MAX_FIELDS)):
            at = position + 2 + 12 * index
            if at + 12 > len(data):
                trouble = f"{count} fields are stated; {index} are there."
                break
            parts.append(_field(window, data, order, at, entries))
        after = position + 2 + 12 * count
        position = struct.unpack_from(order + "I", data, after)[0] if after + 4 <= len(data) else 0
        if not position:
            break
    return part(
        window,
        "MPF",
        start=0,
        size=window.size,
        meaning="Index of several pictures in one file (CIPA DC-007)",
        trouble=trouble,
        parts=tuple(parts),
    ), tuple(entries)


def _field(window: Window, data: bytes, order: str, at: int, entries: list[Entry]) -> Part:
    tag, kind, count = struct.unpack_from(order + "HHI", data, at)
    size = _SIZES.get(kind, 1) * count
    start = at + 8 if size <= 4 else struct.unpack_from(order + "I", data, at + 8)[0]
    body = data[start : start + size]
    trouble = None if len(body) == size else f"It states {size} bytes; {len(body)} are there."
    name = _NAMES.get(tag, f"0x{tag:04X}")
    value: int | str | None = None
    parts: tuple[Part, ...] = ()
    if tag == _VERSION:
        value = body[:4].decode("latin-1")
    elif tag == _ENTRIES:
        parts = tuple(_entries(window, body, order, start, entries))
    elif kind == 4 and count == 1 and len(body) == 4:
        value = struct.unpack(order + "I", body)[0]
    elif kind in {5, 10} and count == 1 and len(body) == 8:
        one, other = struct.unpack(order + ("II" if kind == 5 else "ii"), body)
        value = f"{one}/{other}"
    return part(window, name, value, start=start, size=len(body), trouble=trouble, parts=parts)


def _entries(
    window: Window, body: bytes, order: str, start: int, entries: list[Entry]
) -> list[Part]:
    found = []
    for index in range(min(len(body) // 16, MAX_PICTURES)):
        attributes, size, offset = struct.unpack_from(order + "III", body, 16 * index)
        entry = Entry(start=offset, size=size, kind=attributes & 0xFFFFFF)
        entries.append(entry)
        notes = [entry.says]
        if attributes & 0x80000000:
            notes.append("depends on another")
        if attributes & 0x40000000:
            notes.append("another depends on it")
        found.append(
            part(
                window,
                str(index + 1),
                f"{size} bytes at {offset}",
                start=start + 16 * index,
                size=16,
                meaning=sentence(", ".join(notes)),
            )
        )
    return found
