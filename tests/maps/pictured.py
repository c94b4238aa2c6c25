"""A small map drawn in the test with known places, and what a reader of text says of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from forensics.maps.gazetteer import gazetteer
from forensics.maps.projections import MERCATOR
from forensics.model.map import Box2D, Lettering
from tests.maps.unmade import positions, shown

NAMES = (
    "Kyiv",
    "Chernihiv",
    "Sumy",
    "Kharkiv",
    "Poltava",
    "Zhytomyr",
    "Homyel'",
    "Bryansk",
    "Kursk",
    "Belgorod",
    "Mahilyow",
    "Vinnytsya",
)
SIZE = 1000
INK, PAPER = (25, 25, 30), (232, 228, 215)


@dataclass(frozen=True)
class Pictured:
    """The picture, where its towns are, and its lettering as a reader gives it."""

    pixels: NDArray[np.uint8]
    points: dict[str, tuple[float, float]]
    lettering: tuple[Lettering, ...]


def font(size: int = 22) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def written(draw: ImageDraw.ImageDraw, x: float, y: float, text: str, size: int = 22) -> Lettering:
    """Writes a text with its left end at x and its middle at y."""
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font(size))
    draw.text((x - left, y - (top + bottom) / 2), text, font=font(size), fill=INK)
    box = Box2D(x=x, y=y - (bottom - top) / 2, width=right - left, height=bottom - top)
    return Lettering(text=text, box=box, confidence=90)


@cache
def pictured(*, dots: bool = True, invert: bool = False) -> Pictured:
    places = [gazetteer().candidates(name)[0].place for name in NAMES]
    pixels = shown(MERCATOR, 0.0, positions(places), 800)(positions(places))
    image = Image.new("RGB", (SIZE, SIZE), PAPER)
    draw = ImageDraw.Draw(image)
    for y in (50, 290, 860):  # roads, so that there are lines as well
        draw.line([(0, y), (500, y + 60), (1000, y - 30)], fill=(170, 150, 120), width=3)
    lettering, points = [], {}
    for name, (x, y) in zip(NAMES, np.round(pixels).tolist(), strict=True):
        points[name] = (x, y)
        if dots:
            draw.ellipse((x - 5, y - 5, x + 5, y + 5), fill=INK)
        lettering.append(written(draw, x + 12 if dots else x - 40, y, name))
    picture = np.asarray(image, np.uint8)
    return Pictured(
        pixels=np.asarray(255 - picture if invert else picture, np.uint8),
        points=points,
        lettering=tuple(lettering),
    )


def page_of_text(lines: int = 30) -> NDArray[np.uint8]:
    image = Image.new("RGB", (SIZE, SIZE), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    for row in range(lines):
        text = "words that stand in a line one after another as in any letter"
        draw.text((60, 40 + 30 * row), text, font=font(20), fill=INK)
    return np.asarray(image, np.uint8)


def leaves(seed: int = 0) -> NDArray[np.uint8]:
    """Texture, as on photographs."""
    noise = np.random.default_rng(seed).normal(0, 1, (SIZE // 3, SIZE // 3)).astype(np.float32)
    rough = cv2.resize(noise, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    grey = np.clip(120 + 45 * rough, 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
