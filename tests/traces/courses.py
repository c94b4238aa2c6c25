"""Small pictures of made videos: a window that wanders over a large picture, with new noise in each."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

ROWS, COLUMNS = 36, 64
Luma = NDArray[np.uint8]


def place(seed: int) -> NDArray[np.float32]:
    """A large picture with structure of all sizes."""
    rng = np.random.default_rng(seed)
    made = np.zeros((400, 400), np.float32)
    for size in (3, 9, 27):
        layer = cv2.GaussianBlur(rng.standard_normal((400, 400)).astype(np.float32), (0, 0), size)
        made += np.asarray(layer / layer.std())
    return np.asarray(128 + 28 * made, np.float32)


def course(count: int, seed: int) -> NDArray[np.float64]:
    """A smooth walk of chance, (count, 2), that moves by about a pixel with each picture."""
    rng = np.random.default_rng(seed)
    push = cv2.GaussianBlur(rng.standard_normal((count + 80, 2)), (1, 81), 0.1, None, 12.0)
    speed = np.asarray(push)[40 : 40 + count]
    walk = np.cumsum(speed / speed.std() * 0.9, axis=0)
    return np.asarray(np.clip(walk + 170, 2, 330), np.float64)


def shown(
    large: NDArray[np.float32], at: NDArray[np.float64], seed: int, noise: float = 0.4
) -> Luma:
    """What a camera at these places shows, shape (pictures, rows, columns)."""
    rng = np.random.default_rng(seed)
    pictures = []
    for x, y in at:
        move = np.array([[1, 0, -x], [0, 1, -y]], np.float64)
        seen = cv2.warpAffine(large, move, (COLUMNS, ROWS), flags=cv2.INTER_LINEAR)
        pictures.append(seen + rng.normal(0, noise, seen.shape))
    return np.clip(np.round(np.stack(pictures)), 0, 255).astype(np.uint8)


def wandering(count: int = 120, seed: int = 1) -> Luma:
    """A held camera before one place."""
    return shown(place(seed), course(count, seed), seed)


def coded(luma: Luma, seed: int = 9, noise: float = 0.6) -> Luma:
    """The pictures as after another coding, which leaves an error of its own in each."""
    rng = np.random.default_rng(seed)
    return np.clip(np.round(luma + rng.normal(0, noise, luma.shape)), 0, 255).astype(np.uint8)
