"""Which lines and arrows are drawn over the map?

The middle lines of each ink are followed across other tracks, under labels, from dash to dash. What is as
smooth as a hand or a program draws a track, and no border or river, is one, where tracks make up a good part
of what its ink draws: an ink with many other lines is the map's own. A head is where the ink widens to both
sides and then runs out. What may as well be a line of the map itself is told apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from scipy.spatial import cKDTree

from forensics.maps.heads import find_head
from forensics.maps.inks import KIN, Canvas, Ink, Mask, difference
from forensics.maps.runs import (
    ROUGH_OVER,
    ROUGHEST,
    Path,
    Run,
    cross,
    length,
    runs,
    smoothed,
)

SHORTEST: Final = 60.0
SHORTEST_ARROW: Final = 24.0
EVEN: Final = 0.08
"""Unevenness of a head up to which its tip is taken for exact."""
CLEAR: Final = 0.6
"""Of what is seen of a track, that is seen by itself."""
SHARE: Final = 0.3
"""Of the lines of an ink, that tracks must make up: the map's own lines share one ink and are no tracks."""
SAME: Final = 16.0
"""Difference (CIE76) up to which lines of two inks are those of one."""
BOLD: Final = 2.0
"""Pixels across of a line without a head, where no arrows are drawn."""
MOST_COVERED: Final = 0.65
"""Of a dashed track, that lies between its dashes or under other things."""
HIDDEN: Final = 0.35
"""Of any other, that lies under other things."""
RIM: Final = 0.7
"""Of an ink's pixels, that are next to stronger inks where it is their rim or shade."""
WEAKER: Final = 1.5
"""Times that an ink differs less from the ground than those that it is the rim or shade of."""
STRONG: Final = 38.0
"""Difference (CIE76) from the ground of a line without a head."""
MOST_STROKES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line that is drawn.

    Attributes:
        path: From its tail to its head; for one without a head, from the one end to the other.
        width: Pixels across.
        colour: "#rrggbb".
        arrow: It has a head at the end of `path`.
        covered: Share of it that is not seen, between dashes or under other things.
        error: Pixels by which each of its ends may be off.
        ink: Which of the canvas's.
        base: It may be a line of the map itself: a road, a river, a border.
    """

    path: Path
    width: float
    colour: str
    arrow: bool
    covered: float
    error: float
    ink: int = 0
    base: bool = False


def find_strokes(canvas: Canvas) -> tuple[Stroke, ...]:
    """Returns the lines and arrows that are drawn, longest first, in pixels of the graphic."""
    drawn, lines = list[Run](), list[Path]()
    contrasts = [_contrast(canvas, ink) for ink in canvas.inks]
    for index, ink in enumerate(canvas.inks):
        shade = _shade(canvas, index, contrasts)
        own, points = ([], np.zeros((0, 2))) if shade else runs(canvas, index, ink)
        drawn += own
        lines.append(points)
    found = []
    for run in drawn:
        if run.seen < SHORTEST_ARROW:
            continue
        stroke = _judged(canvas, run)
        if stroke is not None:
            found.append(stroke)
    kept = _over_base(canvas, _once(found), lines)
    return tuple(_in_graphic(stroke, canvas.scale) for stroke in kept[:MOST_STROKES])


def _shade(canvas: Canvas, index: int, contrasts: list[float]) -> bool:
    """Whether an ink is only the rim or the shade of others, or the same as another."""
    ink, near = canvas.inks[index], np.zeros_like(canvas.drawn)
    for number, other in enumerate(canvas.inks):
        apart = difference(ink.lab, other.lab)
        if number < index and apart < SAME:
            return True  # whose mask has its pixels, too
        if number != index and contrasts[number] > WEAKER * contrasts[index]:
            near |= other.mask
    return float(cv2.dilate(near, np.ones((9, 9), np.uint8))[ink.mask > 0].mean()) > RIM


def _contrast(canvas: Canvas, ink: Ink) -> float:
    below = canvas.ground[ink.mask > 0][::7]
    return difference(ink.lab, below.mean(axis=0).tolist()) if len(below) else 0.0


def _over_base(canvas: Canvas, strokes: list[Stroke], lines: list[Path]) -> list[Stroke]:
    """Marks what the ink of the map's own lines draws; and lines unlike any arrow, where there are arrows."""
    along = np.zeros(canvas.drawn.shape, np.uint8)
    for stroke in strokes:
        across = max(round(stroke.width) + 4, 5)
        course = np.round(stroke.path).astype(np.int32)
        cv2.polylines(along, [course[:, None]], False, 1, across)
    share = {}
    for index, points in enumerate(lines):
        at = np.clip(points.round().astype(int), 0, np.array(along.shape[::-1]) - 1)
        share[index] = float(along[at[:, 1], at[:, 0]].mean()) if len(at) else 0.0
    arrows = [s for s in strokes if s.arrow and share[s.ink] >= SHARE and length(s.path) > SHORTEST]
    return [
        replace(stroke, base=share[stroke.ink] < SHARE or not _like(canvas, stroke, arrows))
        for stroke in strokes
    ]


def _like(canvas: Canvas, stroke: Stroke, arrows: list[Stroke]) -> bool:
    """Whether a line without a head is drawn as the arrows are; where there are none, boldly."""
    if stroke.arrow:
        return True
    if not arrows:
        return stroke.width >= BOLD
    own = canvas.inks[stroke.ink].lab
    return any(
        difference(own, canvas.inks[other.ink].lab) < KIN
        and 0.5 * other.width < stroke.width < 2 * other.width
        for other in arrows
    )


def _judged(canvas: Canvas, run: Run) -> Stroke | None:
    """A run as a stroke, or None where it is more likely a border, a river, a frame or a letter."""
    path = smoothed(run.path, max(2.0, run.width / 2))
    even = smoothed(run.path, ROUGH_OVER)
    rough = float(np.percentile(np.hypot(*(path - even[: len(path)]).T), 75))
    long = length(path)
    covered = max(0.0, 1 - run.seen / max(length(run.path), 1.0))
    at = np.clip(np.round(path).astype(int), 0, np.array(canvas.drawn.shape[::-1]) - 1)
    lettered = canvas.covered[at[:, 1], at[:, 0]] | canvas.boxed[at[:, 1], at[:, 0]]
    if lettered.mean() > 0.35:
        return None
    if run.clear < CLEAR * run.seen:
        return None
    if (
        rough > ROUGHEST
        or covered > (MOST_COVERED if run.dashed else HIDDEN)
        or long < 6 * run.width
    ):
        return None
    light, green_red, blue_yellow = canvas.inks[run.ink].lab
    # Rivers and coasts are blue or faint, and may be drawn as smooth as tracks.
    watery = blue_yellow < -3 and green_red < 12 and light > 35
    if watery and run.strength < STRONG + 10:
        return None
    mask = canvas.inks[run.ink].mask
    if _amid_ink(mask, path, run.width):
        return None
    last, first = find_head(mask, path, run.width), find_head(mask, path[::-1], run.width)
    both = False
    if last is not None and first is not None:
        # A line between two arrows' heads has no direction; but one is often the mark of a place.
        if abs(last.half - first.half) < 0.25 * max(last.half, first.half):
            path = _to_tip(_to_tip(path, np.array(last.tip))[::-1], np.array(first.tip))[::-1]
            last, first, both = None, None, True
        elif first.half > last.half:
            last = None
    if last is None and first is not None:
        path, last = path[::-1], first
    if last is not None:
        path = _to_tip(path, np.array(last.tip))
        path = _to_cap(mask, path, run.width)
    elif not both and not _line(canvas, run, path):
        return None
    elif not both:
        path = _to_cap(mask, _to_cap(mask, path, run.width)[::-1], run.width)[::-1]
    return Stroke(
        path=path,
        width=run.width,
        colour=canvas.inks[run.ink].colour,
        arrow=last is not None,
        covered=covered,
        ink=run.ink,
        # The less evenly a head runs out, the less sure its tip.
        error=1.5
        + run.width / 2
        + (1.5 * last.half if last is not None and last.sure > EVEN else 0.0),
    )


def _amid_ink(mask: Mask, path: Path, width: float) -> bool:
    """Whether the ink goes on beside the path: boxes around letters, texture."""
    limit = np.array(mask.shape[::-1]) - 1
    beside = []
    for sign in (1, -1):
        at = np.clip(
            np.round(path + sign * (1.1 * width + 1) * _normal(path)).astype(int), 0, limit
        )
        beside.append(mask[at[:, 1], at[:, 0]])
    return bool(np.mean(beside) > 0.3)


def _normal(path: Path) -> Path:
    way = np.gradient(path, axis=0)
    across = np.column_stack((-way[:, 1], way[:, 0]))
    return np.asarray(across / np.maximum(np.hypot(*way.T), 1e-9)[:, None], np.float64)


def _line(canvas: Canvas, run: Run, path: Path) -> bool:
    """Whether a line without a head is a track; much else on a map is a line too."""
    if run.seen < max(SHORTEST, 7 * run.width) or run.strength < STRONG:
        return False
    chord = path[-1] - path[0]
    if np.hypot(*chord) < 0.3 * length(path):
        return False
    straight = np.ptp(cross(path - path[0], chord[None])) / max(np.hypot(*chord), 1e-9) < 2.5
    if straight and (np.abs(chord).min() < 2.5 or np.hypot(*chord) > 0.6 * min(canvas.drawn.shape)):
        return False  # a frame, a rule, a bar
    if any(_leaves(canvas, end, run.width) for end in (path[0], path[-1])):
        return False
    if any(_at_box(canvas, run, path[::step]) for step in (1, -1)):
        return False
    return not _edge(canvas, run, path)


def _leaves(canvas: Canvas, end: Path, width: float) -> bool:
    """Whether a line ends at the edge of the picture: a graticule, a frame."""
    height, wide = canvas.drawn.shape
    gap = 8 + width
    return bool(min(end[0], end[1], wide - 1 - end[0], height - 1 - end[1]) < gap)


def _at_box(canvas: Canvas, run: Run, path: Path) -> bool:
    """Whether a straight line's last point is at a box with text in it: a callout, which is no track."""
    chord = path[-1] - path[0]
    size = float(np.hypot(*chord))
    off = np.abs(cross(path - path[0], chord[None])) / max(size, 1e-9)
    if np.percentile(off, 90) > 0.015 * size + 2:
        return False
    height, wide = canvas.boxed.shape
    for ahead in (0.0, 4.0, 8.0, 12.0, 18.0, 24.0):
        x, y = np.round(path[-1] + chord / size * (ahead + run.width)).astype(int)
        if not (0 <= x < wide and 0 <= y < height):
            return False
        # The reader of text may have missed the text; the box is there still, and wider than any dot.
        filled = canvas.drawn[max(y - 6, 0) : y + 7, max(x - 6, 0) : x + 7].mean()
        if canvas.boxed[y, x] or (filled > 0.8 and ahead > 2):
            return True
    return False


def _edge(canvas: Canvas, run: Run, path: Path) -> bool:
    """Whether the ground differs on both sides: the rim of an area, of a box, of another stroke."""
    normal = _normal(path)
    limit = np.array(canvas.drawn.shape[::-1]) - 1
    sides = []
    for sign in (1, -1):
        at = np.clip(np.round(path + sign * normal * (run.width / 2 + 4)).astype(int), 0, limit)
        sides.append(canvas.lab[at[:, 1], at[:, 0]])
    apart = np.sqrt(((sides[0] - sides[1]) ** 2).sum(axis=1))
    return bool(np.mean(apart > 12) > 0.6)


def _to_tip(path: Path, tip: Path) -> Path:
    """Ends a path at a head's tip; what of it lies within the head is drawn straight."""
    away = np.hypot(*(path - tip).T)
    last = int(np.argmin(away))
    back = max(last - 6, 1)
    return np.concatenate((path[:back], tip[None]))


def _to_cap(mask: Mask, path: Path, width: float) -> Path:
    """Begins a path where its stroke does: thinning takes about half a width from it."""
    back = path[int(min(len(path) - 1, max(6, 2 * width)))]
    way = path[0] - back
    way = way / max(float(np.hypot(*way)), 1e-9)
    steps = np.arange(0.0, 1.5 * width + 5)
    limit = np.array(mask.shape[::-1]) - 1
    at = np.clip(np.round(path[0] + steps[:, None] * way).astype(int), 0, limit)
    inked = np.cumprod(mask[at[:, 1], at[:, 0]]).sum()
    # Most programs round a stroke's end: it begins half a width before the ink ends.
    more = float(inked) - 0.5 - width / 2
    if not 1 <= more < steps[-1] - width / 2:
        return path
    return np.concatenate(((path[0] + more * way)[None], path))


def _once(strokes: list[Stroke]) -> list[Stroke]:
    """Drops the rims and shadows of strokes: what runs along one that is thicker."""
    kept: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda s: (-length(s.path) * s.width, s.path[0].tolist())):
        beside = False
        for other in kept:
            away, _ = cKDTree(other.path).query(stroke.path)
            # Of one ink, two that run close by are two; of others, one is the other's rim or shade.
            near = (stroke.width + other.width) / 2 + (1.5 if stroke.ink == other.ink else 5.0)
            beside |= bool(np.mean(away < near) > 0.7)
        if not beside:
            kept.append(stroke)
    return sorted(kept, key=lambda s: (-length(s.path), s.path[0].tolist()))


def _in_graphic(stroke: Stroke, scale: float) -> Stroke:
    return replace(
        stroke,
        path=(stroke.path + 0.5) / scale - 0.5,
        width=stroke.width / scale,
        error=stroke.error / scale,
    )
