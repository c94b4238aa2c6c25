"""Where and when the camera was while it recorded, as tracks of telemetry in an MP4 or MOV file state it.

Three forms are read: GoPro's (github.com/gopro/gpmf-parser: GPS5, GPS9, GPSU, GPSF, SCAL), Google's camera
motion metadata ("CAMM", types 5 and 6), and the subtitles of DJI's aircraft, in which places stand as text.
One position is taken of each sample. What has no fix of satellites is left out, and so is zero, zero.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from forensics.inside.bmff_samples import samples
from forensics.inside.window import Window
from forensics.media.boxtext import old_text
from forensics.model import Box

MAX_TRACKS: Final = 4
MAX_SAMPLE: Final = 1 << 16
"""Bytes read of one sample."""
_MAX_KEYS: Final = 2000
_GPS_EPOCH: Final = datetime(1980, 1, 6, tzinfo=UTC)
_LEAP_SECONDS: Final = 18
"""By which the satellites' clock is ahead of UTC since 2017; before that by some less."""
_GPS9_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_DJI_PLACE: Final = re.compile(r"GPS ?\((-?\d{1,3}\.\d{1,9}), ?(-?\d{1,2}\.\d{1,9})[,)]")
"""Longitude first, as DJI writes it."""
_DJI_NAMED: Final = re.compile(
    r"\[latitude ?: ?(-?\d{1,2}\.\d{1,9})\] ?\[long?t?itude ?: ?(-?\d{1,3}\.\d{1,9})\]"
)
_DJI_TIME: Final = re.compile(r"(\d{4})[-.](\d\d)[-.](\d\d) (\d\d):(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One position.

    Attributes:
        lat: Degrees north (WGS 84).
        lon: Degrees east.
        time: As stated, ISO 8601; with "Z" where the form has UTC; empty where there is none.
    """

    lat: float
    lon: float
    time: str = ""


def read_telemetry(window: Window, root: Box) -> tuple[str, tuple[Fix, ...]]:
    """Returns the form of the first track that holds positions, and them; none where there is no such track.

    Args:
        window: The file.
        root: Its boxes.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    tracks = [
        (track, form, reader)
        for path, track in root.walk()
        for form, reader in (("GoPro", _gopro), ("CAMM", _camm), ("DJI", _dji))
        if path == "moov/trak" and _holds(track, form)
    ]
    for track, form, reader in tracks[:MAX_TRACKS]:
        data = (window.read(at, min(size, MAX_SAMPLE)) for at, size in samples(window, track))
        found = tuple(fix for one in data for fix in islice(reader(one), 1))
        if found:
            return form, found
    return "", ()


def _holds(track: Box, form: str) -> bool:
    if form == "DJI":
        header = track.find("mdia/hdlr")
        return header is not None and header.fields.get("handler") in ("text", "sbtl")
    kind = {"GoPro": "gpmd", "CAMM": "camm"}[form]
    return track.find(f"mdia/minf/stbl/stsd/{kind}") is not None


def _fix(lat: float, lon: float, time: str = "") -> Iterator[Fix]:
    on_earth = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180
    if on_earth and (lat or lon):
        yield Fix(lat=lat, lon=lon, time=time)


def _gopro(data: bytes) -> Iterator[Fix]:
    scale: Sequence[int] = ()
    fixed, time = True, ""
    for key, kind, size, body in _keys(data):
        if key == b"STRM":
            scale, fixed, time = (), True, ""
        elif key == b"SCAL" and kind in b"lL" and size == 4:
            scale = struct.unpack(f">{len(body) // 4}i", body[: len(body) // 4 * 4])
        elif key == b"GPSF" and len(body) >= 4:
            fixed = int.from_bytes(body[:4], "big") in (2, 3)
        elif key == b"GPSU":
            time = _gopro_time(body)
        elif key == b"GPS5" and fixed and size == 20 and len(body) >= 20 and len(scale) >= 2:
            yield from _scaled(struct.unpack(">2i", body[:8]), scale, time)
        elif key == b"GPS9" and size == 32 and len(body) >= 32 and len(scale) >= 2:
            lat, lon, _, _, _, days, since, _, fix = struct.unpack(">7i2H", body[:32])
            if fix in (2, 3):
                yield from _scaled((lat, lon), scale, _gopro_days(days, since))


def _scaled(place: Sequence[int], scale: Sequence[int], time: str) -> Iterator[Fix]:
    if scale[0] and scale[1]:
        yield from _fix(place[0] / scale[0], place[1] / scale[1], time)


def _keys(data: bytes) -> Iterator[tuple[bytes, int, int, bytes]]:
    """Every key in stored order, those that hold others before what they hold."""
    at = 0
    for _ in range(_MAX_KEYS):
        if at + 8 > len(data):
            return
        key, kind, size, repeat = struct.unpack_from(">4sBBH", data, at)
        length = size * repeat
        at += 8
        if kind:
            yield key, kind, size, data[at : at + length]
            at += length + 3 & ~3
        else:
            yield key, kind, size, b""  # what it holds follows at once


def _gopro_time(body: bytes) -> str:
    """The time of "251228210411.123" (GPSU: two digits each from the year on, UTC)."""
    text = body[:12].decode("latin-1")
    if not re.fullmatch(r"\d{12}", text, re.ASCII):
        return ""
    parts = [text[i : i + 2] for i in range(0, 12, 2)]
    return f"20{parts[0]}-{parts[1]}-{parts[2]}T{parts[3]}:{parts[4]}:{parts[5]}Z"


def _gopro_days(days: int, since: int) -> str:
    """The time of days since 2000 and thousandths of a second since midnight (GPS9)."""
    if not (0 <= days < 36_525 and 0 <= since < 86_400_000):
        return ""
    return _iso(_GPS9_EPOCH + timedelta(days=days, milliseconds=since))


def _camm(data: bytes) -> Iterator[Fix]:
    kind = int.from_bytes(data[2:4], "little")
    if kind == 5 and len(data) >= 28:
        yield from _fix(*struct.unpack_from("<2d", data, 4))
    elif kind == 6 and len(data) >= 32:
        seconds, fix, lat, lon = struct.unpack_from("<di2d", data, 4)
        if fix in (2, 3):
            yield from _fix(lat, lon, _gps_time(seconds))


def _gps_time(seconds: float) -> str:
    if not (math.isfinite(seconds) and 0 < seconds < 4e9):
        return ""
    return _iso(_GPS_EPOCH + timedelta(seconds=seconds - _LEAP_SECONDS))


def _iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _dji(data: bytes) -> Iterator[Fix]:
    length = int.from_bytes(data[:2], "big")
    text = old_text(data[2 : 2 + length], 0)
    clock = _DJI_TIME.search(text)
    time = f"{clock[1]}-{clock[2]}-{clock[3]} {clock[4]}:{clock[5]}:{clock[6]}" if clock else ""
    if found := _DJI_NAMED.search(text):
        yield from _fix(float(found[1]), float(found[2]), time)
    elif found := _DJI_PLACE.search(text):
        yield from _fix(float(found[2]), float(found[1]), time)
