"""Is a picture a map graphic, as far as can be told at a glance? Asked before anything is read.

A map has many short texts that stand by themselves, spread over the picture. Lines of text, columns and
paragraphs, as documents and screenshots have them, are told by texts that stand over one another at even
distances; photographs have no rows of letter-sized outlines of one height with strong edges. What this lets
pass is read, and what it reads decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

LONG_SIDE: Final = 1280
"""Pixels to which pictures are brought, on their longer side."""
MOST: Final = 2.5
"""But none is enlarged by more than this."""
LETTER: Final = (6, 48)
"""Pixels that a letter is high."""
STRONG: Final = 60
"""Levels, 0 to 255, between a letter and its ground."""
OVER: Final = 3.5
"""How many times the usual difference from their surroundings letters differ: on leaves that is much."""
FEWEST: Final = 5
"""Texts that stand by themselves."""
HINTS: Final = 3
"""Of them, and of parts of the picture, in a picture that was made small."""
LEAVES: Final = 200.0
"""Outlines in a million pixels that make a text by chance."""
CELLS: Final = 4
"""Parts, each way, that a picture is divided into to see whether texts are spread."""
FILLED: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a quick look finds.

    Attributes:
        alone: Short texts that stand by themselves.
        cells: Of `CELLS` by `CELLS` parts of the picture, those with such a text.
        crowd: Outlines in a million pixels that are no text.
    """

    alone: int
    cells: int
    crowd: float

    @property
    def may_be_map(self) -> bool:
        """Whether it is worth reading."""
        return self.alone >= FEWEST + self.crowd / LEAVES and self.cells >= FILLED

    @property
    def worth_a_closer_look(self) -> bool:
        """Whether a larger picture of the same may be one: in a small one most letters are too small."""
        return self.alone >= HINTS and self.cells >= HINTS


def glance(picture: NDArray[np.uint8]) -> Glance:
    """Looks for scattered short texts.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
    """
    height, width = picture.shape[:2]
    scale = min(MOST, LONG_SIDE / max(height, width))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = max(1, round(scale * width)), max(1, round(scale * height))
    small = np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8)
    boxes, others = [], 0
    for layer in (small.min(axis=2), 255 - small.max(axis=2)):
        found, rest = _words(np.ascontiguousarray(layer))
        boxes.append(found)
        others += rest
    words = _once(np.concatenate(boxes))
    alone = words[_alone(words)]
    high, wide = small.shape[:2]
    middles = (alone[:, :2] + alone[:, 2:]) / 2
    cells = {(int(CELLS * y / high), int(CELLS * x / wide)) for x, y in middles.tolist()}
    return Glance(alone=len(alone), cells=len(cells), crowd=1e6 * others / (high * wide))


def _words(layer: NDArray[np.uint8]) -> tuple[NDArray[np.float64], int]:
    """Boxes of rows of letter-like outlines that are darker than their ground; and how many others are."""
    ground = cv2.blur(layer, (25, 25))
    deeper = cv2.subtract(ground, layer)
    usual = float(np.median(cv2.absdiff(ground, layer)[::4, ::4]))
    ink = np.asarray(deeper > max(STRONG / 2, OVER * usual), np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, w, h, area = (stats[1:, i].astype(np.float64) for i in range(5))
    like = (
        (h >= LETTER[0])
        & (h <= LETTER[1])
        & (w <= 2.2 * h)
        & (area > 0.18 * w * h)
        & (area < 0.9 * w * h)
    )
    order = np.lexsort((x[like], y[like]))
    letters = np.column_stack((x, y, x + w, y + h))[like][order]
    return _rows(letters), int((area >= 4).sum() - like.sum())


def _rows(letters: NDArray[np.float64]) -> NDArray[np.float64]:
    """Letters that stand side by side at one level, of about one height, three at the least."""
    if len(letters) < 3 or len(letters) > 20_000:
        return np.zeros((0, 4))
    order = np.argsort(letters[:, 0], kind="stable")
    left = letters[order]
    follows = np.full(len(left), -1)
    height = left[:, 3] - left[:, 1]
    for i in range(len(left)):
        end = np.searchsorted(left[:, 0], left[i, 2] + 0.9 * height[i])
        near = np.arange(i + 1, end)
        if not len(near):
            continue
        low = np.abs(left[near, 3] - left[i, 3]) < 0.35 * height[i]
        alike = np.maximum(height[near], height[i]) < 1.7 * np.minimum(height[near], height[i])
        beside = left[near, 0] > left[i, 0] + 0.3 * (left[i, 2] - left[i, 0])
        fit = near[low & alike & beside]
        if len(fit):
            follows[i] = fit[0]
    first = np.ones(len(left), bool)
    first[follows[follows >= 0]] = False
    rows = []
    for i in np.flatnonzero(first).tolist():
        run = [i]
        while (after := int(follows[run[-1]])) >= 0 and len(run) < 200:
            run.append(after)
        if len(run) >= 3:
            part = left[run]
            rows.append((*part[:, :2].min(axis=0), *part[:, 2:].max(axis=0)))
    return np.array(rows, np.float64).reshape(-1, 4)


def _once(words: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without boxes that a larger one covers, as a halo's covers the word."""
    kept: list[NDArray[np.float64]] = []
    for box in sorted(words, key=lambda b: -(b[2] - b[0]) * (b[3] - b[1])):
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if all(not (k[0] <= x <= k[2] and k[1] <= y <= k[3]) for k in kept):
            kept.append(box)
    return np.array(kept, np.float64).reshape(-1, 4)


def _alone(words: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which texts are short, and have none over or under them that begins or ends alike."""
    alone = np.zeros(len(words), bool)
    for i, (left, top, right, bottom) in enumerate(words.tolist()):
        height = bottom - top
        if right - left > 16 * height:
            continue
        others = np.delete(words, i, axis=0)
        apart = np.maximum(others[:, 1] - bottom, top - others[:, 3])
        aligned = (
            np.minimum(np.abs(others[:, 0] - left), np.abs(others[:, 2] - right)) < 0.4 * height
        )
        crossing = (others[:, 0] < right) & (others[:, 2] > left)
        close = (apart < 2.2 * height) & crossing & aligned & (apart > -0.5 * height)
        gap = np.maximum(others[:, 0] - right, left - others[:, 2])
        level = np.abs(others[:, 3] - bottom) < 0.35 * height
        beside = level & (gap > -1) & (gap < 1.2 * height)
        alone[i] = not close.any() and beside.sum() < 2
    return alone
