"""What do user data and metadata items of a movie state?

QuickTime File Format, "User data atoms" and "Metadata"; 3GPP TS 26.244 section 8; the Nero chapter list,
Microsoft's `Xtra`, Nikon's `NCTG` and GoPro's user data as their files show them (the last four are
undocumented by their makers; layouts as described by the ExifTool documentation of QuickTime tags).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from forensics.media.boxtext import MAX_TEXT, Fields, language, old_text, readable, text

MAX_KEYS: Final = 1000
MAX_ENTRIES: Final = 256
"""Chapters, tags or values listed of one box."""

_UTF8, _UTF16 = 1, 2
_SIGNED: Final = {21: 0, 65: 1, 66: 2, 67: 4, 74: 8}
_UNSIGNED: Final = {22: 0, 75: 1, 76: 2, 77: 4, 78: 8}
_FLOATS: Final = {23: ">f", 24: ">d", 70: ">2f", 71: ">2f", 72: ">4f"}
_PAIRS: Final = (b"trkn", b"disk")
_WINDOWS_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LAST_100NS: Final = 3 * 10**18
"""Times of Windows beyond this lie after the year 9999."""


@dataclass(slots=True)
class Scope:
    """What boxes before this one in the same track or `meta` said that decides how it is read."""

    handler: str = ""
    keys: list[str] = field(default_factory=list)


def keys(data: bytes, scope: Scope) -> Fields:
    """QuickTime File Format, "Metadata item keys atom"."""
    (count,) = struct.unpack_from(">I", data, 4)
    at = 8
    while len(scope.keys) < min(count, MAX_KEYS) and at + 8 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        if size < 8:
            break
        scope.keys.append(text(data[at + 8 : at + size])[:256])
        at += size
    return {"entries": count}


def item(raw: bytes, data: bytes, scope: Scope) -> Fields:
    """QuickTime File Format, "Metadata item atom": a value, and for freeform items its name."""
    fields: Fields = {}
    index = int.from_bytes(raw, "big")
    if 0 < index <= len(scope.keys):
        fields["key"] = scope.keys[index - 1]
    at, names = 0, []
    while at + 8 <= len(data):
        size, inner = struct.unpack_from(">I4s", data, at)
        if size < 8:
            break
        body = data[at + 8 : at + size]
        if inner in (b"mean", b"name"):
            names.append(text(body[4:])[:256])
        elif inner == b"data" and "kind" not in fields and "value" not in fields:
            fields |= _value(raw, body, size - 16)
        at += size
    if names:
        fields["key"] = ":".join(names)
    return fields


def _value(raw: bytes, body: bytes, size: int) -> Fields:
    """QuickTime File Format, "Well-known types"."""
    kind = struct.unpack_from(">I", body)[0] & 0xFFFFFF
    value = body[8:]
    if kind == _UTF8:
        return {"value": text(value)}
    if kind == _UTF16:
        return {"value": value[: 4 * MAX_TEXT].decode("utf-16-be", "replace")[:MAX_TEXT]}
    if kind in (_SIGNED | _UNSIGNED) and 0 < len(value) <= 8:
        return {"value": int.from_bytes(value, "big", signed=kind in _SIGNED)}
    if kind in _FLOATS and len(value) == struct.calcsize(_FLOATS[kind]):
        numbers = struct.unpack(_FLOATS[kind], value)
        return {"value": " ".join(format(n, ".7g" if kind != 24 else ".15g") for n in numbers)}
    if raw in _PAIRS and kind == 0 and len(value) >= 6:
        number, of = struct.unpack_from(">HH", value, 2)
        return {"value": f"{number} of {of}" if of else str(number)}
    if raw == b"gnre" and kind == 0 and len(value) == 2:
        return {"value": int.from_bytes(value, "big")}
    return {"kind": kind, "bytes": max(0, size)}


def user(raw: bytes, data: bytes) -> Fields:
    """Reads one box of user data; one that is not known gives the readable text that it consists of."""
    if raw[:1] == b"\xa9":
        return _counted_text(data)
    if raw in _3GPP_TEXTS:
        return _3gpp_text(data)
    decoder = _DECODERS.get(raw)
    if decoder is not None:
        return decoder(data)
    shown = readable(data)
    return {"value": shown} if shown and not data[len(shown) :].strip(b"\0") else {}


def _counted_text(data: bytes) -> Fields:
    """QuickTime File Format, "User data text strings": a length and a language before each text."""
    if data[4:8] == b"data":
        return item(b"\0\0\0\0", data, Scope())
    length, tongue = struct.unpack_from(">HH", data) if len(data) >= 4 else (len(data), 0)
    fits = 0 < length <= len(data) - 4 or not any(data)
    return {"value": old_text(data[4 : 4 + length], tongue) if fits else text(data)}


def _3gpp_text(data: bytes) -> Fields:
    """3GPP TS 26.244 section 8: version, flags and language, then the text."""
    (packed,) = struct.unpack_from(">H", data, 4)
    fields: Fields = {"value": old_text(data[6:].split(b"\0\0\0", 1)[0], packed)}
    return fields | ({"language": language(packed)} if packed else {})


def _place(data: bytes) -> Fields:
    """3GPP TS 26.244 section 8.10: name, role, longitude, latitude, altitude, body, notes."""
    name, _, rest = data[6:].partition(b"\0")
    role = rest[0]
    longitude, latitude, altitude = struct.unpack_from(">iii", rest, 1)
    body, _, notes = rest[13:].partition(b"\0")
    return {
        "name": text(name),
        "role": role,
        "value": f"{latitude / 65536:+08.4f}{longitude / 65536:+09.4f}{altitude / 65536:+.1f}/",
        "body": text(body),
        "notes": text(notes.split(b"\0", 1)[0]),
    }


def _year(data: bytes) -> Fields:
    return {"value": struct.unpack_from(">H", data, 4)[0]}


def _chapters(data: bytes) -> Fields:
    """Nero's chapter list: a start in tenths of a microsecond and a counted title for each."""
    at = 8 if data[0] else 4
    count = data[at] if data[0] else struct.unpack_from(">B", data, at)[0]
    at += 1
    fields: Fields = {"entries": count}
    for i in range(count):
        start, length = struct.unpack_from(">QB", data, at)
        fields |= {
            f"start_{i}": start // 10_000,
            f"title_{i}": text(data[at + 9 : at + 9 + length]),
        }
        at += 9 + length
    return fields


def _windows(data: bytes) -> Fields:
    """Microsoft's `Xtra`: names, each with values of a kind (8 text, 19 number, 21 time)."""
    fields: Fields = {}
    at = 0
    while at + 12 <= len(data) and len(fields) < MAX_ENTRIES:
        size, length = struct.unpack_from(">II", data, at)
        if size < 12 or length > size - 12:
            break
        name = text(data[at + 8 : at + 8 + length])[:256]
        place = at + 12 + length
        if place + 6 <= at + size <= len(data):
            held, kind = struct.unpack_from(">IH", data, place)
            fields[name] = _windows_value(kind, data[place + 6 : place + held])
        at += size
    return fields


def _windows_value(kind: int, value: bytes) -> int | str:
    if kind == 8:
        return value[: 2 * MAX_TEXT].decode("utf-16-le", "replace").rstrip("\0")
    number = int.from_bytes(value[:8], "little")
    if kind == 21 and 0 < number < _LAST_100NS:
        moment = _WINDOWS_EPOCH + timedelta(microseconds=number // 10)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return number if kind == 19 else value[:64].hex()


_NIKON: Final = {
    0x01: "Make",
    0x02: "Model",
    0x03: "Software",
    0x11: "CreateDate",
    0x12: "DateTimeOriginal",
    0x13: "FrameCount",
    0x19: "TimeZone",
    0x1110829A: "ExposureTime",
    0x1110829D: "FNumber",
    0x1110A431: "SerialNumber",
    0x1110A432: "LensInfo",
    0x1110A433: "LensMake",
    0x1110A434: "LensModel",
    0x1110A435: "LensSerialNumber",
    0x2000001: "GPSLatitudeRef",
    0x2000002: "GPSLatitude",
    0x2000003: "GPSLongitudeRef",
    0x2000004: "GPSLongitude",
    0x2000007: "GPSTimeStamp",
    0x200001D: "GPSDateStamp",
}
_FORMATS: Final = {3: ">H", 4: ">I", 6: ">b", 8: ">h", 9: ">i"}
_RATIOS: Final = {5: ">II", 10: ">ii"}


def _nikon(data: bytes) -> Fields:
    """Nikon's tags: a number, a format as in TIFF, a count, and the values."""
    fields: Fields = {}
    at = 0
    while at + 8 <= len(data) and len(fields) < MAX_ENTRIES:
        tag, kind, count = struct.unpack_from(">IHH", data, at)
        at += 8
        form = _FORMATS.get(kind) or _RATIOS.get(kind)
        size = count * (struct.calcsize(form) if form else 1)
        value = data[at : at + size]
        at += size
        name = _NIKON.get(tag)
        if name is None or not value:
            continue
        if form is None:
            fields[name] = readable(value, 1024) if kind == 2 else value[:64].hex()
        else:
            full = len(value) // struct.calcsize(form)
            found = [
                struct.unpack_from(form, value, i * struct.calcsize(form)) for i in range(full)
            ]
            fields[name] = " ".join("/".join(map(str, numbers)) for numbers in found[:16])
    return fields


def _plain(data: bytes) -> Fields:
    return {"value": text(data.split(b"\0", 1)[0])}


def _hexed(data: bytes) -> Fields:
    return {"value": data[:64].hex()} if any(data) else {}


def _later(at: int) -> Callable[[bytes], Fields]:
    return lambda data: _plain(data[at:])


_3GPP_TEXTS: Final = frozenset(b"titl dscp cprt perf auth gnre albm".split())

_DECODERS: Final[dict[bytes, Callable[[bytes], Fields]]] = {
    b"loci": _place,
    b"yrrc": _year,
    b"chpl": _chapters,
    b"Xtra": _windows,
    b"NCTG": _nikon,
    b"name": _plain,
    b"tagc": _plain,
    b"manu": _later(6),
    b"modl": _later(6),
    b"CNCV": _plain,
    b"CNFV": _plain,
    b"CNMN": _plain,
    b"FIRM": _plain,
    b"LENS": _plain,
    b"CAME": _hexed,
    b"MUID": _hexed,
}
