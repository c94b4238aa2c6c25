"""The wreck: a fixed-wing drone with a pusher engine, twin booms and one broken wing.

It is a type of no particular maker: anyone could build it from parts on sale, which is the point
of the case that these samples re-create.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from making.noise import tile
from making.raster import Surfaces, Vec

SKIN = np.array([0.30, 0.315, 0.325])
DARK = np.array([0.045, 0.045, 0.05])
FOAM = np.array([0.62, 0.58, 0.47])
RED = np.array([0.42, 0.07, 0.05])

AT = np.array([0.15, 0.13, 5.5])


def _turn(yaw: float, pitch: float, roll: float) -> Vec:
    cy, sy, cp, sp, cr, sr = (f(a) for a in (yaw, pitch, roll) for f in (np.cos, np.sin))
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cp, -sp, 0], [sp, cp, 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])
    return np.asarray(about_y @ about_z @ about_x)


def _loft(rings: list[Vec]) -> tuple[Vec, NDArray[np.int64]]:
    """Join rings of corners, all of one count, into a skin of triangles."""
    n = len(rings[0])
    faces = []
    for k in range(len(rings) - 1):
        for i in range(n):
            a, b = k * n + i, k * n + (i + 1) % n
            faces += [(a, b, a + n), (b, b + n, a + n)]
    return np.concatenate(rings), np.array(faces)


def _body(stations: list[tuple[float, float, float, float]]) -> tuple[Vec, NDArray[np.int64]]:
    """Loft a body from (x forward, y up, half width, half height), rounded like a box."""
    around = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    c, s = np.cos(around), np.sin(around)
    z, y = np.sign(c) * np.abs(c) ** 0.75, np.sign(s) * np.abs(s) ** 0.75
    return _loft([np.stack([np.full(28, x), y0 + y * h, z * w], -1) for x, y0, w, h in stations])


def _wing(
    root: tuple[float, float, float],
    tip: tuple[float, float, float],
    chords: tuple[float, float],
    steps: int,
    torn: int,
) -> tuple[Vec, NDArray[np.int64]]:
    """Loft a wing from root to tip; `torn` seeds a ragged end, 0 leaves it clean."""
    t = np.linspace(0, 1, 15)
    half = 0.6 * (0.2969 * np.sqrt(t) - 0.126 * t - 0.3516 * t**2 + 0.2843 * t**3 - 0.1015 * t**4)
    chain = np.concatenate(
        [np.stack([-t, half], -1), np.stack([-t[-2:0:-1], -0.5 * half[-2:0:-1]], -1)]
    )
    rng = np.random.default_rng(torn)
    rings = []
    for k in range(steps + 1):
        f = k / steps
        place = np.array(root) * (1 - f) + np.array(tip) * f
        chord = chords[0] * (1 - f) + chords[1] * f
        ring = (
            np.stack([chain[:, 0] * chord, chain[:, 1] * chord, np.zeros(len(chain))], -1) + place
        )
        if torn and k == steps:
            ring[:, 2] += rng.normal(0, 0.07, len(ring))
            ring[:, 1] += rng.normal(0, 0.02, len(ring))
        rings.append(ring)
    return _loft(rings)


class _Wreck:
    """Draws parts that are given in the wreck's own axes: x forward, y up, z to a side."""

    def __init__(self, surfaces: Surfaces) -> None:
        self.surfaces = surfaces
        self.grime = tile(seed=515, size=256, slope=1.2)
        self.turn = _turn(np.radians(214), np.radians(-8), np.radians(17))

    def place(self, points: Vec, how: Vec | None = None, at: Vec = AT) -> Vec:
        """Move points to where the wreck lies, in camera space."""
        turn = self.turn if how is None else how
        return self.surfaces.camera.to_camera(points @ turn.T + at)

    def skin(
        self,
        mesh: tuple[Vec, NDArray[np.int64]],
        colour: Vec,
        how: Vec | None = None,
        at: Vec = AT,
    ) -> None:
        """Draw a skin with stains, seams, mud and soot."""
        grime = self.grime
        points, faces = mesh
        u, v = (np.mod(points[:, k] * 83 + points[:, 1] * 40, 255).astype(int) for k in (0, 2))
        stain = 1 + 0.16 * grime[v, u] - 0.3 * (grime[u, v] > 1.4)
        seams = np.where(np.abs(np.mod(points[:, 0], 0.62) - 0.31) < 0.012, 0.5, 1.0)
        seams *= np.where(np.abs(np.mod(np.abs(points[:, 2]), 0.52) - 0.4) < 0.02, 0.62, 1.0)
        # Mud on the nose, soot round the engine.
        mud = np.clip((points[:, 0] - 0.75 + 0.25 * grime[v, u]) / 0.5, 0, 0.75)
        soot = np.clip((-0.6 - points[:, 0] + 0.15 * grime[u, v]) / 0.9, 0, 0.45)
        seams *= (1 - mud) * (1 - soot)
        shade = np.clip(stain * seams, 0.15, 1.3)[:, None]
        self.surfaces.mesh(self.place(points, how, at), faces, colour * shade)

    def rod(self, a: list[float], b: list[float], r: float, colour: Vec) -> None:
        """Draw a rod of one radius."""
        pa, pb = self.place(np.array([a, b]))
        self.surfaces.rod(pa, pb, (r, r), colour)


def draw(surfaces: Surfaces, *, pieces: bool = True) -> None:
    """Put the wreck into the buffer, nose down in the furrow; with or without pieces about."""
    wreck = _Wreck(surfaces)
    _airframe(wreck)
    _tail(wreck)
    _engine(wreck)
    _loose(wreck, pieces=26 if pieces else 0)


def _airframe(wreck: _Wreck) -> None:
    profile = [
        (1.28, -0.02, 0.01, 0.01),
        (1.26, -0.02, 0.06, 0.05),
        (1.18, -0.01, 0.11, 0.10),
        (1.0, 0.0, 0.16, 0.15),
        (0.75, 0.0, 0.2, 0.19),
    ]
    profile += [(x, 0.0, 0.215, 0.2) for x in np.arange(0.55, -0.56, -0.06)]
    profile += [
        (-0.75, 0.01, 0.19, 0.18),
        (-0.95, 0.02, 0.15, 0.15),
        (-1.02, 0.02, 0.11, 0.11),
        (-1.03, 0.02, 0.01, 0.01),
    ]
    wreck.skin(_body(profile), SKIN)
    # A dark hatch on the back, a strip of tape round the nose.
    wreck.skin(
        _body(
            [
                (0.32, 0.17, 0.01, 0.03),
                (0.3, 0.17, 0.12, 0.045),
                (-0.2, 0.17, 0.12, 0.045),
                (-0.22, 0.17, 0.01, 0.03),
            ]
        ),
        DARK * 2.2,
    )
    wreck.skin(_body([(0.98, 0.0, 0.167, 0.157), (0.88, 0.0, 0.187, 0.177)]), RED)
    # One whole wing, one stump; the rest of it lies in the snow beside.
    wreck.skin(_wing((0.22, 0.16, 0.15), (0.1, 0.24, 2.45), (0.62, 0.4), 34, 0), SKIN)
    wreck.skin(_wing((0.22, 0.16, -0.15), (0.17, 0.2, -0.98), (0.62, 0.52), 16, 31), SKIN)
    far = _turn(np.radians(70), np.radians(16), np.radians(-14))
    wreck.skin(
        _wing((0.2, 0.0, 0.0), (0.08, 0.03, -1.25), (0.52, 0.4), 20, 0),
        SKIN * 0.95,
        far,
        np.array([-1.15, 0.12, 4.75]),
    )
    wreck.rod([-0.05, 0.19, -0.95], [-0.07, 0.13, -1.32], 0.016, FOAM)
    wreck.rod([-0.2, 0.18, -0.95], [-0.24, 0.25, -1.18], 0.008, DARK)


def _tail(wreck: _Wreck) -> None:
    # Booms and the tail between them.
    for side in (-1, 1):
        wreck.rod([-0.2, 0.15, 0.62 * side], [-1.78, 0.22, 0.62 * side], 0.028, SKIN * 0.55)
        wreck.skin(
            _wing((-1.45, 0.2, 0.62 * side), (-1.6, 0.68, 0.5 * side), (0.34, 0.22), 8, 0), SKIN
        )
    wreck.skin(_wing((-1.55, 0.68, -0.52), (-1.55, 0.68, 0.52), (0.24, 0.24), 14, 0), SKIN * 0.9)


def _engine(wreck: _Wreck) -> None:
    # Engine: a block, two cylinders with fins, an exhaust, a broken propeller.
    wreck.skin(
        _body(
            [
                (-1.0, 0.05, 0.02, 0.02),
                (-1.01, 0.05, 0.08, 0.08),
                (-1.2, 0.05, 0.08, 0.08),
                (-1.21, 0.05, 0.01, 0.01),
            ]
        ),
        DARK * 1.8,
    )
    for side in (-1, 1):
        for k in range(6):
            z = side * (0.08 + 0.026 * k)
            wreck.rod([-1.05, 0.05, z], [-1.16, 0.05, z], 0.045 - 0.02 * (k % 2), DARK * 3)
    wreck.rod([-1.1, -0.03, 0.1], [-1.25, -0.12, 0.3], 0.025, DARK * 2)
    wreck.rod([-1.25, 0.05, 0.0], [-1.27, 0.36, 0.12], 0.022, DARK)
    wreck.rod([-1.25, 0.05, 0.0], [-1.25, -0.1, -0.1], 0.02, DARK)
    wreck.rod([-0.1, 0.2, 0.0], [-0.12, 0.46, 0.02], 0.006, DARK)


def _loose(wreck: _Wreck, *, pieces: int) -> None:
    # Wires out of the break, and pieces about.
    rng = np.random.default_rng(99)
    for colour in (DARK, RED, FOAM * 0.8, DARK):
        p = np.array([-0.05, 0.18, -1.0])
        for _ in range(5):
            q = p + np.array([rng.normal(0, 0.05), -0.03, -0.05 + rng.normal(0, 0.03)])
            wreck.rod(list(p), list(q), 0.005, colour)
            p = q
    for _ in range(pieces):
        spot = np.array([rng.normal(-0.4, 1.1), 0.02, rng.normal(5.2, 0.6)])
        size = rng.uniform(0.02, 0.085)
        tri = spot + rng.normal(0, size, (3, 3)) * np.array([1, 0.35, 1])
        tone = [SKIN, FOAM, DARK, SKIN][rng.integers(4)]
        wreck.surfaces.mesh(
            wreck.surfaces.camera.to_camera(tri), np.array([[0, 1, 2]]), np.repeat(tone[None], 3, 0)
        )
