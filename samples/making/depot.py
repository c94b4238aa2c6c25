"""The scene of the edited still: a fuel depot under cloud, and the foreign patch for it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from making import drone
from making.daylight import Picture, Sun, develop, shine, sky
from making.noise import sample, smoothstep, tile
from making.raster import Camera, Surfaces, Vec

SEED = 871
WHITE = np.array([0.66, 0.67, 0.66])
STEEL = np.array([0.28, 0.29, 0.30])
RUST = np.array([0.26, 0.12, 0.07])
CAMERA = Camera(width=1280, height=854, focal=980.0, eye=2.3, pitch=float(np.radians(1.0)))
SUN = Sun(
    rise=float(np.radians(27)),
    turn=float(np.radians(-128)),
    light=(1.9, 1.75, 1.5),
    sky=(0.42, 0.5, 0.6),
)


def _drum(
    surfaces: Surfaces, at: tuple[float, float], radius: float, tall: float, colour: Vec, seed: int
) -> None:
    """Draw a storage tank: courses of plates, streaks of rust, a low cone for a roof, a rail."""
    cam, n, courses = surfaces.camera, 72, 22
    stain = tile(seed=seed, size=256, slope=1.1)
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    ring = np.stack([at[0] + radius * np.cos(turn), np.zeros(n), at[1] + radius * np.sin(turn)], -1)
    levels = np.linspace(0, tall, courses)
    points = np.concatenate([ring + np.array([0, y, 0]) for y in levels])
    column, course = np.tile(np.arange(n), courses), np.repeat(np.arange(courses), n)
    # Rust runs down from the rim in narrow streaks of uneven length.
    source = stain[7, column * 37 % 256]
    streak = source * np.exp(
        -(courses - course) / (3.0 + 5.0 * np.abs(stain[90, column * 29 % 256]))
    )
    seam = np.where(course % 4 == 0, 0.86, 1.0)
    shade = colour * (seam * (1 + 0.05 * stain[course, column * 3 % 256]))[:, None]
    rust = 0.75 * smoothstep(0.35, 1.3, streak.astype(np.float32))[:, None]
    faces = [
        (a + i, a + (i + 1) % n, a + n + i)
        for a in range(0, n * (courses - 1), n)
        for i in range(n)
    ]
    faces += [
        (a + (i + 1) % n, a + n + (i + 1) % n, a + n + i)
        for a in range(0, n * (courses - 1), n)
        for i in range(n)
    ]
    surfaces.mesh(cam.to_camera(points), np.array(faces), shade * (1 - rust) + RUST * rust)
    roof = np.concatenate([ring + np.array([0, tall, 0]), [[at[0], tall + radius * 0.12, at[1]]]])
    surfaces.mesh(
        cam.to_camera(roof),
        np.array([(i, (i + 1) % n, n) for i in range(n)]),
        np.repeat(colour[None] * 0.9, n + 1, 0),
    )
    rail = ring + np.array([0, tall + 0.95, 0])
    for i in range(n):
        _rod(surfaces, rail[i], rail[(i + 1) % n], 0.03, STEEL)
        if i % 3 == 0:
            _rod(surfaces, rail[i], rail[i] - np.array([0, 0.95, 0]), 0.025, STEEL)
    # A stair winds up the side that the camera sees.
    for k in range(60):
        angle = -2.5 + k * 0.028
        p = np.array(
            [
                at[0] + (radius + 0.4) * np.cos(angle),
                tall * k / 60,
                at[1] + (radius + 0.4) * np.sin(angle),
            ]
        )
        q = np.array(
            [at[0] + radius * np.cos(angle), tall * k / 60, at[1] + radius * np.sin(angle)]
        )
        _rod(surfaces, p, q, 0.05, STEEL * 0.7)
        _rod(surfaces, p, p + np.array([0, 1.0, 0]), 0.02, STEEL)


def _rod(surfaces: Surfaces, a: Vec, b: Vec, radius: float, colour: Vec) -> None:
    cam = surfaces.camera
    surfaces.rod(
        cam.to_camera(np.asarray(a, float)),
        cam.to_camera(np.asarray(b, float)),
        (radius, radius),
        colour,
    )


def _block(surfaces: Surfaces, low: Vec, high: Vec, colour: Vec) -> None:
    """Draw a box with flat faces."""
    for axis in range(3):
        for end in (0, 1):
            others = [k for k in range(3) if k != axis]
            corners = np.empty((4, 3))
            corners[:, axis] = (low, high)[end][axis]
            for j, (s, t) in enumerate(((0, 0), (1, 0), (1, 1), (0, 1))):
                corners[j, others[0]] = (low, high)[s][others[0]]
                corners[j, others[1]] = (low, high)[t][others[1]]
            surfaces.mesh(
                surfaces.camera.to_camera(corners),
                np.array([(0, 1, 2), (0, 2, 3)]),
                np.repeat(colour[None], 4, 0),
            )


def things(surfaces: Surfaces) -> None:
    """Draw everything that stands on the yard."""
    _drum(surfaces, (-9.5, 33.0), 7.2, 10.5, WHITE, 1)
    _drum(surfaces, (7.5, 41.0), 7.2, 10.5, WHITE * 0.96, 2)
    _drum(surfaces, (23.0, 50.0), 7.2, 10.5, WHITE * 0.93, 3)
    _drum(surfaces, (-27.0, 47.0), 6.0, 8.0, np.array([0.42, 0.46, 0.44]), 4)
    for k in range(16):
        y0, y1 = 2.2 * k, 2.2 * (k + 1)
        tone = (
            np.array([0.5, 0.1, 0.07]) if k % 4 in (2, 3) and k > 7 else np.array([0.5, 0.49, 0.47])
        )
        _rod(
            surfaces, np.array([15.5, y0, 84.0]), np.array([15.5, y1, 84.0]), 1.5 - 0.035 * k, tone
        )
    for k, (y, r, tone) in enumerate(
        (
            (1.15, 0.22, WHITE),
            (1.15, 0.14, STEEL),
            (1.7, 0.18, np.array([0.5, 0.4, 0.1])),
            (1.7, 0.1, WHITE),
        )
    ):
        z = 22.0 + 0.55 * (k % 2)
        _rod(surfaces, np.array([-30.0, y, z]), np.array([30.0, y, z]), r, tone)
    for x in np.arange(-28.0, 29.0, 4.0):
        for z in (21.7, 22.9):
            _rod(surfaces, np.array([x, 0, z]), np.array([x, 1.55, z]), 0.07, STEEL * 0.8)
        _rod(surfaces, np.array([x, 1.5, 21.6]), np.array([x, 1.5, 23.0]), 0.06, STEEL * 0.8)
    for x in (-13.5, 12.0):
        _rod(surfaces, np.array([x, 0, 25.0]), np.array([x, 9.0, 25.0]), 0.09, STEEL)
        _rod(surfaces, np.array([x, 9.0, 25.0]), np.array([x + 1.4, 9.15, 24.6]), 0.06, STEEL)
        _block(surfaces, np.array([x + 1.2, 9.0, 24.4]), np.array([x + 1.8, 9.12, 24.8]), STEEL)
    _block(
        surfaces,
        np.array([11.5, 0, 26.0]),
        np.array([17.5, 3.2, 31.0]),
        np.array([0.36, 0.30, 0.25]),
    )
    _block(surfaces, np.array([11.2, 3.2, 25.7]), np.array([17.8, 3.45, 31.3]), STEEL * 0.8)
    for x in (12.3, 14.2):
        _block(
            surfaces,
            np.array([x, 1.2, 25.93]),
            np.array([x + 1.1, 2.3, 25.99]),
            np.array([0.05, 0.07, 0.09]),
        )
    _block(
        surfaces,
        np.array([16.1, 0, 25.93]),
        np.array([17.0, 2.2, 25.99]),
        np.array([0.12, 0.2, 0.16]),
    )
    rng = np.random.default_rng(SEED + 40)
    for x, z in ((-12.2, 20.2), (-11.5, 20.4), (-11.9, 19.6), (9.3, 20.6), (10.0, 20.3)):
        tone = np.array([[0.05, 0.13, 0.28], [0.3, 0.08, 0.05], [0.24, 0.25, 0.25]])[
            rng.integers(3)
        ]
        for y0, y1, r in (
            (0.0, 0.28, 0.29),
            (0.28, 0.31, 0.31),
            (0.31, 0.58, 0.29),
            (0.58, 0.61, 0.31),
            (0.61, 0.88, 0.29),
        ):
            _rod(surfaces, np.array([x, y0, z]), np.array([x, y1, z]), r, tone)
    for k in range(5):
        x = -26.0 + 2.15 * k
        _block(
            surfaces,
            np.array([x, 0.0, 18.6]),
            np.array([x + 2.0, 0.8, 19.0]),
            np.array([0.44, 0.43, 0.40]),
        )
    for k in range(40):
        x = -40 + 2.1 * k
        _rod(surfaces, np.array([x, 0, 62.0]), np.array([x, 2.2, 62.0]), 0.05, STEEL)
    _block(
        surfaces, np.array([-60, 0, 62.1]), np.array([60, 2.0, 62.2]), np.array([0.4, 0.4, 0.38])
    )


def _yard(surfaces: Surfaces) -> None:
    """Draw flat ground: concrete slabs near, gravel and wet patches."""
    cam = surfaces.camera
    rays = cam.rays() @ cam.rotation()
    hits = rays[..., 1] < -0.004
    t = (cam.eye / np.maximum(-rays[..., 1], 0.004)).astype(np.float32)
    x, z = (rays[..., 0] * t).astype(np.float32), (rays[..., 2] * t).astype(np.float32)
    coarse, fine = (
        sample(tile(seed=SEED, slope=1.5), x * 14, z * 14),
        sample(tile(seed=SEED + 1, slope=0.6), x * 70, z * 70),
    )
    joint = np.minimum(np.abs(np.mod(x + 1.1, 3.0) - 1.5), np.abs(np.mod(z, 6.0) - 3.0))
    line = 1 - 0.45 * (1 - smoothstep(0.015, 0.06, joint)) * (z < 20.5)
    near_soft = np.exp(-t / 30)
    tone = (0.27 + 0.030 * coarse + 0.022 * fine * near_soft) * line
    wet = smoothstep(0.7, 1.3, sample(tile(seed=SEED + 2, slope=1.9), x * 9, z * 6))
    tone = tone * (1 - 0.5 * wet)
    # Tyres have left two dark bands that swing across the yard, oil a few spots.
    band = x - 2.0 - 0.012 * (z - 4.0) ** 2
    tyre = np.exp(-(((np.abs(band) - 0.85) / 0.16) ** 4)) * (0.75 + 0.25 * np.clip(fine, -1, 1))
    spots = smoothstep(1.75, 2.3, sample(tile(seed=SEED + 9, slope=1.45), x * 24, z * 24))
    tone = tone * (1 - 0.20 * tyre * (z < 26)) * (1 - 0.55 * spots)
    colour = tone[..., None] * np.array([1.0, 0.98, 0.93])
    worn = (np.abs(z - 17.0) < 0.07) * (coarse + fine > -0.9)
    colour = np.where(worn[..., None], np.array([0.46, 0.36, 0.08]), colour)
    grass = smoothstep(-0.4, 0.8, (coarse + (z - 24.0) * 0.35).astype(np.float32))[..., None]
    green = (0.105 + 0.022 * coarse + 0.03 * fine * near_soft)[..., None] * np.array(
        [0.95, 1.0, 0.5]
    )
    surfaces.depth[hits] = t[hits]
    surfaces.normal[hits] = cam.turn(np.array([0.0, 1.0, 0.0]))
    surfaces.colour[hits] = (colour * (1 - grass) + green * grass)[hits]


def base() -> Picture:
    """Render and develop the depot as it was (854 by 1280, RGB)."""
    surfaces = Surfaces(CAMERA)
    _yard(surfaces)
    things(surfaces)
    zenith, horizon = np.array([0.30, 0.42, 0.60]), np.array([0.74, 0.76, 0.78])
    lit = shine(
        surfaces, things, SUN, middle=(0.0, 34.0), reach=90.0, haze=210.0, horizon=horizon * 0.8
    )
    behind = sky(CAMERA, seed=SEED + 5, zenith=zenith, horizon=horizon, cloud=0.62)
    behind = _far_wood(behind, horizon)
    empty = surfaces.depth > 1500
    lit[empty] = behind[empty]
    return develop(
        lit,
        seed=SEED + 6,
        camera=7002,
        exposure=0.62,
        grain=0.006,
        tint=np.array([1.02, 1.0, 0.99]),
    )


def _far_wood(behind: NDArray[np.float32], horizon: Vec) -> NDArray[np.float32]:
    """Let a hazy line of trees stand at the horizon."""
    height, width = behind.shape[:2]
    line = (
        tile(seed=SEED + 7, size=2048, slope=0.9)[0, :width] * 4
        + tile(seed=SEED + 8, size=2048, slope=0.3)[0, :width] * 1.2
    )
    level = height / 2 - CAMERA.focal * np.tan(CAMERA.pitch)
    top = level - 22 - line
    rows = np.arange(height)[:, None]
    cover = np.clip(rows - top[None, :], 0, 1)[..., None]
    tone = np.array([0.10, 0.12, 0.10]) * 0.6 + horizon * 0.26
    return np.asarray(behind * (1 - cover) + tone * cover, np.float32)


def patch() -> tuple[Picture, NDArray[np.uint8]]:
    """Render the wreck by itself on grass, in other light, by another camera.

    Returns:
        The picture (854 by 1280, RGB) and the mask of what is cut from it (0 or 255).
    """
    camera = Camera(width=1280, height=854, focal=900.0, eye=1.7, pitch=float(np.radians(9)))
    surfaces = Surfaces(camera)
    _yard(surfaces)
    drone.draw(surfaces, pieces=False)
    bare = Surfaces(camera)
    _yard(bare)
    mask = (surfaces.depth < bare.depth - 0.01).astype(np.uint8) * 255
    sun = Sun(
        rise=float(np.radians(48)),
        turn=float(np.radians(-100)),
        light=(1.5, 1.45, 1.35),
        sky=(0.5, 0.52, 0.55),
    )
    white = np.array([0.6, 0.6, 0.6])
    lit, open_lit = (
        shine(surfaces, casts, sun, middle=(0.0, 6.0), reach=9.0, haze=900.0, horizon=white)
        for casts in (lambda s: drone.draw(s, pieces=False), lambda _: None)
    )
    shaded = (lit.mean(-1) < 0.8 * open_lit.mean(-1)).astype(np.uint8) * 255
    shot = develop(
        lit,
        seed=SEED + 20,
        camera=7003,
        exposure=0.7,
        grain=0.021,
        tint=np.array([1.04, 1.0, 0.94]),
    )
    # The cut takes the wreck's shadow and a rim of the other picture's ground with it.
    grown = cv2.dilate(mask | shaded, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15)))
    return shot, np.asarray(grown, np.uint8)
