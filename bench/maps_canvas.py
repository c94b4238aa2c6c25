"""What a made map is drawn with: a view of the earth, and a canvas for lines, areas and lettering.

Projections are PROJ's, so that they owe nothing to those under test. All is drawn twice as large and
reduced at the end, which smooths edges as drawing programs do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pyproj import Proj

Points = NDArray[np.float64]
Colour = tuple[int, int, int]
FINER: Final = 2
FONTS: Final = {
    # Regular, bold, italic.
    "dejavu": ("dejavu/DejaVuSans", "", "-Bold", "-Oblique"),
    "dejavu-narrow": ("dejavu/DejaVuSansCondensed", "", "-Bold", "-Oblique"),
    "dejavu-serif": ("dejavu/DejaVuSerif", "", "-Bold", "-Italic"),
    "noto": ("noto/NotoSans", "-Regular", "-Bold", "-Italic"),
    "noto-display": ("noto/NotoSansDisplay", "-Regular", "-Bold", "-Italic"),
    "noto-serif": ("noto/NotoSerif", "-Regular", "-Bold", "-Italic"),
    "nimbus": ("urw-base35/NimbusSans", "-Regular", "-Bold", "-Italic"),
    "nimbus-narrow": ("urw-base35/NimbusSansNarrow", "-Regular", "-Bold", "-Oblique"),
    "gothic": ("urw-base35/URWGothic", "-Book", "-Demi", "-BookOblique"),
    "century": ("urw-base35/C059", "-Roman", "-Bold", "-Italic"),
    "palatino": ("urw-base35/P052", "-Roman", "-Bold", "-Italic"),
}
PROJECTIONS: Final = {
    "mercator": "+proj=merc +a=6378137 +b=6378137",
    "ellipsoidal mercator": "+proj=merc +ellps=WGS84",
    "equirectangular": "+proj=eqc +lat_ts={lat} +ellps=sphere",
    "plate carree": "+proj=eqc +lat_ts=0 +ellps=sphere",
    "lambert": "+proj=lcc +lat_1={low} +lat_2={high} +lat_0={lat} +lon_0={lon} +ellps=WGS84",
    "albers": "+proj=aea +lat_1={low} +lat_2={high} +lat_0={lat} +lon_0={lon} +ellps=WGS84",
    "gauss-kruger": "+proj=tmerc +lon_0={zone} +ellps=krass",
    "stereographic": "+proj=stere +lat_0=90 +lat_ts=60 +lon_0={lon} +ellps=WGS84",
    "azimuthal": "+proj=laea +lat_0={lat} +lon_0={lon} +ellps=WGS84",
}


@cache
def font(family: str, size: int, cut: int) -> ImageFont.FreeTypeFont:
    """Returns a font; `cut` is 0 regular, 1 bold, 2 italic."""
    stem, *cuts = FONTS[family]
    folder, kind = ("opentype", "otf") if stem.startswith("urw") else ("truetype", "ttf")
    return ImageFont.truetype(f"/usr/share/fonts/{folder}/{stem}{cuts[cut]}.{kind}", size)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a part of the earth is shown: projection, then a similarity.

    Attributes:
        name: Of the projection.
        lon: Middle of the view.
        lat: Middle of the view.
        km: Across.
        box: Of the picture, in its pixels: left, top, right, bottom.
        turn: Degrees by which north leans to the right.
    """

    name: str
    lon: float
    lat: float
    km: float
    box: tuple[float, float, float, float]
    turn: float = 0.0

    def pixels(self, points: Points) -> Points:
        """Returns where longitudes and latitudes are drawn."""
        return self._shown(np.column_stack(self._proj(points[:, 0], points[:, 1])))

    def ground(self, pixels: Points) -> Points:
        """Undoes `pixels`."""
        left, top, right, bottom = self.box
        off = (pixels - ((left + right) / 2, (top + bottom) / 2)) * (1, -1)
        middle, scale, turn = self._frame
        plane = off @ turn.T / scale + middle
        return np.column_stack(self._proj(plane[:, 0], plane[:, 1], inverse=True))

    def edges(self) -> tuple[float, float, float, float]:
        """Returns west, south, east and north of all that the box shows, and some more."""
        left, top, right, bottom = self.box
        xs, ys = np.meshgrid(np.linspace(left, right, 9), np.linspace(top, bottom, 9))
        lon, lat = self.ground(np.column_stack((xs.ravel(), ys.ravel()))).T
        return lon.min() - 1, max(lat.min() - 1, -80), lon.max() + 1, min(lat.max() + 1, 84)

    def inside(self, pixels: Points, margin: float) -> NDArray[np.bool_]:
        left, top, right, bottom = self.box
        low, high = (left + margin, top + margin), (right - margin, bottom - margin)
        return np.all((pixels > low) & (pixels < high), axis=1)

    def _shown(self, plane: Points) -> Points:
        left, top, right, bottom = self.box
        middle, scale, turn = self._frame
        return (plane - middle) @ turn * scale * (1, -1) + (
            (left + right) / 2,
            (top + bottom) / 2,
        )

    @property
    def _proj(self) -> Proj:
        return _proj(self.name, self.lon, self.lat)

    @property
    def _frame(self) -> tuple[Points, float, Points]:
        return _frame(self)


@cache
def _proj(name: str, lon: float, lat: float) -> Proj:
    zone = int(lon // 6) * 6 + 3
    return Proj(
        PROJECTIONS[name].format(
            lat=round(lat), lon=round(lon), low=round(lat) - 5, high=round(lat) + 5, zone=zone
        )
    )


@cache
def _frame(view: View) -> tuple[Points, float, Points]:
    """Middle of the plane, pixels per unit, and the turn."""
    proj = _proj(view.name, view.lon, view.lat)
    middle = np.array(proj(view.lon, view.lat))
    aside = view.km / 2 / (111.2 * np.cos(np.radians(view.lat)))
    half = np.hypot(*(np.array(proj(view.lon + aside, view.lat)) - middle))
    angle = np.radians(view.turn)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return middle, float((view.box[2] - view.box[0]) / 2 / half), turn


class Canvas:
    """A picture that is drawn twice as large as it is asked for; all positions are of the small one."""

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width * FINER, height * FINER), ground)
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    def done(self) -> NDArray[np.uint8]:
        """Returns the picture: RGB, uint8."""
        small = self.image.resize((self.width, self.height), Image.Resampling.BOX)
        return np.asarray(small, np.uint8).copy()

    def paint(self, pixels: NDArray[np.uint8], box: Sequence[float]) -> None:
        """Lays pixels into a box, stretched to it."""
        left, top, right, bottom = (round(v * FINER) for v in box)
        tile = Image.fromarray(pixels).resize((right - left, bottom - top))
        self.image.paste(tile, (left, top))

    def line(
        self,
        points: Points,
        colour: Colour,
        width: float,
        dash: tuple[float, float] | None = None,
        alpha: int = 255,
    ) -> None:
        for run in dashes(points, dash) if dash else [points]:
            flat = [tuple(p) for p in (run * FINER).tolist()]
            if len(flat) > 1:
                self._draw.line(flat, (*colour, alpha), max(1, round(width * FINER)), joint="curve")

    def polygon(self, points: Points, fill: Colour | None, alpha: int = 255) -> None:
        if fill is not None and len(points) > 2:
            self._draw.polygon([tuple(p) for p in (points * FINER).tolist()], (*fill, alpha))

    def box(
        self,
        box: Sequence[float],
        fill: Colour | None,
        edge: Colour | None = None,
        width: float = 1,
        round_: float = 0,
        alpha: int = 255,
    ) -> None:
        self._draw.rounded_rectangle(
            [v * FINER for v in box],
            round_ * FINER,
            fill=(*fill, alpha) if fill else None,
            outline=edge,
            width=max(1, round(width * FINER)),
        )

    def disc(
        self,
        x: float,
        y: float,
        radius: float,
        fill: Colour | None,
        edge: Colour | None = None,
        width: float = 1,
    ) -> None:
        self._draw.ellipse(
            [(v - radius) * FINER for v in (x, y)] + [(v + radius) * FINER for v in (x, y)],
            fill=fill,
            outline=edge,
            width=max(1, round(width * FINER)),
        )

    def text(
        self,
        text: str,
        x: float,
        y: float,
        face: str,
        size: float,
        colour: Colour,
        *,
        cut: int = 0,
        anchor: str = "ls",
        halo: Colour | None = None,
        rim: float = 1.5,
        spacing: float = 0.0,
    ) -> None:
        """Writes a line; `anchor` is Pillow's, `spacing` is added after each letter."""
        ink = font(face, round(size * FINER), cut)
        if not spacing:
            self._letters(text, x, y, ink, colour, halo, rim, anchor)
            return
        wide = text_width(text, face, size, cut, spacing)
        x -= {"l": 0.0, "m": wide / 2, "r": wide}[anchor[0]]
        for letter in text:
            self._letters(letter, x, y, ink, colour, halo, rim, "l" + anchor[1])
            x += ink.getlength(letter) / FINER + spacing

    def _letters(
        self,
        text: str,
        x: float,
        y: float,
        ink: ImageFont.FreeTypeFont,
        colour: Colour,
        halo: Colour | None,
        rim: float,
        anchor: str,
    ) -> None:
        at = (x * FINER, y * FINER)
        if halo is not None:
            stroke = round(rim * FINER)
            self._draw.text(at, text, halo, ink, anchor, stroke_width=stroke, stroke_fill=halo)
        self._draw.text(at, text, colour, ink, anchor)

    def curved(
        self, text: str, path: Points, face: str, size: float, colour: Colour, spacing: float
    ) -> None:
        """Writes along a line, letter by letter, from its start."""
        ink = font(face, round(size * FINER), 2)
        along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))))
        at = 0.0
        for letter in text:
            step = ink.getlength(letter) / FINER
            here, ahead = (
                np.array([np.interp(at + d, along, path[:, axis]) for axis in (0, 1)])
                for d in (0.0, step)
            )
            way = ahead - here
            side = round(size * FINER * 3)
            tile = Image.new("L", (side, side), 0)
            ImageDraw.Draw(tile).text((side / 2, side / 2), letter, 255, ink, "ms")
            tile = tile.rotate(-np.degrees(np.arctan2(way[1], way[0])), Image.Resampling.BICUBIC)
            middle = (here + ahead) / 2 * FINER - side / 2
            self.image.paste(colour, (round(middle[0]), round(middle[1])), tile)
            at += step + spacing


def text_width(text: str, face: str, size: float, cut: int = 0, spacing: float = 0.0) -> float:
    """Returns how wide a line is, in pixels of the small picture."""
    ink = font(face, round(size * FINER), cut)
    if not spacing:
        return ink.getlength(text) / FINER
    return sum(ink.getlength(letter) / FINER + spacing for letter in text) - spacing


def dashes(points: Points, dash: tuple[float, float]) -> list[Points]:
    """Cuts a line into dashes of (on, off) pixels."""
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    runs = []
    for start in np.arange(0.0, along[-1], sum(dash)):
        end = min(start + dash[0], along[-1])
        inner = along[(along > start) & (along < end)]
        where = np.concatenate(([start], inner, [end]))
        runs.append(np.column_stack([np.interp(where, along, points[:, a]) for a in (0, 1)]))
    return runs


def smooth(points: Points, count: int = 60) -> Points:
    """Returns a curve through points (Catmull-Rom)."""
    padded = np.vstack((2 * points[0] - points[1], points, 2 * points[-1] - points[-2]))
    out = []
    each = max(4, count // (len(points) - 1))
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        t = np.linspace(0, 1, each, endpoint=False)[:, None]
        out.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2)
            + 0.5 * (3 * b - a - 3 * c + d) * t**3
        )
    return np.vstack([*out, points[-1:]])


def clouds(
    random: np.random.Generator, shape: tuple[int, int], coarse: int, steps: int
) -> NDArray[np.float32]:
    """Returns fractal noise of mean 0, about -1 to 1."""
    total = np.zeros(shape, np.float32)
    for step in range(steps):
        cells = (coarse << step) + 2
        grain = random.standard_normal((cells * shape[0] // shape[1] + 2, cells))
        total += cv2.resize(
            grain.astype(np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC
        ) / (1.7**step)
    return np.asarray(total / max(float(np.abs(total).max()), 1e-6), np.float32)
