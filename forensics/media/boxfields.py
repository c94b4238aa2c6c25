"""What does the payload of one box state?

Each decoder takes the first bytes of a payload and returns fields; a payload that is too short gives
none, and a sentence that says so. Layouts: ISO/IEC 14496-12:2022 (sections named below) and Apple's
QuickTime File Format (metadata, sound descriptions).

Fields, by box:
    ftyp, styp     major, minor, brands (joined with commas)
    mvhd           timescale, duration, creation, modification, next_track
    tkhd           track, duration, width, height, creation, modification; rotation, where there is one:
                   degrees clockwise, or the nine numbers of a matrix that is no plain turn
    mdhd           timescale, duration, language, creation, modification
    hdlr           component, handler, vendor, name
    elst           entries; duration_N, media_time_N, rate_N (1/65536) for the first eight, N from 0
    stsd           entries; each entry is a child box named by its coding:
                   pictures: width, height, vendor, compressor; sound: channels, rate, vendor
    stts … co64    entries; stsz: entries, size
    keys           entries
    items of ilst  key (for `mdta` keys and freeform items), value; or kind and bytes where not text
    in udta        value, or what `forensics.media.boxuser` says
    tref, dref     boxes inside: tracks (joined with commas); here (0 or 1), value
    free, skip     text, where the payload begins with readable text
    others         as `forensics.media.boxmedia` says
Times are RFC 3339 text in UTC and absent where the box states zero; durations are in ticks and absent
where unknown. Text is as stated, at most 4096 characters, bytes that are no UTF-8 replaced.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from forensics.media.boxmedia import DECODERS, location, references
from forensics.media.boxtext import (
    MAX_LIST,
    Fields,
    code,
    four_cc,
    known,
    language,
    readable,
    seconds,
    text,
)
from forensics.media.boxuser import Scope, item, keys, user

MAX_BRANDS: Final = 64

_CONTAINERS: Final = frozenset(
    b"moov trak mdia minf stbl udta edts dinf mvex moof traf mfra ilst iprp ipco gmhd tapt"
    b" wave tref sinf schi sv3d proj strk strd cmov".split()
)
_MAKERS: Final = frozenset(b"CNTH NCDT".split())
_USER: Final = ("udta", "CNTH", "NCDT")
"""User data, and makers' boxes in it that hold others: Canon's and Nikon's."""
_PLAIN: Final = 8
"""Where boxes begin in an entry that is neither of pictures nor of sound (section 8.5.2)."""
_VISUAL: Final = 78
_SOUND: Final = (28, 44, 64)
"""Where boxes may begin in a sound entry: plain, QuickTime version 1, QuickTime version 2."""
_UNKNOWN: Final = (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
_TURNS: Final = {
    (1, 0, 0, 1): 0,
    (0, 1, -1, 0): 90,
    (-1, 0, 0, -1): 180,
    (0, -1, 1, 0): 270,
}
"""Degrees clockwise by the signs of a, b, c, d of a matrix (section 6.2.2)."""


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
            return item(raw, data, scope), None
        if parent in _USER and raw not in _CONTAINERS and raw not in _DECODERS:
            return user(raw, data), None
        if parent == "tref":
            return references(data), None
        if parent == "dref":
            return location(raw, data), None
        if raw in DECODERS:
            return DECODERS[raw](data), None
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
        return _PLAIN if raw in (b"mebx", b"tmcd", b"rtmd", b"gpmd", b"camm") else None
    if parent == "ilst":
        return None
    if raw == b"meta":  # a full box in ISO files, a plain one in QuickTime files
        return 0 if data[4:8] == b"hdlr" else 4
    if raw in (b"stsd", b"dref"):
        return 8
    if raw == b"keys":
        return 0 if parent == "mebx" else None
    if parent == "keys" or (parent == "udta" and raw in _MAKERS):
        return 0
    return 0 if raw in _CONTAINERS else None


def _looks_like_box(data: bytes, at: int) -> bool:
    if len(data) < at + 8:
        return False
    size, raw = struct.unpack_from(">I4s", data, at)
    return bool(8 <= size <= len(data) - at and raw.isalnum())


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
    following = int.from_bytes(data[108:112] if data[0] else data[96:100], "big")
    return known(
        timescale=scale,
        duration=_duration(ticks),
        creation=seconds(created),
        modification=seconds(modified),
        next_track=following or None,
    )


def _track(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Section 8.3.2. Width and height are those of display, whole pixels."""
    form = ">QQIIQ" if data[0] else ">IIIII"
    created, modified, track, _, ticks = struct.unpack_from(form, data, 4)
    width, height = struct.unpack_from(">II", data, 4 + struct.calcsize(form) + 52)
    matrix = struct.unpack_from(">9i", data, 4 + struct.calcsize(form) + 16)
    signs = tuple((n > 0) - (n < 0) for n in (matrix[0], matrix[1], matrix[3], matrix[4]))
    turned = None if not any(signs) else _TURNS.get(signs, " ".join(map(str, matrix)))
    return known(
        track=track,
        duration=_duration(ticks),
        width=width >> 16,
        height=height >> 16,
        rotation=turned or None,
        creation=seconds(created),
        modification=seconds(modified),
    )


def _media(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Section 8.4.2. The language is three letters of five bits, or a Macintosh number."""
    form = ">QQIQH" if data[0] else ">IIIIH"
    created, modified, scale, ticks, packed = struct.unpack_from(form, data, 4)
    return known(
        timescale=scale,
        duration=_duration(ticks),
        language=language(packed),
        creation=seconds(created),
        modification=seconds(modified),
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
        "component": code(component),
        "handler": four_cc(handler),
        "vendor": code(vendor),
        "name": text(name.split(b"\0", 1)[0]),
    }


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


def _padding(data: bytes, _parent: str, _scope: Scope) -> Fields:
    """Some writers sign themselves in the padding."""
    head = readable(data)
    return {"text": head} if len(head) > 3 else {}


def _keys(data: bytes, parent: str, scope: Scope) -> Fields:
    """Names of metadata items; in a sample entry of timed metadata the keys are boxes inside."""
    return {} if parent == "mebx" else keys(data, scope)


def _entry(raw: bytes, data: bytes, scope: Scope) -> Fields:
    """Sections 8.5.2, 12.1.3 and 12.2.3."""
    if scope.handler == "vide" and raw != b"mp4s":
        vendor, width, height = struct.unpack_from(">4x4s8xHH", data, 8)
        name = data[42:74]
        name = name[1 : 1 + name[0]] if name and name[0] < len(name) else name
        fields: Fields = {"width": width, "height": height, "vendor": code(vendor)}
        return fields | {"compressor": text(name.split(b"\0", 1)[0])}
    if scope.handler == "soun":
        version, vendor, channels, rate = struct.unpack_from(">H2x4sH6xI", data, 8)
        if version == 2 and len(data) >= 44:
            real, channels = struct.unpack_from(">dI", data, 32)
            rate = int(real) << 16 if 0 < real < 1 << 32 else 0
        return {"channels": channels, "rate": rate >> 16, "vendor": code(vendor)}
    return {}


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
    b"keys": _keys,
    b"free": _padding,
    b"skip": _padding,
}
