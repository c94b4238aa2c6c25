"""Which small symbols are drawn several times, and how often?

Compact pieces of one ink and one size are compared as small pictures; those that are alike are one kind.
Where symbols touch, the ink tells how many there are at most to within one, and the count says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from forensics.maps.inks import Canvas, Ink

SMALLEST: Final = 6
LARGEST: Final = 34
"""Pixels across, of a symbol."""
FEWEST: Final = 4
"""Symbols of a kind."""
ALIKE: Final = 0.6
"""Correlation of two symbols' softened pictures."""
MOST: Final = 3_000
_SIDE: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbols:
    """A symbol and where it is drawn; positions and size in pixels of the graphic."""

    kind: str
    colour: str
    points: tuple[tuple[float, float], ...]
    size: float
    error: int


def find_symbols(canvas: Canvas) -> tuple[Symbols, ...]:
    """Returns the kinds of symbols that are drawn at least four times, the most frequent first."""
    found = [symbols for ink in canvas.inks for symbols in _of_ink(canvas, ink)]
    found.sort(key=lambda s: (-len(s.points), s.colour, s.points))
    kept: list[Symbols] = []
    for symbols in found:
        # A symbol's rim is drawn in an ink of its own.
        unsure = 2 * symbols.error > len(symbols.points)
        if not unsure and not any(_same(symbols, other) for other in kept):
            kept.append(symbols)
    return tuple(kept)


def _of_ink(canvas: Canvas, ink: Ink) -> list[Symbols]:
    mask = ink.mask & (1 - canvas.covered)
    _, found_labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels = np.asarray(found_labels, np.int32)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    area = stats[:, cv2.CC_STAT_AREA]
    fits = (np.minimum(wide, high) >= SMALLEST) & (np.maximum(wide, high) <= LARGEST)
    fits &= (np.maximum(wide, high) <= 1.5 * np.minimum(wide, high)) & (area > 0.2 * wide * high)
    fits[0] = False
    which = np.flatnonzero(fits)[:MOST]
    if len(which) < FEWEST:
        return []
    patches = np.stack([_patch(labels, stats[i], int(i)) for i in which]).reshape(len(which), -1)
    size = np.maximum(wide, high)[which].astype(np.float64)
    left = np.ones(len(which), bool)
    found: list[Symbols] = []
    level = patches - patches.mean(axis=1, keepdims=True)
    level /= np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-6)
    alike = level @ level.T > ALIKE
    alike &= np.abs(size[:, None] - size[None]) <= np.maximum(0.2 * size[:, None], 2)
    while True:
        votes = (alike & left[None]).sum(axis=1) * left
        best = int(np.argmax(votes))
        if votes[best] < FEWEST:
            return found
        own = alike[best] & left
        left &= ~own
        members = which[own]
        typical, across = float(np.median(area[members])), float(np.median(size[own]))
        points = centres[members].tolist()
        tree = cKDTree(centres[members])
        error = 0
        number = area / typical
        longer = np.maximum(wide, high)
        joined = (number >= 1.6) & (number < 7) & (longer < 5 * across) & (area > 0.2 * wide * high)
        # Partly covered, or touched by something else.
        partly = (number >= 0.5) & (number < 1.6) & (longer < 1.4 * across)
        beside = joined | partly
        beside[members] = beside[0] = False
        others = np.flatnonzero(beside)
        near = tree.query(centres[others])[0] < 6 * across if len(others) else others
        for i in others[near].tolist():
            several = max(round(float(number[i])), 1)
            points += _spread(labels == i, several) if several > 1 else [centres[i].tolist()]
            error += max(several - 1, 1)
        shape = patches[own].mean(axis=0).reshape(_SIDE, _SIDE)
        found.append(
            Symbols(
                kind=_kind(shape, len(found) + 1),
                colour=ink.colour,
                points=tuple(
                    sorted(
                        ((x + 0.5) / canvas.scale - 0.5, (y + 0.5) / canvas.scale - 0.5)
                        for x, y in points
                    )
                ),
                size=across / canvas.scale,
                error=error,
            )
        )


def _patch(labels: NDArray[np.int32], stats: NDArray[np.int32], label: int) -> NDArray[np.float32]:
    x, y, width, height = stats[:4].tolist()
    own = (labels[y : y + height, x : x + width] == label).astype(np.float32)
    small = cv2.resize(own, (_SIDE, _SIDE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.float32)


def _spread(own: NDArray[np.bool_], number: int) -> list[list[float]]:
    """As many points along a merged piece as it holds symbols: along its longer side."""
    rows, columns = np.nonzero(own)
    at = np.column_stack((columns, rows)).astype(np.float64)
    middle = at.mean(axis=0)
    _, _, axes = np.linalg.svd(at - middle, full_matrices=False)
    order = np.argsort((at - middle) @ axes[0], kind="stable")
    return [at[part].mean(axis=0).tolist() for part in np.array_split(order, number)]


def _kind(shape: NDArray[np.float32], number: int) -> str:
    """A word for a symbol's shape."""
    steps = np.linspace(-1, 1, _SIDE)
    x, y = np.meshgrid(steps, steps)
    r = np.hypot(x, y)
    kinds = {
        "dot": r < 1,
        "ring": (r < 1) & (r > 0.55),
        "square": np.ones_like(r, bool),
        "cross": np.minimum(np.abs(x - y), np.abs(x + y)) < 0.42,
        "upright cross": np.minimum(np.abs(x), np.abs(y)) < 0.25,
        "triangle": np.abs(x) < (y + 1) / 2,
    }
    solid = shape > 0.5
    scores = {
        name: float((solid & kind).sum() / max((solid | kind).sum(), 1))
        for name, kind in kinds.items()
    }
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0.72 else f"symbol {number}"


def _same(one: Symbols, other: Symbols) -> bool:
    away, _ = cKDTree(np.array(other.points)).query(np.array(one.points))
    return bool(np.mean(away < 0.6 * max(one.size, other.size)) > 0.5)
