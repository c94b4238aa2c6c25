"""Falling snow in front of the lens: flakes in depth, lit by the torch, streaked by their fall."""

from __future__ import annotations

import numpy as np

from making.noise import Field, soften
from making.raster import Vec

RATE = 30
CLASSES = (0.7, 1.1, 2.0, 4.0, 9.0)
"""Blur radii in pixels; each flake is drawn at the nearest one above its own."""


class Flakes:
    """All flakes of one recording; where each one is follows from the frame's number alone."""

    def __init__(self, *, seed: int, width: int, height: int, focal: float) -> None:
        """Scatter the flakes in a box in front of the camera."""
        rng = np.random.default_rng(seed)
        self.size = (width, height)
        self.focal = focal
        n = 2100
        self.box = np.array([7.0, 4.5, 6.5])
        self.start = rng.uniform(0, 1, (n, 3)) * self.box
        self.fall = np.stack(
            [rng.normal(0.35, 0.16, n), -rng.normal(0.95, 0.22, n), rng.normal(-0.12, 0.12, n)], -1
        )
        self.swing = rng.uniform(0, 2 * np.pi, (n, 2))
        self.radius = rng.uniform(0.0012, 0.0030, n)

    def frame(self, number: int, spot: Field, aim: Vec) -> Field:
        """Draw the flakes of one frame as linear light (height, width, 3).

        Args:
            number: Of the frame, from 0.
            spot: Strength of the torch's beam in each pixel.
            aim: The camera's turn right, down and roll: flakes stay in the world.
        """
        width, height = self.size
        layers = np.zeros((len(CLASSES), height, width), np.float32)
        for part in np.linspace(0, 0.5, 7):
            p = self._at(number / RATE + part / RATE)
            u = width / 2 + self.focal * (p[:, 0] / p[:, 2] - aim[0])
            v = height / 2 - self.focal * (p[:, 1] / p[:, 2] + aim[1])
            radius = self.focal * self.radius / p[:, 2]
            # Near the lens a flake is out of focus: wide and faint.
            blur = np.hypot(0.5 * radius, 9.0 * np.maximum(0.0, 1.1 / p[:, 2] - 0.75))
            kind = np.searchsorted(CLASSES, blur.clip(0, CLASSES[-1]))
            ok = (u > 0) & (u < width - 1) & (v > 0) & (v < height - 1)
            c, r = u[ok].astype(int), v[ok].astype(int)
            # So near, the torch beside the lens no longer reaches what the lens sees.
            reached = np.clip(p[:, 2] / 1.3, 0, 1) ** 2.5
            light = (radius**2 * 130.0 * reached / (0.25 + p[:, 2] ** 2))[ok] / 7 * spot[r, c]
            du, dv = u[ok] - c, v[ok] - r
            for a, b, w in (
                (0, 0, (1 - du) * (1 - dv)),
                (0, 1, du * (1 - dv)),
                (1, 0, (1 - du) * dv),
                (1, 1, du * dv),
            ):
                np.add.at(layers, (kind[ok], r + a, c + b), light * w)
        total = np.zeros((height, width), np.float32)
        for layer, sigma in zip(layers, CLASSES, strict=True):
            total += soften(layer, sigma)
        return np.asarray(total[..., None] * np.array([0.95, 1.0, 1.04]), np.float32)

    def _at(self, time: float) -> Vec:
        drift = self.start + self.fall * time
        drift[:, 0] += 0.05 * np.sin(2.1 * time + self.swing[:, 0])
        drift[:, 2] += 0.05 * np.cos(1.7 * time + self.swing[:, 1])
        # Flakes that leave the box come in again on the other side.
        return np.asarray(np.mod(drift, self.box) + np.array([-3.5, -2.25, 0.3]))
