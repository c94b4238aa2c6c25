"""What follows the end of a picture, and what does it look like?

Phones put further pictures (CIPA DC-007), films and depth maps there; programs their own notes; and anyone
can hide a file there. Samsung's directory ("SEFH" and "SEFT"), the blocks of Canon and FotoStation are known
by what their files show; films are walked by their boxes (ISO/IEC 14496-12 section 4.2).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from forensics.inside.bmff import read_bmff
from forensics.inside.making import latin1, part, sentence, utf8
from forensics.inside.mpf import Entry
from forensics.inside.window import Window
from forensics.model import Part

MAX_PIECES: Final = 64
MAX_BLOCKS: Final = 200
MAX_BOXES: Final = 10_000
_STEP: Final = 1 << 20
_START: Final = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]|\0\0\0.ftyp", re.DOTALL)
_LOOKS: Final = (
    (b"PK\x03\x04", "ZIP archive", "A ZIP archive"),
    (b"Rar!\x1a\x07", "RAR archive", "A RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive", "A 7z archive"),
    (b"\x1f\x8b\x08", "gzip", "Data packed with gzip"),
    (b"%PDF-", "PDF", "A PDF document"),
    (b"\x89PNG\r\n\x1a\n", "PNG", "A PNG picture"),
    (b"GIF8", "GIF", "A GIF picture"),
    (b"RIFF", "RIFF", "A RIFF file"),
    (b"II*\0", "TIFF", "A TIFF structure"),
    (b"MM\0*", "TIFF", "A TIFF structure"),
    (b"\x7fELF", "ELF", "A program (ELF)"),
    (b"MZ", "MZ", "Perhaps a Windows program"),
    (b"<?php", "PHP", "PHP code"),
    (b"<html", "HTML", "HTML"),
    (b"<!DOCTYPE", "HTML", "HTML"),
    (b"<?xpacket", "XMP packet", "An XMP packet outside its segment"),
    (b"<x:xmpmeta", "XMP packet", "An XMP packet outside its segment"),
    (b"<?xml", "XML", "XML"),
    (b"8BIM", "Photoshop", "Photoshop's image resources outside their segment"),
    (b"vivo{", "vivo", "Note of a vivo phone"),
    (b"AXS!", "AFCP", "AXS file concatenation protocol"),
    (b"AXS*", "AFCP", "AXS file concatenation protocol"),
    (b"~\x10\x04\xfe0MIE", "MIE", "Metadata in MIE form"),
    (b"CANON OPTIONAL DATA\0", "CanonVRD", "Settings of Canon's Digital Photo Professional"),
    (b"LIGOGPSINFO", "LigoGPS", "Positions of a dash camera"),
)
_NOT_FOREIGN: Final = ("XMP packet", "Photoshop", "vivo", "AFCP", "MIE", "CanonVRD", "LigoGPS")
_FOREIGN: Final = "It belongs to no picture: something was put behind the end of this one."
_BEHIND: Final = "A film behind the picture (ISO-BMFF), as motion photos have it"
_SAMSUNG_NAMES: Final = {
    "MotionPhoto_Data": "The film of a motion photo",
    "MotionPhoto_AutoPlay": "The shown part of a motion photo",
    "MCC_Data": "Mobile country code of the network",
    "DualShot_DepthMap_1": "Depth map",
    "DualShot_Extra_Info": "Data of a picture of two lenses",
    "SoundShot_000": "Sound taken with the picture",
    "Photo_Editor_Re_Edit_Data": "Changes made in Samsung's photo editor, kept to be undone",
    "PhotoEditor_Re_Edit_Data": "Changes made in Samsung's photo editor, kept to be undone",
    "Original_Path_Hash_Key": "Digest of where the original lay",
    "Samsung_Capture_Info": "How a capture of the screen was made",
    "Remaster_Info": "The picture was remastered by the phone",
}

Picture = Callable[[Window], tuple[Part, int]]
"""Reads a JPEG stream: what is in it, and how many bytes it takes; 0 where none begins there."""


def read_trailer(
    window: Window, pictures: dict[int, Entry], read_picture: Picture
) -> tuple[Part, ...]:
    """Reads what follows EOI, piece by piece.

    Args:
        window: From the first byte after EOI to the end of the file.
        pictures: Pictures that a multi-picture index names, by where they begin in the window.
        read_picture: What reads them.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    found: list[Part] = []
    end = window.size
    last = _at_the_end(window)
    if last is not None:
        end = last[0]
    position = 0
    while position < end:
        if len(found) == MAX_PIECES:
            found.append(
                part(
                    window, "Unknown bytes", start=position, size=end - position,
                    trouble=f"More than {MAX_PIECES} pieces follow the picture; these are not read.",
                )
            )  # fmt: skip
            break
        following = min((s for s in pictures if s > position), default=end)
        entry = pictures.get(position)
        piece, size = _piece(window, position, min(following, end), entry, read_picture)
        found.append(piece)
        position += max(1, size)
    if last is not None:
        found.append(last[1])
    return tuple(found)


def _piece(
    window: Window, start: int, end: int, entry: Entry | None, read_picture: Picture
) -> tuple[Part, int]:
    """One piece that begins at `start` and ends at `end` at the latest, and how long it is."""
    head = window.read(start, min(64, end - start))
    if entry is not None:
        return _picture(window, start, min(entry.size, window.size - start), entry, read_picture)
    if head[:3] == b"\xff\xd8\xff":
        piece, size = _picture(window, start, end - start, None, read_picture)
        return piece, size
    if head[4:8] == b"ftyp":
        size = _film(window, start, end)
        return _video(window, "Video", start, size, _BEHIND), size
    if head[:1] in {b"\0", b"\xff"}:
        size = _run(window, start, end, head[:1])
        if (
            window.read(start + size - 3, 8)[4:] == b"ftyp"
        ):  # the zeros are of the film's first length
            size -= 3
        if size >= 16 or size == end - start:
            return part(
                window, "Padding", start=start, size=size,
                meaning=f"{size} bytes of {head[0]:02X}",
            ), size  # fmt: skip
    size = _until_known(window, start, end)
    for signature, name, meaning in _LOOKS:
        if head.startswith(signature):
            foreign = None if name in _NOT_FOREIGN else _FOREIGN
            return part(
                window, name, start=start, size=size, meaning=meaning, trouble=foreign
            ), size
    text = window.read(start, min(size, 4097))
    if text.strip() and all(32 <= byte < 127 or byte in b"\t\r\n" for byte in text.rstrip(b"\0")):
        return part(
            window, "Text", latin1(text), start=start, size=size, meaning="Text", personal=True
        ), size
    return part(
        window, "Unknown bytes", start=start, size=size,
        meaning=f"{size} bytes of no known kind, beginning with {head[:8].hex(' ')}",
    ), size  # fmt: skip


def _picture(
    window: Window, start: int, size: int, entry: Entry | None, read_picture: Picture
) -> tuple[Part, int]:
    body = window.inner(start, size)
    tree, taken = read_picture(body)
    if not taken:
        return part(
            window, "Picture", start=start, size=max(1, size),
            meaning=sentence(entry.says) if entry else "",
            trouble="No JPEG picture begins here.",
        ), max(1, size)  # fmt: skip
    if entry is None:
        size = taken
    name, says = _role(tree, entry)
    meaning = f"{says}; {tree.meaning}" if says else tree.meaning
    return _holding(tree, window, name, start, size, meaning), size


def _role(tree: Part, entry: Entry | None) -> tuple[str, str]:
    """Name and meaning of a further picture, from what it says of itself and what the index says."""
    for _, inside in tree.walk():
        text = f"{inside.name} {inside.value if isinstance(inside.value, str) else ''}".lower()
        if (
            inside.name == "ISO 21496-1"
            or text.startswith(("hdrgm:", "hdrgainmap:"))
            or ("auxiliaryimagetype" in text and "gainmap" in text)
        ):
            return "Gain map", "Brightens the picture on HDR displays"
        if "auxiliaryimagetype" in text:
            kind = text.rsplit(":", 1)[-1]
            if "depth" in kind or "disparity" in kind:
                return "Depth map", "How far away what is seen is"
            return "Auxiliary picture", f"Of the kind {kind}"
    if entry is not None and entry.preview:
        return "Preview", sentence(entry.says)
    return "Picture", sentence(entry.says) if entry is not None else "A further picture"


def _film(window: Window, start: int, end: int) -> int:
    """Bytes that top-level boxes take from `start`; up to `end` where a box says so."""
    position = start
    for _ in range(MAX_BOXES):
        head = window.read(position, 16)
        if (
            position + 8 > end
            or len(head) < 8
            or not all(32 <= b < 127 or b == 0xA9 for b in head[4:8])
        ):
            break
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if size == 0 or position + size > end:
            return end - start
        if size < 8:
            break
        position += size
    return max(8, min(position, end) - start)


def _video(window: Window, name: str, start: int, size: int, meaning: str) -> Part:
    """A film with the boxes in it."""
    tree = read_bmff(window.inner(start, size))
    return _holding(tree, window, name, start, size, meaning)


def _holding(tree: Part, window: Window, name: str, start: int, size: int, meaning: str) -> Part:
    """A file in the file: under a name of ours, with the parts and the trouble that it has by itself."""
    return part(
        window,
        name,
        start=start,
        size=size,
        meaning=meaning,
        trouble=tree.trouble,
        parts=tree.parts,
    )


def _run(window: Window, start: int, end: int, byte: bytes) -> int:
    """How many bytes from `start` are `byte`."""
    position = start
    while position < end:
        block = window.read(position, min(_STEP, end - position))
        rest = block.lstrip(byte)
        if rest or not block:
            return position + len(block) - len(rest) - start
        position += len(block)
    return end - start


def _until_known(window: Window, start: int, end: int) -> int:
    """Bytes from `start` to the next picture or film, or to the end; at least one."""
    position = start + 1
    while position < end:
        block = window.read(position, min(_STEP, end - position))
        if match := _START.search(block):
            return position + match.start() - start
        if len(block) <= 16:
            break
        position += len(block) - 8 if position + len(block) < end else len(block)
    return end - start


def _at_the_end(window: Window) -> tuple[int, Part] | None:
    """A block that is found from the file's end, and where it begins."""
    tail = window.read(max(0, window.size - 64), 64)
    if tail.endswith(b"SEFT") and len(tail) >= 8:
        return _samsung(window, int.from_bytes(tail[-8:-4], "little"))
    if len(tail) == 64 and tail.startswith(b"CANON OPTIONAL DATA\0"):
        size = int.from_bytes(tail[20:24], "big") + 0x1C + 64
        if size <= window.size:
            start = window.size - size
            return start, part(
                window, "CanonVRD", start=start, size=size,
                meaning="Settings of Canon's Digital Photo Professional",
            )  # fmt: skip
    if tail.endswith(b"\xa1\xb2\xc3\xd4") and len(tail) >= 10:
        size = int.from_bytes(tail[-8:-4], "big")
        if 10 <= size <= window.size:
            start = window.size - size
            return start, part(
                window,
                "FotoStation",
                start=start,
                size=size,
                meaning="Note of the program FotoStation",
            )
    return None


def _samsung(window: Window, size: int) -> tuple[int, Part] | None:
    """Samsung's directory: 12 bytes of head, then 12 bytes for each block, whose places count backwards."""
    start = window.size - 8 - size
    data = window.read(start, min(size, 12 + 12 * MAX_BLOCKS)) if start >= 0 else b""
    if data[:4] != b"SEFH" or len(data) < 12:
        return None
    version, count = struct.unpack("<II", data[4:12])
    parts: list[Part] = []
    first = start
    trouble = None
    for index in range(min(count, MAX_BLOCKS)):
        entry = data[12 + 12 * index : 24 + 12 * index]
        if len(entry) < 12:
            trouble = f"It states {count} blocks; {index} are there."
            break
        _, kind, back, length = struct.unpack("<HHII", entry)
        at = start - back
        if at < 0 or at + length > start:
            parts.append(
                part(window, f"0x{kind:04X}", trouble="It is said to lie outside the file's end.")
            )
            continue
        first = min(first, at)
        parts.append(_samsung_block(window, at, length, kind))
    if count > MAX_BLOCKS:
        trouble = f"It states {count} blocks; the first {MAX_BLOCKS} are read."
    return first, part(
        window,
        "Samsung",
        start=first,
        size=window.size - first,
        meaning=f"What Samsung phones keep behind a picture, version {version}",
        trouble=trouble,
        parts=tuple(parts),
    )


def _samsung_block(window: Window, at: int, length: int, kind: int) -> Part:
    head = window.read(at, min(length, 8 + 256))
    count = int.from_bytes(head[4:8], "little")
    name = utf8(head[8 : 8 + count]) if len(head) >= 8 and count <= 256 else ""
    start, size = at + 8 + len(head[8 : 8 + count]), max(0, length - 8 - count)
    data = window.read(start, min(size, 4096))
    if data[4:8] == b"ftyp":
        return _video(window, name, start, size, _SAMSUNG_NAMES.get(name, "A film (ISO-BMFF)"))
    value: str | None = None
    if size <= 4096 and data and all(32 <= byte < 127 for byte in data.rstrip(b"\0")):
        value = latin1(data)
    meaning = _SAMSUNG_NAMES.get(name, "")
    if name == "Image_UTC_Data" and value is not None and value.isdigit() and len(value) <= 13:
        moment = datetime.fromtimestamp(int(value) // 1000, UTC)
        meaning = f"{moment:%Y-%m-%dT%H:%M:%SZ}: when the picture was taken, by the phone's clock"
    return part(
        window,
        name or f"0x{kind:04X}",
        value,
        start=start,
        size=size,
        meaning=meaning,
        personal=value is not None,
    )
