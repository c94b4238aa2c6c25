"""Reads a map graphic, from its pixels to where it lies and what it states.

A person's labels and the machine's are both looked at; each says by whom it was read. Where the two name
the same place, or stand at the same point, the person's is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forensics.errors import MissingCapability
from forensics.maps.dots import Marks, alike, find_marks, joined
from forensics.maps.drawings import Drawings, find_drawings
from forensics.maps.ends_stated import ends_stated
from forensics.maps.fitted import beyond, elsewhere
from forensics.maps.gazetteer import Gazetteer, gazetteer
from forensics.maps.labels import labels
from forensics.maps.lettering import TEXTURED, read_lettering
from forensics.maps.panels import inside, on_map, panels
from forensics.maps.place import place
from forensics.maps.scales import scales
from forensics.maps.statements import statements
from forensics.maps.turned import read_turned
from forensics.model.map import (
    GroundPoint,
    Label,
    Lettering,
    MapReading,
    Panel,
    PanelKind,
    Placement,
    ReadBy,
    Statement,
)

_PARTS = {PanelKind.LEGEND, PanelKind.SCALE_BAR, PanelKind.NORTH_ARROW, PanelKind.INSET}
FEWEST_NAMES = 5
"""Texts that name places, on what may be a map although they fit none."""
ENOUGH = 8
"""Places named by a file's own text, for which the picture is not read as well."""
INKED = 40
"""Levels, 0 to 255, that differ where text is drawn."""
ANOTHER = (
    "Something is drawn among names that do not fit, perhaps on another map of the graphic: it is not put on"
    " the ground."
)
APART = "It stands apart from the names that fit, or in an inset, and may belong to another map."
NEAR = 12.0
"""Pixels within which a machine's label and a person's are the same one."""


def given_label(text: str, x: float, y: float) -> Label:
    """Returns a label as a person gives it: a name, and the very point that it belongs to."""
    return Label(
        text=text,
        x=x,
        y=y,
        dotted=True,
        slack=0.0,
        by=ReadBy.PERSON,
        candidates=gazetteer().candidates(text),
    )


def read_map(
    picture: NDArray[np.uint8],
    *,
    seed: int,
    given: Sequence[Label] = (),
    vector: Sequence[Lettering] = (),
) -> MapReading:
    """Reads a map graphic.

    Args:
        picture: RGB, uint8 of shape (height, width, 3), upright, as large as there is.
        seed: Decides the shuffles that tell how much chance could do.
        given: A person's labels (`given_label`).
        vector: Text that the file itself carries, in pixels of the picture; tesseract is asked only if
            fewer than `ENOUGH` places are named in it.

    Raises:
        MediaError: tesseract failed.
        LimitExceeded: It took too long.
    """
    known = gazetteer()
    notes: list[str] = []
    marks = find_marks(picture)
    lettering = tuple(line for line in vector if inked(picture, line))
    if len(lettering) < len(vector):
        hidden = len(vector) - len(lettering)
        notes.append(f"Texts that the file carries but does not show, left out: {hidden}.")
    if sum(bool(known.candidates(line.text)) for line in lettering) < ENOUGH:
        try:
            read = read_lettering(picture, textured=marks.crowd > TEXTURED)
            if marks.crowd <= TEXTURED:
                read += read_turned(picture, marks, read)
            lettering += tuple(
                line for line in read if not any(inside(line.box, own.box) for own in lettering)
            )
        except MissingCapability as error:
            notes.append(f"{error} {error.hint}".strip())
    layout = panels(picture, lettering)
    named = apart(given, _labels(picture, on_map(lettering, layout), marks, known), known)
    placement, fit = place(named, seed=seed, gazetteer=known.source)
    sure = sureness(placement, layout)
    drawn = Drawings(tracks=(), markers=(), areas=())
    if sure or given:  # on anything else strokes are looked for in vain, and long
        drawn = find_drawings(picture, lettering, layout, fit if placement.placed else None)
        drawn = on_the_map(drawn, placement)
    height, width = picture.shape[:2]
    return MapReading(
        width=width,
        height=height,
        sureness=sure,
        panels=layout,
        lettering=lettering,
        labels=named,
        placement=placement,
        tracks=drawn.tracks,
        markers=drawn.markers,
        areas=drawn.areas,
        statements=(
            *statements(lettering, drawn.markers),
            *(
                on_its_map(scale, placement, layout)
                for scale in scales(picture, lettering, fit if placement.placed else None)
            ),
            *ends_stated(
                lettering, drawn.tracks, _points(drawn), placement, (width, height), known
            ),
        ),
        notes=(*notes, *drawn.notes),
    )


def _labels(
    picture: NDArray[np.uint8], lettering: Sequence[Lettering], marks: Marks, known: Gazetteer
) -> tuple[Label, ...]:
    """Names with their dots; with those, too, that touch a line, once it is known how dots look here."""
    read = labels(lettering, marks, known)
    own = {(label.x, label.y) for label in read if label.dotted}
    more = alike(picture, [dot for dot in marks.dots if (dot.x, dot.y) in own])
    return labels(lettering, joined(marks, more), known) if more else read


def _points(drawn: Drawings) -> list[GroundPoint]:
    """Where symbols and areas are."""
    symbols = [point for marker in drawn.markers for point in marker.points]
    return [*symbols, *(area.centre for area in drawn.areas)]


def on_the_map(drawn: Drawings, placement: Placement) -> Drawings:
    """Returns what is drawn, with only that on the ground which lies on the map that was placed."""
    if not placement.placed:
        return drawn

    def off(point: GroundPoint) -> bool:
        return elsewhere(placement, (point.x, point.y))

    def bare(point: GroundPoint) -> GroundPoint:
        return GroundPoint(x=point.x, y=point.y)

    tracks = tuple(
        replace(
            track,
            start=bare(track.start),
            end=bare(track.end),
            length_km=None,
            error_km=None,
            bearing=None,
            crosses=(),
        )
        if off(track.start) or off(track.end)
        else track
        for track in drawn.tracks
    )
    markers = tuple(
        replace(marker, points=tuple(bare(p) if off(p) else p for p in marker.points))
        for marker in drawn.markers
    )
    areas = tuple(
        replace(area, centre=bare(area.centre), km2=None) if off(area.centre) else area
        for area in drawn.areas
    )
    notes = drawn.notes
    if tracks != drawn.tracks or markers != drawn.markers or areas != drawn.areas:
        notes += (ANOTHER,)
    return replace(drawn, tracks=tracks, markers=markers, areas=areas, notes=notes)


def on_its_map(scale: Statement, placement: Placement, layout: Sequence[Panel]) -> Statement:
    """Returns a test of a scale; one that may belong to another map contradicts nothing."""
    if scale.kind != "scale" or scale.holds is not False or scale.box is None:
        return scale
    box = scale.box
    at = (box.x + box.width / 2, box.y + box.height / 2)
    inset = any(p.kind is PanelKind.INSET and inside(box, p.box) for p in layout)
    if not inset and not beyond(placement, at) and not elsewhere(placement, at):
        return scale
    return replace(scale, holds=None, why=f"{scale.why} {APART}")


def inked(picture: NDArray[np.uint8], line: Lettering) -> bool:
    """Returns whether anything is drawn where a text is said to stand."""
    box = line.box
    rows, columns = (
        slice(max(int(low), 0), max(int(low + size) + 1, 0))
        for low, size in ((box.y, box.height), (box.x, box.width))
    )
    part = picture[rows, columns]
    return bool(part.size) and int(np.ptp(part.reshape(-1, 3).astype(int), axis=0).max()) >= INKED


def sureness(placement: Placement, layout: Sequence[Panel]) -> str:
    """Returns in words how sure it is that a graphic is a map; empty where nothing says so."""
    fitting = sum(point.accepted for point in placement.control_points)
    named = len(placement.control_points) + len(placement.unmatched)
    kinds = {panel.kind for panel in layout}
    parts = [kind.value.replace("-", " ") for kind in PanelKind if kind in kinds & _PARTS]
    beside = f"; beside it, {' and '.join(parts)}" if parts else ""
    if placement.placed:
        return f"A map: {fitting} of {named} names of places on it lie as on the ground{beside}."
    if named >= FEWEST_NAMES:
        return (
            f"Perhaps a map: {named} texts on it name places, but they fit no projection{beside}."
        )
    if PanelKind.SCALE_BAR in kinds:
        return f"Perhaps a map{beside}."
    return ""


def apart(given: Sequence[Label], read: Sequence[Label], known: Gazetteer) -> tuple[Label, ...]:
    """Returns a person's labels, and of the machine's those that they leave."""
    said = [
        label if label.candidates else replace(label, candidates=known.candidates(label.text))
        for label in given
    ]
    names = {label.text.casefold() for label in said}
    left = (
        label
        for label in read
        if label.text.casefold() not in names
        and all(np.hypot(label.x - s.x, label.y - s.y) > NEAR for s in said)
    )
    return (*said, *left)
