"""What is drawn on the map, and not in its legend."""

from __future__ import annotations

import cv2
import numpy as np

from forensics.maps.drawings import cut, find_drawings, shown_whole, swatches
from forensics.maps.strokes import Stroke
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


def test_a_line_that_runs_off_the_picture_has_no_head_there_and_is_told() -> None:
    path = np.linspace((300.0, 200.0), (500.0, 806.0), 200)
    stroke = Stroke(path=path, width=5, colour="#c81e26", arrow=True, covered=0, error=2, ink=0)
    whole = shown_whole(stroke, (1200, 800))
    assert not whole.arrow
    assert whole.path.max(axis=0).tolist() == [500, 799]
    assert cut([whole], (1200, 800))[0].startswith("Lines run off the picture at 500,799 (pixels)")
    assert shown_whole(stroke, (1200, 1200)) is stroke
    assert cut([stroke], (1200, 1200)) == ()
