"""Lines and words, as SVG and on pictures."""

from __future__ import annotations

import numpy as np
from defusedxml.ElementTree import fromstring

from forensics.maps.drawing import (
    Line,
    Pen,
    Words,
    cross,
    disc,
    head,
    on_picture,
    thinned,
    to_svg,
)

RED = Pen(stroke="#ff0000", width=4)
WHITE = np.full((60, 100, 3), 255, np.uint8)


def red(picture: np.ndarray) -> np.ndarray:
    return (picture[..., 0] > 200) & (picture[..., 1] < 60)


def test_a_line_is_drawn_where_it_is_and_the_picture_is_left_as_it_was() -> None:
    before = WHITE.copy()
    drawn = on_picture([Line(points=((10, 30), (90, 30)), pen=RED)], WHITE)
    rows, columns = np.nonzero(red(drawn))
    assert 27 <= rows.min() <= rows.max() <= 32
    assert columns.min() in range(8, 13)
    assert columns.max() in range(87, 93)
    assert np.array_equal(before, WHITE)


def test_a_dashed_line_has_gaps_of_its_lengths() -> None:
    pen = Pen(stroke="#ff0000", width=4, dash=(10, 10))
    drawn = on_picture([Line(points=((0, 30), (40, 30), (100, 30)), pen=pen)], WHITE)
    row = red(drawn)[30]
    assert [bool(row[x]) for x in (5, 15, 25, 35, 45, 55)] == [
        True,
        False,
        True,
        False,
        True,
        False,
    ]


def test_a_fill_lets_through_what_its_cover_leaves() -> None:
    pen = Pen(fill="#000000", cover=0.5)
    square = Line(points=((20, 10), (80, 10), (80, 50), (20, 50)), pen=pen, closed=True)
    drawn = on_picture([square], WHITE)
    assert 120 <= int(drawn[30, 50, 0]) <= 135
    assert drawn[30, 5, 0] == 255


def test_words_are_drawn_from_their_start_or_to_their_end() -> None:
    for words, dark_left in (
        (Words(x=50, y=40, text="MM"), False),
        (Words(x=50, y=40, text="MM", ends=True), True),
    ):
        drawn = on_picture([words], WHITE)[..., 0] < 128
        assert bool(drawn[:, :48].any()) is dark_left
        assert bool(drawn[:, 52:].any()) is not dark_left


def test_letters_that_the_font_lacks_leave_no_boxes() -> None:
    plain = on_picture([Words(x=5, y=40, text="Orel")], WHITE)
    marked = on_picture([Words(x=5, y=40, text="Or\u0451\u00ebl")], WHITE)
    assert np.array_equal(plain, marked)


def test_an_arrow_has_its_head_at_its_end_and_none_where_it_goes_nowhere() -> None:
    (tip,) = head([(0, 0), (50, 0), (51, 0)], 10, RED)
    assert tip.points[0] == (51, 0)
    assert all(x == 41 for x, _ in tip.points[1:])
    assert list(head([(3, 3), (3, 3)], 10, RED)) == []


def test_points_that_are_too_near_are_left_out() -> None:
    assert thinned([(0, 0), (0.1, 0.1), (1, 0), (1.2, 0)]) == ((0, 0), (1, 0))


def test_svg_says_the_same_and_every_text_is_escaped() -> None:
    shapes = [
        Line(points=((1, 2), (3, 4)), pen=Pen(stroke="#ff0000", dash=(2, 1), halo=1)),
        disc(5, 5, 2, Pen(fill="#00ff00", cover=0.25)),
        *cross(9, 9, 3, RED),
        Words(x=1, y=2, text='<script>alert("x")</script>', ends=True),
    ]
    svg = to_svg(shapes, 20, 10, "A & B")
    root = fromstring(svg)
    assert root.attrib["viewBox"] == "0 0 20 10"
    tags = [element.tag.split("}")[1] for element in root.iter()]
    assert tags.count("path") == 5  # the halo is one of its own
    assert "script" not in tags
    assert "<script" not in svg
