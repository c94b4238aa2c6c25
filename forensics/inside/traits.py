"""What of a file's tree do the rules about programs look at? Short texts by name, each with its place.

A name is the way to a part, or the end of it: "Info/Producer", "XMP/x:xmptk", "MuxingApp". A part without a
value gives the empty text, so that a rule can ask whether it is there. Beside these:

    format            name of the outermost part: "JPEG", "PNG", "Matroska"
    holder            names of the blocks of metadata that are there: EXIF, XMP, IPTC, C2PA
    jpeg-order        segments in stored order, with what those of applications hold: "SOI APP0:JFIF DQT";
                      repeats in a row said once, tables and scans of the later passes once in all
    jpeg-tables       what each quantisation table is like (`forensics.inside.quantisation`)
    jpeg-sampling     chroma sampling: "4:2:0"
    png-order         chunks in stored order, texts with their keyword: "IHDR pHYs Text:Software IDAT IEND"
    longer-side       pixels of a JPEG or PNG picture

How the parts lie and which tables they hold tells programs apart, also where metadata were removed: Kee,
Johnson, Farid 2011, "Digital image authentication from JPEG headers"; Kornblum 2008, "Using JPEG
quantization tables to identify imagery processed by software"; Gloe 2012, "Forensic analysis of ordered data
structures on the example of JPEG files".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Final

from forensics.inside.quantisation import estimate
from forensics.inside.summary import ASIDE
from forensics.media.boxfacts import Fact, Facts
from forensics.model import Part

MAX_TEXT: Final = 1000
"""Characters of a value that rules see."""
MAX_FACTS: Final = 200
"""Texts of one name that rules see."""
DERIVED: Final = (
    "format",
    "holder",
    "jpeg-order",
    "jpeg-tables",
    "jpeg-sampling",
    "png-order",
    "longer-side",
)
_HOLDERS = ("EXIF", "XMP", "IPTC", "C2PA")
_PASSES = re.compile(r"(?:(?: DHT| DRI)* SOS)+")
_SIDES = re.compile(r"(\d+) x (\d+)")


def traits(tree: Part, names: Collection[str]) -> Facts:
    """Returns the texts of a file's tree that rules ask for.

    Args:
        tree: Everything that a file carries.
        names: Names that the rules use: derived ones, or ends of ways.
    """
    found: dict[str, list[Fact]] = {}
    for name, text, part, way in _all(tree, names):
        listed = found.setdefault(name, [])
        if len(listed) < MAX_FACTS:
            field = "/".join(way)[:MAX_TEXT] or tree.name
            listed.append(Fact(text=text[:MAX_TEXT], offset=part.at or 0, field=field))
    return {name: tuple(facts) for name, facts in found.items()}


def _all(tree: Part, names: Collection[str]) -> Iterator[tuple[str, str, Part, tuple[str, ...]]]:
    longest = max((name.count("/") + 1 for name in names), default=0)
    wanted = frozenset(names)
    holders = set()
    for way, part in tree.walk():
        if not ASIDE.isdisjoint(way[:-1]):
            continue
        if part.name in _HOLDERS and part.name not in holders:
            holders.add(part.name)
            yield "holder", part.name, part, way
        for length in range(1, min(longest, len(way)) + 1):
            if (name := "/".join(way[-length:])) in wanted:
                yield name, "" if part.value is None else str(part.value), part, way
    if tree.parts:
        yield from _derived(tree.parts[0])


def _derived(outer: Part) -> Iterator[tuple[str, str, Part, tuple[str, ...]]]:
    """What is derived from the outermost part: the picture itself, not those embedded in it."""
    way = (outer.name,)
    yield "format", outer.name, outer, way
    if outer.name == "JPEG":
        yield "jpeg-order", _order(_segment(p) for p in outer.parts), outer, way
        for segment in outer.parts:
            for part in segment.parts if segment.name == "DQT" else ():
                if said := _table(part):
                    yield "jpeg-tables", said, part, (*way, segment.name, part.name)
            if segment.name.startswith("SOF"):
                frame = (*way, segment.name)
                if said := segment.text("ChromaSampling"):
                    yield "jpeg-sampling", said, segment, frame
                sides = [segment.text(name) for name in ("ImageWidth", "ImageHeight")]
                if all(side.isdecimal() for side in sides):
                    yield "longer-side", str(max(map(int, sides))), segment, frame
    elif outer.name == "PNG":
        yield "png-order", _order(_chunk(p) for p in outer.parts), outer, way
        if (header := outer.first("IHDR")) and (match := _SIDES.match(str(header.value))):
            yield "longer-side", str(max(map(int, match.groups()))), header, (*way, "IHDR")


def _order(names: Iterator[str]) -> str:
    once = " ".join(name for name, _ in groupby(names))
    return _PASSES.sub(lambda match: " DHT SOS" if " DHT" in match[0] else " SOS", once)


def _segment(part: Part) -> str:
    return f"{part.name}:{part.meaning}" if part.name.startswith("APP") else part.name


def _chunk(part: Part) -> str:
    return f"Text:{part.parts[0].name}" if part.name == "Text" and part.parts else part.name


def _table(part: Part) -> str:
    values = str(part.value).split()
    if len(values) != 64 or not all(value.isdecimal() for value in values):
        return ""
    chroma = not part.name.endswith(" 0")
    return estimate(tuple(map(int, values)), chroma=chroma).sentence
