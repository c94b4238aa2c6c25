"""GIF: screen, pictures and their delays, comments, and what programs put into application extensions.

GIF89a (CompuServe, 1990): blocks (sections 16 to 26). Looping as Netscape defined it; XMP as in ISO
16684-3:2021 section 1.1.2; ICC profiles as in ICC's "Embedding profiles in GIF".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from forensics.errors import LimitExceeded
from forensics.inside.icc import read_icc
from forensics.inside.iptc import read_iptc
from forensics.inside.making import part, utf8
from forensics.inside.photoshop import read_photoshop
from forensics.inside.trailing import read_trailing
from forensics.inside.window import MAX_TEXT, Window
from forensics.inside.xmp import read_xmp
from forensics.model import Part

MAX_BLOCKS: Final = 20_000
"""Blocks whose beginnings are read."""
MAX_SHOWN: Final = 200
"""Extensions that become parts; the rest are counted."""
MAX_DATA: Final = 8 << 20
"""Bytes put together of one extension."""

_PAGE: Final = 1 << 16
_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_CONTROL, _COMMENT, _PLAIN, _APPLICATION = 0xF9, 0xFE, 0x01, 0xFF
_XMP_TRAILER: Final = 257
"""Bytes after a packet, made so that walking it as sub-blocks ends behind it."""
_KNOWN: Final = {
    "NETSCAPE2.0": "Looping", "ANIMEXTS1.0": "Looping", "ICCRGBG1012": "Colour profile",
    "XMP DataXMP": "XMP", "MGK8BIM0000": "Photoshop resources, as ImageMagick writes them",
    "MGKIPTC0000": "IPTC, as ImageMagick writes it", "ImageMagick": "Written by ImageMagick",
    "MIDICTRLJon": "Music", "C2PA_GIF": "Content credentials",
}  # fmt: skip


def read_gif(window: Window) -> Part:
    """Reads a GIF file.

    Returns:
        "GIF" with "Screen", a "Comment" for each comment, a part for each application extension named
        by its program ("NETSCAPE2.0"), which may hold "XMP", "ICC", "IPTC" or "Photoshop", "Pictures"
        (how many, and their delays), and "trailing data".

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    head = window.read(0, 13)
    if head[:4] != b"GIF8" or len(head) < 13:
        trouble = "It does not begin with a GIF header of 13 bytes."
        return part(window, "GIF", start=0, size=window.size, trouble=trouble)
    return _Reader(window, head).read()


class _Reader:
    """One pass over one file."""

    def __init__(self, window: Window, head: bytes) -> None:
        self._window = window
        self._head = head
        self._page = b""
        self._begins = 0
        self._parts: list[Part] = []
        self._hidden = 0
        self._delays: list[int] = []
        self._pictures = 0
        self._sizes: set[tuple[int, int]] = set()

    def read(self) -> Part:
        width, height, flags, background, _ = struct.unpack_from("<HHBBB", self._head, 6)
        window = self._window
        screen = part(
            window,
            "Screen",
            f"{width} x {height}",
            start=6,
            size=7,
            meaning=f"Pixels; palette of {_colours(flags) or 'no'} colours, background {background}",
        )
        try:
            at, trouble = self._blocks(13 + 3 * _colours(flags))
        except LimitExceeded as error:
            at, trouble = window.size, str(error)
        if self._hidden:
            meaning = f"{self._hidden} more extensions, not shown"
            limit = window.allowance.reach(f"Only the first {MAX_SHOWN} extensions were read.")
            self._parts.append(part(window, "extensions", meaning=meaning, trouble=limit))
        self._parts.append(self._summary())
        if trouble is None and at < window.size:
            self._parts.append(read_trailing(window.inner(at)))
        version = self._head[3:6].decode("latin-1")
        return part(
            window,
            "GIF",
            version,
            start=0,
            size=window.size,
            trouble=trouble,
            parts=(screen, *self._parts),
        )

    def _blocks(self, at: int) -> tuple[int, str | None]:
        """Where the file's format ends, and what is wrong with it."""
        for _ in range(MAX_BLOCKS):
            kind = self._bytes(at, 2)
            if not kind:
                return at, "It breaks off before its end."
            if kind[0] == _TRAILER:
                return at + 1, None
            if kind[0] == _IMAGE:
                at = self._image(at)
            elif kind[0] == _EXTENSION and len(kind) == 2:
                at = self._extension(at, kind[1])
            else:
                return at, f"At byte {at} no block begins; the rest was not read."
        return at, self._window.allowance.reach(
            f"It has more than {MAX_BLOCKS} blocks; the rest was not read."
        )

    def _image(self, at: int) -> int:
        """Section 20 and 22: ten bytes, a palette, a code size, sub-blocks."""
        head = self._bytes(at, 10)
        if len(head) == 10:
            _, _, width, height, flags = struct.unpack_from("<HHHHB", head, 1)
            self._sizes.add((width, height))
            at += 3 * _colours(flags)
        self._pictures += 1
        return self._end(at + 11)

    def _extension(self, at: int, label: int) -> int:
        end = self._end(at + 2)
        if label == _CONTROL:
            data = self._bytes(at + 2, 6)
            if len(data) == 6:
                self._delays.append(int.from_bytes(data[2:4], "little"))
        elif len(self._parts) >= MAX_SHOWN:
            self._hidden += 1
        elif label == _COMMENT:
            text = self._joined(at + 2, 4 * MAX_TEXT)
            self._add("Comment", at, end, utf8(text), personal=True)
        elif label == _APPLICATION:
            self._application(at, end)
        elif label == _PLAIN:
            self._add(
                "Plain text", at, end, utf8(self._joined(at + 15, 4 * MAX_TEXT)), personal=True
            )
        else:
            self._add(f"Extension 0x{label:02X}", at, end, meaning="Not in the specification")
        return end

    def _application(self, at: int, end: int) -> None:
        """Section 26: eleven bytes that name the program, then sub-blocks."""
        named = self._bytes(at + 3, 11)
        name = named.decode("latin-1")
        value: int | None = None
        meaning = _KNOWN.get(name) or _KNOWN.get(name[:8], "Data of a program")
        inner: tuple[Part, ...] = ()
        window = self._window
        if name in ("NETSCAPE2.0", "ANIMEXTS1.0"):
            data = self._joined(at + 14, 16)
            if len(data) >= 3 and data[0] == 1:
                value = int.from_bytes(data[1:3], "little")
                meaning = f"Played {value} times more" if value else "Played for ever"
        elif name == "XMP DataXMP":
            size = max(0, end - at - 14 - _XMP_TRAILER - 1)
            inner = (read_xmp(window.inner(at + 14, size)),)
        elif name in _READERS:
            inner = (_READERS[name](window.unpacked(self._joined(at + 14, MAX_DATA))),)
        self._add(name.rstrip("\0 ") or "Application", at, end, value, meaning=meaning, parts=inner)

    def _add(
        self,
        name: str,
        at: int,
        end: int,
        value: int | str | None = None,
        *,
        meaning: str = "",
        personal: bool = False,
        parts: tuple[Part, ...] = (),
    ) -> None:
        self._parts.append(
            part(
                self._window,
                name,
                value,
                start=at,
                size=min(end, self._window.size) - at,
                meaning=meaning,
                personal=personal,
                parts=parts,
            )
        )

    def _summary(self) -> Part:
        parts = []
        if len(self._delays) > 1 or any(self._delays):
            low, high = min(self._delays), max(self._delays)
            delays = f"{low}" if low == high else f"{low} to {high}"
            meaning = f"Hundredths of a second; {sum(self._delays) / 100:.2f} s in all"
            parts.append(part(self._window, "Delays", delays, meaning=meaning))
        if len(self._sizes) > 1:
            meaning = "Pictures differ in size: an encoder or editor stored only what changes"
            parts.append(part(self._window, "Sizes", len(self._sizes), meaning=meaning))
        return part(self._window, "Pictures", self._pictures, parts=tuple(parts))

    def _bytes(self, at: int, count: int) -> bytes:
        if not self._begins <= at <= at + count <= self._begins + len(self._page):
            self._page, self._begins = self._window.read(at, _PAGE), at
        return self._page[at - self._begins : at - self._begins + count]

    def _sub_blocks(self, at: int) -> Iterator[tuple[int, int]]:
        """Where each sub-block's data begin, and their size; the last has none (section 15, 16)."""
        while length := self._bytes(at, 1):
            yield at + 1, length[0]
            at += 1 + length[0]
            if not length[0]:
                return

    def _end(self, at: int) -> int:
        """Where the sub-blocks from `at` on end."""
        for start, size in self._sub_blocks(at):
            at = start + size
        return at

    def _joined(self, at: int, limit: int) -> bytes:
        """The data of the sub-blocks from `at` on, as far as `limit`."""
        found = bytearray()
        for start, size in self._sub_blocks(at):
            found += self._bytes(start, size)
            if len(found) >= limit:
                break
        return bytes(found[:limit])


_READERS: Final = {
    "ICCRGBG1012": read_icc,
    "MGKIPTC0000": read_iptc,
    "MGK8BIM0000": read_photoshop,
}


def _colours(flags: int) -> int:
    """Entries of the palette that the flags announce; sections 18 and 20."""
    return 2 << (flags & 7) if flags & 0x80 else 0
