"""Which encoder signed the first coded picture or sound?

x264 and x265 write their version and options into a user-data message (SEI `user_data_unregistered`:
ITU-T H.264 annex D.1.7, H.265 annex D.2.7), libavcodec writes its version into the first AAC frame. The
messages survive a change of container, but only with the first sample: a cut loses them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from forensics.media.boxtext import text
from forensics.model import Box

MAX_SAMPLE: Final = 1 << 20
"""Bytes looked at from the start of the first picture."""
MAX_SOUND: Final = 1 << 12

_SIGNED = re.compile(r"x26[45] |Lavc\d")
_SOUND = re.compile(rb"Lavc\d{1,3}\.\d{1,3}\.\d{1,3}|LAME\d\.\d{2,3}")
_CODINGS: Final = {
    "avc1": "avc",
    "avc3": "avc",
    "hvc1": "hevc",
    "hev1": "hevc",
    "dvh1": "hevc",
    "dvhe": "hevc",
}
_USER_DATA: Final = 5
_AVC_SEI: Final = 6
_HEVC_SEI: Final = 39
_HEVC_FIRST_OTHER: Final = 32
_MIN_MESSAGE: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What an encoder wrote into the coded stream.

    Attributes:
        text: As stated, at most 4096 characters.
        offset: Where the message stands: first byte of its unit in the file.
        field: "SEI user data", "decoder configuration" or "first sound frame".
        uuid: Kind of a user-data message, or None.
    """

    text: str
    offset: int
    field: str
    uuid: str | None = None


def encoder_signature(path: Path, root: Box) -> Signature | None:
    """Returns the first user-data message of the first H.264 or H.265 track.

    A message that names an encoder goes before one that does not.

    Args:
        path: The file that `root` was read from.
        root: As `forensics.media.boxes.read_boxes` returns it.

    Returns:
        The message, or None where there is none with readable text.

    Raises:
        OSError: The file could not be read.
    """
    for track in _tracks(root, "vide"):
        entry = next(iter(_at(track, "mdia/minf/stbl/stsd").children), None)
        coding = _CODINGS.get(entry.type) if entry else None
        if entry is None or coding is None:
            continue
        found = sorted(
            _messages(path, root, track, entry, coding), key=lambda s: not _SIGNED.search(s.text)
        )
        return found[0] if found else None
    return None


def sound_signature(path: Path, root: Box) -> Signature | None:
    """Returns what the encoder of the first sound track wrote into its first frame, or None.

    Raises:
        OSError: The file could not be read.
    """
    for track in _tracks(root, "soun"):
        start = _first_sample(path, root, track)
        if start is None:
            continue
        match = _SOUND.search(_read(path, start, MAX_SOUND))
        if match:
            return Signature(
                text=match[0].decode("ascii"),
                offset=start + match.start(),
                field="first sound frame",
            )
    return None


def _tracks(root: Box, handler: str) -> Iterator[Box]:
    for where, box in root.walk():
        if where == "moov/trak" and _at(box, "mdia/hdlr").fields.get("handler") == handler:
            yield box


_NOTHING = Box(type="", offset=0, size=0, header=0)


def _at(box: Box, path: str) -> Box:
    return box.find(path) or _NOTHING


def _read(path: Path, offset: int, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(length)


def _number(data: bytes, at: int, size: int = 4) -> int:
    """Returns a big-endian number; 0 where the bytes are missing."""
    return int.from_bytes(data[at : at + size], "big")


def _first_sample(path: Path, root: Box, track: Box) -> int | None:
    """Returns where the track's first sample begins: its first chunk, or its first fragment's run."""
    table = _at(track, "mdia/minf/stbl")
    for name, size in (("stco", 4), ("co64", 8)):
        box = _at(table, name)
        if int(box.fields.get("entries", 0)) > 0:
            start = _number(_read(path, box.offset + box.header + 8, size), 0, size)
            return start if 0 < start < root.size else None
    number = _at(track, "tkhd").fields.get("track")
    for fragment in (box for box in root.children if box.type == "moof"):
        for run in (box for box in fragment.children if box.type == "traf"):
            header, body = _at(run, "tfhd"), _at(run, "trun")
            head = _read(path, header.offset + header.header, 16)
            data = _read(path, body.offset + body.header, 12)
            if _number(head, 4) != number or not _number(data, 0) & 1:
                continue
            base = _number(head, 8, 8) if _number(head, 0) & 1 else fragment.offset
            start = base + int.from_bytes(data[8:12], "big", signed=True)
            return start if 0 < start < root.size else None
    return None


def _messages(path: Path, root: Box, track: Box, entry: Box, coding: str) -> Iterator[Signature]:
    name = "avcC" if coding == "avc" else "hvcC"
    config = _at(entry, name)
    if name == "hvcC" and config.size:
        start = config.offset + config.header
        data = _read(path, start, min(config.size - config.header, MAX_SAMPLE))
        for at, unit in _configured(data):
            yield from _user_data(unit, coding, start + at, "decoder configuration")
    first = _first_sample(path, root, track)
    if first is None:
        return
    data = _read(path, first, MAX_SAMPLE)
    for at, unit in _units(data, int(config.fields.get("nal_length", 4))):
        if _is_picture(unit, coding):
            return
        yield from _user_data(unit, coding, first + at, "SEI user data")


def _units(data: bytes, length: int) -> Iterator[tuple[int, bytes]]:
    """Yields the units of a sample (ISO/IEC 14496-15 section 4.3.2) with their places."""
    at = 0
    while at + length < len(data):
        size = _number(data, at, length)
        if size == 0:
            return
        yield at, data[at + length : at + length + size]
        at += length + size


def _configured(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yields the units of an `hvcC` payload (ISO/IEC 14496-15 section 8.3.3.1)."""
    at = 23
    for _ in range(data[22] if len(data) > at else 0):
        count = _number(data, at + 1, 2)
        at += 3
        for _ in range(count):
            size = _number(data, at, 2)
            if size == 0 or at + 2 + size > len(data):
                return
            yield at, data[at + 2 : at + 2 + size]
            at += 2 + size


def _is_picture(unit: bytes, coding: str) -> bool:
    if coding == "avc":
        return 1 <= unit[0] & 0x1F <= 5
    return (unit[0] >> 1) & 0x3F < _HEVC_FIRST_OTHER


def _user_data(unit: bytes, coding: str, offset: int, where: str) -> Iterator[Signature]:
    """Yields the readable user-data messages of one SEI unit."""
    if coding == "avc":
        if unit[0] & 0x1F != _AVC_SEI:
            return
        payload = unit[1:]
    else:
        if (unit[0] >> 1) & 0x3F != _HEVC_SEI:
            return
        payload = unit[2:]
    payload = payload.replace(b"\0\0\3", b"\0\0")
    at = 0
    while at + 2 < len(payload):
        kind, at = _coded(payload, at)
        size, at = _coded(payload, at)
        body = payload[at : at + size]
        at += size
        if kind != _USER_DATA or len(body) <= _MIN_MESSAGE:
            continue
        said = text(body[_MIN_MESSAGE:])
        if said.isprintable() and said.strip():
            yield Signature(
                text=said, offset=offset, field=where, uuid=str(UUID(bytes=body[:_MIN_MESSAGE]))
            )


def _coded(data: bytes, at: int) -> tuple[int, int]:
    """Reads a number coded in bytes of 255 and a last smaller one; returns it and the next place."""
    value = 0
    while at < len(data):
        value += data[at]
        at += 1
        if data[at - 1] != 0xFF:
            break
    return value, at
