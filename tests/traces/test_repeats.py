"""Runs that come again, and scenes in which nothing does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import LimitExceeded
from forensics.traces.repeats import Way, repeats, signatures, stretches
from tests.traces.courses import COLUMNS, ROWS, coded, course, place, shown, wandering


@settings(max_examples=8, deadline=None)
@given(first=st.integers(5, 40), length=st.integers(14, 30), later=st.integers(0, 30))
def test_a_run_that_was_put_in_again_is_found_where_it_lies(
    first: int, length: int, later: int
) -> None:
    luma = wandering()
    again = first + length + later
    edited = coded(np.concatenate([luma[:again], luma[first : first + length], luma[again:]]))
    (found,) = repeats(edited)
    assert abs(found.first - first) <= 3
    assert found.again - found.first == again - first
    assert abs(found.length - length) <= 5
    assert found.apart < found.shifted / 3
    assert found.partner(found.first + 4) == found.again + 4


def test_a_mirrored_run_is_found_as_such() -> None:
    luma = wandering()
    edited = coded(np.concatenate([luma, luma[30:60, :, ::-1]]))
    assert not repeats(edited)
    (found,) = repeats(edited, Way.MIRRORED)
    assert abs(found.first - 30) <= 2
    assert abs(found.again - len(luma)) <= 2


def test_a_loop_is_found_once() -> None:
    luma = wandering()
    edited = coded(np.concatenate([luma[:60], luma[40:60], luma[40:60], luma[60:]]))
    (found,) = repeats(edited)
    assert (found.again - found.first) % 20 == 0
    assert found.length >= 15


def test_a_long_run_is_followed_to_its_ends() -> None:
    """Most of it stands, so that only its middle votes for the offset."""
    walk = course(40, 3)
    at = np.concatenate([np.repeat(walk[:1], 300, 0), walk, np.repeat(walk[-1:], 300, 0)])
    run = shown(place(3), at, 3)
    luma = np.concatenate([wandering(60, 5), run, wandering(60, 6), run, wandering(60, 7)])
    (found,) = repeats(coded(luma, noise=0.3))
    assert abs(found.first - 60) <= 3
    assert abs(found.length - 640) <= 6


@pytest.mark.parametrize("seed", range(6))
def test_nothing_comes_again_in_what_only_moves(seed: int) -> None:
    luma = coded(wandering(seed=seed))
    for way in Way:
        assert not repeats(luma, way)


def test_a_camera_that_comes_by_the_same_place_again_is_no_repeat() -> None:
    """Two takes of one movement differ in their course; here by a third of a pixel and more."""
    at = course(60, 3)
    sway = np.stack([np.sin(np.arange(60) / 4), np.cos(np.arange(60) / 5)], axis=1)
    luma = np.concatenate([shown(place(3), at, 1), shown(place(3), at + 1.5 * sway, 2)])
    assert not [r for r in repeats(luma) if r.length > 20]


def test_a_scene_that_stands_has_nothing_to_compare() -> None:
    luma = shown(place(1), np.full((100, 2), 150.0), 1, noise=0.8)
    assert not signatures(luma).any()
    assert not repeats(luma)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 15])
def test_few_pictures_are_no_trouble(count: int) -> None:
    luma = np.zeros((count, ROWS, COLUMNS), np.uint8)
    assert not repeats(luma)


@pytest.mark.parametrize("shape", [(1, 1), (1, 64), (64, 1), (2, 3)])
def test_pictures_of_hardly_any_size_are_no_trouble(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    luma = rng.integers(0, 255, (40, *shape)).astype(np.uint8)
    for way in Way:
        repeats(luma, way)


def test_it_can_be_stopped() -> None:
    def stop() -> None:
        raise LimitExceeded("over")

    with pytest.raises(LimitExceeded):
        repeats(wandering(), check=stop)


def test_stretches_are_unbroken() -> None:
    holds = np.array([True, True, False, True, False, False, True])
    assert stretches(holds) == [(0, 2), (3, 4), (6, 7)]
    assert stretches(np.zeros(3, bool)) == []
