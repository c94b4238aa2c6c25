"""Lengths, ends and crossings of lines, through a fit that is known exactly."""

import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.maps import geography
from forensics.maps.areas import Region
from forensics.maps.markers import Symbols
from forensics.maps.measure import areas, markers, tracks
from forensics.maps.reach import reach
from forensics.maps.strokes import Stroke
from forensics.model.map import Box2D, Lettering, Track

Points = NDArray[np.float64]


class Plain:
    """A hundredth of a degree to the pixel, from 30 E, 60 N; off by 2 km everywhere."""

    def ground(self, pixels: Points) -> Points:
        return np.column_stack((30 + pixels[:, 0] / 100, 60 - pixels[:, 1] / 100))

    def error_km(self, pixels: Points) -> Points:
        return np.full(len(pixels), 2.0)


def stroke(*points: tuple[float, float], arrow: bool = True, covered: float = 0.0) -> Stroke:
    ends = np.array(points, np.float64)
    steps = np.linspace(0, len(points) - 1, 200)
    path = np.column_stack([np.interp(steps, range(len(points)), ends[:, i]) for i in (0, 1)])
    return Stroke(path=path, width=4, colour="#c81e26", arrow=arrow, covered=covered, error=3.0)


def test_a_track_is_measured_on_the_ground() -> None:
    (track,) = tracks([stroke((300, 900), (300, 200))], Plain())
    assert (track.start.lon, track.start.lat) == (33, 51)
    assert track.length_km == pytest.approx(geography.distance_km(33, 51, 33, 58), rel=1e-3)
    assert track.bearing == pytest.approx(0, abs=0.1)
    assert track.error_km is not None
    assert track.error_km > 2
    assert track.start.error_km == pytest.approx(np.hypot(2.0, 3 * 1.113), rel=0.01)
    assert track.crosses[0] == "the border from Ukraine into Russia"


def test_what_is_covered_makes_the_length_less_sure() -> None:
    seen, hidden = tracks(
        [stroke((0, 0), (500, 0)), stroke((0, 0), (500, 0), covered=0.5)], Plain()
    )
    assert (hidden.error_km or 0) > (seen.error_km or 0)


def test_a_line_without_a_head_begins_in_the_west() -> None:
    (track,) = tracks([stroke((500, 0), (0, 0), arrow=False)], Plain())
    assert track.start.x == 0


def test_without_a_fit_nothing_is_said_of_the_ground() -> None:
    (track,) = tracks([stroke((0, 0), (500, 0))], None)
    assert (track.length_km, track.error_km, track.start.lon, track.crosses) == (
        None,
        None,
        None,
        (),
    )
    symbols = Symbols(kind="cross", colour="#000000", points=((1, 2),), size=9, error=1)
    (marker,) = markers([symbols], None)
    assert (marker.count, marker.points[0].lat) == (1, None)


def test_an_area_is_measured() -> None:
    ring = np.array([(0, 0), (100, 0), (100, 100), (0, 100)], np.float64)
    (area,) = areas([Region(colour="#eecbb1", outline=ring)], Plain())
    assert (area.centre.x, area.centre.y) == (50, 50)
    assert area.km2 == pytest.approx(111.4 * 56.6, rel=0.02)


def measured() -> Track:
    (track,) = tracks([stroke((300, 900), (300, 200))], Plain())
    return track


@pytest.mark.parametrize(("limit", "holds"), [(1000, True), (779, None), (500, False)])
def test_a_range_is_held_against_the_interval(limit: float, holds: bool | None) -> None:
    (found,) = reach([measured()], [], max_range_km=limit)
    assert (found.kind, found.holds) == ("range", holds)
    assert "direction" in found.why


def test_a_speed_needs_a_period() -> None:
    (untold,) = reach([measured()], [], speed_kmh=(150, 200))
    assert untold.holds is None
    texts = ("с 21:00 28.12.2025", "до 09:00 29.12.2025")
    lines = [
        Lettering(text=t, box=Box2D(x=0, y=30 * i, width=200, height=18))
        for i, t in enumerate(texts)
    ]
    assert [s.holds for s in reach([measured()], lines, speed_kmh=(150, 200))] == [True]
    assert [s.holds for s in reach([measured()], lines, speed_kmh=(30, 40))] == [False]
