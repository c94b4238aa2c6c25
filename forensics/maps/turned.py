"""What is written on a graphic at a slant or upright, as names along rivers, coasts and borders are?

A reader of text finds level lines. Letters that it left unread and that stand in a row are turned level, and
all such rows are read together as one small page. Upright rows are tried both ways; the surer one is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from forensics.maps.dots import Marks
from forensics.maps.lettering import contrast
from forensics.media import tesseract
from forensics.media.tesseract import Word
from forensics.model.map import Box2D, Lettering

LEAST_TURN: Final = 18.0
"""Degrees up to which a row is read as level."""
UPRIGHT: Final = 60.0
"""Degrees from which a row may run down as well as up."""
LETTERS: Final = (5, 30)
"""In a row, at least and at most."""
SIZES: Final = (7.0, 40.0)
"""Pixels that a letter is high or wide."""
MOST_LETTERS: Final = 4_000
ROWS: Final = 24
"""That are read, at most."""
HIGH: Final = 36.0
"""Pixels to which letters are enlarged."""
STRAIGHT: Final = 0.45
"""Letters' sizes by which they may stand beside the middle of their row (one standard deviation)."""
SURE: Final = 60
FEWEST: Final = 4
SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Letters in a straight row.

    Attributes:
        x: Of its middle, in pixels.
        y: As `x`.
        angle: Degrees clockwise from level, -90 to 90.
        length: Pixels along it.
        size: Of its letters.
        dark: They are darker than the ground.
    """

    x: float
    y: float
    angle: float
    length: float
    size: float
    dark: bool


def read_turned(
    picture: NDArray[np.uint8], marks: Marks, read: Sequence[Lettering]
) -> tuple[Lettering, ...]:
    """Reads rows of letters that are not level.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
        marks: Its small outlines.
        read: What was read already.

    Raises:
        MissingCapability: tesseract is not installed.
        MediaError: It failed or took too long.
    """
    found = rows(marks, read)
    ways = [(row, turn) for row in found for turn in _turns(row)]
    if not ways:
        return ()
    grey = contrast(picture)
    strips = [_strip(grey if row.dark else 255 - grey, row, turn) for row, turn in ways]
    page, tops = _page(strips)
    (words,) = tesseract.read([page], mode=tesseract.SPARSE, seconds=SECONDS)
    best: dict[Row, Lettering] = {}
    for (row, turn), top, strip in zip(ways, tops, strips, strict=True):
        own = [w for w in words if top <= w.y + w.height / 2 < top + strip.shape[0]]
        line = _line(row, turn, own)
        if line is not None and (row not in best or _worth(line) > _worth(best[row])):
            best[row] = line
    return tuple(best.values())


def rows(marks: Marks, read: Sequence[Lettering]) -> list[Row]:
    """Returns straight rows of unread letters that are not level, the longest first."""
    found = [
        row
        for dark, outlines in zip((True, False), marks.outlines, strict=True)
        for row in _rows(_unread(outlines, read), dark=dark)
    ]
    found.sort(key=lambda row: (-row.length / row.size, row.y, row.x))
    kept: list[Row] = []
    for row in found:  # a halo is an outline as well as its letter
        if all(abs(row.x - k.x) + abs(row.y - k.y) > row.size for k in kept):
            kept.append(row)
    return kept[:ROWS]


def _unread(outlines: NDArray[np.float64], read: Sequence[Lettering]) -> NDArray[np.float64]:
    size = (outlines[:, 2:] - outlines[:, :2]).max(axis=1, initial=0.0)
    left = (size >= SIZES[0]) & (size <= SIZES[1])
    x, y = (outlines[:, 0] + outlines[:, 2]) / 2, (outlines[:, 1] + outlines[:, 3]) / 2
    for line in read:
        if (line.confidence or 100) >= SURE and len(line.text) >= FEWEST:
            box = line.box
            left &= ~(
                (x > box.x) & (x < box.x + box.width) & (y > box.y) & (y < box.y + box.height)
            )
    return np.asarray(outlines[left][:MOST_LETTERS], np.float64)


def _rows(letters: NDArray[np.float64], *, dark: bool) -> Iterator[Row]:
    """Rows among letters' boxes: chains of neighbours of one size that lie along a line."""
    if len(letters) < LETTERS[0]:
        return
    middles = (letters[:, :2] + letters[:, 2:]) / 2
    size = (letters[:, 2:] - letters[:, :2]).max(axis=1)
    pairs = cKDTree(middles).query_pairs(1.6 * SIZES[1], output_type="ndarray")
    i, j = pairs[:, 0], pairs[:, 1]
    gap = np.hypot(*(middles[i] - middles[j]).T)
    large, small = np.maximum(size[i], size[j]), np.minimum(size[i], size[j])
    near = (gap < 1.5 * large) & (large < 1.9 * small)
    count = len(letters)
    links = coo_matrix((np.ones(int(near.sum())), (i[near], j[near])), (count, count))
    total, group = connected_components(links, directed=False)
    for number in range(total):
        own = group == number
        if not LETTERS[0] <= own.sum() <= LETTERS[1]:
            continue
        points, high = middles[own], float(np.median(size[own]))
        middle = points.mean(axis=0)
        _, _, axes = np.linalg.svd(points - middle)
        axis = axes[0] if axes[0][0] >= 0 else -axes[0]
        along, aside = (points - middle) @ axis, (points - middle) @ axes[1]
        angle = float(np.degrees(np.arctan2(axis[1], axis[0])))
        length = float(np.ptp(along)) + high
        centre = middle + axis * (along.min() + along.max()) / 2
        if aside.std() > STRAIGHT * high or length < 3 * high or abs(angle) < LEAST_TURN:
            continue
        yield Row(
            x=float(centre[0]), y=float(centre[1]), angle=angle, length=length, size=high, dark=dark
        )


def _turns(row: Row) -> Iterator[float]:
    """Degrees at which a row may be meant to be read."""
    yield row.angle
    if abs(row.angle) >= UPRIGHT:
        yield row.angle - 180 if row.angle > 0 else row.angle + 180


def _strip(grey: NDArray[np.uint8], row: Row, turn: float) -> NDArray[np.uint8]:
    """The row turned level and enlarged, dark on light."""
    scale = HIGH / row.size
    width = round((row.length + 1.5 * row.size) * scale)
    height = round(2.4 * row.size * scale)
    matrix = cv2.getRotationMatrix2D((row.x, row.y), turn, scale)
    matrix[:, 2] += np.array((width / 2 - row.x, height / 2 - row.y))
    turned = cv2.warpAffine(
        np.ascontiguousarray(grey),
        matrix,
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(turned, np.uint8)


def _page(strips: Sequence[NDArray[np.uint8]]) -> tuple[NDArray[np.uint8], list[int]]:
    """All rows one under the other, and where each begins."""
    gap = round(HIGH / 2)
    width = max(strip.shape[1] for strip in strips) + 2 * gap
    height = sum(strip.shape[0] + gap for strip in strips) + gap
    page = np.full((height, width), 255, np.uint8)
    tops, top = [], gap
    for strip in strips:
        page[top : top + strip.shape[0], gap : gap + strip.shape[1]] = strip
        tops.append(top)
        top += strip.shape[0] + gap
    return page, tops


def _line(row: Row, turn: float, words: Sequence[Word]) -> Lettering | None:
    kept = [w for w in sorted(words, key=lambda w: w.x) if w.confidence >= SURE]
    text = " ".join(w.text for w in kept).strip(" .,:;|-—_'\"")
    if sum(c.isalpha() for c in text) < FEWEST:
        return None
    c, s = (abs(float(f(np.radians(turn)))) for f in (np.cos, np.sin))
    width = row.length * c + row.size * s
    height = row.length * s + row.size * c
    return Lettering(
        text=text,
        box=Box2D(x=row.x - width / 2, y=row.y - height / 2, width=width, height=height),
        angle=turn,
        confidence=min(w.confidence for w in kept),
    )


def _worth(line: Lettering) -> float:
    return (line.confidence or 0) + 4.0 * len(line.text)
