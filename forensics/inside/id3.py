"""ID3 tags: versions 2.2 to 2.4 at the beginning, version 1 at the end (id3.org, "ID3 tag version 2.4.0").

A whole MP3 file is read by `forensics.inside.mp3`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

from forensics.inside.id3_names import FRAMES, OLD, is_personal
from forensics.inside.making import latin1, part, utf8
from forensics.inside.pictured import preview
from forensics.inside.vorbis import KINDS
from forensics.inside.window import MAX_TEXT, Window
from forensics.inside.xmp import read_xmp
from forensics.model import Part

MAX_FRAMES: Final = 2000
MAX_TAG: Final = 32 << 20
"""Bytes read of one tag where it has to be put together before it can be read."""
_MAX_FRAME: Final = 1 << 16
_CODECS: Final = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10


def tag_size(window: Window) -> int:
    """Returns the bytes that a tag of version 2 takes at the beginning; zero where there is none."""
    head = window.read(0, 10)
    if len(head) < 10 or head[:3] != b"ID3" or not 2 <= head[3] <= 4 or max(head[6:]) > 0x7F:
        return 0
    return 10 + _synchsafe(head[6:]) + (10 if head[3] == 4 and head[5] & _FOOTER else 0)


def read_id3(window: Window) -> Part:
    """Reads a tag of version 2 at the beginning of the window.

    Returns:
        "ID3" with a part for each frame, named by its four letters (three in version 2.2).

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    size = tag_size(window)
    if not size:
        return part(window, "ID3", trouble="No ID3 tag of version 2.2 to 2.4 stands here.")
    head = window.read(0, 10)
    version, flags = head[3], head[5]
    body = window.inner(10, _synchsafe(head[6:]))
    parts = [part(window, "version", f"2.{version}.{head[4]}", start=3, size=2)]
    if flags & _UNSYNCHRONISED and version < 4:
        body = body.unpacked(_resynchronised(body.read(0, MAX_TAG)))
    at = 0
    if flags & _EXTENDED and version > 2:
        length = body.read(0, 4)
        stated = int.from_bytes(length, "big") if version == 3 else _synchsafe(length)
        at = stated + (4 if version == 3 else 0)
        parts.append(part(body, "extended header", start=0, size=at))
    parts += _frames(body, at, version, flags)
    cut = size > window.size
    return part(
        window,
        "ID3",
        start=0,
        size=min(size, window.size),
        meaning="tags about the sound",
        trouble=f"It states {size} bytes, but only {window.size} are left." if cut else None,
        parts=tuple(parts),
    )


def read_id3v1(window: Window) -> Part | None:
    """Reads the tag of version 1 in the last 128 bytes of the window, if there is one.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    start = window.size - 128
    data = window.read(start, 128)
    if data[:3] != b"TAG":
        return None
    inner = window.inner(start)
    fields = [
        ("title", 3, 30),
        ("artist", 33, 30),
        ("album", 63, 30),
        ("year", 93, 4),
        ("comment", 97, 30),
    ]
    parts = [
        part(
            inner,
            name,
            utf8(data[at : at + size]).rstrip(),
            start=at,
            size=size,
            personal=name != "year",
        )
        for name, at, size in fields
        if data[at : at + size].strip(b"\0 ")
    ]
    if data[125] == 0 and data[126]:
        parts.append(part(inner, "track", data[126], start=126, size=1))
    parts.append(
        part(inner, "genre", data[127], start=127, size=1, meaning="number in the list of ID3v1")
    )
    return part(
        inner,
        "ID3v1",
        start=0,
        size=128,
        meaning="tags about the sound, version 1",
        parts=tuple(parts),
    )


def _synchsafe(data: bytes) -> int:
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number


def _resynchronised(data: bytes) -> bytes:
    return data.replace(b"\xff\x00", b"\xff")


def _frames(body: Window, at: int, version: int, tag_flags: int) -> Iterator[Part]:
    width = 6 if version == 2 else 10
    for _ in range(MAX_FRAMES):
        head = body.read(at, width)
        if len(head) < width or not head[0]:
            return
        name, size, flags = _head(head, version)
        if version == 4 and size > 0x7F and _plain_fits(body, at, head):
            size = int.from_bytes(head[4:8], "big")
        if not name:
            yield part(
                body,
                "unread",
                start=at,
                size=body.size - at,
                trouble="There is no frame where one has to be.",
            )
            return
        inner = body.inner(at + width, size)
        cut = at + width + size > body.size
        yield _frame(
            inner,
            name,
            flags,
            version,
            tag_flags,
            f"It states {size} bytes, but only {inner.size} are left." if cut else None,
        )
        at += width + size
    yield part(body, "unread", trouble=f"Only the first {MAX_FRAMES} frames were read.")


def _head(head: bytes, version: int) -> tuple[str, int, int]:
    letters = head[: 3 if version == 2 else 4].rstrip(b"\0 ")
    name = letters.decode("latin-1") if letters.isalnum() and letters.isupper() else ""
    if version == 2:
        return name, int.from_bytes(head[3:6], "big"), 0
    size = int.from_bytes(head[4:8], "big") if version == 3 else _synchsafe(head[4:8])
    return name, size, int.from_bytes(head[8:10], "big")


def _plain_fits(body: Window, at: int, head: bytes) -> bool:
    """Whether the size fits as a plain number only, as iTunes wrote it in version 2.4."""
    plain, safe = int.from_bytes(head[4:8], "big"), _synchsafe(head[4:8])
    return _follows(body, at + 10 + plain) and not _follows(body, at + 10 + safe)


def _follows(body: Window, at: int) -> bool:
    if at >= body.size:
        return at == body.size
    after = body.read(at, 4)
    return not after[0] or (after.isalnum() and after.isupper())


def _frame(
    window: Window, name: str, flags: int, version: int, tag_flags: int, trouble: str | None
) -> Part:
    start, size = window.at, window.size
    packed, sealed = (flags & 0x80, flags & 0x40) if version == 3 else (flags & 0x08, flags & 0x04)
    known = OLD.get(name, name)
    if sealed:
        trouble = trouble or "It is encrypted; it was not read."
    skipped = bool(packed and version == 3) * 4 + (1 if version == 3 and flags & 0x20 else 0)
    if version == 4:
        skipped = (1 if flags & 0x40 else 0) + (4 if flags & 0x01 else 0)
    inner = window.inner(skipped) if skipped else window
    inner.depth = window.depth
    if version == 4 and (flags & 0x02 or tag_flags & _UNSYNCHRONISED) and not sealed:
        data = inner.read(0, MAX_TAG)
        if b"\xff\x00" in data:
            inner = inner.unpacked(_resynchronised(data))
    if packed and not sealed:
        unpacker = zlib.decompressobj()
        try:
            inner = inner.unpacked(unpacker.decompress(inner.read(0, MAX_TAG), MAX_TAG))
        except zlib.error:
            trouble = trouble or "It could not be unpacked."
            sealed = 1
    value, parts = (None, ()) if sealed else _content(inner, known)
    return Part(
        name=name,
        value=value,
        at=start,
        size=None if start is None else size,
        meaning=FRAMES.get(known, ""),
        trouble=trouble,
        personal=is_personal(known),
        parts=parts,
    )


def _content(window: Window, name: str) -> tuple[int | str | None, tuple[Part, ...]]:
    """The value of a frame, and what lies in it (ID3v2.4.0 frames, section 4)."""
    window.allowance.keep()
    data = window.read(0, _MAX_FRAME)
    if name in ("TXXX", "WXXX"):
        description, rest = _split(data[1:], _codec(data))
        text = _text(rest, _codec(data)) if name == "TXXX" else latin1(rest)
        return text[:MAX_TEXT], (part(window, "description", description),)
    if name[:1] == "T":
        return _text(data[1:], _codec(data))[:MAX_TEXT], ()
    if name[:1] == "W":
        return latin1(data)[:MAX_TEXT], ()
    if name in ("COMM", "USLT"):
        description, rest = _split(data[4:], _codec(data))
        parts = [part(window, "language", latin1(data[1:4]))]
        parts += [part(window, "description", description)] if description else []
        return _text(rest, _codec(data))[:MAX_TEXT], tuple(parts)
    if name == "PCNT":
        return int.from_bytes(data[:8], "big"), ()
    if name == "POPM":
        owner, _, rest = data.partition(b"\0")
        parts = [part(window, "rating", rest[0] if rest else None)]
        return latin1(owner)[:MAX_TEXT], tuple(parts)
    reader = _READERS.get(name)
    return (None, tuple(reader(window, data))) if reader else (f"{window.size} bytes", ())


def _codec(data: bytes) -> str:
    return _CODECS.get(data[0] if data else 0, "latin-1")


def _split(data: bytes, codec: str) -> tuple[str, bytes]:
    """A text that ends with a zero, and what follows it."""
    if not codec.startswith("utf-16"):
        head, _, rest = data.partition(b"\0")
        return head.decode(codec, "replace"), rest
    for at in range(0, len(data) - 1, 2):
        if data[at : at + 2] == b"\0\0":
            return _text(data[:at], codec), data[at + 2 :]
    return _text(data, codec), b""


def _text(data: bytes, codec: str) -> str:
    """Several texts in one frame are divided by zeros; they are told with " / " between them."""
    if codec == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        codec = "utf-16-le"
    text = data.decode(codec, "replace").rstrip("\0")
    return " / ".join(piece.lstrip("\ufeff") for piece in text.split("\0"))


def _picture(window: Window, data: bytes) -> Iterator[Part]:
    """APIC, and PIC of version 2.2, whose format has three letters and no end."""
    codec = _codec(data)
    old = data[1:4] in (b"PNG", b"JPG", b"-->")
    mime, _, rest = (data[1:4], b"", data[4:]) if old else data[1:].partition(b"\0")
    description, left = _split(rest[1:], codec)
    yield part(window, "mime", latin1(mime))
    if rest:
        yield part(window, "type", rest[0], meaning=KINDS.get(rest[0], ""))
    if description:
        yield part(window, "description", description, personal=True)
    start = len(data) - len(left)
    yield part(window, "Preview", start=start, size=window.size - start, meaning="embedded picture")


def _private(window: Window, data: bytes) -> Iterator[Part]:
    """PRIV and UFID: who it is for, then anything."""
    owner, _, rest = data.partition(b"\0")
    yield part(window, "owner", latin1(owner))
    start = len(owner) + 1
    if owner == b"XMP":
        yield read_xmp(window.inner(start))
    elif rest:
        shown = utf8(rest[:256])
        readable = shown.isprintable() and len(shown) >= len(rest[:256].rstrip(b"\0")) // 2
        yield part(
            window,
            "data",
            shown if readable else rest[:32].hex(),
            start=start,
            size=window.size - start,
        )


def _object(window: Window, data: bytes) -> Iterator[Part]:
    """GEOB: a file of any kind."""
    mime, _, rest = data[1:].partition(b"\0")
    name, rest = _split(rest, _codec(data))
    description, left = _split(rest, _codec(data))
    yield part(window, "mime", latin1(mime))
    yield part(window, "filename", name, personal=True)
    yield part(window, "description", description, personal=True)
    start = len(data) - len(left)
    inner = window.inner(start)
    found = preview(inner)
    if found is not None:
        yield found
    else:
        yield part(window, "data", start=start, size=inner.size, meaning=f"{inner.size} bytes")


def _chapter(window: Window, data: bytes) -> Iterator[Part]:
    """CHAP (ID3v2 Chapter Frame Addendum section 3.1): an identifier, times, and frames."""
    name, _, rest = data.partition(b"\0")
    yield part(window, "identifier", latin1(name))
    yield part(window, "start", int.from_bytes(rest[:4], "big"), meaning="milliseconds")
    yield part(window, "end", int.from_bytes(rest[4:8], "big"), meaning="milliseconds")
    inner = window.inner(len(name) + 17)
    if not inner.too_deep:
        yield from _frames(inner, 0, 3, 0)


_READERS: Final = {
    "APIC": _picture,
    "PRIV": _private,
    "UFID": _private,
    "GEOB": _object,
    "CHAP": _chapter,
}
