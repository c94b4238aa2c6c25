"""The pieces of one picture that are copies of other pieces of it, by all tests together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.traces.consensus import Floats, agreements
from forensics.traces.copied import Mask, laid, plain_share
from forensics.traces.ordinary import ordinary, throughout
from forensics.traces.selfmatch import apart, keypoints, matched, recurring

SIDE = 1600
"""Pixels: larger pictures are reduced to this on the longer side."""
FEWEST_POINTS = 100
"""Keypoints below which nothing could have been found."""
DRAWN = 0.35
"""Share of perfectly plain squares from which on a picture counts as drawn: letters and signs recur there."""
RECURRING = 0.1
"""Share of keypoints that recur to the pixel, at two places or more, from which on it counts as drawn too."""
LOG_NFA = -5.0
"""Decimal logarithm of the expected number of false alarms that is allowed a piece."""
PLACES = 5
CORRELATION = 0.8
DIFFERENCE = 14.0
RELATIVE = 0.7
"""Mean difference of brightness, in parts of the standard deviation of the fine structure, at most."""
STRUCTURE = 40.0
"""Grey levels: stronger fine structure is lettering or drawing."""
OFFSET = 0.8
"""Grey levels that brightness may be apart when all that is fine is blurred away; light differs by more."""
OVERLAP = 0.2
AREA = 0.001
"""Share of the picture that a piece takes up, at least."""
LAID_OVER = 0.25
"""Share of a piece that is perfectly plain, from which on it counts as drawn and laid over the picture."""
_CANDIDATES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """Two pieces of one picture of which one is a copy of the other; which one, it does not tell.

    Attributes:
        matrix: Shape (2, 3), affine: pixels of the one to pixels of the other, as examined.
        mirrored: Whether one is the mirror image of the other.
        places: Distinct pairs of places.
        log_nfa: Decimal logarithm of the expected number of false alarms.
        correlation: Of the fine structure, -1 to 1.
        difference: Mean absolute difference of brightness, grey levels.
        offset: Difference of brightness when all that is fine is blurred away, grey levels.
        ordinary: They repeat as layouts, collages, insets and prints do (`forensics.traces.ordinary`).
        pairs: Places of the one beside those of the other, shape (n, 4), pixels as examined.
        one: Where the one lies, shape of the picture as examined.
        other: Where the other lies.
    """

    matrix: Floats
    mirrored: bool
    places: int
    log_nfa: float
    correlation: float
    difference: float
    offset: float
    ordinary: bool
    pairs: Floats
    one: Mask
    other: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What looking for copied pieces came to.

    Attributes:
        pieces: Those found, the surest first.
        points: Keypoints that were compared.
        scale: Pixels as examined by pixels of the picture, at most 1.
        drawn: The picture is drawn or lettered, and was not examined.
    """

    pieces: tuple[Copied, ...]
    points: int
    scale: float
    drawn: bool

    @property
    def testable(self) -> bool:
        """Whether a copied piece could have been found at all."""
        return not self.drawn and self.points >= FEWEST_POINTS


def look(rgb: NDArray[np.uint8], check: Callable[[], None]) -> Looked:
    """Looks for pieces of a picture that are copies of other pieces of it.

    Args:
        rgb: Shape (height, width, 3).
        check: Called between the steps; raises when the time is over.
    """
    scale = min(1.0, SIDE / max(rgb.shape[:2]))
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    if scale < 1:
        size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    if plain_share(grey) > DRAWN:
        return Looked(pieces=(), points=0, scale=scale, drawn=True)
    points = keypoints(grey)
    check()
    if len(points) < FEWEST_POINTS:
        return Looked(pieces=(), points=len(points), scale=scale, drawn=False)
    if recurring(points) > RECURRING:
        return Looked(pieces=(), points=len(points), scale=scale, drawn=True)
    check()
    found: list[Copied] = []
    for mirrored in (False, True):
        pairs = matched(points, apart(grey.shape), mirrored=mirrored)
        for one in agreements(points, pairs, grey.shape, _CANDIDATES):
            check()
            if one.log_nfa > LOG_NFA or one.places < PLACES:
                continue
            piece = laid(grey, one)
            if (
                piece is not None
                and piece.correlation > CORRELATION
                and piece.offset < OFFSET
                and piece.plain < LAID_OVER
                and piece.difference < min(DIFFERENCE, RELATIVE * piece.structure)
                and piece.structure < STRUCTURE
                and piece.overlap < OVERLAP
                and piece.target.mean() > AREA
            ):
                found.append(
                    Copied(
                        matrix=piece.matrix,
                        mirrored=mirrored,
                        places=one.places,
                        log_nfa=one.log_nfa,
                        correlation=piece.correlation,
                        difference=piece.difference,
                        offset=piece.offset,
                        ordinary=ordinary(grey, piece),
                        pairs=np.hstack([one.source, one.target]),
                        one=piece.source,
                        other=piece.target,
                    )
                )
    found.sort(key=lambda piece: piece.log_nfa)
    if throughout([piece.one | piece.other for piece in found if not piece.ordinary]):
        found = [replace(piece, ordinary=True) for piece in found]
    return Looked(pieces=tuple(found), points=len(points), scale=scale, drawn=False)
