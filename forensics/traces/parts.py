"""What parts on another JPEG grid are: surrounded by the picture's own grid, carried along, or on a page.

Straightening, correction of a lens, resizing by a few pixels, lost columns and seams taken out carry a grid
along: from place to place it begins a pixel further on, up to the picture's edge. Panoramas, strips that
slipped and mirrored edges have their other grid from edge to edge. A part that was put in may lie anywhere on
any grid, and the picture's own grid goes on all around it. So only such a part speaks for a change.

The rim of a part is looked at in twelve sectors, three to a side. The rule and its numbers were found here,
on pictures made for it (`bench/calibrate_jpeg_grid_corrected.py`); no paper is followed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.traces.coefficients import SIDE
from forensics.traces.grid import NONE, ORIGINS, Grid, Votes

RECTANGULAR: Final = 0.9
"""Share of its box that the hull of a part's votes fills, from which on the part is a rectangle."""

PAGE: Final = 0.1
"""Share of one colour outside the parts, from which on the picture is a page with pictures on it."""

AT_EDGE: Final = 2 * SIDE
"""Pixels from the picture's edge within which a part reaches it, as far as pixels vote there."""

ACROSS: Final = 4 * SIDE
"""Pixels from opposite edges within which parts on one grid reach from the one to the other."""

JOINED: Final = 17
"""Votes of a part closer than this many pixels belong together."""

NEAR: Final = 4
FAR: Final = 16
"""The rim begins and ends so many pixels from the part: a block that is partly of both has no grid."""

SECTORS: Final = 12
FEWEST_SEEN: Final = 6
"""Sectors within the picture, below which nothing can be said."""

LEAST_PIXELS: Final = 40
"""Pixels of a sector within the picture, below which it lies beyond its edge."""

LEAST_SHARE: Final = 0.2
"""Share of a sector's pixels that a grid has votes of, at least, to be seen there."""

ENOUGH_SHARE: Final = 0.05
ENOUGH_VOTES: Final = 32
"""Such a share, but not fewer votes than these, is enough for the main grid in a large sector."""

CLEARLY: Final = 2
"""The main grid holds a sector with more than so many times the votes of any other."""

LEAST_HELD: Final = 1 / 3
LEAST_HELD_AT_EDGE: Final = 1 / 2
"""Share of the sectors that the main grid holds around a part that it surrounds, at least; the latter where
the part reaches the picture's edge."""

MOST_OTHER: Final = 1
"""Sectors of such a part that may be another grid's."""

MOST_ELSEWHERE: Final = 0.2
MOST_ELSEWHERE_LARGE: Final = 0.25
MOST_ELSEWHERE_BESIDE: Final = 0.08
"""Share that a third grid has, at most, of any window elsewhere. The second in a large picture, which has
more windows; the third after a last saving, where the part's grid begins a pixel beside the main one."""

LARGE: Final = 250_000
"""Pixels from which on a picture counts as large."""

WINDOW: Final = 32
"""Pixels across of such a window."""


class Sector(Enum):
    """What a sector of a part's rim shows."""

    MAIN = "the picture's own grid"
    OTHER = "another grid, neither the picture's nor the part's"
    NEITHER = "no grid"
    BEYOND = "too little of it lies within the picture"


def rectangular(found: Votes, grid: Grid) -> bool:
    """Returns whether the votes for a grid fill its box to the corners, as those of a whole picture do."""
    x, y, wide, high = grid.box
    mine = found[y : y + high, x : x + wide] == _origin(grid)
    if not mine.any():
        return False
    hull = cv2.convexHull(np.argwhere(mine).astype(np.int32))
    return float(cv2.contourArea(hull)) >= RECTANGULAR * (wide - 1) * (high - 1)


def blank(rgb: NDArray[np.uint8], grids: Collection[Grid]) -> float:
    """Returns the share of a picture, without some parts, that has one colour with its neighbours."""
    same = np.zeros(rgb.shape[:2], bool)
    same[:-1, :-1] = (rgb[:-1, :-1] == rgb[1:, :-1]).all(axis=2)
    same[:-1, :-1] &= (rgb[:-1, :-1] == rgb[:-1, 1:]).all(axis=2)
    rest = np.ones(rgb.shape[:2], bool)
    for grid in grids:
        x, y, wide, high = grid.box
        rest[y : y + high, x : x + wide] = False
    return float(same[rest].mean()) if rest.any() else 0.0


def laid_out(found: Votes, rgb: NDArray[np.uint8], grids: Collection[Grid]) -> bool:
    """Whether the parts are whole pictures on a page, in a collage or on a screen, as far as can be seen."""
    if not all(rectangular(found, grid) for grid in grids):
        return False
    return len({(grid.x, grid.y) for grid in grids}) > 1 or blank(rgb, grids) >= PAGE


def surrounded(found: Votes, main: Grid, grids: Sequence[Grid], *, saved: bool) -> tuple[Grid, ...]:
    """Returns the parts that the picture's own grid surrounds, and that no carried grid explains.

    A grid that was carried along seldom shows at one place alone: a third grid elsewhere speaks against a
    part. Where a part reaches the picture's edge, or its grid begins only a pixel beside the main one, its
    grid must be the only other one, and not both may be so.

    Args:
        found: From `grid.vote`.
        main: From `grid.overall`.
        grids: The parts that `grid.foreign` calls local.
        saved: Whether the picture was last saved as JPEG. That grid lies under everything, also around what
            was carried along, so less speaks for a part: it must be the only other grid, always.
    """
    height, width = found.shape
    alone = len({_origin(grid) for grid in grids}) == 1
    if saved and not alone:
        return ()
    together = {
        origin: _reached([g for g in grids if _origin(g) == origin], width, height, ACROSS)
        for origin in {_origin(grid) for grid in grids}
    }
    third = elsewhere(found, main, grids)
    most = MOST_ELSEWHERE_LARGE if found.size >= LARGE else MOST_ELSEWHERE
    made = []
    for grid in grids:
        edges = _reached([grid], width, height, AT_EDGE)
        beside = _apart(grid, main) == 1
        explained = len(edges) > 1 or _spans(together[_origin(grid)]) or bool(beside and edges)
        limit = MOST_ELSEWHERE_BESIDE if beside and saved else most
        fits = not explained and (alone or not (beside or edges)) and third <= limit
        if fits and _held(rim(found, main, grid), edges):
            made.append(grid)
    return tuple(made)


def elsewhere(found: Votes, main: Grid, grids: Collection[Grid]) -> float:
    """Returns the largest share of a window outside the parts that votes for a third grid."""
    rest = found.copy()
    for grid in grids:
        x, y, wide, high = grid.box
        rest[max(0, y - SIDE) : y + high + SIDE, max(0, x - SIDE) : x + wide + SIDE] = NONE
    known = [_origin(grid) for grid in (main, *grids)]
    half = WINDOW // 2
    columns = -(-found.shape[1] // half)
    across = np.arange(found.shape[1]) // half * ORIGINS
    above, most = np.zeros((columns, ORIGINS), np.int64), 0
    for top in range(0, found.shape[0], half):
        band = rest[top : top + half]
        votes = (across + band)[band != NONE]
        counts = np.bincount(votes, minlength=columns * ORIGINS).reshape(columns, ORIGINS)
        counts[:, known] = 0
        both = above + counts
        most = max(most, int((both[:-1] + both[1:]).max(initial=0)))
        above = counts
    return most / WINDOW**2


def rim(found: Votes, main: Grid, grid: Grid) -> tuple[Sector, ...]:
    """Returns what the sectors around a part show: three at its right, below, at its left, above it."""
    x, y, wide, high = grid.box
    height, width = found.shape
    margin = FAR + JOINED
    left, top = max(0, x - margin), max(0, y - margin)
    there = found[top : y + high + margin, left : x + wide + margin]
    part = _filled(there, grid, (x - left, y - top, wide, high))
    distance = np.asarray(cv2.distanceTransform(1 - part, cv2.DIST_L2, 5))
    rows, columns = np.nonzero((distance > NEAR) & (distance <= FAR))
    edge = SIDE - 1  # nearer to the picture's edge no pixel votes
    inside = (columns + left >= edge) & (columns + left < width - edge)
    inside &= (rows + top >= edge) & (rows + top < height - edge)
    rows, columns = rows[inside], columns[inside]
    down, across = (rows + top - y - high / 2) / high, (columns + left - x - wide / 2) / wide
    turn = np.arctan2(down, across) / (2 * np.pi) + 1 / 8  # begins at the upper right corner
    sector = np.floor(turn * SECTORS).astype(int) % SECTORS
    votes = there[rows, columns]
    return tuple(
        _shown(votes[sector == number], _origin(grid), _origin(main)) for number in range(SECTORS)
    )


def _filled(there: Votes, grid: Grid, box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """The part with what lies within it: 1 there, 0 elsewhere."""
    x, y, wide, high = box
    mine = np.zeros(there.shape, np.uint8)
    votes = there[y : y + high, x : x + wide] == _origin(grid)
    mine[y : y + high, x : x + wide] = votes
    square = np.ones((JOINED, JOINED), np.uint8)
    joined = np.asarray(cv2.morphologyEx(mine, cv2.MORPH_CLOSE, square), np.uint8)
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max(outlines, key=cv2.contourArea)
    return np.asarray(cv2.drawContours(np.zeros_like(mine), [largest], -1, 1, -1), np.uint8)


def _shown(votes: Votes, mine: int, own: int) -> Sector:
    if len(votes) < LEAST_PIXELS:
        return Sector.BEYOND
    counts = np.bincount(votes[votes != NONE], minlength=ORIGINS)
    held = int(counts[own])
    counts[[own, mine]] = 0
    other, least = int(counts.max()), LEAST_SHARE * len(votes)
    if other > held and other >= least:
        return Sector.OTHER
    enough = min(least, max(ENOUGH_SHARE * len(votes), ENOUGH_VOTES))
    return Sector.MAIN if held > CLEARLY * other and held >= enough else Sector.NEITHER


def _held(around: Sequence[Sector], edges: Collection[int]) -> bool:
    """Whether the main grid surrounds a part, also opposite an edge of the picture that the part reaches."""
    seen = [sector for sector in around if sector is not Sector.BEYOND]
    if len(seen) < FEWEST_SEEN or seen.count(Sector.OTHER) > MOST_OTHER:
        return False
    a_side = SECTORS // 4
    for edge in edges:
        opposite = around[edge * a_side : (edge + 1) * a_side]
        if Sector.OTHER in opposite or opposite.count(Sector.MAIN) < a_side - 1:
            return False
    least = LEAST_HELD_AT_EDGE if edges else LEAST_HELD
    return seen.count(Sector.MAIN) >= least * len(seen)


def _reached(grids: Collection[Grid], width: int, height: int, within: int) -> set[int]:
    """The edges that parts reach, each by the number of the side opposite to it: 0 for the left one, on."""
    left = min(grid.box[0] for grid in grids)
    top = min(grid.box[1] for grid in grids)
    right = width - max(grid.box[0] + grid.box[2] for grid in grids)
    bottom = height - max(grid.box[1] + grid.box[3] for grid in grids)
    return {side for side, gap in enumerate((left, top, right, bottom)) if gap < within}


def _origin(grid: Grid) -> int:
    return grid.y * SIDE + grid.x


def _spans(edges: Collection[int]) -> bool:
    return {0, 2} <= set(edges) or {1, 3} <= set(edges)


def _apart(grid: Grid, main: Grid) -> int:
    """How many columns or rows a grid's origin lies from the main one's, whichever is more."""
    offs = ((grid.x - main.x) % SIDE, (grid.y - main.y) % SIDE)
    return max(min(off, SIDE - off) for off in offs)
