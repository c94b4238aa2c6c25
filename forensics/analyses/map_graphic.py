"""What does a map graphic state, where does it lie on the earth, and does it agree with itself?

The names on it are read and looked up, a projection is fitted to them, and what is drawn is measured through
that fit. Everything here is about the drawing: none of it says that an event happened. See docs/maps.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from forensics.maps.asset import ReadMap, read_asset
from forensics.maps.days import read_dates
from forensics.maps.drawn import base_picture, over_graphic
from forensics.maps.fitted import elsewhere
from forensics.maps.nearly import nearly
from forensics.maps.trace import Traces, traces
from forensics.maps.words import DRAWING, accepted, expectation, kilometres, track_words
from forensics.model import (
    Asset,
    Capability,
    Caveat,
    Context,
    Diagnostic,
    Finding,
    Measurement,
    MediaKind,
    Pillar,
    Quantity,
    Where,
)
from forensics.model.map import Box2D, ControlPoint, MapReading, Placement

MAX_TRACKS = 12
MAX_NAMES = 24
MAX_TEXT = 200


class MapGraphic:
    """See the module's docstring."""

    name: ClassVar[str] = "map-graphic"
    version: ClassVar[int] = 1
    applies_to: ClassVar[frozenset[MediaKind]] = frozenset(
        {MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT, MediaKind.DRAWING}
    )
    needs: ClassVar[frozenset[Capability]] = frozenset()
    examines: ClassVar[frozenset[Pillar]] = frozenset({Pillar.DATE, Pillar.LOCATION})
    viewing_aid: ClassVar[bool] = False
    quantities: ClassVar[tuple[Quantity, ...]] = (
        Quantity(
            key="picture", unit="number", meaning="Which page or picture holds the map, from 1."
        ),
        Quantity(key="sureness", unit="text", meaning="How sure it is that this is a map."),
        Quantity(key="fitting", unit="count", meaning="Labels that the fit rests on."),
        Quantity(key="labels", unit="count", meaning="Labels that name a place of the gazetteer."),
        Quantity(
            key="projection", unit="text", meaning="The projection that fits best for its freedom."
        ),
        Quantity(
            key="residual",
            unit="km",
            meaning="Median distance of a label's place from where the fit without that label puts it.",
        ),
        Quantity(key="worst", unit="km", meaning="The largest of those distances."),
        Quantity(
            key="chance",
            unit="fits",
            meaning="Fits as good that are expected of labels which stand anywhere.",
            source="Desolneux, Moisan, Morel, 2008",
        ),
        Quantity(key="gazetteer", unit="text", meaning="The gazetteer, its version and its date."),
        Quantity(
            key="why", unit="text", meaning="Why the map could not be placed, or what was compared."
        ),
        Quantity(key="label", unit="text", meaning="A label as it was read."),
        Quantity(key="number", unit="number", meaning="The track's number in the pictures."),
        Quantity(
            key="track", unit="text", meaning="Ends, length and direction of a track, with errors."
        ),
        Quantity(key="length", unit="km", meaning="Length of a track on the ground."),
        Quantity(key="tracks", unit="count", meaning="Lines and arrows that were made out."),
        Quantity(
            key="symbols", unit="count", meaning="How often a symbol is drawn outside the legend."
        ),
        Quantity(key="error", unit="count", meaning="By which that count may be off."),
        Quantity(key="symbol", unit="text", meaning="Shape and colour of a symbol."),
        Quantity(key="statement", unit="text", meaning="What the graphic states, as it was read."),
        Quantity(key="date", unit="date", meaning="A date that the graphic states."),
        Quantity(
            key="language", unit="text", meaning="A language of the lettering, by its letters."
        ),
        Quantity(key="colour", unit="text", meaning="A colour that covers much of the graphic."),
        Quantity(key="font", unit="text", meaning="A font that the file names."),
        Quantity(key="program", unit="text", meaning="A program that the file names."),
    )
    caveats: ClassVar[tuple[Caveat, ...]] = (
        Caveat(id="drawing", text=DRAWING),
        Caveat(
            id="misread",
            text=(
                "Lettering and drawing are read by machine. A misread name or figure, a schematic arrow or a "
                "symbol that stands for several changes the results: compare them with the graphic."
            ),
        ),
        Caveat(
            id="borders",
            text=(
                "Borders and coasts that tracks are held against are Natural Earth's, which draws land as "
                "it is controlled, but Crimea with Ukraine. They are a backdrop, and take no side."
            ),
        ),
    )

    def run(self, asset: Asset, context: Context) -> Iterator[Finding]:
        """Yields that it is a map, where it lies, what is drawn, what it states, and its traces."""
        found = read_asset(asset, context)
        reading, placement = found.reading, found.reading.placement
        context.check_deadline()
        yield _recognised(context, found)
        if placement is not None:
            yield _placed(context, reading, placement)
            yield from _misfits(reading, placement)
        yield from _tracks(reading)
        yield from _markers(reading)
        yield from _statements(reading)
        yield from _dates(reading)
        yield from _traced(traces(found.pixels, reading.lettering, context.carried))


def _text(key: str, value: str, where: Where | None = None) -> Measurement:
    return Measurement(key=key, value=value[:MAX_TEXT], unit="text", where=where)


def _label(point: ControlPoint) -> Measurement:
    return _text("label", point.label, Where(region=(round(point.x), round(point.y), 1, 1)))


def _count(key: str, value: int, unit: str = "count") -> Measurement:
    return Measurement(key=key, value=value, unit=unit)


def _recognised(context: Context, found: ReadMap) -> Finding:
    number = found.picture + 1
    which = "Picture {picture} of the file is read as a map graphic." if found.picture else ""
    return Finding(
        id="map-graphic",
        template=f"{which or 'The picture is read as a map graphic.'} {{sureness}}.",
        measurements=(
            *((_count("picture", number, "number"),) if found.picture else ()),
            _text("sureness", found.reading.sureness.rstrip(".")),
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(
            context.exhibit(
                "graphic-read",
                over_graphic(found.reading, found.pixels),
                "The graphic, paled, with what was read: whole boxes around names of places, dotted ones "
                "around other text, discs where a name fits, crosses where it does not, and tracks with "
                "their numbers.",
            ),
        ),
    )


def _placed(context: Context, reading: MapReading, placement: Placement) -> Finding:
    points = placement.control_points
    counted = (
        _count("fitting", accepted(placement)),
        _count("labels", len(points) + len(placement.unmatched)),
    )
    source = _text("gazetteer", placement.gazetteer)
    near = nearly(reading)[:MAX_NAMES]
    unsure = " Not relied on, for they stand by their places but their own points could not be told: {label}."
    if not placement.placed or placement.residual_km is None or placement.worst_km is None:
        return Finding(
            id="not-placed",
            template="Where the map lies on the earth cannot be tested. {why} Gazetteer: {gazetteer}.",
            measurements=(_text("why", placement.why), *counted, source),
            diagnostic=Diagnostic.NO,
        )
    return Finding(
        id="placed",
        template=(
            "{fitting} of {labels} names on the map agree on where it lies on the earth (projection: "
            "{projection}). Each left out in turn, they miss their places by {residual} km (median), by "
            "{worst} km at most; {chance} fits as good are expected by chance. Gazetteer: {gazetteer}."
            f"{unsure if near else ''}"
        ),
        measurements=(
            *counted,
            *(_label(point) for point in near),
            _text("projection", placement.projection),
            Measurement(key="residual", value=kilometres(placement.residual_km), unit="km"),
            Measurement(key="worst", value=kilometres(placement.worst_km), unit="km"),
            Measurement(key="chance", value=expectation(placement.chance or 0.0), unit="fits"),
            source,
        ),
        diagnostic=Diagnostic.NO,
        exhibits=(
            context.exhibit(
                "base-map",
                base_picture(reading),
                "The same on a neutral base map of land and borders by Natural Earth: discs at places that "
                "fit, dotted lines to where the graphic draws them, tracks with their numbers.",
            ),
        ),
    )


def _misfits(reading: MapReading, placement: Placement) -> Iterator[Finding]:
    near = nearly(reading)
    off = [p for p in placement.control_points if not p.accepted and p not in near]
    if not placement.placed:
        return
    away = [p for p in off if elsewhere(placement, (p.x, p.y))]
    said = {
        "Names that do not fit where the others put them: {label}. Each is misread, misplaced or wrong.": [
            point for point in off if point not in away
        ],
        "Names that do not fit, in a part of the graphic where none does: {label}. It may be another map, or"
        " they are misread, misplaced or wrong.": away,
    }
    for template, points in said.items():
        if points:
            yield Finding(
                id="labels-do-not-fit",
                template=template,
                measurements=tuple(_label(point) for point in points[:MAX_NAMES]),
                diagnostic=Diagnostic.NO,
            )


def _tracks(reading: MapReading) -> Iterator[Finding]:
    for number, track in enumerate(reading.tracks[:MAX_TRACKS], 1):
        length = track.length_km
        yield Finding(
            id="track",
            template="Track {number} is drawn: {track}.",
            measurements=(
                _count("number", number, "number"),
                Measurement(key="track", value=track_words(track), unit="text"),
                *(
                    ()
                    if length is None
                    else (Measurement(key="length", value=kilometres(length), unit="km"),)
                ),
            ),
            diagnostic=Diagnostic.NO,
        )
    if len(reading.tracks) > MAX_TRACKS:
        yield Finding(
            id="more-tracks",
            template=(
                "{tracks} tracks are drawn in all; `forensics map measure` tells of those that are not "
                "told here."
            ),
            measurements=(_count("tracks", len(reading.tracks)),),
            diagnostic=Diagnostic.NO,
        )


def _markers(reading: MapReading) -> Iterator[Finding]:
    for marker in reading.markers:
        yield Finding(
            id="symbols",
            template="A symbol ({symbol}) is drawn {symbols} times, give or take {error}.",
            measurements=(
                _text("symbol", f"{marker.kind}, {marker.colour}"),
                _count("symbols", marker.count),
                _count("error", marker.error),
            ),
            diagnostic=Diagnostic.NO,
        )


def _statements(reading: MapReading) -> Iterator[Finding]:
    for statement in reading.statements:
        measured = (
            _text("statement", statement.text, _where(statement.box)),
            Measurement(key="why", value=statement.why, unit="text"),
        )
        if statement.holds is False:
            yield Finding(
                id="statement-does-not-hold",
                template=(
                    "What the graphic states does not agree with what else it shows: “{statement}”. {why} "
                    "It was misread, or is drawn schematically, or is wrong."
                ),
                measurements=measured,
                diagnostic=Diagnostic.UNKNOWN,
            )
        elif statement.holds:
            yield Finding(
                id="statement-holds",
                template="What the graphic states agrees with what else it shows: “{statement}”. {why}",
                measurements=measured,
                diagnostic=Diagnostic.NO,
            )
        elif statement.kind != "date":  # dates are told together
            yield Finding(
                id="statement-not-tested",
                template="What the graphic states cannot be tested: “{statement}”. {why}",
                measurements=measured,
                diagnostic=Diagnostic.NO,
            )


def _where(box: Box2D | None) -> Where | None:
    if box is None:
        return None
    values = (box.x, box.y, box.width, box.height)
    x, y, width, height = (max(0, round(value)) for value in values)
    return Where(region=(x, y, width, height))


def _dates(reading: MapReading) -> Iterator[Finding]:
    dates = {day for line in reading.lettering for day in read_dates(line.text)[0]}
    if dates:
        yield Finding(
            id="states-date",
            template="The map states a date: {date}. That is its author's word.",
            measurements=tuple(
                Measurement(key="date", value=day.isoformat(), unit="date") for day in sorted(dates)
            ),
            diagnostic=Diagnostic.NO,
        )


def _traced(found: Traces) -> Iterator[Finding]:
    told = {
        "Language of the lettering: {language}.": ("language", found.languages),
        "Colours that cover most of it: {colour}.": ("colour", found.palette),
        "Fonts that the file names: {font}.": ("font", found.fonts),
        "Programs that the file names: {program}.": ("program", found.programs),
    }
    kept = {sentence: pair for sentence, pair in told.items() if pair[1]}
    if kept:
        yield Finding(
            id="traces",
            template=" ".join(kept),
            measurements=tuple(
                _text(key, value) for key, values in kept.values() for value in values
            ),
            diagnostic=Diagnostic.NO,
        )
