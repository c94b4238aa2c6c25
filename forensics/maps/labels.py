"""Which texts of a graphic may name places, and to which point does each belong?

A name belongs to a dot within about its own height. A reader of text takes a dot beside a name for a letter
of it ("Киево", "о Рига") or makes its box reach around the dot; so each name is also tried without the
letter at whose place a dot is found, and the gazetteer decides. Every dot belongs to one name: of all ways
to share them out, the one with the least distance is taken, where the side on which most names have their
dots, and dots of the usual size, count as nearer. A name without a dot belongs to the middle of its text.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from forensics.maps.areas_named import names_an_area
from forensics.maps.dots import Dot, Marks
from forensics.maps.gazetteer import Gazetteer
from forensics.maps.parted import parted
from forensics.maps.rectangles import around
from forensics.model.map import Box2D, Candidate, Label, Lettering, ReadBy

REACH: Final = 1.3
"""Heights of a name within which its dot lies."""
USUAL: Final = 0.35
"""Heights by which a dot on the rarest side, or of an odd size, counts as further."""
DOUBT: Final = 0.8
"""Heights by which a mark counts as further that stands where the first or last letter may stand."""
LETTER_WIDTH: Final = 0.6
"""Heights that a letter of a usual name is wide."""
LEAST: Final = 0.28
"""Heights of a name that its dot is across, at least; what is smaller is a letter's own dot."""
FEWEST_LETTERS: Final = 3
SHORT: Final = 4
"""Names of so few letters must fit exactly, be surely read, and be in the script of the others."""
SURE: Final = 65
OWN_HEIGHT: Final = 2.2
"""Names of a map are at most so many times as high, or as low, as most."""

_CYRILLIC: Final = re.compile(r"[А-яЁёІіЇїЄєҐґ]")
_STUCK: Final = re.compile(r"[оoеeєсc@®°•] ?(?=[А-ЯЁІЇЄҐA-Z][а-яёіїєґa-z'’])")
"""A ring or dot that was read as the first letter of a name."""
_LATIN: Final = re.compile(r"[A-Za-z]")
_TWICE: Final = re.compile(r"\s*[/|(]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A text that may name a place.

    Attributes:
        line: Its letters, without a dot that was read as one of them.
        candidates: What it may name.
        dots: Dots that may be its own, each with the heights by which it is away and its side.
    """

    line: Lettering
    candidates: tuple[Candidate, ...]
    dots: tuple[tuple[Dot, float, str], ...]


def labels(lettering: Sequence[Lettering], marks: Marks, gazetteer: Gazetteer) -> tuple[Label, ...]:
    """Returns the texts that may name places, each with its point and its candidates.

    Args:
        lettering: Text of the map itself, without that of legends, tables and titles.
        marks: Of the same graphic.
        gazetteer: Decides what is a name.
    """
    words = [line for line in lettering if len(line.text) >= FEWEST_LETTERS]
    letters = {dot for line in words for dot in parted(line, marks).within}
    free = replace(marks, dots=tuple(dot for dot in marks.dots if dot not in letters))
    kept = [line for line in lettering if not names_an_area(line)]
    named = [_named(line, free, gazetteer) for line in _with_joined(kept, gazetteer)]
    usual = _twins(_usual([n for n in named if n.candidates]))
    own = _shared_out(usual)
    return tuple(_label(n, dot) for n, dot in zip(usual, own, strict=True))


def _label(named: Named, dot: Dot | None) -> Label:
    box = named.line.box
    return Label(
        text=named.line.text,
        x=dot.x if dot else box.x + box.width / 2,
        y=dot.y if dot else box.y + box.height / 2,
        dotted=dot is not None,
        slack=dot.size / 4 if dot else box.width / 2 + box.height,
        by=named.line.by,
        candidates=named.candidates,
    )


def _named(line: Lettering, marks: Marks, gazetteer: Gazetteer) -> Named:
    """The reading of a line, with or without a dot in it, that fits the gazetteer best."""
    if line.angle:
        return Named(
            line=line,
            candidates=_meant(line.text, gazetteer),
            dots=tuple(_along(line, marks.dots)),
        )
    part = parted(line, marks)
    if not part.start and _STUCK.match(line.text):
        part = replace(part, start=(_read_as_letter(part.letters),))
    outside = list(_outside(line.box, marks.dots))
    best: tuple[float, Named] | None = None
    for before, after in ((False, False), (True, False), (False, True), (True, True)):
        if (before and not part.start) or (after and not part.end):
            continue
        text = _without(line.text, before=before, after=after)
        box = part.letters
        if before:
            box = _cut(box, left=max(d.x + d.size / 2 for d in part.start))
        if after:
            box = _cut(box, right=min(d.x - d.size / 2 for d in part.end))
        candidates = _meant(text, gazetteer)
        edits = candidates[0].edits if candidates else 9.0
        if best is None or edits < best[0]:
            dots = [*_near(box, [*part.beside, *outside])]
            # A solid mark at an end may be a dot that was not read as a letter.
            for ends, read in ((part.start, before), (part.end, after)):
                taken = [d for d in ends if read or d.solid]
                dots += [(d, gap + (0 if read else DOUBT), s) for d, gap, s in _near(box, taken)]
            best = (
                edits,
                Named(
                    line=replace(line, text=text, box=box), candidates=candidates, dots=tuple(dots)
                ),
            )
    assert best is not None  # noqa: S101 - the first way is always tried
    return best[1]


def _meant(text: str, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """The places that a text may name, where it may give the name twice: "Сумы (Sumy)"."""
    parts = [part for part in _TWICE.split(text) if len(part) >= FEWEST_LETTERS]
    if len(parts) != 2:
        return gazetteer.candidates(text) if len(text) >= FEWEST_LETTERS else ()
    one, other = (gazetteer.candidates(part) for part in parts)
    return _common(one, other) or one or other


def _common(one: Sequence[Candidate], other: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The places that both of two texts may name, by the one that fits better."""
    by_id = {c.place.id: c for c in other}
    both = [min(c, by_id[c.place.id], key=lambda c: c.edits) for c in one if c.place.id in by_id]
    return tuple(sorted(both, key=lambda c: (c.edits, -c.place.population, c.place.id)))


def _twins(named: Sequence[Named]) -> list[Named]:
    """Names, where those that name one place in two languages, one above the other, are one."""
    left = sorted(named, key=lambda n: (n.line.box.y, n.line.box.x))
    used: set[int] = set()
    found = []
    for i, upper in enumerate(left):
        if i in used:
            continue
        last, merged = upper, upper
        for j in range(i + 1, len(left)):
            lower = left[j]
            both = _common(merged.candidates, lower.candidates)
            if j in used or not both or not _stacked(last.line.box, lower.line.box):
                continue
            used.add(j)
            line = replace(
                merged.line,
                text=f"{merged.line.text} / {lower.line.text}",
                box=around(merged.line.box, lower.line.box),
            )
            merged = Named(line=line, candidates=both, dots=_nearest(merged.dots, lower.dots))
            last = lower
        found.append(merged)
    return found


def _nearest(*near: Sequence[tuple[Dot, float, str]]) -> tuple[tuple[Dot, float, str], ...]:
    """Each dot that is near to any of some texts, by the one to which it is nearest."""
    best: dict[Dot, tuple[Dot, float, str]] = {}
    for dot, gap, side in (entry for entries in near for entry in entries):
        if dot not in best or gap < best[dot][1]:
            best[dot] = dot, gap, side
    return tuple(best.values())


def _read_as_letter(box: Box2D) -> Dot:
    """A mark that was not found, but read: "oKyiv"."""
    size = 0.5 * box.height
    return Dot(x=box.x + size / 2, y=box.y + box.height / 2, size=size, solid=False)


def _without(text: str, *, before: bool, after: bool) -> str:
    """The text without the letter or lone sign that a dot was read as."""
    if before:
        first, _, rest = text.partition(" ")
        text = rest if rest and len(first) <= 2 else text[1:]
    if after:
        rest, _, last = text.rpartition(" ")
        text = rest if rest and len(last) <= 2 else text[:-1]
    return text.strip()


def _cut(box: Box2D, *, left: float | None = None, right: float | None = None) -> Box2D:
    low = box.x if left is None else max(box.x, left)
    high = box.x + box.width if right is None else min(box.x + box.width, right)
    return replace(box, x=low, width=max(high - low, 1.0))


def _outside(box: Box2D, dots: Sequence[Dot]) -> Iterator[Dot]:
    reach = (REACH + 0.5) * box.height
    edge = 0.35 * box.height
    for dot in dots:
        far = max(
            box.x - dot.x, dot.x - box.x - box.width, box.y - dot.y, dot.y - box.y - box.height
        )
        if edge <= far < reach:
            yield dot


def _near(box: Box2D, dots: Sequence[Dot]) -> Iterator[tuple[Dot, float, str]]:
    """Dots within reach of a name: which, by how many heights it is away, and on which side."""
    for dot in dots:
        aside = max(box.x - dot.x, 0.0, dot.x - (box.x + box.width))
        above = max(box.y - dot.y, 0.0, dot.y - (box.y + box.height))
        gap = max(float(np.hypot(aside, above)) - dot.size / 2, 0.0) / box.height
        if gap <= REACH and LEAST * box.height < dot.size < 1.6 * box.height:
            side = (
                ("left" if dot.x < box.x + box.width / 2 else "right")
                if aside > above
                else ("above" if dot.y < box.y + box.height / 2 else "below")
            )
            yield dot, gap, side


def _along(line: Lettering, dots: Sequence[Dot]) -> Iterator[tuple[Dot, float, str]]:
    """Dots within reach of a name that is not level, by the line through the middle of its letters."""
    way = np.radians(line.angle)
    high = line.box.height / (LETTER_WIDTH * len(line.text) * abs(np.sin(way)) + abs(np.cos(way)))
    ahead = np.array((np.cos(way), np.sin(way)))
    half = LETTER_WIDTH * len(line.text) * high / 2
    middle = (line.box.x + line.box.width / 2, line.box.y + line.box.height / 2)
    for dot in dots:
        off = np.array((dot.x, dot.y)) - middle
        along, aside = float(off @ ahead), float(off @ (-ahead[1], ahead[0]))
        beyond = max(abs(along) - half, 0.0)
        gap = float(np.hypot(beyond, max(abs(aside) - high / 2, 0.0))) - dot.size / 2
        within = beyond <= 0 and abs(aside) < high / 2
        if not within and gap <= REACH * high and LEAST * high < dot.size < 1.6 * high:
            yield dot, max(gap, 0.0) / high, "left" if along < 0 else "right"


def _usual(named: Sequence[Named]) -> list[Named]:
    """Names without the short, unsure, odd ones that symbols are read as."""
    exact = [n for n in named if n.candidates[0].edits == 0 and len(n.line.text) > SHORT]
    heights = [n.line.box.height for n in exact]
    middle = statistics.median(heights) if len(heights) >= 5 else None
    scripts = Counter(bool(_CYRILLIC.search(n.line.text)) for n in exact)
    kept = []
    for n in named:
        height = n.line.box.height
        if n.line.by is ReadBy.MACHINE:
            if len(n.line.text) <= SHORT and not _surely(n, scripts):
                continue
            if (
                middle
                and not n.line.angle
                and not middle / OWN_HEIGHT < height < OWN_HEIGHT * middle
            ):
                continue
        kept.append(n)
    return kept


def _surely(named: Named, scripts: Counter[bool]) -> bool:
    text = named.line.text
    script = bool(_CYRILLIC.search(text))
    return (
        named.candidates[0].edits == 0
        and (named.line.confidence or 0) >= SURE
        and not (script and _LATIN.search(text))
        and scripts[script] >= scripts[not script]
        and (text.isupper() or text.istitle())
    )


def _shared_out(named: Sequence[Named]) -> list[Dot | None]:
    """The dot of each name, or None."""
    clear = [near for n in named for near in _first(n) if near[1] < DOUBT]
    sides = Counter(side for _, _, side in clear)
    sizes = [dot.size for dot, _, _ in clear]
    size = statistics.median(sizes) if sizes else 0.0
    dots = list({(d.x, d.y): d for n in named for d, _, _ in n.dots}.values())
    column = {(d.x, d.y): i for i, d in enumerate(dots)}
    most = max(sides.values(), default=1)
    none = REACH + 2 * USUAL
    # To the right of the dots, a column for each name that says: none of them.
    cost = np.full((len(named), len(dots) + len(named)), 1e3)
    for row, n in enumerate(named):
        cost[row, len(dots) + row] = none
        for dot, gap, side in n.dots:
            if gap >= DOUBT and not 0.7 * size < dot.size < 1.4 * size:
                continue
            odd = 1 - sides[side] / most + min(abs(float(np.log2(dot.size / size))), 1.0)
            cost[row, column[dot.x, dot.y]] = gap + USUAL * odd
    rows, columns = linear_sum_assignment(cost)
    chosen = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    return [dots[chosen[row]] if chosen[row] < len(dots) else None for row in range(len(named))]


def _first(named: Named) -> list[tuple[Dot, float, str]]:
    return sorted(named.dots, key=lambda d: (d[1], d[0].y, d[0].x))[:1]


def _with_joined(lines: Sequence[Lettering], gazetteer: Gazetteer) -> Iterator[Lettering]:
    """The lines, where two that stand one above the other and name one place together are one."""
    used: set[int] = set()
    for i, upper in enumerate(lines):
        if i in used:
            continue
        for j, lower in enumerate(lines):
            if j in used or i == j or not _stacked(upper.box, lower.box):
                continue
            text = (
                upper.text[:-1] + "-" if upper.text.endswith("-") else upper.text + " "
            ) + lower.text
            joined = gazetteer.candidates(text)
            if joined and joined[0].edits < 1:
                used.add(j)
                yield replace(upper, text=text, box=around(upper.box, lower.box))
                break
        else:
            continue
        used.add(i)
    yield from (line for i, line in enumerate(lines) if i not in used)


def _stacked(upper: Box2D, lower: Box2D) -> bool:
    high = max(upper.height, lower.height)
    edges = (
        abs(upper.x - lower.x),
        abs(upper.x + upper.width - lower.x - lower.width),
        abs(upper.x + upper.width / 2 - lower.x - lower.width / 2),
    )
    return (
        -0.3 * high < lower.y - upper.y - upper.height < 0.8 * high
        and min(edges) < 0.5 * high
        and high < 1.6 * min(upper.height, lower.height)
    )
