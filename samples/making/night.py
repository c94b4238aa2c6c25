"""Light and lens: turns the surfaces of the wood into frames of a hand-held phone video at night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from making import drone, snow, trees
from making.flakes import Flakes
from making.noise import Field, soften
from making.raster import Camera, Surfaces, Vec

WIDTH, HEIGHT, RATE = 960, 540, 30
FOCAL = 753.0
PLATE = Camera(width=2240, height=1200, focal=1200.0, eye=1.6, pitch=float(np.radians(9.5)))
TORCH = np.array([0.24, -0.32, 0.1])
HELPER = np.array([-4.6, -0.1, 3.4])
"""A second person's torch, in camera space, off to the left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """The still wood, lit by each lamp alone; frames only move over it.

    Attributes:
        lit: Light of the torch, of the helper's torch and of the sky: 9 channels, linear.
        beam: Angles across and up, in radians, at which the helper's torch sees each point.
        nearness: One over the depth in metres.
    """

    lit: Field
    beam: Field
    nearness: Field


def plate(*, seed: int) -> Plate:
    """Render the wood once, with all shadows."""
    surfaces = Surfaces(PLATE)
    shape = snow.ground(seed=seed)
    snow.draw(surfaces, shape)
    trees.draw(surfaces, shape, seed=seed + 6)
    drone.draw(surfaces)
    snow.settle(surfaces, seed=seed + 9)
    depth = np.minimum(surfaces.depth, 90.0).astype(np.float32)
    points = (PLATE.rays() * depth[..., None]).astype(np.float32)
    up = surfaces.normal @ PLATE.turn(np.array([0.0, 1.0, 0.0])).astype(np.float32)
    sky = surfaces.colour * (0.55 + 0.45 * up)[..., None] * np.array([0.7, 0.85, 1.15], np.float32)
    lamps = []
    for lamp, near, far in ((TORCH, 0.05, 3.0), (HELPER, 0.05, 6.0)):
        to = lamp.astype(np.float32) - points
        distance = np.linalg.norm(to, axis=-1)
        facing = np.clip(np.sum(surfaces.normal * to, -1) / distance, 0, 1)
        # Less than the square: snow all round throws light back into the dark.
        shade = facing / (0.5 + distance**1.75) * _unshaded(points, depth, lamp, near, far)
        lamps.append(surfaces.colour * shade[..., None])
    from_helper = points - HELPER.astype(np.float32)
    across = np.arctan2(from_helper[..., 2], from_helper[..., 0])
    rise = np.arctan2(from_helper[..., 1], np.hypot(from_helper[..., 0], from_helper[..., 2]))
    sky *= np.exp(-depth / 16)[..., None]
    return Plate(
        lit=np.concatenate([*lamps, sky], -1).astype(np.float32),
        beam=np.stack([across, rise], -1).astype(np.float32),
        nearness=soften(np.asarray(cv2.dilate(1 / depth, np.ones((5, 5))), np.float32), 2.0),
    )


def _unshaded(points: Field, depth: Field, lamp: Vec, near: float, far: float) -> Field:
    """Find where the way to a lamp is free, by walking towards it over the depth buffer.

    Every second row and column will do; each pixel walks with a stride of its own, so that what
    the strides miss becomes a soft edge and not a row of ghosts.
    """
    points, shape = points[::2, ::2], depth.shape
    to = lamp.astype(np.float32) - points
    length = np.maximum(np.linalg.norm(to, axis=-1), 1e-3)
    ratio = (far / near) ** (1 / 40)
    jitter = ratio ** np.random.default_rng(640).random(length.shape, np.float32)
    free = np.ones_like(length)
    for reach in np.geomspace(near, far, 40):
        p = points + to * (np.minimum(reach * jitter, 0.93 * length) / length)[..., None]
        z = np.maximum(p[..., 2], 0.3)
        u = (PLATE.width / 2 + PLATE.focal * p[..., 0] / z).astype(np.float32)
        v = (PLATE.height / 2 - PLATE.focal * p[..., 1] / z).astype(np.float32)
        seen = cv2.remap(
            depth, u, v, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=99
        )
        behind = z - seen
        free[(behind > 0.02 + 0.012 * z) & (behind < 0.45)] = 0.0
    free = soften(free, 1.3)
    whole = cv2.resize(free, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """How the hand moves: one row per frame.

    Attributes:
        aim: Turn right and down, and roll, in radians (n, 3).
        move: Step right and down, in metres (n, 2).
        zoom: Factor on the focal length (n,).
        torch: Where the torch points, in pixels from the middle of the frame (n, 2).
        helper: Where the helper's torch points, in its own angles (n, 2).
        blur: Defocus, in pixels (n,).
        speed: Change of the aim per frame, in radians (n, 3).
    """

    aim: Vec
    move: Vec
    zoom: Vec
    torch: Vec
    helper: Vec
    blur: Vec
    speed: Vec


def wander(*, rng: np.random.Generator, frames: int, seconds: float, size: float) -> Vec:
    """Make a smooth random walk about 0: `seconds` to change, `size` its standard deviation."""
    reach = int(seconds * RATE * 4) + 1
    kernel = np.hanning(int(seconds * RATE) + 3)
    white = rng.standard_normal(frames + 2 * reach)
    walk = np.convolve(white, kernel / np.sqrt(np.sum(kernel**2)), "same")[reach : reach + frames]
    return np.asarray(walk * size)


def path(*, seed: int, seconds: float) -> Path:
    """Make the walk: in from the left, along the wreck, a look closer, on to the tail."""
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE)
    t = np.arange(n) / RATE

    def along(times: list[float], values: list[float]) -> Vec:
        # Two passes of a running mean round off the corners, as a hand does.
        dense = np.interp(np.arange(-60, n + 60) / RATE, times, values)
        kernel = np.hanning(43)
        return np.convolve(dense, kernel / kernel.sum(), "same")[60 : 60 + n]

    turn = along(
        [0, 2.5, 5.5, 9, 12, 15, 18, seconds], [-0.20, -0.23, -0.05, 0.0, -0.05, 0.08, 0.03, 0.13]
    )
    tilt = along(
        [0, 2.5, 5.5, 9, 12, 15, 18, seconds], [0.03, 0.0, 0.01, 0.035, 0.045, 0.02, 0.03, 0.0]
    )
    zoom = along([0, 5, 9, 12, 15, seconds], [1.0, 1.02, 1.1, 1.2, 1.14, 1.05])
    step = np.clip(
        along(
            [0, 5.2, 5.8, 8, 9, 11, 11.6, 14, 15, seconds], [1, 1, 0.2, 0.2, 1, 1, 0.2, 0.2, 1, 1]
        ),
        0,
        1,
    )
    bob = np.sin(2 * np.pi * 1.75 * t) * step

    def shake(seconds: float, size: float) -> Vec:
        return wander(rng=rng, frames=n, seconds=seconds, size=size)

    aim = np.stack(
        [
            turn
            + shake(0.9, 0.010)
            + shake(0.16, 0.0022)
            + 0.005 * np.sin(np.pi * 1.75 * t) * step,
            tilt + shake(0.8, 0.008) + shake(0.13, 0.0022) + 0.006 * bob,
            shake(1.2, 0.016) + shake(0.2, 0.002),
        ],
        -1,
    )
    move = np.stack([turn * 0.5 + shake(1.3, 0.025), shake(1.0, 0.014) + 0.014 * bob], -1)
    torch = np.stack([shake(0.9, 38) + shake(0.25, 7), 22 + shake(0.8, 22) + shake(0.2, 7)], -1)
    helper = np.stack(
        [
            along([0, 4, 8, 11, 15, seconds], [0.5, 0.72, 0.6, 0.42, 0.66, 0.5]) + shake(0.8, 0.07),
            -0.13 + shake(0.9, 0.05),
        ],
        -1,
    )
    hunt = 2.6 * np.exp(-(((t - 9.2) / 0.35) ** 2)) + 1.4 * np.exp(-(((t - 17.4) / 0.3) ** 2))
    return Path(
        aim=aim,
        move=move,
        zoom=zoom,
        torch=torch,
        helper=helper,
        blur=0.45 + hunt,
        speed=np.gradient(aim, axis=0),
    )


def frames(*, seed: int, seconds: float) -> Iterator[Field]:
    """Render the video frame by frame, as linear light before the sensor (540, 960, 3)."""
    scene, way = plate(seed=seed), path(seed=seed + 20, seconds=seconds)
    flakes = Flakes(seed=seed + 30, width=WIDTH, height=HEIGHT, focal=FOCAL)
    x, y = np.meshgrid(np.arange(WIDTH) - WIDTH / 2, np.arange(HEIGHT) - HEIGHT / 2)
    x, y = x.astype(np.float32), y.astype(np.float32)
    for i in range(len(way.zoom)):
        right, down, roll = way.aim[i]
        # A rolling shutter reads the rows one after another while the hand moves on.
        late = (y / HEIGHT * 0.55).astype(np.float32)
        u, v = x + late * way.speed[i, 0] * FOCAL, y + late * way.speed[i, 1] * FOCAL
        u, v = u * np.cos(roll) - v * np.sin(roll), u * np.sin(roll) + v * np.cos(roll)
        scale = PLATE.focal / (FOCAL * way.zoom[i])
        u = PLATE.width / 2 + u * scale + right * PLATE.focal
        v = PLATE.height / 2 + v * scale + down * PLATE.focal
        u, v = u.astype(np.float32), v.astype(np.float32)
        near = cv2.remap(scene.nearness, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        u += (way.move[i, 0] * PLATE.focal * (near - 0.12)).astype(np.float32)
        v += (way.move[i, 1] * PLATE.focal * (near - 0.12)).astype(np.float32)
        lit = _read(scene.lit, u, v)
        beam = _read(scene.beam, u, v) - way.helper[i].astype(np.float32)
        off = np.hypot(x - way.torch[i, 0], y - way.torch[i, 1]) / FOCAL
        spot = 1.0 * np.exp(-((off / 0.21) ** 2)) + 0.34 * np.exp(-((off / 0.52) ** 2)) + 0.02
        second = np.exp(-((beam[..., 0] / 0.30) ** 2 + (beam[..., 1] / 0.22) ** 2)) + 0.012
        image = (
            lit[..., :3] * (42.0 * spot)[..., None] * np.array([0.93, 1.0, 1.05])
            + lit[..., 3:6] * (22.0 * second)[..., None] * np.array([1.1, 1.0, 0.82])
            + lit[..., 6:] * 0.014
        ).astype(np.float32)
        image = _smear(image, way.speed[i, :2] * FOCAL * 0.5, way.blur[i])
        haze = 0.016 * spot.astype(np.float32) + 0.004
        yield image + haze[..., None] + flakes.frame(i, spot.astype(np.float32), way.aim[i])


def _read(layers: Field, u: Field, v: Field) -> Field:
    """Read layers at places; OpenCV takes at most four channels at a time."""
    parts = [
        cv2.remap(
            np.ascontiguousarray(layers[..., k : k + 3]),
            u,
            v,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for k in range(0, layers.shape[-1], 3)
    ]
    return np.concatenate([np.atleast_3d(p) for p in parts], -1)


def _smear(image: Field, way: Vec, defocus: float) -> Field:
    """Blur by the movement during the exposure and by the lens."""
    image = soften(image, float(defocus))
    length = float(np.hypot(*way))
    if length > 0.8:
        kernel = np.zeros((31, 31), np.float32)
        for f in np.linspace(-0.5, 0.5, 31):
            c, r = 15 + np.clip(way * f, -14, 14)
            kernel[round(r), round(c)] += 1 / 31
        image = np.asarray(cv2.filter2D(image, -1, kernel), np.float32)
    return np.asarray(image, np.float32)
