"""Traces of the 8 × 8 blocks of JPEG in the pixels of a picture, each with its number of false alarms.

From T. Nikoukhah, J. Anger, M. Colom, J.-M. Morel and R. Grompone von Gioi, "ZERO: a Local JPEG Grid
Origin Detector Based on the Number of DCT Zeros and its Applications in Image Forensics", Image Processing
On Line 11, 2021. Quantisation sets coefficients of the discrete cosine transform to zero, and a block has
most zeros where it lies as the encoder laid it. Each pixel votes for one of the 64 possible origins; what
chance would give is a binomial count with p = 1/64, and its tail, times the number of tests, is the number
of false alarms (NFA) expected in a picture without such a trace (A. Desolneux, L. Moisan, J.-M. Morel, 2000).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.traces.coefficients import DCT, SIDE

ORIGINS: Final = SIDE * SIDE
NONE: Final = 255
"""The vote of a pixel that has none."""

ZERO: Final = 0.5
"""A coefficient smaller than this counts as zero, as in the paper; or than what a last saving stirs."""

SEEN: Final = -3.0
"""Decimal logarithm of the largest NFA that counts: one false alarm in a thousand pictures without trace."""

CELL: Final = 4
"""Votes are joined to regions in squares of so many pixels that touch, at corners too."""

LEAST_ACROSS: Final = 24
"""Pixels that a region measures across, at least: beside bars and edges, thin strips vote alike by nature."""

MOST_OUTSIDE: Final = 3
"""Outside its regions a foreign grid has at most so many times the votes of any other grid, and one block."""

LEAST_HELD: Final = 0.6
"""Share of the votes outside foreign regions that the main grid has at least, where there is one."""

STRIP: Final = 64
"""Rows that are transformed at a time, so that they stay in the processor's cache."""

Votes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A grid of blocks that a part of the picture, or all of it, has.

    Attributes:
        x: Column of its origin, 0 to 7.
        y: Row of its origin, 0 to 7.
        box: x, y, width and height of the part in pixels.
        votes: Pixels that vote for it there.
        log_nfa: Decimal logarithm of its number of false alarms.
    """

    x: int
    y: int
    box: tuple[int, int, int, int]
    votes: int
    log_nfa: float


def luminance(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Returns Y of ITU-R BT.601, 0 to 255, unrounded, as JPEG computes it."""
    weights = np.array([[0.299, 0.587, 0.114]], np.float32)
    light = cv2.transform(rgb.astype(np.float32), weights)
    return np.asarray(light, np.float32).reshape(rgb.shape[:2])


def rounding(steps: Collection[int]) -> float:
    """Returns the standard deviation that rounding to quantisation steps gives coefficients, grey levels.

    The last saving stirs the zeros that earlier ones left on other grids by about so much.
    """
    return math.sqrt(sum(step * step for step in steps) / len(steps) / 12)


def vote(
    rgb: NDArray[np.uint8], check: Callable[[], None] = lambda: None, *, zero: float = ZERO
) -> Votes:
    """Returns for each pixel the origin (y * 8 + x) of the grid that it votes for, or `NONE`.

    A pixel votes for the one block around it with most zeros. It has no vote where two blocks have as many,
    where the best one is constant along an axis (flat, clipped and drawn areas have zeros on any grid), or
    where not all 64 blocks around it lie within the picture.

    Args:
        rgb: Shape (height, width, 3).
        check: Called now and then; may raise.
        zero: A coefficient smaller than this counts as zero.
    """
    height, width = rgb.shape[:2]
    made = np.full((height, width), NONE, np.uint8)
    edge = SIDE - 1
    for top in range(edge, height - edge, STRIP):
        check()
        end = min(top + STRIP, height - edge)
        if width > 2 * edge:
            light = luminance(rgb[top - edge : end + edge])
            made[top:end, edge : width - edge] = _best(zeros(light, zero), top - edge)
    return made


def zeros(light: NDArray[np.float32], zero: float = ZERO) -> NDArray[np.uint8]:
    """Counts the zeros of each block, by its first pixel.

    Args:
        light: Brightness, shape (height, width), at least 8 × 8.
        zero: A coefficient smaller than this counts as zero.

    Returns:
        Twice the number of coefficients but the mean that are zero, and one more where the block is
        constant along an axis; shape (height - 7, width - 7).
    """
    height, width = (side - SIDE + 1 for side in light.shape)
    count = np.zeros((height, width), np.uint8)
    for across in range(SIDE):
        lines = cv2.filter2D(light, -1, DCT[across : across + 1], anchor=(0, 0))[:, :width]
        for down in range(SIDE):
            if across or down:
                taps = DCT[down : down + 1].T
                part = cv2.filter2D(lines, -1, taps, anchor=(0, 0))[:height]
                count += np.asarray(cv2.inRange(part, -zero, zero), np.uint8) & 2
    for axis in (0, 1):
        steps = np.diff(light, axis=axis) != 0
        size = (SIDE - 1, SIDE) if axis == 0 else (SIDE, SIDE - 1)
        changing = cv2.dilate(steps.astype(np.uint8), np.ones(size, np.uint8), anchor=(0, 0))
        count += 1 - changing[:height, :width]
    return count


def _best(count: NDArray[np.uint8], first: int) -> Votes:
    """The votes of pixels all of whose blocks are counted; `first`: row of the picture of the first block."""
    height, width = (side - SIDE + 1 for side in count.shape)
    most = cv2.dilate(count, np.ones((SIDE, SIDE), np.uint8), anchor=(0, 0))[:height, :width]
    times = np.zeros((height, width), np.uint8)
    pick = np.zeros((height, width), np.uint8)
    for down in range(SIDE):
        for across in range(SIDE):
            block = count[down : down + height, across : across + width]
            same = np.asarray(cv2.compare(block, most, cv2.CMP_EQ), np.uint8)
            times += same & 1
            pick |= same & (down * SIDE + across)
    rows, columns = np.arange(height)[:, None] + first, np.arange(width)[None, :]
    origin = (rows + (pick >> 3)) % SIDE * SIDE + (columns + (pick & 7)) % SIDE
    constant = np.asarray(most, np.uint8) & 1
    return np.where((times == 1) & (constant == 0), origin, NONE).astype(np.uint8)


def overall(found: Votes) -> Grid | None:
    """Returns the grid that most votes of the picture are for, or None where none stands out.

    Args:
        found: From `vote`.
    """
    counts = np.bincount(found[found != NONE], minlength=ORIGINS)
    origin = int(counts.argmax())
    height, width = found.shape
    log_nfa = math.log10(ORIGINS) + _tail(int(counts[origin]), height * width)
    if log_nfa > SEEN:
        return None
    return _grid(origin, (0, 0, width, height), int(counts[origin]), log_nfa)


def foreign(
    found: Votes,
    main: Grid | None,
    own: Collection[tuple[int, int]] = (),
    check: Callable[[], None] = lambda: None,
) -> tuple[tuple[Grid, ...], tuple[Grid, ...]]:
    """Returns the regions with another grid than the picture, and those whose grid is not confined to them.

    The latter are what is left where a picture was saved as JPEG, cut, and saved again: the finer saving
    leaves the coarser one's grid in places, and chance alone decides which.

    Args:
        found: From `vote`.
        main: From `overall`.
        own: Columns and rows of origins that the file's own coding explains; never foreign.
        check: Called now and then; may raise.
    """
    height, width = found.shape
    cells, (rows, columns) = _cells(found.shape)
    valid = found != NONE
    counts = np.bincount(found[valid], minlength=ORIGINS)
    tests = _tests(found.shape)
    local: list[Grid] = []
    spread: list[Grid] = []
    for origin in range(ORIGINS):
        check()
        if (main and origin == main.y * SIDE + main.x) or _least(int(counts[origin]), tests):
            continue
        mine = np.bincount(cells[found == origin], minlength=rows * columns).reshape(rows, columns)
        regions = _regions(origin, mine, tests, (width, height))
        if regions:
            alone = (origin % SIDE, origin // SIDE) not in own and _confined(
                found, main, origin, regions
            )
            (local if alone else spread).extend(regions)
    return _surest_first(local), _surest_first(spread)


def _surest_first(grids: list[Grid]) -> tuple[Grid, ...]:
    return tuple(sorted(grids, key=lambda grid: (grid.log_nfa, grid.box)))


def confined(found: Votes, main: Grid) -> tuple[Grid, ...]:
    """Returns the regions that the main grid is confined to; none where it is the grid of the whole picture.

    Either they were put into a picture that has no grid, or the rest has too much texture, or was saved too
    finely, to show the grid that it has.
    """
    height, width = found.shape
    origin = main.y * SIDE + main.x
    cells, shape = _cells(found.shape)
    mine = np.bincount(cells[found == origin], minlength=shape[0] * shape[1]).reshape(shape)
    regions = _regions(origin, mine, _tests(found.shape), (width, height))
    return tuple(regions) if regions and _confined(found, None, origin, regions) else ()


def _cells(shape: tuple[int, int]) -> tuple[NDArray[np.int64], tuple[int, int]]:
    """The number of each pixel's cell, and how many rows and columns of cells there are."""
    rows, columns = (-(-side // CELL) for side in shape)
    down, across = (np.arange(side, dtype=np.int64) // CELL for side in shape)
    return down[:, None] * columns + across[None, :], (rows, columns)


def _tests(shape: tuple[int, int]) -> float:
    """Decimal logarithm of the number of tests: every place and size of a box, for every origin."""
    return math.log10(ORIGINS) + 2 * math.log10(shape[0] * shape[1] / 2)


def _least(count: int, tests: float) -> bool:
    """Whether so few votes cannot be seen, in a box however small."""
    return tests - (count // ORIGINS) * math.log10(ORIGINS) > SEEN


def _regions(
    origin: int, mine: NDArray[np.int64], tests: float, size: tuple[int, int]
) -> list[Grid]:
    """Connected cells with votes for an origin that are more than chance gives in the box around them."""
    labels = cv2.connectedComponentsWithStats((mine > 0).astype(np.uint8), connectivity=8)
    votes = np.bincount(labels[1].ravel(), weights=mine.ravel(), minlength=labels[0])
    made = []
    for number in range(1, labels[0]):
        if _least(int(votes[number]), tests):
            continue
        x, y, wide, high = (int(value) * CELL for value in labels[2][number][:4])
        if min(wide, high) < LEAST_ACROSS:
            continue
        box = (x, y, min(wide, size[0] - x), min(high, size[1] - y))
        log_nfa = tests + _tail(int(votes[number]), box[2] * box[3])
        if log_nfa <= SEEN:
            made.append(_grid(origin, box, int(votes[number]), log_nfa))
    return made


def _confined(found: Votes, main: Grid | None, origin: int, regions: list[Grid]) -> bool:
    """Whether a grid is seen in its regions alone, within a picture that otherwise has the main grid."""
    outside = np.ones(found.shape, bool)
    for grid in regions:
        x, y, wide, high = grid.box
        outside[max(0, y - SIDE) : y + high + SIDE, max(0, x - SIDE) : x + wide + SIDE] = False
    if 2 * int(outside.sum()) < found.size:
        return False
    counts = np.bincount(found[outside & (found != NONE)], minlength=ORIGINS)
    total, mine = int(counts.sum()), int(counts[origin])
    held = int(counts[main.y * SIDE + main.x]) if main else 0
    mean = (total - mine - held) / (ORIGINS - 2)
    # On a line with the main grid's, an origin shares half of its zeros: it has more votes by nature.
    if main and (origin % SIDE == main.x or origin // SIDE == main.y):
        rows = counts.reshape(SIDE, SIDE)
        line = rows[:, main.x] if origin % SIDE == main.x else rows[main.y]
        mean = max(mean, (int(line.sum()) - mine - held) / (SIDE - 2))
    return mine <= MOST_OUTSIDE * mean + ORIGINS and (not main or held >= LEAST_HELD * total)


def _grid(origin: int, box: tuple[int, int, int, int], votes: int, log_nfa: float) -> Grid:
    return Grid(x=origin % SIDE, y=origin // SIDE, box=box, votes=votes, log_nfa=log_nfa)


def _tail(votes: int, area: int) -> float:
    """Decimal logarithm of an upper bound of the chance of so many votes in an area (W. Hoeffding, 1963).

    The 64 pixels of a block vote alike, so only one in 64 counts, of the votes and of the area.
    """
    among = area // ORIGINS
    most = min(votes // ORIGINS, among)
    if not among or most * ORIGINS <= among:
        return 0.0
    rate = most / among
    rest = (1 - rate) * math.log((1 - rate) / (1 - 1 / ORIGINS)) if most < among else 0.0
    return -among * (rate * math.log(rate * ORIGINS) + rest) / math.log(10)
