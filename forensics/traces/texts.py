"""Lines of letters that come and go over a video: subtitles, captions, names.

Letters are thin bright or dark strokes side by side in a line. Laid over, they stand still to the pixel from
one picture to the next while the scene about them goes on, or come and go while it stays. A sign in the scene
does neither: it moves with the scene, and goes with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Box = tuple[int, int, int, int]

FEWEST: Final = 2
"""Lines, at least, that come and go in one place."""
_STROKE: Final = 45
"""Grey levels by which a stroke differs from what is about it."""
_BRIGHT, _DARK = 165, 80
_LOW, _HIGH = 0.02, 0.1
"""Height of a line as a share of the picture's, one or two rows of letters."""
_NARROW: Final = 0.15
_LONG: Final = 3.0
_FEWEST_PIECES: Final = 6
_SAME: Final = 0.65
"""Share of strokes that two pictures have in common where one line stands in both, at least."""
_GONE: Final = 0.25
_GOES_ON: Final = 10.0
"""Mean change of what lies around, grey levels, in a scene that goes on."""
_STAYS: Final = 5.0
"""The same in a scene that stays."""
_SAME_LETTERS: Final = 0.45
"""Share of strokes in common from which on two sights are of one thing, covered for a while."""
_TOP, _BOTTOM = 0.3, 0.62
"""Share of the picture's height between which lines are left out."""
_OFTEN: Final = 0.7
"""Share of the pictures from which on a line is told as something that stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of letters.

    Attributes:
        box: x, y, width, height, pixels.
        first: The picture that shows it first.
        last: The one that shows it last.
    """

    box: Box
    first: int
    last: int


@dataclass(slots=True)
class _Open:
    box: Box
    strokes: Mask
    first: int
    last: int
    laid: bool


def lines(pictures: Grey, check: Callable[[], None] = lambda: None) -> tuple[Line, ...]:
    """Returns the lines that come and go, in order of time; none where there are fewer than `FEWEST`.

    Args:
        pictures: Grey, shape (pictures, height, width), about a second apart.
        check: Called for each picture.
    """
    count, height, width = pictures.shape
    if count < 4 or min(height, width) < 96:
        return ()
    found: list[_Open] = []
    for dark in (False, True):
        found += _followed(pictures, check, dark=dark)
    kept = [
        one
        for one in found
        if one.laid
        and one.last - one.first + 1 < _OFTEN * count
        and not _TOP < (one.box[1] + one.box[3] / 2) / height < _BOTTOM
    ]
    kept = _once(kept)
    kept.sort(key=lambda one: (one.first, one.box[1], one.box[0]))
    return tuple(
        Line(box=one.box, first=one.first, last=one.last)
        for one in kept
        if 1 + sum(_other(one, its) for its in kept) >= FEWEST
    )


def _once(found: list[_Open]) -> list[_Open]:
    """Joins sights of one line: its letters and their outline, or parts that were seen for themselves."""
    kept: list[_Open] = []
    for one in sorted(found, key=lambda each: (-each.box[2] * each.box[3], each.first)):
        for its in kept:
            if _overlap(one.box, its.box) and one.first <= its.last and its.first <= one.last:
                its.first, its.last = min(its.first, one.first), max(its.last, one.last)
                break
        else:
            kept.append(one)
    return kept


def _other(one: _Open, other: _Open) -> bool:
    """Whether other letters stand in the same row of the picture at another time."""
    middle, its = one.box[1] + one.box[3] / 2, other.box[1] + other.box[3] / 2
    if abs(middle - its) > max(one.box[3], other.box[3]):
        return False
    if one.first <= other.last and other.first <= one.last:
        return False
    left, top = max(one.box[0], other.box[0]), max(one.box[1], other.box[1])
    right = min(one.box[0] + one.box[2], other.box[0] + other.box[2])
    bottom = min(one.box[1] + one.box[3], other.box[1] + other.box[3])
    if right <= left or bottom <= top:
        return True
    parts = [
        each.strokes[
            top - each.box[1] : bottom - each.box[1], left - each.box[0] : right - each.box[0]
        ]
        for each in (one, other)
    ]
    return _in_common(parts[0], parts[1]) < _SAME_LETTERS


def _followed(pictures: Grey, check: Callable[[], None], *, dark: bool) -> list[_Open]:
    ended: list[_Open] = []
    running: list[_Open] = []
    before = _strokes(pictures[0], dark=dark)
    for k in range(1, len(pictures)):
        check()
        now = _strokes(pictures[k], dark=dark)
        change = np.asarray(cv2.absdiff(pictures[k], pictures[k - 1]))
        still: list[_Open] = []
        for one in running:
            if _in_common(one.strokes, now[_cut(one.box)]) >= _SAME:
                one.last = k
                one.laid |= _around(change, one.box) > _GOES_ON
                still.append(one)
            else:
                gone = _in_common(one.strokes, now[_cut(one.box)]) < _GONE
                one.laid |= gone and _around(change, one.box) < _STAYS
                ended.append(one)
        for box in _texts(before & now):
            if any(_overlap(box, one.box) for one in still):
                continue
            if _in_common(before[_cut(box)], now[_cut(box)]) < _SAME:
                continue  # a texture that passes by
            strokes = (before & now)[_cut(box)]
            laid = _around(change, box) > _GOES_ON
            if k >= 2:
                earlier = np.asarray(cv2.absdiff(pictures[k - 1], pictures[k - 2]))
                new = _in_common(strokes, _strokes(pictures[k - 2], dark=dark)[_cut(box)]) < _GONE
                laid |= new and _around(earlier, box) < _STAYS
            still.append(_Open(box, strokes, k - 1, k, laid))
        running, before = still, now
    return ended + running


def _strokes(picture: Grey, *, dark: bool) -> Mask:
    size = max(7, round(picture.shape[0] * 0.035) | 1)
    kernel = np.ones((size, size), np.uint8)
    how = cv2.MORPH_BLACKHAT if dark else cv2.MORPH_TOPHAT
    strong = np.asarray(cv2.morphologyEx(picture, how, kernel)) > _STROKE
    return np.asarray(strong & (picture < _DARK if dark else picture > _BRIGHT), bool)


def _texts(strokes: Mask) -> list[Box]:
    """Returns boxes around lines of strokes that look like letters."""
    height, width = strokes.shape
    joined = cv2.morphologyEx(
        strokes.astype(np.uint8),
        cv2.MORPH_CLOSE,
        np.ones((max(3, height // 60), max(5, width // 24)), np.uint8),
    )
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(joined, np.uint8))
    boxes: list[Box] = []
    for left, top, wide, high, _ in stats[1:count].tolist():
        if not (_LOW * height <= high <= 2 * _HIGH * height and wide >= _NARROW * width):
            continue
        part = strokes[top : top + high, left : left + wide]
        pieces = cv2.connectedComponents(part.astype(np.uint8))[0] - 1
        filled = float(part.any(axis=0).mean())
        if wide >= _LONG * min(high, _HIGH * height) and pieces >= _FEWEST_PIECES and filled > 0.5:
            share = float(part.mean())
            if 0.08 < share < 0.6:
                boxes.append((left, top, wide, high))
    return boxes


def _cut(box: Box) -> tuple[slice, slice]:
    left, top, wide, high = box
    return slice(top, top + high), slice(left, left + wide)


def _in_common(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


def _overlap(one: Box, other: Box) -> bool:
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return across > 0 and down > 0


def _around(change: Grey, box: Box) -> float:
    """Mean change of what lies about a box, itself left out."""
    left, top, wide, high = box
    reach = 2 * high
    rows = slice(max(0, top - reach), top + high + reach)
    columns = slice(max(0, left - reach), left + wide + reach)
    mask = np.zeros(change.shape, bool)
    mask[rows, columns] = True
    mask[max(0, top - 2) : top + high + 2, max(0, left - 2) : left + wide + 2] = False
    return float(change[mask].mean()) if mask.any() else 0.0
