"""MPEG transport streams: programmes, streams, services, and how their packets and times follow each other.

ISO/IEC 13818-1:2022 sections 2.4.3 (packets, PES), 2.4.4 (tables) and 2.6 (descriptors); ETSI EN 300 468
(SDT, TDT); Blu-ray's 192-byte packets carry four bytes before each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from forensics.inside.making import part
from forensics.inside.mpegts_names import STREAMS, service_text
from forensics.inside.window import Window
from forensics.model import Part

MAX_HEAD: Final = 32 << 20
MAX_TAIL: Final = 8 << 20
"""Bytes read from the beginning and from the end; what lies between is left out."""
MAX_PIDS: Final = 512
MAX_SECTION: Final = 4096
MAX_PROGRAMS: Final = 64
_SYNC: Final = 0x47
_TICKS: Final = 90_000
_WRAP: Final = 1 << 33
_GAP: Final = 2 * _TICKS
"""A step of the time of one stream that is longer than this, or backwards by as much, is a gap."""
_PAT, _SDT, _TDT = 0, 0x11, 0x14
_NULL: Final = 0x1FFF
_TIME_EPOCH = datetime(1858, 11, 17, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class _Pid:
    """What was met of one packet identifier."""

    packets: int = 0
    counter: int = -1
    errors: int = 0
    scrambled: int = 0
    section: bytes = b""
    first: int | None = None
    last: int | None = None
    low: int = 0
    high: int = 0
    gaps: list[int] = field(default_factory=list)
    clock: tuple[int, int] | None = None
    fresh: bool = False


def read_mpegts(window: Window) -> Part:
    """Reads the packets of a stream.

    Returns:
        "MPEG-TS" with "programme" for each programme (with a "stream" for each of its streams), "service",
        "time" and "packets".

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    found = _layout(window)
    if found is None:
        return part(
            window,
            "MPEG-TS",
            start=0,
            size=window.size,
            trouble="No packets of 188, 192 or 204 bytes follow each other in it.",
        )
    return _Reading(window, *found).whole()


def _layout(window: Window) -> tuple[int, int] | None:
    """Where the first packet begins, and bytes from one to the next."""
    data = window.read(0, 204 * 8)
    for start in range(min(204, len(data))):
        for step in (188, 192, 204):
            places = range(start, len(data), step)
            if data[start] == _SYNC and len(places) > 1 and all(data[at] == _SYNC for at in places):
                return start, step
    return (0, 188) if len(data) == 188 and data[0] == _SYNC else None


class _Reading:
    """One pass over the beginning and the end of one stream."""

    def __init__(self, window: Window, start: int, step: int) -> None:
        self._window = window
        self._start = start
        self._step = step
        self._pids: dict[int, _Pid] = {}
        self._programs: dict[int, int] = {}
        self._tables = {_PAT, _SDT, _TDT}
        self._maps: dict[int, bytes] = {}
        self._services: dict[int, tuple[int, str, str]] = {}
        self._times: list[str] = []
        self._lost = 0
        self._count = 0
        self._versions: dict[int, set[int]] = {}

    def whole(self) -> Part:
        window = self._window
        end = window.size
        left_out = 0
        if end - self._start > MAX_HEAD + MAX_TAIL:
            self._run(self._start, self._start + MAX_HEAD)
            skipped = (end - MAX_TAIL - self._start) // self._step * self._step + self._start
            left_out = skipped - self._start - MAX_HEAD
            for pid in self._pids.values():
                pid.counter, pid.section, pid.fresh = -1, b"", True
            self._run(skipped, end)
        else:
            self._run(self._start, end)
        trouble = f"{self._lost} packets do not begin with the mark of one." if self._lost else None
        kind = {
            188: "",
            192: ", with a time before each packet",
            204: ", with 16 bytes behind each",
        }
        said = f"packets of {self._step} bytes{kind[self._step]}"
        if left_out:
            said += f"; {left_out} bytes in the middle were not read"
        return part(
            window,
            "MPEG-TS",
            start=0,
            size=end,
            meaning=said,
            trouble=trouble,
            parts=tuple(self._told()),
        )

    def _run(self, start: int, end: int) -> None:
        chunk = (1 << 20) // self._step * self._step
        at = start
        while at < end:
            data = self._window.read(at, min(chunk, end - at))
            if not data:
                return
            for place in range(0, len(data) - 187, self._step):
                packet = data[place : place + 188]
                if packet[0] != _SYNC:
                    self._lost += 1
                    continue
                self._packet((packet[1] & 0x1F) << 8 | packet[2], packet)
            at += len(data)

    def _packet(self, number: int, packet: bytes) -> None:
        self._count += 1
        pid = self._pids.get(number)
        if pid is None:
            if len(self._pids) >= MAX_PIDS:
                return
            pid = self._pids[number] = _Pid()
        pid.packets += 1
        if number == _NULL:
            return
        begins, control = packet[1] & 0x40, packet[3] >> 4 & 3
        pid.scrambled += packet[3] >> 6 != 0
        counter = packet[3] & 15
        at, jump = 4, False
        if control & 2:
            length = packet[4]
            at = 5 + length
            jump = length > 0 and bool(packet[5] & 0x80)
            pid.fresh = pid.fresh or jump
            if length >= 7 and packet[5] & 0x10:
                clock = int.from_bytes(packet[6:10], "big") << 1 | packet[10] >> 7
                pid.clock = (clock if pid.clock is None else pid.clock[0], clock)
        if control & 1:
            if (
                pid.counter >= 0
                and not jump
                and counter not in ((pid.counter + 1) & 15, pid.counter)
            ):
                pid.errors += 1
            pid.counter = counter
            body = packet[at:]
            if number in self._tables:
                self._gather(number, pid, body, begins=bool(begins))
            elif begins and body[:3] == b"\0\0\1":
                self._time(pid, body)

    def _time(self, pid: _Pid, body: bytes) -> None:
        """Section 2.4.3.6: the time of a picture or of sound."""
        if len(body) < 14 or not body[7] & 0x80:
            return
        raw = body[9:14]
        if body[7] & 0x40 and len(body) >= 19:  # decoding times rise, those of display may not
            raw = body[14:19]
        ticks = (raw[0] >> 1 & 7) << 30 | int.from_bytes(raw[1:3], "big") >> 1 << 15
        ticks |= int.from_bytes(raw[3:5], "big") >> 1
        if pid.first is None or pid.last is None:
            pid.first = pid.last = pid.low = pid.high = ticks
            return
        step = (ticks - pid.last + _WRAP // 2) % _WRAP - _WRAP // 2
        if abs(step) > _GAP and not pid.fresh and len(pid.gaps) < 16:
            pid.gaps.append(step)
        pid.fresh = False
        now = pid.last + step
        pid.low, pid.high = min(pid.low, now), max(pid.high, now)
        pid.last = now

    def _gather(self, number: int, pid: _Pid, body: bytes, *, begins: bool) -> None:
        """Section 2.4.4: tables may take several packets; only the first of a packet is read."""
        if begins:
            if not body:
                return
            pid.section = body[1 + body[0] :]
        elif pid.section:
            pid.section += body
        data = pid.section
        if len(data) < 3:
            return
        size = 3 + ((data[1] & 0x0F) << 8 | data[2])
        if size > MAX_SECTION:
            pid.section = b""
        elif len(data) >= size:
            pid.section = b""
            self._table(number, data[:size])

    def _table(self, number: int, data: bytes) -> None:
        kind = data[0]
        if number == _TDT and kind in (0x70, 0x73) and len(data) >= 8:
            moment = _broadcast_time(data[3:8])
            if moment:
                self._times = [*self._times[:1], moment]
            return
        if len(data) < 12:
            return
        self._versions.setdefault(number, set()).add(data[5] >> 1 & 31)
        body = data[8:-4]
        if number == _PAT and kind == 0:
            for at in range(0, len(body) - 3, 4):
                program = int.from_bytes(body[at : at + 2], "big")
                if program and len(self._programs) < MAX_PROGRAMS:
                    described = int.from_bytes(body[at + 2 : at + 4], "big") & 0x1FFF
                    self._programs[program] = described
                    self._tables.add(described)
        elif number == _SDT and kind == 0x42:
            self._service(body[3:])
        elif kind == 2:
            self._maps[int.from_bytes(data[3:5], "big")] = body

    def _service(self, body: bytes) -> None:
        """ETSI EN 300 468 sections 5.2.3 and 6.2.33."""
        at = 0
        while at + 5 <= len(body) and len(self._services) < MAX_PROGRAMS:
            program = int.from_bytes(body[at : at + 2], "big")
            length = (body[at + 3] & 0x0F) << 8 | body[at + 4]
            for tag, data in _descriptors(body[at + 5 : at + 5 + length]):
                if tag == 0x48 and len(data) >= 3:
                    provider = data[2 : 2 + data[1]]
                    name = data[3 + data[1] :]
                    self._services[program] = (data[0], service_text(provider), service_text(name))
            at += 5 + length

    def _told(self) -> Iterator[Part]:
        window = self._window
        for program, number in self._programs.items():
            yield part(
                window,
                "programme",
                program,
                meaning=f"described in packets {number}",
                trouble=None if program in self._maps else "Its description was not found.",
                parts=tuple(self._streams(program)),
            )
        for program, (kind, provider, name) in self._services.items():
            stated = (
                part(window, "type", kind),
                part(window, "provider", provider, meaning="who provides the service"),
                part(window, "name", name, meaning="name of the service"),
            )
            yield part(
                window, "service", program, meaning="of the programme of this number", parts=stated
            )
        for moment in self._times:
            yield part(window, "time", moment, meaning="UTC, as broadcast in the stream")
        stuffing = self._pids.get(_NULL)
        parts = (part(window, "stuffing", stuffing.packets),) if stuffing else ()
        yield part(window, "packets", self._count, parts=parts)

    def _streams(self, program: int) -> Iterator[Part]:
        """Section 2.4.4.8."""
        window, body = self._window, self._maps.get(program, b"")
        if len(body) < 4:
            return
        clock = (body[0] & 0x1F) << 8 | body[1]
        length = (body[2] & 0x0F) << 8 | body[3]
        yield part(
            window, "clock", clock, meaning=f"packets that carry the clock{self._ran(clock)}"
        )
        changed = len(self._versions.get(self._programs[program], ()))
        if changed > 1:
            yield part(
                window,
                "versions",
                changed,
                meaning="descriptions of the programme, one after another",
            )
        yield from _described(window, body[4 : 4 + length])
        at = 4 + length
        while at + 5 <= len(body):
            number = (body[at + 1] & 0x1F) << 8 | body[at + 2]
            length = (body[at + 3] & 0x0F) << 8 | body[at + 4]
            yield self._stream(number, body[at], body[at + 5 : at + 5 + length])
            at += 5 + length

    def _ran(self, number: int) -> str:
        pid = self._pids.get(number)
        if pid is None or pid.clock is None:
            return ""
        first, last = pid.clock
        return f", from {first / _TICKS:.3f} s to {last / _TICKS:.3f} s"

    def _stream(self, number: int, kind: int, described: bytes) -> Part:
        window, pid = self._window, self._pids.get(number, _Pid())
        parts = [part(window, "type", kind, meaning=STREAMS.get(kind, ""))]
        parts += _described(window, described)
        parts.append(part(window, "packets", pid.packets))
        if pid.first is not None:
            said = f"{pid.low / _TICKS:.3f} s"
            parts.append(part(window, "first time", pid.low, meaning=said))
            said = (
                f"{pid.high / _TICKS:.3f} s, {(pid.high - pid.low) / _TICKS:.3f} s after the first"
            )
            parts.append(part(window, "last time", pid.high, meaning=said))
        parts += [
            part(window, "gap", step, meaning=f"the time steps by {step / _TICKS:.3f} s")
            for step in pid.gaps
        ]
        troubles = []
        if pid.errors:
            troubles.append(f"The packets do not follow each other at {pid.errors} places.")
        if pid.scrambled:
            troubles.append(f"{pid.scrambled} packets are scrambled.")
        if not pid.packets:
            troubles.append("No packet of it was found.")
        return part(
            window,
            "stream",
            number,
            meaning=STREAMS.get(kind, "stream"),
            trouble=" ".join(troubles) or None,
            parts=tuple(parts),
        )


def _descriptors(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(data):
        yield data[at], data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]


def _described(window: Window, data: bytes) -> Iterator[Part]:
    """Section 2.6: what descriptors state that tells of languages, codings and makers."""
    for tag, body in _descriptors(data):
        if tag == 0x05:
            shown = body[:4].decode("latin-1")
            yield part(window, "registration", shown, meaning="coding or maker, as registered")
        elif tag == 0x0A:
            yield part(window, "language", body[:3].decode("latin-1"))
        elif tag in (0x25, 0x26):
            yield part(window, "metadata", body[:64].hex(), meaning="metadata in the stream")
        elif tag == 0x59:
            yield part(window, "subtitles", body[:3].decode("latin-1"), meaning="language")


def _broadcast_time(data: bytes) -> str | None:
    """ETSI EN 300 468 annex C: a day of the modified Julian date and digits of a time."""
    digits = data[2:5].hex()
    day = int.from_bytes(data[:2], "big")
    if (
        not digits.isdigit()
        or int(digits[:2]) > 23
        or int(digits[2:4]) > 59
        or int(digits[4:]) > 59
    ):
        return None
    moment = _TIME_EPOCH + timedelta(
        days=day, hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:])
    )
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
