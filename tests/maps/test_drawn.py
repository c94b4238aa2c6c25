"""A reading on a neutral base map, and over the graphic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring

from forensics.maps.drawn import HEIGHT, WIDTH, Frame, base_map, base_picture, over_graphic
from tests.maps.readings import reading, unplaced


def texts(svg: str) -> list[str]:
    return [element.text for element in fromstring(svg).iter() if element.tag.endswith("text")]


def test_the_base_map_names_what_fits_and_says_what_does_not() -> None:
    said = texts(base_map(reading()))
    assert "Kyiv" in said
    assert "1" in said  # the track's number
    assert any(text.endswith(" km") for text in said)
    assert said[-1] == "Land and borders: Natural Earth"
    rejected = [p for p in reading().placement.control_points if not p.accepted]
    assert [p.label for p in rejected] == ["Воронеж"]


def test_a_place_lies_on_the_base_map_where_degrees_put_it() -> None:
    frame = Frame(west=30, south=50, east=40, north=54)
    (left, top), (right, low) = frame.xy([(30, 54), (40, 50)])
    assert (left + right) / 2 == pytest.approx(WIDTH / 2)
    assert (top + low) / 2 == pytest.approx(HEIGHT / 2)
    # 52 degrees north: a degree of longitude is .616 of one of latitude
    assert (right - left) / 10 / ((low - top) / 4) == pytest.approx(0.6157, abs=1e-3)
    west, south, east, north = frame.edges
    assert west <= 30
    assert south <= 50
    assert east >= 40
    assert north >= 54


def test_the_picture_is_the_same_twice_and_shows_land() -> None:
    once, again = base_picture(reading()), base_picture(reading())
    assert once.shape == (HEIGHT, WIDTH, 3)
    assert np.array_equal(once, again)
    assert (np.abs(once.astype(int) - (0xF4, 0xF1, 0xEA)).max(axis=2) < 4).mean() > 0.5


def test_only_a_map_with_a_placement_has_a_base_map() -> None:
    assert texts(base_map(replace(reading(), placement=None))) == []


def test_over_the_graphic_a_fitting_name_has_a_disc_and_another_a_cross() -> None:
    grey = np.full((1000, 1000, 3), 200, np.uint8)
    drawn = over_graphic(reading(), grey)
    assert drawn.shape == grey.shape
    for point in reading().placement.control_points:
        around = drawn[
            round(point.y) - 2 : round(point.y) + 3, round(point.x) - 2 : round(point.x) + 3
        ]
        red, green, _ = around.reshape(-1, 3).mean(axis=0)
        assert bool(green > red) is point.accepted, point.label


def test_a_large_graphic_is_reduced_with_what_is_drawn_on_it() -> None:
    grey = np.full((4000, 4000, 3), 200, np.uint8)
    drawn = over_graphic(replace(reading(), width=4000, height=4000), grey)
    assert drawn.shape == (1600, 1600, 3)
    assert (drawn != drawn[-1, -1]).any()


def test_a_map_that_is_not_placed_still_shows_its_tracks() -> None:
    grey = np.full((1000, 1000, 3), 200, np.uint8)
    drawn = over_graphic(unplaced(), grey)
    assert tuple(drawn[560, 425] - drawn[10, 10].astype(int)) != (0, 0, 0)
