"""Names that are not level."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from forensics.maps.dots import Dot, Marks, find_marks
from forensics.maps.gazetteer import gazetteer
from forensics.maps.labels import labels
from forensics.maps.turned import read_turned, rows
from forensics.model.map import Box2D, Lettering
from tests.maps.pictured import font

NOTHING = np.zeros((0, 4))


def written(text: str, angle: float) -> np.ndarray:
    """A name in the middle of a picture, turned clockwise."""
    image = Image.new("L", (500, 500), 0)
    draw = ImageDraw.Draw(image)
    draw.text((250, 250), text, 255, font=font(26), anchor="mm")
    turned = np.asarray(image.rotate(-angle, Image.Resampling.BICUBIC), np.uint16)
    grey = 235 - turned * 215 // 255
    return np.repeat(grey[:, :, None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("angle", [90, -90, 45, -35, 70])
def test_letters_in_a_row_that_is_not_level_are_one(angle: float) -> None:
    (row,) = rows(find_marks(written("Mariupol", angle)), [])
    assert (row.x, row.y) == pytest.approx((250, 250), abs=12)
    assert abs((row.angle - angle + 90) % 180 - 90) < 8
    assert 80 < row.length < 160


def test_level_rows_and_lone_letters_are_left() -> None:
    assert rows(find_marks(written("Mariupol", 4)), []) == []
    assert rows(find_marks(written("N", 90)), []) == []


def test_what_was_read_is_not_read_again() -> None:
    line = Lettering(text="Mariupol", box=Box2D(x=180, y=180, width=140, height=140), confidence=90)
    assert rows(find_marks(written("Mariupol", 45)), [line]) == []


def test_the_dot_of_a_turned_name_stands_at_an_end_of_it() -> None:
    line = Lettering(
        text="Mariupol", box=Box2D(x=100, y=100, width=80, height=80), angle=45, confidence=90
    )
    aside, end = Dot(x=165, y=110, size=8, solid=True), Dot(x=98, y=97, size=8, solid=True)
    marks = Marks(dots=(aside, end), outlines=(NOTHING, NOTHING), crowd=0.0)
    (label,) = labels([line], marks, gazetteer())
    assert (label.x, label.y) == (98, 97)


@pytest.mark.interop
@pytest.mark.parametrize("angle", [90, -90, 45, -35])
def test_a_turned_name_is_read(angle: float) -> None:
    picture = written("Mariupol", angle)
    (line,) = read_turned(picture, find_marks(picture), [])
    assert line.text == "Mariupol"
    assert line.angle == pytest.approx(angle, abs=8)
