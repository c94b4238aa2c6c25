"""Matroska and WebM: every element beside the media, in stored order.

RFC 8794 (EBML) and RFC 9559 (Matroska). Clusters are counted, with their first and last times; their
blocks are not read. A check value of an element is computed where the element is not too long.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from forensics.inside import matroska_names as names
from forensics.inside.making import kept, part
from forensics.inside.pictured import preview
from forensics.inside.trailing import read_trailing
from forensics.inside.vorbis import read_private
from forensics.inside.window import Window
from forensics.model import Part

MAX_ELEMENTS: Final = 200_000
"""Headers of elements read of one file."""
MAX_KEPT: Final = 20_000
MAX_CHECKED: Final = 4 << 20
"""Bytes of an element whose check value is computed."""
MAX_PAYLOAD: Final = 1 << 16
_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Element:
    """A header as read; places are in the window of the whole file."""

    id: int
    name: str
    kind: str
    at: int
    body: int
    end: int
    unknown: bool
    trouble: str | None


def read_matroska(window: Window) -> Part:
    """Reads the elements of a file.

    Returns:
        "Matroska" with a part for each element, named as RFC 9559 names it. A tag has the name that it
        states and its text as its value. "Clusters" stands where the first cluster does.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    return _Reading(window).whole()


class _Reading:
    """One pass over one file."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._headers = 0
        self._kept = 0
        self._scale = 1_000_000
        self._segment = 0
        self._clusters = _Clusters()
        self._limit: str | None = None

    def whole(self) -> Part:
        window = self._window
        parts: list[Part] = []
        at = 0
        while at < window.size and (element := self._header(at, window.size)) is not None:
            if element.id not in (names.EBML, names.SEGMENT) and element.name[:2] == "0x":
                break
            parts += kept(
                self._segment_of(e) if e.id == names.SEGMENT else self._part(e, 1)
                for e in (element,)
            )
            at = element.end
        if at < window.size and self._limit is None:
            parts.append(read_trailing(window.inner(at)))
        known = bool(parts) and parts[0].name == "EBML"
        return part(
            window,
            "Matroska",
            start=0,
            size=window.size,
            meaning="elements of a Matroska or WebM file",
            trouble=self._limit or (None if known else "It does not begin with an EBML header."),
            parts=tuple(parts),
        )

    def _header(self, at: int, end: int) -> _Element | None:
        """The element at `at`, or None where there is none."""
        if self._headers >= MAX_ELEMENTS or self._kept >= MAX_KEPT:
            self._limit = self._window.allowance.reach(
                f"More than {self._headers} elements; the rest was not read."
            )
            return None
        self._headers += 1
        data = self._window.read(at, min(12, end - at))
        if len(data) < 2 or data[0] < 0x10:
            return None
        width = 9 - data[0].bit_length()
        number = int.from_bytes(data[:width], "big")
        rest = data[width:]
        if not rest or not rest[0] or len(rest) < 9 - rest[0].bit_length():
            return None
        length = 9 - rest[0].bit_length()
        ones = (1 << 7 * length) - 1
        size = int.from_bytes(rest[:length], "big") & ones
        body = at + width + length
        name, kind = names.ELEMENTS.get(number, (f"0x{number:X}", "b"))
        trouble = None
        if size == ones:
            stop, unknown = end, True
            if number not in (names.SEGMENT, names.CLUSTER):
                trouble = "It states no size, which only segments and clusters may do."
        else:
            stop, unknown = min(body + size, end), False
            if body + size > end:
                trouble = f"It states {size} bytes, but only {end - body} are left."
        return _Element(
            id=number,
            name=name,
            kind=kind,
            at=at,
            body=body,
            end=stop,
            unknown=unknown,
            trouble=trouble,
        )

    def _segment_of(self, segment: _Element) -> Part:
        self._segment = segment.body
        parts: list[Part] = []
        first = -1
        at = segment.body
        places: dict[int, int] = {}
        while at < segment.end and (element := self._header(at, segment.end)) is not None:
            places[element.at] = element.id
            if element.id == names.CLUSTER:
                if first < 0:
                    first = len(parts)
                element = self._cluster(element)
            elif element.id in (names.EBML, names.SEGMENT):
                break
            else:
                parts += kept(self._part(e, 2) for e in (element,))
            at = element.end
        left = at < segment.end and self._limit is None and not segment.unknown
        if first >= 0:
            parts.insert(first, self._clusters.told(self._window, self._scale))
        return part(
            self._window,
            "Segment",
            start=segment.at,
            size=segment.end - segment.at,
            meaning=names.MEANINGS["Segment"]
            + (", of no stated size, as recorders write it" if segment.unknown else ""),
            trouble=segment.trouble
            or (f"At byte {at} there is no element where one has to be." if left else None),
            parts=tuple(self._sought(parts, places)),
        )

    def _cluster(self, cluster: _Element) -> _Element:
        """Reads a cluster's time; one of unknown size is walked to find where it ends."""
        at, time = cluster.body, None
        while at < cluster.end and (element := self._header(at, cluster.end)) is not None:
            if element.id not in names.IN_CLUSTER and cluster.unknown:
                break
            if element.name == "Timestamp":
                time = int.from_bytes(
                    self._window.read(element.body, 8)[: element.end - element.body], "big"
                )
            at = element.end
            if time is not None and not cluster.unknown:
                break
        self._clusters.add(cluster, time)
        return replace(cluster, end=at) if cluster.unknown else cluster

    def _sought(self, parts: list[Part], places: dict[int, int]) -> Iterator[Part]:
        """Says of each entry of a seek head whether what it names stands where it says."""
        for found in parts:
            if found.name != "SeekHead":
                yield found
                continue
            entries = []
            for entry in found.parts:
                wanted, position = entry.text("SeekID"), entry.text("SeekPosition")
                trouble = entry.trouble
                if wanted and position and self._limit is None:
                    number = int(wanted, 16)
                    if places.get(self._segment + int(position)) != number:
                        trouble = trouble or "What it names does not stand where it says."
                    wanted = names.ELEMENTS.get(number, (wanted, ""))[0]
                entries.append(
                    replace(
                        entry,
                        trouble=trouble,
                        meaning=f"{wanted} at byte {position} of the segment",
                    )
                    if entry.name == "Seek"
                    else entry
                )
            yield replace(found, parts=tuple(entries))

    def _part(self, element: _Element, depth: int) -> Part:
        self._kept += 1
        name = element.name
        parts: tuple[Part, ...] = ()
        value: int | str | None = None
        trouble, meaning = element.trouble, names.MEANINGS.get(name, "")
        personal = name in names.PERSONAL
        body = self._window.inner(element.body, element.end - element.body)
        if element.kind in "mM":
            if depth > 30:
                trouble = "It is nested deeper than is read."
            else:
                parts = kept(self._children(element, depth))
        else:
            value, said, wrong = self._value(element, body)
            meaning, trouble = said or meaning, trouble or wrong
            if element.kind == "N":
                meaning = names.MEANINGS[name]
        if name == "SimpleTag":
            return self._tag(element, parts, trouble)
        if name == "CodecPrivate":
            parts = tuple(read_private(body))
        elif name == "FileData" and (found := preview(body)) is not None:
            parts = (found,)
        return part(
            self._window,
            name,
            value,
            start=element.at,
            size=element.end - element.at,
            meaning=meaning,
            trouble=trouble,
            personal=personal,
            parts=parts,
        )

    def _children(self, element: _Element, depth: int) -> Iterator[Part]:
        at = element.body
        while at < element.end and (child := self._header(at, element.end)) is not None:
            if child.name == "CRC-32":
                yield self._checked(child, element)
            else:
                yield self._part(child, depth + 1)
            at = child.end
        if at < element.end and self._limit is None:
            yield part(
                self._window,
                "unread",
                start=at,
                size=element.end - at,
                trouble="There is no element where one has to be.",
            )

    def _checked(self, check: _Element, around: _Element) -> Part:
        stated = self._window.read(check.body, min(4, check.end - check.body))
        length = around.end - check.end
        trouble, meaning = None, "check value of what holds it; not computed, it is too long"
        if length <= MAX_CHECKED:
            found = zlib.crc32(self._window.read(check.end, length)).to_bytes(4, "little")
            meaning = "check value of what holds it; it fits"
            if found != stated:
                meaning = "check value of what holds it"
                trouble = (
                    "It does not fit: what it was computed over was changed, or not written whole."
                )
        return part(
            self._window,
            "CRC-32",
            stated.hex(),
            start=check.at,
            size=check.end - check.at,
            meaning=meaning,
            trouble=trouble,
        )

    def _value(self, element: _Element, body: Window) -> tuple[int | str | None, str, str | None]:
        """The value of an element that holds no others, what it means, and what is wrong with it."""
        kind, name = element.kind, element.name
        if kind == "s":
            return body.read(0, MAX_PAYLOAD).split(b"\0", 1)[0].decode("utf-8", "replace"), "", None
        if kind in "bN":
            if body.size <= 16 and kind == "b" and name != "Void":
                return body.read().hex(), "", None
            return None, names.MEANINGS.get(name, "") or f"{body.size} bytes", None
        if body.size > 8:
            return None, "", f"It has {body.size} bytes, but a number has at most 8."
        data = body.read()
        if kind == "f":
            return self._number(name, data)
        number = int.from_bytes(data, "big", signed=kind in "id")
        if kind == "d":
            moment = _EPOCH + timedelta(microseconds=number // 1000)
            return moment.isoformat().replace("+00:00", "Z"), names.MEANINGS[name], None
        if name == "TimestampScale":
            self._scale = number
        if name in ("ChapterTimeStart", "ChapterTimeEnd"):
            return number, f"{number / 10**9:.3f} s", None
        if name == "DefaultDuration" and number:
            return number, f"nanoseconds per picture or block: {10**9 / number:.5g} a second", None
        return number, names.CODES.get(name, {}).get(number, ""), None

    def _number(self, name: str, data: bytes) -> tuple[int | str | None, str, str | None]:
        if len(data) not in (4, 8):
            return None, "", f"It has {len(data)} bytes, but such a number has 4 or 8."
        (number,) = struct.unpack(">f" if len(data) == 4 else ">d", data)
        said = ""
        if name == "Duration" and 0 <= number < 1e15:
            said = f"{number * self._scale / 10**9:.3f} s"
        return format(number, ".10g"), said, None

    def _tag(self, element: _Element, parts: tuple[Part, ...], trouble: str | None) -> Part:
        """A tag, named by its name."""
        name = next((str(p.value) for p in parts if p.name == "TagName"), "SimpleTag")
        text = next((p.value for p in parts if p.name == "TagString"), None)
        language = next((str(p.value) for p in parts if p.name == "TagLanguage"), "und")
        left = [
            p for p in parts if p.name not in ("TagName", "TagString", "TagLanguage", "TagDefault")
        ]
        return part(
            self._window,
            name,
            text,
            start=element.at,
            size=element.end - element.at,
            meaning="" if language == "und" else f"language {language}"[:64],
            trouble=trouble,
            personal=any(word in name.upper() for word in names.PERSONAL_TAGS),
            parts=tuple(left),
        )


@dataclass(slots=True)
class _Clusters:
    """What is told of all clusters together."""

    count: int = 0
    unknown: int = 0
    at: int = 0
    end: int = 0
    first: int | None = None
    last: int | None = None
    back: int = 0

    def add(self, cluster: _Element, time: int | None) -> None:
        if not self.count:
            self.at = cluster.at
        self.count += 1
        self.unknown += cluster.unknown
        self.end = cluster.end
        if time is not None:
            self.back += self.last is not None and time < self.last
            self.first = time if self.first is None else self.first
            self.last = time

    def told(self, window: Window, scale: int) -> Part:
        said = f"{self.count} {'cluster' if self.count == 1 else 'clusters'} of pictures and sound"
        if self.first is not None and self.last is not None:
            first, last = self.first * scale / 10**9, self.last * scale / 10**9
            said += f", the first at {first:.3f} s, the last at {last:.3f} s"
        said += ", of no stated size" if self.unknown else ""
        times = f"The time goes back from one to the next {self.back} times." if self.back else None
        return part(
            window,
            "Clusters",
            self.count,
            start=self.at,
            size=self.end - self.at,
            meaning=said,
            trouble=times,
        )
