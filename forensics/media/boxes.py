"""Which boxes does an ISO base media file (MP4, MOV, HEIC, AVIF) consist of, and what do they state?

A bounded walker over ISO/IEC 14496-12:2022 section 4.2 boxes and QuickTime atoms. It reads headers
and the payloads of small boxes that state something, never media data. A size that cannot be right
becomes the `problem` of its box; nothing in a file raises. What `fields` may hold is listed in
`forensics.media.boxfields`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from forensics.media.boxfields import decode, inner_offset
from forensics.media.boxtext import four_cc
from forensics.media.boxuser import Scope
from forensics.model import Box

MAX_KEPT: Final = 20_000
"""Boxes that become part of the tree."""
MAX_READ: Final = 200_000
"""Headers that are read: a long fragmented file has many boxes that are counted and not kept."""
MAX_DEPTH: Final = 32
MAX_ALIKE: Final = 8
"""Top-level boxes of one type that are kept; the rest are counted."""
MAX_PAYLOAD: Final = 1 << 16
"""Bytes read from one payload."""
MAX_PAYLOADS: Final = 1 << 24
"""Bytes read from all payloads together."""

_SHORT, _LONG, _UUID = 8, 16, 16
_FIRST: Final = frozenset(
    (b"ftyp", b"styp", b"moov", b"mdat", b"free", b"wide", b"skip", b"pnot", b"moof", b"sidx")
)
"""Types that a file of this family begins with; old QuickTime files have no `ftyp`."""
_LAST: Final = _FIRST | {b"mfra", b"meta", b"udta", b"uuid", b"emsg", b"prft", b"pdin", b"ssix"}
"""Types of which a box that reaches beyond the end of the file may be a cut one."""


class Source(Protocol):
    """Bytes that boxes stand in: a file, or a stretch of one (`forensics.inside.window.Window`)."""

    @property
    def size(self) -> int:
        """Bytes in it."""

    def read(self, start: int, count: int) -> bytes:
        """Returns `count` bytes from `start`, or as many of them as there are."""


class _File:
    """An open file as a `Source`."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size

    def read(self, start: int, count: int) -> bytes:
        self._file.seek(start)
        return self._file.read(count)


def read_boxes(path: Path) -> Box | None:
    """Reads the box tree of a file, as `walk_boxes` does.

    Raises:
        OSError: The file could not be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        return walk_boxes(_File(file, size))


def walk_boxes(source: Source) -> Box | None:
    """Reads the box tree of a source; offsets are from its beginning.

    The root has the type "file" and these fields: `read` (headers read), `top` (boxes at the top
    level, kept or not), `fragments` (`moof` boxes), `trailing` and `trailing_offset` (bytes after
    the last box, if any) and `missing` (bytes that the last box states beyond the file's end).

    Returns:
        The root, or None where the source does not begin like a file of this family.
    """
    first = source.read(0, _LONG)
    if len(first) < _SHORT or first[4:8] not in _FIRST:
        return None
    stated = int.from_bytes(first[:4], "big")
    if 1 < stated < _SHORT or (first[4:8] == b"ftyp" and stated > MAX_PAYLOAD):
        return None
    return _Walker(source).root()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """A box header as read; `size` is what lies inside the parent, `over` what was stated beyond."""

    type: str
    raw: bytes
    offset: int
    size: int
    length: int
    over: int
    problem: str | None


class _Walker:
    """One pass over one file, within limits that hold for the whole of it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._size = source.size
        self._read = 0
        self._kept = 0
        self._payloads = MAX_PAYLOADS
        self._limit: str | None = None

    def root(self) -> Box:
        children: list[Box] = []
        seen: Counter[str] = Counter()
        fields: dict[str, int | str] = {}
        offset = 0
        while offset < self._size:
            header = self._header(offset, self._size, top=True)
            if self._limit is not None:
                break
            if header is None or not _plausible(header):
                fields["trailing"] = self._size - offset
                fields["trailing_offset"] = offset
                break
            seen[header.type] += 1
            if header.over:
                fields["missing"] = header.over
            if seen[header.type] <= MAX_ALIKE:
                children.append(self._box(header, "file", 1, Scope()))
            offset += header.size
        fields |= {"read": self._read, "top": seen.total(), "fragments": seen["moof"]}
        return Box(
            type="file",
            offset=0,
            size=self._size,
            header=0,
            fields=fields,
            children=tuple(children),
            problem=self._limit,
        )

    def _header(self, offset: int, end: int, *, top: bool) -> _Header | None:
        """Returns the header at `offset`, or None where fewer than eight bytes or only zeros are left."""
        if end - offset < _SHORT:
            return None
        if self._read >= MAX_READ or self._kept >= MAX_KEPT:
            self._limit = f"More than {self._read} boxes; the rest was not read."
            return None
        data = self._source.read(offset, min(_LONG + _UUID, end - offset))
        if len(data) < _SHORT or not any(data[:_SHORT]):
            return None
        self._read += 1
        length, problem = _SHORT, None
        stated = int.from_bytes(data[:4], "big")
        raw = data[4:8]
        if stated == 1:
            length = _LONG
            stated = int.from_bytes(data[_SHORT:_LONG], "big") if len(data) >= _LONG else 0
            if stated < _LONG:
                problem = f"The box states a 64-bit size of {stated} bytes, less than its header."
        elif stated == 0:
            stated = end - offset
            if not top or raw not in _LAST:
                problem = "The box states no size, which only the last box of a file may do."
        elif stated < _SHORT:
            problem = f"The box states a size of {stated} bytes, less than its header."
        name = four_cc(raw)
        if raw == b"uuid" and len(data) >= length + _UUID:
            hexed = data[length : length + _UUID].hex()
            name = "-".join((hexed[:8], hexed[8:12], hexed[12:16], hexed[16:20], hexed[20:]))
            length += _UUID
        if problem is None and stated < length:
            problem = f"The box states a size of {stated} bytes, less than its header."
        over = max(0, stated - (end - offset))
        if over:
            holder = "file" if top else "box around it"
            problem = (
                f"The box states {stated} bytes, but the {holder} has only {end - offset} left."
            )
        impossible = stated < length
        return _Header(
            type=name,
            raw=raw,
            offset=offset,
            size=end - offset if impossible else min(stated, end - offset),
            length=min(length, end - offset),
            over=over,
            problem=problem,
        )

    def _box(self, header: _Header, parent: str, depth: int, scope: Scope) -> Box:
        self._kept += 1
        start, end = header.offset + header.length, header.offset + header.size
        problem = header.problem
        data = self._payload(header, parent, start, end)
        fields, trouble = decode(header.raw, parent, data, end - start, scope)
        problem = problem or trouble
        children: tuple[Box, ...] = ()
        inner = inner_offset(header.raw, parent, data, scope)
        if inner is not None and start + inner + _SHORT <= end:
            if depth >= MAX_DEPTH:
                problem = (
                    f"Boxes are nested deeper than {MAX_DEPTH} levels; the inside was not read."
                )
            else:
                children = self._children(start + inner, end, header, depth, scope)
        return Box(
            type=header.type,
            offset=header.offset,
            size=header.size,
            header=header.length,
            fields=fields,
            children=children,
            problem=problem,
        )

    def _children(
        self, start: int, end: int, parent: _Header, depth: int, scope: Scope
    ) -> tuple[Box, ...]:
        scope = Scope() if parent.raw in (b"trak", b"meta") else scope
        children = []
        offset = start
        while self._limit is None:
            header = self._header(offset, end, top=False)
            if header is None:
                break
            children.append(self._box(header, parent.type, depth + 1, scope))
            offset += header.size
        return tuple(children)

    def _payload(self, header: _Header, parent: str, start: int, end: int) -> bytes:
        if header.raw in (b"mdat", b"moov", b"trak", b"moof", b"idat"):
            return b""
        want = min(end - start, self._payloads, MAX_PAYLOAD if parent != "file" else _TOP_PAYLOAD)
        if want <= 0:
            return b""
        data = self._source.read(start, want)
        self._payloads -= len(data)
        return data


_TOP_PAYLOAD: Final = 4096
"""Bytes read from a payload at the top level, where boxes of any size stand."""


def _plausible(header: _Header) -> bool:
    """Tells a box from other data after the last one: four printable characters, a possible size."""
    if header.problem is not None and not (header.over and header.raw in _LAST):
        return False
    return all(0x20 <= byte < 0x7F for byte in header.raw)
