"""The ground of a made map: sea, land, relief or a satellite's view, borders, regions, roads and rivers."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
from maps_canvas import FINER, Canvas, Points, View, clouds, smooth, text_width
from maps_look import Style
from maps_towns import COUNTRIES, RIVERS, WATERS, towns
from numpy.typing import NDArray
from scipy.spatial import Delaunay, Voronoi

from forensics.maps.geography import geography


def lay(canvas: Canvas, view: View, style: Style, random: np.random.Generator) -> None:
    """Draws everything that lies under names and signs."""
    look = style.palette
    lands = _lands(view)
    _ground(canvas, view, style, lands, random)
    if style.backdrop == "regions":
        _regions(canvas, view, style, random)
    west, south, east, north = view.edges()
    if "graticule" in style.parts:
        _graticule(canvas, view, style)
    if style.backdrop == "roads":
        _roads(canvas, view, random)
    water = look.coast if style.backdrop != "satellite" else look.sea
    if style.backdrop != "satellite" or random.random() < 0.5:
        for _, points in RIVERS:
            canvas.line(view.pixels(smooth(np.array(points), 80)), water, 1.4)
    for outline in geography().outlines(west, south, east, north):
        width, colour = (1.1, look.coast) if outline.coast else (2.2, look.border)
        if style.backdrop == "satellite" and outline.coast:
            continue
        canvas.line(view.pixels(outline.points), colour, width)


def wide_names(
    canvas: Canvas, view: View, style: Style, language: int, random: np.random.Generator
) -> list[tuple[float, float, float, float]]:
    """Writes the names of countries, waters and rivers; returns the boxes that they fill."""
    look, taken = style.palette, []
    if "countries" in style.parts:
        for names, at in COUNTRIES.values():
            taken += _spaced(canvas, view, style, names[language], at, random)
    if "waters" in style.parts:
        for names, at in WATERS:
            x, y = view.pixels(np.array([at]))[0]
            if view.inside(np.array([[x, y]]), 60)[0]:
                wide = text_width(names[language], style.face, style.letters, 2)
                canvas.text(
                    names[language],
                    x,
                    y,
                    style.face,
                    style.letters,
                    look.coast,
                    cut=2,
                    anchor="ms",
                )
                taken.append((x - wide / 2, y - style.letters, x + wide / 2, y + 4))
    if "curved" in style.parts:
        for names, points in RIVERS:
            path = view.pixels(smooth(np.array(points), 200))
            path = path[view.inside(path, 20)] - (0, 4)
            if len(path) > 40:
                start = int(random.integers(0, len(path) - 39))
                run = path[start:] if path[-1, 0] > path[start, 0] else path[start::-1]
                canvas.curved(
                    names[language], run, style.face, style.letters * 0.85, look.coast, 3.0
                )
    return taken


def _lands(view: View) -> NDArray[np.int32]:
    """Number of the country at each pixel of the box, 0 for the sea."""
    left, top, right, bottom = (round(v) for v in view.box)
    found = np.zeros((bottom - top, right - left), np.int32)
    # Ring by ring, neighbours after one another: a number each is all that colours need.
    for number, ring in enumerate(geography().land(*view.edges()), 1):
        flat = np.round(view.pixels(ring) - (left, top)).astype(np.int32)
        cv2.fillPoly(found, [flat.reshape(-1, 1, 2)], number)
    return found


def _ground(
    canvas: Canvas,
    view: View,
    style: Style,
    lands: NDArray[np.int32],
    random: np.random.Generator,
) -> None:
    look = style.palette
    left, top, right, bottom = (round(v) for v in view.box)
    wide, high = (right - left) * FINER, (bottom - top) * FINER
    colours = np.array([look.sea, *(look.lands * (int(lands.max()) + 1))], np.float32)
    shade = cv2.resize(colours[lands], (wide, high), interpolation=cv2.INTER_NEAREST)
    shade = cv2.GaussianBlur(shade, (0, 0), 2.0)
    land = cv2.resize((lands > 0).astype(np.float32), (wide, high))[..., None]
    if style.backdrop == "relief":
        heights = cv2.resize(clouds(random, (high // 2, wide // 2), 14, 5), (wide, high))
        slope = heights - np.roll(heights, (3, 3), (0, 1))
        shade += land * np.clip(slope * 420, -26, 26)[..., None]
    if style.backdrop == "satellite":
        ground = cv2.resize(clouds(random, (high // 2, wide // 2), 6, 8), (wide, high))
        fields = cv2.resize(clouds(random, (high // 2, wide // 2), 60, 3), (wide, high))
        shade += land * (ground[..., None] * (60, 44, 40) + fields[..., None] * (26, 30, 14))
        shade += (1 - land) * ground[..., None] * 12
    canvas.paint(np.asarray(np.clip(shade, 0, 255), np.uint8), view.box)


def _regions(canvas: Canvas, view: View, style: Style, random: np.random.Generator) -> None:
    """Boundaries about regional centres: nobody measures them, so they are half-way lines that wobble."""
    centres = np.array([(t.lon, t.lat) for t in towns() if t.rank > 1])
    cells = Voronoi(centres)
    for a, b in cells.ridge_vertices:
        if min(a, b) < 0:
            continue
        ends = cells.vertices[[a, b]]
        if np.abs(ends[0] - ends[1]).max() > 4:
            continue
        along = np.linspace(0, 1, 9)[:, None]
        path = ends[0] * (1 - along) + ends[1] * along
        path[1:-1] += random.normal(0, 0.05, (7, 2))
        if all(geography().countries(ends)):
            canvas.line(view.pixels(path), style.palette.border, 1.0, alpha=150)


def _roads(canvas: Canvas, view: View, random: np.random.Generator) -> None:
    known = np.array([(t.lon, t.lat) for t in towns()])
    pairs = {
        tuple(sorted(pair))
        for corner in Delaunay(known).simplices
        for pair in itertools.combinations(corner.tolist(), 2)
    }
    for a, b in sorted(pairs):
        if np.hypot(*(known[a] - known[b])) > 4:
            continue
        path = known[a] + (known[b] - known[a]) * np.linspace(0, 1, 7)[:, None]
        path[1:-1] += random.normal(0, 0.06, (5, 2))
        shown = view.pixels(smooth(path, 40))
        canvas.line(shown, (226, 190, 130), 3.2)
        canvas.line(shown, (252, 224, 160), 2.0)


def _graticule(canvas: Canvas, view: View, style: Style) -> None:
    west, south, east, north = view.edges()
    step = 2 if east - west < 16 else 5
    look = style.palette
    left, top, right, bottom = view.box
    for lon in range(int(west // step) * step, int(east) + 1, step):
        path = view.pixels(
            np.column_stack((np.full(60, float(lon)), np.linspace(south, north, 60)))
        )
        canvas.line(path, look.coast, 0.7, alpha=140)
        cut = path[np.argmin(np.abs(path[:, 1] - (bottom - 8)))]
        if left + 20 < cut[0] < right - 20:
            canvas.text(f"{lon}°", cut[0] + 3, bottom - 6, style.face, 12, look.coast)
    for lat in range(int(south // step) * step, int(north) + 1, step):
        path = view.pixels(np.column_stack((np.linspace(west, east, 60), np.full(60, float(lat)))))
        canvas.line(path, look.coast, 0.7, alpha=140)
        cut = path[np.argmin(np.abs(path[:, 0] - (left + 8)))]
        if top + 20 < cut[1] < bottom - 20:
            canvas.text(f"{lat}°", left + 5, cut[1] - 3, style.face, 12, look.coast)


def _spaced(
    canvas: Canvas,
    view: View,
    style: Style,
    name: str,
    at: tuple[float, float],
    random: np.random.Generator,
) -> list[tuple[float, float, float, float]]:
    """A country's name, its letters wide apart; along a curve where the style has such."""
    size, spacing = style.letters * random.uniform(1.1, 1.5), style.letters * 0.6
    wide = text_width(name, style.face, size, 0, spacing)
    middle: Points = view.pixels(np.array([at]))
    if not view.inside(middle, 0.55 * wide)[0]:
        return []
    x, y = middle[0]
    if "curved" in style.parts:
        bow = np.linspace(-1, 1, 40)
        path = np.column_stack(
            (x + bow * wide * 0.55, y + 0.12 * wide * bow**2 * random.choice([-1, 1]))
        )
        canvas.curved(name, path, style.face, size, style.palette.country, spacing)
    else:
        colour = style.palette.country
        canvas.text(name, x, y, style.face, size, colour, anchor="ms", spacing=spacing)
    return [(x - wide / 2, y - size, x + wide / 2, y + 6)]
