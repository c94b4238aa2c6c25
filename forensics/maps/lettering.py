"""What is written on the graphic, and where? Several readings of it, put together.

It is enlarged, and read three times: with its letters put on white, by its blackest or whitest ink alone, and
as it is in the one script that most words turned out to be in. Each word is kept from the reading that is
surer of it. Words that follow one another at the distance of a space become one line, for names have several
words; labels of other sizes that happen to stand beside them do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.media import tesseract
from forensics.media.tesseract import Word
from forensics.model.map import Box2D, Lettering

LONG_SIDE: Final = 2600
"""Pixels to which a graphic is enlarged for the second reading, at most."""
ENLARGED: Final = 2.0
SMALL: Final = 1000
"""Pixels on the longer side, under which a graphic is enlarged more."""
TEXTURED: Final = 2_500
"""Small outlines in a million pixels above which the ground is a photograph: only its blackest or whitest ink
is read, since tesseract takes long over leaves."""
CROWDED: Final = 1_500
"""Pieces of black or white ink in a million pixels of a photograph above which they are no letters."""
BLACK: Final = 120
WHITE: Final = 170
"""Values, 0 to 255, that no channel of black ink exceeds, and that every channel of white ink does."""
GROUND: Final = 31
"""Pixels across what is around a letter."""
SPELT: Final = 4
"""Lone letters that make a name set apart, at least."""
SURE: Final = 35
"""tesseract's confidence below which a word is not kept."""
SURELY: Final = 80
"""Confidence of words by which the script is told."""
LATIN: Final = ("eng",)
CYRILLIC: Final = ("rus", "ukr")
SECONDS: Final = 45.0
_MARKS: Final = re.compile(r"^[^\w]+|[^\w.)!?»\"]+$")
_LATIN: Final = re.compile(r"[A-Za-z]")
_RUNS: Final = re.compile(r"(.)\1{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One way in which a graphic is read.

    Attributes:
        layer: Grey, dark letters on light ground.
        scale: By which it is enlarged.
    """

    layer: NDArray[np.uint8]
    scale: float


def read_lettering(picture: NDArray[np.uint8], *, textured: bool = False) -> tuple[Lettering, ...]:
    """Reads all text of a graphic.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
        textured: Its ground is a photograph, as in satellite pictures.

    Returns:
        Lines of text, from the top down.

    Raises:
        MissingCapability: tesseract is not installed.
        MediaError: It failed or took too long.
    """
    ways = passes(picture, textured=textured)
    found = _words(ways[:2])
    if len(ways) > 2:
        # Whoever reads one script alone takes no "Kyiv" for "Куїм", and is faster.
        found += _words(ways[2:], script(found))
    return tuple(lines(kept(found)))


def script(words: Sequence[Word]) -> tuple[str, ...]:
    """Returns the languages of the script in which nearly all words are; all of them where there are two."""
    sure = [w.text for w in words if w.confidence >= SURELY and sum(map(str.isalpha, w.text)) > 3]
    latin = sum(bool(_LATIN.search(text)) for text in sure)
    if not sure or 0.25 < latin / len(sure) < 0.75:
        return tesseract.LANGUAGES
    return LATIN if 2 * latin > len(sure) else CYRILLIC


def _words(ways: Sequence[Pass], only: Sequence[str] = tesseract.LANGUAGES) -> list[Word]:
    answers = tesseract.read(
        [_prepared(way) for way in ways], mode=tesseract.SPARSE, seconds=SECONDS, only=only
    )
    return [
        word for way, words in zip(ways, answers, strict=True) for word in _back(words, way.scale)
    ]


def passes(picture: NDArray[np.uint8], *, textured: bool) -> list[Pass]:
    """Returns how a graphic is read: its letters on white, its black or white ink alone, and as it is."""
    longer = max(picture.shape[:2])
    large = 2.5 if longer < SMALL else min(ENLARGED, max(1.3, LONG_SIDE / longer))
    black, white = inks(picture)
    if textured:
        return [Pass(layer=ink, scale=large) for ink in (black, white) if not _crowded(ink)]
    grey = contrast(picture)
    return [
        Pass(layer=flattened(grey), scale=large),
        Pass(layer=white if _dark(picture) else black, scale=large),
        Pass(layer=grey, scale=large),
    ]


def inks(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Returns what is black on a graphic, and what is white, each as dark letters on white."""
    most, least = (layer.astype(np.int16) for layer in (picture.max(axis=2), picture.min(axis=2)))
    black = 255 - np.clip((BLACK - most) * 4, 0, 255)
    white = 255 - np.clip((least - WHITE) * 3, 0, 255)
    return black.astype(np.uint8), white.astype(np.uint8)


def flattened(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns letters on white, whatever ground they stood on: a map in a frame is passed over as a picture.

    What is broader than half of `GROUND` is ground itself: large letters are read as they are.
    """
    ground = cv2.medianBlur(np.ascontiguousarray(grey), GROUND)
    deeper = cv2.subtract(ground, grey).astype(np.uint16)
    return np.asarray(255 - np.minimum(2 * deeper, 255), np.uint8)


def _crowded(ink: NDArray[np.uint8]) -> bool:
    """Whether what is black or white is leaves, not letters."""
    count, _ = cv2.connectedComponents(np.asarray(ink < 128, np.uint8))
    return bool(count > CROWDED * ink.size / 1e6)


def _dark(picture: NDArray[np.uint8]) -> bool:
    return bool(np.median(picture[::4, ::4]) < 96)


def contrast(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns the picture in grey such that coloured text stands out as much as black text.

    Red letters on a pale ground have hardly less light than it: of the three channels and their mean
    the least light one is taken, unless the graphic is dark as a whole.
    """
    if _dark(picture):
        return np.asarray(255 - picture.max(axis=2), np.uint8)
    return np.asarray(picture.min(axis=2), np.uint8)


def _prepared(way: Pass) -> NDArray[np.uint8]:
    if way.scale == 1.0:
        return np.ascontiguousarray(way.layer)
    larger = cv2.resize(way.layer, None, fx=way.scale, fy=way.scale, interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, np.uint8)


def _back(words: Sequence[Word], scale: float) -> list[Word]:
    """Words in pixels of the graphic."""
    return [
        replace(
            word,
            x=word.x / scale,
            y=word.y / scale,
            width=word.width / scale,
            height=word.height / scale,
        )
        for word in words
    ]


def kept(words: Sequence[Word]) -> list[Word]:
    """Returns the surest reading of each place; marks around words and runs of one letter go."""
    chosen: list[Word] = []
    for word in sorted(words, key=lambda w: (-_worth(w), w.y, w.x)):
        text = _MARKS.sub("", word.text)
        if word.confidence < SURE or not text or _RUNS.search(text) or word.height < 4:
            continue
        if all(_shared(word, other) < 0.3 for other in chosen):
            chosen.append(replace(word, text=text))
    return chosen


def _worth(word: Word) -> float:
    letters = sum(c.isalnum() for c in word.text)
    return word.confidence + 4.0 * min(letters, 12)


def _shared(one: Word, other: Word) -> float:
    """Share of the smaller box that both cover."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    smaller = min(one.width * one.height, other.width * other.height)
    return max(wide, 0.0) * max(high, 0.0) / max(smaller, 1.0)


def lines(words: Sequence[Word]) -> list[Lettering]:
    """Joins words that follow one another on a line at the distance of a space, and letters set apart."""
    left = sorted(words, key=lambda w: (w.x, w.y))
    used: set[int] = set()
    found = []
    for start, word in enumerate(left):
        if start in used:
            continue
        run = [start]
        gaps: list[float] = []
        if len(word.text) == 1:
            while (following := _next_letter(left, run, gaps, used)) is not None:
                gaps.append(left[following].x - left[run[-1]].x)
                run.append(following)
        if len(run) >= SPELT:
            used.update(run)
            found.append(_line([left[i] for i in run], ""))
            continue
        run = [start]
        used.add(start)
        while (after := _following(left[run[-1]], left, used)) is not None:
            used.add(after)
            run.append(after)
        found.append(_line([left[i] for i in run], " "))
    return sorted(found, key=lambda line: (line.box.y, line.box.x))


def _next_letter(
    words: Sequence[Word], run: Sequence[int], gaps: Sequence[float], used: set[int]
) -> int | None:
    """The lone letter that goes on with a run of letters at equal distances."""
    last = words[run[-1]]
    for index in range(run[-1] + 1, len(words)):
        other = words[index]
        step = other.x - last.x
        if step > 5 * last.height:
            return None
        if (
            index not in used
            and len(other.text) == 1
            and abs(other.y + other.height - last.y - last.height) < 0.4 * last.height
            and other.height < 1.7 * last.height < 2.9 * other.height
            and all(0.5 * step < gap < 2 * step for gap in gaps)
        ):
            return index
    return None


def _following(word: Word, words: Sequence[Word], used: set[int]) -> int | None:
    """The nearest word to the right that goes on with this one."""
    best, nearest = None, 0.0
    for index, other in enumerate(words):
        gap = other.x - (word.x + word.width)
        high, low = max(word.height, other.height), min(word.height, other.height)
        level = abs((other.y + other.height / 2) - (word.y + word.height / 2))
        if (
            index not in used
            and -0.3 * low < gap < 0.75 * high
            and level < 0.35 * high
            and high < 1.7 * low
            and (best is None or gap < nearest)
        ):
            best, nearest = index, gap
    return best


def _line(run: Sequence[Word], between: str) -> Lettering:
    x, y = min(w.x for w in run), min(w.y for w in run)
    return Lettering(
        text=between.join(w.text for w in run),
        box=Box2D(
            x=x,
            y=y,
            width=max(w.x + w.width for w in run) - x,
            height=max(w.y + w.height for w in run) - y,
        ),
        confidence=min(w.confidence for w in run),
    )
