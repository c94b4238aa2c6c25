"""The place: snow with footprints, birches, pines and spruces, as surfaces seen from one camera."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from making.noise import Field, sample, smoothstep, tile
from making.raster import Camera, Surfaces, Vec

CLEARING = (0.2, 6.3, 3.3)
"""Where the wreck lies: x, z and the radius kept free of trees, in metres."""

SNOW = np.array([0.80, 0.83, 0.88])
EARTH = np.array([0.085, 0.065, 0.05])
BIRCH = np.array([0.56, 0.55, 0.52])
PINE = np.array([0.17, 0.11, 0.075])
SPRUCE = np.array([0.035, 0.052, 0.032])
TWIG = np.array([0.085, 0.065, 0.05])

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
        base = 0.13 * sample(self.hills, x * 22, z * 22) + 0.006 * sample(
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
    tracks = [((-3.9, 2.0), (-0.9, 5.0)), ((-1.0, 1.4), (-1.5, 4.7)), ((-1.4, 4.9), (-3.4, 8.6)),
              ((3.0, 2.2), (1.9, 4.3)), ((-2.6, 3.4), (-5.6, 6.6))]
    for start, end in tracks:
        _steps(dents, x, z, np.array(start), np.array(end), rng)
    hills, lumps = tile(seed=seed + 1, slope=2.1), tile(seed=seed + 2, slope=1.25)
    if not furrow:
        return Ground(hills=hills, lumps=lumps, dents=dents.astype(np.float32), dirt=dirt)
    # The furrow comes from behind on the right and ends under the nose.
    along = (x - 0.2) * 0.55 + (z - 6.3) * 0.83
    side = (x - 0.2) * 0.83 - (z - 6.3) * 0.55
    ripple = sample(tile(seed=seed + 3, slope=1.3), x * 40, z * 40)
    inside = smoothstep(-2.2, -1.2, along) * (1 - smoothstep(2.4, 5.5, along))
    dents -= 0.17 * inside * np.exp(-((side / 0.42) ** 2))
    dents += 0.10 * inside * np.exp(-(((np.abs(side) - 0.75) / 0.25) ** 2)) * (1 + 0.5 * ripple)
    reach = np.hypot(along + 0.9, side * 1.25)
    dirt = np.exp(-((reach / 0.95) ** 2)) * 1.2 + 0.5 * inside * np.exp(-((side / 0.5) ** 2))
    dirt = smoothstep(0.35, 0.9, (dirt * (1 + 0.55 * ripple)).astype(np.float32))
    clods = sample(tile(seed=seed + 4, slope=0.6), x * 55, z * 55)
    dirt = np.maximum(dirt, (clods > 2.35) & (reach < 2.6) | (clods > 3.2))
    return Ground(
        hills=hills,
        lumps=lumps,
        dents=dents.astype(np.float32),
        dirt=cv2.GaussianBlur(dirt.astype(np.float32), (0, 0), 0.8),
    )


def _steps(dents: Field, x: Field, z: Field, a: Vec, b: Vec, rng: np.random.Generator) -> None:
    """Press one line of footprints into the map, left and right in turn."""
    path = b - a
    length = float(np.hypot(*path))
    ahead = path / length
    beside = np.array([ahead[1], -ahead[0]])
    for i, s in enumerate(np.arange(0.0, length, 0.58)):
        centre = a + ahead * s + beside * (0.13 if i % 2 else -0.13) + rng.normal(0, 0.035, 2)
        c, r = (int((centre[k] - low) / GRID) for k, low in ((0, GRID_LEFT), (1, GRID_NEAR)))
        part = (slice(max(r - 30, 0), max(r + 30, 0)), slice(max(c - 30, 0), max(c + 30, 0)))
        px, pz = x[part] - centre[0], z[part] - centre[1]
        along, side = px * ahead[0] + pz * ahead[1], px * beside[0] + pz * beside[1]
        d = np.hypot(along / 0.16, side / 0.085)
        depth = rng.uniform(0.07, 0.11)
        dents[part] += -depth * (1 - smoothstep(0.45, 1.3, d)) + 0.025 * np.exp(
            -(((d - 1.55) / 0.25) ** 2)
        )


def draw_ground(surfaces: Surfaces, shape: Ground) -> None:
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
    snow = SNOW * (1 + 0.035 * grain[..., None])
    earth = EARTH * (1 + 0.45 * np.clip(grain, -2, 2)[..., None])
    hits &= t < 80
    surfaces.depth[hits] = t[hits]
    surfaces.normal[hits] = cam.turn(world)[hits]
    surfaces.colour[hits] = (snow * (1 - dirt) + earth * dirt)[hits]


def draw_trees(surfaces: Surfaces, shape: Ground, *, seed: int) -> None:
    """Put the wood into the buffer: tall trunks, young spruces, twigs out of the snow."""
    rng = np.random.default_rng(seed)
    bark = tile(seed=seed + 1, slope=0.9)

    def foot(x: float, z: float) -> Vec:
        at = shape.height(np.full((1, 1), x, np.float32), np.full((1, 1), z, np.float32))
        return np.array([x, float(at[0, 0]) - 0.05, z])

    for kind, x, z in _places(rng):
        if kind == "spruce":
            _spruce(surfaces, foot(x, z), rng)
        else:
            _trunk(surfaces, foot(x, z), kind == "birch", bark, rng)
    for _ in range(260):
        x, z = rng.uniform(-8, 8), rng.uniform(2.2, 15)
        if np.hypot(x - CLEARING[0], z - CLEARING[1]) > 1.7:
            _twig(surfaces, foot(x, z), rng.uniform(0.1, 0.75), rng)


def _places(rng: np.random.Generator) -> list[tuple[str, float, float]]:
    """Choose where trees stand: some by hand to frame the picture, the rest at random."""
    chosen = [("birch", -3.3, 6.9), ("birch", 3.7, 8.4), ("pine", -4.7, 5.2), ("birch", 4.5, 5.1),
              ("spruce", -2.7, 10.6), ("spruce", 5.0, 9.5), ("birch", -1.1, 10.4),
              ("birch", 1.6, 11.4), ("spruce", -6.2, 8.6), ("pine", 2.7, 10.2)]
    while len(chosen) < 105:
        x, z = float(rng.uniform(-20, 20)), float(rng.uniform(6, 36))
        if np.hypot(x - CLEARING[0], z - CLEARING[1]) < CLEARING[2] or abs(x) > z * 0.85 + 1:
            continue
        if all(np.hypot(x - a, z - b) > 0.7 for _, a, b in chosen):
            chosen.append((str(rng.choice(["birch", "pine", "spruce"], p=[0.5, 0.3, 0.2])), x, z))
    return chosen


def _trunk(
    surfaces: Surfaces, at: Vec, birch: bool, bark: Field, rng: np.random.Generator
) -> None:
    """Draw one tall tree: a bent trunk of several rods, with side branches."""
    cam = surfaces.camera
    radius = rng.uniform(0.07, 0.15) * (1.0 if birch else 1.25)
    lean = rng.normal(0, 0.045, 2)
    u0, v0 = rng.uniform(0, 500, 2)
    base = 0.0

    def paint(along: Vec, side: Vec) -> Vec:
        turn = np.arcsin(np.clip(side, -1, 1)).astype(np.float32)
        up = (along + base).astype(np.float32)
        turn, up = np.broadcast_arrays(turn, up)
        if birch:
            # Short dark dashes lie across the trunk: fine upwards, long around it.
            dash = sample(bark, turn * 9 + u0, up * 95 + v0)
            scar = sample(bark, turn * 6 + v0, up * 16 + u0)
            return np.asarray(1 - 0.8 * smoothstep(0.9, 1.5, dash) - 0.15 * (scar > 1.2))
        plate = sample(bark, turn * 42 + u0, up * 17 + v0)
        return np.asarray(1 + 0.45 * np.clip(plate, -1.6, 1.6))

    point, top = at.copy(), 0.0
    for k in range(9):
        nxt = point + np.array([lean[0], 1.0, lean[1]]) * 1.1 + rng.normal(0, 0.022, 3)
        r0, r1 = radius * (1 - 0.07 * k), radius * (1 - 0.07 * (k + 1))
        base = top
        surfaces.rod(cam.to_camera(point), cam.to_camera(nxt), (r0, r1),
                     BIRCH if birch else PINE, paint)
        for _ in range(rng.integers(0, 4 if k > 0 else 1)):
            _branch(surfaces, point + (nxt - point) * rng.uniform(), r0, rng)
        point, top = nxt, top + 1.1


def _branch(surfaces: Surfaces, at: Vec, trunk: float, rng: np.random.Generator) -> None:
    """Draw a bare branch with a few twigs."""
    cam = surfaces.camera
    angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.4, 1.7)
    out = np.array([np.cos(angle), rng.uniform(0.1, 0.8), np.sin(angle)])
    radius, point = min(0.018, trunk * 0.3), at
    for k in range(4):
        nxt = point + out * reach / 4 + rng.normal(0, 0.05, 3)
        surfaces.rod(cam.to_camera(point), cam.to_camera(nxt),
                     (radius * (1 - k / 5), radius * (1 - (k + 1) / 5)), TWIG)
        side = out * 0.5 + rng.normal(0, 0.5, 3)
        surfaces.rod(cam.to_camera(nxt), cam.to_camera(nxt + side * reach * 0.3),
                     (radius * 0.4, radius * 0.15), TWIG)
        point = nxt


def _spruce(surfaces: Surfaces, at: Vec, rng: np.random.Generator) -> None:
    """Draw a young spruce: whorls of drooping boughs, each a spray of needled twigs."""
    cam = surfaces.camera
    tall = rng.uniform(2.2, 6.0)
    surfaces.rod(cam.to_camera(at), cam.to_camera(at + np.array([0, tall, 0])), (0.05, 0.01), TWIG)
    for level in np.arange(0.25, tall, 0.21):
        reach = (tall - level) * 0.33 + 0.1
        for angle in rng.uniform(0, 2 * np.pi) + np.arange(8) * np.pi / 4:
            out = np.array([np.cos(angle + rng.normal(0, 0.15)), -0.38, np.sin(angle)])
            a = at + np.array([0, level, 0])
            b = a + out * reach * rng.uniform(0.75, 1.15)
            surfaces.rod(cam.to_camera(a), cam.to_camera(b), (0.02, 0.012), SPRUCE)
            for f in (0.3, 0.55, 0.8, 1.0):
                for sign in (-1, 1):
                    fan = np.array([out[0] - sign * out[2], -0.55, out[2] + sign * out[0]])
                    p = a + (b - a) * f
                    q = p + fan * reach * 0.3 * rng.uniform(0.6, 1.2)
                    surfaces.rod(cam.to_camera(p), cam.to_camera(q), (0.02, 0.008), SPRUCE)


def _twig(surfaces: Surfaces, at: Vec, tall: float, rng: np.random.Generator) -> None:
    """Draw one dry stalk or sapling out of the snow."""
    cam = surfaces.camera
    top = at + np.array([rng.normal(0, 0.2), 1.0, rng.normal(0, 0.2)]) * tall
    surfaces.rod(cam.to_camera(at), cam.to_camera(top), (0.006, 0.003), TWIG)
    for _ in range(rng.integers(0, 4)):
        p = at + (top - at) * rng.uniform(0.3, 0.95)
        q = p + np.array([rng.normal(0, 0.5), rng.uniform(0.2, 0.8), rng.normal(0, 0.5)]) * tall / 3
        surfaces.rod(cam.to_camera(p), cam.to_camera(q), (0.004, 0.002), TWIG)


def settle_snow(surfaces: Surfaces, *, seed: int) -> None:
    """Lay a thin, broken cover of snow on whatever faces up, except the ground itself."""
    cam = surfaces.camera
    up = surfaces.normal @ cam.turn(np.array([0.0, 1.0, 0.0])).astype(np.float32)
    grain = tile(seed=seed, slope=1.1)
    rows, cols = np.indices(surfaces.depth.shape).astype(np.float32)
    near = np.minimum(surfaces.depth, 60)
    patch = sample(grain, cols * near * 0.03, rows * near * 0.03)
    cover: NDArray[np.float32] = smoothstep(0.55, 0.95, up + 0.22 * patch)[..., None]
    surfaces.colour[:] = surfaces.colour * (1 - cover) + SNOW.astype(np.float32) * cover
