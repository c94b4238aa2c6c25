"""The released map: a ministry's graphic with tracks, a legend, a table of counts."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, PngImagePlugin

from making import map_data, map_frame, map_marks
from making.map_paint import HEIGHT, WIDTH, ground


def make(path: Path) -> None:
    """Draw the map and save it as PNG, with a note in the file that it shows no real event."""
    cv2.setNumThreads(1)
    picture = ground()
    map_marks.launch_areas(picture)
    map_marks.downed(picture)
    for track in map_data.TRACKS:
        map_marks.track(picture, track)
    map_marks.dots(picture)
    small = np.asarray(cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    map_frame.watermark(small)
    map_marks.names(small)
    map_marks.counts_on_map(small)
    map_marks.scale(small)
    map_frame.title(small)
    map_frame.panel(small)
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "Rendered sample. Shows no real event.")
    # 256 colours, as graphics for the web are saved: a third of the size, and text stays crisp.
    flat = Image.fromarray(small).quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    flat.save(path, optimize=True, pnginfo=note)
