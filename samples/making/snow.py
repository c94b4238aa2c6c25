"""The ground of the wood: snow with footprints and a furrow, and snow on whatever lies about."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from making.noise import Field, sample, smoothstep, soften, tile
from making.raster import Surfaces, Vec

SNOW = np.array([0.80, 0.83, 0.88])
EARTH = np.array([0.085, 0.065, 0.05])

GRID = 0.0125
"""Metres per sample of the map of footprints and of the furrow."""
GRID_LEFT, GRID_NEAR, GRID_WIDE, GRID_DEEP = -8.0, 0.5, 16.0, 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The shape and the dirt of the snow.

    Attributes:
        hills: Slow undulation, a tile.
        lumps: Clods and wind marks, a tile.
        dents: Footprints and the furrow, metres, on the map.
        dirt: Earth thrown out, 0 to 1, on the map.
    """

    hills: Field
    lumps: Field
    dents: Field
    dirt: Field

    def height(self, x: Field, z: Field) -> Field:
        """Give the height in metres at ground positions."""
        base = 0.13 * sample(self.hills, x * 22, z * 22) + 0.0045 * sample(
            self.lumps, x * 34 + 9, z * 34
        )
        return np.asarray(base + self.on_map(self.dents, x, z), np.float32)

    def on_map(self, layer: Field, x: Field, z: Field) -> Field:
        """Read a layer of the map at ground positions; outside it is 0."""
        u = ((x - GRID_LEFT) / GRID).astype(np.float32)
        v = ((z - GRID_NEAR) / GRID).astype(np.float32)
        return np.asarray(
            cv2.remap(layer, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0),
            np.float32,
        )


def ground(*, seed: int, furrow: bool = True) -> Ground:
    """Make the snow: tracks of footprints and, if wanted, the furrow that the wreck ploughed."""
    rng = np.random.default_rng(seed)
    xs = (GRID_LEFT + GRID * np.arange(int(GRID_WIDE / GRID))).astype(np.float32)
    zs = (GRID_NEAR + GRID * np.arange(int(GRID_DEEP / GRID))).astype(np.float32)
    x, z = np.meshgrid(xs, zs)
    dents, dirt = np.zeros_like(x), np.zeros_like(x)
    tracks = [
        ((-3.9, 2.0), (-0.9, 5.0)),
        ((-1.0, 1.4), (-1.5, 4.7)),
        ((-1.4, 4.9), (-3.4, 8.6)),
        ((3.0, 2.2), (1.9, 4.3)),
        ((-2.6, 3.4), (-5.6, 6.6)),
    ]
    for start, end in tracks:
        _steps(dents, x, z, np.array(start), np.array(end), rng)
    hills, lumps = tile(seed=seed + 1, slope=2.1), tile(seed=seed + 2, slope=1.25)
    if not furrow:
        return Ground(hills=hills, lumps=lumps, dents=dents.astype(np.float32), dirt=dirt)
    # The furrow comes from the right, towards the camera, and ends under the nose.
    along = (x - 0.15) * 0.83 - (z - 5.5) * 0.56
    side = (x - 0.15) * 0.56 + (z - 5.5) * 0.83
    ripple = sample(tile(seed=seed + 3, slope=1.9), x * 40, z * 40)
    rough = sample(tile(seed=seed + 5, slope=1.2), x * 50, z * 50)
    inside = smoothstep(-1.7, -1.2, along) * (1 - smoothstep(2.2, 4.6, along))
    dents -= (0.13 + 0.02 * rough) * inside * np.exp(-((side / 0.36) ** 2))
    berm = np.exp(-(((np.abs(side) - 0.62) / 0.2) ** 2))
    dents += (0.07 + 0.04 * ripple + 0.02 * rough) * inside * berm
    reach = np.hypot(along + 1.35, side * 1.1)
    dents += (0.12 + 0.03 * rough) * np.exp(-(((reach - 0.55) / 0.22) ** 2)) * (along < -1.3)
    thrown = np.exp(-((reach / 0.95) ** 2)) * 1.25
    thrown += 0.62 * inside * np.exp(-((side / 0.45) ** 2)) * np.exp(-((along + 1.2) / 2.2))
    dirt = smoothstep(0.35, 0.85, (thrown * (1 + 0.30 * ripple + 0.25 * rough)).astype(np.float32))
    clods = sample(tile(seed=seed + 4, slope=0.6), x * 55, z * 55)
    dirt = np.maximum(dirt, (clods > 1.9) & (reach < 1.7) | (clods > 2.6) & (reach < 2.8))
    return Ground(
        hills=hills,
        lumps=lumps,
        dents=dents.astype(np.float32),
        dirt=soften(dirt.astype(np.float32), 0.8),
    )


def _steps(dents: Field, x: Field, z: Field, a: Vec, b: Vec, rng: np.random.Generator) -> None:
    """Press one line of footprints into the map, left and right in turn."""
    path = b - a
    length = float(np.hypot(*path))
    crust = tile(seed=88, slope=1.5)
    ahead = path / length
    beside = np.array([ahead[1], -ahead[0]])
    for i, s in enumerate(np.arange(0.0, length, 0.58)):
        centre = a + ahead * s + beside * (0.13 if i % 2 else -0.13) + rng.normal(0, 0.035, 2)
        c, r = (int((centre[k] - low) / GRID) for k, low in ((0, GRID_LEFT), (1, GRID_NEAR)))
        part = (slice(max(r - 30, 0), max(r + 30, 0)), slice(max(c - 30, 0), max(c + 30, 0)))
        px, pz = x[part] - centre[0], z[part] - centre[1]
        along, side = px * ahead[0] + pz * ahead[1], px * beside[0] + pz * beside[1]
        # A boot tears the crust: no two edges are alike.
        torn = 1 + 0.16 * sample(crust, px * 150 + 31 * i, pz * 150)
        d = np.hypot(along / 0.15, side / 0.075) * torn
        depth = rng.uniform(0.045, 0.075)
        dents[part] += -depth * (1 - smoothstep(0.6, 1.25, d)) + 0.012 * np.exp(
            -(((d - 1.55) / 0.25) ** 2)
        )


def draw(surfaces: Surfaces, shape: Ground) -> None:
    """Put the snow into the buffer, by walking each ray until it meets the surface."""
    cam = surfaces.camera
    rays = cam.rays()
    c, s = np.cos(cam.pitch), np.sin(cam.pitch)
    down = (rays[..., 1] * c - s).astype(np.float32)
    ahead = (rays[..., 1] * s + c).astype(np.float32)
    left = rays[..., 0].astype(np.float32)
    hits = down < -0.012
    t = np.where(hits, cam.eye / np.maximum(-down, 0.012), 90.0).astype(np.float32)
    for _ in range(30):
        # Short steps: whole ones swing to and fro where the ray grazes a crest.
        h = shape.height(left * t, ahead * t)
        t = 0.65 * t + 0.35 * (cam.eye - h) / np.maximum(-down, 0.012)
    x, z = left * t, ahead * t
    step = np.maximum(0.012, 1.2 * t / cam.focal).astype(np.float32)
    h = shape.height(x, z)
    slope_x = (shape.height(x + step, z) - h) / step
    slope_z = (shape.height(x, z + step) - h) / step
    world = np.stack([-slope_x, np.ones_like(h), -slope_z], axis=-1).astype(np.float64)
    world /= np.linalg.norm(world, axis=-1, keepdims=True)
    grain = sample(tile(seed=77, slope=0.5), x * 90, z * 90)
    dirt = np.clip(shape.on_map(shape.dirt, x, z), 0, 1)[..., None]
    # Light that falls into a hole comes out of it weakened.
    hole = np.clip(-shape.on_map(shape.dents, x, z) / 0.07, 0, 1)[..., None]
    snow = SNOW * (1 + 0.035 * grain[..., None]) * (1 - 0.6 * hole)
    earth = EARTH * (1 + 0.45 * np.clip(grain, -2, 2)[..., None])
    hits &= t < 80
    surfaces.depth[hits] = t[hits]
    surfaces.normal[hits] = cam.turn(world)[hits]
    surfaces.colour[hits] = (snow * (1 - dirt) + earth * dirt)[hits]


def settle(surfaces: Surfaces, *, seed: int) -> None:
    """Lay a thin, broken cover of snow on whatever faces up, except the ground itself."""
    cam = surfaces.camera
    up = surfaces.normal @ cam.turn(np.array([0.0, 1.0, 0.0])).astype(np.float32)
    grain = tile(seed=seed, slope=1.1)
    rows, cols = np.indices(surfaces.depth.shape).astype(np.float32)
    near = np.minimum(surfaces.depth, 60)
    patch = sample(grain, cols * near * 0.03, rows * near * 0.03)
    cover: Field = smoothstep(0.64, 1.0, up + 0.22 * patch)[..., None]
    surfaces.colour[:] = surfaces.colour * (1 - cover) + SNOW.astype(np.float32) * cover
