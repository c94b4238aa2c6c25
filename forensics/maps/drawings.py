"""What is drawn on a map: lines and arrows, symbols, shaded regions, measured where the map is placed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.maps import measure
from forensics.maps.areas import find_regions
from forensics.maps.inks import canvas
from forensics.maps.markers import find_symbols
from forensics.maps.panels import BESIDE, inside
from forensics.maps.runs import length
from forensics.maps.strokes import SHORTEST, Stroke, find_strokes
from forensics.model.map import Area, Box2D, Lettering, Marker, Panel, PanelKind, Track

SURE: Final = 70
MOST_DOUBTED: Final = 6
EDGE: Final = 2.0
"""Pixels from the edge of the picture, beside its own width, within which a line runs off it."""
SWATCH: Final = 8.0
"""Heights of a legend's text before it, in which a sample of what it explains stands."""
_LIKE_SYMBOLS: Final = re.compile(r"^[\W_xхkкжoоv0]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawings:
    """What is drawn, in the model's words; `notes` are sentences on what may be the map's own."""

    tracks: tuple[Track, ...]
    markers: tuple[Marker, ...]
    areas: tuple[Area, ...]
    notes: tuple[str, ...] = ()


def find_drawings(
    picture: NDArray[np.uint8],
    lettering: Sequence[Lettering],
    layout: Sequence[Panel],
    fit: measure.Fitted | None,
) -> Drawings:
    """Finds what is drawn on the main map; legends, tables, titles and insets are left out.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
        lettering: All text.
        layout: Parts of the graphic.
        fit: Where it lies; None where that is not known.
    """
    out = [panel.box for panel in layout if panel.kind in BESIDE | {PanelKind.NORTH_ARROW}]
    seen = canvas(picture, [line.box for line in surely_text(lettering)], out)
    keys = swatches(lettering, layout)
    strokes = [stroke for stroke in find_strokes(seen) if not _within(stroke.path, keys)]
    size = picture.shape[1], picture.shape[0]
    own = [shown_whole(stroke, size) for stroke in strokes if not stroke.base]
    return Drawings(
        tracks=measure.tracks(own, fit),
        markers=measure.markers(find_symbols(seen), fit),
        areas=measure.areas(
            [region for region in find_regions(seen) if not _within(region.outline, keys)], fit
        ),
        notes=(*doubted([stroke for stroke in strokes if stroke.base]), *cut(own, size)),
    )


def swatches(lettering: Sequence[Lettering], layout: Sequence[Panel]) -> list[Box2D]:
    """Returns where, before each text of a legend, a sample stands of what the text explains."""
    legends = [panel.box for panel in layout if panel.kind is PanelKind.LEGEND]
    return [
        Box2D(
            x=line.box.x - SWATCH * line.box.height,
            y=line.box.y - 0.5 * line.box.height,
            width=SWATCH * line.box.height,
            height=2 * line.box.height,
        )
        for line in lettering
        if any(inside(line.box, box) for box in legends)
    ]


def _within(points: NDArray[np.float64], found: Iterable[Box2D]) -> bool:
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return any(
        box.x <= left
        and right <= box.x + box.width
        and box.y <= top
        and bottom <= box.y + box.height
        for box in found
    )


def shown_whole(stroke: Stroke, size: tuple[int, int]) -> Stroke:
    """Returns a stroke without the head that it has where it runs off the picture."""
    if not stroke.arrow or not _at_edge(stroke.path[-1], stroke, size):
        return stroke
    limit = np.array(size, np.float64) - 1
    return replace(stroke, arrow=False, path=np.clip(stroke.path, 0.0, limit))


def cut(strokes: Sequence[Stroke], size: tuple[int, int]) -> tuple[str, ...]:
    """Returns what is to be said of lines that run off the picture: a sentence, or nothing."""
    ends = [
        f"{x:.0f},{y:.0f}"
        for stroke in strokes
        for x, y in stroke.path[[0, -1]].tolist()
        if _at_edge(np.array((x, y)), stroke, size)
    ]
    if not ends:
        return ()
    said = "; ".join(ends[:MOST_DOUBTED])
    more = f", and {len(ends) - MOST_DOUBTED} more" if len(ends) > MOST_DOUBTED else ""
    return (
        (
            f"Lines run off the picture at {said}{more} (pixels): only what is shown of them is measured, and"
            " they do not begin or end there."
        ),
    )


def _at_edge(point: NDArray[np.float64], stroke: Stroke, size: tuple[int, int]) -> bool:
    room = EDGE + stroke.width
    return bool((point < room).any() or (point > np.array(size) - 1 - room).any())


def doubted(strokes: Sequence[Stroke]) -> tuple[str, ...]:
    """Returns what is to be said of lines that may be the map's own: a sentence, or nothing."""
    long = [stroke for stroke in strokes if length(stroke.path) >= SHORTEST]
    if not long:
        return ()
    ends = [
        " to ".join(f"{x:.0f},{y:.0f}" for x, y in stroke.path[[0, -1]].tolist())
        for stroke in long[:MOST_DOUBTED]
    ]
    more = f", and {len(long) - len(ends)} more" if len(long) > len(ends) else ""
    said = (
        "Lines that may belong to the map's base, such as roads, rivers and borders, not measured:"
    )
    return (f"{said} {'; '.join(ends)}{more} (pixels).",)


def surely_text(lettering: Iterable[Lettering]) -> list[Lettering]:
    """Returns the texts that no row of small symbols was misread for."""
    return [
        line
        for line in lettering
        if (line.confidence is None or line.confidence >= SURE)
        and len(line.text) > 2
        and not all(_LIKE_SYMBOLS.match(word) for word in line.text.split())
    ]
