"""What a map's author adds to the ground: tracks, marks, areas, boxes, a legend, a scale bar, an inset."""

from __future__ import annotations

import numpy as np
from maps_base import lay
from maps_canvas import Canvas, Points, View, text_width
from maps_look import Style
from maps_towns import WORDS, towns

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def free(point: tuple[float, ...], taken: list[Box]) -> bool:
    x, y = point
    return not any(a - 3 < x < c + 3 and b - 3 < y < d + 3 for a, b, c, d in taken)


def clear(box: Box, taken: list[Box]) -> bool:
    a, b, c, d = box
    return not any(a < g and e < c and b < h and f < d for e, f, g, h in taken)


def drawing(
    canvas: Canvas,
    view: View,
    style: Style,
    languages: list[int],
    taken: list[Box],
    random: np.random.Generator,
) -> tuple[list[Points], Points, list[int]]:
    """Tracks, launch areas and marks; returns both, and how many marks stand at each place."""
    accent = style.palette.accent
    left, top, right, bottom = view.box
    low, high = np.array((left + 60, top + 60)), np.array((right - 60, bottom - 60))
    if "panel" in style.parts:
        high[0] -= 0.24 * (right - left)
    span = high - low
    tracks: list[Points] = []
    target = low + span * random.uniform((0.3, 0.15), (0.75, 0.4))
    launches = [
        low + span * (random.uniform(0.1, 0.9), random.uniform(0.75, 0.95))
        for _ in range(int(random.integers(1, 4)))
    ]
    for launch in launches if style.areas else ():
        around = np.linspace(0, 2 * np.pi, 60)
        ring = launch + np.column_stack((38 * np.cos(around), 26 * np.sin(around)))
        canvas.polygon(ring, accent, 80)
        canvas.line(ring, accent, 1.6, (6, 4))
    for launch in launches if style.tracks else ():
        for _ in range(int(random.integers(1, 4))):
            start = launch + random.uniform(-18, 18, 2)
            end = target + random.uniform(-70, 70, 2)
            way = end - start
            bend = {"straight": 0.0, "arcs": 0.5}.get(style.tracks, 0.25)
            aside = np.array((-way[1], way[0])) * bend * random.choice([-1, 1])
            aside = aside * random.uniform(0.4, 1.0)
            t = np.linspace(0, 1, 60)[:, None]
            middle = start + way / 2 + aside
            path = (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end
            _arrow(canvas, path, style)
            tracks.append(path)
    marks, numbers = _marks(canvas, view, style, target, random)
    if "callouts" in style.parts:
        drawn = np.vstack([*tracks, marks])
        around = [(x - 8, y - 8, x + 8, y + 8) for x, y in drawn.tolist()]
        taken += _callouts(canvas, style, languages, (low, high), numbers, taken + around, random)
    return tracks, marks, numbers


def _arrow(canvas: Canvas, path: Points, style: Style) -> None:
    accent, thick = style.palette.accent, 3.2
    way = path[-1] - path[-4]
    way = way / max(float(np.hypot(*way)), 1e-6)
    aside = np.array((-way[1], way[0]))
    canvas.line(path[:-1], accent, thick, (12, 7) if style.tracks == "dashed" else None)
    tip = path[-1]
    canvas.polygon(np.array([tip, tip - 16 * way + 7 * aside, tip - 16 * way - 7 * aside]), accent)


def _marks(
    canvas: Canvas, view: View, style: Style, target: Points, random: np.random.Generator
) -> tuple[Points, list[int]]:
    """Small signs in clusters, none over another."""
    if not style.markers:
        return np.empty((0, 2)), []
    numbers = [int(n) for n in random.integers(3, 16, int(random.integers(2, 4)))]
    middles = [target + random.uniform(-40, 40, 2)]
    middles += [random.uniform(view.box[:2], view.box[2:]) * 0.6 + target * 0.4 for _ in numbers]
    placed: list[Points] = []
    for number, middle in zip(numbers, middles, strict=False):
        own = 0
        while own < number:
            at = middle + random.uniform(-75, 75, 2)
            near = placed and min(np.hypot(*(at - p)) for p in placed) < 15
            if near and random.random() < 0.98:
                continue
            placed.append(at)
            own += 1
            _mark(canvas, style, at)
    return np.array(placed), numbers


def _mark(canvas: Canvas, style: Style, at: Points, size: float = 5.5) -> None:
    colour = style.palette.second
    x, y = at
    if style.markers == "cross":
        for dy in (-size, size):
            canvas.line(np.array([(x - size, y - dy), (x + size, y + dy)]), colour, 2.6)
    elif style.markers == "disc":
        canvas.disc(x, y, size, colour, (255, 255, 255), 1)
    else:
        corners = 3 if style.markers == "triangle" else 10
        angle = np.arange(corners) * 2 * np.pi / corners - np.pi / 2
        radius = np.where(np.arange(corners) % 2, 0.45, 1.0) if corners == 10 else 1.0
        canvas.polygon(
            at + 1.3 * size * (np.column_stack((np.cos(angle), np.sin(angle))).T * radius).T,
            colour,
        )


def _callouts(
    canvas: Canvas,
    style: Style,
    languages: list[int],
    within: tuple[Points, Points],
    numbers: list[int],
    taken: list[Box],
    random: np.random.Generator,
) -> list[Box]:
    """Boxes with a region's name and a number, as in the sample; returns them."""
    look, boxes = style.palette, []
    stems = ("Брянская", "Курская", "Тульская"), ("Сумська", "Одеська", "Київська")
    names = [f"{stem} обл." for stem in stems[min(languages[0], 1)]]
    for name, number in zip(names, numbers, strict=False):
        x, y = random.uniform(*within)
        wide = text_width(name, style.face, 15, 1)
        box = (x, y, x + wide + 52, y + 28)
        if not clear(box, taken + boxes):
            continue
        canvas.box(box, look.panel, look.accent, 1)
        canvas.box((x + wide + 16, y, x + wide + 52, y + 28), look.accent)
        canvas.text(name, x + 8, y + 19, style.face, 15, look.panel_text, cut=1)
        canvas.text(
            str(number), x + wide + 34, y + 20, style.face, 18, look.panel, cut=1, anchor="ms"
        )
        boxes.append(box)
    return boxes


def furniture(
    canvas: Canvas, view: View, style: Style, language: str, random: np.random.Generator
) -> list[Box]:
    """Title, panel with a table, legend, scale bar, inset, watermark; returns the boxes they fill."""
    look, words = style.palette, WORDS[language[:2]]
    width, height = canvas.width, canvas.height
    taken: list[Box] = []
    if "title" in style.parts:
        canvas.box((0, 0, width, 84), look.panel)
        canvas.box((0, 80, width, 84), look.accent)
        size = min(32.0, 32 * (width - 240) / text_width(words[0], style.face, 32, 1))
        canvas.text(words[0], 90, 40, style.face, size, look.panel_text, cut=1)
        under = words[10].format(d=int(random.integers(1, 31))) + "  •  " + words[1]
        canvas.text(under, 90, 68, style.face, 18, look.panel_text)
    if "logo" in style.parts:
        for radius, colour in ((32, look.accent), (28, look.second), (18, look.panel)):
            canvas.disc(46, 42, radius, colour)
        taken.append((8, 4, 84, 80))
    if "panel" in style.parts:
        taken.append(_table(canvas, style, words, random))
    if "legend" in style.parts:
        taken.append(_legend(canvas, style, words, height))
    if "scale" in style.parts:
        taken.append(_scale(canvas, view, style, words[9]))
    if "inset" in style.parts:
        taken.append(_inset(canvas, view, style, random))
    if "watermark" in style.parts:
        canvas.text(
            "t.me/svodka_karta", width - 30, height - 16, style.face, 17, look.second, anchor="rs"
        )
        taken.append((width - 230, height - 36, width, height))
    return taken


def _table(
    canvas: Canvas, style: Style, words: tuple[str, ...], random: np.random.Generator
) -> Box:
    look, width = style.palette, canvas.width
    box = (width - 320.0, 100.0, width - 20.0, 400.0)
    canvas.box(box, look.panel, look.border)
    canvas.text(words[3], box[0] + 18, 134, style.face, 21, look.panel_text, cut=1)
    regions = (
        ("Брянская", "Смоленская", "Новгородская", "Калужская")
        if words[4] == "ВСЕГО"
        else ("Сумська", "Харківська", "Полтавська", "Київська")
    )
    counts = random.integers(1, 60, 4)
    rows = [(f"{n} {words[8]}", int(c)) for n, c in zip(regions, counts, strict=True)]
    for i, (name, count) in enumerate([*rows, (words[4], int(counts.sum()))]):
        y = 178 + 46 * i
        canvas.text(name, box[0] + 18, y, style.face, 18, look.panel_text, cut=int(i == 4))
        canvas.text(str(count), box[2] - 18, y, style.face, 22, look.accent, cut=1, anchor="rs")
    return box


def _legend(canvas: Canvas, style: Style, words: tuple[str, ...], height: int) -> Box:
    look = style.palette
    box = (18.0, height - 188.0, 300.0, height - 62.0)
    canvas.box(box, look.panel, look.border, alpha=235)
    canvas.text(words[5], 32, box[1] + 26, style.face, 15, look.panel_text, cut=1)
    for i, word in enumerate((words[2], words[6], words[7])):
        y = box[1] + 54 + 27 * i
        if i == 0:
            canvas.disc(48, y - 5, 9, None, look.accent, 2)
        elif i == 1:
            _arrow(canvas, np.column_stack((np.linspace(32, 66, 9), np.full(9, y - 5))), style)
        elif style.markers:
            _mark(canvas, style, np.array((48.0, y - 5)))
        canvas.text(word, 78, y, style.face, 15, look.panel_text)
    return box


def _scale(canvas: Canvas, view: View, style: Style, unit: str) -> Box:
    look, height = style.palette, canvas.height
    here = view.pixels(np.array([(view.lon, view.lat), (view.lon + 0.2, view.lat)]))
    per_km = np.hypot(*(here[1] - here[0])) / (0.2 * 111.2 * np.cos(np.radians(view.lat)))
    km = next(k for k in (500, 250, 200, 100, 50, 20) if k * per_km < 170 or k == 20)
    wide = float(km * per_km)
    x, y = 24.0, height - 30.0
    colour = look.name
    canvas.line(np.array([(x, y - 6), (x, y), (x + wide, y), (x + wide, y - 6)]), colour, 2)
    canvas.text("0", x, y - 10, style.face, 13, colour, anchor="ms", halo=style.halo)
    canvas.text(
        f"{km} {unit}", x + wide, y - 10, style.face, 13, colour, anchor="ms", halo=style.halo
    )
    return (x - 6, y - 24, x + wide + 40, y + 4)


def _inset(canvas: Canvas, view: View, style: Style, random: np.random.Generator) -> Box:
    """The whole region in a corner, much smaller, with some capitals."""
    right, top = canvas.width - 16.0, view.box[1] + 16
    box = (right - 290, top, right, top + 220)
    small = View(name="mercator", lon=view.lon, lat=view.lat, km=3.4 * view.km, box=box)
    tile = Canvas(canvas.width, canvas.height, style.palette.panel)
    lay(tile, small, style, random)
    canvas.paint(np.asarray(tile.image.crop([int(v * 2) for v in box]), np.uint8), box)
    language = 2 if "en" in style.languages else 0
    for town in towns():
        x, y = small.pixels(np.array([(town.lon, town.lat)]))[0]
        if town.rank == 3 and box[0] + 10 < x < box[2] - 80 and box[1] + 14 < y < box[3] - 8:
            canvas.disc(x, y, 3, style.palette.town)
            canvas.text(town.names[language], x + 6, y + 4, style.face, 12, style.palette.name)
    outline = np.array([view.box[:2], view.box[2:]])
    west, north, east, south = *view.ground(outline)[0], *view.ground(outline)[1]
    frame = np.array([(west, north), (east, north), (east, south), (west, south), (west, north)])
    canvas.line(small.pixels(frame), style.palette.accent, 2)
    canvas.box(box, None, style.palette.border, 2)
    return box
