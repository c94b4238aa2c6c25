"""What is taken from the packets of one stream while they go by, once: digests, picture types, messages."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from forensics.media.bits import unescaped
from forensics.media.coded import CodedDigest
from forensics.media.pictures import PictureTypes
from forensics.media.seen import MAX_DATA, Message, Seen
from forensics.media.units import Coding, Unit, configured, units

MAX_SETS: Final = 64
MAX_MESSAGES: Final = 64
MAX_ALIKE: Final = 3
"""Messages that differ kept of one kind and origin."""
MAX_IN_UNIT: Final = 32
MAX_EXTRADATA: Final = 1 << 16

USER_DATA: Final = 5
REGISTERED: Final = 4
FIRST_SOUND: Final = -1
"""Kind of a message: what an encoder of sound wrote into the first packet."""

_MESSAGES: Final = {
    Coding.AVC: {6: 1},
    Coding.HEVC: {39: 2, 40: 2},
    Coding.VVC: {23: 2, 24: 2},
}
"""Kinds of NAL units with SEI messages, and the bytes of their header."""
_SETS: Final = {
    Coding.AVC: frozenset({7, 8, 13, 15}),
    Coding.HEVC: frozenset({32, 33, 34}),
    Coding.VVC: frozenset({14, 15, 16}),
    Coding.AV1: frozenset({1}),
    Coding.MPEG1: frozenset({0xB3}),
    Coding.MPEG2: frozenset({0xB3, 0xB5}),
    Coding.MPEG4: frozenset({0xB0, 0xB5, *range(0x20, 0x30)}),
}
_PICTURE_EXTENSION: Final = 8
"""MPEG-2: extension of one picture, no parameter set (ISO/IEC 13818-2, table 6-2)."""
_AV1_METADATA: Final = 5
_MPEG_USER_DATA: Final = 0xB2
_GROUPS: Final = {Coding.MPEG1: 0xB8, Coding.MPEG2: 0xB8, Coding.MPEG4: 0xB3}
_SOUND: Final = re.compile(rb"Lavc[0-9.]{0,16}|LAME[0-9. a-z]{3,12}|libfaac [0-9.]{1,12}")
_SOUND_HEAD: Final = 4096


class Track:
    """Counts and keeps what goes by in one stream.

    Attributes:
        digest: SHA-256 over the packets as they are.
        coded: The digest that a change of container leaves.
        packets: How many went by.
        keyframes: How many of them can be decoded on their own.
        types: How many hold each type of picture.
        first: Earliest time in ticks; None where none is stated.
        end: Latest end in ticks.
    """

    def __init__(
        self,
        coding: Coding = Coding.OTHER,
        *,
        codec: str = "",
        pictures: bool = False,
        sound: bool = False,
        length_size: int = 0,
        extradata: bytes | None = None,
        placed: bool = False,
    ) -> None:
        self.digest: Any = hashlib.sha256()
        self.coded = CodedDigest(coding, pictures=pictures) if pictures or sound else None
        self.packets = 0
        self.keyframes = 0
        self.types: dict[str, int] = {}
        self.first: int | None = None
        self.end: int | None = None
        self._coding = coding
        self._pictures = PictureTypes(coding, codec) if pictures else None
        self._sound = sound
        self._length = length_size
        self._extradata = extradata or b""
        self._placed = placed
        self._units: Counter[int] = Counter()
        self._firsts: Counter[int] = Counter()
        self._sets: dict[bytes, None] = {}
        self._messages: list[Message] = []
        self._alike: dict[bytes, list[bytes]] = {}
        self._counts: Counter[int] = Counter()
        self._groups = [0, 0, 0]
        self._time_code = b""
        for unit in configured(coding, extradata):
            self._configured(unit)

    def see(self, packet: Any) -> str:
        """Takes in a packet; returns the type of its picture, or empty text."""
        data = bytes(packet)
        key = packet.is_keyframe
        self.digest.update(data)
        found = units(self._coding, data, self._length) if self._pictures else []
        if self.coded is not None:
            self.coded.take(data, found, key=key)
        kind = ""
        if self._pictures is not None:
            for unit in found:
                self._see_unit(data, unit, packet.pos)
            kind, first = self._pictures.of(data, found, key=key)
            self._firsts[first] += first >= 0
            self.types[kind] = self.types.get(kind, 0) + 1
        elif self._sound and not self.packets and (match := _SOUND.search(data[:_SOUND_HEAD])):
            self._keep(FIRST_SOUND, match[0], None)
        self.packets += 1
        self.keyframes += key
        time = packet.pts if packet.pts is not None else packet.dts
        if time is not None and not packet.is_discard:  # decoded for others' sake, never shown
            end = time + (packet.duration or 0)
            self.first = time if self.first is None else min(self.first, time)
            self.end = end if self.end is None else max(self.end, end)
        return kind

    def seen(self, stated: Seen) -> Seen:
        """Returns what was seen, added to what the container states of the stream."""
        groups, closed, broken = self._groups
        return replace(
            stated,
            length_size=self._length,
            extradata=self._extradata[:MAX_EXTRADATA],
            extradata_size=len(self._extradata),
            units={str(kind): count for kind, count in sorted(self._units.items())},
            firsts={str(kind): count for kind, count in sorted(self._firsts.items()) if count},
            groups=groups,
            closed=closed,
            broken=broken,
            time_code=self._time_code,
            sets=tuple(self._sets),
            messages=tuple(self._messages),
            counts={str(kind): count for kind, count in sorted(self._counts.items())},
        )

    def _configured(self, unit: bytes) -> None:
        found = units(self._coding, b"\0\0\1" + unit) if self._coding is not Coding.AV1 else []
        for one in found[:1]:
            if one.kind in _SETS.get(self._coding, ()):
                self._keep_set(unit)
            elif (header := _MESSAGES.get(self._coding, {}).get(one.kind)) is not None:
                for kind, body in _payloads(unescaped(unit[header:])):
                    self._keep(kind, body, None, outside=True)
            elif one.kind == _MPEG_USER_DATA and self._coding in _GROUPS:
                self._keep(one.kind, unit[1:], None, outside=True)

    def _see_unit(self, data: bytes, unit: Unit, position: int | None) -> None:
        kind, start, end = unit
        coding = self._coding
        self._units[kind] += 1
        place = (position + start, end - start) if self._placed and position is not None else None
        if kind in _SETS.get(coding, ()):
            self._keep_set(data[start:end])
        elif (header := _MESSAGES.get(coding, {}).get(kind)) is not None:
            for type_, body in _payloads(unescaped(data[start + header : end])):
                self._keep(type_, body, place)
        elif coding is Coding.AV1 and kind == _AV1_METADATA and end > start:
            self._keep(data[start], data[start + 1 : end], place)
        elif coding in _GROUPS:
            if kind == _MPEG_USER_DATA:
                self._keep(kind, data[start + 1 : end], place)
            elif kind == _GROUPS[coding]:
                self._group(data[start + 1 : start + 5])

    def _group(self, header: bytes) -> None:
        """Reads a group's flags: 25 bits of time code in MPEG-1 and MPEG-2, 18 in MPEG-4."""
        self._time_code = self._time_code or header
        shift = 5 if self._coding is not Coding.MPEG4 else 12
        flags = int.from_bytes(header.ljust(4, b"\0"), "big") >> shift
        self._groups[0] += 1
        self._groups[1] += flags >> 1 & 1
        self._groups[2] += flags & 1

    def _keep_set(self, unit: bytes) -> None:
        if unit[0] == 0xB5 and self._coding is Coding.MPEG2 and _is_of_a_picture(unit):
            return
        unit = unit[:MAX_DATA]
        if unit in self._sets or len(self._sets) >= MAX_SETS:
            return
        self._sets[unit] = None
        if self._pictures is not None:
            self._pictures.learn(unit)

    def _keep(
        self, kind: int, body: bytes, place: tuple[int, int] | None, *, outside: bool = False
    ) -> None:
        self._counts[kind] += 1
        origin = body[:16] if kind == USER_DATA else body[:8] if kind == REGISTERED else b""
        key = kind.to_bytes(4, "big", signed=True) + origin
        alike = self._alike.get(key)
        if alike is None:
            if len(self._alike) >= MAX_MESSAGES:
                return
            alike = self._alike[key] = []
        most = MAX_ALIKE if kind in {USER_DATA, _MPEG_USER_DATA} else 1
        body_kept = body[:MAX_DATA]
        if len(alike) >= most or body_kept in alike:
            return
        alike.append(body_kept)
        self._messages.append(
            Message(
                kind=kind,
                packet=-1 if outside else self.packets,
                at=place[0] if place else None,
                unit=place[1] if place else None,
                size=len(body),
                data=body_kept,
            )
        )


def _is_of_a_picture(extension: bytes) -> bool:
    return len(extension) < 2 or extension[1] >> 4 == _PICTURE_EXTENSION


def _payloads(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yields (type, bytes) of the messages of an SEI unit (ITU-T H.264 section 7.3.2.3.1)."""
    at = 0
    for _ in range(MAX_IN_UNIT):
        if (
            len(data) - at <= 2
        ):  # a message takes two bytes at least, and the unit ends with one more
            return
        kind, at = _number(data, at)
        size, at = _number(data, at)
        yield kind, data[at : at + size]
        at += size


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Reads a number coded as bytes of 255 and a last smaller one; returns it and the next place."""
    start = at
    while at < len(data) and data[at] == 0xFF:
        at += 1
    last = data[at] if at < len(data) else 0
    return 255 * (at - start) + last, at + 1
