"""Which lines are drawn in one ink?

Middle lines come from thinning (`forensics.maps.thinning`), and each is followed from there to where it
ends (`forensics.maps.follow`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from forensics.maps.follow import follow
from forensics.maps.inks import Canvas, Ink, Mask, difference
from forensics.maps.thinning import pieces, thinned

Path = NDArray[np.float64]
"""(n, 2): x and y in pixels."""

WIDEST: Final = 44.0
"""Pixels across, of a stroke: what is wider is an area."""
WEAKEST: Final = 20.0
"""Difference (CIE76) from what lies below it at which a line is looked at."""
LONGEST_DASH: Final = 26
"""Pixels."""
MOST_PIECES: Final = 3_000
MOST_RUNS: Final = 250
"""Strokes that are followed in one ink."""
MOST_VAIN: Final = 60
"""Stretches that lead nowhere, after which the rest, which are shorter, are left."""
LONG: Final = 60.0
"""Pixels of a stroke that is no piece of texture."""
ROUGH_FROM: Final = 30.0
"""Pixels of a stretch from which on it tells whether it is drawn smoothly."""
ROUGH_OVER: Final = 12.0
"""Pixels over which a track is smooth."""
ROUGHEST: Final = 1.1
"""Pixels that three quarters of a track are at most off its smoothed course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A path in one ink; `seen` are its pixels that the ink has.

    Of these, `clear` are where nothing else of its ink is.
    """

    path: Path
    width: float
    seen: float
    clear: float
    ink: int
    strength: float
    gaps: tuple[float, ...] = ()

    @property
    def dashed(self) -> bool:
        """Whether its gaps are as even as those between dashes."""
        if len(self.gaps) < 3:
            return False
        usual = float(np.median(self.gaps))
        return float(np.median(np.abs(np.array(self.gaps) - usual))) <= 0.3 * usual + 1


def length(path: Path) -> float:
    """Returns the length of a path in its own unit."""
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def runs(canvas: Canvas, index: int, ink: Ink) -> tuple[list[Run], Path]:
    """Returns the lines of one ink that may be tracks, and points all along its lines.

    Both are in pixels of the canvas.

    Args:
        canvas: The graphic's inks.
        index: Of the ink among them.
        ink: The ink.
    """
    mask = _lines(ink.mask, canvas.covered)
    left, top, width, height = cv2.boundingRect(mask)
    if not width:
        return [], np.zeros((0, 2))
    part = np.ascontiguousarray(mask[top : top + height, left : left + width])
    half = cv2.distanceTransform(
        cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 3
    )
    below = canvas.ground[top : top + height, left : left + width][part > 0]
    contrast = difference(ink.lab, below.mean(axis=0).tolist())
    if contrast < WEAKEST:
        return [], np.zeros((0, 2))
    part, short = _dashes(part)
    found = [
        Run(
            path=path + np.array((left, top)),
            width=across,
            seen=length(path),
            clear=length(path),
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
                    clear=length(path),
                    ink=index,
                    strength=contrast,
                )
            )
    over = canvas.covered | canvas.drawn
    lines = [run.path for run in found if not _ruled(run.path)]
    return _followed(found, ink.mask, over), np.concatenate([np.zeros((0, 2)), *lines])


def _ruled(path: Path) -> bool:
    """Whether it is a long straight line along an axis of the picture: a frame, a rule."""
    return len(path) > LONGEST_DASH and float(np.ptp(path, axis=0).min()) < 2.0


def _followed(stretches: list[Run], mask: Mask, over: Mask) -> list[Run]:
    """Follows each stretch that none of the strokes followed so far runs along."""
    stretches.sort(key=lambda run: (-run.seen, run.path[0].tolist()))
    limit = np.array(mask.shape[::-1]) - 1
    number = np.zeros(mask.shape, np.int32)
    for index, stretch in enumerate(stretches[:MOST_PIECES], 1):
        x, y = np.clip(stretch.path.round().astype(int), 0, limit).T
        number[y, x] = index
    used = np.zeros(len(stretches) + 1)
    found, vain = list[Run](), 0
    for index, stretch in enumerate(stretches[:MOST_PIECES], 1):
        if len(found) == MOST_RUNS or vain == MOST_VAIN:
            break
        if used[index] > 0.6 * stretch.seen or _rough(stretch):
            continue
        way = follow(mask, over, _trimmed(stretch), stretch.width)
        vain += way.seen < 2 * stretch.seen and way.seen < LONG
        found.append(
            replace(
                stretch,
                path=way.path,
                seen=way.seen,
                clear=way.clear,
                width=way.width,
                gaps=way.gaps,
            )
        )
        beside = np.concatenate(
            [way.path + np.array((dx, dy)) for dx in (-2, 0, 2) for dy in (-2, 0, 2)]
            + [(way.path[1:] + way.path[:-1]) / 2]
        )
        at = np.unique(np.clip(beside.round().astype(int), 0, limit), axis=0)
        near = np.zeros(mask.shape, np.uint8)
        near[at[:, 1], at[:, 0]] = 1
        left, top, wide, high = cv2.boundingRect(at.astype(np.int32))
        part = slice(top, top + high), slice(left, left + wide)
        close = cv2.dilate(near[part], np.ones((3, 3), np.uint8)) > 0
        used += np.bincount(number[part][close], minlength=len(used))[: len(used)]
    return found


def _rough(stretch: Run) -> bool:
    """Whether a stretch that is long enough to tell winds as no track does."""
    if stretch.seen < ROUGH_FROM:
        return False
    path = smoothed(stretch.path, 2.0)
    even = smoothed(stretch.path, ROUGH_OVER)[: len(path)]
    return float(np.percentile(np.hypot(*(path[: len(even)] - even).T), 75)) > ROUGHEST


def _trimmed(stretch: Run) -> Path:
    """Without its ends, which lean towards whatever it meets there."""
    cut = int(stretch.width)
    path = smoothed(stretch.path, max(1.0, stretch.width / 2))
    return path[cut:-cut] if cut and len(path) > 6 * cut + 6 else path


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
