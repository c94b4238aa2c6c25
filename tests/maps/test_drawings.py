"""What is drawn on the map, and not in its legend."""

from __future__ import annotations

import cv2
import numpy as np

from forensics.maps.drawings import find_drawings, swatches
from forensics.model.map import Box2D, Lettering, Panel, PanelKind

LINE = Lettering(text="directions of flight", box=Box2D(x=900, y=500, width=200, height=16))


def test_the_arrow_of_a_legend_is_no_track() -> None:
    picture = np.full((800, 1200, 3), 235, np.uint8)
    for (left, top), (right, low) in (((790, 508), (890, 508)), ((200, 700), (400, 200))):
        way = np.array((right - left, low - top)) / np.hypot(right - left, low - top)
        neck, aside = np.array((right, low)) - 24 * way, 10 * np.array((-way[1], way[0]))
        cv2.line(picture, (left, top), tuple(neck.round().astype(int).tolist()), (200, 30, 38), 5)
        tip = np.array([(right, low), neck + aside, neck - aside]).round().astype(np.int32)
        cv2.fillPoly(picture, [tip], (200, 30, 38))
    legend = Panel(kind=PanelKind.LEGEND, box=LINE.box)
    everything = find_drawings(picture, [LINE], [], None).tracks
    on_map = find_drawings(picture, [LINE], [legend], None).tracks
    assert len(everything) == 2
    assert [round(track.end.y, -2) for track in on_map] == [200]


def test_only_texts_of_legends_have_samples_before_them() -> None:
    table = Panel(kind=PanelKind.TABLE, box=LINE.box)
    assert swatches([LINE], [table]) == []
    (box,) = swatches([LINE], [Panel(kind=PanelKind.LEGEND, box=LINE.box)])
    assert (box.x, box.x + box.width) == (900 - 8 * 16, 900)
