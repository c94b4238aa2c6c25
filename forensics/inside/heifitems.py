"""The items of a HEIF file: what the `meta` box says of them, and where their bytes lie.

ISO/IEC 14496-12:2022 section 8.11 (`pitm`, `iloc`, `iinf`, `iref`, `idat`), ISO/IEC 23008-12:2022 section
6 (roles) and 9.3 (`iprp`, `ipma`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from forensics.inside.window import Window
from forensics.model import Box

MAX_ITEMS: Final = 4096
MAX_EXTENTS: Final = 64
"""Stretches that one item's bytes are put together from."""
MAX_LINKS: Final = 20_000
"""References, and places, read of all items together."""
MAX_BOX: Final = 4 << 20
"""Bytes read of one box that lists items."""

_FILE, _IDAT = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property box: its type and its payload in the window."""

    kind: str
    at: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item.

    Attributes:
        number: Its ID.
        kind: Its type ("hvc1", "Exif", "mime").
        name: What it is called, often nothing.
        content: Media type of a `mime` item, or the address of a `uri ` item.
        extents: Where its bytes lie in the window, each (offset, size); empty where that is not stated
            or stated in a way that is not read.
        properties: What is stated of it, in order.
        links: IDs of the items that it refers to, by the type of the reference.
    """

    number: int
    kind: str
    name: str
    content: str
    extents: tuple[tuple[int, int], ...]
    properties: tuple[Property, ...]
    links: Mapping[str, tuple[int, ...]]

    @property
    def size(self) -> int:
        """Bytes of the item, as stated."""
        return sum(size for _, size in self.extents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """All items, the ID of the primary one, and what of the lists could not be read."""

    all: tuple[Item, ...]
    primary: int | None
    trouble: str | None


class _ListError(Exception):
    """A list cannot be read to its end; the text says why."""


class _Cursor:
    """Numbers read one after the other from the payload of a full box."""

    def __init__(self, window: Window, box: Box) -> None:
        self._data = window.read(box.offset + box.header, min(box.size - box.header, MAX_BOX))
        self._at = 0
        self.version = self.number(1)
        self.flags = self.number(3)

    def number(self, size: int) -> int:
        if self._at + size > len(self._data):
            raise _ListError("ends before what it states")
        self._at += size
        return int.from_bytes(self._data[self._at - size : self._at], "big")

    def code(self) -> str:
        return self.number(4).to_bytes(4, "big").decode("latin-1")

    def text(self, end: int) -> str:
        """Text up to a zero byte, or up to `end`."""
        stop = self._data.find(b"\0", self._at, end)
        raw = self._data[self._at : stop if stop >= 0 else end]
        self._at = stop + 1 if stop >= 0 else end
        return raw[:1024].decode("utf-8", "replace")

    def box(self) -> tuple[str, int]:
        """Type and end of the box that begins here, the cursor behind its header."""
        start = self._at
        size, kind = self.number(4), self.code()
        end = start + size
        if size < 8 or end > len(self._data):
            raise _ListError("ends before what it states")
        return kind, end

    def skip_to(self, end: int) -> None:
        self._at = end

    @property
    def left(self) -> int:
        return len(self._data) - self._at


def read_items(window: Window, meta: Box) -> Items:
    """Reads the items that a `meta` box lists.

    Args:
        window: The file.
        meta: The box, its offsets from the beginning of the window.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    boxes = {box.type: box for box in reversed(meta.children)}
    troubles: list[str] = []
    infos: dict[int, tuple[str, str, str]] = {}
    places: dict[int, tuple[tuple[int, int], ...]] = {}
    links: dict[int, dict[str, tuple[int, ...]]] = defaultdict(dict)
    stated: dict[int, tuple[Property, ...]] = {}
    primary: int | None = None
    for kind in ("pitm", "iinf", "iloc", "iref", "iprp"):
        box = boxes.get(kind)
        if box is None:
            continue
        try:
            cursor = _Cursor(window, box)
            if kind == "pitm":
                primary = cursor.number(4 if cursor.version else 2)
            elif kind == "iinf":
                infos.update(_infos(cursor))
            elif kind == "iloc":
                places.update(_places(cursor, boxes.get("idat")))
            elif kind == "iref":
                for source, name, targets in _links(cursor):
                    links[source][name] = targets
            else:
                stated.update(_properties(window, box))
        except _ListError as error:
            troubles.append(f"The list {kind} {error}.")
    found = tuple(
        Item(
            number=number,
            kind=kind,
            name=name,
            content=content,
            extents=places.get(number, ()),
            properties=stated.get(number, ()),
            links=links.get(number, {}),
        )
        for number, (kind, name, content) in infos.items()
    )
    return Items(all=found, primary=primary, trouble=" ".join(troubles) or None)


def _infos(cursor: _Cursor) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """Section 8.11.6: ID, type, name, and content type or address."""
    count = cursor.number(4 if cursor.version else 2)
    for _ in range(min(count, MAX_ITEMS)):
        kind, end = cursor.box()
        if kind == "infe":
            version = cursor.number(1)
            cursor.number(3)
            number = cursor.number(4 if version == 3 else 2)
            cursor.number(2)
            what = cursor.code() if version >= 2 else "mime"
            name = cursor.text(end)
            yield number, (what, name, cursor.text(end) if what in ("mime", "uri ") else "")
        cursor.skip_to(end)


def _places(cursor: _Cursor, idat: Box | None) -> Iterator[tuple[int, tuple[tuple[int, int], ...]]]:
    """Section 8.11.3; items made of other items (method 2) have no place of their own here."""
    sizes = cursor.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> s & 15 for s in (12, 8, 4, 0))
    wide = cursor.version == 2
    left = MAX_LINKS
    for _ in range(min(cursor.number(4 if wide else 2), MAX_ITEMS)):
        number = cursor.number(4 if wide else 2)
        method = cursor.number(2) & 15 if cursor.version else _FILE
        elsewhere = cursor.number(2)
        base = cursor.number(base_size)
        extents: list[tuple[int, int]] = []
        count = cursor.number(2)
        left -= count
        if left < 0:
            raise _ListError(f"states more than the {MAX_LINKS} places that are read")
        for _ in range(count):
            if cursor.version and index_size:
                cursor.number(index_size)
            offset, length = base + cursor.number(offset_size), cursor.number(length_size)
            if method == _IDAT and idat is not None:
                offset += idat.offset + idat.header
            if len(extents) < MAX_EXTENTS:
                extents.append((offset, length))
        if method == _FILE or (method == _IDAT and idat is not None):
            yield number, () if elsewhere else tuple(extents)


def _links(cursor: _Cursor) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    """Section 8.11.12: type, from one item, to some."""
    size = 4 if cursor.version else 2
    left = MAX_LINKS
    while cursor.left and left > 0:
        kind, end = cursor.box()
        source = cursor.number(size)
        count = min(cursor.number(2), left)
        left -= count + 1
        yield source, kind, tuple(cursor.number(size) for _ in range(count))
        cursor.skip_to(end)


def _properties(window: Window, box: Box) -> Iterator[tuple[int, tuple[Property, ...]]]:
    """ISO/IEC 23008-12 section 9.3: boxes in `ipco`, given to items by their index from 1."""
    children = {child.type: child for child in reversed(box.children)}
    holder, association = children.get("ipco"), children.get("ipma")
    if holder is None or association is None:
        return
    known = [
        Property(kind=p.type, at=p.offset + p.header, size=p.size - p.header)
        for p in holder.children
    ]
    cursor = _Cursor(window, association)
    for _ in range(min(cursor.number(4), MAX_ITEMS)):
        number = cursor.number(4 if cursor.version else 2)
        found = []
        for _ in range(cursor.number(1)):
            index = cursor.number(2) & 0x7FFF if cursor.flags & 1 else cursor.number(1) & 0x7F
            if 1 <= index <= len(known):
                found.append(known[index - 1])
        yield number, tuple(found)
