"""Blurred copies and coloured frames beside pictures, and what resembles them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from forensics.traces.borders import border
from tests.traces.pictures import Pixels, scene

SIZE = (512, 288)


def upright(shift: int = 0) -> Pixels:
    return scene()[20:308, 100 + shift : 262 + shift].copy()


def before_itself(picture: Pixels, zoom: float = 1.0) -> Pixels:
    """A picture, 288 high, before its blurred copy."""
    width = round(SIZE[0] * zoom)
    height = round(picture.shape[0] * width / picture.shape[1])
    grown = np.asarray(cv2.resize(picture, (width, height)))
    left, top = (width - SIZE[0]) // 2, (height - SIZE[1]) // 2
    page = np.asarray(
        cv2.GaussianBlur(grown[top : top + SIZE[1], left : left + SIZE[0]], (0, 0), 12)
    ).copy()
    start = (SIZE[0] - picture.shape[1]) // 2
    page[:, start : start + picture.shape[1]] = picture
    return page.astype(np.uint8)


@pytest.mark.parametrize("zoom", [1.0, 1.2])
def test_a_blurred_copy_is_found_with_its_breadths(zoom: float) -> None:
    found = border([before_itself(upright(4 * k), zoom) for k in range(4)])
    assert found is not None
    assert found.kind == "blurred"
    assert abs(found.left - 175) <= 3
    assert abs(found.right - 175) <= 3
    assert (found.above, found.below) == (0, 0)


def test_a_soft_border_of_something_else_is_not_told() -> None:
    page = before_itself(upright())
    other = cv2.GaussianBlur(scene()[100:388, 20:532][::-1, ::-1], (0, 0), 12)
    inner = page[:, 175:337].copy()
    page = np.asarray(other, np.uint8).copy()
    page[:, 175:337] = inner
    assert border([page]) is None


def test_a_plain_sky_beside_something_is_no_blurred_copy() -> None:
    page = np.full((288, 512, 3), (30, 60, 140), np.uint8)
    page[40:, 100:412] = scene()[:248, :312]
    found = border([page])
    assert found is None or found.kind == "coloured"


def test_a_coloured_frame_is_found() -> None:
    page = np.full((288, 512, 3), (40, 90, 160), np.uint8)
    page[30:258, 50:462] = scene()[:228, :412]
    found = border([page])
    assert found is not None
    assert found.kind == "coloured"
    assert (found.left, found.above, found.right, found.below) == (50, 30, 50, 30)


def test_dark_bars_are_left_to_their_own_finding() -> None:
    page = np.zeros((288, 512, 3), np.uint8)
    page[:, 100:412] = scene()[:288, :312]
    assert border([page]) is None


def test_what_one_picture_of_a_video_shows_is_not_told() -> None:
    assert border([before_itself(upright()), *[scene()[:288, :512]] * 3]) is None


def test_a_scene_has_no_border() -> None:
    assert border([scene()]) is None


@pytest.mark.parametrize("shape", [(1, 1, 3), (40, 40, 3), (33, 400, 3)])
def test_pictures_of_one_colour_have_none(shape: tuple[int, int, int]) -> None:
    assert border([np.full(shape, 120, np.uint8)]) is None
