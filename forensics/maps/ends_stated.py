"""Do arrows begin and end where the graphic says that they do?

"Launched from the areas of Kursk and Orel", "strikes on Sumy": the places that such a line names are looked
up, in whatever case they stand, and held against the drawn ends. An area has no edge, and an arrow is rarely
drawn to the spot: near is generous, and a contradiction is told only where nothing at all is drawn near a
place that lies on the map.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from forensics.maps.areas_named import is_area
from forensics.maps.fitted import ground, shown
from forensics.maps.gazetteer import Gazetteer
from forensics.maps.geography import distance_km, distances_km
from forensics.model.map import (
    Box2D,
    GazetteerPlace,
    GroundPoint,
    Lettering,
    Placement,
    Statement,
    Track,
)

NEAR_KM: Final = 60.0
"""From a place, that is still its area."""
FEWEST: Final = 3
"""Arrows that were made out, before a place that none of them is near contradicts what is stated."""
FAR_KM: Final = 180.0
"""From a place, that is its area on no reading."""
LEAST_PEOPLE: Final = 3_000
"""In a place that is named in another case than the gazetteer's."""
SMALL: Final = 0.05
"""Of the people in the largest place of a name, under which another one is not meant."""
MANY_PEOPLE: Final = 100_000
"""In a place whose name has only `SHORT` letters."""
SHORT: Final = 3
ELSEWHERE_KM: Final = 2_000.0
"""From the middle of the map, that no place on it is."""
SPACE: Final = 1.0
"""Of the height of a line, that is between its words at most."""
LINES: Final = 3
"""That a sentence may run on over."""
MOST_WORDS: Final = 3
MOST_UNKNOWN: Final = 1
"""Words in a row that name nothing, after which a list has ended."""
MAX_PLACES: Final = 12
MAX_STATED: Final = 8

_FROM: Final = re.compile(
    r"(?i)\b(?:(?:за)?пуск\w*|(?:за|ви|вы)пущен\w*|старт\w*|вылет\w*|виліт\w*|летел\w*|летіл\w*|"
    r"launch\w*|fired|flew)(?:\s+[\w-]+){0,4}?\s+(?:из|с|со|з|із|зі|from)\b|"
    r"\b(?:из|з|із)\s+район\w*|\bс\s+направлен\w*|\bз\s+напрям\w*|"
    r"\bрайон\w*\s+(?:пуск\w*|запуск\w*|старт\w*)|\blaunch\s+(?:areas?|sites?)|\bfrom\s+the\s+areas?\b"
)
_TO: Final = re.compile(
    r"(?i)\b(?:удар\w*|атак\w*|цел\w*|ціл\w*)\s+(?:по|на|в|у)\b|\bв\s+направлени\w*|\b[ув]\s+напрямк\w*|"
    r"\b(?:атакован\w*|обстрелян\w*|обстрілян\w*)|\bрайон\w*\s+(?:цел\w*|удар\w*|падени\w*)|"
    r"\b(?:цел[иь]|ціл[іь]|targets?)\s*[:–—-]|"
    r"\b(?:strikes?|attacks?)\s+(?:on|at|against)\b|\btarget\s+areas?|\btowards?\b"
)
_AT: Final = re.compile(r"\s(?:по|на|at|towards?)\s+(?=[^\W\d_]*[А-ЯЁІЇЄҐA-Z])")
"""In a sentence that says from where, what comes after it is at what."""
_FILLER: Final = re.compile(
    r"(?i)^(и|й|та|і|and|the|of|г|город\w*|район\w*|область|areas?|по|на|в|у|из|с|з|із|около|біля|near)$"
)
_WORD: Final = re.compile(r"[\w'’.-]+")
_ENDING: Final = re.compile(
    r"(ами|ями|ого|ому|ах|ях|ам|ям|ом|ем|ой|ей|ою|ею|ым|им|а|я|у|ю|е|и|ы|і|ї)$"
)
_NOMINATIVE: Final = ("", "а", "я", "ы", "и", "і", "ь", "й", "о", "е", "ый", "ий", "ое")
_REGIONAL: Final = re.compile(
    r"^(?P<stem>\S+?)(ск|цк|ськ|цьк)(ая|ой|ую|а|ої|ій|у|ий|ого|ом|ому)$", re.IGNORECASE
)
_OBLIQUE: Final = frozenset({"ой", "ої", "ій", "ую"})
"""Endings of the name of a region that no town's name has."""
_OBLAST: Final = re.compile(r"(?i)^(обл\w*|край|края|крае|краю|район\w*|р-н\w*)\.?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A place or region that a sentence names.

    Attributes:
        text: As it stands there.
        places: Where it may be: one place, several of one name, or those of a region.
        region: It is a region: all of them together.
    """

    text: str
    places: tuple[GazetteerPlace, ...]
    region: bool = False


def ends_stated(
    lettering: Sequence[Lettering],
    tracks: Sequence[Track],
    others: Sequence[GroundPoint],
    placement: Placement,
    size: tuple[int, int],
    known: Gazetteer,
) -> tuple[Statement, ...]:
    """Holds the places from which, and at which, a graphic says that something flew against its arrows.

    Args:
        lettering: All text.
        tracks: As measured.
        others: Points of whatever else is drawn: symbols, middles of areas.
        placement: Where the map lies.
        size: Width and height of the graphic, in pixels.
        known: Places by their names.
    """
    middle = None
    if placement.placed:
        (middle,) = ground(placement, [(size[0] / 2, size[1] / 2)])
    found = []
    for line, start, names in _sentences(joined(lettering), known, middle):
        kind = "launch-area" if start else "target-area"
        text = ", ".join(name.text for name in names)
        holds, why = _held(names, start, tracks, others, placement, size)
        found.append(Statement(text=text, kind=kind, holds=holds, why=why, box=line.box))
    return tuple(found[:MAX_STATED])


def _sentences(
    lettering: Sequence[Lettering], known: Gazetteer, middle: tuple[float, float] | None
) -> Iterator[tuple[Lettering, bool, list[Named]]]:
    """Lines that say from where or at what, whether it is from where, and the places that they name."""
    said: set[tuple[bool, frozenset[int]]] = set()
    for line in lettering:
        for pattern, start in ((_FROM, True), (_TO, False)):
            match = pattern.search(line.text)
            if match is None:
                continue
            text = " ".join((line.text[match.end() :], *_below(line, lettering)))
            other = (_TO if start else _FROM).search(text)
            text = text[: other.start()] if other else text
            parts = [(start, text)]
            if start and (at := _AT.search(text)):
                parts = [(True, text[: at.start()]), (False, text[at.end() :])]
            for begins, part in parts:
                names = named(part, known, middle)
                key = begins, frozenset(p.id for name in names for p in name.places)
                if names and key not in said:
                    said.add(key)
                    yield line, begins, names


def joined(lettering: Sequence[Lettering]) -> list[Lettering]:
    """Returns lines whose pieces, which stand a space apart on one level, are one line again."""
    found: list[Lettering] = []
    for piece in sorted(lettering, key=lambda line: line.box.x):
        for i, line in enumerate(found):
            if line.angle == piece.angle == 0 and _goes_on(line.box, piece.box):
                y = min(line.box.y, piece.box.y)
                bottom = max(line.box.y + line.box.height, piece.box.y + piece.box.height)
                right = max(line.box.x + line.box.width, piece.box.x + piece.box.width)
                box = Box2D(x=line.box.x, y=y, width=right - line.box.x, height=bottom - y)
                found[i] = replace(line, text=f"{line.text} {piece.text}", box=box)
                break
        else:
            found.append(piece)
    return sorted(found, key=lambda line: (line.box.y, line.box.x))


def _goes_on(line: Box2D, piece: Box2D) -> bool:
    low, high = sorted((line.height, piece.height))
    gap = piece.x - line.x - line.width
    level = abs(line.y + line.height / 2 - piece.y - piece.height / 2) < 0.4 * high
    # The box of a short word may be read as high as two lines.
    return level and -0.3 * high < gap < SPACE * low and high < 3 * low


def _below(line: Lettering, lettering: Sequence[Lettering]) -> Iterator[str]:
    """The lines of the same size that a sentence runs on over."""
    last = line.box
    for _ in range(LINES - 1):
        under = [
            other
            for other in lettering
            if 0.3 * last.height < other.box.y - last.y < 2.2 * last.height
            and 0.6 < other.box.height / last.height < 1.6
            and (
                abs(other.box.x - line.box.x) < 1.5 * last.height
                or abs(_middle(other.box) - _middle(line.box)) < 1.5 * last.height
            )
        ]
        if not under:
            return
        after = min(under, key=lambda other: (other.box.y, other.box.x))
        if _FROM.search(after.text) or _TO.search(after.text):
            return
        yield after.text
        last = after.box


def _middle(box: Box2D) -> float:
    return box.x + box.width / 2


def named(text: str, known: Gazetteer, middle: tuple[float, float] | None = None) -> list[Named]:
    """Returns the places that the beginning of a text lists, in whatever case they stand.

    Args:
        text: What comes after "launched from", or "strikes on".
        known: Places by their names.
        middle: Longitude and latitude of the map's middle: what is very far from it is not meant.
    """
    words = [word.strip(".") for word in _WORD.findall(text)]
    found: list[Named] = []
    unknown, at = 0, 0
    while at < len(words) and unknown <= MOST_UNKNOWN and len(found) < MAX_PLACES:
        if _FILLER.match(words[at]):
            at += 1
            continue
        for count in range(min(MOST_WORDS, len(words) - at), 0, -1):
            hit = _looked_up(words[at : at + count], known, middle)
            if hit is not None:
                found.append(hit)
                unknown, at = 0, at + count
                break
        else:
            unknown, at = unknown + 1, at + 1
    return found


def _looked_up(
    words: Sequence[str], known: Gazetteer, middle: tuple[float, float] | None
) -> Named | None:
    text = " ".join(words)
    if not words[0][:1].isupper() or any(_FILLER.match(w) for w in (words[0], words[-1])):
        return None
    adjective = _REGIONAL.match(words[0])
    if adjective and (adjective[3].lower() in _OBLIQUE or _OBLAST.match(words[-1])):
        if len(words) > 2 or (len(words) == 2 and not _OBLAST.match(words[1])):
            return None
        soft = "ь" in adjective[2].lower()
        region = known.region(adjective["stem"] + ("ська" if soft else "ская") + " область")
        return Named(text=text, places=region.places, region=True) if region else None
    if any(_OBLAST.match(word) for word in words):
        return None
    least = LEAST_PEOPLE if len(text) > SHORT else MANY_PEOPLE
    if any(is_area(form) for form in (text, *inflected(text))):
        return None
    places = {p for p in known.named(text) if len(text) > SHORT or p.population >= least}
    for form in inflected(text):
        places |= {p for p in known.named(form) if p.population >= least}
    if middle is not None:
        places = {p for p in places if distance_km(p.lon, p.lat, *middle) < ELSEWHERE_KM}
    if not places:
        return None
    most = max(p.population for p in places)
    meant = sorted(
        (p for p in places if p.population >= SMALL * most), key=lambda p: (-p.population, p.id)
    )
    return Named(text=text, places=tuple(meant))


def inflected(name: str) -> list[str]:
    """Returns what the first case of a Russian or Ukrainian name may be, given another one of it."""
    low = name.lower()
    match = _ENDING.search(low)
    stems = [low[: match.start()]] if match else [low]
    if match and len(match[0]) > 1:
        stems.append(low[:-1])
    stems = [stem for stem in stems if len(stem) > 2]
    forms = [stem + ending for stem in stems for ending in _NOMINATIVE]
    # "Орла" of "Орел": a vowel comes and goes.
    forms += [stem[:-1] + vowel + stem[-1] for stem in stems for vowel in "еоє"]
    return [form for form in dict.fromkeys(forms) if form != low]


def _held(
    names: Sequence[Named],
    start: bool,
    tracks: Sequence[Track],
    others: Sequence[GroundPoint],
    placement: Placement,
    size: tuple[int, int],
) -> tuple[bool | None, str]:
    ends = [track.start if start else track.end for track in tracks if track.arrow]
    ends = [end for end in ends if end.lon is not None]
    side = "start" if start else "end"
    if not placement.placed:
        return None, "The map is not placed, so drawn ends cannot be held against these places."
    if not ends:
        return None, f"No arrow was made out whose {side} could be held against these places."
    away = np.array([[_away(name, end) for end in ends] for name in names])
    error = np.array([end.error_km or 0.0 for end in ends])
    near = away <= NEAR_KM + error
    met = [name.text for name, row in zip(names, near, strict=True) if row.any()]
    left = [name.text for name, row in zip(names, near, strict=True) if not row.any()]
    elsewhere = int((~near.any(axis=0)).sum())
    wrong = (
        f" Near is {NEAR_KM:.0f} km and the error of the end. An arrow that only shows a direction, one that"
        " was not made out, or a misread name would make this wrong."
    )
    said = f"Arrows that {side} near a place that is named: {len(ends) - elsewhere} of {len(ends)};"
    said += f" near {', '.join(left)} none does." if left else " each of the places has one."
    if not left and not elsewhere:
        return True, said + wrong
    if (
        not met
        and len(ends) >= FEWEST
        and all(_forsaken(name, tracks, others, placement, size) for name in names)
    ):
        return False, f"{said} Nothing at all is drawn within {FAR_KM:.0f} km of them.{wrong}"
    return None, said + wrong


def _away(name: Named, point: GroundPoint) -> float:
    """Km from a point to the nearest place that a name may mean."""
    places = np.array([(p.lon, p.lat) for p in name.places])
    here = np.broadcast_to(np.array((point.lon, point.lat), np.float64), places.shape)
    return float(distances_km(here, places).min())


def _forsaken(
    name: Named,
    tracks: Sequence[Track],
    others: Sequence[GroundPoint],
    placement: Placement,
    size: tuple[int, int],
) -> bool:
    """Whether a place lies on the map, and nothing that was made out is drawn anywhere near it."""
    at = shown(placement, [(p.lon, p.lat) for p in name.places])
    if not all(0 < x < size[0] and 0 < y < size[1] for x, y in at):
        return False
    drawn = [*others, *(end for track in tracks for end in (track.start, track.end))]
    return all(
        _away(name, point) > FAR_KM + 2 * (point.error_km or 0.0)
        for point in drawn
        if point.lon is not None
    )
