"""What is written on the graphic, and where? Several readings of it, put together.

tesseract reads small text better enlarged, and large text better as it is; each word is kept from the
reading that is surer of it. Words that follow one another at the distance of a space become one line, for
names have several words; labels of other sizes that happen to stand beside them do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.maps import tesseract
from forensics.maps.tesseract import Word
from forensics.model.map import Box2D, Lettering

LONG_SIDE: Final = 2600
"""Pixels to which a graphic is enlarged for the second reading, at most."""
ENLARGED: Final = 2.0
SURE: Final = 35
"""tesseract's confidence below which a word is not kept."""
SECONDS: Final = 45.0
_MARKS: Final = re.compile(r"^[^\w]+|[^\w.)!?»\"]+$")
_RUNS: Final = re.compile(r"(.)\1{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One way to prepare a graphic for reading.

    Attributes:
        scale: By which it is enlarged.
        inverted: Light becomes dark.
        turn: Quarter turns clockwise.
    """

    scale: float
    inverted: bool = False
    turn: int = 0


def read_lettering(picture: NDArray[np.uint8]) -> tuple[Lettering, ...]:
    """Reads all text of a graphic.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).

    Returns:
        Lines of text, from the top down.

    Raises:
        MissingCapability: tesseract is not installed.
        MediaError: It failed or took too long.
    """
    grey = contrast(picture)
    longer = max(grey.shape)
    enlarged = min(ENLARGED, max(1.0, LONG_SIDE / longer))
    passes = [Pass(scale=1.0 if longer >= 1000 else 1.6), Pass(scale=max(enlarged, 1.3))]
    answers = tesseract.read(
        [_prepared(grey, p) for p in passes], mode=tesseract.SPARSE, seconds=SECONDS
    )
    found = [
        word
        for p, words in zip(passes, answers, strict=True)
        for word in _back(words, p, grey.shape)
    ]
    return tuple(lines(kept(found)))


def contrast(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns the picture in grey such that coloured text stands out as much as black text.

    Red letters on a pale ground have hardly less light than it: of the three channels and their mean
    the least light one is taken, unless the graphic is dark as a whole.
    """
    dark = float(np.median(picture)) < 96
    grey = picture.max(axis=2) if dark else picture.min(axis=2)
    return np.asarray(255 - grey if dark else grey, np.uint8)


def _prepared(grey: NDArray[np.uint8], way: Pass) -> NDArray[np.uint8]:
    shown = np.rot90(grey, -way.turn) if way.turn else grey
    if way.scale != 1.0:
        shown = cv2.resize(
            np.ascontiguousarray(shown),
            None,
            fx=way.scale,
            fy=way.scale,
            interpolation=cv2.INTER_CUBIC,
        )
    return np.ascontiguousarray(255 - shown if way.inverted else shown, np.uint8)


def _back(words: Sequence[Word], way: Pass, shape: tuple[int, ...]) -> list[Word]:
    """Words in pixels of the graphic."""
    del shape
    return [
        replace(
            word,
            x=word.x / way.scale,
            y=word.y / way.scale,
            width=word.width / way.scale,
            height=word.height / way.scale,
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
    """Joins words that follow one another on a line at the distance of a space."""
    left = sorted(words, key=lambda w: (w.x, w.y))
    used: set[int] = set()
    found = []
    for start, word in enumerate(left):
        if start in used:
            continue
        run = [word]
        used.add(start)
        while (following := _following(run[-1], left, used)) is not None:
            used.add(following)
            run.append(left[following])
        found.append(_line(run))
    return sorted(found, key=lambda line: (line.box.y, line.box.x))


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


def _line(run: Sequence[Word]) -> Lettering:
    x, y = min(w.x for w in run), min(w.y for w in run)
    return Lettering(
        text=" ".join(w.text for w in run),
        box=Box2D(
            x=x,
            y=y,
            width=max(w.x + w.width for w in run) - x,
            height=max(w.y + w.height for w in run) - y,
        ),
        confidence=min(w.confidence for w in run),
    )
