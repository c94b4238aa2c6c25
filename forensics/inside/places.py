"""Where a file says that it was made: degrees of latitude and longitude from the forms that formats use.

Sources: CIPA DC-008 section 4.6.6 (GPS fields), ISO 16684-2 section 6.3.3 (GPSCoordinate of XMP), ISO 6709
annex H (in QuickTime and Android files).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import asin, cos, radians, sin, sqrt
from typing import Final

_ISO_6709: Final = re.compile(r"([+-]\d{1,2}(?:\.\d{1,12})?)([+-]\d{1,3}(?:\.\d{1,12})?)")
_COORDINATE: Final = re.compile(
    r"(\d{1,3}),(\d{1,2}(?:\.\d{1,12})?)(?:,(\d{1,2}(?:\.\d{1,12})?))?([NSEW])", re.ASCII
)
_NUMBER: Final = re.compile(r"-?\d{1,10}(?:\.\d{1,12}|/-?0*[1-9]\d{0,9})?", re.ASCII)
_BETWEEN: Final = re.compile(r"[][,°'\":\s]+")
_TEXTS: Final = (
    "com.apple.quicktime.location.ISO6709",
    "location",
    "location-eng",
    "LOCATION",
    "©xyz",
    "loci",
)
FIELDS: Final = frozenset(
    {
        *_TEXTS,
        "GPS GPSLatitude",
        "GPS GPSLatitudeRef",
        "GPS GPSLongitude",
        "GPS GPSLongitudeRef",
        "GPS GPSDate",
        "GPS GPSTimeStamp",
        "exif:GPSLatitude",
        "exif:GPSLongitude",
    }
)
"""Fields that are read here."""

EARTH_KM: Final = 6371.0088
"""Mean radius of the earth (IUGG)."""

Place = tuple[str, str, str]
"""Degrees north and east (WGS 84), six decimals, and the field that states them."""


def places(known: Mapping[str, str]) -> list[Place]:
    """Returns every place that a file states, given its fields; zero north and zero east is none."""
    found = [
        (_exif(known, "Latitude", "S"), _exif(known, "Longitude", "W"), "GPS GPSLatitude"),
        (_xmp(known, "Latitude", "NS"), _xmp(known, "Longitude", "EW"), "exif:GPSLatitude"),
        *((*_iso_6709(known.get(name, "")), name) for name in _TEXTS),
    ]
    return [
        (f"{float(north):.6f}", f"{float(east):.6f}", field)
        for north, east, field in found
        if north is not None
        and east is not None
        and abs(north) <= 90
        and abs(east) <= 180
        and (north or east)
    ]


def satellite_time(known: Mapping[str, str]) -> str:
    """Returns the time of satellite positioning as EXIF states it, in UTC; empty where it states none."""
    date, clock = known.get("GPS GPSDate", ""), _numbers(known.get("GPS GPSTimeStamp", ""))
    if not date or len(clock) != 3:
        return ""
    hour, minute, second = (int(v) for v in clock)
    return f"{date.strip()} {hour:02}:{minute:02}:{min(second, 59):02}"


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Returns the great-circle distance in kilometres between two places in degrees (haversine)."""
    p1, p2, dp, dl = radians(lat1), radians(lat2), radians(lat2 - lat1), radians(lon2 - lon1)
    h = sin(dp / 2) ** 2 + cos(p1) * cos(p2) * sin(dl / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(h)))


def _exif(known: Mapping[str, str], which: str, negative: str) -> Fraction | None:
    parts = _numbers(known.get(f"GPS GPS{which}", ""))
    reference = known.get(f"GPS GPS{which}Ref", "").strip()
    if not 1 <= len(parts) <= 3 or not reference or any(p < 0 for p in parts):
        return None
    value = sum((p / 60**i for i, p in enumerate(parts)), Fraction(0))
    return -value if reference[0].upper() == negative else value


def _xmp(known: Mapping[str, str], which: str, sides: str) -> Fraction | None:
    found = _COORDINATE.fullmatch(known.get(f"exif:GPS{which}", "").strip())
    if not found or found[4] not in sides:
        return None
    value = Fraction(found[1]) + Fraction(found[2]) / 60 + Fraction(found[3] or 0) / 3600
    return -value if found[4] == sides[1] else value


def _iso_6709(text: str) -> tuple[Fraction | None, Fraction | None]:
    """The place of "+55.7522+037.6156/"."""
    found = _ISO_6709.match(text)
    return (Fraction(found[1]), Fraction(found[2])) if found else (None, None)


def _numbers(text: str) -> list[Fraction]:
    """The numbers of [41, 24, 1849/50] and 41° 24' 36.98"; empty where one of them is no number.

    Only what the format can hold is read: "1e999999999" would be a number, too.
    """
    parts = [p for p in _BETWEEN.split(text[:200]) if p]
    return [_ratio(p) for p in parts] if all(map(_NUMBER.fullmatch, parts)) else []


def _ratio(text: str) -> Fraction:
    over, _, under = text.partition("/")
    return Fraction(over) / int(under or 1)
