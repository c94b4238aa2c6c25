"""Rectangles around others."""

from __future__ import annotations

from forensics.maps.rectangles import around
from forensics.model.map import Box2D


def test_the_rectangle_around_others_holds_them_and_no_more() -> None:
    left = Box2D(x=-3, y=10, width=5, height=2)
    low = Box2D(x=1, y=20, width=1, height=30)
    assert around(left, low) == Box2D(x=-3, y=10, width=5, height=40)
    assert around(low, left) == around(left, low)
    assert around(left) == left
