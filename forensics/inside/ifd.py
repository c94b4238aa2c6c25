"""A bounded walker over the directories of a TIFF structure: where each field lies and what it holds.

TIFF 6.0 (Adobe, 1992) section 2 and CIPA DC-008 (EXIF) section 4.6; BigTIFF (43) with its 64-bit offsets.
It gives offsets and sizes, and fields where another reader gives none. Nothing in a file makes it raise
but the file's allowance.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from forensics.inside.window import MAX_TEXT, Window

MAX_DIRECTORIES: Final = 64
MAX_FIELDS: Final = 2048
"""Fields read of one directory."""
MAX_VALUE: Final = 4 * MAX_TEXT
"""Bytes read of one value."""
MAX_OVER: Final = 4
"""How many times its own size the values of a structure may take: fields that name the same bytes are many
only where someone wants much to be read."""
MIN_VALUES: Final = 1 << 16
"""Bytes of values that are read of any structure, however small."""
SHORT: Final = 64
"""Bytes of a value that is read all the same."""

EXIF_POINTER, GPS_POINTER, INTEROP_POINTER, SUB_IFDS = 0x8769, 0x8825, 0xA005, 0x014A
MAKER_NOTE: Final = 0x927C
TEXT, UNDEFINED = 2, 7

Number = int | float | Fraction | str
"""A number as stated; a ratio without a value is its text ("0/0")."""
Values = str | bytes | tuple[Number, ...]

OVERLAPPING: Final = (
    f"Its fields name more than {MAX_OVER} times the bytes that it has; "
    "of the rest only short values were read."
)
_FORMS: Final = {
    1: "B", 3: "H", 4: "I", 5: "II", 6: "b", 8: "h", 9: "i",
    10: "ii", 11: "f", 12: "d", 13: "I", 16: "Q", 17: "q", 18: "Q",
}  # fmt: skip
"""struct's form of each numeric type of TIFF 6.0 page 15 and of BigTIFF (13, 16 to 18)."""
_RATIOS: Final = (5, 10)
_POINTERS: Final = (3, 4, 13, 16, 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a directory.

    Attributes:
        tag: Its number.
        kind: Its type, TIFF 6.0 page 15.
        count: How many values it states.
        entry: Where in the window its entry in the directory begins.
        at: Where in the window its value begins.
        size: Bytes of the value that lie in the window.
        values: Text up to its first zero byte, numbers, or bytes; of long ones the beginning.
        whole: Whether `values` is all of it.
        trouble: What is wrong with it, or None.
    """

    tag: int
    kind: int
    count: int
    entry: int
    at: int
    size: int
    values: Values
    whole: bool
    trouble: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """One directory: `at` and `size` in the window, what is wrong with it, its fields in stored order."""

    name: str
    at: int
    size: int
    trouble: str | None
    fields: tuple[Field, ...]

    def field(self, tag: int) -> Field | None:
        """Returns the first field with this number."""
        return next((f for f in self.fields if f.tag == tag), None)

    def number(self, tag: int) -> int | None:
        """Returns the first value of a field where it is a whole number."""
        found = self.field(tag)
        if found is None or not isinstance(found.values, tuple) or not found.values:
            return None
        return found.values[0] if isinstance(found.values[0], int) else None


def read_directories(window: Window) -> tuple[tuple[Directory, ...], str | None]:
    """Reads every directory that can be reached from the header.

    Args:
        window: From the byte order mark on.

    Returns:
        The directories, named "Image", "IFD 1" and on along the chain, "EXIF", "GPS",
        "Interoperability", and "SubIFD 0" and on; and why the header cannot be read or which limit
        was met, or None.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    head = window.read(0, 16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        return (), "It begins with neither II nor MM and eight bytes, as a TIFF header does."
    version = struct.unpack(order + "H", head[2:4])[0]
    if version == 43:
        if len(head) < 16 or struct.unpack(order + "HH", head[4:8]) != (8, 0):
            return (), "Its BigTIFF header does not state offsets of eight bytes."
        walker = _Walker(window, order, big=True)
        found = tuple(walker.all(struct.unpack(order + "Q", head[8:16])[0]))
        return found, walker.over or walker.limit
    if version != 42 and version not in _RAW_VERSIONS:
        return (), f"Its TIFF header states the version {version}; 42 and 43 are known."
    walker = _Walker(window, order, big=False)
    found = tuple(walker.all(struct.unpack(order + "I", head[4:8])[0]))
    return found, walker.over or walker.limit


def read_directory(window: Window, at: int, order: str, name: str) -> Directory:
    """Reads one directory that stands by itself, as makers' notes do.

    Args:
        window: What the offsets in it are counted in.
        at: Where it begins.
        order: "<" or ">".
        name: What it is called.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    return _Walker(window, order, big=False).one(at, name)


_RAW_VERSIONS: Final = (0x4F52, 0x5352, 0x55)
"""Olympus and Panasonic raw files: TIFF directories under a version of their own."""


class _Walker:
    """One pass over one structure."""

    def __init__(self, window: Window, order: str, *, big: bool) -> None:
        self._window = window
        self._order = order
        self._big = big
        self._seen: set[int] = set()
        self._values = max(MIN_VALUES, MAX_OVER * window.size)
        self.limit: str | None = None
        self.over: str | None = None

    def all(self, first: int) -> Iterator[Directory]:
        """The chain of directories from `first`, each followed by those that it points to."""
        at, number = first, 0
        while at and self.limit is None:
            if at in self._seen:
                self.limit = f"The directory at {at} is named twice; the second was not read."
                return
            found, at = self._directory(at, f"IFD {number}" if number else "Image")
            yield found
            yield from self._below(found)
            number += 1

    def one(self, at: int, name: str) -> Directory:
        """The directory at `at`, by itself."""
        return self._directory(at, name)[0]

    def _below(self, directory: Directory) -> Iterator[Directory]:
        for tag, name in (
            (EXIF_POINTER, "EXIF"),
            (GPS_POINTER, "GPS"),
            (INTEROP_POINTER, "Interoperability"),
            (SUB_IFDS, "SubIFD"),
        ):
            field = directory.field(tag)
            if field is None or field.kind not in _POINTERS or not isinstance(field.values, tuple):
                continue
            many = field.values if tag == SUB_IFDS else field.values[:1]
            for index, at in enumerate(many):
                if not isinstance(at, int) or at in self._seen or self.limit:
                    continue
                found, _ = self._directory(at, f"{name} {index}" if tag == SUB_IFDS else name)
                yield found
                if tag != SUB_IFDS:
                    yield from self._below(found)

    def _directory(self, at: int, name: str) -> tuple[Directory, int]:
        """The directory at `at`, and the offset of the next."""
        self._seen.add(at)
        if len(self._seen) >= MAX_DIRECTORIES:
            self.limit = f"More than {MAX_DIRECTORIES} directories; the rest was not read."
        form, entry = ("Q", 20) if self._big else ("H", 12)
        head = struct.calcsize(form)
        data = self._window.read(at, head)
        if len(data) < head:
            outside = f"It should be at {at}, outside the {self._window.size} bytes there are."
            return Directory(name=name, at=at, size=0, trouble=outside, fields=()), 0
        stated = struct.unpack(self._order + form, data)[0]
        count = min(stated, MAX_FIELDS)
        data = self._window.read(at + head, entry * count)
        trouble = None
        if len(data) < entry * count:
            trouble = f"It states {stated} fields; {len(data) // entry} of them are in the file."
        elif count < stated:
            trouble = f"It states {stated} fields; the first {count} of them were read."
        fields = tuple(
            self._field(data[index : index + entry], at + head + index)
            for index in range(0, len(data) // entry * entry, entry)
        )
        size = head + entry * len(fields)
        following = self._window.read(at + size, 8 if self._big else 4) if trouble is None else b""
        after = self._offset(following)
        return Directory(name=name, at=at, size=size, trouble=trouble, fields=fields), after

    def _offset(self, data: bytes) -> int:
        form = "Q" if self._big else "I"
        return (
            struct.unpack(self._order + form, data)[0] if len(data) == struct.calcsize(form) else 0
        )

    def _field(self, data: bytes, at: int) -> Field:
        tag, kind = struct.unpack_from(self._order + "HH", data)
        head = 12 if self._big else 8
        count = struct.unpack_from(self._order + ("Q" if self._big else "I"), data, 4)[0]
        each = struct.calcsize("=" + _FORMS.get(kind, "B"))
        stated = each * count
        inline = stated <= len(data) - head
        place = at + head if inline else self._offset(data[head:])
        size = max(0, min(stated, self._window.size - place))
        trouble = None
        if kind not in _FORMS and kind not in (TEXT, UNDEFINED):
            trouble, size = f"Its type is {kind}, which is not known.", 0
        elif size < stated:
            trouble = f"It states {stated} bytes from {place} on; {size} of them are in the file."
        wanted = min(size, MAX_VALUE) // each * each
        if not inline:
            self._values -= size
            if self._values < 0 and size > SHORT:
                wanted, trouble = 0, trouble or OVERLAPPING
                self.over = self._window.allowance.reach(OVERLAPPING)
        raw = data[head : head + wanted] if inline else self._window.read(place, wanted)
        return Field(
            tag=tag,
            kind=kind,
            count=count,
            entry=at,
            at=place,
            size=size,
            values=_values(raw, kind, self._order),
            whole=len(raw) == stated,
            trouble=trouble,
        )


def _values(raw: bytes, kind: int, order: str) -> Values:
    if kind == TEXT:
        return readable(raw.split(b"\0", 1)[0])
    form = _FORMS.get(kind)
    if form is None:
        return raw
    read: Iterator[tuple[Number, ...]] = struct.iter_unpack(order + form, raw)
    if kind in _RATIOS:
        return tuple(ratio(int(n), int(d)) for n, d in read)
    return tuple(value for (value,) in read)


def ratio(numerator: int, denominator: int) -> Fraction | str:
    """Returns the ratio, or its text where it has no value."""
    return Fraction(numerator, denominator) if denominator else f"{numerator}/0"


def readable(raw: bytes) -> str:
    """Returns text of unstated coding: UTF-8 where it is that, otherwise Latin-1, which takes any bytes."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
