"""Lines that come and go, and letters that are part of the scene."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.traces.texts import lines
from tests.traces.pictures import scene

Grey = NDArray[np.uint8]
COUNT = 16


def moving(step: int = 9) -> Grey:
    grey = np.asarray(cv2.cvtColor(scene(), cv2.COLOR_RGB2GRAY), np.uint8)
    soft = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.5), np.uint8)
    whole = np.asarray(cv2.resize(soft, (1120, 800)), np.uint8)
    random = np.random.default_rng(6)
    made = [
        whole[step * k : step * k + 288, 2 * step * k : 2 * step * k + 512]
        + random.normal(0, 1.5, (288, 512))
        for k in range(COUNT)
    ]
    return np.clip(np.stack(made), 0, 255).astype(np.uint8)


def written(picture: Grey, text: str, row: int = 268) -> None:
    place = (110, row)
    for colour, thick in ((0, 4), (255, 2)):
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, thick, cv2.LINE_AA)


def subtitled(pictures: Grey, row: int = 268) -> Grey:
    made = pictures.copy()
    for k in range(COUNT):
        if k in {2, 3, 4, 5}:
            written(made[k], "We went there at night", row)
        if k in {8, 9, 10, 11}:
            written(made[k], "and nobody had seen it", row)
    return made


@pytest.mark.parametrize("row", [268, 24])
@pytest.mark.parametrize("step", [9, 0])
def test_subtitles_are_found_with_their_times(row: int, step: int) -> None:
    found = lines(subtitled(moving(step), row))
    assert [(line.first, line.last) for line in found] == [(2, 5), (8, 11)]
    for line in found:
        left, top, width, height = line.box
        assert abs(left - 110) < 15
        assert top < row < top + height + 10
        assert width > 150


def test_a_line_that_is_covered_for_a_while_is_one_line() -> None:
    pictures = moving(0)
    for k in (2, 3, 4, 8, 9, 10):
        written(pictures[k], "We went there at night")
    assert lines(pictures) == ()


def test_letters_in_the_middle_are_left_out() -> None:
    assert lines(subtitled(moving(), 150)) == ()


def test_one_line_alone_is_not_told() -> None:
    pictures = moving()
    for k in (2, 3, 4):
        written(pictures[k], "We went there at night")
    assert lines(pictures) == ()


def test_a_line_that_stays_is_no_line_that_comes_and_goes() -> None:
    pictures = moving()
    for one in pictures:
        written(one, "We went there at night")
    assert lines(pictures) == ()


def test_a_sign_that_the_camera_passes_is_part_of_the_scene() -> None:
    pictures = moving()
    for k, one in enumerate(pictures):
        cv2.putText(one, "HOTEL NEW STATION", (400 - 50 * k, 200 - 6 * k), 0, 0.6, 255, 2)
    assert lines(pictures) == ()


@pytest.mark.parametrize("step", [9, 0])
def test_a_scene_has_no_lines(step: int) -> None:
    assert lines(moving(step)) == ()


@pytest.mark.parametrize("shape", [(3, 288, 512), (8, 1, 1), (8, 95, 400)])
def test_too_few_or_too_small_pictures_tell_nothing(shape: tuple[int, int, int]) -> None:
    assert lines(np.zeros(shape, np.uint8)) == ()
