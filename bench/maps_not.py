"""Pictures that must not be placed: maps whose names are shuffled, and pictures that are no maps.

Many of these carry names of towns beside dots, in the very lettering of maps: tables, timetables, schemes
of lines, forecasts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from maps_canvas import Canvas
from maps_look import Style
from maps_made import make
from maps_spoil import jpeg
from maps_styles import STYLES
from maps_towns import WORDS, towns
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
SHARE: Final = {
    "map with names shuffled": 80,
    "table of towns": 20,
    "bar chart of towns": 20,
    "scheme of lines": 25,
    "forecast on a grid": 15,
    "poster": 10,
    "photograph": 30,
}


def not_maps(media: Path, share: float) -> Iterator[tuple[str, int, Callable[[], Picture]]]:
    """Yields kind, number and maker of each picture; `share` of the whole number of each kind."""
    styles = [s for s in STYLES if s.half == "test"]
    photos = sorted((media / "images/forgery/casia-v1/authentic").glob("*.jpg"))
    photos += sorted((media / "images/exif/jpg").glob("*.jpg"))
    asked = [
        ((number + 0.5) / count, kind, number)
        for kind, count in SHARE.items()
        for number in range(max(1, round(count * share)))
    ]
    # Kinds take turns, so that a run that is broken off has some of each.
    for _, kind, number in sorted(asked):
        random = np.random.default_rng([*kind.encode(), number])
        style = styles[number % len(styles)]
        if kind == "photograph":
            if photos:
                yield kind, number, partial(_photo, photos[number * 11 % len(photos)])
        elif kind == "map with names shuffled":
            yield kind, number, partial(_shuffled, style, 900 + number)
        else:
            yield kind, number, partial(_drawn, kind, style, random)


def _shuffled(style: Style, seed: int) -> Picture:
    return make(style, seed, shuffled=True).picture


def _photo(path: Path) -> Picture:
    read = cv2.imread(str(path))
    if read is None:
        raise SystemExit(f"{path} cannot be read")
    return np.asarray(read[:, :, ::-1], np.uint8).copy()


def _drawn(kind: str, style: Style, random: np.random.Generator) -> Picture:
    draw = {
        "table of towns": _table,
        "bar chart of towns": _bars,
        "scheme of lines": _scheme,
        "forecast on a grid": _forecast,
        "poster": _poster,
    }[kind]
    canvas = Canvas(1280, 860, style.palette.lands[0])
    draw(canvas, style, random)
    return jpeg(canvas.done(), int(random.integers(60, 95)))


def _some(count: int, random: np.random.Generator, language: int) -> list[str]:
    chosen = random.permutation(len(towns()))[:count]
    return [towns()[i].names[language] for i in chosen.tolist()]


def _table(canvas: Canvas, style: Style, random: np.random.Generator) -> None:
    """Columns of names with bullets, as timetables and lists have them."""
    columns = int(random.integers(1, 5))
    names = _some(14 * columns, random, int(random.integers(3)))
    if random.random() < 0.5:
        names.sort()
    for i, name in enumerate(names):
        x, y = 80 + 300 * (i // 14), 110 + 50 * (i % 14)
        canvas.disc(x, y - 6, 4, style.palette.name)
        canvas.text(name, x + 16, y, style.face, 19, style.palette.name)
        clock = f"{random.integers(24):02}:{random.integers(60):02}"
        canvas.text(clock, x + 210, y, style.face, 17, style.palette.accent)


def _bars(canvas: Canvas, style: Style, random: np.random.Generator) -> None:
    """A bar chart, lying or standing; or dots with names in a diagram of two numbers."""
    look, language = style.palette, int(random.integers(3))
    names = _some(18, random, language)
    canvas.text(WORDS["ru"][3], 80, 60, style.face, 26, look.name, cut=1)
    if random.random() < 0.5:
        for i, name in enumerate(names[:14]):
            y, long = 120 + 50 * i, random.uniform(60, 800)
            canvas.text(name, 260, y, style.face, 18, look.name, anchor="rs")
            canvas.box((280, y - 18, 280 + long, y + 6), look.accent)
            canvas.text(str(round(long / 9)), 290 + long, y, style.face, 16, look.name)
        return
    canvas.line(np.array([(90.0, 90.0), (90, 800), (1240, 800)]), look.name, 2)
    for name in names:
        x, y = random.uniform((120, 110), (1080, 780))
        canvas.disc(x, y, 5, look.accent)
        canvas.text(name, x + 10, y + 6, style.face, 17, look.name)


def _scheme(canvas: Canvas, style: Style, random: np.random.Generator) -> None:
    """Lines with stations: towns in order along strokes that have no scale."""
    look, language = style.palette, int(random.integers(3))
    for line in range(int(random.integers(2, 5))):
        names = _some(8, random, language)
        y = 130.0 + 170 * line
        bend = random.uniform(-60, 60, 8)
        path = np.column_stack((np.linspace(70, 1130, 8), y + bend))
        canvas.line(path, look.accent, 7)
        for i, (name, (x, at)) in enumerate(zip(names, path.tolist(), strict=True)):
            canvas.disc(x, at, 8, (255, 255, 255), look.accent, 3)
            canvas.text(
                name, x, at + (34 if i % 2 else -18), style.face, 17, look.name, anchor="ms"
            )


def _forecast(canvas: Canvas, style: Style, random: np.random.Generator) -> None:
    """Cards with a town, a sign and a temperature each."""
    look = style.palette
    names = _some(20, random, int(random.integers(3)))
    for i, name in enumerate(names):
        x, y = 50 + 240 * (i % 5), 60 + 195 * (i // 5)
        canvas.box((x, y, x + 220, y + 170), look.panel, look.border, 2, 12)
        canvas.text(name, x + 110, y + 40, style.face, 19, look.panel_text, cut=1, anchor="ms")
        canvas.disc(x + 60, y + 100, 24, look.accent)
        degrees = f"{random.integers(-20, 20):+d}°"
        canvas.text(degrees, x + 110, y + 115, style.face, 40, look.panel_text)


def _poster(canvas: Canvas, style: Style, random: np.random.Generator) -> None:
    """Large words, a few towns, shapes."""
    look = style.palette
    for _ in range(12):
        at = random.uniform((0, 0), (1280, 860))
        canvas.disc(*at.tolist(), float(random.uniform(10, 130)), look.lands[-1], look.accent, 3)
    words = WORDS["ru" if random.random() < 0.5 else "en"]
    for row, size in enumerate((52, 30, 30)):
        canvas.text(
            words[row], 640, 200 + 90 * row, style.face, size, look.name, cut=1, anchor="ms"
        )
    names = " • ".join(_some(6, random, 0))
    canvas.text(names, 640, 620, style.face, 22, look.name, anchor="ms")
