"""Which pictures serve a search elsewhere: sharp, not dark, with little text, unlike one another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from forensics.media.keyframes import TEXT, look, pick


def scene(seed: int) -> Image.Image:
    """Something with shapes, unlike those of other seeds."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (480, 270), tuple(int(v) for v in random.integers(60, 200, 3)))
    draw = ImageDraw.Draw(image)
    for _ in range(25):
        x, y, w, h = (int(v) for v in random.integers(10, 260, 4))
        shade = tuple(int(v) for v in random.integers(20, 255, 3))
        draw.polygon([(x, y), (x + w, y + h // 3), (x + w // 2, y + h)], fill=shade)
    return image


def titled(image: Image.Image) -> Image.Image:
    """The same under lines of letters."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    for row in range(6):
        draw.rectangle((0, 40 * row, 480, 40 * row + 38), fill="black")
        draw.text((4, 40 * row + 4), "BREAKING NEWS FROM THE SITE", fill="white", font_size=26)
    return image


def array(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image)


def test_the_sharp_picture_of_two_is_taken_and_the_other_left() -> None:
    sharp = scene(1)
    blurred = sharp.filter(ImageFilter.GaussianBlur(4))
    looks = [look(array(blurred)), look(array(sharp))]
    assert pick(looks, 5) == [1]


def test_different_pictures_are_all_taken_up_to_the_number_asked_for() -> None:
    looks = [look(array(scene(seed))) for seed in range(4)]
    assert sorted(pick(looks, 10)) == [0, 1, 2, 3]
    assert len(pick(looks, 2)) == 2
    assert pick(looks, 10) == pick(looks, 10)


def test_a_dark_and_a_blank_picture_are_left_out_unless_there_is_nothing_else() -> None:
    dark = Image.fromarray((array(scene(1)) // 8).astype(np.uint8))
    blank = Image.new("RGB", (480, 270), (200, 200, 200))
    looks = [look(array(one)) for one in (dark, blank, scene(2))]
    assert [one.empty for one in looks] == [True, True, False]
    assert pick(looks, 5) == [2]
    assert len(pick(looks[:2], 5)) == 1


def test_lines_of_letters_come_after_the_scene() -> None:
    plain, written = scene(3), titled(scene(4))
    looks = [look(array(written)), look(array(plain))]
    assert looks[0].text > TEXT >= looks[1].text
    assert pick(looks, 1) == [1]
    assert pick(looks, 2) == [1, 0]


def test_pictures_of_any_size_are_looked_at() -> None:
    for size in ((1, 1), (2, 900), (900, 2), (17, 17)):
        assert look(np.zeros((*size, 3), np.uint8)).empty
    assert pick([], 3) == []
