"""Where are the marks of towns, and where are the letters? Small outlines of a graphic.

Towns are marked by small dots, rings or squares. What is compact, of that size and as round as a square is
taken for one; whether it is a letter instead is decided where it is held against a name
(`forensics.maps.labels`), which is why the boxes of all other small outlines are kept as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.maps.lettering import TEXTURED, contrast, inks

SMALLEST: Final = 4.0
LARGEST: Final = 34.0
"""Pixels across, of what may be a dot."""
ROUND: Final = 0.72
"""Least 4·pi·area / outline² of a dot: 1 for a circle, .785 for a square."""
FILLED: Final = 0.8
"""Share of a solid dot's own outline that is ink."""
LONG_SIDE: Final = 1300
"""Graphics that are smaller are enlarged to this, but not more than `MOST`-fold."""
MOST: Final = 3.0
BLOCK: Final = 30
"""Pixels of the graphic across what is around."""
STANDS_OUT: Final = 28
"""By how much ink differs from the mean light around it, 0 to 255."""
LIKE: Final = 0.8
"""Correlation from which a spot of the graphic is the same sign as the towns' dots."""
FEWEST_LIKE: Final = 4
"""Dots of towns that look the same, from which it is known how dots look on this graphic."""
MAX_DOTS: Final = 4_000
MAX_OUTLINES: Final = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A small compact mark.

    Attributes:
        x: Of its middle, in pixels.
        y: As `x`.
        size: Pixels across.
        solid: It is filled; a ring could be a letter.
    """

    x: float
    y: float
    size: float
    solid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is small on a graphic.

    Attributes:
        dots: What may mark a town.
        outlines: Boxes of everything small, dark ink first, then light: two arrays of shape (n, 4) with
            left, upper, right and lower edges in pixels.
        crowd: How many outlines there are in a million pixels, at the scale at which they are looked for.
    """

    dots: tuple[Dot, ...]
    outlines: tuple[NDArray[np.float64], NDArray[np.float64]]
    crowd: float


def find_marks(picture: NDArray[np.uint8]) -> Marks:
    """Finds dots, and the boxes of all small outlines.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
    """
    scale = float(np.clip(LONG_SIDE / max(picture.shape[:2]), 1.0, MOST))
    grey = _enlarged(contrast(picture), scale)
    found = [_marks(layer, _standing_out(layer, scale), scale) for layer in (grey, 255 - grey)]
    crowd = 1e6 * sum(len(boxes) for _, boxes in found) / grey.size
    if crowd > TEXTURED:
        layers = [_enlarged(ink, scale) for ink in inks(picture)]
        found = [_marks(ink, np.asarray(255 * (ink < 128), np.uint8), scale) for ink in layers]
    return Marks(
        dots=tuple(_once([dot for dots, _ in found for dot in dots])),
        outlines=(found[0][1], found[1][1]),
        crowd=crowd,
    )


def alike(picture: NDArray[np.uint8], dots: Sequence[Dot]) -> tuple[Dot, ...]:
    """Finds what looks like the dots of towns, joined to a coast or a border or not.

    Args:
        picture: RGB, uint8 of shape (height, width, 3).
        dots: Those that belong to names.

    Returns:
        Spots that look like most of these dots, themselves among them; none where they look unlike.
    """
    if len(dots) < FEWEST_LIKE:
        return ()
    size = float(np.median([dot.size for dot in dots]))
    reach = int(np.ceil(size / 2 + 2))
    grey = contrast(picture).astype(np.float32)
    height, width = grey.shape
    usual = [
        (round(dot.x), round(dot.y))
        for dot in dots
        if 0.75 * size < dot.size < 1.33 * size
        and reach <= round(dot.x) < width - reach
        and reach <= round(dot.y) < height - reach
    ]
    patches = [
        grey[y - reach : y + reach + 1, x - reach : x + reach + 1].astype(np.float64)
        for x, y in usual
    ]
    across = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1])
    solid = float(np.mean([dot.solid for dot in dots])) > 0.5
    mask = (across <= size / 2 + 1.5).astype(np.float32)
    for _ in range(2):
        if len(patches) < FEWEST_LIKE:
            return ()
        sign = np.median(patches, axis=0)
        patches = [patch for patch in patches if _correlated(patch, sign, mask) >= LIKE]
    if len(patches) < FEWEST_LIKE:
        return ()
    found = cv2.matchTemplate(grey, sign.astype(np.float32), cv2.TM_CCOEFF_NORMED, mask=mask)
    found = np.where(np.isfinite(found) & (found <= 1.01), found, 0.0).astype(np.float32)
    around = cv2.dilate(found, np.ones((2 * (reach // 2) + 1,) * 2, np.uint8))
    rows, columns = np.nonzero((found >= LIKE) & (found == around))
    return tuple(
        Dot(x=float(x + reach), y=float(y + reach), size=size, solid=solid)
        for y, x in zip(rows.tolist()[:MAX_DOTS], columns.tolist()[:MAX_DOTS], strict=True)
    )


def _correlated(
    patch: NDArray[np.float64], sign: NDArray[np.float64], mask: NDArray[np.float32]
) -> float:
    a, b = (part[mask > 0] - part[mask > 0].mean() for part in (patch, sign))
    return float((a * b).sum() / max(float(np.sqrt((a**2).sum() * (b**2).sum())), 1e-9))


def joined(marks: Marks, more: Sequence[Dot]) -> Marks:
    """Returns marks with further dots where they have none."""
    if not more:
        return marks
    known = np.array([(dot.x, dot.y) for dot in marks.dots]).reshape(-1, 2)
    new = [
        dot
        for dot in more
        if not len(known) or np.hypot(*(known - (dot.x, dot.y)).T).min() > dot.size / 2
    ]
    return replace(marks, dots=(*marks.dots, *new))


def _enlarged(layer: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1.0:
        return np.ascontiguousarray(layer)
    larger = cv2.resize(layer, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, np.uint8)


def _standing_out(layer: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """255 where a layer is darker than around."""
    ink = cv2.adaptiveThreshold(
        np.ascontiguousarray(layer),
        255,
        cv2.ADAPTIVE_THRESH_MEAN_C,
        cv2.THRESH_BINARY_INV,
        2 * round(BLOCK * scale / 2) + 1,
        STANDS_OUT,
    )
    return np.asarray(ink, np.uint8)


def _marks(
    layer: NDArray[np.uint8], ink: NDArray[np.uint8], scale: float
) -> tuple[list[Dot], NDArray[np.float64]]:
    _, numbered, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, width, height, area = (stats[:, i].astype(np.float64) for i in range(5))
    small = (np.maximum(width, height) <= 4 * LARGEST * scale) & (area >= 4)
    small[0] = False
    boxes = np.column_stack((left, top, left + width, top + height))[small] / scale
    compact = (
        small
        & (np.minimum(width, height) >= SMALLEST)
        & (np.maximum(width, height) <= LARGEST * scale)
        & (np.maximum(width, height) <= 1.35 * np.minimum(width, height))
        & (area >= 0.3 * width * height)
    )
    dots: list[Dot] = []
    for number in np.flatnonzero(compact).tolist():
        x, y, w, h, inked = stats[number].tolist()
        own = np.asarray(numbered[y : y + h, x : x + w] == number, np.uint8)
        if _beside(layer, x, y, w, h) - layer[y : y + h, x : x + w][own > 0].mean() < STANDS_OUT:
            continue  # ground, that the mean around a mark makes look like ink
        rings, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        outline = max(rings, key=len)
        length = cv2.arcLength(outline, closed=True)
        # An outline of pixels runs through their middles: half a pixel is missing on each side.
        filled, length = cv2.contourArea(outline) + length / 2 + 1, length + 4
        if 4 * np.pi * filled / length**2 < ROUND:
            continue
        dots.append(
            Dot(
                x=(x + (w - 1) / 2 + 0.5) / scale - 0.5,
                y=(y + (h - 1) / 2 + 0.5) / scale - 0.5,
                size=(w + h) / 2 / scale,
                solid=inked > FILLED * filled,
            )
        )
        if len(dots) >= MAX_DOTS:
            break
    return dots, boxes[:MAX_OUTLINES]


def _beside(layer: NDArray[np.uint8], x: int, y: int, w: int, h: int) -> float:
    """The usual light just outside of a box."""
    left, top = max(x - 3, 0), max(y - 3, 0)
    part = layer[top : y + h + 3, left : x + w + 3]
    edge = np.ones(part.shape, bool)
    edge[y - top : y - top + h, x - left : x - left + w] = False
    return float(np.median(part[edge])) if edge.any() else 0.0


def _once(dots: Iterable[Dot]) -> list[Dot]:
    """The largest of marks within marks: a ring's outer edge, not the point in it."""
    kept: list[Dot] = []
    for dot in sorted(dots, key=lambda d: (-d.size, d.y, d.x)):
        if all(abs(dot.x - k.x) + abs(dot.y - k.y) > k.size / 2 for k in kept):
            kept.append(dot)
    return kept
