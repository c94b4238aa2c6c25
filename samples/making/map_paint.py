"""The ground of the map: projection, land and water, borders, rivers."""

from __future__ import annotations

import math

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from making import map_data
from making.map_data import Point
from making.noise import soften, tile

Picture = NDArray[np.uint8]

WIDTH, HEIGHT = 1600, 1000
OVER = 2
"""Everything but text is painted at twice the size and then shrunk, for smooth edges."""
PER_DEGREE = 50.0
WEST = 21.25
NORTH = 60.42
"""Latitude at the upper edge of the picture (the title lies over it)."""

NAVY, DEEP, WHITE = (22, 40, 72), (14, 26, 50), (255, 255, 255)
RED, DARK_RED, GOLD, INK = (200, 30, 38), (128, 14, 22), (214, 172, 84), (38, 42, 50)
RUSSIA, NEIGHBOUR, UKRAINE = (232, 231, 222), (214, 216, 212), (222, 214, 196)
TINT = (240, 205, 178)
WATER, SHORE = (158, 192, 214), (112, 152, 180)


def mercator(latitude: float) -> float:
    """Give the Web Mercator ordinate in degrees of longitude."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def pixel(at: Point) -> tuple[float, float]:
    """Give column and row of a longitude and latitude, in the finished picture."""
    return (
        (at[0] - WEST) * PER_DEGREE,
        (mercator(NORTH) - mercator(at[1])) * PER_DEGREE,
    )


def natural(line: tuple[Point, ...], *, seed: int, rough: float = 0.16) -> NDArray[np.float64]:
    """Turn a few points into a line as nature and history draw it: ever smaller detours.

    The ends and the given points stay where they are, so that lines that share them still meet.

    Args:
        line: Longitudes and latitudes.
        seed: Names the detours.
        rough: Size of a detour as a part of the length it spans.

    Returns:
        Columns and rows at the painting's size (n, 2).
    """
    rng = np.random.default_rng(seed)
    points = np.array([pixel(p) for p in line]) * OVER
    while True:
        step = np.diff(points, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        if length.max() < 7:
            return points
        middle = (points[:-1] + points[1:]) / 2
        aside = np.stack([-step[:, 1], step[:, 0]], -1)
        middle += aside * np.clip(rng.normal(0, rough, (len(step), 1)), -0.3, 0.3)
        points = np.insert(points, np.arange(1, len(points)), middle, axis=0)


def fixed(line: NDArray[np.float64]) -> list[NDArray[np.int32]]:
    """Give a line as OpenCV wants it: in sixteenths of a pixel, a list of one."""
    return [np.round(line * 16).astype(np.int32)]


def stroke(
    picture: Picture, line: NDArray[np.float64], colour: tuple[int, int, int], width: int
) -> None:
    """Draw a line with smooth edges at the painting's size."""
    cv2.polylines(picture, fixed(line), False, colour, width, cv2.LINE_AA, 4)


def ground() -> Picture:
    """Paint land, water, borders and rivers at the painting's size (RGB)."""
    shape = (HEIGHT * OVER, WIDTH * OVER)
    countries = [natural(a, seed=100 + k) for k, a in enumerate(map_data.COUNTRY_ARCS)]
    regions = [natural(a, seed=200 + k) for k, a in enumerate(map_data.REGION_ARCS)]
    coasts = [natural(a, seed=300 + k, rough=0.2) for k, a in enumerate(map_data.COASTS)]
    walls = np.zeros(shape, np.uint8)
    for line in [*countries, *coasts]:
        cv2.polylines(walls, fixed(line), False, 255, 3, cv2.LINE_8, 4)
    picture = np.full((*shape, 3), RUSSIA, np.uint8)
    for seed, colour in (
        ((27.5, 53.5), NEIGHBOUR),
        ((24.5, 55.5), NEIGHBOUR),
        ((25.5, 56.9), NEIGHBOUR),
        ((26.2, 58.7), NEIGHBOUR),
        ((22.0, 52.5), NEIGHBOUR),
        ((22.0, 54.75), RUSSIA),
        ((30.0, 50.2), UKRAINE),
        ((21.6, 58.7), WATER),
    ):
        picture[_area(walls, seed)] = colour
    for line in regions:
        cv2.polylines(walls, fixed(line), False, 255, 3, cv2.LINE_8, 4)
    for _, _, seed in map_data.COUNTED:
        picture[_area(walls, seed)] = TINT
    for k in (1, 2):
        cv2.fillPoly(picture, fixed(coasts[k]), NEIGHBOUR, cv2.LINE_AA, 4)
    picture = _relief(picture)
    for k, river in enumerate(map_data.RIVERS):
        stroke(picture, natural(river, seed=400 + k, rough=0.22), WATER, 4 if k < 5 else 3)
    for k, lake in enumerate(map_data.LAKES):
        shore = natural(lake, seed=500 + k, rough=0.14)
        cv2.fillPoly(picture, fixed(shore), WATER, cv2.LINE_AA, 4)
        stroke(picture, shore, SHORE, 2)
    for line in coasts:
        stroke(picture, line, SHORE, 3)
    for line in regions:
        stroke(picture, line, (178, 172, 164), 2)
    for line in countries:
        stroke(picture, line, (246, 244, 240), 9)
        stroke(picture, line, (122, 108, 112), 4)
    return picture


def _area(walls: NDArray[np.uint8], seed: Point) -> NDArray[np.bool_]:
    """Find the area round a point that borders enclose."""
    mask = np.pad(walls, 1, constant_values=0)
    c, r = (round(v * OVER) for v in pixel(seed))
    cv2.floodFill(walls.copy(), mask, (c, r), 0, flags=4 | (128 << 8) | cv2.FLOODFILL_MASK_ONLY)
    grown = cv2.dilate((mask[1:-1, 1:-1] == 128).astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.asarray(grown > 0)


def _relief(picture: Picture) -> Picture:
    """Shade the land softly as if hills threw shade; a few steps only, so that PNG packs well."""
    hills = cv2.resize(tile(seed=61, slope=1.5), (1280, 1280), interpolation=cv2.INTER_CUBIC)
    shade = soften(hills, 2.2)
    fall = shade - np.roll(shade, (2, 2), (0, 1))
    slope = cv2.resize(fall, (WIDTH * OVER, WIDTH * OVER), interpolation=cv2.INTER_CUBIC)
    slope = slope[: HEIGHT * OVER] / slope.std()
    light = 1 + 0.011 * np.round(np.clip(slope, -2, 2) * 1.5) / 1.5
    wet = np.all(picture == WATER, axis=-1)
    light[wet] = 1.0
    return np.asarray(np.clip(picture * light[..., None], 0, 255), np.uint8)


def blend(
    picture: Picture,
    mask: MatLike,
    colour: tuple[int, int, int],
    strength: float,
) -> None:
    """Lay a colour over a picture through a mask (0 to 255), in place."""
    alpha = (mask.astype(np.float32) / 255 * strength)[..., None]
    picture[:] = np.round(picture * (1 - alpha) + np.array(colour, np.float32) * alpha)
