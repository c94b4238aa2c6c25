"""Small marks, found where they are."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from forensics.maps.dots import Dot, alike, find_marks, joined
from forensics.maps.lettering import TEXTURED
from tests.maps.pictured import leaves, pictured

KINDS = ("disc", "ring", "square")


def marked(kind: str, size: int, ink: int, paper: int) -> np.ndarray:
    image = Image.new("RGB", (400, 300), (paper,) * 3)
    draw = ImageDraw.Draw(image)
    box = (200 - size, 150 - size, 200 + size, 150 + size)
    if kind == "square":
        draw.rectangle(box, fill=(ink,) * 3)
    elif kind == "disc":
        draw.ellipse(box, fill=(ink,) * 3)
    else:
        draw.ellipse(box, outline=(ink,) * 3, width=2)
    draw.line((0, 10, 400, 60), fill=(ink,) * 3, width=3)
    draw.rectangle((20, 200, 120, 210), fill=(ink,) * 3)
    return np.asarray(image, np.uint8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ink", [(20, 230), (240, 40)])
def test_a_mark_is_found_where_it_is(kind: str, ink: tuple[int, int]) -> None:
    (dot,) = find_marks(marked(kind, 5, *ink)).dots
    assert (dot.x, dot.y) == pytest.approx((200, 150), abs=0.6)
    assert dot.size == pytest.approx(11, abs=1.5)
    assert dot.solid is (kind != "ring")


def test_a_mark_within_a_closed_line_is_found() -> None:
    picture = np.array(marked("disc", 5, 20, 230))
    picture[100:102, 100:300] = picture[200:202, 100:300] = 20
    picture[100:202, 100:102] = picture[100:202, 298:300] = 20
    assert any(abs(d.x - 200) < 1 and abs(d.y - 150) < 1 for d in find_marks(picture).dots)


def test_every_town_of_a_map_has_its_mark() -> None:
    map_ = pictured()
    dots = find_marks(map_.pixels).dots
    for x, y in map_.points.values():
        assert any(np.hypot(d.x - x, d.y - y) < 1 for d in dots)


def test_texture_is_told_from_a_drawn_ground() -> None:
    assert find_marks(leaves()).crowd > TEXTURED
    assert find_marks(pictured().pixels).crowd < TEXTURED


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 900, 3), (300, 3, 3)])
def test_pictures_of_hardly_any_pixels_have_none(shape: tuple[int, ...]) -> None:
    assert find_marks(np.zeros(shape, np.uint8)).dots == ()


POINTS = [(60 + 70 * i, 60 + 30 * (i % 3)) for i in range(5)]


@pytest.mark.parametrize("kind", ["disc", "ring"])
def test_what_looks_like_the_dots_is_one_although_a_coast_runs_into_it(kind: str) -> None:
    image = Image.new("RGB", (500, 300), (230, 230, 225))
    draw = ImageDraw.Draw(image)
    draw.line((0, 236, 500, 204), fill=(70, 90, 120), width=1)
    for x, y in [*POINTS, (250, 220)]:
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), (250, 250, 250) if kind == "ring" else (20,) * 3)
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), outline=(20, 20, 20), width=2)
    picture = np.asarray(image, np.uint8)
    marks = find_marks(picture)
    like = alike(picture, [d for d in marks.dots if d.y < 150])
    assert len(like) == len(POINTS) + 1
    assert any(abs(d.x - 250) < 1 and abs(d.y - 220) < 1 for d in like)
    assert any(abs(d.x - 250) < 1 and abs(d.y - 220) < 1 for d in joined(marks, like).dots)


def test_dots_that_look_unlike_tell_nothing() -> None:
    picture = marked("disc", 5, 20, 230)
    dots = [Dot(x=x, y=y, size=9, solid=True) for x, y in POINTS]
    assert alike(picture, dots[:3]) == ()
    assert alike(picture, dots) == ()
