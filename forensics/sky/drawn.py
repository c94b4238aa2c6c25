"""How high sun or moon stood on the stated days, and from where on earth it looked as it was measured.

One picture: above, the day's curve with the measured altitudes as a hatched band, the stated time as a framed
stretch, and the times that fit as a thick bar; below, the world with the places that fit at the stated time,
hatched. All of it can be told apart without colour. Every word in it is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.maps.drawing import INK, Line, Pen, Shape, Words, cross, on_picture, thinned
from forensics.maps.geography import geography
from forensics.sky.bodies import Body, follow, over, seen
from forensics.sky.fitting import MARGIN, Span, grid, places_fit, sun_fits
from forensics.sky.measured import Sighting
from forensics.sky.setting import Setting, clock, shown

WIDTH: Final = 960
CHART: Final = 420
WORLD: Final = 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 944.0, 64.0, 336.0
_MAP_TOP: Final = 34.0
_COARSE: Final = 3
"""Pixels of the world's map that are looked at as one."""
_DAY: Final = 86_400.0
_LEVELS: Final = ((0.0, "horizon"), (-6.0, "civil"), (-12.0, "nautical"), (-18.0, "astronomical"))

_AXIS = Pen(stroke=INK, width=1.2)
_TICK = Pen(stroke="#c3ccd5", width=0.8)
_LEVEL = Pen(stroke="#6d6475", width=0.9, dash=(4.0, 4.0))
_CURVE = Pen(stroke="#0b5394", width=2.0)
_EVENT = Pen(stroke=INK, width=1.2, fill="#f3d9a4", cover=0.45, dash=(7.0, 3.0))
_BAND = Pen(stroke="#14532d", width=1.4, fill="#7fb08f", cover=0.22)
_HATCH = Pen(stroke="#14532d", width=0.7)
_FITS = Pen(fill="#14532d", stroke="#14532d", width=1.0)
_COAST = Pen(stroke="#5b6b7a", width=0.7)
_STATED = Pen(stroke="#b3261e", width=2.6, halo=1.6)
_GROUND, _GREEN = np.array((240, 244, 247), np.uint8), np.array((20, 83, 45), np.uint8)


def sky_picture(where: Setting, body: Body, measured: Sighting | None) -> NDArray[np.uint8]:
    """Returns the picture, RGB of shape (height, 960, 3); the world only where the sun was measured.

    Args:
        where: The stated time and place.
        body: Whose curve is drawn.
        measured: What a person measured of the sun; None: the curve alone.
    """
    chart = on_picture(_chart(where, body, measured), _paper(CHART))
    if measured is None:
        return chart
    return np.concatenate((chart, _world(where, measured)))


def _paper(height: int) -> NDArray[np.uint8]:
    return np.full((height, WIDTH, 3), 255, np.uint8)


def _window(where: Setting) -> Span:
    """The stated days, or the one around the middle of a long stated time."""
    if where.days:
        return where.days
    start = float(np.floor(where.middle / _DAY) * _DAY)
    return start, start + _DAY


def _chart(where: Setting, body: Body, measured: Sighting | None) -> Iterator[Shape]:
    window = _window(where)
    times, _ = grid(window)
    lat, lon = where.region.lat[:1], where.region.lon[:1]
    heights = seen(over(follow(body, times), lat, lon)[0])[:, 0]
    tops = [float(heights.max()), *([measured.high] if measured and measured.high else [])]
    low = np.floor(min(-20.0, float(heights.min())) / 10) * 10
    high = min(90.0, np.ceil((max(*tops, 10.0) + 4) / 10) * 10)

    def x(time: float) -> float:
        share = (time - window[0]) / (window[1] - window[0])
        return _LEFT + float(np.clip(share, 0, 1)) * (_RIGHT - _LEFT)

    def y(degrees: float) -> float:
        return float(_BOTTOM - (degrees - low) / (high - low) * (_BOTTOM - _TOP))

    yield from _words(where, body, measured)
    yield Line(
        points=_box(x(where.event[0]), _TOP, x(where.event[1]), _BOTTOM), pen=_EVENT, closed=True
    )
    for degrees in np.arange(low, high + 1, 10):
        yield Line(points=((_LEFT, y(degrees)), (_RIGHT, y(degrees))), pen=_TICK)
        yield Words(x=_LEFT - 6, y=y(degrees) + 4, text=f"{degrees:.0f}", ends=True)
    for degrees, name in _LEVELS if body is Body.SUN else _LEVELS[:1]:
        yield Line(points=((_LEFT, y(degrees)), (_RIGHT, y(degrees))), pen=_LEVEL)
        yield Words(x=_RIGHT - 4, y=y(degrees) - 2, text=name, ends=True)
    if measured and measured.low is not None and measured.high is not None:
        yield from _band(y(measured.high), y(measured.low))
    points = [(x(t), y(h)) for t, h in zip(times.tolist(), heights.tolist(), strict=True)]
    yield Line(points=thinned(points), pen=_CURVE)
    yield from _hours(window, x)
    if measured:
        spans = sun_fits(measured, where.region, window).spans
        if not spans:
            yield Words(x=_LEFT + 6, y=_BOTTOM - 6, text="No time of these days fits.")
        for start, end in spans:
            left, right = x(start), max(x(end), x(start) + 2)
            yield Line(points=_box(left, _BOTTOM - 9, right, _BOTTOM - 1), pen=_FITS, closed=True)
    yield Line(points=((_LEFT, _TOP), (_LEFT, _BOTTOM), (_RIGHT, _BOTTOM)), pen=_AXIS)


def _words(where: Setting, body: Body, measured: Sighting | None) -> Iterator[Shape]:
    name = "sun" if body is Body.SUN else "moon"
    lat, lon = where.region.centre
    place = f"{lat:.2f} N, {lon:.2f} E, radius {where.region.radius_km:.0f} km"
    yield Words(
        x=8, y=20, text=f"Degrees of the {name} above the horizon at the stated place ({place})"
    )
    yield Words(
        x=8, y=40, text=f"Framed: the stated time, {shown(where.event)}, clock error included"
    )
    if measured:
        said = []
        if measured.low is not None:
            said.append(f"{measured.low:.1f} to {measured.high:.1f} degrees high")
        if measured.azimuth is not None:
            said.append(
                f"at {measured.azimuth:.0f} +- {measured.azimuth_error:.0f} degrees from north"
            )
        text = f"Measured by a person (hatched): {', '.join(said)}. Bar below: times that fit"
        yield Words(x=8, y=CHART - 22, text=f"{text}, with a margin of {MARGIN:g} degree.")
    yield Words(
        x=8, y=CHART - 4, text="Times in UTC. Positions: astronomy-engine; standard refraction."
    )


def _band(top: float, low: float) -> Iterator[Shape]:
    low = max(low, top + 2)
    yield Line(points=_box(_LEFT, top, _RIGHT, low), pen=_BAND, closed=True)
    tall = low - top
    for left in np.arange(_LEFT, _RIGHT - tall, 12.0):
        yield Line(points=((left, low), (left + tall, top)), pen=_HATCH)


def _hours(window: Span, x: Callable[[float], float]) -> Iterator[Shape]:
    days = round((window[1] - window[0]) / _DAY)
    step = {1: 2, 2: 6, 3: 6}.get(days, 12) * 3600.0
    for time in np.arange(window[0], window[1] + 1, step).tolist():
        at = x(time)
        yield Line(points=((at, _BOTTOM), (at, _BOTTOM + 5)), pen=_AXIS)
        yield Words(x=at - 16, y=_BOTTOM + 19, text=clock(time)[11:16])
        if time % _DAY == 0 and time < window[1]:
            yield Words(x=at - 16, y=_BOTTOM + 36, text=clock(time)[:10])


def _world(where: Setting, measured: Sighting) -> NDArray[np.uint8]:
    """The whole earth, equirectangular, with the places that fit."""
    rows, columns = (WORLD - int(_MAP_TOP) - 6) // _COARSE, WIDTH // _COARSE
    lat = 90.0 - (np.arange(rows) + 0.5) * 180.0 / rows
    lon = -180.0 + (np.arange(columns) + 0.5) * 360.0 / columns
    north, east = (a.ravel() for a in np.meshgrid(lat, lon, indexing="ij"))
    fits = places_fit(measured, north, east, 0.5 * 180.0 / rows, where.event)
    mask = np.kron(fits.reshape(rows, columns), np.ones((_COARSE, _COARSE), np.bool_))
    height, width = mask.shape
    picture = _paper(WORLD)
    ground = picture[int(_MAP_TOP) : int(_MAP_TOP) + height, :width]
    ground[:] = _GROUND
    across = (np.arange(height)[:, None] + np.arange(width)[None, :]) % 8 < 2
    ground[mask] = (ground[mask] * 0.72 + _GREEN * 0.28).astype(np.uint8)
    ground[mask & across] = _GREEN
    return on_picture(_outlines(where, height), picture)


def _outlines(where: Setting, height: int) -> Iterator[Shape]:
    def xy(
        points: NDArray[np.float64] | Sequence[tuple[float, float]],
    ) -> list[tuple[float, float]]:
        found = np.array(points, np.float64)
        x = (found[:, 0] + 180.0) / 360.0 * WIDTH
        y = _MAP_TOP + (90.0 - found[:, 1]) / 180.0 * height
        return list(zip(x.tolist(), y.tolist(), strict=True))

    for coast in _coasts():
        yield Line(points=tuple(xy(coast)), pen=_COAST)
    for degrees in range(-60, 90, 30):
        yield Line(points=tuple(xy([(-180, degrees), (180, degrees)])), pen=_TICK)
        yield Words(x=4, y=xy([(-180, degrees)])[0][1] - 2, text=f"{degrees}")
    for degrees in range(-120, 180, 60):
        yield Line(points=tuple(xy([(degrees, -90), (degrees, 90)])), pen=_TICK)
        yield Words(x=xy([(degrees, 0)])[0][0] + 3, y=_MAP_TOP + height - 5, text=f"{degrees}")
    lat, lon = where.region.centre
    at = xy([(lon, lat)])[0]
    yield from cross(*at, 7.0, _STATED)
    yield Words(x=at[0] + 10, y=at[1] - 6, text="stated place")
    yield Words(
        x=8,
        y=20,
        text="Hatched: places where what was measured fits during the stated time. Coasts: Natural Earth",
    )


@cache
def _coasts() -> tuple[NDArray[np.float64], ...]:
    """Coasts as longitudes and latitudes, without what would not show on the world's map."""
    fine, found = 360.0 / WIDTH, []
    for line in geography().outlines(-180.0, -90.0, 180.0, 90.0):
        if not line.coast or np.ptp(line.points, axis=0).max() < 3 * fine:
            continue
        cells = np.round(line.points / fine)
        kept = np.concatenate(([True], np.any(np.diff(cells, axis=0) != 0, axis=1)))
        points = line.points[kept]
        # A line that leaves the map on one side and comes back on the other is two lines.
        jumps = np.flatnonzero(np.abs(np.diff(points[:, 0])) > 180.0) + 1
        found += [piece for piece in np.split(points, jumps) if len(piece) > 1]
    return tuple(found)


def _box(left: float, top: float, right: float, low: float) -> tuple[tuple[float, float], ...]:
    return ((left, top), (right, top), (right, low), (left, low))
