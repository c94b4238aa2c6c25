"""Runs of pictures that come again in the same video, as they are or mirrored.

Small pictures of the brightness suffice to look for them. What is compared is how the picture changes within
a fraction of a second: a scene that stands has no change to compare, so it is silent here, and two moments of
one scene change in different ways even where their background is the same. Where changes agree, the pictures
themselves are laid on each other, in register and shifted by a few pictures: a run that comes again fits in
register far better than shifted. (Repeated runs as a trace of editing: W. Wang and H. Farid, Exposing digital
forgeries in video by detecting duplication, 2007; the way to find them here is another.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]
Floats = NDArray[np.float32]

REACH: Final = 3
"""Pictures before and after, between which a change is taken."""
COLUMNS: Final = 16
"""Columns to which changes are reduced."""
LEAST_CHANGE: Final = 1.0
"""Grey levels, root of the mean square: a change below is a scene that stands, or noise of coding."""
ALIKE: Final = 0.8
"""Correlation of two changes from which on their offset is looked at."""
NEAREST: Final = 8
"""Pictures between two that are compared, at least."""
STRIDE: Final = 2
"""One picture in so many is looked up."""
BLOCK: Final = 128
"""Pictures looked up at once."""
LEAST_VOTES: Final = 3
MOST_OFFSETS: Final = 64
"""Offsets that are looked at, those of most votes."""
ROUND: Final = 90
"""Pictures before the first and after the last vote within which a run is followed."""
LONG: Final = 2000
"""Pictures of a run from which on votes for others within it are left aside."""

SHIFT: Final = 3
"""Pictures by which two runs are shifted to see how much worse they fit."""
REST: Final = 1.0
"""Grey levels: pictures that differ by less may be the same after coding."""
SHARE: Final = 0.45
"""Of the difference when shifted: what pictures in register may differ by."""
CODED: Final = 1.6
"""Times the difference of a run's moving pictures, up to which its standing ones may differ."""
RATIO: Final = 0.06
"""Of the squared difference when shifted, over a run's moving pictures: what it may be in register."""
SURE: Final = 0.95
SURE_RATIO: Final = 0.2
"""What it may be where half of all changes correlate by more than that: coarse coding, small movements."""
MOST_APART: Final = 4.0
"""Grey levels: coding alone brings about no more; another take of the same movement mostly does."""
MOVING: Final = 1.5
"""Grey levels by which pictures differ when shifted, from which on they count as moving."""
LEAST_MOVING: Final = 8
"""Moving pictures of a run, at least."""


class Way(StrEnum):
    """How a run comes again."""

    PLAIN = "as it is"
    MIRRORED = "mirrored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A run that comes again: picture `first + k` looks like `again + k`.

    Attributes:
        first: Its first picture.
        again: First picture of the other run, later than `first`.
        length: Pictures of each.
        way: How it comes again.
        apart: Root of the mean square of their difference in register, over moving pictures, grey levels.
        shifted: The same, shifted by a few pictures.
        moving: Pictures of the run in which something moves.
    """

    first: int
    again: int
    length: int
    way: Way
    apart: float
    shifted: float
    moving: int

    def partner(self, index: int) -> int:
        """Returns which picture looks like picture `index` of the first run."""
        return self.again + index - self.first


def repeats(
    luma: Luma, way: Way = Way.PLAIN, check: Callable[[], None] = lambda: None
) -> tuple[Repeat, ...]:
    """Finds runs that come again.

    Time grows with the square of the length, memory with the length times 600 bytes.

    Args:
        luma: Small pictures, shape (pictures, rows, columns).
        way: How they come again.
        check: Called now and then; may raise to stop.

    Returns:
        Runs by falling number of moving pictures, none within a longer one of the same offset.
    """
    if len(luma) < 2 * NEAREST:
        return ()
    signs = signatures(luma)
    others = _seen(signs, luma.shape[2], way)
    found: list[Repeat] = []
    for offset, low, high in _offsets(signs, others, check):
        check()
        if not any(_told(k, offset, low, high) for k in found):
            found += _followed(luma, signs, others, way, offset, low, high)
    return _apart(found)


def signatures(luma: Luma) -> Floats:
    """Returns how each picture changes, reduced and of length 1; 0 where it hardly does.

    Args:
        luma: Small pictures, shape (pictures, rows, columns).

    Returns:
        Shape (pictures, reduced pixels).
    """
    count, rows, columns = luma.shape
    wide = min(COLUMNS, columns)
    high = max(1, round(rows * wide / columns))
    small = np.empty((count, high * wide), np.float32)
    for k in range(count):
        picture = cv2.resize(luma[k].astype(np.float32), (wide, high), interpolation=cv2.INTER_AREA)
        small[k] = np.asarray(picture).ravel()
    change = np.zeros_like(small)
    change[REACH : count - REACH] = small[2 * REACH :] - small[: count - 2 * REACH]
    change -= change.mean(axis=1, keepdims=True)
    length = np.sqrt((change**2).mean(axis=1, keepdims=True))
    scale = np.where(length >= LEAST_CHANGE, length * np.sqrt(change.shape[1]), np.inf)
    return np.asarray(change / scale, np.float32)


def _seen(signs: Floats, columns: int, way: Way) -> Floats:
    """Returns changes as they are where a run comes again in some way."""
    if way is Way.MIRRORED:
        wide = min(COLUMNS, columns)
        turned = signs.reshape(len(signs), -1, wide)[:, :, ::-1]
        return np.ascontiguousarray(turned.reshape(signs.shape))
    return signs


def _offsets(
    signs: Floats, others: Floats, check: Callable[[], None]
) -> Iterator[tuple[int, int, int]]:
    """Yields an offset, and the first and last picture that votes for it; most votes first."""
    looked = np.flatnonzero(signs.any(axis=1))[::STRIDE]
    votes: list[tuple[int, int]] = []
    for start in range(0, len(looked), BLOCK):
        check()
        asked = looked[start : start + BLOCK]
        begin = int(asked[0]) + NEAREST
        agree = signs[asked] @ others[begin:].T
        if not agree.size:
            break
        place = np.arange(begin, len(signs))
        agree[place[None, :] < asked[:, None] + NEAREST] = -1
        best = agree.argmax(axis=1)
        for row in np.flatnonzero(agree.max(axis=1) >= ALIKE):
            one, other = int(asked[row]), int(place[best[row]])
            votes.append((other - one, one))
    by_offset: dict[int, list[int]] = {}
    for offset, one in votes:
        by_offset.setdefault(offset, []).append(one)
    order = sorted(by_offset.items(), key=lambda item: (-len(item[1]), item[0]))
    for offset, ones in order[:MOST_OFFSETS]:
        if len(ones) >= LEAST_VOTES:
            yield offset, min(ones), max(ones)


def _followed(
    luma: Luma, signs: Floats, others: Floats, way: Way, offset: int, low: int, high: int
) -> Iterator[Repeat]:
    """Yields the runs of one offset around the pictures that voted for it."""
    reach = ROUND
    while True:
        one, other = _laid(len(luma), offset, low - reach, high + reach)
        if len(one) < LEAST_MOVING:
            return
        apart, shifted = _fit(luma, one, other, way)
        same = apart <= np.clip(SHARE * shifted, REST, MOST_APART)
        # A run that goes on at the border of what was looked at has its end farther out.
        if not (same[0] or same[-1]) or reach > len(luma):
            break
        whole = _laid(len(luma), offset, 0, len(luma))[0]
        if (one[0] == whole[0] or not same[0]) and (one[-1] == whole[-1] or not same[-1]):
            break
        reach *= 8
    for found in stretches(same):
        begin, end = found
        moving = shifted[begin:end] >= MOVING
        near = apart[begin:end][moving] ** 2
        far = shifted[begin:end][moving] ** 2
        if moving.sum() < LEAST_MOVING:
            continue
        alike = np.einsum(
            "ij,ij->i", signs[one[begin:end][moving]], others[other[begin:end][moving]]
        )
        limit = SURE_RATIO if np.median(alike) >= SURE else RATIO
        if near.mean() > limit * far.mean():
            continue
        rest = max(REST, CODED * float(np.sqrt(near.mean())))
        while begin > 0 and apart[begin - 1] <= rest:
            begin -= 1
        while end < len(one) and apart[end] <= rest:
            end += 1
        yield Repeat(
            first=int(one[begin]),
            again=int(other[begin]),
            length=int(end - begin),
            way=way,
            apart=float(np.sqrt(near.mean())),
            shifted=float(np.sqrt(far.mean())),
            moving=int(moving.sum()),
        )


def _told(run: Repeat, offset: int, low: int, high: int) -> bool:
    """Whether a long run says already what an offset would: of a loop, every multiple has votes."""
    end = run.first + run.length
    return (
        run.length >= LONG
        and run.first <= low
        and high < end
        and run.again <= low + offset
        and high + offset < run.again + run.length
    )


def _laid(
    count: int, offset: int, low: int, high: int
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Returns which pictures from `low` to `high` lie on which others under an offset."""
    one = np.arange(max(0, low), min(count, high + 1))
    other = one + offset
    inside = other < count
    return one[inside], other[inside]


def _fit(
    luma: Luma, one: NDArray[np.int_], other: NDArray[np.int_], way: Way
) -> tuple[Floats, Floats]:
    """Returns how far pictures differ in register, and at least how far when shifted, grey levels."""
    last = len(luma) - 1
    before = difference(luma, one, np.clip(other - SHIFT, 0, last), way)
    after = difference(luma, one, np.clip(other + SHIFT, 0, last), way)
    return difference(luma, one, other, way), np.minimum(before, after)


def difference(
    luma: Luma, one: NDArray[np.int_], other: NDArray[np.int_], way: Way = Way.PLAIN
) -> Floats:
    """Returns the root of the mean square difference of pairs of small pictures, grey levels."""
    found = np.empty(len(one), np.float32)
    for start in range(0, len(one), BLOCK):
        part = slice(start, start + BLOCK)
        left, right = luma[one[part]].astype(np.int16), luma[other[part]].astype(np.int16)
        if way is Way.MIRRORED:
            right = right[:, :, ::-1]
        found[part] = np.sqrt(((left - right).astype(np.float32) ** 2).mean(axis=(1, 2)))
    return found


def stretches(holds: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Returns begin and end of each unbroken stretch in which something holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _apart(found: list[Repeat]) -> tuple[Repeat, ...]:
    """Leaves out what a longer run says already: both its runs lie within those of the other."""
    kept: list[Repeat] = []
    for each in sorted(found, key=lambda r: (-r.moving, r.first, r.again)):
        if not any(
            _within(each.first, each, k.first, k) and _within(each.again, each, k.again, k)
            for k in kept
        ):
            kept.append(each)
    return tuple(kept)


def _within(start: int, run: Repeat, other: int, longer: Repeat) -> bool:
    return start >= other - NEAREST and start + run.length <= other + longer.length + NEAREST
