"""Daylight and a still camera: sun with shadows, sky, haze; then sensor, mosaic and sharpening."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from making.noise import Field, sample, smoothstep, soften, tile
from making.raster import Camera, Surfaces, Vec

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sun:
    """Where the light comes from and how strong it is.

    Attributes:
        rise: Height above the horizon in radians.
        turn: Direction to the sun, to the right of the world's forward axis, in radians.
        light: Colour of the sunlight, linear.
        sky: Colour of the light from the sky, linear.
    """

    rise: float
    turn: float
    light: tuple[float, float, float]
    sky: tuple[float, float, float]

    def towards(self) -> Vec:
        """Give the unit vector to the sun in world space."""
        flat = np.cos(self.rise)
        return np.array([np.sin(self.turn) * flat, np.sin(self.rise), np.cos(self.turn) * flat])


def shine(
    surfaces: Surfaces,
    draw: Callable[[Surfaces], None],
    sun: Sun,
    *,
    middle: tuple[float, float],
    reach: float,
    haze: float,
    horizon: Vec,
) -> Field:
    """Light a buffer by sun and sky.

    Args:
        surfaces: What the camera sees.
        draw: Draws everything that throws a shadow; called with the sun's own view.
        sun: The light.
        middle: World x and z of the middle of what is to have shadows.
        reach: Width in metres of what is to have shadows.
        haze: Distance in metres in which haze takes all but a third.
        horizon: Colour of the haze, linear.

    Returns:
        Linear light (height, width, 3); zero where nothing was drawn.
    """
    cam = surfaces.camera
    depth = np.minimum(surfaces.depth, 1e4).astype(np.float64)
    points = cam.to_world(cam.rays() * depth[..., None])
    towards = sun.towards()
    far = 6 * reach
    place = np.array([middle[0], 0.0, middle[1]]) + far * towards
    eye = Camera(
        width=2600,
        height=1700,
        focal=2600 * far / reach,
        eye=float(place[1]),
        pitch=sun.rise,
        yaw=sun.turn + np.pi,
        at=(float(place[0]), float(place[2])),
    )
    shadow = Surfaces(eye)
    draw(shadow)
    seen = eye.to_camera(points)
    uv = eye.project(seen).astype(np.float32)
    first = cv2.remap(
        np.minimum(shadow.depth, 1e6),
        uv[..., 0],
        uv[..., 1],
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=1e6,
    )
    free = soften((seen[..., 2] < first + 0.12).astype(np.float32), 1.1)
    facing = np.clip(surfaces.normal @ cam.turn(towards).astype(np.float32), 0, 1)
    up = surfaces.normal @ cam.turn(np.array([0.0, 1.0, 0.0])).astype(np.float32)
    light = (facing * free)[..., None] * np.array(sun.light)
    light = light + (0.62 + 0.38 * up)[..., None] * np.array(sun.sky)
    lit = surfaces.colour * light
    clear = np.exp(-depth / haze)[..., None]
    lit = lit * clear + horizon * (1 - clear)
    lit[~np.isfinite(surfaces.depth)] = 0
    return np.asarray(lit, np.float32)


def sky(camera: Camera, *, seed: int, zenith: Vec, horizon: Vec, cloud: float) -> Field:
    """Paint the sky behind everything: a gradient and layers of cloud seen in perspective.

    Args:
        camera: The view.
        seed: Names the clouds.
        zenith: Colour high up, linear.
        horizon: Colour low down, linear.
        cloud: Cover, 0 to 1.
    """
    rays = camera.rays()
    world = rays @ camera.rotation()
    rise = np.maximum(world[..., 1] / np.linalg.norm(world, axis=-1), 0.004)
    blend = (1 - np.exp(-rise * 4.5))[..., None]
    base = horizon * (1 - blend) + zenith * blend
    u = (world[..., 0] / world[..., 2] / rise * 26).astype(np.float32)
    v = (1 / rise * 26).astype(np.float32)
    veil = sample(tile(seed=seed, slope=1.75), u, v) + 0.3 * sample(
        tile(seed=seed + 1, slope=1.2), u * 3, v * 3
    )
    cover = smoothstep(1.2 - 2.4 * cloud, 2.6 - 2.4 * cloud, veil) * smoothstep(
        0.01, 0.14, rise.astype(np.float32)
    )
    shade = 0.86 + 0.1 * np.clip(veil, -1, 1.5)[..., None]
    bright = (0.45 * zenith + 0.55 * horizon) * 1.12 * shade
    return np.asarray(
        base * (1 - 0.85 * cover[..., None]) + bright * 0.85 * cover[..., None], np.float32
    )


def develop(
    light: Field, *, seed: int, camera: int, exposure: float, grain: float, tint: Vec
) -> Picture:
    """Turn linear light into the picture a still camera gives.

    The sensor sees one colour per pixel and the rest is filled in, so that the noise has the
    neighbourly look that it has in real pictures.

    Args:
        light: Linear light (height, width, 3), RGB; even height and width.
        seed: Of this shot's noise.
        camera: Of the sensor's own fixed pattern.
        exposure: Factor on the light.
        grain: Standard deviation of the noise at middle grey, linear.
        tint: White balance, three factors.

    Returns:
        RGB, 8 bits.
    """
    height, width = light.shape[:2]
    rng, own = np.random.default_rng(seed), np.random.default_rng(camera)
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height) * height / width)
    light = soften(light * exposure, 0.65) / (1 + 0.28 * (x**2 + y**2)[..., None]) ** 2
    raw = np.empty((height, width))
    for r, c, k in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        raw[r::2, c::2] = light[r::2, c::2, k]
    raw = raw * (1 + 0.008 * own.standard_normal(raw.shape))
    raw = raw + grain * np.sqrt(0.05 + raw / 0.18) * rng.standard_normal(raw.shape)
    counts = np.clip(raw * 16000 + 1024, 0, 65535).astype(np.uint16)
    # OpenCV names the pattern by its second row: BG is red at the upper left.
    colour = (cv2.cvtColor(counts, cv2.COLOR_BayerBG2RGB).astype(np.float32) - 1024) / 16000
    colour = np.maximum(colour * tint.astype(np.float32), 0)
    # Brighter middle, a shoulder, and a toe that sets the blacks: the maker's "look".
    tone = 1.04 * (1 - np.exp(-1.9 * colour)) ** 0.4545
    tone = tone * tone * (3 - 2 * np.minimum(tone, 1.2)) * 0.55 + tone * 0.45
    grey = tone.mean(-1, keepdims=True)
    tone = grey + 1.18 * (tone - grey)
    sharp = tone + 0.55 * (tone - soften(tone, 1.1))
    return np.asarray(np.clip(np.round(sharp * 255), 0, 255), np.uint8)
