"""What was read from a map, as GeoJSON that geographic programs open (RFC 7946).

Every feature says in its properties what it is, by whom it was read and how far it may be off. Only a map
that could be placed has features: positions on the graphic alone mean nothing on the ground.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from forensics.maps.fitted import ground
from forensics.model.map import GroundPoint, MapReading, Placement

DIGITS = 5
"""Of degrees: about a metre, which is far finer than any graphic is."""


def feature_collection(reading: MapReading, *, sha256: str, tool: str) -> dict[str, Any]:
    """Returns a FeatureCollection; one without features where the map could not be placed.

    Args:
        reading: What was read.
        sha256: Of the graphic that was read.
        tool: Name and version of what read it.
    """
    placement = reading.placement
    placed = placement is not None and placement.placed
    return {
        "type": "FeatureCollection",
        "features": list(_features(reading, placement)) if placement and placed else [],
        "forensics": {
            "asset": sha256,
            "tool": tool,
            "placed": placed,
            "projection": placement.projection if placement and placed else None,
            "residual_km": rounded(placement.residual_km) if placement and placed else None,
            "gazetteer": placement.gazetteer if placement else None,
            "note": "A map is a drawing by its author: this says what was drawn, not what happened.",
        },
    }


def rounded(value: float | None, digits: int = 2) -> float | None:
    """Returns a number with so many digits behind the point; None stays None."""
    return None if value is None else round(value, digits)


def _features(reading: MapReading, placement: Placement) -> Iterator[dict[str, Any]]:
    yield from _control_points(placement)
    yield from _tracks(reading, placement)
    yield from _markers(reading)
    yield from _areas(reading, placement)


def _feature(kind: str, geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"kind": kind, **properties}}


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(lon, DIGITS), round(lat, DIGITS)]}


def _control_points(placement: Placement) -> Iterator[dict[str, Any]]:
    for point in placement.control_points:
        yield _feature(
            "control-point",
            _point(point.fitted_lon, point.fitted_lat),
            label=point.label,
            place=point.place.name,
            place_lon=point.place.lon,
            place_lat=point.place.lat,
            residual_km=round(point.residual_km, 2),
            accepted=point.accepted,
            by=str(point.by),
        )


def _tracks(reading: MapReading, placement: Placement) -> Iterator[dict[str, Any]]:
    for number, track in enumerate(reading.tracks, 1):
        if track.length_km is None:
            continue
        way = [
            [round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in ground(placement, track.path)
        ]
        yield _feature(
            "track",
            {"type": "LineString", "coordinates": way},
            number=number,
            arrow=track.arrow,
            colour=track.colour,
            length_km=round(track.length_km, 1),
            error_km=rounded(track.error_km, 1),
            crosses=list(track.crosses),
        )


def _markers(reading: MapReading) -> Iterator[dict[str, Any]]:
    for marker in reading.markers:
        for at in marker.points:
            if _known(at):
                yield _feature(
                    "marker",
                    _point(at.lon or 0.0, at.lat or 0.0),
                    symbol=marker.kind,
                    colour=marker.colour,
                    error_km=rounded(at.error_km, 1),
                )


def _areas(reading: MapReading, placement: Placement) -> Iterator[dict[str, Any]]:
    for area in reading.areas:
        if not _known(area.centre) or len(area.outline) < 3:
            continue
        ring = [
            [round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in ground(placement, area.outline)
        ]
        if _turns_left(ring) < 0:  # an outer ring runs counter-clockwise (RFC 7946 section 3.1.6)
            ring.reverse()
        yield _feature(
            "area",
            {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            colour=area.colour,
            km2=None if area.km2 is None else round(area.km2),
        )


def _known(point: GroundPoint) -> bool:
    return point.lon is not None and point.lat is not None


def _turns_left(ring: Sequence[Sequence[float]]) -> float:
    """Twice the signed area of a ring: positive where it runs counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
