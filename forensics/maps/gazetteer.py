"""Which places may a text on a map name?

The gazetteer is an extract of GeoNames (CC BY 4.0) that `data/make_gazetteer.py` makes. Names are compared
letter by letter: a map's reader takes и for н and о for 0, so such exchanges count less than others, and
Latin letters that look like Cyrillic ones count as those. What is ambiguous stays ambiguous: every place
that fits is returned.
"""

from __future__ import annotations

import json
import lzma
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from forensics.model.map import Candidate, GazetteerPlace

MAX_CANDIDATES: Final = 12
MAX_ASKED: Final = 10_000
"""Answers that are kept: a text is looked up several times while a map is read."""
MAX_LETTERS: Final = 40
"""Longer texts name no place."""
LIKE: Final = 0.4
"""What a letter costs that is taken for one that looks like it."""

_CYRILLIC: Final = re.compile(r"[а-яіїєґў]")
_LATIN: Final = re.compile(r"[a-z]")
_TO_CYRILLIC: Final = str.maketrans("aceiopxyhkmtbn03", "асеіорхункмтвпоз")
_TO_LATIN: Final = str.maketrans("асеіорхукмт", "aceiopxykmt")
_ALIKE: Final = frozenset(
    frozenset(pair)
    for pair in (
        *("ин", "нп", "пл", "дл", "шщ", "шн", "цч", "ьы", "ъь", "еэ", "ес", "бв", "вз", "зэ", "гт"),
        *("жх", "юо", "ао", "ії", "іі", "иі", "ий", "её", "ії", "тг", "мн", "яа", "кж", "чу", "уу"),
        *("il", "lt", "ij", "rn", "ec", "oc", "oa", "uv", "vy", "hb", "nh", "nm", "gq", "ft", "kh"),
    )
)
_TO_RUSSIAN: Final = str.maketrans("іїєґи", "ииегы")
_PREFIX: Final = re.compile(
    r"^(г|гор|город|м|місто|с|село|п|пос|пгт|смт|ст|р п|рп|аг|дер|д)\.? (?=\w{3})"
)
_REGION: Final = re.compile(
    r"^(?P<stem>[а-яёіїєґ' -]{3,}?)(ская|ський|ська|ский|цкая|цька) "
    r"(обл|область|обл\.|области|край|р-н|район)\.?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A first-level region, known by the places in it.

    Attributes:
        name: As the label has it.
        country: ISO 3166-1 code.
        code: GeoNames' code of the region within its country.
        places: The places in it that the gazetteer has.
    """

    name: str
    country: str
    code: str
    places: tuple[GazetteerPlace, ...]


class Gazetteer:
    """Places and their names."""

    def __init__(self, text: str) -> None:
        """Reads what `data/make_gazetteer.py` made."""
        head, *rows = text.splitlines()
        facts = json.loads(head)
        self.source = (
            f"{facts['name']}, {facts['version']}, fetched {facts['fetched']}; {facts['licence']}"
        )
        self.places: list[GazetteerPlace] = []
        self._regions: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._region_of: list[tuple[str, str]] = []
        self._exact: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(rows):
            place, name, country, region, lon, lat, people, names = row.split("\t")
            self.places.append(
                GazetteerPlace(
                    id=int(place),
                    name=name,
                    country=country,
                    lon=float(lon),
                    lat=float(lat),
                    population=int(people),
                )
            )
            self._regions[country, region].append(number)
            self._region_of.append((country, region))
            for known in names.split("|"):
                self._exact[known].append(number)
        by_length: dict[tuple[bool, int], list[str]] = defaultdict(list)
        for known in self._exact:
            by_length[bool(_CYRILLIC.search(known)), len(known)].append(known)
        self._by_length = dict(by_length)
        self._asked: dict[str, tuple[Candidate, ...]] = {}

    def candidates(self, text: str) -> tuple[Candidate, ...]:
        """Returns the places that a text may name, fewest differing letters first, then by population.

        A text of five letters may differ in one, of nine in two; a shorter one must fit exactly. Letters
        that are often misread count `LIKE`. Nothing is returned for the name of a region.
        """
        if text in self._asked:
            return self._asked[text]
        found: dict[int, Candidate] = {}
        for asked in _forms(text):
            for known, edits in self._near(asked):
                for number in self._exact[known]:
                    if number not in found or edits < found[number].edits:
                        place = self.places[number]
                        found[number] = Candidate(place=place, name=known, edits=edits)
        ranked = sorted(found.values(), key=lambda c: (c.edits, -c.place.population, c.place.id))
        if len(self._asked) < MAX_ASKED:
            self._asked[text] = tuple(ranked[:MAX_CANDIDATES])
        return tuple(ranked[:MAX_CANDIDATES])

    def named(self, text: str) -> tuple[GazetteerPlace, ...]:
        """Returns the places that have exactly this name, the largest first."""
        numbers = self._exact.get(bare(text), ())
        return tuple(sorted((self.places[n] for n in numbers), key=lambda p: (-p.population, p.id)))

    def region(self, text: str) -> Region | None:
        """Returns the region that a label like "Брянская обл." names, or None.

        It is found by the largest place whose name begins like the adjective, in Ukraine, Russia and
        Belarus: "Брян" leads to Bryansk, and so to the region around it.
        """
        named = _REGION.match(_lower(text))
        if named is None:
            return None
        stem = named["stem"].strip()
        begins = [
            number
            for known in self._exact
            if known.startswith(stem) and len(known) <= len(stem) + 3
            for number in self._exact[known]
            if self.places[number].country in {"UA", "RU", "BY"}
        ]
        if not begins:
            return None
        largest = max(begins, key=lambda n: (self.places[n].population, -n))
        country, code = self._region_of[largest]
        return Region(
            name=text,
            country=country,
            code=code,
            places=tuple(self.places[n] for n in self._regions[country, code]),
        )

    def _near(self, asked: str) -> Iterator[tuple[str, float]]:
        """Known names within the letters that may differ, with how much they do."""
        if asked in self._exact:
            yield asked, 0.0
        letters = len(asked)
        allowed = 0 if letters < 5 else 1 if letters < 9 else 2
        if not allowed:
            return
        script = bool(_CYRILLIC.search(asked))
        # An exchange of letters that look alike counts less, so one more of them is looked at.
        reach = allowed + 1
        for length in range(letters - allowed, letters + allowed + 1):
            names = self._by_length.get((script, length), ())
            hits = (
                process.extract(asked, names, scorer=OSA.distance, score_cutoff=reach, limit=200)
                if names
                else ()
            )
            for known, distance, _ in hits:
                if distance and (edits := _weighed(asked, known)) <= allowed:
                    yield known, edits


@cache
def gazetteer() -> Gazetteer:
    """Returns the gazetteer that is shipped; read once in a process, in under a second."""
    packed = files("forensics.maps").joinpath("data/gazetteer.tsv.xz").read_bytes()
    return Gazetteer(lzma.decompress(packed).decode("utf-8"))


def bare(name: str) -> str:
    """Returns a name as it is compared: lower case, ё as е, no accents on Latin letters, no marks."""
    text = _lower(name)
    if not _CYRILLIC.search(text):
        text = "".join(
            c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
        )
        text = text.replace("ł", "l").replace("ø", "o").replace("ß", "ss").replace("đ", "d")
    return " ".join(re.sub(r"[^\w]|_", " ", re.sub(r"['’ʼʹ`´\"]", "", text)).split())


def _lower(text: str) -> str:
    return (
        unicodedata.normalize("NFKC", text[: 4 * MAX_LETTERS]).casefold().strip().replace("ё", "е")
    )


def _forms(text: str) -> list[str]:
    """The text as it may have been meant: in one script, without "г." before it."""
    low = _PREFIX.sub("", _lower(text))
    if _REGION.match(low):
        return []
    low = bare(low)
    if not 2 <= len(low) <= MAX_LETTERS:
        return []
    forms: Iterable[str] = (low,)
    if _CYRILLIC.search(low) and (_LATIN.search(low) or re.search(r"\d", low)):
        forms = (low.translate(_TO_CYRILLIC), low.translate(_TO_LATIN))
    forms = [form for form in dict.fromkeys(forms) if not re.search(r"\d", form)]
    # Ukrainian names of places elsewhere are often missing: "Новоросійськ" is spelt "Новоросийск" as well.
    russian = [
        form.translate(_TO_RUSSIAN).replace("ськ", "ск").replace("цьк", "цк")
        for form in forms
        if re.search(r"[іїєґ]|[сц]ьк", form)
    ]
    return list(dict.fromkeys((*forms, *russian)))


def _weighed(one: str, other: str) -> float:
    """Edit distance (optimal string alignment) in which letters that look alike cost `LIKE`."""
    before: Sequence[float] = ()
    row: list[float] = [float(i) for i in range(len(other) + 1)]
    for i, a in enumerate(one, 1):
        last, row = row, [float(i)]
        for j, b in enumerate(other, 1):
            cost = 0.0 if a == b else LIKE if frozenset((a, b)) in _ALIKE else 1.0
            best = min(last[j] + 1, row[-1] + 1, last[j - 1] + cost)
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before = last
    return row[-1]
