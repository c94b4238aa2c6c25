"""How a PDF holds its objects: its tables, one for each time it was saved, and what each changed.

Source: ISO 32000-1:2008 sections 7.5 (file structure), 7.4 (filters), annex F (linearized files). Streams of
other filters than those below are not unpacked.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from forensics.inside.pdffilters import FILTERS, predicted
from forensics.inside.pdfobjects import (
    OBJECT,
    Budget,
    Lexer,
    Malformed,
    Object,
    Ref,
    entry,
    read_object,
)
from forensics.inside.pdfsavings import Change, Entry, Generation
from forensics.inside.window import Window

MAX_PDF: Final = 256 << 20
"""Bytes of a file that is read at all."""
MAX_OBJECTS: Final = 200_000
MAX_GENERATIONS: Final = 500
MAX_STREAM: Final = 16 << 20
"""Bytes unpacked of one stream."""
_KEPT = 16
"""Object streams that are kept unpacked."""
_TABLE_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])[ \r\n]{1,2}")
_SUBSECTION = re.compile(rb"[\s]{0,16}(\d{1,10})[ ]{1,4}(\d{1,10})[ ]{0,4}[\r\n]{1,2}")
_START = re.compile(rb"startxref\s{1,8}(\d{1,19})")


@dataclass(slots=True)
class PdfFile:
    """A file's objects.

    Attributes:
        data: The file.
        generations: Each saving of it, oldest first; at least one.
        trouble: What is wrong with its tables, or None.
        linearized: It was written to be shown while it loads; the length that it states, or None.
        budget: What may still be read of its objects.
        marks: Offsets of its end marks, "%%EOF".
    """

    window: Window
    data: bytes
    generations: list[Generation] = field(default_factory=list)
    trouble: str | None = None
    linearized: int | None = None
    budget: Budget = field(default_factory=Budget)
    marks: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)
    _shift: int = 0
    _unpacked: dict[int, tuple[bytes, dict[int, int]]] = field(default_factory=dict)
    _current: dict[int, Entry] = field(default_factory=dict)

    @classmethod
    def read(cls, window: Window) -> PdfFile:
        """Reads the tables of a file.

        Raises:
            LimitExceeded: The file's allowance is spent.
        """
        file = cls(window, window.read(0, MAX_PDF))
        file.marks = [m.start() for m in re.finditer(rb"%%EOF", file.data)]
        file._ends = [m.start() for m in re.finditer(rb"endstream", file.data)]
        file._shift = max(0, file.data[:1024].find(b"%PDF-"))
        file._find_linearized()
        file._follow()
        if not any("Root" in g.trailer for g in file.generations):
            file._search()
        file._merge_linearized()
        for generation in file.generations:
            file._current.update(generation.entries)
        return file

    @property
    def trailer(self) -> dict[str, Any]:
        """The newest trailer, with what older ones state beside it."""
        found: dict[str, Any] = {}
        for generation in self.generations:
            found.update(generation.trailer)
        return found

    def changes(self) -> list[Change]:
        """Returns what each generation changed of the one before, oldest first."""
        known: dict[int, Entry] = {}
        found: list[Change] = []
        for generation in self.generations:
            change = Change()
            for number, now in generation.entries.items():
                before = known.get(number, (0, 0, 0))
                if now[0] and not before[0]:
                    change.added += 1
                elif now[0] and now != before:
                    change.replaced += 1
                elif before[0] and not now[0]:
                    change.deleted += 1
            known.update(generation.entries)
            found.append(change)
        return found

    def numbers(self) -> list[int]:
        """Returns the numbers of all objects in use, rising."""
        return sorted(n for n, found in self._current.items() if found[0])

    def object(self, number: int, generation: int | None = None) -> Object | None:
        """Returns an object as it is now, or as it was in a generation; None where it cannot be read."""
        if generation is None:
            found = self._current.get(number)
        else:
            older = (g.entries.get(number) for g in reversed(self.generations[: generation + 1]))
            found = next((e for e in older if e), None)
        if found is None or not found[0] or self.budget.left <= 0:
            return None
        try:
            if found[0] == 2:
                return self._packed(number, found[1])
            return self._at(number, found[1])
        except (Malformed, RecursionError):
            return None

    def _at(self, number: int, at: int) -> Object | None:
        for offset in dict.fromkeys((at, at + self._shift)):
            try:
                return read_object(self.data, offset, self.budget, number=number)
            except Malformed:
                continue
        return None

    def of(self, value: Any, generation: int | None = None) -> Any:
        """Returns what a value is: itself, or the object that it refers to."""
        for _ in range(8):
            if not isinstance(value, Ref):
                return value
            found = self.object(value.number, generation)
            value = found.value if found else None
        return None

    def get(self, value: Any, key: str) -> Any:
        """Returns an entry of a dictionary, both followed where they are references."""
        return self.of(entry(self.of(value), key))

    def packed(self, found: Object) -> bytes:
        """Returns a stream's bytes as they are in the file, wherever its length leads.

        Raises:
            LimitExceeded: The file's allowance is spent.
        """
        if found.start is None:
            return b""
        end = found.start + self.length(found)
        self.window.allowance.spend(end - found.start)
        return self.data[found.start : end]

    def length(self, found: Object) -> int:
        """Returns how many bytes a stream has: as stated where that leads to its end, else up to its end."""
        if found.start is None:
            return 0
        length = self.of(entry(found.value, "Length"))
        if isinstance(length, int) and 0 <= length <= len(self.data) - found.start:
            behind = self.data[found.start + length : found.start + length + 16]
            if behind.lstrip().startswith(b"endstream"):
                return length
        after = bisect_left(self._ends, found.start)
        return (self._ends[after] if after < len(self._ends) else len(self.data)) - found.start

    def filters(self, found: Object) -> list[str]:
        """Returns the names of a stream's filters."""
        named = self.of(entry(found.value, "Filter"))
        listed = named if isinstance(named, list) else [named] if named is not None else []
        return [str(self.of(one)) for one in listed[:8]]

    def unpacked(self, found: Object, most: int = MAX_STREAM) -> bytes | None:
        """Returns a stream's bytes, unpacked up to a bound; None where a filter is not read.

        Raises:
            LimitExceeded: The file's allowance is spent.
        """
        data = self.packed(found)
        stated = self.of(entry(found.value, "DecodeParms"))
        settings = stated if isinstance(stated, list) else [stated]
        for index, name in enumerate(self.filters(found)):
            unpack = FILTERS.get(name)
            if unpack is None:
                return None
            data = unpack(data, most)
            given = self.of(settings[index]) if index < len(settings) else None
            data = predicted(
                data, {k: self.of(v) for k, v in given.items()} if isinstance(given, dict) else {}
            )
            self.window.allowance.spend(len(data))
        return data

    def _packed(self, number: int, holder: int) -> Object | None:
        """An object in an object stream (section 7.5.7)."""
        if holder not in self._unpacked:
            if self._current.get(holder, (1, 0, 0))[0] == 2:
                return None  # object streams may not hold one another
            found = self.object(holder)
            if found is None or found.start is None:
                return None
            if len(self._unpacked) >= _KEPT:
                self._unpacked.pop(next(iter(self._unpacked)))
            self._unpacked[holder] = (b"", {})  # it may lead to itself
            self._unpacked[holder] = self._index(found)
        data, places = self._unpacked[holder]
        if number not in places:
            return None
        return Object(number=number, value=Lexer(data, places[number], self.budget).value())

    def _index(self, found: Object) -> tuple[bytes, dict[int, int]]:
        data = self.unpacked(found) or b""
        first, count = self.get(found.value, "First"), self.get(found.value, "N")
        if not isinstance(first, int) or not isinstance(count, int) or not 0 <= first <= len(data):
            return b"", {}
        numbers = [
            int(w) for w in data[:first].split()[: 2 * min(count, MAX_OBJECTS)] if w.isdigit()
        ]
        return data, {n: first + at for n, at in zip(numbers[::2], numbers[1::2], strict=False)}

    # Tables

    def _follow(self) -> None:
        """The chain of tables, from the last one back (section 7.5.6)."""
        last = self.data.rfind(b"startxref")
        found = _START.match(self.data, last) if last >= 0 else None
        at: Any = int(found[1]) if found else None
        seen: set[int] = set()
        while isinstance(at, int) and at not in seen and len(seen) < MAX_GENERATIONS:
            seen.add(at)
            generation = self._section(at) or (
                self._section(at + self._shift) if self._shift else None
            )
            if generation is None:
                self.trouble = (
                    f"Its table of objects at byte {at} cannot be read; older ones are not known."
                )
                break
            self.generations.insert(0, generation)
            at = generation.trailer.get("Prev")
            at = int(at) if isinstance(at, float) else at
        if isinstance(at, int) and at in seen:
            self.trouble = "Its tables of objects lead back to one another."

    def _section(self, at: int) -> Generation | None:
        if not 0 <= at < len(self.data):
            return None
        try:
            head = self.data[at : at + 32].lstrip()
            if head.startswith(b"xref"):
                return self._table(self.data.index(b"xref", at) + 4, at)
            found = read_object(self.data, at, self.budget)
            if found.start is None or entry(found.value, "Type") != "XRef":
                return None
            entries = dict(self._stream_entries(found))
            return Generation(
                at=at, end=self._end(found.start), trailer=found.value, entries=entries, stream=True
            )
        except (Malformed, ValueError, RecursionError):
            return None

    def _table(self, position: int, at: int) -> Generation:
        entries: dict[int, Entry] = {}
        while head := _SUBSECTION.match(self.data, position):
            first, position = int(head[1]), head.end()
            for number in range(first, first + min(int(head[2]), MAX_OBJECTS)):
                line = _TABLE_ENTRY.match(self.data, position)
                if line is None or len(entries) >= MAX_OBJECTS:
                    break
                position = line.end()
                entries[number] = (int(line[3] == b"n"), int(line[1]), 0)
        lexer = Lexer(self.data, position, self.budget)
        if lexer.token() != b"trailer":
            raise Malformed
        trailer = lexer.value()
        if not isinstance(trailer, dict):
            raise Malformed
        also = trailer.get("XRefStm")
        if isinstance(also, int) and 0 <= also < len(self.data):
            found = read_object(self.data, also, self.budget)
            if found.start is not None:
                entries.update(self._stream_entries(found))
        return Generation(at=at, end=self._end(lexer.at), trailer=trailer, entries=entries)

    def _stream_entries(self, found: Object) -> Iterator[tuple[int, Entry]]:
        """Entries of a table in a stream (section 7.5.8.3)."""
        widths, size = entry(found.value, "W"), entry(found.value, "Size")
        if not isinstance(widths, list) or len(widths) < 3 or not isinstance(size, int):
            raise Malformed
        if not all(isinstance(w, int) and 0 <= w <= 8 for w in widths) or not sum(widths):
            raise Malformed
        index = entry(found.value, "Index")
        if not isinstance(index, list) or not all(isinstance(i, int) for i in index):
            index = [0, size]
        data, at = self.unpacked(found) or b"", 0
        one, two, three = widths[:3]
        step = sum(widths)
        left = MAX_OBJECTS
        for first, count in zip(index[::2], index[1::2], strict=False):
            for number in range(first, first + min(max(count, 0), left)):
                row = data[at : at + step]
                if len(row) < step:
                    return
                at, left = at + step, left - 1
                kind = int.from_bytes(row[:one], "big") if one else 1
                place = int.from_bytes(row[one : one + two], "big")
                if kind <= 2:
                    yield (
                        number,
                        (kind, place, int.from_bytes(row[one + two : one + two + three], "big")),
                    )

    def _end(self, at: int) -> int:
        after = bisect_left(self.marks, at)
        return self.marks[after] + 5 if after < len(self.marks) else len(self.data)

    def _find_linearized(self) -> None:
        found = OBJECT.search(self.data, 0, 2048)
        if found:
            try:
                first = read_object(self.data, found.start(), self.budget).value
            except (Malformed, RecursionError):
                return
            length = entry(first, "L")
            if entry(first, "Linearized") is not None and isinstance(length, int):
                self.linearized = length

    def _merge_linearized(self) -> None:
        """A linearized file is written at once with two tables: they are one generation (annex F)."""
        length = self.linearized
        own = [g for g in self.generations if length is not None and g.at < length]
        if length is None or len(own) < 2:
            return
        first = Generation(
            at=own[0].at,
            end=min(length, len(self.data)),
            trailer={},
            entries={},
            stream=own[0].stream,
        )
        for generation in own:
            first.trailer |= generation.trailer
            first.entries |= generation.entries
        self.generations = [first, *(g for g in self.generations if g.at >= length)]

    def _search(self) -> None:
        """Looks for objects where the tables cannot be followed: the last of a number counts."""
        self.trouble = (
            "Its tables of objects cannot be followed; its objects were looked for in all of the file, so "
            "that what each saving changed is not known."
        )
        entries: dict[int, Entry] = {}
        trailer: dict[str, Any] = {}
        for found in OBJECT.finditer(self.data):
            if len(entries) >= MAX_OBJECTS:
                break
            entries[int(found[1])] = (1, found.start(), 0)
        for found in re.finditer(rb"trailer(?=[\s<])", self.data):
            try:
                value = Lexer(self.data, found.end(), self.budget).value()
            except (Malformed, RecursionError):
                continue
            trailer |= value if isinstance(value, dict) else {}
        self.generations = [Generation(at=0, end=len(self.data), trailer=trailer, entries=entries)]
        self._current = dict(entries)
        self._search_streams(entries)
        if "Root" not in self.generations[0].trailer:
            self._search_root()

    def _search_streams(self, entries: dict[int, Entry]) -> None:
        """Objects in object streams, and trailers of tables in streams."""
        for number in list(entries):
            found = self.object(number)
            kind = entry(found.value, "Type") if found else None
            if found is None or found.start is None:
                continue
            if kind == "ObjStm":
                for inner in self._index(found)[1]:
                    entries.setdefault(inner, (2, number, 0))
            elif kind == "XRef":
                self.generations[0].trailer |= {
                    k: v for k, v in found.value.items() if k in {"Root", "Info", "ID", "Encrypt"}
                }

    def _search_root(self) -> None:
        for number in self.generations[0].entries:
            found = self.object(number)
            if found and entry(found.value, "Type") == "Catalog":
                self.generations[0].trailer["Root"] = Ref(number, 0)
