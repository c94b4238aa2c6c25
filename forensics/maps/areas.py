"""Which regions are shaded on the map?

A flat colour that is stronger than the ground's own, in a region that ends within the map. Land and water are
the map's ground: the most frequent colours, and blue ones, are left out, so that a region that is shaded in
blue is not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.maps.inks import Canvas, Mask, frequent, hexadecimal

LEAST: Final = 0.0007
MOST: Final = 0.2
"""Of the picture, that a shaded region covers."""
STRONGER: Final = 9.0
"""Chroma (CIE Lab) beyond that of the most frequent colour."""
FLAT: Final = 9.0
COMPACT: Final = 0.55
"""Of its convex outline, that a region fills."""
_COLOURS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A shaded region; `outline` is (n, 2), in pixels of the graphic."""

    colour: str
    outline: NDArray[np.float64]


def find_regions(canvas: Canvas) -> tuple[Region, ...]:
    """Returns the shaded regions, largest first."""
    shrink = 2
    small = canvas.lab[::shrink, ::shrink]
    flat = np.stack([cv2.medianBlur(np.ascontiguousarray(small[..., i]), 5) for i in range(3)], 2)
    out = canvas.apart[::shrink, ::shrink]
    colours = frequent(flat[out == 0], _COLOURS, 0.0004 * flat.shape[0] * flat.shape[1])
    if not colours:
        return ()
    base = np.hypot(colours[0][1], colours[0][2])
    found: list[tuple[float, Region]] = []
    for colour in colours[1:]:
        watery = colour[2] < -3 and colour[1] < 8
        if watery or np.hypot(colour[1], colour[2]) < base + STRONGER:
            continue
        off = flat - colour
        mask = ((np.einsum("ijk,ijk->ij", off, off) < FLAT**2) & (out == 0)).astype(np.uint8)
        found += _regions(
            mask, canvas.covered[::shrink, ::shrink], hexadecimal(colour), shrink, canvas.scale
        )
    found.sort(key=lambda pair: (-pair[0], pair[1].outline[0].tolist()))
    return tuple(region for _, region in found[:40])


def _regions(
    mask: Mask, covered: Mask, colour: str, shrink: int, scale: float
) -> list[tuple[float, Region]]:
    # Borders, tracks and symbols over a region do not part it.
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    height, width = mask.shape
    found = []
    for outline in outlines:
        area = cv2.contourArea(outline)
        x, y, wide, high = cv2.boundingRect(outline)
        at_edge = x < 2 or y < 2 or x + wide > width - 2 or y + high > height - 2
        if at_edge or not LEAST < area / (height * width) < MOST:
            continue
        if area < COMPACT * cv2.contourArea(cv2.convexHull(outline)):
            continue
        if covered[y : y + high, x : x + wide].mean() > 0.4:
            continue
        ring = cv2.approxPolyDP(outline, 1.0, closed=True)[:, 0].astype(np.float64)
        if len(ring) > 3:
            at = (ring * shrink + shrink / 2) / scale - 0.5
            found.append((area, Region(colour=colour, outline=at)))
    return found
