"""What was read from a map, for a terminal, as JSON ("forensics/map/1") and as GeoJSON."""

from __future__ import annotations

from typing import Any

import orjson
from rich.console import Console
from rich.text import Text

from forensics import __version__
from forensics.mapping import Mapped
from forensics.maps.geojson import feature_collection, rounded
from forensics.maps.words import (
    DRAWING,
    accepted,
    degrees,
    expectation,
    kilometres,
    track_words,
    whereabouts,
)
from forensics.model import Tool
from forensics.model.map import Area, GroundPoint, Marker, Placement, ReadBy, Statement, Track
from forensics.report import words
from forensics.report.clean import visible
from forensics.report.page import ACCENT, QUIET, Page, label
from forensics.report.values import of_tool

SCHEMA = "forensics/map/1"
PIXELS, DEGREES, KM = 1, 5, 2
"""Digits behind the point."""
READERS = {ReadBy.MACHINE: "", ReadBy.FILE: "  [as the file has it]", ReadBy.PERSON: "  [yours]"}
"""Who read a label, where it was not the machine."""
_NAME = 48
_MANY = 40


def render_placement(mapped: Mapped, console: Console) -> None:
    """Prints where a map lies, and which of its labels say so."""
    page = Page(console)
    _head(page, mapped)
    placement = mapped.reading.placement
    if placement is not None:
        _placement(page, placement)
    _notes(page, mapped)


def render_measures(mapped: Mapped, console: Console) -> None:
    """Prints what is drawn on a map and what it states."""
    page = Page(console)
    _head(page, mapped)
    reading = mapped.reading
    if reading.placement is not None and not reading.placement.placed:
        page.line("Not placed: lengths and places on the ground cannot be given.")
    page.heading("Tracks")
    for number, track in enumerate(reading.tracks, 1):
        page.beside(f"{number:>2}  ", track_words(track))
    if not reading.tracks:
        page.line("None were made out.")
    page.heading("Symbols and areas")
    for marker in reading.markers:
        give = f", give or take {marker.error}" if marker.error else ""
        page.line(f"{marker.count} × {marker.kind} ({marker.colour}){give}")
    for area in reading.areas:
        size = "" if area.km2 is None else f", {area.km2:,.0f} km²"
        page.line(f"area ({area.colour}) around {whereabouts(area.centre)}{size}")
    if not reading.markers and not reading.areas:
        page.line("None were made out.")
    page.heading("What it states")
    for statement in reading.statements:
        _statement(page, statement)
    if not reading.statements:
        page.line("Nothing was read that can be tested.")
    _notes(page, mapped)


def _head(page: Page, mapped: Mapped) -> None:
    reading = mapped.reading
    page.line(Text(visible(mapped.asset.name, 200), style="bold"), indent=0)
    page.beside(label("SHA-256"), words.short(mapped.asset.sha256))
    which = f", picture {mapped.picture + 1}" if mapped.picture else ""
    page.beside(label("Graphic"), f"{reading.width} × {reading.height} px{which}")
    if reading.sureness:
        page.beside(label("A map?"), reading.sureness)
    placement = reading.placement
    if placement is not None:
        page.beside(label("Placed"), ("yes. " if placement.placed else "no. ") + placement.why)


def _placement(page: Page, placement: Placement) -> None:
    if placement.placed:
        page.beside(
            label("Projection"), f"{placement.projection}; {placement.freedom} values fitted"
        )
        if placement.residual_km is not None and placement.worst_km is not None:
            median, worst = map(kilometres, (placement.residual_km, placement.worst_km))
            said = (
                f"{median} km (median), at most {worst} km, each label left out of the fit in turn"
            )
            page.beside(label("Misses"), said)
    if placement.chance is not None:
        page.beside(
            label("Chance"), f"{expectation(placement.chance)} fits as good are expected by chance"
        )
    page.beside(label("Gazetteer"), placement.gazetteer)
    points = placement.control_points
    page.heading(f"Labels: {accepted(placement)} of {len(points) + len(placement.unmatched)} fit")
    for point in sorted(points, key=lambda p: (not p.accepted, p.label)):
        if point.accepted:
            fits = f"{point.place.name}, {degrees(point.place.lon, point.place.lat)}"
            text = Text(f"{fits}; misses by {kilometres(point.residual_km)} km")
        else:
            nearest = (
                f"nearest of that name: {point.place.name}, {kilometres(point.residual_km)} km off"
            )
            text = Text("does not fit", style=ACCENT).append(f" ({nearest})", style="")
        lead = Text("+ " if point.accepted else "× ").append(f"{visible(point.label, _NAME)}: ")
        page.beside(lead, text.append(READERS[point.by], style=QUIET))
    for missed in placement.unmatched[:_MANY]:
        lead = Text(f"? {visible(missed.label, _NAME)}: ")
        text = Text(missed.why).append(READERS[missed.by], style=QUIET)
        page.beside(lead, text)
    if len(placement.unmatched) > _MANY:
        page.line(f"… {len(placement.unmatched) - _MANY} more", style=QUIET)
    if len(points) > accepted(placement):
        page.line("A label that does not fit is misread, misplaced or wrong.", style=QUIET)


def _statement(page: Page, statement: Statement) -> None:
    verdict = {True: "holds", False: "does not hold", None: "not tested"}[statement.holds]
    style = ACCENT if statement.holds is False else ""
    lead = Text(f"{verdict}: ", style=style)
    page.beside(
        lead, f"{visible(statement.text, 120)} ({statement.kind}). {visible(statement.why, 400)}"
    )


def _notes(page: Page, mapped: Mapped) -> None:
    page.gap()
    for note in mapped.reading.notes:
        page.line(visible(note, 400))
    page.line(DRAWING, style=QUIET)


def document(mapped: Mapped, tool: Tool, *, measured: bool) -> dict[str, Any]:
    """Returns what was read as JSON values; positions are pixels, degrees and km."""
    reading, placement = mapped.reading, mapped.reading.placement
    value: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": of_tool(tool),
        "asset": {"name": mapped.asset.name, "sha256": mapped.asset.sha256},
        "picture": {"number": mapped.picture + 1, "width": reading.width, "height": reading.height},
        "sureness": reading.sureness,
        **_placed(placement),
        "notes": list(reading.notes),
    }
    if measured:
        value |= {
            "tracks": [_track(track) for track in reading.tracks],
            "markers": [_marker(marker) for marker in reading.markers],
            "areas": [_area(area) for area in reading.areas],
            "statements": [_stated(statement) for statement in reading.statements],
        }
    return value


def to_json(mapped: Mapped, tool: Tool, *, measured: bool) -> bytes:
    """Returns the document as UTF-8 JSON that ends with a line break."""
    value = document(mapped, tool, measured=measured)
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def to_geojson(mapped: Mapped) -> bytes:
    """Returns a placed map as a GeoJSON FeatureCollection in UTF-8."""
    tool = f"forensics {__version__}"
    value = feature_collection(mapped.reading, sha256=mapped.asset.sha256, tool=tool)
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _placed(placement: Placement | None) -> dict[str, Any]:
    if placement is None:
        placement = Placement(placed=False, why="Nothing was read that could place it.")
    return {
        "placed": placement.placed,
        "why": placement.why,
        "projection": placement.projection or None,
        "parameters": dict(placement.parameters),
        "freedom": placement.freedom,
        "residual_km": rounded(placement.residual_km, KM),
        "worst_km": rounded(placement.worst_km, KM),
        "chance": placement.chance,
        "shuffles": placement.tried,
        "gazetteer": placement.gazetteer,
        "control_points": [
            {
                "label": point.label,
                "name": point.place.name,
                "geonames_id": point.place.id,
                "x": rounded(point.x, PIXELS),
                "y": rounded(point.y, PIXELS),
                "lon": point.place.lon,
                "lat": point.place.lat,
                "fitted_lon": rounded(point.fitted_lon, DEGREES),
                "fitted_lat": rounded(point.fitted_lat, DEGREES),
                "residual_km": rounded(point.residual_km, KM),
                "leverage": rounded(point.leverage, 3),
                "accepted": point.accepted,
                "by": point.by.value,
            }
            for point in placement.control_points
        ],
        "unmatched": [
            {
                "label": missed.label,
                "x": rounded(missed.x, PIXELS),
                "y": rounded(missed.y, PIXELS),
                "why": missed.why,
                "by": missed.by.value,
            }
            for missed in placement.unmatched
        ],
    }


def _point(point: GroundPoint) -> dict[str, Any]:
    return {
        "x": rounded(point.x, PIXELS),
        "y": rounded(point.y, PIXELS),
        "lon": rounded(point.lon, DEGREES),
        "lat": rounded(point.lat, DEGREES),
        "error_km": rounded(point.error_km, KM),
    }


def _track(track: Track) -> dict[str, Any]:
    return {
        "start": _point(track.start),
        "end": _point(track.end),
        "arrow": track.arrow,
        "length_km": rounded(track.length_km, KM),
        "error_km": rounded(track.error_km, KM),
        "bearing": rounded(track.bearing, 1),
        "colour": track.colour,
        "crosses": list(track.crosses),
        "path": [[round(x, PIXELS), round(y, PIXELS)] for x, y in track.path],
    }


def _marker(marker: Marker) -> dict[str, Any]:
    return {
        "kind": marker.kind,
        "colour": marker.colour,
        "count": marker.count,
        "error": marker.error,
        "points": [_point(point) for point in marker.points],
    }


def _area(area: Area) -> dict[str, Any]:
    return {
        "colour": area.colour,
        "centre": _point(area.centre),
        "km2": rounded(area.km2, 0),
        "outline": [[round(x, PIXELS), round(y, PIXELS)] for x, y in area.outline],
    }


def _stated(statement: Statement) -> dict[str, Any]:
    box = statement.box
    return {
        "text": statement.text,
        "kind": statement.kind,
        "holds": statement.holds,
        "why": statement.why,
        "box": [round(v, PIXELS) for v in (box.x, box.y, box.width, box.height)] if box else None,
    }
