"""What does the graphic state in words and numbers, and does it agree with itself?

Sums are added up, counts that stand twice are compared, dates and periods are read, and what is stated of
the whole is held against the symbols that are drawn. A disagreement may be the author's or the reader's:
each test says what was compared, so that a person can look.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

from forensics.maps.days import moments, read_dates
from forensics.maps.rectangles import around
from forensics.model.map import Box2D, Lettering, Marker, Statement

MISREAD: Final = "A misread figure would make this wrong: compare the figures with the picture."
MAX_STATEMENTS: Final = 100
EVEN: Final = 1.5
"""Times the least step from row to row of a table, that the largest one is where no row is missing."""
SURE: Final = 80
"""tesseract's confidence in a figure on which a contradiction may rest."""
ALIKE: Final = 2
"""Names that stand twice with one figure, before another one's two figures contradict each other."""

_TOTAL: Final = re.compile(r"(?i)^(все ?го|итого|усього|разом|загалом|total|sum)\b")
_NUMBER: Final = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d{1,7})"
_PARTS: Final = rf"{_NUMBER}(?: ?\+ ?{_NUMBER})+"
_EQUATION: Final = re.compile(
    rf"(?<![\d.,:])(?:(?P<parts>{_PARTS}) ?= ?(?P<sum>{_NUMBER})|(?P<total>{_NUMBER}) ?= ?(?P<of>{_PARTS}))"
    r"(?![\d.,:])"
)
_BEFORE: Final = re.compile(r"(?:[-−–—+×xх*/·=(%^]|\d\s*:)\s*$|\d\s+$", re.I)
_AFTER: Final = re.compile(r"^\s*[-−–—+×xх*/·:=%^\d]", re.I)
"""Around a sum, that make it a part of something longer."""
_PART_OF: Final = re.compile(
    r"(?i)\b(из (них|которых)|з (них|яких)|в т\. ?ч|в том числе|у тому числі|зокрема|of (which|these)|incl)"
)
_REGION: Final = re.compile(r"(?i)\b(обл|край|респ|район|р-н|oblast|region|province|krai)")
_BEGINS: Final = re.compile(
    r"(?i)\b(с|со|з|із|от|від|from|since|начал\w*|почат\w*|start\w*|begin\w*)\b"
)
_ENDS: Final = re.compile(r"(?i)\b(до|по|to|till|until|кон(ец|ца)|кін(ець|ця)|end\w*)\b")
_COUNT: Final = re.compile(r"\d{1,6}")
_NAMED: Final = re.compile(r"^(?P<name>[^\W\d][^\d]{2,60}?)[ :–—-]+(?P<count>\d{1,6})$")
_ZONES: Final = {
    "мск": "Moscow time, UTC+3",
    "по москве": "Moscow time, UTC+3",
    "московск": "Moscow time, UTC+3",
    "по киев": "Kyiv time",
    "київськ": "Kyiv time",
    "utc": "UTC",
    "gmt": "UTC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number that stands beside a name.

    Attributes:
        name: The name.
        number: The number.
        box: Around both.
        figure: Around the number.
        named: Around the name.
        sure: A contradiction may rest on how they were read.
    """

    name: str
    number: int
    box: Box2D
    figure: Box2D
    named: Box2D
    sure: bool = True


def statements(
    lettering: Sequence[Lettering], markers: Sequence[Marker] = ()
) -> tuple[Statement, ...]:
    """Returns what the graphic states, each with whether it holds.

    Args:
        lettering: All text.
        markers: Symbols that were counted, to hold against a stated total.
    """
    found: list[Statement] = []
    found += _equations(lettering)
    counted = counts(lettering)
    found += _totals(counted, markers, lettering)
    found += _repeated(counted)
    found += _dates(lettering)
    return tuple(found[:MAX_STATEMENTS])


def counts(lettering: Sequence[Lettering]) -> list[Count]:
    """Returns the numbers that stand beside names: on one line with them, or to their right."""
    found = []
    names = [line for line in lettering if not re.search(r"\d", line.text) and len(line.text) > 2]
    for line in lettering:
        if named := _NAMED.match(line.text):
            found.append(
                Count(
                    name=named["name"].strip(),
                    number=int(named["count"]),
                    box=line.box,
                    figure=line.box,
                    named=line.box,
                    sure=_sure(line),
                )
            )
        elif _COUNT.fullmatch(line.text):
            middle = line.box.y + line.box.height / 2
            beside = [
                (line.box.x - (n.box.x + n.box.width), n)
                for n in names
                if n.box.x + n.box.width <= line.box.x + 2
                and abs(n.box.y + n.box.height / 2 - middle)
                < 0.6 * max(line.box.height, n.box.height)
            ]
            # A column of figures stands apart from its names, a short one further than a long one.
            near = [
                pair for pair in beside if pair[0] < 2 * pair[1].box.width + 8 * line.box.height
            ]
            if near:
                _, name = min(near, key=lambda pair: pair[0])
                found.append(
                    Count(
                        name=name.text,
                        number=int(line.text),
                        box=around(name.box, line.box),
                        figure=line.box,
                        named=name.box,
                        sure=_sure(line) and _sure(name),
                    )
                )
    return found


def _equations(lettering: Sequence[Lettering]) -> Iterator[Statement]:
    for line in lettering:
        for found in _EQUATION.finditer(line.text):
            parts = [_whole(n) for n in (found["parts"] or found["of"]).split("+")]
            stated = _whole(found["sum"] or found["total"])
            agrees = sum(parts) == stated
            verb = "adds" if agrees else "does not add"
            doubt = ""
            if _BEFORE.search(line.text[: found.start()]) or _AFTER.match(line.text[found.end() :]):
                doubt = " It may be a part of something longer."
            elif re.search(r"\d\s\d", found[0]):
                doubt = " Where a figure ends may have been misread."
            elif not _sure(line):
                doubt = " It was not read surely."
            yield Statement(
                text=found[0],
                kind="sum",
                holds=True if agrees else None if doubt else False,
                why=f"{' + '.join(map(str, parts))} is {sum(parts)}: the sum {verb} up."
                f"{'' if agrees else doubt} {MISREAD}",
                box=line.box,
            )


def _whole(text: str) -> int:
    """A whole number, whose digits may stand in groups."""
    return int("".join(character for character in text if character.isdigit()))


def _sure(line: Lettering) -> bool:
    """Whether a contradiction may rest on how a line was read."""
    return line.confidence is None or line.confidence >= SURE


def _totals(
    counted: Sequence[Count], markers: Sequence[Marker], lettering: Sequence[Lettering]
) -> Iterator[Statement]:
    for total in counted:
        if not _TOTAL.match(total.name):
            continue
        rows = [
            c
            for c in counted
            if c is not total
            and not _TOTAL.match(c.name)
            and c.figure.y < total.figure.y
            and abs(_right(c.figure) - _right(total.figure)) < 3 * total.figure.height
        ]
        if len(rows) > 1:
            added = sum(c.number for c in rows)
            agrees = added == total.number
            doubt = "" if agrees else _may_lack(rows, total, lettering)
            yield Statement(
                text=f"{total.name} {total.number}",
                kind="sum",
                holds=True if agrees else None if doubt else False,
                why=f"{' + '.join(str(c.number) for c in rows)}, the figures above it, are {added}"
                f" {'as' if agrees else 'and not'} stated.{doubt} {MISREAD}",
                box=total.box,
            )
        for marker in markers:
            if abs(marker.count - total.number) <= max(0.25 * total.number, marker.error, 3):
                # Symbols that overlap are counted badly: too few found accuses nobody.
                agree = abs(marker.count - total.number) <= marker.error
                yield Statement(
                    text=f"{total.name} {total.number}",
                    kind="count",
                    holds=True if agree else None,
                    why=f"{marker.count} symbols ({marker.kind}) could be told apart, give or take"
                    f" {marker.error}; {total.number} are stated. Symbols that overlap, or that stand for"
                    " several or for other things, would make this wrong: count them by eye.",
                    box=total.box,
                )


def _may_lack(rows: Sequence[Count], total: Count, lettering: Sequence[Lettering]) -> str:
    """Why a figure of a column may have been missed, or misread; empty where nothing says so."""
    levels = sorted(c.figure.y + c.figure.height / 2 for c in (*rows, total))
    steps = [after - before for before, after in pairwise(levels)]
    first = min(rows, key=lambda c: c.figure.y)
    if max(steps) > EVEN * min(steps):
        return " A row between them may not have been read."
    ordered = sorted(rows, key=lambda c: c.figure.y)
    runs = itertools.combinations(range(len(ordered) + 1), 2)
    numbers = [c.number for c in ordered]
    part = any(sum(numbers[i:j]) == total.number for i, j in runs) or (
        sum(numbers) - total.number in numbers
    )
    if part or any(_PART_OF.search(c.name) for c in rows):
        return " Not all of them may be parts of it: some add up to it, or are parts of others."
    above = [
        line
        for line in lettering
        if 0.5 * steps[0] < first.figure.y - line.box.y < 1.5 * steps[0]
        and abs(line.box.x - first.box.x) < 2 * line.box.height
    ]
    if above:
        return " The figure of the row above them may not have been read."
    figures = {(c.figure.x, c.figure.y) for c in (*rows, total)}
    unsure = any(
        line.confidence is not None and line.confidence < SURE
        for line in lettering
        if (line.box.x, line.box.y) in figures
    )
    return " Not every figure was read surely." if unsure else ""


def _repeated(counted: Sequence[Count]) -> Iterator[Statement]:
    by_name: dict[str, list[Count]] = defaultdict(list)
    for count in counted:
        by_name[_stem(count.name)].append(count)
    doubled = [
        same
        for same in by_name.values()
        # Two figures beside one name are columns of a table, of which each counts something else.
        if len(same) > 1 and len({(c.named.x, c.named.y) for c in same}) == len(same)
    ]
    alike = sum(len({c.number for c in same}) == 1 for same in doubled)
    for same in doubled:
        numbers = sorted({c.number for c in same})
        holds = True if len(numbers) == 1 else None
        doubt = ""
        if holds is None:
            if not _REGION.search(same[0].name) or _TOTAL.match(same[0].name):
                continue  # "Sector 1" and "Sector 2", or a figure beside each of several places
            # Two tables of different things repeat names as well: others must be the same in both.
            if alike >= ALIKE and all(c.sure for c in same):
                holds = False
            else:
                doubt = " In each it may count something else, or have been misread."
        yield Statement(
            text=f"{same[0].name}: {', '.join(map(str, numbers))}",
            kind="count",
            holds=holds,
            why=f"The figure stands in {len(same)} places and is"
            f" {'the same in each' if holds else 'not the same'}.{doubt} {MISREAD}",
            box=same[0].box,
        )


def _dates(lettering: Sequence[Lettering]) -> Iterator[Statement]:
    ordered = sorted(lettering, key=lambda line: (line.box.y, line.box.x))
    stated = moments(lettering)
    zone = next(
        (z for line in ordered for key, z in _ZONES.items() if key in line.text.lower()), ""
    )
    for line in ordered:
        dates, wrong = read_dates(line.text)
        for text in wrong:
            yield Statement(
                text=text,
                kind="date",
                holds=False if _sure(line) else None,
                why=f"There is no such day.{'' if _sure(line) else ' It was not read surely.'} {MISREAD}",
                box=line.box,
            )
        for day in dates:
            yield Statement(
                text=line.text,
                kind="date",
                holds=None,
                why=f"The graphic states the date {day.isoformat()}.",
                box=line.box,
            )
    if len(stated) == 2:
        (start, first), (end, last) = stated
        lasts = end - start
        said = _BEGINS.search(first.text) and _ENDS.search(last.text)
        backwards = False if said and _sure(first) and _sure(last) else None
        yield Statement(
            text=f"{first.text} {last.text}",
            kind="period",
            holds=True if lasts > timedelta(0) else backwards if lasts < timedelta(0) else None,
            why=f"From {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
            f" ({zone or 'the graphic names no time zone'}): {_hours(lasts)}. {MISREAD}",
            box=around(first.box, last.box),
        )


def _hours(lasts: timedelta) -> str:
    minutes = round(lasts.total_seconds() / 60)
    if minutes <= 0:
        return "its end is not after its start"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _stem(name: str) -> str:
    """A name such that "Брянская обл." and "Брянская область" are one."""
    low = name.lower().replace("ё", "е")
    return re.sub(r"\W+", " ", re.sub(r"\b(обл|область|области)\b\.?", "", low)).strip()


def _right(box: Box2D) -> float:
    return box.x + box.width
