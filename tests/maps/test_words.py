"""Numbers in words that say no more than is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics.maps.words import (
    crossings,
    degrees,
    expectation,
    kilometres,
    track_words,
    whereabouts,
    wind,
)
from forensics.model.map import GroundPoint
from tests.maps.readings import reading, unplaced


def test_places_name_their_hemisphere() -> None:
    assert degrees(31.4, 51.516) == "51.52° N, 31.40° E"
    assert degrees(-70.0, -33.456) == "33.46° S, 70.00° W"


def test_a_point_without_ground_is_told_in_pixels() -> None:
    assert whereabouts(GroundPoint(x=10.4, y=20.6)) == "pixel 10, 21"
    assert (
        whereabouts(GroundPoint(x=1, y=2, lon=3, lat=4, error_km=12))
        == "4.00° N, 3.00° E (± 12 km)"
    )


@pytest.mark.parametrize(
    ("value", "said"), [(0.44, "0.4"), (9.94, "9.9"), (10.4, "10"), (712.3, "712")]
)
def test_lengths_are_as_fine_as_they_are_short(value: float, said: str) -> None:
    assert kilometres(value) == said


@pytest.mark.parametrize(
    ("bearing", "said"), [(0, "north"), (359, "north"), (46, "north-east"), (181, "south")]
)
def test_directions_are_eighths(bearing: float, said: str) -> None:
    assert wind(bearing) == said


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (3.0, "3.0"),
        (0.1, "0.1"),
        (0.02, "fewer than 0.1"),
        (1e-4, "fewer than 0.001"),
        (0.0, "fewer than 0.000001"),
    ],
)
def test_a_small_expectation_is_a_bound(chance: float, said: str) -> None:
    assert expectation(chance) == said


def test_a_track_tells_its_ends_length_and_crossings_as_far_as_they_are_known() -> None:
    said = track_words(reading().tracks[0])
    assert said.startswith("arrow (#ff0000) from ")
    assert "± 9.0 km, setting out north; on its way: from Ukraine into Russia" in said
    assert (
        track_words(unplaced().tracks[0])
        == "line (#ff0000) between pixel 420, 700 and pixel 600, 200, without a head that was made out"
    )


def test_a_border_that_is_met_often_is_told_once() -> None:
    track = replace(reading().tracks[0], crosses=("a", "b", "a", "c", "a"))
    assert crossings(track) == "a (3 times), b, c"


def test_a_line_without_a_head_is_given_no_direction() -> None:
    crosses = ("the border from Russia into Ukraine", "the border from Ukraine into Russia")
    crosses += ("the coast of Ukraine, to the sea",)
    said = track_words(replace(reading().tracks[0], arrow=False, crosses=crosses))
    assert "setting out" not in said
    assert said.endswith(
        "; on its way: the border between Russia and Ukraine (2 times), the coast of Ukraine"
    )
