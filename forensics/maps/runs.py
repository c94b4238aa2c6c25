"""Which runs of one ink are one line: cut where lines meet, and joined where one goes straight on?

Middle lines come from thinning (`forensics.maps.thinning`). A gap that a label, a dot or another line covers,
and the gaps between dashes, are bridged where both sides point at each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from forensics.maps.inks import Canvas, Ink, Mask, difference
from forensics.maps.thinning import pieces, thinned

Path = NDArray[np.float64]
"""(n, 2): x and y in pixels."""

WIDEST: Final = 44.0
"""Pixels across, of a stroke: what is wider is an area."""
WEAKEST: Final = 20.0
"""Difference (CIE76) from what lies below it at which a line is looked at."""
GAP: Final = 45.0
"""Pixels that a stroke may be covered for, by a label or a dot."""
LONGEST_DASH: Final = 26
"""Pixels."""
MOST_PIECES: Final = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A path in one ink; `seen` are its pixels that the ink has."""

    path: Path
    width: float
    seen: float
    ink: int
    strength: float


def length(path: Path) -> float:
    """Returns the length of a path in its own unit."""
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def runs(canvas: Canvas, index: int, ink: Ink) -> list[Run]:
    """Returns the lines of one ink, in pixels of the canvas.

    Args:
        canvas: The graphic's inks.
        index: Of the ink among them.
        ink: The ink.
    """
    mask = _lines(ink.mask, canvas.covered)
    left, top, width, height = cv2.boundingRect(mask)
    if not width:
        return []
    part = np.ascontiguousarray(mask[top : top + height, left : left + width])
    half = cv2.distanceTransform(
        cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 3
    )
    below = canvas.ground[top : top + height, left : left + width][part > 0]
    contrast = difference(ink.lab, below.mean(axis=0).tolist())
    if contrast < WEAKEST:
        return []
    part, short = _dashes(part)
    found = [
        Run(
            path=path + np.array((left, top)),
            width=across,
            seen=length(path),
            ink=index,
            strength=contrast,
        )
        for path, across in short
    ]
    for path in pieces(thinned(part)):
        if len(path) > 2:
            at = path.astype(int)
            deep = np.sort(half[at[:, 1] + 1, at[:, 0] + 1])[len(at) // 2]
            found.append(
                Run(
                    path=path + np.array((left, top)),
                    width=2 * float(deep) - 0.5,
                    seen=length(path),
                    ink=index,
                    strength=contrast,
                )
            )
    found.sort(key=lambda run: -run.seen)
    # Once more, since the runs' ends point where they go more surely than those of their pieces.
    return _joined(_joined(found[:MOST_PIECES]))


def _dashes(mask: Mask) -> tuple[Mask, list[tuple[Path, float]]]:
    """Takes what is short and straight out of a mask: each with its axis, (2, 2) or more, and its width."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    rows, columns = np.nonzero(mask)
    own = labels[rows, columns]
    off = np.column_stack((columns, rows)) - centres[own]
    area = np.maximum(stats[:, cv2.CC_STAT_AREA], 1).astype(np.float64)
    xx, yy, xy = (
        np.bincount(own, weights=off[:, i] * off[:, j], minlength=count) / area
        for i, j in ((0, 0), (1, 1), (0, 1))
    )
    mean, apart = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    long, across = np.sqrt(12 * (mean + apart)), np.sqrt(np.maximum(12 * (mean - apart), 1.0))
    short = stats[:, 2:4].max(axis=1) < LONGEST_DASH
    short[0] = False
    angle = np.arctan2(2 * xy, xx - yy) / 2
    found = []
    for i in np.flatnonzero(short & (long > 2.2 * across)).tolist():
        way = np.array([np.cos(angle[i]), np.sin(angle[i])]) * (long[i] - across[i]) / 2
        steps = np.linspace(-1, 1, max(int(long[i]), 3))[:, None]
        found.append((centres[i] + steps * way, float(across[i])))
    return np.asarray(mask * ~short[labels], np.uint8), found


def _lines(mask: Mask, covered: Mask) -> Mask:
    """The mask without specks, letters and blobs."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    half = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    widest = np.zeros(count)
    inside = np.flatnonzero(mask)
    np.maximum.at(widest, np.asarray(labels, np.int32).ravel()[inside], half.ravel()[inside])
    hidden = np.bincount(labels.ravel()[inside], weights=covered.ravel()[inside], minlength=count)
    area = stats[:, cv2.CC_STAT_AREA]
    longer = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    keep = (longer > 5) & (hidden < 0.7 * area) & (2 * widest < WIDEST)
    keep &= (area > 4.5 * widest**2) | (widest < 6)
    keep[0] = False
    return np.asarray(keep.astype(np.uint8)[labels], np.uint8)


def _joined(parts: list[Run]) -> list[Run]:
    """Joins pieces that go straight on from one another."""
    if not parts:
        return []
    ends = np.array([end for part in parts for end in (part.path[0], part.path[-1])])
    out = np.array([d for part in parts for d in _directions(part)])
    own = np.repeat(np.arange(len(parts)), 2)
    pairs = cKDTree(ends).query_pairs(GAP, output_type="ndarray")
    pairs = pairs[own[pairs[:, 0]] != own[pairs[:, 1]]]
    width = np.array([part.width for part in parts])[own]
    seen = np.array([part.seen for part in parts])[own]
    a, b = pairs.T
    step = ends[b] - ends[a]
    gap = np.hypot(*step.T)
    across = (width[a] + width[b]) / 2
    ahead = np.minimum((step * out[a]).sum(axis=1), -(step * out[b]).sum(axis=1))
    aside = np.maximum(np.abs(cross(step, out[a])), np.abs(cross(step, out[b])))
    turn = -(out[a] * out[b]).sum(axis=1)
    shorter = np.minimum(seen[a], seen[b])
    fits = ahead > -across
    fits &= aside < 0.6 * across + 1.5 + 0.2 * gap
    fits &= turn > np.where(shorter < 12, 0.7, 0.85)
    fits &= gap < np.maximum(2.5 * across + 4, np.minimum(GAP, 2.2 * shorter + 3))
    fits &= np.maximum(width[a], width[b]) < 2.2 * np.minimum(width[a], width[b]) + 1.5
    cost = gap + 30 * (1 - turn) + 2 * aside
    order = np.flatnonzero(fits)[np.argsort(cost[fits], kind="stable")]
    partner: dict[int, int] = {}
    root = list(range(len(parts)))

    def top(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for p, q in pairs[order].tolist():
        one, other = top(p // 2), top(q // 2)
        if p not in partner and q not in partner and one != other:
            partner[p], partner[q] = q, p
            root[one] = other
    return _chained(parts, partner)


def _chained(parts: list[Run], partner: dict[int, int]) -> list[Run]:
    used: set[int] = set()
    found = []
    for start in range(2 * len(parts)):
        if start in partner or start // 2 in used:
            continue
        run, members, at = [], [], start
        while True:
            used.add(at // 2)
            part = parts[at // 2]
            members.append(part)
            run.append(part.path if at % 2 == 0 else part.path[::-1])
            if at ^ 1 not in partner:
                break
            at = partner[at ^ 1]
        path = np.concatenate(run)
        seen = np.array([m.seen for m in members])
        found.append(
            replace(
                members[0],
                path=path,
                seen=float(seen.sum()),
                width=float(np.average([m.width for m in members], weights=seen + 1)),
            )
        )
    return found


def _directions(part: Run) -> tuple[Path, Path]:
    """Which way a piece points out at its first and its last end."""
    reach = int(min(len(part.path) - 1, max(8, 3 * part.width)))
    first, last = part.path[0] - part.path[reach], part.path[-1] - part.path[-1 - reach]
    return first / max(np.hypot(*first), 1e-9), last / max(np.hypot(*last), 1e-9)


def cross(one: Path, other: Path) -> NDArray[np.float64]:
    """Returns the cross products of two rows of vectors."""
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0], np.float64)


def smoothed(path: Path, sigma: float) -> Path:
    """Returns a path with a point for each pixel of its length, its wiggles smoothed, its ends kept."""
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))))
    along, first = np.unique(along, return_index=True)
    path = path[first]
    count = max(int(np.ceil(along[-1])) + 1, 2)
    at = np.linspace(0, along[-1], count)
    even = np.column_stack([np.interp(at, along, path[:, axis]) for axis in (0, 1)])
    pad = int(min(count - 1, np.ceil(4 * sigma)))
    # Mirrored through each end, so that smoothing does not draw the ends in.
    longer = np.concatenate(
        (2 * even[0] - even[pad:0:-1], even, 2 * even[-1] - even[-2 : -2 - pad : -1])
    )
    return np.asarray(gaussian_filter1d(longer, sigma, axis=0, mode="nearest")[pad : pad + count])
