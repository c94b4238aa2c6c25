"""What messages in coded streams say: who encoded with which settings, mastering, orientation, time codes.

Sources: ITU-T H.264 annex D, ITU-T H.265 annex D, AV1 specification, section 5.8, ISO/IEC 13818-2, section
6.3.8 (time code), x264 and x265 (form of their user data).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final
from uuid import UUID

from forensics.inside.codednames import (
    AV1_METADATA,
    MESSAGES,
    REGISTERED,
    TRANSFERS,
    USER_DATA,
    said,
)
from forensics.inside.making import part, utf8
from forensics.inside.window import Window
from forensics.media.bits import Bits
from forensics.media.seen import MAX_DATA, Message, Seen
from forensics.media.tracks import FIRST_SOUND
from forensics.media.units import Coding
from forensics.model import Part

MAX_OPTIONS: Final = 200
_UUID: Final = 16
_SHOWN: Final = 64
"""Bytes shown of what is no text."""
_ENCODER: Final = re.compile(r"(x26[45]) \D{0,12}([0-9]+)")
_AV1 = Coding.AV1


def of_messages(window: Window, seen: Seen, coding: Coding) -> Part | None:
    """Returns "Messages": those kept, and how many there are of each kind; None where there are none."""
    if not seen.counts:
        return None
    counts = [
        part(window, _name(coding, int(kind)), count, meaning="messages of this kind")
        for kind, count in seen.counts.items()
    ]
    kept = [_message(window, one, coding) for one in seen.messages]
    return part(
        window,
        "Messages",
        meaning="What stands between the coded pictures or in the first sound",
        parts=(*kept, part(window, "How many", parts=tuple(counts))),
    )


def time_code(coding: Coding, header: bytes) -> str:
    """Returns the time code in a header of a group of pictures, "hh:mm:ss:pictures"."""
    try:
        bits = Bits(header.ljust(4, b"\0"))
        if coding is Coding.MPEG4:
            hours, minutes, _, seconds = bits.take(5), bits.take(6), bits.take(1), bits.take(6)
            return f"{hours:02}:{minutes:02}:{seconds:02}"
        dropped = ";" if bits.take(1) else ":"
        hours, minutes, _ = bits.take(5), bits.take(6), bits.take(1)
        return f"{hours:02}:{minutes:02}:{bits.take(6):02}{dropped}{bits.take(6):02}"
    except ValueError:
        return ""


def _name(coding: Coding, kind: int) -> str:
    if kind == FIRST_SOUND:
        return "first sound"
    if coding in {Coding.MPEG1, Coding.MPEG2, Coding.MPEG4}:
        return "user data"
    return (AV1_METADATA if coding is _AV1 else MESSAGES).get(kind, f"message {kind}")


def _message(window: Window, one: Message, coding: Coding) -> Part:
    name = _name(coding, one.kind)
    where = (
        "in the decoder's configuration" if one.packet < 0 else f"first with packet {one.packet}"
    )
    cut = (
        f"Only the first {MAX_DATA} of {one.size} bytes were kept." if one.size > MAX_DATA else None
    )
    value, meaning, personal, parts = _content(window, one, coding)
    try:
        inner = tuple(parts)
    except (ValueError, IndexError):
        inner, cut = (), "The message ends before all of it could be read."
    return part(
        window,
        name,
        value,
        start=one.at,
        size=one.unit,
        meaning=f"{meaning}; {where}" if meaning else where,
        trouble=cut,
        personal=personal,
        parts=inner,
    )


_Content = tuple[int | str | None, str, bool, Iterator[Part]]


def _content(window: Window, one: Message, coding: Coding) -> _Content:
    data = one.data
    if one.kind == FIRST_SOUND:
        return utf8(data), "who encoded the sound, as stated", False, iter(())
    if coding in {Coding.MPEG1, Coding.MPEG2, Coding.MPEG4}:
        text = utf8(data)
        shown = text if text.isprintable() else data[:_SHOWN].hex()
        return shown, "user data", True, iter(())
    if one.kind == 4:
        return data[:_SHOWN].hex(), _registered(data), False, iter(())
    if coding is not _AV1 and one.kind == 5:
        return _user_data(window, data)
    reader = (_AV1_READERS if coding is _AV1 else _READERS).get(one.kind)
    return None, "", False, reader(window, data) if reader else iter(())


def _registered(data: bytes) -> str:
    for start, meaning in REGISTERED.items():
        if data.startswith(start):
            return meaning
    return "of a provider not known here" if data else "empty"


def _user_data(window: Window, data: bytes) -> _Content:
    if len(data) < _UUID:
        return None, "shorter than its own UUID", False, iter(())
    name = str(UUID(bytes=data[:_UUID]))
    kind = USER_DATA.get(name, "of a kind not known here")
    body = data[_UUID:]
    text = utf8(body)
    if not text.strip() or not text.replace("\n", " ").replace("\t", " ").isprintable():
        return body[:_SHOWN].hex(), f"{kind} ({name})", False, iter(())
    encoder = _ENCODER.match(text)
    return text, f"{kind} ({name})", encoder is None, _options(window, text)


def _options(window: Window, text: str) -> Iterator[Part]:
    """Settings of x264 or x265: "options: a=1 b=2 no-c"."""
    encoder, found, options = text.partition("options:")
    if not found or not _ENCODER.match(encoder):
        return
    version = " - ".join(encoder.split(" - ")[:2]).strip()
    yield part(window, "version", version, meaning="program and build")
    settings = []
    for option in options.split()[:MAX_OPTIONS]:
        name, equals, value = option.partition("=")
        settings.append(part(window, name, value if equals else "yes"))
    yield part(window, "settings", parts=tuple(settings))


def _recovery(window: Window, data: bytes) -> Iterator[Part]:
    bits = Bits(data)
    yield part(
        window, "recovery_count", bits.unsigned(), meaning="pictures until all is right again"
    )


def _orientation(window: Window, data: bytes) -> Iterator[Part]:
    bits = Bits(data)
    if bits.flag():
        return
    yield part(window, "hor_flip", bits.take(1), meaning="1: mirrored left to right")
    yield part(window, "ver_flip", bits.take(1), meaning="1: mirrored top to bottom")
    turn = round(Fraction(bits.take(16) * 360, 1 << 16))
    yield part(window, "anticlockwise_rotation", turn, meaning="degrees")


def _mastering(window: Window, data: bytes) -> Iterator[Part]:
    bits = Bits(data)
    yield from _primaries(window, bits, ("green", "blue", "red", "white"), 50_000)
    yield part(window, "brightest", _decimal(bits.take(32), 10_000), meaning="candela per m²")
    yield part(window, "darkest", _decimal(bits.take(32), 10_000), meaning="candela per m²")


def _mastering_av1(window: Window, data: bytes) -> Iterator[Part]:
    bits = Bits(data)
    yield from _primaries(window, bits, ("red", "green", "blue", "white"), 1 << 16)
    yield part(window, "brightest", _decimal(bits.take(32), 1 << 8), meaning="candela per m²")
    yield part(window, "darkest", _decimal(bits.take(32), 1 << 14), meaning="candela per m²")


def _primaries(window: Window, bits: Bits, names: tuple[str, ...], unit: int) -> Iterator[Part]:
    for name in names:
        x, y = _decimal(bits.take(16), unit), _decimal(bits.take(16), unit)
        yield part(window, name, f"{x}, {y}", meaning="chromaticity x, y")


def _light(window: Window, data: bytes) -> Iterator[Part]:
    bits = Bits(data)
    yield part(window, "brightest pixel", bits.take(16), meaning="candela per m²; 0: not known")
    yield part(window, "brightest mean", bits.take(16), meaning="candela per m²; 0: not known")


def _transfer(window: Window, data: bytes) -> Iterator[Part]:
    yield part(window, "preferred_transfer", data[0], meaning=said(TRANSFERS, data[0]))


def _hevc_time(window: Window, data: bytes) -> Iterator[Part]:
    """Time code (ITU-T H.265 section D.2.27): only full time stamps."""
    bits = Bits(data)
    for _ in range(bits.take(2)):
        if not bits.flag():
            continue
        bits.take(6)
        full = bits.flag()
        bits.take(2)
        pictures = bits.take(9)
        if not full:
            return
        seconds, minutes, hours = bits.take(6), bits.take(6), bits.take(5)
        shown = f"{hours:02}:{minutes:02}:{seconds:02}:{pictures:02}"
        yield part(window, "time", shown, meaning="hours, minutes, seconds, pictures")
        bits.take(bits.take(5))


_READERS: Final = {
    6: _recovery,
    47: _orientation,
    136: _hevc_time,
    137: _mastering,
    144: _light,
    147: _transfer,
}
_AV1_READERS: Final = {1: _light, 2: _mastering_av1}


def _decimal(number: int, unit: int) -> str:
    return f"{float(Fraction(number, unit)):.4f}".rstrip("0").rstrip(".")
