"""What is read from a map graphic: its lettering, where it lies on the earth, and what is drawn on it.

Positions are pixels of the graphic as it is shown upright, from its upper left corner, x to the right
and y down. Longitudes and latitudes are degrees east and north (WGS 84). A map is a drawing by its
author: every value here says what was drawn, never what happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReadBy(StrEnum):
    """Who read a text off the graphic."""

    MACHINE = "machine"
    FILE = "file"
    """The file carries the text itself, as vector files do."""
    PERSON = "person"


class PanelKind(StrEnum):
    """The parts that a map graphic is laid out in."""

    MAP = "map"
    INSET = "inset"
    LEGEND = "legend"
    TITLE = "title"
    TABLE = "table"
    SCALE_BAR = "scale-bar"
    NORTH_ARROW = "north-arrow"
    LOGO = "logo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box2D:
    """An upright rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of the graphic."""

    kind: PanelKind
    box: Box2D


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    """A line of text on the graphic.

    Attributes:
        text: As read; somebody's words, hostile until escaped.
        box: Around it.
        angle: Degrees by which it is turned clockwise; 0 for upright text.
        confidence: The reader's own, 0 to 100; None where the file or a person gave the text.
        by: Who read it.
    """

    text: str
    box: Box2D
    angle: float = 0.0
    confidence: int | None = None
    by: ReadBy = ReadBy.MACHINE


@dataclass(frozen=True, slots=True, kw_only=True)
class GazetteerPlace:
    """A place that the gazetteer knows.

    Attributes:
        id: The gazetteer's own number.
        name: Usual name in Latin letters.
        country: ISO 3166-1 code of two letters.
        lon: Degrees east.
        lat: Degrees north.
        population: People, as the gazetteer has it.
    """

    id: int
    name: str
    country: str
    lon: float
    lat: float
    population: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a label may name.

    Attributes:
        place: Which.
        name: The name of it that fits the label.
        edits: Letters by which the label differs from that name; common misreadings count less.
    """

    place: GazetteerPlace
    name: str
    edits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A text that may name a place, and the point of the graphic that it belongs to.

    Attributes:
        text: As read, or as the person gave it.
        x: Of the dot that it belongs to, or of the text's middle where it has none.
        y: As `x`.
        dotted: It belongs to a dot; else the point may be off by the label's own size.
        slack: Pixels by which the point may be off.
        by: Who read it.
        candidates: Places that it may name, likeliest first; empty where the gazetteer has none.
    """

    text: str
    x: float
    y: float
    dotted: bool
    slack: float
    by: ReadBy
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPoint:
    """A label that is taken for a place, and how well the fitted projection puts it there.

    Attributes:
        label: Text of the label.
        place: Which of its candidates.
        x: Of the label's point.
        y: As `x`.
        fitted_lon: Where the fit puts that point.
        fitted_lat: As `fitted_lon`.
        residual_km: From there to the place, on the ground.
        leverage: Share of its own position in its fitted one, 0 to 1: near 1 the residual says nothing.
        accepted: The fit rests on it.
        by: Who read it.
    """

    label: str
    place: GazetteerPlace
    x: float
    y: float
    fitted_lon: float
    fitted_lat: float
    residual_km: float
    leverage: float
    accepted: bool
    by: ReadBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A label that no place of the fit explains: misread, misplaced or wrong."""

    label: str
    x: float
    y: float
    why: str
    by: ReadBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a map lies on the earth, as far as its labels tell.

    Attributes:
        placed: At least five independent labels fit one projection, and chance does not explain it.
        why: In words, why it is placed or not.
        projection: Name of the projection; empty where nothing fits.
        parameters: The projection's own and those of the picture, by name.
        freedom: How many of them were fitted.
        residual_km: Median of the accepted points, left out one by one; None where that cannot be said.
        worst_km: The largest of them.
        chance: How many fits as good are expected when the labels are shuffled; None if not tried.
        tried: How many shuffles that rests on.
        control_points: Accepted and rejected ones.
        unmatched: Labels without a place that fits.
        gazetteer: Name, version and date of the gazetteer.
    """

    placed: bool
    why: str
    projection: str = ""
    parameters: tuple[tuple[str, float], ...] = ()
    freedom: int = 0
    residual_km: float | None = None
    worst_km: float | None = None
    chance: float | None = None
    tried: int = 0
    control_points: tuple[ControlPoint, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    gazetteer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundPoint:
    """A point of the graphic on the ground.

    Attributes:
        x: In the graphic.
        y: As `x`.
        lon: Degrees east; None where the map is not placed.
        lat: Degrees north.
        error_km: By which it may be off.
    """

    x: float
    y: float
    lon: float | None = None
    lat: float | None = None
    error_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A line or arrow that is drawn.

    Attributes:
        start: Its tail; for a line without a head the end that is further west, then south.
        end: Its head.
        arrow: It has a head.
        path: Pixels along it, from start to end: (x, y).
        colour: "#rrggbb" of most of it.
        length_km: On the ground; None where the map is not placed.
        error_km: By which the length may be off.
        bearing: Degrees clockwise from north, from start to end, at the start.
        crosses: Borders and coasts on its way, in order, in words.
    """

    start: GroundPoint
    end: GroundPoint
    arrow: bool
    path: tuple[tuple[float, float], ...]
    colour: str
    length_km: float | None = None
    error_km: float | None = None
    bearing: float | None = None
    crosses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A small symbol that is drawn several times.

    Attributes:
        kind: Its shape in a word or two ("cross", "dot", "ring", "symbol 1").
        colour: "#rrggbb".
        count: How often it is drawn outside the legend.
        error: By which the count may be off, where symbols touch or overlap.
        points: Where.
    """

    kind: str
    colour: str
    count: int
    error: int
    points: tuple[GroundPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A filled or outlined region that is drawn.

    Attributes:
        colour: "#rrggbb".
        outline: Its edge, in pixels.
        centre: Its middle.
        km2: On the ground; None where the map is not placed.
    """

    colour: str
    outline: tuple[tuple[float, float], ...]
    centre: GroundPoint
    km2: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something that the graphic states, and whether it holds against what else it shows.

    Attributes:
        text: As read.
        kind: "sum", "count", "date", "time", "scale", "launch-area", "target-area", "range", "speed"…
        holds: None where it cannot be tested.
        why: In words: what was compared, and what would make this wrong.
        box: Where it stands, or None.
    """

    text: str
    kind: str
    holds: bool | None
    why: str
    box: Box2D | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapReading:
    """Everything read from one graphic.

    Attributes:
        width: Of the graphic, in pixels.
        height: As `width`.
        sureness: How sure it is that this is a map, in words; empty where it is none.
        panels: Its layout.
        lettering: All text.
        labels: Texts that may name places.
        placement: Where it lies.
        tracks: Lines and arrows.
        markers: Repeated symbols.
        areas: Regions.
        statements: What it states, tested.
        notes: What could not be read, each a sentence.
    """

    width: int
    height: int
    sureness: str
    panels: tuple[Panel, ...] = ()
    lettering: tuple[Lettering, ...] = ()
    labels: tuple[Label, ...] = ()
    placement: Placement | None = None
    tracks: tuple[Track, ...] = ()
    markers: tuple[Marker, ...] = ()
    areas: tuple[Area, ...] = ()
    statements: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()
