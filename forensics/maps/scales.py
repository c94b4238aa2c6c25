"""Do the scale bar and the degrees at the edge of a map agree with where its names put it?

Both are their author's word on the projection, read apart from the names, and so a check on the fit as much
as on the drawing. A bar is true to scale along one parallel or at one point only: the lengths that it has all
over the map are an interval, and what is stated must lie in it.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.maps.geography import distances_km
from forensics.maps.measure import Fitted
from forensics.maps.rectangles import around
from forensics.model.map import Box2D, Lettering, Statement

FEWEST: Final = 3
"""Degrees in a row, or in a column, that make a graticule; without any sign for degrees one more."""
EVEN: Final = 0.08
"""Of the degrees from the first of a row to its last, by which one may be off its even place."""
MOST_HOLD: Final = 0.8
INKED: Final = 40
"""Levels by which a bar differs from the ground."""
SHORTEST: Final = 30
"""Pixels of a bar."""
ENDS: Final = 3.0
"""Pixels by which a bar's length may be misread."""
SCALE: Final = 0.02
"""Of a length, by which a fit that holds may be off."""
TICK: Final = 4
"""Pixels that a tick at a bar's end is high, or a bar thick."""
KM_A_DEGREE: Final = 111.2
KM: Final = {"км": 1.0, "km": 1.0, "миль": 1.609344, "mi": 1.609344}

_DEGREES: Final = re.compile(
    r"^(?P<whole>\d{1,3})(?:[.,](?P<part>\d{1,2}))?\s*(?P<sign>[°º˚]?)\s*"
    r"(?:(?P<minutes>[0-5]?\d)\s*['’′])?\s*(?P<side>[^\W\d_]{0,2}\.?\s?[^\W\d_]?\.?)$"
)
_EAST: Final = re.compile(r"^(E|Е|в\.?\s?д\.?|В\.?\s?Д\.?|сх\.?\s?д?\.?)$")
_NORTH: Final = re.compile(r"^(N|М|И|с\.?\s?ш\.?|С\.?\s?Ш\.?|пн\.?\s?ш?\.?)$")
_LENGTH: Final = re.compile(r"(?i)^(?P<number>\d{1,4})\s*(?P<unit>км|km|миль|mi)\.?$")
_UNIT: Final = re.compile(r"(?i)^(км|km|миль|mi)\.?$")
_NUMBER: Final = re.compile(r"^\d{1,4}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Degree:
    """A number of degrees that stands on a map.

    Attributes:
        value: Degrees.
        east: Of longitude, True, or of latitude, False; None where only its row can tell.
        signed: A sign or letter says that it is degrees.
        line: Where it stands.
    """

    value: float
    east: bool | None
    signed: bool
    line: Lettering

    @property
    def middle(self) -> tuple[float, float]:
        """Its point in pixels."""
        box = self.line.box
        return box.x + box.width / 2, box.y + box.height / 2


def scales(
    picture: NDArray[np.uint8], lettering: Sequence[Lettering], fit: Fitted | None
) -> tuple[Statement, ...]:
    """Holds the degrees at a map's edge, and its scale bar, against the fit.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
        lettering: All text.
        fit: Where the map lies; None where that is not known.
    """
    return (*_graticule(lettering, fit), *_bar(picture, lettering, fit))


def graticule(lettering: Sequence[Lettering]) -> list[Degree]:
    """Returns the degrees that stand at meridians and parallels, each known for which it is."""
    read = [degree for line in lettering if (degree := _degree(line)) is not None]
    found: dict[int, Degree] = {}
    for east in (True, False):
        likely = [d for d in read if d.east in {None, east}]
        for row in _rows(likely, east=east):
            signed = sum(d.signed for d in row)
            if len(row) >= FEWEST + (not signed):
                found |= {id(d.line): _known(d, east=east) for d in row}
    # A letter for east or north says by itself what a number is, if there are others like it.
    lettered = [d for d in read if d.east is not None and d.signed]
    if len(lettered) >= FEWEST:
        found |= {id(d.line): d for d in lettered if id(d.line) not in found}
    return list(found.values())


def _known(degree: Degree, *, east: bool) -> Degree:
    return Degree(value=degree.value, east=east, signed=degree.signed, line=degree.line)


def _degree(line: Lettering) -> Degree | None:
    match = _DEGREES.match(line.text.strip())
    if match is None:
        return None
    value = float(f"{match['whole']}.{match['part'] or 0}") + int(match["minutes"] or 0) / 60
    side = match["side"].strip()
    east = True if _EAST.match(side) else False if _NORTH.match(side) else None
    if value > 180 or (side and east is None) or (east is False and value > 90):
        return None
    return Degree(value=value, east=east, signed=bool(match["sign"]) or east is not None, line=line)


def _rows(degrees: Sequence[Degree], *, east: bool) -> Iterator[list[Degree]]:
    """Numbers on one level that grow evenly eastwards, or in one column that grow upwards."""
    along, across = (0, 1) if east else (1, 0)
    left = sorted(degrees, key=lambda d: (d.middle[across], d.middle[along]))
    used: set[int] = set()
    for first in left:
        if id(first) in used:
            continue
        reach = first.line.box.height * (0.7 if east else 2.0)
        level = [
            d
            for d in left
            if id(d) not in used and abs(d.middle[across] - first.middle[across]) < reach
        ]
        row = _even(level, along, rising=east)
        if first in row:
            used |= {id(d) for d in row}
            yield row


def _even(level: Sequence[Degree], along: int, *, rising: bool) -> list[Degree]:
    """The most of some numbers that lie evenly, as a scale does."""
    best: list[Degree] = []
    for one, other in itertools.combinations(level[:40], 2):
        gap = other.middle[along] - one.middle[along]
        if abs(gap) < 2 * one.line.box.height or one.value == other.value:
            continue
        slope = (other.value - one.value) / gap
        if (slope > 0) != rising:
            continue
        limit = EVEN * abs(other.value - one.value)
        row = [
            d
            for d in level
            if abs(one.value + slope * (d.middle[along] - one.middle[along]) - d.value) <= limit
        ]
        if len({d.value for d in row}) == len(row) > len(best):
            best = row
    return best


def _graticule(lettering: Sequence[Lettering], fit: Fitted | None) -> Iterator[Statement]:
    degrees = graticule(lettering)
    if not degrees:
        return
    text = ", ".join(
        f"{d.value:g}° {'E' if d.east else 'N'}"
        for d in sorted(set(degrees), key=lambda d: (not d.east, d.value, d.middle))
    )[:160]
    box = around(*(d.line.box for d in degrees))
    alone = len({d.east for d in degrees}) == 1
    if fit is None and alone and not any(d.signed for d in degrees):
        return  # the figures along an axis of a chart
    if fit is None:
        why = "The map is not placed, so there is nothing to hold these degrees against."
        yield Statement(text=text, kind="graticule", holds=None, why=why, box=box)
        return
    points = np.array([d.middle for d in degrees])
    ground = fit.ground(points)
    stated = np.array([d.value for d in degrees])
    east = np.array([bool(d.east) for d in degrees])
    off = np.abs(np.where(east, ground[:, 0], ground[:, 1]) - stated) * KM_A_DEGREE
    off *= np.where(east, np.cos(np.radians(ground[:, 1])), 1.0)
    # A number stands beside its line, or at its end: as far off as it is wide.
    aside = np.array([np.hypot(d.line.box.width / 2, d.line.box.height) for d in degrees])
    limit = fit.error_km(points) + aside * _km_a_pixel(fit, points)
    share = float(np.mean(off <= limit))
    signed = sum(d.signed for d in degrees)
    holds = True if share >= MOST_HOLD else None
    if alone and share <= 1 - MOST_HOLD:
        return  # a row alone: temperatures, or the colours of a legend
    if share <= 1 - MOST_HOLD and signed >= FEWEST:
        holds = False
    yield Statement(
        text=text,
        kind="graticule",
        holds=holds,
        why=f"{int((off <= limit).sum())} of {len(degrees)} degrees stand where the names put them; they"
        f" are {statistics.median(off):.0f} km off (median), where {statistics.median(limit):.0f} km may be"
        " the fit and how a number stands beside its line. Misread numbers, or names that are not where they"
        " belong, would make this wrong.",
        box=box,
    )


def _bar(
    picture: NDArray[np.uint8], lettering: Sequence[Lettering], fit: Fitted | None
) -> Iterator[Statement]:
    for line, km, unit in _lengths(lettering):
        text = f"{km / KM[unit]:g} {unit}"
        if fit is None:
            why = "The map is not placed, so there is nothing to hold the scale bar against."
            yield Statement(text=text, kind="scale", holds=None, why=why, box=line.box)
            return
        ends = _ends(picture, line)
        if ends is None:
            continue
        wide = ends[1] - ends[0]
        least, most = _spans(fit, picture.shape, wide)
        off = SCALE + ENDS / wide
        holds = True if least * (1 - off) <= km <= most * (1 + off) else None
        if not least * (1 - 3 * off) <= km <= most * (1 + 3 * off):
            holds = False
        yield Statement(
            text=text,
            kind="scale",
            holds=holds,
            why=f"By the names, the bar of {wide:.0f} pixels is {least:.0f} to {most:.0f} km long,"
            f" by where on the map it is laid; {km:.0f} km are stated. A line that was mistaken for the bar,"
            " a bar that belongs to an inset, or a scale for another size of the map would make this wrong.",
            box=line.box,
        )
        return


def _lengths(lettering: Sequence[Lettering]) -> Iterator[tuple[Lettering, float, str]]:
    """Texts that state a length with its unit, the unit apart or not, longest length first."""
    found = []
    for line in lettering:
        if match := _LENGTH.match(line.text.strip()):
            unit = match["unit"].lower()
            found.append((line, int(match["number"]) * KM[unit], unit))
        elif _NUMBER.match(line.text):
            for other in lettering:
                if _UNIT.match(other.text) and _follows(line.box, other.box):
                    unit = other.text.lower().rstrip(".")
                    found.append((line, int(line.text) * KM[unit], unit))
    yield from sorted((f for f in found if f[1] > 0), key=lambda f: (-f[1], f[0].box.y, f[0].box.x))


def _follows(box: Box2D, other: Box2D) -> bool:
    level = abs(box.y + box.height - other.y - other.height) < 0.7 * max(box.height, other.height)
    return level and 0 <= other.x - box.x - box.width < 1.5 * max(box.height, other.height)


def _ends(picture: NDArray[np.uint8], line: Lettering) -> tuple[float, float] | None:
    """The ends of the bar whose length a text states, in pixels from the left; None where none is clear.

    It runs level, just over or under the text, is centred on it or ends there, and its ends are marked: by
    ticks, or because it is as thick as that.
    """
    box, high = line.box, max(line.box.height, 6.0)
    middle = box.x + box.width / 2
    found: list[tuple[float, float, float]] = []
    for top, bottom in (
        (box.y - 2 * high, box.y - 1),
        (box.y + box.height + 1, box.y + box.height + 2 * high),
    ):
        for row in range(max(round(top), 0), min(round(bottom) + 1, picture.shape[0])):
            for left, right in _runs(picture[row], middle):
                off = min(abs(right - middle) - 0.25 * box.width, abs((left + right) / 2 - middle))
                if off < 0.5 * high and all(_marked(picture, row, x) for x in (left, right - 1)):
                    found.append((max(off, 0.0), left, right))
    if not found:
        return None
    _, left, right = min(found)
    if any(abs(r - w - right + left) > 0.1 * (right - left) for _, w, r in found):
        return None  # several lines, any of which may be the bar
    return left, right


def _marked(picture: NDArray[np.uint8], row: int, x: float) -> bool:
    """Whether a line's end has a tick, or is as thick as one."""
    column = round(x + 0.5)
    ink = picture[row, column].astype(np.int16)
    near = picture[max(row - TICK, 0) : row + TICK + 1, max(column - 2, 0) : column + 3]
    like = (np.abs(near.astype(np.int16) - ink).max(axis=2) < INKED).any(axis=1)
    return bool(TICK <= like.sum() < 2 * TICK + 1)


def _runs(row: NDArray[np.uint8], middle: float) -> Iterator[tuple[float, float]]:
    """Stretches of one colour in a row of pixels that differ from what is around, near `middle`."""
    low, high = max(int(middle) - 600, 0), min(int(middle) + 600, len(row))
    near = row[low:high].astype(np.int16)
    if len(near) < SHORTEST:
        return
    step = np.abs(np.diff(near, axis=0)).max(axis=1) > INKED / 2
    edges = np.concatenate(([0], np.flatnonzero(step) + 1, [len(near)]))
    for left, right in itertools.pairwise(edges.tolist()):
        if right - left < SHORTEST or left == 0 or right == len(near):
            continue
        inside = near[left:right].mean(axis=0)
        beside = (near[max(left - 3, 0)], near[min(right + 2, len(near) - 1)])
        if all(np.abs(inside - other).max() >= INKED for other in beside):
            yield low + left - 0.5, low + right - 0.5


def _spans(fit: Fitted, shape: tuple[int, ...], wide: float) -> tuple[float, float]:
    """The least and the most km that a level line spans, wherever it is laid on the picture."""
    height, width = shape[:2]
    grid = np.stack(
        np.meshgrid(np.linspace(0.2, 0.8, 4) * width, np.linspace(0.1, 0.9, 5) * height), axis=-1
    ).reshape(-1, 2)
    half = np.array((wide / 2, 0.0))
    km = distances_km(fit.ground(grid - half), fit.ground(grid + half))
    return float(km.min()), float(km.max())


def _km_a_pixel(fit: Fitted, points: NDArray[np.float64]) -> NDArray[np.float64]:
    here = fit.ground(points)
    return np.maximum(
        distances_km(here, fit.ground(points + np.array((1.0, 0.0)))),
        distances_km(here, fit.ground(points + np.array((0.0, 1.0)))),
    )
