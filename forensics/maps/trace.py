"""Where may a map graphic come from? Language and colours of the drawing, fonts and programs of its file.

Each is a description, not a judgement: whoever draws a map chooses its language and its colours, and a file's
fonts and programs are its own word. Two graphics of one maker share them, and so do graphics that were made
with one program or from one public base map.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from colorsys import rgb_to_hsv
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.inside.summary import summarise
from forensics.model import Part
from forensics.model.map import Lettering

COLOURS: Final = 5
"""Of the graphic that are named, by the area that they cover."""
LEAST_AREA: Final = 0.02
"""Of the graphic, that a colour must cover to be named."""
FEWEST_LETTERS: Final = 12
MAX_NAMES: Final = 12
SIDE: Final = 256

_TURNS: Final = (
    *((20, "red"), (45, "orange"), (70, "yellow"), (165, "green")),
    *((195, "turquoise"), (260, "blue"), (330, "purple"), (361, "red")),
)
"""Degrees of the colour circle at which a word ends."""
_CYRILLIC: Final = re.compile("[а-яёіїєґў]")
_LATIN: Final = re.compile("[a-z]")
_OWN: Final = (("Ukrainian", "[іїєґ]"), ("Russian", "[ыэёъ]"), ("Belarusian", "ў"))
"""Letters that of the three languages only one has; і is Belarusian as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What may tell where a graphic comes from.

    Attributes:
        languages: In words, the one with most letters first; empty where too little was read.
        palette: "#rrggbb" and a word for it, by the area covered.
        fonts: That a vector file names.
        programs: That the file names.
    """

    languages: tuple[str, ...]
    palette: tuple[str, ...]
    fonts: tuple[str, ...]
    programs: tuple[str, ...]


def traces(picture: NDArray[np.uint8], lettering: Sequence[Lettering], carried: Part) -> Traces:
    """Returns what may tell where a graphic comes from.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
        lettering: Its text.
        carried: The tree of its file.
    """
    programs = [fact.value for fact in summarise(carried) if fact.role == "software"]
    return Traces(
        languages=languages(lettering),
        palette=palette(picture),
        fonts=tuple(dict.fromkeys(_fonts(carried)))[:MAX_NAMES],
        programs=tuple(dict.fromkeys(programs))[:MAX_NAMES],
    )


def languages(lettering: Sequence[Lettering]) -> tuple[str, ...]:
    """Returns the languages that letters tell apart, those with most letters of their own first."""
    text = " ".join(line.text for line in lettering).lower()
    found: list[str] = []
    if len(_CYRILLIC.findall(text)) >= FEWEST_LETTERS:
        own = {name: len(re.findall(letters, text)) for name, letters in _OWN}
        most = max(own.values())
        # A few are misread: a language must have a good part of the letters that tell.
        kept = [n for n, count in own.items() if count and count * 4 >= most]
        if "Belarusian" not in kept or own["Belarusian"] * 8 < own["Ukrainian"]:
            kept = [name for name in kept if name != "Belarusian"]
        found += sorted(kept, key=lambda name: -own[name]) or ["a language in Cyrillic letters"]
    if len(_LATIN.findall(text)) >= max(FEWEST_LETTERS, len(_CYRILLIC.findall(text)) // 8):
        found.append("a language in Latin letters")
    return tuple(found)


def palette(picture: NDArray[np.uint8]) -> tuple[str, ...]:
    """Returns the colours that cover most of a picture, each with a word for it."""
    height, width = picture.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # The nearest pixel, not a mean of some: a mean makes colours that nobody chose.
    small = cv2.resize(np.ascontiguousarray(picture), size, interpolation=cv2.INTER_NEAREST)
    pixels = small.reshape(-1, 3)
    bins = Counter(map(tuple, (pixels // 32).tolist()))
    named: list[str] = []
    for cell, count in sorted(bins.items(), key=lambda item: (-item[1], item[0])):
        if count < LEAST_AREA * len(pixels) or len(named) == COLOURS:
            break
        middle = np.median(pixels[np.all(pixels // 32 == cell, axis=1)], axis=0)
        red, green, blue = (int(value) for value in middle)
        named.append(f"{colour_word(red, green, blue)} (#{red:02x}{green:02x}{blue:02x})")
    return tuple(named)


def colour_word(red: int, green: int, blue: int) -> str:
    """Returns a plain word for a colour, each part 0 to 255."""
    most, least = max(red, green, blue), min(red, green, blue)
    if most - least < 24:
        return "black" if most < 64 else "white" if least > 235 else "grey"
    turn = 360 * rgb_to_hsv(red, green, blue)[0]
    word = next(name for end, name in _TURNS if turn < end)
    return f"dark {word}" if most < 110 else f"pale {word}" if most - least < 80 else word


def _fonts(part: Part) -> Iterator[str]:
    for inner in part.parts:
        if part.name == "Fonts":
            yield str(inner.value or inner.name)
        else:
            yield from _fonts(inner)
