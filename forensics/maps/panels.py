"""How is a map graphic laid out? Which of its texts stand on the map, and which beside it.

Boxes are upright rectangles with an edge all around. Texts that begin at one line and follow one another at
even distances are a list, boxed or not: a legend, or a table where numbers stand in it. A box with other
texts in it is a map of its own. A north arrow is the letter alone. Logos are not told apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.maps.rectangles import around
from forensics.model.map import Box2D, Lettering, Panel, PanelKind

LONG_SIDE: Final = 800
"""Pixels to which a graphic is reduced to find boxes."""
LEAST: Final = 0.008
"""Of the graphic, that a box covers."""
MOST: Final = 0.5
"""Larger ones are the map itself."""
RECTANGLE: Final = 0.9
"""Of an outline's own rectangle, that it fills."""
CELLS: Final = 4
"""Equal boxes side by side that are no panels but a grid."""
LISTED: Final = 3
"""Lines of a list, at least."""
BESIDE: Final = frozenset(
    {PanelKind.LEGEND, PanelKind.TITLE, PanelKind.TABLE, PanelKind.SCALE_BAR, PanelKind.INSET}
)
"""Parts whose texts do not stand on the main map."""

_LEGEND: Final = re.compile(r"(?i)услов|обозначени|умовн|позначен|легенд|legend|\bkey\b")
_NUMBER: Final = re.compile(r"(^|\s)\d{1,6}$")
_UNIT: Final = re.compile(r"(?i)(^|\d\s*)(км|km|миль|mi|м|m)\.?$")
_NORTH: Final = re.compile(r"^(N|С|Пн|Север|Північ|North)$")
_SCALE: Final = re.compile(r"^\d{1,4}(\s*(км|km|миль|mi))?$")


def panels(picture: NDArray[np.uint8], lettering: Sequence[Lettering]) -> tuple[Panel, ...]:
    """Returns the parts of a graphic beside its main map.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
        lettering: All text of it.
    """
    height, width = picture.shape[:2]
    found: list[Panel] = []
    for box in boxes(picture):
        kind = _kind(box, [line for line in lettering if inside(line.box, box)], width, height)
        if kind is not None:
            found.append(Panel(kind=kind, box=box))
    free = [line for line in lettering if not any(inside(line.box, p.box) for p in found)]
    for column in columns(free):
        panel = _listed([*column, *_figures(column, free)])
        if not all(any(inside(line.box, p.box) for p in found) for line in column):
            found.append(panel)
    found += _titles(free, width, height)
    found += _scale(free)
    found += [
        Panel(kind=PanelKind.NORTH_ARROW, box=line.box) for line in free if _NORTH.match(line.text)
    ][:1]
    return tuple(found)


def on_map(lettering: Sequence[Lettering], found: Sequence[Panel]) -> list[Lettering]:
    """Returns the texts that stand on the main map."""
    apart = [panel.box for panel in found if panel.kind in BESIDE]
    return [line for line in lettering if not any(inside(line.box, box) for box in apart)]


def inside(box: Box2D, other: Box2D) -> bool:
    """Returns whether the middle of a box lies in another."""
    x, y = box.x + box.width / 2, box.y + box.height / 2
    return other.x <= x <= other.x + other.width and other.y <= y <= other.y + other.height


def boxes(picture: NDArray[np.uint8]) -> list[Box2D]:
    """Returns upright rectangles with an edge all around, the largest first; none within another."""
    scale = min(1.0, LONG_SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(cv2.Canny(small, 40, 100), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    edges = np.asarray(closed, np.uint8)
    # What an edge encloses is looked at, so that lines that touch the edge from without do not matter.
    _, _, stats, _ = cv2.connectedComponentsWithStats(255 - edges, connectivity=4)
    whole = small.shape[0] * small.shape[1]
    numbered = [
        row
        for row in stats[1:].tolist()
        if LEAST * whole < row[2] * row[3] < MOST * whole
        and row[4] > 0.5 * row[2] * row[3]
        and _filled(edges, row) > RECTANGLE
    ]
    kept: list[Box2D] = []
    for x, y, w, h, _ in sorted(numbered, key=lambda row: (-row[2] * row[3], row[1], row[0])):
        box = Box2D(x=x / scale, y=y / scale, width=w / scale, height=h / scale)
        if not any(inside(box, other) for other in kept):
            kept.append(box)
    return [box for box in kept if not _in_grid(box, kept)]


def _in_grid(box: Box2D, found: Sequence[Box2D]) -> bool:
    """Whether a box is one of the cells that the meridians and parallels of a map enclose."""
    cells, seen = [box], {id(box)}
    for cell in cells:
        for other in found:
            if id(other) not in seen and _adjoins(cell, other):
                seen.add(id(other))
                cells.append(other)
    return len(cells) >= CELLS


def _adjoins(one: Box2D, other: Box2D) -> bool:
    """Whether two boxes have a side in common, as wide or high as they are themselves."""
    edge = 0.1 * min(one.width, one.height, other.width, other.height)
    level = abs(one.y - other.y) < edge and abs(one.height - other.height) < edge
    above = abs(one.x - other.x) < edge and abs(one.width - other.width) < edge
    beside = min(abs(one.x + one.width - other.x), abs(other.x + other.width - one.x))
    under = min(abs(one.y + one.height - other.y), abs(other.y + other.height - one.y))
    return (level and beside < edge) or (above and under < edge)


def _filled(edges: NDArray[np.uint8], row: Sequence[int]) -> float:
    """Share of a rectangle's four sides along which an edge runs, just outside of it or within."""
    x, y, w, h, _ = row
    high, wide = edges.shape
    sides = (
        edges[max(y - 3, 0) : y + 3, x : x + w].any(axis=0) if y > 3 else np.ones(w, bool),
        edges[y + h - 3 : y + h + 3, x : x + w].any(axis=0)
        if y + h < high - 3
        else np.ones(w, bool),
        edges[y : y + h, max(x - 3, 0) : x + 3].any(axis=1) if x > 3 else np.ones(h, bool),
        edges[y : y + h, x + w - 3 : x + w + 3].any(axis=1)
        if x + w < wide - 3
        else np.ones(h, bool),
    )
    return float(min(side.mean() for side in sides))


def _kind(box: Box2D, lines: Sequence[Lettering], width: int, height: int) -> PanelKind | None:
    if not lines:
        return None
    banner = box.width > 0.6 * width and box.height < 0.2 * height
    if banner and (box.y < 0.1 * height or box.y + box.height > 0.9 * height):
        return PanelKind.TITLE
    listed = sum(len(column) for column in columns(lines))
    if listed >= 0.4 * len(lines) or any(_LEGEND.search(line.text) for line in lines):
        return _of_list(lines)
    counted = sum(bool(_NUMBER.search(line.text)) for line in lines)
    if (
        len(lines) >= 4
        and counted < 0.3 * len(lines)
        and box.width * box.height > 0.03 * width * height
    ):
        return PanelKind.INSET
    return PanelKind.TABLE if counted else PanelKind.LEGEND


def _of_list(lines: Sequence[Lettering]) -> PanelKind:
    numbers = sum(bool(_NUMBER.search(line.text)) for line in lines)
    legend = any(_LEGEND.search(line.text) for line in lines)
    return PanelKind.TABLE if numbers >= 2 and not legend else PanelKind.LEGEND


def columns(lines: Sequence[Lettering]) -> list[list[Lettering]]:
    """Returns lists: texts that begin at one line and follow one another at even distances."""
    left = sorted(lines, key=lambda line: (line.box.y, line.box.x))
    used: set[int] = set()
    found = []
    for start, first in enumerate(left):
        if start in used:
            continue
        run, steps = [start], list[float]()
        for index in range(start + 1, len(left)):
            last, line = left[run[-1]], left[index]
            high = max(first.box.height, line.box.height)
            step = line.box.y + line.box.height - last.box.y - last.box.height
            if step > 3.5 * high:
                break
            level = abs(line.box.x - first.box.x) < 0.3 * high
            if index in used or not level or step < 0.8 * high:
                continue
            if _LEGEND.search(line.text):
                break  # the heading of another list
            if steps and not 0.7 * steps[0] < step < 1.4 * steps[0]:
                break
            run.append(index)
            steps.append(step)
        if len(run) > LISTED:
            used.update(run)
            found.append([left[i] for i in run])
    return found


def _figures(column: Sequence[Lettering], lines: Sequence[Lettering]) -> list[Lettering]:
    """Figures that stand to the right of the lines of a list, each level with one."""
    wide = max(line.box.width for line in column)
    return [
        line
        for line in lines
        if line.text.isdecimal()
        and any(
            abs(_middle(line.box) - _middle(own.box)) < 0.6 * max(line.box.height, own.box.height)
            and 0 < line.box.x - own.box.x - own.box.width < wide + 4 * own.box.height
            for own in column
        )
    ]


def _middle(box: Box2D) -> float:
    return box.y + box.height / 2


def _listed(column: Sequence[Lettering]) -> Panel:
    return Panel(kind=_of_list(column), box=around(*(line.box for line in column)))


def _titles(lines: Sequence[Lettering], width: int, height: int) -> list[Panel]:
    """Large texts of several words at the top."""
    heights = sorted(line.box.height for line in lines)
    if not heights:
        return []
    usual = heights[len(heights) // 2]
    return [
        Panel(kind=PanelKind.TITLE, box=line.box)
        for line in lines
        if line.box.y < 0.15 * height
        and line.box.width > 0.3 * width
        and line.box.height > 1.15 * usual
        and " " in line.text
    ]


def _scale(lines: Sequence[Lettering]) -> list[Panel]:
    """Numbers on one level of which the last names a unit: those of a scale bar."""
    for end in lines:
        if not (_UNIT.search(end.text) and len(end.text) < 10):
            continue
        level = [
            line
            for line in lines
            if _SCALE.match(line.text)
            and abs(line.box.y + line.box.height - end.box.y - end.box.height)
            < 0.6 * end.box.height
            and line.box.x <= end.box.x
        ]
        if len(level) >= 2 or (end in level and " " in end.text):
            row = [*level, end]
            x, y = min(c.box.x for c in row), min(c.box.y for c in row)
            right = max(c.box.x + c.box.width for c in row)
            # The bar itself is drawn within two heights over or under its numbers.
            return [
                Panel(
                    kind=PanelKind.SCALE_BAR,
                    box=Box2D(
                        x=x,
                        y=y - 2 * end.box.height,
                        width=right - x,
                        height=5 * end.box.height,
                    ),
                )
            ]
    return []
