"""What fills the space beside a picture that does not fill its frame: a blurred copy of it, or one colour.

Programs put a vertical picture before an enlarged, blurred copy of itself, or into a coloured frame. Where a
straight step on both sides parts a soft or plain border from the rest (`forensics.signatures.trim`), the
border is held against the enlarged picture: a scene whose edges happen to be soft does not show its own
middle there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.signatures.trim import Bounds, bounds

Pixels = NDArray[np.uint8]
Floats = NDArray[np.floating]

ALIKE: Final = 0.85
"""Correlation of a border with the enlarged picture, at least; median of the pictures."""
_AGREE: Final = 0.7
"""Share of a video's pictures that have the border in one place, at least."""
_SMALL: Final = 96
_SOFT: Final = 2.0
_ZOOMS: Final = (1.0, 1.15, 1.3)
_PLAIN: Final = 5.0
"""Standard deviation of each colour in a border of one colour, at most."""
_SAME: Final = 8.0
_FLAT: Final = 4.0
"""Grey levels: what varies less has nothing to compare."""
_DARK, _BRIGHT = 28, 232
_WITHIN: Final = 3
_LEAST: Final = 0.03
"""Breadth of a border on both of two sides, as a share of the picture's, at least."""
_EVEN: Final = 0.02
"""Share of the picture's side by which those two may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """What lies around the pictures.

    Attributes:
        kind: What fills it.
        left: Its breadth in pixels, 0 where there is none.
        above: The same.
        right: The same.
        below: The same.
        alike: Correlation with the enlarged picture, -1 to 1; 0 for one colour.
    """

    kind: Literal["blurred", "coloured"]
    left: int
    above: int
    right: int
    below: int
    alike: float


def border(pictures: Sequence[Pixels]) -> Border | None:
    """Returns the border of a still or of a video's pictures, RGB, all of one size; None: none was told."""
    found = [bounds(picture) for picture in pictures]
    there = [one for one in found if one is not None and _both_sides(one, pictures[0])]
    if not there:
        return None
    usual = _usual(there)
    near = [
        picture
        for picture, one in zip(pictures, found, strict=True)
        if one is not None and _near(one, usual)
    ]
    if len(near) < max(1, _AGREE * len(pictures)):
        return None
    height, width = pictures[0].shape[:2]
    sides = {
        "left": usual.left,
        "above": usual.top,
        "right": width - usual.right,
        "below": height - usual.bottom,
    }
    if all(_one_colour(picture, usual) for picture in near):
        return Border(kind="coloured", alike=0.0, **sides)
    alike = float(np.median([_echo(picture, usual) for picture in near]))
    return Border(kind="blurred", alike=alike, **sides) if alike >= ALIKE else None


def _both_sides(found: Bounds, picture: Pixels) -> bool:
    height, width = picture.shape[:2]
    left, right = found.left, width - found.right
    above, below = found.top, height - found.bottom
    across = min(left, right) >= _LEAST * width and abs(left - right) <= _EVEN * width
    down = min(above, below) >= _LEAST * height and abs(above - below) <= _EVEN * height
    return bool(across or down)


def _usual(found: Sequence[Bounds]) -> Bounds:
    sides = np.array([(one.top, one.bottom, one.left, one.right) for one in found])
    top, bottom, left, right = (int(v) for v in np.median(sides, axis=0))
    return Bounds(top=top, bottom=bottom, left=left, right=right)


def _near(one: Bounds, other: Bounds) -> bool:
    down = max(abs(one.top - other.top), abs(one.bottom - other.bottom))
    across = max(abs(one.left - other.left), abs(one.right - other.right))
    return bool(max(down, across) <= _WITHIN)


def _outside(shape: tuple[int, ...], inner: Bounds) -> NDArray[np.bool_]:
    mask = np.ones(shape[:2], bool)
    rows = slice(max(0, inner.top - 2), inner.bottom + 2)
    mask[rows, max(0, inner.left - 2) : inner.right + 2] = False
    return mask


def _one_colour(picture: Pixels, inner: Bounds) -> bool:
    """Whether the border has one colour all around, and is no dark or bright bar, told elsewhere."""
    outside = _outside(picture.shape, inner)
    values = picture[outside].astype(float)
    if not len(values):
        return False
    middle = np.median(values, axis=0)
    if middle.max() <= _DARK or middle.min() >= _BRIGHT:
        return False
    near = np.abs(values - middle).max(axis=1) <= _SAME
    return bool(near.mean() > 0.97 and values[near].std(axis=0).max() <= _PLAIN)


def _echo(picture: Pixels, inner: Bounds) -> float:
    """Returns how well the border correlates with the picture, enlarged to fill the frame and blurred."""
    height, width = picture.shape[:2]
    scale = _SMALL / max(height, width)
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
    outside = cv2.resize(
        _outside(picture.shape, inner).astype(np.uint8), size, interpolation=cv2.INTER_AREA
    )
    mask = np.asarray(outside) > 0
    part = inner.of(picture)
    best = -1.0
    grown = [(round(size[0] * zoom), round(size[1] * zoom)) for zoom in _ZOOMS]
    covers = max(size[0] / part.shape[1], size[1] / part.shape[0])
    grown += [
        (
            max(size[0], round(part.shape[1] * covers * zoom)),
            max(size[1], round(part.shape[0] * covers * zoom)),
        )
        for zoom in _ZOOMS
    ]
    for wide, high in grown:
        whole = np.asarray(cv2.resize(part, (wide, high), interpolation=cv2.INTER_AREA))
        left, top = (wide - size[0]) // 2, (high - size[1]) // 2
        cut = whole[top : top + size[1], left : left + size[0]].astype(np.float32)
        soft = np.asarray(cv2.GaussianBlur(cut, (0, 0), _SOFT))
        best = max(
            best, _correlation(np.asarray(soft[mask], float), np.asarray(small[mask], float))
        )
    return best


def _correlation(one: Floats, other: Floats) -> float:
    """Of what changes from place to place: that two colours are the same says nothing. Shape (places, 3)."""
    one, other = one - one.mean(axis=0), other - other.mean(axis=0)
    if len(one) < 16 or one.std() < _FLAT or other.std() < _FLAT:
        return -1.0
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))
