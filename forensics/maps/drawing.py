"""Lines and words that are drawn either as SVG or onto a picture, the same in both.

Onto a picture, words are set in the one font that Pillow carries, so that the same reading gives the same
bytes whatever fonts a system has; it has Latin letters without marks only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from typing import Final
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FINE: Final = 2
"""Lines are drawn this many times as large and reduced, which smooths them."""
TEXT: Final = 13.0
INK, PAPER = "#1d2733", "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How a line looks.

    Attributes:
        stroke: "#rrggbb", or empty for none.
        width: Pixels.
        dash: Pixels drawn and left out by turns; empty for a whole line.
        fill: "#rrggbb" of what it encloses, or empty.
        cover: Opacity of the fill, 0 to 1.
        halo: Pixels of white on each side.
    """

    stroke: str = ""
    width: float = 1.0
    dash: tuple[float, ...] = ()
    fill: str = ""
    cover: float = 1.0
    halo: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of straight pieces.

    Attributes:
        points: x and y of each, in pixels.
        pen: How it looks.
        closed: Its last point is joined to its first.
    """

    points: tuple[tuple[float, float], ...]
    pen: Pen
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text on one line.

    Attributes:
        x: Of its left end, or of its right end.
        y: Of its base line.
        text: Of ours or the gazetteer's; nothing that a file chooses.
        ends: `x` is where it ends.
    """

    x: float
    y: float
    text: str
    ends: bool = False


Shape = Line | Words


def disc(x: float, y: float, radius: float, pen: Pen) -> Line:
    """Returns a circle."""
    turns = np.linspace(0.0, 2 * np.pi, 16, endpoint=False)
    around = np.column_stack((x + radius * np.cos(turns), y + radius * np.sin(turns)))
    return Line(points=_pairs(around), pen=pen, closed=True)


def cross(x: float, y: float, radius: float, pen: Pen) -> tuple[Line, Line]:
    """Returns two strokes that cross."""
    return (
        Line(points=((x - radius, y - radius), (x + radius, y + radius)), pen=pen),
        Line(points=((x - radius, y + radius), (x + radius, y - radius)), pen=pen),
    )


def head(path: Sequence[tuple[float, float]], size: float, pen: Pen) -> Iterator[Line]:
    """Yields the head of an arrow at the end of a path; none where the path has no length."""
    end = np.array(path[-1], np.float64)
    back = next((p for p in reversed(path) if np.hypot(*(end - p)) >= size), path[0])
    along = end - np.array(back)
    long = float(np.hypot(*along))
    if long:
        along = along / long
        aside = np.array((-along[1], along[0]))
        base = end - size * along
        corners = np.array((end, base + size * 0.45 * aside, base - size * 0.45 * aside))
        yield Line(points=_pairs(corners), pen=pen, closed=True)


def thinned(points: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Returns points without those nearer than half a pixel to the last one."""
    kept: list[tuple[float, float]] = []
    for x, y in points:
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 0.5:
            kept.append((x, y))
    return tuple(kept)


def to_svg(shapes: Iterable[Shape], width: int, height: int, title: str) -> str:
    """Returns an SVG document: no script, nothing fetched, every text escaped."""
    body = "".join(part for shape in shapes for part in _svg(shape))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img"><title>{escape(title)}</title>'
        f"<style>text{{font:{TEXT:.0f}px 'DejaVu Sans',Verdana,sans-serif;fill:{INK};"
        f"paint-order:stroke;stroke:{PAPER};stroke-width:3px}}</style>{body}</svg>"
    )


def _svg(shape: Shape) -> Iterator[str]:
    if isinstance(shape, Words):
        end = ' text-anchor="end"' if shape.ends else ""
        said = escape(shape.text)
        yield f'<text x="{shape.x:.1f}" y="{shape.y:.1f}"{end}>{said}</text>'
        return
    pen = shape.pen
    way = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shape.points) + "z" * shape.closed
    if pen.halo:
        wide = pen.width + 2 * pen.halo
        yield f'<path d="{way}" fill="none" stroke="{PAPER}" stroke-width="{wide:g}"/>'
    fill = f' fill="{pen.fill}" fill-opacity="{pen.cover:g}"' if pen.fill else ' fill="none"'
    stroke = f' stroke="{pen.stroke}" stroke-width="{pen.width:g}"' if pen.stroke else ""
    dash = f' stroke-dasharray="{" ".join(f"{d:g}" for d in pen.dash)}"' if pen.dash else ""
    yield f'<path d="{way}"{fill}{stroke}{dash}/>'


def on_picture(shapes: Iterable[Shape], picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns a picture with shapes drawn on it.

    Args:
        shapes: In its pixels.
        picture: RGB, uint8 of shape (height, width, 3).
    """
    height, width = picture.shape[:2]
    large = Image.fromarray(np.ascontiguousarray(picture)).resize(
        (width * FINE, height * FINE), Image.Resampling.BILINEAR
    )
    for shape in shapes:
        if isinstance(shape, Words):
            _letter(ImageDraw.Draw(large), shape)
        else:
            _stroke(large, shape)
    return np.asarray(large.resize((width, height), Image.Resampling.BOX), np.uint8)


def _stroke(large: Image.Image, line: Line) -> None:
    pen = line.pen
    points = [(x * FINE, y * FINE) for x, y in line.points]
    if pen.fill and len(points) > 2:
        ImageDraw.Draw(large, "RGBA").polygon(
            points, fill=f"{pen.fill}{round(255 * pen.cover):02x}"
        )
    if line.closed:
        points.append(points[0])
    draw = ImageDraw.Draw(large)
    if pen.halo and len(points) > 1:
        wide = round((pen.width + 2 * pen.halo) * FINE)
        draw.line(points, fill=PAPER, width=wide, joint="curve")
    if pen.stroke:
        for piece in _dashed(points, [d * FINE for d in pen.dash]) if pen.dash else [points]:
            if len(piece) > 1:
                wide = max(1, round(pen.width * FINE))
                draw.line(piece, fill=pen.stroke, width=wide, joint="curve")


def _dashed(
    points: Sequence[tuple[float, float]], dash: Sequence[float]
) -> Iterator[list[tuple[float, float]]]:
    """The pieces of a line that are drawn."""
    turn, left, piece = 0, dash[0], [points[0]]
    for (x, y), (u, v) in pairwise(points):
        long, done = float(np.hypot(u - x, v - y)), 0.0
        while long - done > left:
            done += left
            at = (x + (u - x) * done / long, y + (v - y) * done / long)
            if turn % 2 == 0:
                yield [*piece, at]
            turn += 1
            left, piece = dash[turn % len(dash)], [at]
        left -= long - done
        piece.append((u, v))
    if turn % 2 == 0:
        yield piece


def _letter(draw: ImageDraw.ImageDraw, words: Words) -> None:
    draw.text(
        (words.x * FINE, words.y * FINE),
        _latin(words.text),
        fill=INK,
        font=_font(),
        anchor="rs" if words.ends else "ls",
        stroke_width=round(1.5 * FINE),
        stroke_fill=PAPER,
    )


def _latin(text: str) -> str:
    return normalize("NFKD", text.replace("\u2019", "'")).encode("ascii", "ignore").decode()


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(TEXT * FINE)


def _pairs(points: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in points.tolist())
