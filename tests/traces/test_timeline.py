"""The time line is drawn whatever the course."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.traces.timeline import WIDE, Mark, beside, drawn, under


def test_marks_and_lines_are_drawn_in_colour() -> None:
    times, step = np.arange(100, dtype=np.float32) / 25, np.ones(100, np.float32)
    bare = drawn(times, step, [])
    assert bare.shape[1] == WIDE
    assert (bare[:, :, 0] != 255).any()
    marked = drawn(times, step, [Mark(spans=((0.5, 1.0), (2.0, 2.5)), label="comes again")])
    red = (marked == (200, 60, 40)).all(axis=2)
    assert red.any()
    assert (drawn(times, step, [], lines=[1.0]) == (200, 60, 40)).all(axis=2).any()


@pytest.mark.parametrize("times", [[], [0.0], [0.0, 0.0], [0.0, 40_000.0]])
def test_any_course_can_be_drawn(times: list[float]) -> None:
    step = np.zeros(len(times), np.float32)
    mark = Mark(spans=((-5.0, 1e9),), label="x")
    picture = drawn(np.array(times, np.float32), step, [mark], lines=[1e9, -1.0])
    assert picture.dtype == np.uint8


def test_pictures_stand_beside_and_below_each_other() -> None:
    flat, upright = np.full((36, 64), 90, np.uint8), np.full((64, 1), 200, np.uint8)
    rows = beside([[flat, upright], [flat]])
    assert rows.shape == (150 + 8 + 84 + 8, WIDE, 3)
    assert (rows == 90).all(axis=2).any()
    both = under(rows, rows[:10])
    assert both.shape[0] == rows.shape[0] + 10
