"""Places as texts of ISO 6709, in words."""

from __future__ import annotations

import re

_POINT = re.compile(
    r"([+-]\d{2,6}(?:\.\d{1,12})?)([+-]\d{3,7}(?:\.\d{1,12})?)([+-]\d{1,6}(?:\.\d{1,12})?)?"
)


def in_words(text: str) -> str:
    """Returns "47.37690 north, 8.54170 east, 408 m" for "+47.3769+008.5417+408/"; empty for other texts.

    ISO 6709:2008 annex H: latitude and longitude with their signs, in degrees, or degrees with minutes, or
    with minutes and seconds by the number of digits; then the height.
    """
    match = _POINT.match(text)
    if match is None:
        return ""
    latitude, longitude = _degrees(match[1], 2), _degrees(match[2], 3)
    if abs(latitude) > 90 or abs(longitude) > 180:
        return ""
    words = (
        f"{abs(latitude):.5f} {'south' if latitude < 0 else 'north'},"
        f" {abs(longitude):.5f} {'west' if longitude < 0 else 'east'}"
    )
    return words + (f", {float(match[3]):g} m" if match[3] else "")


def _degrees(text: str, digits: int) -> float:
    whole = text[1:].partition(".")[0]
    number = float(text[1:])
    if len(whole) >= digits + 4:
        found = number // 10_000 + number // 100 % 100 / 60 + number % 100 / 3600
    elif len(whole) >= digits + 2:
        found = number // 100 + number % 100 / 60
    else:
        found = number
    return -found if text[0] == "-" else found
