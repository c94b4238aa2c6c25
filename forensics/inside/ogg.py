"""Ogg: the streams of a file, their headers and comments, and how their pages follow each other.

RFC 3533 (pages), "Vorbis I specification" section 4.2, RFC 7845 (Opus), "Theora specification" section 6.2,
the Speex manual section 8, "Ogg Skeleton 4".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from forensics.inside.flac import read_blocks
from forensics.inside.making import latin1, part
from forensics.inside.trailing import read_trailing
from forensics.inside.vorbis import read_comments
from forensics.inside.window import Window
from forensics.model import Part

MAX_PAGES: Final = 100_000
MAX_STREAMS: Final = 64
MAX_HEADERS: Final = 4 << 20
"""Bytes of headers put together for one stream."""
MAX_CHECKED: Final = 1 << 17
"""Bytes of pages whose check values are computed."""
_CONTINUED, _FIRST, _LAST = 1, 2, 4
_NONE: Final = 0xFFFFFFFFFFFFFFFF


@dataclass(slots=True, kw_only=True)
class _Stream:
    """What was met of one stream."""

    serial: int
    at: int
    packets: list[bytes] = field(default_factory=list)
    partial: bytearray = field(default_factory=bytearray)
    pages: int = 0
    next: int = 0
    gaps: int = 0
    first: int | None = None
    last: int | None = None
    ended: bool = False
    begun: bool = False
    wrong: int = 0
    places: list[int] = field(default_factory=list)


def read_ogg(window: Window) -> Part:
    """Reads the pages of a file.

    Returns:
        "Ogg" with "stream" for each stream: its coding, what its header states, its comments, its length.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    streams: dict[int, _Stream] = {}
    at, pages, trouble = 0, 0, None
    checked = MAX_CHECKED
    parts: list[Part] = []
    while at < window.size:
        head = window.read(at, 27 + 255)
        if len(head) < 27 or head[:4] != b"OggS":
            skipped = _resume(window, at)
            if not pages or skipped is None:
                break
            trouble = (
                trouble or f"From byte {at} on there are {skipped - at} bytes that are no page."
            )
            at = skipped
            continue
        if pages >= MAX_PAGES or len(streams) > MAX_STREAMS:
            trouble = trouble or f"Only the first {pages} pages were read."
            break
        pages += 1
        size = 27 + head[26] + sum(head[27 : 27 + head[26]])
        serial = int.from_bytes(head[14:18], "little")
        stream = streams.setdefault(serial, _Stream(serial=serial, at=at))
        body = window.read(at, size) if len(stream.packets) < 3 or size <= checked else b""
        if body and size <= checked:
            checked -= size
            stream.wrong += not _fits(body)
        _page(stream, head, body, at)
        if at + size > window.size:
            trouble = (
                trouble or f"The last page ends {at + size - window.size} bytes behind the file."
            )
        at += size
    parts += [_told(window, stream) for stream in streams.values()]
    if pages and at < window.size and pages < MAX_PAGES:
        parts.append(read_trailing(window.inner(at)))
    return part(
        window,
        "Ogg",
        start=0,
        size=window.size,
        meaning=f"{pages} pages of {len(streams)} {'stream' if len(streams) == 1 else 'streams'}",
        trouble=trouble if pages else "It does not begin with a page.",
        parts=tuple(parts),
    )


def _resume(window: Window, at: int) -> int | None:
    """Where the next page begins after bytes that are none; None where there is none close by."""
    found = window.read(at + 1, 1 << 17).find(b"OggS")
    return at + 1 + found if found >= 0 else None


def _page(stream: _Stream, head: bytes, body: bytes, at: int) -> None:
    flags, granule, number = (
        head[5],
        int.from_bytes(head[6:14], "little"),
        int.from_bytes(head[18:22], "little"),
    )
    stream.begun = stream.begun or bool(flags & _FIRST)
    stream.ended = stream.ended or bool(flags & _LAST)
    stream.gaps += stream.pages > 0 and number != stream.next
    stream.next = number + 1
    stream.pages += 1
    if granule != _NONE and granule:
        stream.first = granule if stream.first is None else stream.first
        stream.last = granule if stream.last is None else max(stream.last, granule)
    if len(stream.packets) >= 3 or not body:
        return
    if not flags & _CONTINUED:
        stream.partial.clear()
    place = 27 + head[26]
    for lace in head[27:place]:
        stream.partial += body[place : place + lace]
        place += lace
        if len(stream.partial) > MAX_HEADERS:
            stream.packets += [b""] * 3
            return
        if lace < 255:
            if len(stream.packets) < 3:
                stream.packets.append(bytes(stream.partial))
                stream.places.append(at)
            stream.partial.clear()


def _table() -> tuple[int, ...]:
    found = []
    for number in range(256):
        value = number << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 1 << 31 else value << 1) & 0xFFFFFFFF
        found.append(value)
    return tuple(found)


_CRC: Final = _table()


def _fits(page: bytes) -> bool:
    """Whether the check value of a page fits (RFC 3533 section 6: polynomial 04c11db7, not reflected)."""
    value = 0
    for byte in page[:22] + bytes(4) + page[26:]:
        value = (value << 8 ^ _CRC[value >> 24 ^ byte]) & 0xFFFFFFFF
    return value == int.from_bytes(page[22:26], "little")


def _told(window: Window, stream: _Stream) -> Part:
    first = stream.packets[0] if stream.packets else b""
    coding, fields, rate, skip = _coding(first)
    parts = [part(window, "coding", coding or "unknown")]
    parts += [part(window, name, value, meaning=said) for name, value, said in fields]
    parts += _comments(window, coding, stream)
    if stream.last is not None and rate:
        samples = stream.last - skip
        parts.append(part(window, "length", stream.last, meaning=f"{samples / rate:.3f} s"))
    parts.append(part(window, "pages", stream.pages))
    troubles = []
    if stream.gaps:
        troubles.append(f"Pages are missing or out of order at {stream.gaps} places.")
    if stream.wrong:
        troubles.append(f"The check values of {stream.wrong} pages do not fit.")
    if not stream.begun or not stream.ended:
        troubles.append("It has no first page." if not stream.begun else "It has no last page.")
    return part(
        window,
        "stream",
        stream.serial,
        start=stream.at,
        meaning=f"stream of {coding}" if coding else "stream of an unknown coding",
        trouble=" ".join(troubles) or None,
        parts=tuple(parts),
    )


Stated = tuple[str, int | str, str]


def _coding(data: bytes) -> tuple[str, list[Stated], float, int]:
    """The coding by its first packet, what that states, ticks per second, and ticks that are not played."""
    try:
        for mark, reader in _CODINGS.items():
            if data.startswith(mark):
                return reader(data)
    except struct.error:
        pass
    return "", [], 0, 0


def _vorbis(data: bytes) -> tuple[str, list[Stated], float, int]:
    version, channels, rate, most, nominal, least = struct.unpack_from("<IBIiii", data, 7)
    fields: list[Stated] = [
        ("version", version, ""),
        ("channels", channels, ""),
        ("rate", rate, "samples per second"),
    ]
    for name, bits in (("maximum", most), ("nominal", nominal), ("minimum", least)):
        if bits > 0:
            fields.append((name, bits, "bits per second"))
    return "Vorbis", fields, rate, 0


def _opus(data: bytes) -> tuple[str, list[Stated], float, int]:
    version, channels, skip, rate = struct.unpack_from("<BBHI", data, 8)
    fields: list[Stated] = [
        ("version", version, ""),
        ("channels", channels, ""),
        ("pre_skip", skip, "samples of 48 kHz before the first that is played"),
        ("rate", rate, "samples per second before it was coded"),
    ]
    return "Opus", fields, 48_000, skip


def _theora(data: bytes) -> tuple[str, list[Stated], float, int]:
    width, height = (int.from_bytes(data[at : at + 3], "big") for at in (14, 17))
    top, bottom = struct.unpack_from(">II", data, 22)
    fields: list[Stated] = [
        ("version", ".".join(map(str, data[7:10])), ""),
        ("width", width, "pixels"),
        ("height", height, "pixels"),
        ("rate", f"{top}/{bottom}", "pictures per second"),
    ]
    return "Theora", fields, 0, 0


def _speex(data: bytes) -> tuple[str, list[Stated], float, int]:
    rate, _, _, channels = struct.unpack_from("<4I", data, 36)
    fields: list[Stated] = [
        ("version", latin1(data[8:28]), "library that coded the sound"),
        ("channels", channels, ""),
        ("rate", rate, "samples per second"),
    ]
    return "Speex", fields, rate, 0


def _flac(data: bytes) -> tuple[str, list[Stated], float, int]:
    packed = int.from_bytes(data[27:35], "big")
    return "FLAC", [], packed >> 44, 0


def _skeleton(data: bytes) -> tuple[str, list[Stated], float, int]:
    major, minor = struct.unpack_from("<HH", data, 8)
    utc = latin1(data[44:64])
    fields: list[Stated] = [("version", f"{major}.{minor}", "")]
    return "Skeleton", fields + ([("utc", utc, "UTC of its beginning")] if utc else []), 0, 0


_CODINGS: Final = {
    b"\x01vorbis": _vorbis,
    b"OpusHead": _opus,
    b"\x80theora": _theora,
    b"Speex   ": _speex,
    b"\x7fFLAC": _flac,
    b"fishead\0": _skeleton,
}
_COMMENTS: Final = {
    "Vorbis": b"\x03vorbis",
    "Opus": b"OpusTags",
    "Theora": b"\x81theora",
    "Speex": b"",
}


def _comments(window: Window, coding: str, stream: _Stream) -> Iterator[Part]:
    if coding == "FLAC":
        yield from read_blocks(
            window.unpacked(stream.packets[0][13:] + b"".join(stream.packets[1:]))
        )
        return
    mark = _COMMENTS.get(coding)
    if mark is None or len(stream.packets) < 2 or not stream.packets[1].startswith(mark):
        return
    inner = window.unpacked(stream.packets[1][len(mark) :])
    yield Part(
        name="comments",
        at=window.at + stream.places[1] if window.at is not None else None,
        meaning="comments; their place is that of the page they begin in",
        parts=tuple(read_comments(inner)),
    )
