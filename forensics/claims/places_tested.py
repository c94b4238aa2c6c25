"""Do the places that a file states, follows or marks lie in the stated place of the event?

A place is a point with a radius, or an area. Positions of satellites are good to some metres, those of a
phone indoors to a kilometre: that much is allowed for on top of the radius.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import shapely

from forensics.inside.places import distance_km
from forensics.model import (
    Caveat,
    Claim,
    Diagnostic,
    Direction,
    Finding,
    Measurement,
    Outcome,
    Place,
)
from forensics.model.questions import EVENT_PLACE, STATED_PLACE
from forensics.sky.region import KM_A_DEGREE, position

ERROR_KM: Final = 1.0
"""By which a stated position may be off."""
ZONE_HOURS: Final = 4.0
"""No civil time differs from the sun's at its place by more: western China's by three, none by four."""

OWN_WORD: Final = Caveat(
    id="own-word", text="Times and places in a file are the file's own word: anyone can write them."
)
_AUTHOR: Final = Caveat(
    id="author-chose",
    text="What a map, a track or a list of places marks is what its author wrote.",
)
_DRONE: Final = Caveat(
    id="camera-not-scene",
    text="Telemetry says where the camera was; what it looks at can lie further off.",
)
_OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2})")


def outside_km(place: Place, lat: float, lon: float) -> float | None:
    """Returns how far outside of a place a point lies, 0 within it; None of a place without coordinates."""
    if place.area:
        return _outside_area(place, lat, lon)
    if place.lat is None or place.lon is None:
        return None
    km = distance_km(lat, lon, float(place.lat), float(place.lon))
    return max(0.0, km - float(place.radius_km or 0))


def against_place(outcomes: Sequence[Outcome], place: Place) -> Iterator[Finding]:
    """Yields where stated coordinates, telemetry and marked places lie from the place of the event."""
    for o in outcomes:
        for f in o.findings:
            if (o.analysis, f.id) == ("metadata", "place-stated"):
                yield from _stated(f, place)
            elif (o.analysis, f.id) == ("metadata", "places-marked"):
                yield from _marked(f, place)
            elif (o.analysis, f.id) == ("metadata", "track-stated"):
                yield from _followed(f, place)


def _stated(finding: Finding, place: Place) -> Iterator[Finding]:
    values = {m.key: str(m.value) for m in finding.measurements}
    point = position(values.get("latitude", ""), values.get("longitude", ""))
    beyond = outside_km(place, *point) if point else None
    if point is None or beyond is None:
        return
    far = beyond > ERROR_KM
    if place.area:
        template = (
            "The place that the file states lies {distance} km outside the stated area of the event."
            if far
            else "The place that the file states lies within the stated area of the event, or within the "
            "{error} km by which a stated place may be off."
        )
        measured: tuple[Measurement, ...] = (_km("distance", beyond), _km("error", ERROR_KM))
    else:
        km = distance_km(*point, float(place.lat or 0), float(place.lon or 0))
        template = (
            "The place that the file states lies {distance} km from the stated place of the event, outside "
            "its radius of {radius} km."
            if far
            else "The place that the file states lies {distance} km from the stated place of the event, "
            "within its radius of {radius} km."
            if beyond == 0
            else "The place that the file states lies {distance} km from the stated place of the event, "
            "within its radius of {radius} km and the {error} km by which a stated place may be off."
        )
        measured = (_km("distance", km), _radius(place), _km("error", ERROR_KM))
    yield Finding(
        id="stated-outside-place" if far else "stated-inside-place",
        template=template,
        measurements=measured,
        question=EVENT_PLACE,
        direction=Direction.SUPPORTS_H2 if far else Direction.SUPPORTS_H1,
        diagnostic=Diagnostic.YES if far else Diagnostic.UNKNOWN,
        caveats=(OWN_WORD,),
    )


def _followed(finding: Finding, place: Place) -> Iterator[Finding]:
    """A track of telemetry: all of it within the place, some of it, or nothing."""
    track = next((str(m.value) for m in finding.measurements if m.key == "track"), "")
    beyond = [outside_km(place, *point) for point in read_track(track)]
    away = [km for km in beyond if km is not None]
    if not away:
        return
    inside = sum(km <= ERROR_KM for km in away)
    counted = (
        Measurement(key="inside", value=inside, unit="count"),
        Measurement(key="positions", value=len(away), unit="count"),
        _km("nearest", min(away)),
        _km("error", ERROR_KM),
    )
    caveats = (OWN_WORD, _DRONE)
    if inside == len(away):
        yield Finding(
            id="track-inside-place",
            template="All {positions} positions of the camera that are tested lie within the stated "
            "place of the event, or within {error} km of it.",
            measurements=counted,
            question=EVENT_PLACE,
            direction=Direction.SUPPORTS_H1,
            caveats=caveats,
        )
    elif inside:
        yield Finding(
            id="track-partly-inside",
            template="{inside} of {positions} positions of the camera that are tested lie within the "
            "stated place of the event, or within {error} km of it; the others lie outside.",
            measurements=counted,
            question=EVENT_PLACE,
            caveats=caveats,
        )
    else:
        yield Finding(
            id="track-outside-place",
            template="None of {positions} positions of the camera that are tested lies within the "
            "stated place of the event; the nearest is {nearest} km outside.",
            measurements=counted,
            question=EVENT_PLACE,
            direction=Direction.SUPPORTS_H2,
            diagnostic=Diagnostic.YES,
            caveats=caveats,
        )


def read_track(text: str) -> list[tuple[float, float]]:
    """Returns latitudes and longitudes of "57.98,33.25;57.99,33.26"; what is no position is left out."""
    found = []
    for pair in text.split(";"):
        lat, _, lon = pair.partition(",")
        point = position(lat, lon)
        if point:
            found.append(point)
    return found


def _marked(finding: Finding, place: Place) -> Iterator[Finding]:
    """Where places as data lie. Their author chose them: it decides nothing."""
    sides = {m.key: str(m.value) for m in finding.measurements}
    near = _to_extent(place, sides)
    if near is None:
        return
    km, whole = near
    radius = float(place.radius_km or 0)
    far = km > radius
    template = (
        "The places that the file marks lie {distance} km from the stated place of the event at the "
        "nearest, outside its radius of {radius} km."
        if far
        else "All places that the file marks lie within the radius of {radius} km around the stated place of "
        "the event."
        if whole <= radius
        else "The places that the file marks lie {distance} km from the stated place of the event at the "
        "nearest, within its radius of {radius} km."
    )
    yield Finding(
        id="marked-outside-place" if far else "marked-inside-place",
        template=template,
        measurements=(
            Measurement(key="distance", value=f"{km:.0f}", unit="km"),
            Measurement(key="radius", value=f"{radius:g}", unit="km"),
        ),
        question=EVENT_PLACE,
        caveats=(_AUTHOR,),
    )


def _to_extent(place: Place, sides: Mapping[str, str]) -> tuple[float, float] | None:
    """Kilometres from a point to the nearest and to the furthest one between four sides.

    None where they bound nothing, and of an area without a centre.
    """
    if place.lat is None or place.lon is None:
        return None
    lat, lon = float(place.lat), float(place.lon)
    try:
        south, north, west, east = (float(sides[k]) for k in ("south", "north", "west", "east"))
    except (KeyError, ValueError):
        return None
    if not (-90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
        return None
    level = min(max(lat, south), north)
    across = west <= lon <= east if west <= east else lon >= west or lon <= east
    corners = [distance_km(lat, lon, y, x) for y in (south, north) for x in (west, east)]
    # On one side of a box the nearest point need not lie at the same latitude, but never far from it.
    near = (
        distance_km(lat, lon, level, lon)
        if across
        else min(distance_km(lat, lon, level, side) for side in (west, east))
    )
    return near, max(corners)


def _outside_area(place: Place, lat: float, lon: float) -> float:
    """Distance to an area on a plane that is true to scale around the area's middle."""
    corners = np.array([(float(y), float(x)) for y, x in place.area])
    # Longitudes are taken from the first corner's, so that an area over the date line stays whole.
    first = corners[0, 1]
    corners[:, 1] = first + (corners[:, 1] - first + 180.0) % 360.0 - 180.0
    middle = corners.mean(axis=0)
    narrow = np.cos(np.radians(middle[0]))

    def plane(y: float, x: float) -> tuple[float, float]:
        east = (x - middle[1] + 180.0) % 360.0 - 180.0
        return float(east * narrow * KM_A_DEGREE), float((y - middle[0]) * KM_A_DEGREE)

    ring = [plane(y, x) for y, x in corners.tolist()]
    shape = shapely.Polygon(ring) if len(ring) > 2 else shapely.MultiPoint(ring)
    return float(shapely.distance(shapely.make_valid(shape), shapely.Point(plane(lat, lon))))


def zones(outcomes: Sequence[Outcome], claim: Claim | None) -> Iterator[Finding]:
    """Yields stated zones that are no civil time anywhere near the place that is stated with them."""
    if claim and claim.place and claim.place.lon and claim.event_zone:
        yield from _zone(claim.event_zone, float(claim.place.lon), of_claim=True)
    own = [f for o in outcomes if o.analysis == "metadata" for f in o.findings]
    east = next((str(m.value) for f in own for m in f.measurements if m.key == "longitude"), "")
    point = position("0", east)
    said = {
        str(m.value)[-6:]
        for f in own
        if f.id == "dates-stated"
        for m in f.measurements
        if m.key == "captured"
    }
    for zone in sorted(said) if point else ():
        yield from _zone(zone, point[1] if point else 0.0, of_claim=False)


def _zone(zone: str, lon: float, *, of_claim: bool) -> Iterator[Finding]:
    found = _OFFSET.fullmatch(zone.strip())
    if not found:  # a name, "Z", or none: nothing to compare
        return
    hours = (int(found[2]) + int(found[3]) / 60) * (-1 if found[1] == "-" else 1)
    off = abs((hours - lon / 15 + 12) % 24 - 12)
    if off > ZONE_HOURS:
        yield Finding(
            id="zone-far-from-place",
            template="The zone in which the event's time is stated ({zone}) is {off} hours away from "
            "the sun's time at its stated place: no zone there is."
            if of_claim
            else "The zone that the file states for its time ({zone}) is {off} hours away from the sun's "
            "time at the place that it states: no zone there is.",
            measurements=(
                Measurement(key="zone", value=zone.strip(), unit="text"),
                Measurement(key="off", value=f"{off:.1f}", unit="h"),
            ),
            question=None if of_claim else STATED_PLACE,
            caveats=(
                Caveat(
                    id="zone-of-home",
                    text="A traveller's camera can keep the zone of home, and an office can state its own.",
                ),
            ),
        )


def _km(key: str, value: float) -> Measurement:
    return Measurement(key=key, value=f"{value:.1f}", unit="km")


def _radius(place: Place) -> Measurement:
    return Measurement(key="radius", value=place.radius_km or "0", unit="km")
