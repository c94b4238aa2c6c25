"""The members of a zip archive, read with bounds. Source: PKWARE's APPNOTE.TXT, version 6.3.10.

Only what KMZ uses: stored and deflated members, one volume, no encryption.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

from forensics.inside.window import Window

MAX_MEMBERS: Final = 2000
"""Members that are listed."""
MAX_UNPACKED: Final = 64 << 20
"""Bytes unpacked of one member."""
MAX_RATIO: Final = 200
"""Bytes that one packed byte may come to; text of places packs to a tenth, seldom to a fiftieth."""
_RATIO_FREE: Final = 1 << 20
"""Bytes up to which the ratio is not looked at."""
_COMMENT: Final = 65_535 + 22
_SYSTEMS: Final = {0: "FAT (DOS, Windows)", 3: "Unix", 10: "NTFS (Windows)", 19: "macOS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member, as the archive's list states it.

    Attributes:
        name: Its path in the archive: hostile, and never used as a path.
        method: 0 stored, 8 deflated.
        encrypted: It needs a password.
        packed: Bytes in the archive, as stated.
        size: Bytes unpacked, as stated.
        crc: CRC-32 of the unpacked bytes, as stated.
        changed: Local time of its last change, "2025-12-30T06:12:00", as stated; empty where none is.
        system: Where it was packed, as stated; empty where unknown.
        at: Offset of its own header in the archive.
    """

    name: str
    method: int
    encrypted: bool
    packed: int
    size: int
    crc: int
    changed: str
    system: str
    at: int


def members(window: Window) -> tuple[tuple[Member, ...], str | None]:
    """Returns the members that the archive's list names, in its order, and what is wrong with the list.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    start = max(0, window.size - _COMMENT)
    tail = window.read(start)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 > len(tail):
        return (), "The list of its members is missing: the archive is cut off or damaged."
    stated = int.from_bytes(tail[end + 10 : end + 12], "little")
    length, at = (int.from_bytes(tail[end + o : end + o + 4], "little") for o in (12, 16))
    shift = (
        start + end - length - at
    )  # what was put before the archive; its offsets know nothing of it
    data = window.read(at + shift, min(length, MAX_MEMBERS * 1024)) if at + shift >= 0 else b""
    found: list[Member] = []
    position = 0
    while data[position : position + 4] == b"PK\x01\x02" and position + 46 <= len(data):
        if len(found) == MAX_MEMBERS:
            return tuple(found), f"Only the first {MAX_MEMBERS} members are listed."
        member, position = _member(data, position, shift)
        found.append(member)
    if len(found) != stated:
        return tuple(found), f"Its end states {stated} members, its list holds {len(found)}."
    return tuple(found), None


def _member(data: bytes, at: int, shift: int) -> tuple[Member, int]:
    def whole(offset: int, size: int) -> int:
        return int.from_bytes(data[at + offset : at + offset + size], "little")

    flags, name = whole(8, 2), whole(28, 2)
    raw = data[at + 46 : at + 46 + name]
    member = Member(
        name=raw.decode("utf-8" if flags & 0x800 else "cp437", "replace"),
        method=whole(10, 2),
        encrypted=bool(flags & 1),
        packed=whole(20, 4),
        size=whole(24, 4),
        crc=whole(16, 4),
        changed=_changed(whole(14, 2), whole(12, 2)),
        system=_SYSTEMS.get(data[at + 5], ""),
        at=whole(42, 4) + shift,
    )
    return member, at + 46 + name + whole(30, 2) + whole(32, 2)


def _changed(date: int, clock: int) -> str:
    """DOS date and time (section 4.4.6), whose steps are two seconds."""
    year, month, day = 1980 + (date >> 9), date >> 5 & 15, date & 31
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return ""
    return f"{year}-{month:02}-{day:02}T{clock >> 11:02}:{clock >> 5 & 63:02}:{clock % 32 * 2:02}"


def unpack(window: Window, member: Member) -> tuple[bytes, str | None]:
    """Returns a member's bytes, as far as they are within bounds, and what is wrong with them.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    if member.encrypted:
        return b"", "It is encrypted and was not read."
    if member.method not in {0, 8}:
        return b"", f"It is packed by method {member.method}, which is not read."
    header = window.read(member.at, 30)
    if header[:4] != b"PK\x03\x04" or len(header) < 30:
        return b"", "Its own header is missing, so it was not read."
    start = member.at + 30 + sum(int.from_bytes(header[o : o + 2], "little") for o in (26, 28))
    packed = window.read(start, min(member.packed, MAX_UNPACKED))
    if member.method == 0:
        data, trouble = packed, None
    else:
        most = min(MAX_UNPACKED, max(_RATIO_FREE, len(packed) * MAX_RATIO))
        data, trouble = _inflate(packed, most)
    if trouble is None and zlib.crc32(data) != member.crc:
        trouble = "Its bytes do not fit the check sum that the archive states."
    return data, trouble


def _inflate(packed: bytes, most: int) -> tuple[bytes, str | None]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(packed, most)
    except zlib.error:
        return b"", "It cannot be unpacked: its bytes are damaged."
    if unpacker.eof:
        return data, None
    if len(data) == most:
        return data, f"Only its first {most} bytes were unpacked."
    return data, "It ends before its packed bytes are complete."
