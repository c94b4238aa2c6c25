"""The text chunks of PNG, and what programs put into them: XMP, and profiles that ImageMagick writes as text.

PNG (third edition, W3C 2025) section 11.3.3; XMP in PNG: ISO 16684-3:2021 section 1.1.5; the "Raw profile
type" texts as ImageMagick writes them (coders/png.c).
"""

from __future__ import annotations

import zlib
from typing import Final

from forensics.inside.exif import read_exif_part
from forensics.inside.icc import read_icc
from forensics.inside.iptc import read_iptc
from forensics.inside.making import part
from forensics.inside.photoshop import read_photoshop
from forensics.inside.window import Window
from forensics.inside.xmp import read_xmp
from forensics.model import Part

MAX_UNPACKED: Final = 8 << 20
"""Bytes unpacked of one chunk."""

_XMP: Final = "XML:com.adobe.xmp"
_KINDS: Final = {
    b"tEXt": "Latin-1",
    b"zTXt": "Latin-1, compressed",
    b"iTXt": "UTF-8",
}
_PROFILE: Final = "Raw profile type "
_PUBLIC: Final = ("software", "creation time", "date:create", "date:modify", "date:timestamp")
"""Keywords that name no person; section 11.3.3.1, and those of ImageMagick."""


def read_text_chunk(window: Window, kind: bytes) -> tuple[Part, ...]:
    """Reads the data of one text chunk.

    Args:
        window: The data of the chunk.
        kind: Its type: tEXt, zTXt or iTXt.

    Returns:
        "Text" with one part, named by the keyword; after it what the text holds where that is XMP or a
        profile: "XMP", "EXIF", "IPTC", "Photoshop" or "ICC".

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    head = window.read(0, 80)
    end = head.find(b"\0")
    if end < 1:
        wrong = "It begins with no keyword of 1 to 79 characters."
        return (part(window, "Text", start=0, size=window.size, trouble=wrong),)
    keyword = head[:end].decode("latin-1")
    start, packed, notes = _layout(window, kind, end + 1)
    body = window.inner(start)
    trouble: str | None = None
    if packed:
        data, trouble = unpack(body.read(0, MAX_UNPACKED))
        body = body.unpacked(data)
    held = _held(body, keyword)
    coding = "utf-8" if kind == b"iTXt" else "latin-1"
    value = None if held else body.read(0, MAX_UNPACKED).decode(coding, "replace")
    text = part(
        window,
        keyword,
        value,
        start=start,
        size=window.size - start,
        meaning=f"{held.name}, as its own part" if held else "",
        trouble=trouble,
        personal=keyword.lower() not in _PUBLIC,
    )
    meaning = ", ".join((_KINDS[kind], *notes))
    holder = part(
        window, "Text", start=0, size=window.size, meaning=f"Text, {meaning}", parts=(text,)
    )
    return (holder, held) if held else (holder,)


def _layout(window: Window, kind: bytes, at: int) -> tuple[int, bool, list[str]]:
    """Where the text begins, whether it is packed, and the language and keyword that iTXt adds."""
    if kind == b"tEXt":
        return at, False, []
    if kind == b"zTXt":
        return at + 1, True, []
    packed = window.read(at, 1) == b"\1"
    words = window.read(at + 2, 4096).split(b"\0", 2)
    start = at + 2 + sum(len(word) + 1 for word in words[:2])
    names = ("language", "translated keyword")
    said = [
        f"{name} “{word[:80].decode('utf-8', 'replace')}”"
        for name, word in zip(names, words, strict=False)
        if word and len(words) == 3
    ]
    return start, packed, ["compressed", *said] if packed else said


def unpack(data: bytes) -> tuple[bytes, str | None]:
    """Unpacks zlib data.

    Returns:
        What could be unpacked, at most `MAX_UNPACKED` bytes, and what is wrong with it, or None.
    """
    unpacker = zlib.decompressobj()
    found = bytearray()
    try:
        while data and not unpacker.eof and len(found) < MAX_UNPACKED:
            found += unpacker.decompress(data, min(1 << 16, MAX_UNPACKED - len(found)))
            data = unpacker.unconsumed_tail
    except zlib.error:
        return bytes(found), f"Its compressed data break off after {len(found)} bytes unpacked."
    if unpacker.eof:
        return bytes(found), None
    if len(found) >= MAX_UNPACKED:
        return bytes(found), f"It was unpacked up to {MAX_UNPACKED} bytes."
    return bytes(found), "Its compressed data are cut off."


def _held(body: Window, keyword: str) -> Part | None:
    if keyword == _XMP:
        return read_xmp(body)
    if not keyword.startswith(_PROFILE):
        return None
    data = _profile(body.read(0, MAX_UNPACKED))
    if data is None:
        return None
    inner = body.unpacked(data)
    kind = keyword.removeprefix(_PROFILE).lower()
    if data.startswith(b"Exif\0\0") or kind == "exif":
        return read_exif_part(inner)
    if kind == "xmp" or data.startswith((b"http://ns.adobe.com/xap/", b"<?xpacket", b"<x:xmp")):
        return read_xmp(inner.inner(data.find(b"\0") + 1 if data.startswith(b"http") else 0))
    if data.startswith(b"8BIM"):
        return read_photoshop(inner)
    if kind == "iptc":
        return read_iptc(inner)
    return read_icc(inner) if kind in ("icc", "icm") else None


def _profile(raw: bytes) -> bytes | None:
    """The bytes of a profile written as text: a line feed, its name, its length, lines of hexadecimal."""
    lines = raw.strip().split(b"\n", 2)
    if len(lines) < 3 or not lines[1].strip().isdigit():
        return None
    try:
        return bytes.fromhex(b"".join(lines[2].split()).decode("ascii"))
    except ValueError:
        return None
