"""Is one piece of a picture a copy of another, or does it only look like it?

Windows of a façade and tiles of a floor look alike and obey one transform as a copied piece does. But two
things in the world differ in what is finest, grain and dirt, and in what is widest: the light that falls on
them. So the one piece is laid on the other; what a narrow blur would remove from both must correlate, and
what a wide blur leaves of both must have the same brightness. Saving and reducing a picture change the
former a little and the latter hardly at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.traces.consensus import Consensus, Floats, inverse

Grey = NDArray[np.float32]
Mask = NDArray[np.bool_]

FINE = 1.5
"""Pixels: standard deviation of the blur whose remainder is compared."""
WINDOW = 9
"""Pixels on a side of the squares in which pieces are compared place by place."""
ALIKE = 0.7
"""Correlation of such a square from which on it belongs to the piece."""
WIDE = 8.0
"""Pixels: standard deviation of the blur after which brightness is compared."""
WITHIN = 0.6
"""Share of that blur's weight that lies within the piece, at least, where it is."""
PLAIN = 1.5
"""Grey levels: a square with less structure than this is plain, and its brightness is compared."""
PLAIN_APART = 3.0
NEAT = 0.06
"""How far a transform may be from a shift, a turn by quarters or a mirror, to be tried as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a picture, laid on another of the same picture.

    Attributes:
        matrix: Shape (2, 3), affine: pixels of the one to pixels of the other.
        correlation: Of the fine structure within the hull of the points, -1 to 1.
        difference: Mean absolute difference of brightness there, grey levels.
        offset: Root mean square of that difference after a wide blur within the hull, grey levels.
        structure: Standard deviation of the fine structure there, grey levels, the lesser of both.
        source: Where the one lies, shape of the picture.
        target: Where the other lies, same shape.
        overlap: Share of the target that is source as well.
        plain: Share of the target that is perfectly plain, as drawn and laid over.
    """

    matrix: Floats
    correlation: float
    difference: float
    offset: float
    structure: float
    source: Mask
    target: Mask
    overlap: float
    plain: float


def laid(grey: NDArray[np.uint8], found: Consensus) -> Piece | None:
    """Returns the piece that `found` speaks of, laid on its other; None where it is too small to tell.

    Args:
        grey: Shape (height, width).
        found: In pixels of this picture.
    """
    height, width = grey.shape
    picture = grey.astype(np.float32)
    hull = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(found.target.astype(np.float32)).astype(np.int32), 1)
    hull = np.asarray(cv2.dilate(hull, np.ones((5, 5), np.uint8)))
    matrix = _laid_best(picture, found, hull > 0)
    size = (width, height)
    other = np.asarray(cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC), np.float32)
    there = np.asarray(cv2.warpAffine(np.full(grey.shape, 255, np.uint8), matrix, size)) == 255
    core = (hull > 0) & there
    if core.sum() < WINDOW * WINDOW:
        return None
    ours, theirs = _fine(picture), _fine(other)
    target = _grown(picture, other, ours, theirs, core, there)
    back = inverse(matrix)
    source = np.asarray(cv2.warpAffine(target.astype(np.uint8), back, size, flags=0)) > 0
    return Piece(
        matrix=matrix,
        correlation=correlation(ours[core], theirs[core]),
        difference=float(np.abs(picture - other)[core].mean()),
        offset=_offset(picture - other, core),
        structure=float(min(ours[core].std(), theirs[core].std())),
        source=source,
        target=target,
        overlap=float((source & target).sum() / max(1, target.sum())),
        plain=float(_is_plain(ours)[target].mean()) if target.any() else 0.0,
    )


def correlation(one: Grey, other: Grey) -> float:
    """Returns Pearson's correlation of two rows of values; 0 where one of them does not vary."""
    a, b = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / spread if spread > 1e-6 else 0.0


def _laid_best(picture: Grey, found: Consensus, core: Mask) -> Floats:
    """Returns the transform of the points, or the neat one beside it where that lays the pieces better.

    Most pieces are only shifted, at most turned by quarters or mirrored: then by whole pixels, which points
    give only roughly. More freedom is not given: it would lay what merely looks alike better as well.
    """
    linear = np.round(found.matrix[:, :2])
    if np.abs(found.matrix[:, :2] - linear).max() > NEAT or abs(np.linalg.det(linear)) != 1:
        return found.matrix
    shift = np.median(found.target - found.source @ linear.T, axis=0).round()
    crop = _around(found.target, picture.shape)
    ours, inside = _fine(picture[crop]), core[crop]
    best, matrix = _over(picture, found.matrix, ours, inside, crop), found.matrix
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            neat = np.column_stack([linear, shift + np.array([across, down])])
            value = _over(picture, neat, ours, inside, crop)
            if value > best:
                best, matrix = value, neat
    return matrix


def _over(
    picture: Grey, matrix: Floats, ours: Grey, inside: Mask, crop: tuple[slice, slice]
) -> float:
    moved_here = matrix.copy()
    moved_here[:, 2] -= crop[1].start, crop[0].start
    size = (ours.shape[1], ours.shape[0])
    other = np.asarray(cv2.warpAffine(picture, moved_here, size, flags=cv2.INTER_CUBIC), np.float32)
    return correlation(ours[inside], _fine(other)[inside])


def _around(at: Floats, shape: tuple[int, ...]) -> tuple[slice, slice]:
    left, top = np.maximum(np.floor(at.min(axis=0)).astype(int) - WINDOW, 0)
    right, bottom = np.ceil(at.max(axis=0)).astype(int) + WINDOW
    return slice(int(top), min(int(bottom), shape[0])), slice(int(left), min(int(right), shape[1]))


def _fine(picture: Grey) -> Grey:
    return np.asarray(picture - cv2.GaussianBlur(picture, (0, 0), FINE), np.float32)


def _mean(values: Grey) -> Grey:
    return np.asarray(cv2.blur(values, (WINDOW, WINDOW)), np.float32)


def _grown(picture: Grey, other: Grey, ours: Grey, theirs: Grey, core: Mask, there: Mask) -> Mask:
    """Returns the places that are alike and hang together with the core."""
    strong, weak = _mean(ours * ours), _mean(theirs * theirs)
    alike = _mean(ours * theirs) > ALIKE * np.sqrt(np.maximum(strong * weak, 1e-6))
    plain = np.maximum(strong, weak) < PLAIN**2
    alike = np.where(plain, np.abs(_mean(picture - other)) < PLAIN_APART, alike) & there
    kernel = np.ones((5, 5), np.uint8)
    whole = cv2.morphologyEx(alike.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    _, labels = cv2.connectedComponents(np.asarray(whole), connectivity=4)
    inside = np.bincount(np.asarray(labels)[core])
    kept = np.flatnonzero(inside > 0.05 * core.sum())
    return np.isin(labels, kept[kept > 0])


def _offset(apart: Grey, core: Mask) -> float:
    """Returns by how much brightness is apart within the core when all that is fine is blurred away."""
    rows, columns = np.flatnonzero(core.any(axis=1)), np.flatnonzero(core.any(axis=0))
    crop = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    inside = core[crop]
    weight = np.pad(inside.astype(np.float32), int(3 * WIDE))
    values = np.pad(apart[crop] * inside, int(3 * WIDE))
    share = np.asarray(cv2.GaussianBlur(weight, (0, 0), WIDE))
    wide = np.asarray(cv2.GaussianBlur(values, (0, 0), WIDE)) / np.maximum(share, 1e-3)
    told = (weight > 0) & (share > WITHIN)
    if not told.any():
        return abs(float(apart[core].mean()))
    return float(np.sqrt((wide[told] ** 2).mean()))


def _is_plain(fine: Grey) -> Mask:
    plain: Mask = np.asarray(cv2.blur(fine * fine, (5, 5))) < 0.25
    return plain


def plain_share(grey: NDArray[np.uint8]) -> float:
    """Returns the share of a picture's small squares that are perfectly plain, as in drawings and screens."""
    return float(_is_plain(_fine(grey.astype(np.float32))).mean())
