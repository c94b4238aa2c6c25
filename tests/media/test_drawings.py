"""SVG: drawn on white at one size, whatever size it states."""

from __future__ import annotations

import base64

import pytest

from forensics.media.prepare import DRAWING_SIDE
from forensics.model import MediaKind
from tests.media.making import coded, nearest_colour, picture, svg
from tests.media.reading import Reader

SQUARE = '<rect width="20" height="20" fill="red" fill-opacity="0.5"/>'


def test_transparency_is_laid_over_white(reader: Reader) -> None:
    found = reader.read(svg(SQUARE))
    assert found.prepared.kind is MediaKind.DRAWING
    assert found.picture().shape == (DRAWING_SIDE // 2, DRAWING_SIDE, 3)
    assert found.picture()[100, 100].tolist() == [255, 127, 127]
    assert found.picture()[100, -100].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("attributes", "shape"),
    [
        ('viewBox="0 0 100 25" width="100" height="25"', (400, 1600)),
        ('width="10" height="40"', (1600, 400)),
        ('width="4000" height="4000"', (1600, 1600)),
        ('width="10cm" height="5cm"', (800, 1600)),
        ('width="300" height="400"', (1600, 1200)),
        ('width="1" height="300"', (1500, 5)),
        ('viewBox="0 0 100 400"', (1600, 1600)),
        ("", (1600, 1600)),
    ],
)
def test_the_longer_side_is_always_the_same(
    reader: Reader, attributes: str, shape: tuple[int, int]
) -> None:
    found = reader.read(svg("<rect/>", attributes)).picture().shape[:2]
    assert all(abs(a - b) <= 8 for a, b in zip(found, shape, strict=True))


def test_letters_are_drawn(reader: Reader) -> None:
    found = reader.read(svg('<text x="2" y="15" font-size="12">Сумы</text>'))
    assert (found.picture() < 128).any()


def test_a_picture_within_is_drawn(reader: Reader) -> None:
    data = base64.b64encode(coded(picture(), "PNG")).decode()
    place = 'width="40" height="20" preserveAspectRatio="none"'
    body = f'<image {place} xlink:href="data:image/png;base64,{data}"/>'
    found = reader.read(svg(body)).picture()
    assert nearest_colour(found[200, 400]) == "red"
    assert nearest_colour(found[600, 400]) == "blue"


@pytest.mark.parametrize(
    "drawing",
    [
        svg("<rect"),
        svg("", 'width="0" height="0"'),
        svg("", 'width="1" height="1000000"'),
        b"<svg>",
    ],
    ids=["cut off", "no area", "a line", "no name space"],
)
def test_what_cannot_be_drawn_is_told(reader: Reader, drawing: bytes) -> None:
    assert "cannot be drawn" in reader.read(drawing).prepared.trouble
