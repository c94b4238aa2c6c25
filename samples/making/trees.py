"""The wood: birches, pines and spruces, and dry twigs out of the snow."""

from __future__ import annotations

import numpy as np

from making.noise import Field, sample, smoothstep, tile
from making.raster import Surfaces, Vec
from making.snow import Ground

CLEARING = (0.2, 6.3, 3.3)
"""Where the wreck lies: x, z and the radius kept free of trees, in metres."""

BIRCH = np.array([0.56, 0.55, 0.52])
PINE = np.array([0.17, 0.11, 0.075])
SPRUCE = np.array([0.035, 0.052, 0.032])
TWIG = np.array([0.085, 0.065, 0.05])


def draw(surfaces: Surfaces, shape: Ground, *, seed: int) -> None:
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
    for _ in range(130):
        x, z = rng.uniform(-8, 8), rng.uniform(3.4, 15)
        if np.hypot(x - CLEARING[0], z - CLEARING[1]) > 1.9 and abs(x) > 0.18 * z:
            _twig(surfaces, foot(x, z), rng.uniform(0.1, 0.75), rng)


def _places(rng: np.random.Generator) -> list[tuple[str, float, float]]:
    """Choose where trees stand: some by hand to frame the picture, the rest at random."""
    chosen = [
        ("birch", -3.3, 6.9),
        ("birch", 3.7, 8.4),
        ("pine", -4.7, 5.2),
        ("birch", 4.5, 5.1),
        ("spruce", -2.7, 10.6),
        ("spruce", 5.0, 9.5),
        ("birch", -1.1, 10.4),
        ("birch", 1.6, 11.4),
        ("spruce", -6.2, 8.6),
        ("pine", 2.7, 10.2),
    ]
    while len(chosen) < 105:
        x, z = float(rng.uniform(-20, 20)), float(rng.uniform(6, 36))
        if np.hypot(x - CLEARING[0], z - CLEARING[1]) < CLEARING[2] or abs(x) > z * 0.85 + 1:
            continue
        if all(np.hypot(x - a, z - b) > 0.7 for _, a, b in chosen):
            chosen.append((str(rng.choice(["birch", "pine", "spruce"], p=[0.5, 0.3, 0.2])), x, z))
    return chosen


def _trunk(surfaces: Surfaces, at: Vec, birch: bool, bark: Field, rng: np.random.Generator) -> None:
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
    for k in range(15):
        nxt = point + np.array([lean[0], 1.0, lean[1]]) * 1.1 + rng.normal(0, 0.022, 3)
        r0, r1 = radius * (1 - 0.06 * k), radius * (1 - 0.06 * (k + 1))
        base = top
        surfaces.rod(
            cam.to_camera(point), cam.to_camera(nxt), (r0, r1), BIRCH if birch else PINE, paint
        )
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
        surfaces.rod(
            cam.to_camera(point),
            cam.to_camera(nxt),
            (radius * (1 - k / 5), radius * (1 - (k + 1) / 5)),
            TWIG,
        )
        side = out * 0.5 + rng.normal(0, 0.5, 3)
        surfaces.rod(
            cam.to_camera(nxt),
            cam.to_camera(nxt + side * reach * 0.3),
            (radius * 0.4, radius * 0.15),
            TWIG,
        )
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
            for f in (0.2, 0.36, 0.52, 0.68, 0.84, 1.0):
                for sign in (-1, 1):
                    fan = np.array([out[0] - sign * out[2], -0.55, out[2] + sign * out[0]])
                    p = a + (b - a) * f
                    q = p + fan * reach * 0.34 * rng.uniform(0.6, 1.2)
                    surfaces.rod(cam.to_camera(p), cam.to_camera(q), (0.017, 0.006), SPRUCE)


def _twig(surfaces: Surfaces, at: Vec, tall: float, rng: np.random.Generator) -> None:
    """Draw one dry stalk or sapling out of the snow."""
    cam = surfaces.camera
    top = at + np.array([rng.normal(0, 0.2), 1.0, rng.normal(0, 0.2)]) * tall
    surfaces.rod(cam.to_camera(at), cam.to_camera(top), (0.004, 0.0018), TWIG)
    for _ in range(rng.integers(0, 4)):
        p = at + (top - at) * rng.uniform(0.3, 0.95)
        q = p + np.array([rng.normal(0, 0.5), rng.uniform(0.2, 0.8), rng.normal(0, 0.5)]) * tall / 3
        surfaces.rod(cam.to_camera(p), cam.to_camera(q), (0.0025, 0.0012), TWIG)
