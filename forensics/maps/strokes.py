"""Which lines and arrows are drawn over the map?

The middle lines of each ink are cut where they meet, and joined again where one goes straight on from
another: across other tracks, under labels, from dash to dash. What is as smooth as a hand or a program draws
a track, and no border or river, is one. A head is where the ink widens to both sides and then runs out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.spatial import cKDTree

from forensics.maps.heads import find_head
from forensics.maps.inks import Canvas, Mask
from forensics.maps.runs import Path, Run, cross, length, runs, smoothed

SHORTEST: Final = 60.0
SHORTEST_ARROW: Final = 24.0
ROUGH_OVER: Final = 12.0
"""Pixels over which a track is smooth."""
EVEN: Final = 0.08
"""Unevenness of a head up to which its tip is taken for exact."""
ROUGHEST: Final = 1.1
"""Pixels that three quarters of a track are at most off its smoothed course."""
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
    """

    path: Path
    width: float
    colour: str
    arrow: bool
    covered: float
    error: float


def find_strokes(canvas: Canvas) -> tuple[Stroke, ...]:
    """Returns the lines and arrows that are drawn, longest first, in pixels of the graphic."""
    drawn = [run for index, ink in enumerate(canvas.inks) for run in runs(canvas, index, ink)]
    ends = {
        index: cKDTree(np.concatenate([r.path for r in drawn if r.ink == index]))
        for index in {run.ink for run in drawn}
    }
    found = []
    for run in drawn:
        if run.seen < SHORTEST_ARROW:
            continue
        stroke = _judged(canvas, run, ends[run.ink])
        if stroke is not None:
            found.append(stroke)
    kept = _once(found)
    return tuple(_in_graphic(stroke, canvas.scale) for stroke in kept[:MOST_STROKES])


def _judged(canvas: Canvas, run: Run, ink: cKDTree) -> Stroke | None:
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
    if rough > ROUGHEST or covered > 0.65 or long < 6 * run.width:
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
    if last is not None and first is not None:
        # A line between two arrows' heads has no direction; but one is often the mark of a place.
        if abs(last.half - first.half) < 0.25 * max(last.half, first.half):
            last = first = None
        elif first.half > last.half:
            last = None
    if last is None and first is not None:
        path, last = path[::-1], first
    if last is not None:
        path = _to_tip(path, np.array(last.tip))
        path = _to_cap(mask, path, run.width)
    elif not _line(canvas, run, path, ink):
        return None
    else:
        path = _to_cap(mask, _to_cap(mask, path, run.width)[::-1], run.width)[::-1]
    return Stroke(
        path=path,
        width=run.width,
        colour=canvas.inks[run.ink].colour,
        arrow=last is not None,
        covered=covered,
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


def _line(canvas: Canvas, run: Run, path: Path, ink: cKDTree) -> bool:
    """Whether a line without a head is a track; much else on a map is a line too."""
    if run.seen < max(SHORTEST, 7 * run.width) or run.strength < STRONG:
        return False
    if np.hypot(*(path[-1] - path[0])) < 0.3 * length(path):
        return False
    if all(_leaves(canvas, end, run.width) for end in (path[0], path[-1])):
        return False
    if any(_at_box(canvas, run, path[::step]) for step in (1, -1)):
        return False
    return not _edge(canvas, run, path) and not _part_of_net(run, path, ink)


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


def _part_of_net(run: Run, path: Path, ink: cKDTree) -> bool:
    """Whether both ends go over into other lines of the ink: roads, borders, rivers."""
    reach = run.width + 5
    own = cKDTree(run.path)
    touching = 0
    for end in (path[0], path[-1]):
        others = list(ink.query_ball_point(end, reach))
        away = own.query(ink.data[others])[0] if others else np.zeros(0)
        touching += bool((away > 1.5).sum() > 3)
    return touching == 2


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
            near = (stroke.width + other.width) / 2 + 4
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
