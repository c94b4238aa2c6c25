"""Lays one picture on another by a known transform and says where the two agree.

What both show is divided into tiles, at most 6 × 6. In each the correlation of the fine structure is taken
(what a blur of the tile's size would remove: shading, which unrelated pictures share, has no say), with a
small shift allowed, since a transform is never exact. Tiles with too little structure say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.copies.geometry import moved_by

Floats = NDArray[np.float64]
Grey = NDArray[np.float32]

TILES = 6
"""Rows and columns of tiles, at most."""
AGREES = 70
PLAINLY = 85
CONTRADICTS = 30
"""Hundredths of correlation from which on a tile agrees, from which on plainly; below which not at all."""

_LEAST_TILE = 7
"""Pixels on a tile's side, at least; smaller overlaps have fewer tiles."""
_SHIFT = 2
_COVERED = 0.7
_LEAST_STRUCTURE = 1.6
"""Standard deviation of a tile's fine structure in grey levels, at least, on both sides."""
_AS_STRONG = 0.25
_MANY = 10
_COARSE = 5.0
_HALF = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
_HALF_BACK = np.linalg.inv(_HALF)
"""OpenCV counts from the centre of the first pixel, we from the corner of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One tile of what both pictures show.

    Attributes:
        row: From the top of the reference's part, from 0.
        column: From the left of it.
        correlation: In hundredths, -100 to 100.
        structure: Standard deviation of the reference's fine structure, in hundredths of a grey level.
        bare: One of the pictures shows nothing there.
        centre: On the query, in pixels, x first.
        reach: From there to its farthest corner, in pixels.
    """

    row: int
    column: int
    correlation: int
    structure: int
    bare: bool
    centre: tuple[float, float]
    reach: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """A reference picture laid on a query picture.

    Attributes:
        tiles: Those with something to compare.
        rows: Rows of the division.
        columns: Columns of it.
        of_query: Share of the query's area that the reference covers.
        of_reference: Share of the reference's area that is on the query.
        reference: The reference's part in grey, as compared; same shape as `query`.
        query: The query, laid on the reference, as compared.
    """

    tiles: tuple[Tile, ...]
    rows: int
    columns: int
    of_query: float
    of_reference: float
    reference: Grey
    query: Grey

    @property
    def agree(self) -> int:
        """How many tiles agree."""
        return sum(tile.correlation >= AGREES for tile in self.tiles)

    @property
    def plain(self) -> int:
        """How many tiles agree plainly."""
        return sum(tile.correlation >= PLAINLY for tile in self.tiles)

    def contradict(self, places: Floats) -> int:
        """Returns how many tiles show something else altogether, on both pictures.

        Words written over a tile leave places between them that are still found; another picture does not.

        Args:
            places: What was found again, on the query, shape (n, 2), pixels.
        """
        other = [t for t in self.tiles if t.correlation < CONTRADICTS and not t.bare]
        return sum(
            not bool((((places - t.centre) ** 2).sum(axis=1) <= t.reach**2).any()) for t in other
        )

    @property
    def spread(self) -> bool:
        """Whether those that agree are many, or found in half of the rows and half of the columns.

        One line of words, a logo or a band is not: lines of tiles with a little of it at the edge do not
        count, since only those do whose structure comes up to the strongest.
        """
        agree = [tile for tile in self.tiles if tile.correlation >= AGREES]
        strong = _AS_STRONG * max((tile.structure for tile in agree), default=0)
        agree = [tile for tile in agree if tile.structure >= strong]
        rows, columns = {tile.row for tile in agree}, {tile.column for tile in agree}
        return len(agree) >= _MANY or (
            2 * len(rows) >= self.rows and 2 * len(columns) >= self.columns
        )


def overlay(
    query: NDArray[np.uint8],
    reference: NDArray[np.uint8],
    matrix: Floats,
    size: tuple[int, int],
) -> Overlay | None:
    """Returns where the pictures agree, or None where too little of the reference is on the query.

    Args:
        query: Grey, shape (height, width).
        reference: Grey, shape (height, width): a thumbnail.
        matrix: Shape (3, 3), pixels of the reference in full to pixels of the query.
        size: Width and height of the reference in full, in pixels.
    """
    onto = matrix @ np.diag([size[0] / reference.shape[1], size[1] / reference.shape[0], 1.0])
    scale = _scale_at(onto, reference.shape[1] / 2, reference.shape[0] / 2)
    if not np.isfinite(scale) or scale <= 0:
        return None
    of_query, of_reference = _shares(onto, reference.shape, query.shape)
    # Both pictures are brought to the coarser one's pixels before they are compared.
    query, towards = _reduced(query, scale)
    reference, away = _reduced(reference, 1 / scale)
    onto = _HALF_BACK @ towards @ onto @ np.linalg.inv(away) @ _HALF
    height, width = reference.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = np.asarray(cv2.warpPerspective(query, onto, (width, height), flags=flags), np.uint8)
    inside = cv2.warpPerspective(np.full_like(query, 255), onto, (width, height), flags=flags)
    mask = np.asarray(inside) >= 128
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) < 2 * _LEAST_TILE or len(columns) < 2 * _LEAST_TILE:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    left, right = int(columns[0]), int(columns[-1]) + 1
    ours, theirs = _fine(laid, mask), _fine(reference, mask)
    down = min(TILES, (bottom - top) // _LEAST_TILE)
    across = min(TILES, (right - left) // _LEAST_TILE)
    covered = mask.astype(np.uint8)
    backwards = np.linalg.inv(towards) @ _HALF
    tiles = []
    for row in range(down):
        for column in range(across):
            y0, y1 = (top + (bottom - top) * k // down for k in (row, row + 1))
            x0, x1 = (left + (right - left) * k // across for k in (column, column + 1))
            if cv2.countNonZero(covered[y0:y1, x0:x1]) < _COVERED * (y1 - y0) * (x1 - x0):
                continue
            correlation = _correlation(ours, theirs, y0, y1, x0, x1)
            if correlation is None:
                continue
            strength = _spread(theirs[y0:y1, x0:x1])
            corners = np.array([[x0 + x1, y0 + y1], [2 * x0, 2 * y0], [2 * x1, 2 * y0]]) / 2
            back, *ends = moved_by(backwards @ onto, corners)
            tiles.append(
                Tile(
                    row=row,
                    column=column,
                    correlation=correlation,
                    structure=round(100 * strength),
                    bare=min(strength, _spread(ours[y0:y1, x0:x1])) < _LEAST_STRUCTURE,
                    centre=(float(back[0]), float(back[1])),
                    reach=max(float(np.hypot(*(end - back))) for end in ends),
                )
            )
    return Overlay(
        tiles=tuple(tiles),
        rows=down,
        columns=across,
        of_query=of_query,
        of_reference=of_reference,
        reference=np.where(mask, reference, 0).astype(np.float32),
        query=np.where(mask, laid, 0).astype(np.float32),
    )


def laid_on(
    query: NDArray[np.uint8], onto: Floats, size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]] | None:
    """Returns the query as the reference shows it, and what of that it covers; None where it lies nowhere.

    Args:
        query: Grey, shape (height, width).
        onto: Shape (3, 3), pixels of the reference to pixels of the query.
        size: Width and height of the reference.
    """
    width, height = size
    scale = _scale_at(onto, width / 2, height / 2)
    if not np.isfinite(scale) or scale <= 0:
        return None
    query, towards = _reduced(query, scale)
    matrix = _HALF_BACK @ towards @ onto @ _HALF
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(query, matrix, size, flags=flags)
    inside = cv2.warpPerspective(np.full_like(query, 255), matrix, size, flags=flags)
    return np.asarray(laid, np.uint8), np.asarray(inside) >= 128


def _correlation(ours: Grey, theirs: Grey, y0: int, y1: int, x0: int, x1: int) -> int | None:
    """Returns the best correlation of a tile of the reference over small shifts of the query."""
    tile = theirs[y0:y1, x0:x1]
    under = ours[y0:y1, x0:x1]
    structure = _spread(tile), _spread(under)
    if min(structure) < _LEAST_STRUCTURE:
        # One side flat, the other not, is a difference; both flat is nothing to compare.
        return 0 if max(structure) > 4 * _LEAST_STRUCTURE else None
    window = ours[
        max(0, y0 - _SHIFT) : min(ours.shape[0], y1 + _SHIFT),
        max(0, x0 - _SHIFT) : min(ours.shape[1], x1 + _SHIFT),
    ]
    best = float(cv2.minMaxLoc(cv2.matchTemplate(window, tile, cv2.TM_CCOEFF_NORMED))[1])
    return round(100 * best) if np.isfinite(best) else 0


def _spread(tile: Grey) -> float:
    """Returns the standard deviation; numpy's costs several times as much on so few values."""
    return float(np.asarray(cv2.meanStdDev(tile)[1])[0, 0])


def _fine(grey: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Grey:
    """Returns what a blur of the covered part would remove."""
    values = np.where(mask, grey, 0).astype(np.float32)
    weight = mask.astype(np.float32)
    blurred = cv2.GaussianBlur(values, (0, 0), _COARSE)
    share = cv2.GaussianBlur(weight, (0, 0), _COARSE)
    fine = values - np.asarray(blurred) / np.maximum(np.asarray(share), np.float32(1e-3))
    return np.where(mask, fine, 0).astype(np.float32)


def _reduced(grey: NDArray[np.uint8], factor: float) -> tuple[NDArray[np.uint8], Floats]:
    """Returns the picture with its pixels `factor` times as large, and the transform to it."""
    height, width = grey.shape
    if factor <= 1.05:
        return grey, np.eye(3)
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return small, np.diag([size[0] / width, size[1] / height, 1.0])


def _scale_at(matrix: Floats, x: float, y: float) -> float:
    """Returns how many pixels one becomes at a point, along one side."""
    depth = float(matrix[2] @ np.array([x, y, 1.0]))
    if depth <= 0:
        return float("nan")
    size = abs(float(np.linalg.det(matrix))) / depth**3
    return float(np.sqrt(size))


def _shares(
    onto: Floats, reference: tuple[int, ...], query: tuple[int, ...]
) -> tuple[float, float]:
    """Returns what share of the query the reference covers, and what share of it lies on the query."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float64)
    moved = moved_by(onto, corners * [reference[1], reference[0]]).astype(np.float32)
    frame = (corners * [query[1], query[0]]).astype(np.float32)
    common = float(cv2.intersectConvexConvex(moved, frame)[0])
    whole = abs(float(cv2.contourArea(moved)))
    return common / (query[0] * query[1]), min(1.0, common / max(whole, 1e-6))
