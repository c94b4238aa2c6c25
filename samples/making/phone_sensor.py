"""A phone's small sensor at night: exposure, bloom, noise, tone. Light goes in, a picture comes out."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from making.night import HEIGHT, WIDTH
from making.noise import Field, soften, tile

Picture = NDArray[np.uint8]


class Sensor:
    """The phone's camera after the lens: exposure, bloom, noise, tone; keeps its exposure."""

    def __init__(self, *, seed: int) -> None:
        """Start a recording."""
        self.rng = np.random.default_rng(seed)
        self.gain = 0.0
        x, y = np.meshgrid(np.linspace(-1, 1, WIDTH), np.linspace(-0.5625, 0.5625, HEIGHT))
        self.vignette = (1 / (1 + 0.42 * (x**2 + y**2)) ** 2).astype(np.float32)[..., None]
        self.fixed = 0.0025 * np.tile(tile(seed=seed, slope=0.0), (2, 2))[:HEIGHT, :WIDTH, None]

    def expose(self, light: Field) -> Picture:
        """Turn linear light into the picture that the phone encodes (RGB, 8 bits)."""
        middle = float(
            np.mean(cv2.resize(light, (48, 27), interpolation=cv2.INTER_AREA)[4:-3, 6:-6])
        )
        wanted = 0.27 / (middle + 0.09)
        self.gain = wanted if self.gain == 0.0 else self.gain + 0.07 * (wanted - self.gain)
        light = light * self.vignette * self.gain
        small = cv2.resize(
            np.minimum(light, 3.0), (WIDTH // 4, HEIGHT // 4), interpolation=cv2.INTER_AREA
        )
        glow = 0.055 * soften(small, 4) + 0.05 * soften(small, 16)
        light = 0.91 * light + cv2.resize(glow, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        light = np.maximum(light + self._noise(light) + self.fixed, 0)
        # A shoulder keeps near snow from clipping at once; a toe crushes the night.
        tone = 1.06 * light / (light + 0.30) * 1.18
        tone = np.clip(tone, 0, 1.2) ** 1.12
        grey = tone.mean(-1, keepdims=True)
        tone = grey + 0.82 * (tone - grey)
        return np.asarray(np.clip(tone * 255.0 + 1.0, 0, 255), np.uint8)

    def _noise(self, light: Field) -> Field:
        """Make what the phone's noise filter leaves: fine grain and slow blotches of colour."""
        fine = self.rng.standard_normal((HEIGHT, WIDTH), np.float32)
        fine = soften(fine, 0.75) * 1.9
        blotch = self.rng.standard_normal((HEIGHT // 4, WIDTH // 4, 3), np.float32)
        patches = cv2.resize(soften(blotch, 0.8), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        grey = light.mean(-1, keepdims=True)
        size = np.sqrt(0.00012 + 0.0011 * grey + 0.0008 * grey * grey)
        return np.asarray(size * (0.62 * fine[..., None] + 0.42 * patches), np.float32)
