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
from forensics.maps.dots import find_marks
from forensics.maps.gazetteer import Gazetteer, gazetteer
from forensics.maps.labels import labels
from forensics.maps.lettering import TEXTURED, read_lettering
from forensics.maps.panels import on_map, panels
from forensics.maps.place import place
from forensics.maps.statements import statements
from forensics.model.map import (
    Label,
    Lettering,
    MapReading,
    Panel,
    PanelKind,
    Placement,
    ReadBy,
)

_PARTS = {PanelKind.LEGEND, PanelKind.SCALE_BAR, PanelKind.NORTH_ARROW, PanelKind.INSET}
FEWEST_NAMES = 5
"""Texts that name places, on what may be a map although they fit none."""
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
        vector: Text that the file itself carries, in pixels of the picture; tesseract is then not asked.

    Raises:
        MediaError: tesseract failed.
        LimitExceeded: It took too long.
    """
    known = gazetteer()
    notes: list[str] = []
    marks = find_marks(picture)
    lettering: tuple[Lettering, ...] = tuple(vector)
    if not vector:
        try:
            lettering = read_lettering(picture, textured=marks.crowd > TEXTURED)
        except MissingCapability as error:
            notes.append(f"{error} {error.hint}".strip())
    layout = panels(picture, lettering)
    read = labels(on_map(lettering, layout), marks, known)
    named = apart(given, read, known)
    placement, _ = place(named, seed=seed, gazetteer=known.source)
    height, width = picture.shape[:2]
    return MapReading(
        width=width,
        height=height,
        sureness=sureness(placement, layout),
        panels=layout,
        lettering=lettering,
        labels=named,
        placement=placement,
        statements=statements(lettering),
        notes=tuple(notes),
    )


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
