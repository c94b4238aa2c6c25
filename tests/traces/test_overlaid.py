"""Bars and what is burnt in: placed, and not confused with a scene that stands still."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.traces.overlaid import bars, burnt_in
from tests.traces.pictures import scene

Grey = NDArray[np.uint8]


def moving(count: int = 8) -> Grey:
    """Pictures of a camera that moves over a scene, shape (count, 200, 300)."""
    grey = np.asarray(cv2.cvtColor(scene(), cv2.COLOR_RGB2GRAY), np.uint8)
    return np.stack([grey[20 * k : 20 * k + 200, 30 * k : 30 * k + 300] for k in range(count)])


def with_logo(pictures: Grey) -> Grey:
    marked = pictures.copy()
    for one in marked:
        cv2.rectangle(one, (230, 20), (270, 50), 255, -1)
        cv2.rectangle(one, (238, 28), (262, 42), 0, -1)
    return marked


def test_something_burnt_in_is_found_in_its_place() -> None:
    found = burnt_in(with_logo(moving()))
    ((left, top, width, height),) = found.boxes
    assert abs(left - 230) < 5
    assert abs(top - 20) < 5
    assert abs(width - 41) < 8
    assert abs(height - 31) < 8


def test_a_moving_scene_has_nothing_burnt_in() -> None:
    found = burnt_in(moving())
    assert found.testable
    assert not found.boxes


def test_a_scene_that_stands_still_tells_nothing() -> None:
    random = np.random.default_rng(1)
    still = np.repeat(moving(1), 8, axis=0).astype(float)
    found = burnt_in(np.clip(still + random.normal(0, 3, still.shape), 0, 255).astype(np.uint8))
    assert not found.testable
    assert not found.boxes


def test_too_few_pictures_tell_nothing() -> None:
    assert not burnt_in(with_logo(moving(5))).testable


@pytest.mark.parametrize("level", [0, 16, 255])
def test_bars_are_measured(level: int) -> None:
    pictures = moving()
    pictures[:, :24] = level
    pictures[:, -30:] = level
    pictures[:, :, :7] = level
    assert bars(pictures) == (7, 24, 0, 30)
    assert burnt_in(pictures).boxes == ()


def test_a_plain_sky_is_no_bar() -> None:
    pictures = moving()
    pictures[:, :40] = np.linspace(225, 180, 40)[None, :, None].astype(np.uint8)
    assert bars(pictures) == (0, 0, 0, 0)


@pytest.mark.parametrize("shape", [(1, 1, 1), (8, 2, 500), (8, 60, 60)])
def test_pictures_of_one_level_have_no_bars(shape: tuple[int, int, int]) -> None:
    assert bars(np.zeros(shape, np.uint8)) == (0, 0, 0, 0)
    assert not burnt_in(np.zeros(shape, np.uint8)).boxes
