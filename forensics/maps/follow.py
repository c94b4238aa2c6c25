"""Where does a stroke go on from a stretch of it that is plain to see?

It is followed as a draughtsman would: straight on, or along the bend that it has had so far. Where it is seen
by itself its middle is taken; where other things hide it, where it runs within another stroke of its ink and
between dashes, it is looked for further on, where it would be by then. So strokes that cross, that part from
one point or come together at one keep their own ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.maps.inks import Mask

Path = NDArray[np.float64]
"""(n, 2): x and y in pixels."""

STEP: Final = 2.0
"""Pixels from point to point."""
RECENT: Final = 30
"""Points that tell where a stroke is heading."""
FAR: Final = 60
"""Points that tell how it bends, when it is looked for further on."""
HIDDEN: Final = 50.0
"""Pixels that a stroke may be covered for, by a label or a dot."""
SHARED: Final = 150.0
"""Pixels that it may run within another of its ink."""
GAP: Final = 26.0
"""Pixels of plain ground between two dashes."""
LONG_DASH: Final = 45.0
"""Pixels of a dash."""
LONGEST: Final = 2_000
"""Points of a stroke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A stroke as followed.

    Attributes:
        path: `STEP` pixels from point to point.
        seen: Pixels of it that have the ink.
        clear: Pixels of it where it is seen by itself.
        width: Pixels across.
        gaps: How long each stretch of plain ground between two of it is, in pixels.
    """

    path: Path
    seen: float
    clear: float
    width: float
    gaps: tuple[float, ...]


def follow(mask: Mask, over: Mask, stretch: Path, width: float) -> Way:
    """Follows a stroke from a stretch of it, both ways.

    Args:
        mask: Its ink, 0 and 1.
        over: Where anything may cover it.
        stretch: Some of it, from one end to the other.
        width: Of the stroke, about, in pixels.
    """
    path, seen = _even(stretch), float(np.hypot(*np.diff(stretch, axis=0).T).sum())
    width = across(mask, path, 2 * width + 4) or width
    clear, gaps = seen, list[float]()
    # Plain ground that may lie between two dashes, or where a stroke is worn.
    dash = 2.5 * width + 4
    dashes = seen < LONG_DASH
    if dashes:
        dash = max(dash, min(GAP, 1.6 * seen + 3))
    for _ in range(2):
        more, alone, shared, missed = _ahead(mask, over, path, width, dash, dashes=dashes)
        gaps += missed
        path = np.concatenate((path, more))[::-1] if len(more) else path[::-1]
        seen, clear = seen + alone + shared, clear + alone
    return Way(path=path, seen=seen, clear=clear, width=width, gaps=tuple(gaps))


def _even(path: Path) -> Path:
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))))
    at = np.arange(0.0, along[-1] + 1e-6, STEP)
    return np.column_stack([np.interp(at, along, path[:, axis]) for axis in (0, 1)])


@cache
def _weights(count: int, ahead: int) -> NDArray[np.float64]:
    """What takes the last points to where the next ones would be: (ahead, count)."""
    at = np.arange(1 - count, 1, dtype=np.float64)
    # A short stretch tells its direction, and only a longer one its bend.
    degree = 2 if count >= 18 else 1
    weight = np.exp(at / count)
    basis = np.vander(at, degree + 1) * weight[:, None]
    coming = np.vander(np.arange(1.0, ahead + 1), degree + 1)
    return np.asarray(coming @ np.linalg.pinv(basis) * weight, np.float64)


def _ahead(
    mask: Mask, over: Mask, path: Path, width: float, dash: float, *, dashes: bool
) -> tuple[Path, float, float, list[float]]:
    """The points that follow on the last one of a path; pixels seen by themselves and shared; gaps."""
    points = [(float(x), float(y)) for x, y in path[-FAR:]]
    most = int((2 * width + 4 + dash) / STEP)
    start, clear, shared, gaps = len(points), 0.0, 0.0, list[float]()
    while len(points) - start < LONGEST:
        recent = np.array(points[-RECENT:])
        guess = _weights(len(recent), 2) @ recent
        at = _middle(mask, guess[0], guess[1] - guess[0], width, 1.0 + 0.35 * width)
        if at is not None:
            points.append(at)
            clear += STEP
            continue
        # Broad ink that ends on plain ground is a head, unless there are dashes.
        head = np.inf if len(gaps) > 2 or dashes else 1.3 * width + 2
        ahead = _bridge(mask, over, np.array(points[-FAR:]), width, dash, head)
        if ahead.on:
            gaps += [STEP * len(ahead.points) - ahead.ink] if ahead.gap else []
            points += ahead.points
            shared += ahead.ink
            continue
        # What follows on an end may be anything; on that of a dashed stroke its head.
        end = (
            ahead.points
            if len(gaps) > 2 and len(ahead.points) < most
            else ahead.points[: ahead.first]
        )
        points += end[:most]
        break
    return np.array(points[start:]).reshape(-1, 2), clear, shared, gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bridge:
    """Points where a stroke is not seen by itself.

    Attributes:
        points: Up to where it is seen again, or its ink ends.
        first: How many of them there are up to where the ink is missed first.
        gap: It is plain ground that it is missed on.
        ink: Pixels of them that have the ink.
        on: It is seen again behind them.
    """

    points: list[tuple[float, float]]
    first: int
    gap: bool
    ink: float
    on: bool


def _bridge(mask: Mask, over: Mask, path: Path, width: float, dash: float, head: float) -> _Bridge:
    most = int((SHARED + HIDDEN + dash) / STEP)
    # What has been seen of it tells only so far how it goes on.
    most = min(most, max(int(1.2 * len(path)), int((dash + 2 * width) / STEP) + 1))
    coming = _weights(len(path), most) @ path
    at_once = coming.tolist()
    height, wide = mask.shape
    plain = hidden = shared = ink = 0.0
    last, first, gap = 0, None, False
    for k in range(most):
        x, y = round(at_once[k][0]), round(at_once[k][1])
        if not (0 <= x < wide and 0 <= y < height):
            break
        slack = 1.0 + 0.35 * width + 0.07 * STEP * (k + 1)
        way = coming[k] - (coming[k - 1] if k else path[-1])
        at = _middle(mask, coming[k], way, width, slack) if k else None
        if at is not None and _goes_on(mask, at, coming, k, width):
            share = np.linspace(0, 1, k + 2)[1:, None]
            points = coming[: k + 1] + share * (np.array(at) - coming[k])
            return _Bridge(points=_pairs(points), first=first or 0, gap=gap, ink=ink, on=True)
        if mask[y, x]:
            shared, ink, last, plain = shared + STEP, ink + STEP, k + 1, 0.0
        else:
            first = last if first is None else first
            gap |= not over[y, x]
            plain, hidden = plain + STEP * (not over[y, x]), hidden + STEP * bool(over[y, x])
        if plain > 2 * STEP and shared >= head:
            break
        if plain > dash or hidden > HIDDEN or shared > SHARED:
            break
    return _Bridge(
        points=_pairs(coming[:last]),
        first=last if first is None else first,
        gap=gap,
        ink=min(ink, STEP * last),
        on=False,
    )


def _pairs(points: Path) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in points]


def _goes_on(mask: Mask, at: tuple[float, float], coming: Path, k: int, width: float) -> bool:
    """Whether what was met runs the same way, and does not only cross."""
    way = coming[min(k + 1, len(coming) - 1)] - coming[k - 1]
    way = way / max(float(np.hypot(*way)), 1e-9)
    further = np.array(at) + way * max(4.0, 0.8 * width)
    return _middle(mask, further, way, width, 1.5 + 0.25 * width) is not None


def across(mask: Mask, path: Path, widest: float) -> float:
    """Returns the median width of a stroke where it is less than `widest`, in pixels; 0 if nowhere."""
    found = []
    for before, at, after in zip(path[:-2], path[1:-1], path[2:], strict=True):
        span = _span(mask, at, after - before, widest, 2.0)
        if span is not None and span[1] <= widest:
            found.append(span[1])
    return float(np.median(found)) if found else 0.0


def _middle(
    mask: Mask, at: Path, way: Path, width: float, slack: float
) -> tuple[float, float] | None:
    """The middle of the stroke across a point; None where it is not there, or not by itself."""
    span = _span(mask, at, way, 1.45 * width + 1.5, slack)
    if span is None or span[1] > 1.45 * width + 1.5 or abs(span[0]) > slack + 0.25 * width:
        return None
    size = float(np.hypot(*way))
    return float(at[0] - span[0] * way[1] / size), float(at[1] + span[0] * way[0] / size)


def _span(
    mask: Mask, at: Path, way: Path, widest: float, slack: float
) -> tuple[float, float] | None:
    """The ink next to a point, across its way: its middle's distance from the point, and its width."""
    size = float(np.hypot(*way))
    if size < 1e-9:
        return None
    count = int(2 * (slack + 0.9 * widest + 2))
    offsets = _offsets(count)
    height, wide = mask.shape
    xs = (at[0] - offsets * (way[1] / size) + 0.5).astype(np.int32)
    ys = (at[1] + offsets * (way[0] / size) + 0.5).astype(np.int32)
    if min(xs[0], xs[-1], ys[0], ys[-1]) < 0:
        return None
    if max(xs[0], xs[-1]) >= wide or max(ys[0], ys[-1]) >= height:
        return None
    row = mask[ys, xs].tobytes()
    near, inner = count, int(2 * slack)
    if not row[count]:
        right, left = row.find(1, count, count + inner + 1), row.rfind(1, count - inner, count)
        if right < 0 and left < 0:
            return None
        near = left if right < 0 or (left >= 0 and count - left <= right - count) else right
    first, last = row.rfind(0, 0, near), row.find(0, near)
    if first < 0 or last < 0:
        return None
    return (first + last - 2 * count) / 4, (last - first - 1) / 2


@cache
def _offsets(count: int) -> NDArray[np.float64]:
    return np.arange(-count, count + 1) / 2
