"""Made screens and made cameras: pictures shown on a raster of pixels, photographed.

A screen has square pixels, each of three upright stripes (red, green, blue) between dark lines; what it shows
is turned to light by a power of 2.2. The camera sees it in perspective through a lens that blurs, on a sensor
with one colour a place (Bayer, 1976), with noise that grows with the light; missing colours are interpolated.
Lenses, sensors and programs differ: this stands for none of them, and nothing measured on it is measured
on phones.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

FINE = 3
"""Points in each direction at which the light on one place of the sensor is looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How a screen is photographed.

    Attributes:
        pitch: Places of the sensor for each pixel of the screen, in the middle.
        turn: Degrees.
        tilt: How much smaller the far edge is, 0 to 0.3, across and down.
        blur: Standard deviation of the lens's blur, places of the sensor.
        noise: Standard deviation at medium light, grey levels.
        part: Share of the picture's sides that the screen takes; 1 and more: it fills the picture.
    """

    pitch: float
    turn: float = 1.0
    tilt: tuple[float, float] = (0.05, 0.03)
    blur: float = 0.5
    noise: float = 2.0
    part: float = 1.2


def photographed(
    shown: Picture, shot: Shot, size: tuple[int, int], random: np.random.Generator
) -> Picture:
    """Returns a photograph, RGB, of a screen that shows a picture.

    Args:
        shown: RGB; enlarged or cut to fill the screen.
        shot: How.
        size: Width and height of the photograph.
        random: Source of noise, and of the place of the screen's pixels.
    """
    width, height = size
    wide, high = (max(8, round(side * shot.part / shot.pitch)) for side in size)
    light = cover(shown, (wide, high)).astype(np.float32) / 255
    light = np.asarray(light**2.2, np.float32)
    sensor = np.zeros((height, width, 3), np.float32)
    start = random.random(2)
    for top in range(0, height, 128):
        rows = np.arange(top, min(height, top + 128))
        seen = _seen(light, shot, (width, height), rows, start)
        sensor[rows] = seen
    if shot.blur:
        sensor = np.asarray(cv2.GaussianBlur(sensor, (0, 0), shot.blur), np.float32)
    return _developed(sensor, shot.noise, random)


def recorded(scene: Picture, random: np.random.Generator, noise: float = 2.0) -> Picture:
    """Returns what the same camera makes of a scene that is no screen; RGB, of its size."""
    light = np.asarray((scene.astype(np.float32) / 255) ** 2.2, np.float32)
    return _developed(np.asarray(cv2.GaussianBlur(light, (0, 0), 0.5)), noise, random)


def cover(picture: Picture, size: tuple[int, int]) -> Picture:
    """Returns a picture cut and resized to fill a size (width, height)."""
    height, width = picture.shape[:2]
    scale = max(size[0] / width, size[1] / height)
    grown = max(size[0], round(width * scale)), max(size[1], round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    whole = np.asarray(cv2.resize(picture, grown, interpolation=how))
    left, top = (grown[0] - size[0]) // 2, (grown[1] - size[1]) // 2
    return np.asarray(whole[top : top + size[1], left : left + size[0]], np.uint8)


def _seen(
    light: Floats,
    shot: Shot,
    size: tuple[int, int],
    rows: NDArray[np.int64],
    start: NDArray[np.float64],
) -> Floats:
    """The light on some rows of the sensor: means over points within each place."""
    width, height = size
    high, wide = light.shape[:2]
    total = np.zeros((len(rows), width, 3), np.float32)
    cos, sin = np.cos(np.radians(shot.turn)), np.sin(np.radians(shot.turn))
    for down in range(FINE):
        for across in range(FINE):
            x = (np.arange(width) + (across + 0.5) / FINE - width / 2)[None, :]
            y = (rows + (down + 0.5) / FINE - height / 2)[:, None]
            depth = 1 + shot.tilt[0] * x / width + shot.tilt[1] * y / height
            u = (x * cos + y * sin) / depth / shot.pitch + wide / 2 + start[0]
            v = (y * cos - x * sin) / depth / shot.pitch + high / 2 + start[1]
            column, row = np.floor(u), np.floor(v)
            inside = (column >= 0) & (column < wide) & (row >= 0) & (row < high)
            at = np.clip(row, 0, high - 1).astype(int), np.clip(column, 0, wide - 1).astype(int)
            colours = light[at]
            lit = (v - row > 0.08) & (v - row < 0.92) & inside
            for band in range(3):
                stripe = np.abs(u - column - (band + 0.5) / 3) < 0.14
                total[:, :, band] += np.where(stripe & lit, colours[:, :, band] * 3.2, 0.004)
    return total / FINE**2


def _developed(sensor: Floats, noise: float, random: np.random.Generator) -> Picture:
    """One colour for each place, noise, the others interpolated, and levels for the eye."""
    bayer = np.empty(sensor.shape[:2], np.float32)
    for top, left, band in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        bayer[top::2, left::2] = sensor[top::2, left::2, band]
    spread = noise / 255 * np.sqrt(np.maximum(bayer, 0.01)) * 2
    raw = np.clip(bayer + random.normal(0, 1, bayer.shape) * spread, 0, 1)
    whole = cv2.cvtColor((raw * 65535).astype(np.uint16), cv2.COLOR_BayerRGGB2BGR_EA)
    levels = (np.asarray(whole, np.float32)[:, :, ::-1] / 65535) ** (1 / 2.2)
    return np.asarray(np.clip(levels * 255, 0, 255).round(), np.uint8)
