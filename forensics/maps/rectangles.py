"""Upright rectangles of a graphic, in pixels."""

from __future__ import annotations

from forensics.model.map import Box2D


def around(*boxes: Box2D) -> Box2D:
    """Returns the smallest rectangle that holds all of `boxes`, of which there is at least one."""
    x, y = min(b.x for b in boxes), min(b.y for b in boxes)
    return Box2D(
        x=x,
        y=y,
        width=max(b.x + b.width for b in boxes) - x,
        height=max(b.y + b.height for b in boxes) - y,
    )
