"""Which point of the graphic does a name belong to?

Towns are marked by small dots, rings or squares beside their names. Compact outlines of that size are
looked for outside of the lettering; a name belongs to the nearest one within about its own height. Where
several lie near, the side on which most other names have theirs decides. A name without a dot belongs to
the middle of its text, and says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.maps.gazetteer import Gazetteer
from forensics.maps.lettering import contrast
from forensics.model.map import Box2D, Label, Lettering

SMALLEST: Final = 4.0
LARGEST: Final = 34.0
"""Pixels across, of what may be a dot."""
ROUND: Final = 0.72
"""Least 4·pi·area / outline² of a dot: 1 for a circle, .785 for a square."""
REACH: Final = 1.3
"""Heights of a name within which its dot lies."""
MAX_DOTS: Final = 4_000

_DOT_READ: Final = re.compile(r"^[оoеeєcс0ОO®©°•●*.·'\"-]$")
"""What a reader of text takes a dot for."""
_STUCK_BEFORE: Final = re.compile(r"^[оoеeєОO0®©]\s*(?=[А-ЯЁІЇЄҐA-Z][а-яёіїєґa-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A small compact mark.

    Attributes:
        x: Of its middle, in pixels.
        y: As `x`.
        size: Pixels across.
    """

    x: float
    y: float
    size: float


def find_dots(picture: NDArray[np.uint8], lettering: Sequence[Lettering]) -> tuple[Dot, ...]:
    """Finds dots outside of the lettering.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
        lettering: What is read as text; a lone letter that looks like a dot does not hide one.
    """
    grey = contrast(picture)
    found: list[Dot] = []
    for layer in (grey, 255 - grey):
        block = 31
        dark = cv2.adaptiveThreshold(
            np.ascontiguousarray(layer),
            255,
            cv2.ADAPTIVE_THRESH_MEAN_C,
            cv2.THRESH_BINARY_INV,
            block,
            28,
        )
        outlines, _ = cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for outline in outlines:
            x, y, width, height = cv2.boundingRect(outline)
            if not (min(width, height) >= SMALLEST and max(width, height) <= LARGEST):
                continue
            if max(width, height) > 1.35 * min(width, height):
                continue
            area, length = cv2.contourArea(outline), cv2.arcLength(outline, closed=True)
            # An outline of pixels runs through their middles: half a pixel is missing on each side.
            area, length = area + length / 2 + 1, length + 4
            if 4 * np.pi * area / length**2 < ROUND:
                continue
            found.append(
                Dot(x=x + (width - 1) / 2, y=y + (height - 1) / 2, size=(width + height) / 2)
            )
            if len(found) >= MAX_DOTS:
                break
    words = [line.box for line in map(cleaned, lettering) if not _DOT_READ.match(line.text)]
    return tuple(dot for dot in _once(found) if not any(_within(dot, box) for box in words))


def labels(
    lettering: Sequence[Lettering], dots: Sequence[Dot], gazetteer: Gazetteer
) -> tuple[Label, ...]:
    """Returns the texts that may name places, each with its point and its candidates."""
    named = [
        (line, candidates)
        for line in map(cleaned, lettering)
        if len(line.text) > 1 and (candidates := gazetteer.candidates(line.text))
    ]
    nearest = [_near(line.box, dots) for line, _ in named]
    sides = Counter(side for near in nearest if near for _, _, side in near[:1])
    found = []
    for (line, candidates), near in zip(named, nearest, strict=True):
        dot = _chosen(near, sides)
        box = line.box
        found.append(
            Label(
                text=line.text,
                x=dot.x if dot else box.x + box.width / 2,
                y=dot.y if dot else box.y + box.height / 2,
                dotted=dot is not None,
                slack=dot.size / 4 if dot else box.width / 2 + box.height,
                by=line.by,
                candidates=candidates,
            )
        )
    return tuple(found)


def cleaned(line: Lettering) -> Lettering:
    """Returns a text without a dot that was read as its first or last letter, and its box without it."""
    text = _STUCK_BEFORE.sub("", line.text)
    cut = len(line.text) - len(text)
    words = text.split(" ")
    while len(words) > 1 and _DOT_READ.match(words[0]):
        cut += len(words.pop(0)) + 1
    while len(words) > 1 and _DOT_READ.match(words[-1]):
        words.pop()
    text = " ".join(words)
    after = len(line.text) - cut - len(text)
    each = line.box.width / max(len(line.text), 1)
    box = Box2D(
        x=line.box.x + cut * each,
        y=line.box.y,
        width=line.box.width - (cut + after) * each,
        height=line.box.height,
    )
    return replace(line, text=text, box=box)


def _once(dots: Iterable[Dot]) -> list[Dot]:
    """The largest of marks within marks: a ring's outer edge, not the point in it."""
    kept: list[Dot] = []
    for dot in sorted(dots, key=lambda d: (-d.size, d.y, d.x)):
        if all(np.hypot(dot.x - k.x, dot.y - k.y) > k.size / 2 for k in kept):
            kept.append(dot)
    return kept


def _within(dot: Dot, box: Box2D) -> bool:
    edge = 0.15 * box.height
    return (
        box.x + edge < dot.x < box.x + box.width - edge
        and box.y - edge < dot.y < box.y + box.height + edge
    )


def _near(box: Box2D, dots: Sequence[Dot]) -> list[tuple[float, Dot, str]]:
    """Dots within reach of a name: how far, which, and on which side of it."""
    found = []
    for dot in dots:
        aside = max(box.x - dot.x, 0.0, dot.x - (box.x + box.width))
        above = max(box.y - dot.y, 0.0, dot.y - (box.y + box.height))
        gap = float(np.hypot(aside, above)) - dot.size / 2
        if gap <= REACH * box.height and dot.size < 1.6 * box.height:
            side = (
                ("left" if dot.x < box.x + box.width / 2 else "right")
                if aside > above
                else ("above" if dot.y < box.y + box.height / 2 else "below")
            )
            found.append((gap, dot, side))
    return sorted(found, key=lambda near: (near[0], near[1].y, near[1].x))


def _chosen(near: Sequence[tuple[float, Dot, str]], sides: Counter[str]) -> Dot | None:
    if not near:
        return None
    gap = near[0][0]
    # Of dots that are nearly as near as the nearest, the one on the usual side.
    close = [n for n in near if n[0] <= max(gap, 0.0) + 3.0]
    return max(close, key=lambda n: (sides[n[2]], -n[0]))[1]
