"""The dots within the box of a line of text, told from its letters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.maps.dots import Dot, Marks
from forensics.model.map import Box2D, Lettering


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """The dots within the box of a line of text, and what is left of it.

    Attributes:
        beside: Above or below the letters.
        start: Before the other letters: a dot, or the first letter.
        end: After the other letters.
        within: Between them: letters.
        letters: Box of the letters.
    """

    beside: tuple[Dot, ...] = ()
    start: tuple[Dot, ...] = ()
    end: tuple[Dot, ...] = ()
    within: tuple[Dot, ...] = ()
    letters: Box2D


def parted(line: Lettering, marks: Marks) -> Parted:
    """Returns which dots lie in a line's box, on which side of its letters, and the box of the letters."""
    box = line.box
    edge = 0.35 * box.height
    inside = [
        d
        for d in marks.dots
        if box.x - edge < d.x < box.x + box.width + edge
        and box.y - edge < d.y < box.y + box.height + edge
    ]
    glyphs = _glyphs(box, marks)
    found: dict[str, list[Dot]] = {"beside": [], "start": [], "end": [], "within": []}
    for dot in inside:
        others = glyphs[_apart(glyphs, dot)]
        if not len(others):
            continue
        top, bottom = np.median(others[:, 1]), np.median(others[:, 3])
        half = dot.size / 2
        if min(bottom, dot.y + half) - max(top, dot.y - half) < 0.35 * dot.size:
            found["beside"].append(dot)
        elif dot.x < others[:, 0].min():
            found["start"].append(dot)
        elif dot.x > others[:, 2].max():
            found["end"].append(dot)
        else:
            found["within"].append(dot)
    for dot in found["beside"]:
        glyphs = glyphs[_apart(glyphs, dot)]
    return Parted(
        letters=_tight(box, glyphs), **{name: tuple(dots) for name, dots in found.items()}
    )


def _apart(glyphs: NDArray[np.float64], dot: Dot) -> NDArray[np.bool_]:
    """Which outlines are not the dot's own."""
    middles = (glyphs[:, :2] + glyphs[:, 2:]) / 2
    return np.asarray(np.abs(middles - (dot.x, dot.y)).max(axis=1) > dot.size / 2, np.bool_)


def _tight(box: Box2D, glyphs: NDArray[np.float64]) -> Box2D:
    """Box of the letters; where they run together, or into a line, their outlines say nothing."""
    if not len(glyphs):
        return box
    (x, y), (right, bottom) = glyphs[:, :2].min(axis=0), glyphs[:, 2:].max(axis=0)
    if right - x < 0.5 * box.width:
        return box
    return Box2D(x=float(x), y=float(y), width=float(right - x), height=float(bottom - y))


def _glyphs(box: Box2D, marks: Marks) -> NDArray[np.float64]:
    """Boxes of the letters within a line's box, of the ink in which there are most."""
    best = np.zeros((0, 4))
    for outlines in marks.outlines:
        x, y = (outlines[:, 0] + outlines[:, 2]) / 2, (outlines[:, 1] + outlines[:, 3]) / 2
        high = outlines[:, 3] - outlines[:, 1]
        own = outlines[
            (x > box.x - 2)
            & (x < box.x + box.width + 2)
            & (y > box.y - 2)
            & (y < box.y + box.height + 2)
            & (high > 0.25 * box.height)
            & (high < 1.15 * box.height + 2)
        ]
        # A halo is one outline around the whole word.
        if len(own) > len(best):
            best = own
    return best
