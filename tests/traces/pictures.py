"""Pictures made for tests: a scene with things of many sizes and grain, and pieces of it put elsewhere."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

SOURCE = (150, 160)
"""Centre of the piece that is copied, x first; it reaches about 50 pixels around."""
TARGET = (390, 230)
REACH = 48


@cache
def _scene() -> Pixels:
    random = np.random.default_rng(11)
    height, width = 400, 560
    canvas = np.full((height, width, 3), 120, np.uint8)
    for reach in (90, 60, 40, 25, 15, 10, 7):
        for _ in range(1100 // reach):
            middle = random.random(2) * (width, height)
            corners = middle + random.normal(0, reach, (random.integers(3, 6), 2))
            colour = random.integers(20, 235, 3).tolist()
            cv2.fillPoly(canvas, [corners.astype(np.int32)], colour, cv2.LINE_AA)
    soft = cv2.GaussianBlur(canvas, (0, 0), 0.8).astype(np.float32)
    return np.clip(soft + random.normal(0, 4, soft.shape), 0, 255).astype(np.uint8)


def scene() -> Pixels:
    """Returns a picture in which nothing recurs, shape (400, 560, 3)."""
    return _scene().copy()


def put(
    picture: Pixels, *, turn: float = 0.0, scale: float = 1.0, mirrored: bool = False
) -> Pixels:
    """Returns the picture with the disc around `SOURCE` put at `TARGET`."""
    angle = np.deg2rad(turn)
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = linear @ np.diag([-1.0 if mirrored else 1.0, 1.0])
    matrix = np.column_stack([linear, np.array(TARGET) - linear @ np.array(SOURCE)])
    height, width = picture.shape[:2]
    disc = np.zeros((height, width), np.uint8)
    cv2.circle(disc, SOURCE, REACH, 255, -1)
    size = (width, height)
    there = cv2.warpAffine(disc, matrix, size, flags=cv2.INTER_NEAREST)
    piece = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC)
    return np.where(np.asarray(there)[:, :, None] > 0, piece, picture).astype(np.uint8)


def alike(picture: Pixels) -> Pixels:
    """Returns the picture with the same thing seen twice: one shape, each with its own light."""
    random = np.random.default_rng(7)
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.2)
    twice = put(np.asarray(smooth, np.uint8)).astype(np.float32)
    light = np.linspace(-30, 30, picture.shape[1])[None, :, None]
    return np.clip(twice + light + random.normal(0, 9, twice.shape), 0, 255).astype(np.uint8)
