import numpy as np
import pytest

from forensics.maps.geography import (
    SEA,
    area_km2,
    bearing,
    distance_km,
    geography,
    length_km,
)


@pytest.mark.parametrize(
    ("lon", "lat", "country"),
    [
        (30.52, 50.45, "Ukraine"),
        (33.25, 57.98, "Russia"),
        (27.56, 53.90, "Belarus"),
        (34.1, 44.95, "Ukraine"),  # Crimea
        (34.0, 43.0, SEA),
        (20.51, 54.71, "Russia"),  # an exclave
        (28.2, -29.5, "Lesotho"),  # a hole in South Africa
        (-179.0, 67.0, "Russia"),  # beyond the 180th meridian
    ],
)
def test_the_country_at_a_point(lon: float, lat: float, country: str) -> None:
    assert geography().countries(np.array([[lon, lat]])) == [country]


def test_a_line_crosses_borders_in_order() -> None:
    line = np.array([[34.8, 50.9], [33.25, 57.98]])
    assert [c.words for c in geography().crossings(line)] == ["the border from Ukraine into Russia"]
    back = geography().crossings(line[::-1])
    assert [c.words for c in back] == ["the border from Russia into Ukraine"]
    there, here = geography().crossings(line)[0], back[0]
    assert distance_km(there.lon, there.lat, here.lon, here.lat) < 4


def test_a_line_over_the_sea_crosses_coasts() -> None:
    words = [c.words for c in geography().crossings(np.array([[24.75, 59.3], [24.9, 60.4]]))]
    assert words[0] == "the coast of Estonia, to the sea"
    assert words[-1] == "the coast of Finland, from the sea"


def test_a_line_within_a_country_crosses_nothing() -> None:
    assert geography().crossings(np.array([[37.0, 55.0], [38.0, 56.0], [37.5, 55.2]])) == ()


def test_lengths_are_geodesics() -> None:
    # One degree of a meridian at the equator, WGS 84: 110.574 km; of the equator: 111.320 km.
    assert distance_km(0, 0, 0, 1) == pytest.approx(110.574, abs=0.001)
    assert length_km(np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]])) == pytest.approx(
        222.639, abs=0.001
    )
    assert bearing(0, 0, 0, 1) == pytest.approx(0)
    assert bearing(0, 0, -1, 0) == pytest.approx(270)
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    assert area_km2(square) == area_km2(square[::-1]) == pytest.approx(12309, abs=1)


def test_outlines_stay_inside_the_rectangle_and_tell_coast_from_border() -> None:
    found = geography().outlines(27.0, 50.0, 36.0, 60.0)
    points = np.concatenate([outline.points for outline in found])
    assert points[:, 0].min() >= 27
    assert points[:, 0].max() <= 36
    assert {outline.coast for outline in found} == {True, False}
    assert geography().outlines(29.0, 54.5, 30.0, 55.0) == []
    assert geography().land(29.0, 54.5, 30.0, 55.0)[0].shape[1] == 2
    assert geography().land(33.0, 42.5, 34.0, 43.0) == []


def test_no_line_is_drawn_between_two_parts_of_one_country() -> None:
    crimea = geography().outlines(33.5, 45.9, 34.9, 46.3)
    assert all(outline.coast for outline in crimea)
