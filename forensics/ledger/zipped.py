"""Reads a zip file of unknown making: one strict form, nothing unpacked, bounded by its own size.

Members are stored, never compressed: so a bundle has the same bytes whichever library wrote it, and cannot
unpack to more than it weighs. They lie one behind the other from the first byte to the central directory, and
nothing lies between them. Each has the time 1980-01-01, the mode 0644 of a plain file, and a CRC-32 that
fits. Everything else that APPNOTE.TXT (6.3.10) allows is refused: encryption, links, folders, comments, extra
fields but those for sizes of 64 bits, names that lead elsewhere or that differ in case only.
"""

from __future__ import annotations

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from forensics.errors import LedgerBroken

MAX_MEMBERS = 20_000
"""No bundle holds more files than this."""
MAX_DIRECTORY = 8 * 2**20
"""No central directory is longer than this many bytes."""
MAX_NAME = 240
CHUNK = 1 << 20

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", re.ASCII)
_ALL_32 = 0xFFFFFFFF
_ZIP64 = 0x0001
_UNIX = 3
_TIME, _DATE = 0, 0x21
"""00:00:00 on 1980-01-01, the earliest that a zip file can state: stands for "no time"."""
_MODE = (stat.S_IFREG | 0o644) << 16
_VERSIONS = frozenset({20, 45})
"""Of the format, as a reader needs it: 45 where there are sizes of 64 bits."""


class ZipError(LedgerBroken):
    """A zip file has another form than the one that is read here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in the zip file.

    Attributes:
        name: ASCII; parts of letters, digits, `.`, `_` and `-`, joined by `/`, none beginning with a dot.
        size: In bytes.
        start: Where its first byte lies.
        crc: CRC-32 of its bytes, as the file states it.
    """

    name: str
    size: int
    start: int
    crc: int


class Archive:
    """The members of a zip file, by name."""

    def __init__(self, file: BinaryIO, members: dict[str, Member]) -> None:
        self._file = file
        self.members = members

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yields a member's bytes, in parts of at most `CHUNK`; keeps its place beside other readers.

        Raises:
            ZipError: The file ends before the member does, or its CRC-32 is another.
        """
        member = self.members[name]
        place, left, crc = member.start, member.size, 0
        while left:
            self._file.seek(place)
            data = self._file.read(min(left, CHUNK))
            if not data:
                raise ZipError(f"{name!r} ends too early: {left:,} bytes are missing")
            place, left, crc = place + len(data), left - len(data), zlib.crc32(data, crc)
            yield data
        if crc != member.crc:
            raise ZipError(
                f"{name!r} has another CRC-32 than the zip file states: expected {member.crc:08x}, "
                f"found {crc:08x}"
            )

    def read(self, name: str, limit: int) -> bytes:
        """Returns a member's bytes.

        Raises:
            ZipError: There are more than `limit`.
        """
        if self.members[name].size > limit:
            raise ZipError(
                f"{name!r} has {self.members[name].size:,} bytes, expected at most {limit:,}"
            )
        return b"".join(self.chunks(name))


def open_archive(file: BinaryIO) -> Archive:
    """Reads the directory of a zip file, and checks that its members fill the file without gap or overlap.

    Raises:
        ZipError: Another form; the message names the member and the defect.
    """
    start, length, count = _find_directory(file)
    if count > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise ZipError(f"it holds {count:,} files, expected at most {MAX_MEMBERS:,}")
    directory = _read(file, start, length)
    members: dict[str, Member] = {}
    folded: dict[str, str] = {}
    place = at = 0
    for _ in range(count):
        name, size, crc, header, at = _central(directory, at)
        if name in members:
            raise ZipError(f"the name {name!r} occurs twice")
        if (other := folded.setdefault(name.casefold(), name)) != name:
            raise ZipError(f"the names {other!r} and {name!r} differ in case only")
        if header != place:
            raise ZipError(
                f"{name!r} begins at byte {header}, expected {place}: a gap or an overlap"
            )
        data = _local(file, header, name, size, crc)
        place = data + size
        if place > start:
            raise ZipError(f"{name!r} states {size:,} bytes, more than the file has")
        members[name] = Member(name=name, size=size, start=data, crc=crc)
    if at != length:
        raise ZipError(f"its directory has {length - at} bytes more than its {count} entries")
    if place != start:
        raise ZipError(f"{start - place} bytes lie between its last member and its directory")
    _check_folders(members)
    return Archive(file, members)


def _find_directory(file: BinaryIO) -> tuple[int, int, int]:
    """Returns (start, length, members) of the central directory."""
    total = file.seek(0, 2)
    if total < _END.size or _read(file, 0, 4) not in {b"PK\x03\x04", b"PK\x05\x06"}:
        raise ZipError("it does not begin as a zip file does")
    end = total - _END.size
    sign, disk, first, here, count, length, start, comment = _END.unpack(
        _read(file, end, _END.size)
    )
    if sign != b"PK\x05\x06" or comment:
        raise ZipError(
            "it does not end as a zip file without a comment does: cut short, or added to"
        )
    if disk or first or here != count:
        raise ZipError("it is one part of several")
    if start + length != end and end >= _END64_LOCATOR.size + _END64.size:
        start, length, count, end = _directory64(file, end)
    if start + length != end:
        raise ZipError(f"its directory ends at byte {start + length}, expected {end}")
    return start, length, count


def _directory64(file: BinaryIO, end: int) -> tuple[int, int, int, int]:
    """Reads the zip64 directory's end, which lies before the usual one."""
    place = end - _END64_LOCATOR.size
    record = place - _END64.size
    sign, _, offset, _ = _END64_LOCATOR.unpack(_read(file, place, _END64_LOCATOR.size))
    if sign != b"PK\x06\x07" or offset != record:
        raise ZipError("its directory is not where it should be: cut, or something lies in between")
    sign, _, _, _, _, _, here, count, length, start = _END64.unpack(
        _read(file, record, _END64.size)
    )
    if sign != b"PK\x06\x06" or here != count:
        raise ZipError("its zip64 directory has another form than expected")
    return start, length, count, record


def _central(directory: bytes, at: int) -> tuple[str, int, int, int, int]:
    """Reads one entry of the directory; returns (name, size, CRC, its header's place, the next's place)."""
    if at + _CENTRAL.size > len(directory):
        raise ZipError("its directory ends too early")
    fields = _CENTRAL.unpack_from(directory, at)
    sign, made, version, flags, method, time, date, crc, packed, size = fields[:10]
    name_length, extra_length, comment, disk, internal, mode, header = fields[10:]
    at += _CENTRAL.size
    end = at + name_length + extra_length
    if sign != b"PK\x01\x02" or end > len(directory):
        raise ZipError("its directory ends too early")
    name = _name(directory[at : at + name_length])
    extra = directory[at + name_length : end]
    size, packed, header = _extended(name, extra, size, packed, header)
    if flags:
        raise ZipError(f"{name!r} is encrypted or has other flags set ({flags:#x}), expected none")
    if method or packed != size:
        raise ZipError(f"{name!r} is compressed (method {method}), expected to be stored as it is")
    if comment or disk:
        raise ZipError(f"{name!r} has a comment or lies in another part")
    if made >> 8 != _UNIX or made & 0xFF not in _VERSIONS or mode != _MODE or internal:
        raise ZipError(
            f"{name!r} has the mode {mode >> 16:o} of system {made >> 8}: a link or another special "
            f"file, or one with other rights; expected {_MODE >> 16:o} of system {_UNIX}"
        )
    _check_time(name, version, time, date)
    return name, size, crc, header, end


def _check_time(name: str, version: int, time: int, date: int) -> None:
    if (time, date) != (_TIME, _DATE):
        raise ZipError(
            f"{name!r} states a time, expected 1980-01-01 00:00:00, which stands for none"
        )
    if version not in _VERSIONS:
        raise ZipError(f"{name!r} needs version {version} of the format, expected 20 or 45")


def _extended(name: str, extra: bytes, size: int, packed: int, header: int) -> tuple[int, int, int]:
    """Puts the 64-bit numbers of the zip64 field in the place of those that do not fit."""
    values = [size, packed, header]
    wanted = [i for i, value in enumerate(values) if value == _ALL_32]
    if not wanted:
        if extra:
            raise ZipError(f"{name!r} has an extra field, expected none")
        return size, packed, header
    if len(extra) != 4 + 8 * len(wanted):
        raise ZipError(f"{name!r} lacks its 64-bit sizes")
    kind, length, *numbers = struct.unpack(f"<2H{len(wanted)}Q", extra)
    if kind != _ZIP64 or length != 8 * len(wanted):
        raise ZipError(f"{name!r} lacks its 64-bit sizes")
    for place, number in zip(wanted, numbers, strict=True):
        values[place] = number
    return values[0], values[1], values[2]


def _local(file: BinaryIO, place: int, name: str, size: int, crc: int) -> int:
    """Checks the header before a member's bytes; returns where the bytes begin."""
    head = _read(file, place, _LOCAL.size)
    sign, version, flags, method, time, date, own_crc, packed, full, length, extra = _LOCAL.unpack(
        head
    )
    own = _read(file, place + _LOCAL.size, length)
    if (sign, own, flags, method, own_crc) != (b"PK\x03\x04", name.encode(), 0, 0, crc):
        raise ZipError(f"the header before {name!r} says something else than the directory")
    _check_time(name, version, time, date)
    start = int(place + _LOCAL.size + length)
    if packed != full or full not in {size, _ALL_32 if extra else size}:
        raise ZipError(f"{name!r} has {full:,} bytes by its header, {size:,} by the directory")
    if extra and _read(file, start, extra) != struct.pack("<2H2Q", _ZIP64, 16, size, size):
        raise ZipError(
            f"{name!r} has an extra field of {extra} bytes before its content, expected none, or its "
            "size in 64 bits"
        )
    return int(start + extra)


def _name(raw: bytes) -> str:
    shown = raw[:MAX_NAME].decode("ascii", "backslashreplace")
    if len(raw) > MAX_NAME or not raw.isascii() or not _NAME.fullmatch(shown):
        raise ZipError(
            f"the name {shown!r} could lead elsewhere: expected letters, digits, '.', '_', '-' and '/'"
        )
    return shown


def _check_folders(members: dict[str, Member]) -> None:
    spelled: dict[str, str] = {}
    for name in members:
        parts = name.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder in members:
                raise ZipError(f"{folder!r} is both a file and a folder")
            if (other := spelled.setdefault(folder.casefold(), folder)) != folder:
                raise ZipError(f"the folders {other!r} and {folder!r} differ in case only")


def _read(file: BinaryIO, place: int, length: int) -> bytes:
    file.seek(place)
    data = file.read(length)
    if len(data) != length:
        raise ZipError("it ends too early")
    return data
