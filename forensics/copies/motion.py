"""Worker task: do two videos agree where something moves, or only in the background that stands still?

Two recordings from one viewpoint, made on different days, agree in every wall and tree. What moves tells
them apart: in a copy all moving parts agree best at one and the same moment, within the second around a
sampled pair; in another recording each has a moment of its own. So a little more of the video in hand is
decoded around some pairs, and laid on the known picture as the pair was laid; places where the agreement
rises and falls with time are the ones that move.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.codec import plain, revive
from forensics.copies.confirm import thumbnail_pixels
from forensics.copies.confirmed import Moved, Moving
from forensics.copies.overlay import AGREES, overlay
from forensics.copies.passages import between
from forensics.errors import LimitExceeded, MediaError
from forensics.media.prepare import LONG_SIDE
from forensics.model import Look

AROUND = Fraction(3, 5)
"""Seconds before and after a pair that are decoded."""
EVERY = Fraction(1, 30)
"""Seconds between them: what moves fast agrees in the one picture of that moment, and in none beside it."""
_LEAST = 2
"""Pictures around a pair below which nothing can be seen to move."""
_MOMENTS = 16
"""A place agrees at the common moment if its own lies within this part of the time looked at."""
_CHANGES = 20
"""Hundredths of correlation by which a place that moves changes within the time looked at."""


def look_at_motion(folder: str, looks: Any, moving: Any, seconds: float) -> Any:
    """Returns for each pair how far its moving places agree at the best moment (`Moved`), as JSON values.

    None where the file could not be decoded around a pair, or has no two pictures there: whether anything
    moves is not known. After one that took too long the rest is left as well, since it would take as long.

    Args:
        folder: Holds the working copy and the file.
        looks: Known pictures (`tuple[Look, ...]`).
        moving: Pairs to look at (`tuple[Moving, ...]`).
        seconds: Wall-clock limit of each decoding.

    Raises:
        MediaError: A known picture cannot be read.
    """
    known = revive(looks, tuple[Look, ...])
    work = Path(folder)
    made: list[Moved | None] = []
    too_long = False
    for pair in revive(moving, tuple[Moving, ...]):
        frames: list[NDArray[np.uint8]] = []
        try:
            frames = [] if too_long else _around(work, pair.query, seconds)
        except LimitExceeded:  # a film of one keyframe has to be decoded from its beginning
            too_long = True
        except MediaError:  # damaged just there, and read well enough elsewhere
            pass
        made.append(_moved(frames, known[pair.look], pair) if len(frames) >= _LEAST else None)
    return plain(made)


def _moved(frames: list[NDArray[np.uint8]], look: Look, pair: Moving) -> Moved:
    theirs = np.asarray(
        cv2.cvtColor(thumbnail_pixels(look.thumbnail), cv2.COLOR_RGB2GRAY), np.uint8
    )
    seen: dict[tuple[int, int], list[int]] = {}
    for number, frame in enumerate(frames):
        height, width = frame.shape
        shares = np.array(pair.matrix).reshape(3, 3)
        matrix = (
            np.diag([width, height, 1.0]) @ shares @ np.diag([1 / look.width, 1 / look.height, 1])
        )
        laid = overlay(frame, theirs, matrix, (look.width, look.height))
        for tile in laid.tiles if laid else ():
            seen.setdefault((tile.row, tile.column), [-100] * len(frames))[number] = (
                tile.correlation
            )
    moving = [values for values in seen.values() if max(values) - min(values) >= _CHANGES]
    if not moving:
        return Moved(places=0, agree=0, together=0)
    table = np.array(moving)
    best = int(table.mean(axis=0).argmax())
    # Coding blurs what moves, so that a copy need not agree well; but all of it agrees best at one moment.
    beside = np.abs(table.argmax(axis=1) - best) <= max(1, len(frames) // _MOMENTS)
    return Moved(
        places=len(moving),
        agree=int((table[:, best] >= AGREES).sum()),
        together=int(beside.sum()),
    )


def _around(work: Path, time: Fraction, seconds: float) -> list[NDArray[np.uint8]]:
    """Returns the pictures around a time, as large as those of the working copy."""
    start = max(Fraction(0), time - AROUND)
    found = between(work, start, time + AROUND, EVERY, LONG_SIDE, seconds)
    return [picture for _, picture in found]
