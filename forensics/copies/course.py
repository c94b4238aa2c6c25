"""Worker task: does the brightness of two videos take one course, place by place, along one line in time?

In a copy everything that moves, darkens or brightens does so at the same place and the same moment as in the
other, and the crop holds still throughout. Another recording has another course, however well its walls
agree. So a passage of the video in hand is decoded, each of its pictures is laid on the other's by one
and the same transform, and coarse brightness is compared with that of the known pictures: not the values,
which any two pictures of one view share, but how they depart from their mean over the passage. Coarse values
outlast strong compression, noise and blur, and a caption that stays has no part in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.codec import plain, revive
from forensics.copies.confirm import thumbnail_pixels
from forensics.copies.confirmed import Course, Followed
from forensics.copies.overlay import AGREES, laid_on, overlay
from forensics.copies.passages import between
from forensics.errors import LimitExceeded, MediaError
from forensics.model import Look

Floats = NDArray[np.float64]
Grey = NDArray[np.uint8]

EVERY = Fraction(1, 15)
"""Seconds between pictures of the passage."""
OFF = Fraction(6, 5)
"""Seconds by which the line may be off; it is sought within, in steps of `EVERY`."""
_BESIDE = 0.12
"""Seconds from a moment within which its picture must stand."""
_CELLS = (16, 10)
"""Columns and rows of the coarse picture."""
_FEWEST = 3
"""Pictures below which there is no course to speak of."""
_SIDE = 320
"""Pixels on the longer side; those of the other are smaller still."""


def follow_courses(folder: str, looks: Any, courses: Any, seconds: float) -> Any:
    """Returns for each course how far the two take it together (`Followed`), as JSON values.

    None where the passage could not be decoded, or fewer than three known pictures lie in it.

    Args:
        folder: Holds the working copy and the file.
        looks: Known pictures (`tuple[Look, ...]`), by time.
        courses: Lines to follow (`tuple[Course, ...]`).
        seconds: Wall-clock limit of each decoding.

    Raises:
        MediaError: A known picture cannot be read.
    """
    known = revive(looks, tuple[Look, ...])
    decoded: dict[tuple[Fraction, Fraction], list[tuple[Fraction, Grey]]] = {}
    made: list[Followed | None] = []
    for course in revive(courses, tuple[Course, ...]):
        passage = course.start, course.end
        if passage not in decoded:
            decoded[passage] = _decoded(Path(folder), *passage, seconds)
        pictures = decoded[passage]
        made.append(_followed(pictures, known, course) if len(pictures) >= _FEWEST else None)
    return plain(made)


def _decoded(
    work: Path, start: Fraction, end: Fraction, seconds: float
) -> list[tuple[Fraction, Grey]]:
    try:
        first = max(Fraction(0), start - OFF)
        return between(work, first, end + OFF, EVERY, _SIDE, seconds)
    except (LimitExceeded, MediaError):
        return []


def _followed(
    pictures: Sequence[tuple[Fraction, Grey]], looks: Sequence[Look], course: Course
) -> Followed | None:
    thumbnails = [_thumbnail(look) for look in looks]
    size = thumbnails[0].shape
    height, width = pictures[0][1].shape
    shares = np.array(course.matrix).reshape(3, 3)
    onto = np.diag([width, height, 1.0]) @ shares @ np.diag([1 / size[1], 1 / size[0], 1.0])
    laid = [laid_on(picture, onto, (size[1], size[0])) for _, picture in pictures]
    if laid[0] is None:
        return None
    seen = _coarse(np.where(laid[0][1], 255, 0).astype(np.uint8)) >= 250
    mine = np.stack([_coarse(one[0])[seen] for one in laid if one is not None])
    theirs = np.stack([_coarse(thumbnail)[seen] for thumbnail in thumbnails])
    at = np.array([float(time) for time, _ in pictures])
    known = np.array([float(look.time) for look in looks])
    best: tuple[float, NDArray[np.int64], NDArray[np.bool_], float] | None = None
    for step in range(-int(OFF / EVERY), int(OFF / EVERY) + 1):
        offset = float(course.offset + step * EVERY)
        wanted = (known - offset) / float(course.speed)
        place = np.abs(at - wanted[:, None]).argmin(axis=1)
        there = np.abs(at[place] - wanted) <= _BESIDE
        if there.sum() < _FEWEST:
            continue
        one, other = _departures(mine[place[there]]), _departures(theirs[there])
        norm = float(np.sqrt((one**2).sum() * (other**2).sum()))
        alike = float((one * other).sum()) / norm if norm else 0.0
        if best is None or alike > best[0]:
            best = alike, place, there, min(float(one.std()), float(other.std()))
    if best is None:
        return None
    alike, place, there, strength = best
    moments = [(i, int(place[i])) for i in np.flatnonzero(there).tolist()]
    tiles = agree = 0
    for i, j in moments:
        matrix = (
            np.diag([width, height, 1.0])
            @ shares
            @ np.diag([1 / looks[i].width, 1 / looks[i].height, 1.0])
        )
        over = overlay(pictures[j][1], thumbnails[i], matrix, (looks[i].width, looks[i].height))
        if over is not None:
            tiles += len(over.tiles)
            agree += sum(tile.correlation >= AGREES for tile in over.tiles)
    return Followed(
        alike=round(100 * alike),
        strength=round(10 * strength),
        tiles=tiles,
        agree=agree,
        pairs=tuple((pictures[j][0], looks[i].time) for i, j in moments),
    )


def _departures(values: Floats) -> Floats:
    """Returns how each place of each picture departs from the picture's mean and from its own.

    Args:
        values: Shape (pictures, places).
    """
    level = values - values.mean(axis=1, keepdims=True)
    departures: Floats = level - level.mean(axis=0, keepdims=True)
    return departures


def _coarse(picture: Grey) -> Floats:
    reduced = cv2.resize(picture, _CELLS, interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.float64)


def _thumbnail(look: Look) -> Grey:
    return np.asarray(cv2.cvtColor(thumbnail_pixels(look.thumbnail), cv2.COLOR_RGB2GRAY), np.uint8)
