"""Everything a JPEG file carries, segment by segment, and what lies behind its end.

ITU-T T.81 annex B (stream), T.871 (JFIF), CIPA DC-008 (EXIF in APP1), ISO 16684-3 / XMP part 3 section 1.1.3
(XMP and extended XMP), ICC.1 annex B.4 (profiles in pieces), C2PA specification 2.1 section A.3.1 (JUMBF in
APP11). What is kept in pieces is put together and stands at its first piece.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from forensics.errors import LimitExceeded
from forensics.inside.exif import read_exif_part
from forensics.inside.icc import read_icc
from forensics.inside.jpegapps import OWN, read_named
from forensics.inside.jpegframe import (
    Frame,
    frame_of,
    frame_parts,
    huffman_parts,
    missing_restarts,
    quantisation_parts,
    scan_parts,
)
from forensics.inside.jpegscan import COM, DHT, DQT, DRI, EOI, FRAMES, SOI, SOS, Segment, scan
from forensics.inside.jumbf import read_jumbf
from forensics.inside.making import kept, part, utf8
from forensics.inside.mpf import Entry, read_mpf
from forensics.inside.photoshop import read_photoshop
from forensics.inside.quantisation import Estimate
from forensics.inside.trailer import read_trailer
from forensics.inside.window import Window
from forensics.inside.xmp import read_xmp
from forensics.model import Part

MAX_LEVEL: Final = 2
"""Pictures in pictures that are read; deeper ones are named."""

_EXIF: Final = b"Exif\0\0"
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED: Final = b"http://ns.adobe.com/xmp/extension/\0"
_NAMED: Final = re.compile(rb"HasExtendedXMP\s*(?:=\s*[\"']|>\s*)([0-9A-Fa-f]{32})")
_ICC: Final = b"ICC_PROFILE\0"
_MPF: Final = b"MPF\0"
_PHOTOSHOP: Final = (b"Photoshop 3.0\0", b"Adobe_Photoshop2.5:")
_JUMBF: Final = b"JP"
_NAMES: Final = {
    0x01: "TEM", 0xC4: "DHT", 0xC8: "JPG", 0xCC: "DAC", 0xD8: "SOI", 0xD9: "EOI", 0xDA: "SOS",
    0xDB: "DQT", 0xDC: "DNL", 0xDD: "DRI", 0xDE: "DHP", 0xDF: "EXP", 0xFE: "COM",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A piece of something that is kept in several segments.

    Attributes:
        order: Where it belongs: a number, or an offset.
        total: Pieces, or bytes of the whole, as stated.
        start: Where its bytes begin in the window.
        size: How many there are.
    """

    order: int
    total: int
    start: int
    size: int


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What is known of a file while its segments are read."""

    window: Window
    level: int
    segments: list[Segment]
    frame: Frame | None
    groups: dict[tuple[str, bytes], list[_Piece]] = field(default_factory=lambda: defaultdict(list))
    shown: set[tuple[str, bytes]] = field(default_factory=set)
    pictures: dict[int, Entry] = field(default_factory=dict)
    estimates: list[Estimate] = field(default_factory=list)
    named: frozenset[bytes] | None = None


def read_jpeg(window: Window) -> Part:
    """Reads a JPEG file: a part "JPEG" with a part for each marker and each piece behind EOI.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    tree, _ = _read(window, 0)
    return tree


def _read(window: Window, level: int) -> tuple[Part, int]:
    """The tree, and the bytes that the stream takes up to and with EOI; 0 where it is no JPEG stream."""
    if window.read(0, 2) != b"\xff\xd8":
        return part(
            window,
            "JPEG",
            start=0,
            size=window.size,
            trouble="It does not begin like a JPEG picture.",
        ), 0
    before, window.allowance.reached = window.allowance.reached, None
    segments = list(scan(window))
    limit = window.allowance.reached
    window.allowance.reached = before or limit
    reading = _Reading(
        window=window, level=level, segments=segments, frame=frame_of(window, segments)
    )
    with suppress(LimitExceeded):
        _gather(reading)
    parts = [*kept(_segment(reading, segment) for segment in segments)]
    ended = segments[-1].marker == EOI
    length = segments[-1].end
    if ended and level == 0 and length < window.size:
        tail = window.inner(length)
        known = {start - length: entry for start, entry in reading.pictures.items()}
        parts += kept(read_trailer(tail, known, lambda inside: _read(inside, level + 1)))
    trouble = limit
    if not ended and limit is None:
        trouble = "It ends without an end marker: it is cut off or damaged."
    return part(
        window,
        "JPEG",
        start=0,
        size=window.size,
        meaning=_says(reading, limit),
        trouble=trouble,
        parts=tuple(parts),
    ), length


def _says(reading: _Reading, limit: str | None) -> str:
    """The picture in a line: size, process, sampling, quality."""
    frame = reading.frame
    if frame is None:
        return "" if limit else "A JPEG stream without a picture"
    words = [f"{frame.width} × {frame.height} pixels", frame.process]
    if frame.sampling:
        words.append(f"chroma sampling {frame.sampling}")
    if reading.estimates:
        first = reading.estimates[0]
        about = "" if first.exact else "about "
        words.append(f"{about}{first.base.split()[0]} quality {first.quality}")
        if first.family:
            words.append(first.family)
    return ", ".join(words)


def _gather(reading: _Reading) -> None:
    """Finds the pieces of what is kept in several segments."""
    window = reading.window
    for segment in reading.segments:
        start, size = segment.payload, segment.size
        head = window.read(start, min(size, 80)) if 0xE0 <= segment.marker <= 0xEF else b""
        key: tuple[str, bytes] | None = None
        order, total, skip = 0, 1, 0
        if segment.marker == 0xE2 and head.startswith(_ICC) and len(head) >= 14:
            key, order, total, skip = ("ICC", b""), head[12], head[13], 14
        elif segment.marker == 0xE1 and head.startswith(_EXTENDED) and len(head) >= 75:
            key, skip = ("XMP", head[35:67]), 75
            total, order = int.from_bytes(head[67:71], "big"), int.from_bytes(head[71:75], "big")
        elif segment.marker == 0xED and head.startswith(_PHOTOSHOP):
            skip = 14 if head.startswith(_PHOTOSHOP[0]) else 27
            key = ("Photoshop", b"")
            order, total = len(reading.groups[key]), 0
        elif segment.marker == 0xEB and head.startswith(_JUMBF) and len(head) >= 16:
            key, order = ("JUMBF", head[2:4]), int.from_bytes(head[4:8], "big")
            first = not reading.groups[key]
            wide = 8 if head[8:12] == b"\0\0\0\x01" else 0
            skip = 8 if first else 16 + wide  # the box's header is repeated in every piece
            total = int.from_bytes(head[16:24] if wide else head[8:12], "big")
        if key is not None:
            skip = min(skip, size)
            reading.groups[key].append(
                _Piece(order=order, total=total, start=start + skip, size=size - skip)
            )


def _segment(reading: _Reading, segment: Segment) -> Part:
    """One segment with what is in it."""
    window, marker = reading.window, segment.marker
    body = window.inner(segment.payload, segment.size)
    name, meaning = _NAMES.get(marker, f"0x{marker:02X}"), ""
    value: int | str | None = None
    parts: tuple[Part, ...] = ()
    trouble = segment.trouble
    if marker == 0:
        name, meaning = (
            "Unknown bytes",
            f"{segment.end - segment.start} bytes where a marker is expected",
        )
    elif 0xE0 <= marker <= 0xEF:
        name = f"APP{marker - 0xE0}"
        parts = kept(_application(reading, segment, body))
        meaning = ", ".join(p.name for p in parts) or "A further piece of what begins above"
    elif marker in FRAMES:
        name = f"SOF{marker - 0xC0}"
        if reading.frame and reading.frame.marker == marker:
            meaning = reading.frame.process
            parts = frame_parts(body, reading.frame)
        else:
            trouble = trouble or "Its header is cut off."
    elif marker == DQT:
        parts, estimates = quantisation_parts(body, reading.frame)
        reading.estimates.extend(estimates)
        meaning = "Quantisation tables"
    elif marker == DHT:
        parts, meaning = huffman_parts(body), "Huffman tables"
    elif marker == SOS:
        parts = scan_parts(body)
        restarts = f" with {segment.restarts} restart markers" if segment.restarts else ""
        meaning = f"{segment.coded} bytes of coded picture{restarts}"
        missing = missing_restarts(reading.frame, reading.segments, _interval(reading))
        trouble = " ".join(filter(None, (trouble, missing))) or None
    elif marker == DRI:
        value, meaning = (
            int.from_bytes(body.read(0, 2), "big"),
            "Coded units between restart markers",
        )
    elif marker == COM:
        value, meaning = utf8(body.read(0, 1 << 16)), "Comment"
    elif marker == SOI:
        meaning = "Start of the picture"
    elif marker == EOI:
        meaning = "End of the picture"
    return part(
        window,
        name,
        value,
        start=segment.start,
        size=segment.end - segment.start,
        meaning=meaning,
        trouble=trouble,
        personal=marker == COM,
        parts=parts,
    )


def _interval(reading: _Reading) -> int:
    found = [s for s in reading.segments if s.marker == DRI]
    return int.from_bytes(reading.window.read(found[-1].payload, 2), "big") if found else 0


def _application(reading: _Reading, segment: Segment, body: Window) -> Iterator[Part]:
    """What an application segment holds; nothing for the later pieces of something."""
    number = segment.marker - 0xE0
    head = body.read(0, 80)
    if number == 1 and head.startswith(_EXIF[:5]):
        yield _with_pictures(reading, read_exif_part(body.inner(6)))
    elif number == 1 and head.startswith(_XMP):
        yield read_xmp(body.inner(len(_XMP)))
    elif number == 1 and head.startswith(_EXTENDED) and len(head) >= 75:
        yield from _extended(reading, head[35:67])
    elif number == 2 and head.startswith(_ICC) and len(head) >= 14:
        yield from _joined(reading, ("ICC", b""), read_icc)
    elif number == 2 and head.startswith(_MPF):
        inside = body.inner(4)
        found, entries = read_mpf(inside)
        begin = segment.payload + 4
        reading.pictures.update(
            {begin + entry.start: entry for entry in entries if entry.start and entry.size}
        )
        yield found
    elif number == 13 and head.startswith(_PHOTOSHOP):
        for found in _joined(reading, ("Photoshop", b""), read_photoshop):
            yield _with_pictures(reading, found)
    elif number == 11 and head.startswith(_JUMBF) and len(head) >= 16:
        yield from _joined(reading, ("JUMBF", head[2:4]), read_jumbf)
    else:
        own = next((r for n, s, r in OWN if n == number and head.startswith(s)), None)
        found = own(body) if own else read_named(body, number)
        yield _with_pictures(reading, found)


def _extended(reading: _Reading, name: bytes) -> Iterator[Part]:
    """Extended XMP, which counts where the packet names it by its digest (XMP part 3 section 1.1.3.1)."""
    key = ("XMP", name)
    if reading.named is None:
        reading.named = frozenset(_named(reading))
    if name.upper() in reading.named:
        yield from _joined(reading, key, read_xmp)
    elif key not in reading.shown:
        reading.shown.add(key)
        yield part(
            reading.window,
            "Extended XMP",
            sum(piece.size for piece in reading.groups[key]),
            meaning="bytes, not read",
            trouble="The packet does not name it: it may belong to another file, and states nothing of this.",
        )


def _named(reading: _Reading) -> Iterator[bytes]:
    """The digests of extended XMP that the packets name."""
    for segment in reading.segments:
        if segment.marker == 0xE1:
            data = reading.window.read(segment.payload, segment.size)
            if data.startswith(_XMP):
                yield from (found.group(1).upper() for found in _NAMED.finditer(data))


def _joined(
    reading: _Reading, key: tuple[str, bytes], read: Callable[[Window], Part]
) -> Iterator[Part]:
    """Reads what the pieces of `key` make, at the first of them; yields nothing at the later ones."""
    window, pieces = reading.window, reading.groups[key]
    if key in reading.shown:
        return
    reading.shown.add(key)
    ordered = sorted(pieces, key=lambda piece: piece.order)
    if len(ordered) == 1:
        inside = window.inner(ordered[0].start, ordered[0].size)
    else:
        inside = window.unpacked(b"".join(window.read(p.start, p.size) for p in ordered))
    found = read(inside)
    note = f"put together from {len(pieces)} segments" if len(pieces) > 1 else ""
    meaning = "; ".join(filter(None, (found.meaning, note)))
    trouble = _misses(key, ordered, inside)
    yield replace(found, meaning=meaning, trouble=trouble or found.trouble)


def _misses(key: tuple[str, bytes], pieces: list[_Piece], joined: Window) -> str | None:
    """Says which pieces are not there, or that the whole is not what it was."""
    if key[0] == "ICC":
        if [p.order for p in pieces] != list(range(1, pieces[0].total + 1)):
            return f"It states {pieces[0].total} pieces; {len(pieces)} are there, not each of them once."
    elif key[0] == "JUMBF":
        orders = [p.order for p in pieces]
        if orders != list(range(orders[0], orders[0] + len(orders))):
            return "Pieces are missing or there twice."
    elif key[0] == "XMP":
        if joined.size != pieces[0].total:
            return f"It states {pieces[0].total} bytes; {joined.size} are there."
        digest = hashlib.md5(joined.read(), usedforsecurity=False).hexdigest()
        if digest.upper().encode() != key[1].upper():
            return "Its bytes do not have the digest that it is named by: it was changed."
    return None


def _with_pictures(reading: _Reading, tree: Part) -> Part:
    """Adds to every thumbnail and preview within `tree` what it carries itself."""
    window = reading.window
    if tree.name in {"Thumbnail", "Preview"} and tree.at is not None and tree.size:
        start = tree.at - (window.at or 0)
        if (
            reading.level < MAX_LEVEL
            and window.at is not None
            and window.read(start, 2) == b"\xff\xd8"
        ):
            inside, _ = _read(window.inner(start, tree.size), reading.level + 1)
            return replace(tree, parts=(*tree.parts, inside))
        return tree
    if not tree.parts:
        return tree
    return replace(tree, parts=tuple(_with_pictures(reading, inner) for inner in tree.parts))
