"""Pages that show boxes and places."""

from __future__ import annotations

import numpy as np

from forensics.traces.marked import BLUE, beneath, beside, framed

GREY = np.full((60, 90, 3), 120, np.uint8)


def test_a_box_is_drawn_around_its_place_and_the_picture_left_alone() -> None:
    shown = framed(GREY, [(30, 20, 10, 10)], BLUE)
    assert tuple(shown[18, 35]) == BLUE
    assert (shown[20:30, 30:40] == 120).all()
    assert (GREY == 120).all()


def test_a_box_at_the_edge_is_no_trouble() -> None:
    assert framed(GREY, [(0, 0, 90, 60)]).shape == GREY.shape


def test_places_stand_below_in_rows_of_three() -> None:
    page = beneath(GREY, [np.full((4, 7), 10 * k, np.uint8) for k in range(4)])
    assert page.shape == (60 + 2 * 16, 90, 3)
    assert [int(page[70, x, 0]) for x in (5, 35, 65)] == [0, 10, 20]
    assert page[86, 5, 0] == 30
    assert (page[:60] == 120).all()


def test_panels_stand_beside_each_other() -> None:
    assert beside([GREY]).shape == (60, 90, 3)
    assert beside([GREY] * 4).shape == (126, 282, 3)
