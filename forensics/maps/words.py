"""What was read from a map in words and in numbers that say no more than is known."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from forensics.model.map import GroundPoint, Placement, Track

DRAWING: Final = (
    "A map is a drawing by its author: what is read from it says what was drawn, not what happened."
)
_BORDER: Final = re.compile(r"the border from (.+) into (.+)")
_BOUNDS: Final = ("0.000001", "0.00001", "0.0001", "0.001", "0.01", "0.1")
_WINDS: Final = (
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
)


def degrees(lon: float, lat: float) -> str:
    """Returns a place such as "51.52° N, 31.40° E": as fine as a kilometre, which no graphic is."""
    north, east = ("N" if lat >= 0 else "S"), ("E" if lon >= 0 else "W")
    return f"{abs(lat):.2f}° {north}, {abs(lon):.2f}° {east}"


def whereabouts(point: GroundPoint) -> str:
    """Returns a point in words, on the ground where that is known and else on the graphic."""
    if point.lon is None or point.lat is None:
        return f"pixel {point.x:.0f}, {point.y:.0f}"
    error = "" if point.error_km is None else f" (± {kilometres(point.error_km)} km)"
    return f"{degrees(point.lon, point.lat)}{error}"


def kilometres(value: float) -> str:
    """Returns a length in km: two digits that count for short ones, whole kilometres for others."""
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def wind(bearing: float) -> str:
    """Returns the eighth of the compass that a direction lies in."""
    return _WINDS[round(bearing / 45) % 8]


def track_words(track: Track) -> str:
    """Returns how long a track is and where it runs, without its number."""
    kind = "arrow" if track.arrow else "line"
    before, then = ("from", "to") if track.arrow else ("between", "and")
    said = f"{kind} ({track.colour}) {before} {whereabouts(track.start)} {then} {whereabouts(track.end)}"
    if track.length_km is not None:
        error = "" if track.error_km is None else f" ± {kilometres(track.error_km)}"
        said += f", {kilometres(track.length_km)}{error} km"
    if not track.arrow:
        said += ", without a head that was made out"
    elif track.bearing is not None:
        said += f", setting out {wind(track.bearing)}"
    return said + (f"; on its way: {crossings(track)}" if track.crosses else "")


def crossings(track: Track) -> str:
    """Returns what a track crosses, each border and coast once: a track along a border meets it often."""
    # A line without a head has no direction: neither have its crossings.
    counted = Counter(
        track.crosses if track.arrow else (_undirected(crossed) for crossed in track.crosses)
    )
    return ", ".join(
        crossed if times == 1 else f"{crossed} ({times} times)"
        for crossed, times in counted.items()
    )


def _undirected(crossed: str) -> str:
    """A crossing without its direction: "the border between Russia and Ukraine"."""
    border = _BORDER.fullmatch(crossed)
    if border is None:
        return crossed.split(", ", maxsplit=1)[0]
    one, other = sorted((border[1], border[2]))
    return f"the border between {one} and {other}"


def expectation(chance: float) -> str:
    """Returns an expected number of fits; a small one is reckoned so roughly that only a bound is given."""
    if chance >= 0.1:
        return f"{chance:.1f}"
    return "fewer than " + next(bound for bound in _BOUNDS if chance < float(bound))


def accepted(placement: Placement) -> int:
    """Returns how many labels the fit rests on."""
    return sum(point.accepted for point in placement.control_points)
