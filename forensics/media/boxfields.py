"""What does the payload of one box state?

Each decoder takes the first bytes of a payload and returns fields; a payload that is too short gives
none, and a sentence that says so. Layouts: ISO/IEC 14496-12:2022 (sections named below), ISO/IEC
14496-15 (`avcC`, `hvcC`), and Apple's QuickTime File Format (metadata, sound descriptions).

Fields, by box:
    ftyp, styp     major, minor, brands (joined with commas)
    mvhd           timescale, duration, creation, modification
    tkhd           track, duration, width, height, creation, modification
    mdhd           timescale, duration, language, creation, modification
    hdlr           component, handler, vendor, name
    elst           entries; duration_N, media_time_N, rate_N (1/65536) for the first eight, N from 0
    stsd           entries; each entry is a child box named by its coding:
                   pictures: width, height, vendor, compressor; sound: channels, rate, vendor
    avcC, hvcC     nal_length (bytes), profile, level
    btrt           buffer (bytes), maximum, average (bits per second)
    stts … co64    entries; stsz: entries, size
    keys           entries
    items of ilst  key (for `mdta` keys and freeform items), value; or kind and bytes where not text
    udta texts     value
    free, skip     text, where the payload begins with readable text
Times are RFC 3339 text in UTC and absent where the box states zero; durations are in ticks and absent
where unknown. Text is as stated, at most 4096 characters, bytes that are no UTF-8 replaced.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

Fields = dict[str, int | str]

MAX_TEXT: Final = 4096
MAX_LIST: Final = 8
MAX_BRANDS: Final = 64
MAX_KEYS: Final = 1000

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_LAST_SECOND: Final = int((datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - _EPOCH).total_seconds())
_CONTAINERS: Final = frozenset(
    b"moov trak mdia minf stbl udta edts dinf mvex moof traf mfra ilst iprp ipco gmhd tapt wave".split()
)
_VISUAL: Final = 78
_SOUND: Final = (28, 44, 64)
"""Where boxes may begin in a sound entry: plain, QuickTime version 1, QuickTime version 2."""
_UTF8, _UTF16, _SIGNED, _UNSIGNED = 1, 2, 21, 22
_UNKNOWN: Final = (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)


@dataclass(slots=True)
class Scope:
    """What boxes before this one in the same track or `meta` said that decides how it is read."""

    handler: str = ""
    keys: list[str] = field(default_factory=list)


def four_cc(raw: bytes) -> str:
    r"""Returns a type as text; bytes outside printable ASCII become `\xNN`."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}" for byte in raw)


def text(data: bytes) -> str:
    """Returns text as stated, without the zeros at its end."""
    return data[: 4 * MAX_TEXT].decode("utf-8", "replace").rstrip("\0")[:MAX_TEXT]


def decode(
    raw: bytes, parent: str, data: bytes, size: int, scope: Scope
) -> tuple[Fields, str | None]:
    """Reads what a payload states.

    Args:
        raw: Type of the box.
        parent: Type of the box around it.
        data: First bytes of the payload.
        size: Bytes of the whole payload.
        scope: Filled by `hdlr` and `keys`, used by sample entries and metadata items.

    Returns:
        The fields, and what is wrong with the payload, or None.
    """
    try:
        if parent == "stsd":
            return _entry(raw, data, scope), None
        if parent == "ilst":
            return _item(raw, data, scope), None
        if parent == "udta" and raw[:1] == b"\xa9":
            return _user_text(data), None
        if parent == "udta" and raw in _3GPP_TEXTS:
            return {"value": text(data[6:])}, None
        decoder = _DECODERS.get(raw)
        if decoder is None:
            return {}, None
        return decoder(data, parent, scope), None
    except (struct.error, IndexError):
        return {}, f"The box has a payload of {size} bytes, too short for what it has to state."


def inner_offset(raw: bytes, parent: str, data: bytes, scope: Scope) -> int | None:
    """Returns where in the payload the first inner box stands, or None for a box without any."""
    if parent == "stsd":
        if scope.handler == "vide":
            return _VISUAL
        if scope.handler == "soun":
            return next((at for at in _SOUND if _looks_like_box(data, at)), None)
        return None
    if parent == "ilst":
        return None
    if raw == b"meta":  # a full box in ISO files, a plain one in QuickTime files
        return 0 if data[4:8] == b"hdlr" else 4
    if raw == b"stsd":
        return 8
    return 0 if raw in _CONTAINERS else None


def _looks_like_box(data: bytes, at: int) -> bool:
    if len(data) < at + 8:
        return False
    size, raw = struct.unpack_from(">I4s", data, at)
    return bool(8 <= size <= len(data) - at and raw.isalnum())


def _seconds(ticks: int) -> str | None:
    if not 0 < ticks <= _LAST_SECOND:
        return None
    return (_EPOCH + timedelta(seconds=ticks)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _known(**values: int | str | None) -> Fields:
    return {key: value for key, value in values.items() if value is not None}


def _duration(ticks: int) -> int | None:
    return None if ticks in _UNKNOWN else ticks


def _brands(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Section 4.3."""
    major, minor = struct.unpack_from(">4sI", data)
    end = min(len(data), 8 + 4 * MAX_BRANDS)
    brands = [four_cc(data[at : at + 4]) for at in range(8, end - 3, 4)]
    return {"major": four_cc(major), "minor": minor, "brands": ",".join(brands)}


def _movie(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Section 8.2.2."""
    created, modified, scale, ticks = struct.unpack_from(">QQIQ" if data[0] else ">IIII", data, 4)
    return _known(
        timescale=scale,
        duration=_duration(ticks),
        creation=_seconds(created),
        modification=_seconds(modified),
    )


def _track(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Section 8.3.2. Width and height are those of display, whole pixels."""
    form = ">QQIIQ" if data[0] else ">IIIII"
    created, modified, track, _, ticks = struct.unpack_from(form, data, 4)
    width, height = struct.unpack_from(">II", data, 4 + struct.calcsize(form) + 52)
    return _known(
        track=track,
        duration=_duration(ticks),
        width=width >> 16,
        height=height >> 16,
        creation=_seconds(created),
        modification=_seconds(modified),
    )


def _media(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Section 8.4.2. The language is three letters of five bits, or a Macintosh number."""
    form = ">QQIQH" if data[0] else ">IIIIH"
    created, modified, scale, ticks, code = struct.unpack_from(form, data, 4)
    letters = "".join(chr(0x60 + (code >> shift & 0x1F)) for shift in (10, 5, 0))
    return _known(
        timescale=scale,
        duration=_duration(ticks),
        language=letters if letters.isalpha() and code & 0x8000 == 0 else str(code),
        creation=_seconds(created),
        modification=_seconds(modified),
    )


def _handler(data: bytes, parent: str, scope: Scope) -> Fields:
    """Section 8.4.3. QuickTime counts the name, ISO ends it with a zero; both occur in both."""
    component, handler, vendor = struct.unpack_from(">4s4s4s", data, 4)
    name = data[24:]
    if name and 0 < name[0] <= len(name) - 1 and not any(name[1 + name[0] :]):
        name = name[1 : 1 + name[0]]
    if parent in ("mdia", "meta"):
        scope.handler = four_cc(handler)
    return {
        "component": _code(component),
        "handler": four_cc(handler),
        "vendor": _code(vendor),
        "name": text(name.split(b"\0", 1)[0]),
    }


def _code(raw: bytes) -> str:
    return four_cc(raw) if any(raw) else ""


def _edits(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Section 8.6.6."""
    form = ">QqI" if data[0] else ">IiI"
    (count,) = struct.unpack_from(">I", data, 4)
    fields: Fields = {"entries": count}
    step = struct.calcsize(form)
    for i in range(min(count, MAX_LIST, (len(data) - 8) // step)):
        ticks, media, rate = struct.unpack_from(form, data, 8 + i * step)
        fields |= {f"duration_{i}": ticks, f"media_time_{i}": media, f"rate_{i}": rate}
    return fields


def _count(data: bytes, _parent: str, _scope: Scope) -> Fields:
    return {"entries": struct.unpack_from(">I", data, 4)[0]}


def _sizes(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Section 8.7.3.2."""
    size, count = struct.unpack_from(">II", data, 4)
    return {"entries": count, "size": size}


def _rates(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Section 8.5.2."""
    buffer, maximum, average = struct.unpack_from(">III", data)
    return {"buffer": buffer, "maximum": maximum, "average": average}


def _avc(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """ISO/IEC 14496-15 section 5.3.3."""
    return {"nal_length": (data[4] & 3) + 1, "profile": data[1], "level": data[3]}


def _hevc(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """ISO/IEC 14496-15 section 8.3.3."""
    return {"nal_length": (data[21] & 3) + 1, "profile": data[1] & 0x1F, "level": data[12]}


def _padding(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Some writers sign themselves in the padding."""
    head = data[:256].split(b"\0", 1)[0]
    readable = len(head) > 3 and all(0x20 <= byte < 0x7F for byte in head)
    return {"text": text(head)} if readable else {}


def _keys(data: bytes, _parent: str, scope: Scope) -> Fields:
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


def _entry(raw: bytes, data: bytes, scope: Scope) -> Fields:
    """Sections 8.5.2, 12.1.3 and 12.2.3."""
    if scope.handler == "vide" and raw != b"mp4s":
        vendor, width, height = struct.unpack_from(">4x4s8xHH", data, 8)
        name = data[42:74]
        name = name[1 : 1 + name[0]] if name and name[0] < len(name) else name
        fields: Fields = {"width": width, "height": height, "vendor": _code(vendor)}
        return fields | {"compressor": text(name.split(b"\0", 1)[0])}
    if scope.handler == "soun":
        version, vendor, channels, rate = struct.unpack_from(">H2x4sH6xI", data, 8)
        if version == 2 and len(data) >= 44:
            real, channels = struct.unpack_from(">dI", data, 32)
            rate = int(real) << 16 if 0 < real < 1 << 32 else 0
        return {"channels": channels, "rate": rate >> 16, "vendor": _code(vendor)}
    return {}


def _item(raw: bytes, data: bytes, scope: Scope) -> Fields:
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
            fields |= _value(body, size - 16)
        at += size
    if names:
        fields["key"] = ":".join(names)
    return fields


def _value(body: bytes, size: int) -> Fields:
    kind = struct.unpack_from(">I", body)[0] & 0xFFFFFF
    value = body[8:]
    if kind == _UTF8:
        return {"value": text(value)}
    if kind == _UTF16:
        return {"value": value[: 4 * MAX_TEXT].decode("utf-16-be", "replace")[:MAX_TEXT]}
    if kind in (_SIGNED, _UNSIGNED) and 0 < len(value) <= 8:
        return {"value": int.from_bytes(value, "big", signed=kind == _SIGNED)}
    return {"kind": kind, "bytes": max(0, size)}


def _user_text(data: bytes) -> Fields:
    """QuickTime File Format, "User data text strings": a length and a language before each text."""
    if data[4:8] == b"data":
        return _item(b"\0\0\0\0", data, Scope())
    (length,) = struct.unpack_from(">H", data)
    return {"value": text(data[4 : 4 + length] if length + 4 <= len(data) else data)}


_3GPP_TEXTS: Final = frozenset((b"titl", b"dscp", b"cprt", b"perf", b"auth", b"gnre"))
"""3GPP TS 26.244 section 8: version, flags and language, then the text."""

_DECODERS: Final[dict[bytes, Callable[[bytes, str, Scope], Fields]]] = {
    b"ftyp": _brands,
    b"styp": _brands,
    b"mvhd": _movie,
    b"tkhd": _track,
    b"mdhd": _media,
    b"hdlr": _handler,
    b"elst": _edits,
    b"stsd": _count,
    b"stts": _count,
    b"ctts": _count,
    b"stss": _count,
    b"stsc": _count,
    b"stco": _count,
    b"co64": _count,
    b"stsz": _sizes,
    b"btrt": _rates,
    b"avcC": _avc,
    b"hvcC": _hevc,
    b"keys": _keys,
    b"free": _padding,
    b"skip": _padding,
}
