"""A small software rasteriser: what surface does each pixel see, how far off, facing where?

It fills a buffer of depth, normal and reflectance in camera space (x right, y up, z forward,
metres). Light comes later, so one buffer serves every frame of a video.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vec = NDArray[np.float64]
Field = NDArray[np.float32]

Paint = Callable[[Vec, Vec], Vec]
"""Gives a factor on the colour from metres along a rod and from -1 to 1 across it."""

NEAR = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A pinhole camera: where it stands, how it is pitched, and its image.

    Attributes:
        width: Columns of the image.
        height: Rows of the image.
        focal: Focal length in pixels.
        eye: Height above the ground in metres.
        pitch: Angle below the horizon in radians.
        yaw: Turn to the right of the world's forward axis in radians.
        at: Where it stands: world x and z.
    """

    width: int
    height: int
    focal: float
    eye: float
    pitch: float
    yaw: float = 0.0
    at: tuple[float, float] = (0.0, 0.0)

    def to_camera(self, points: Vec) -> Vec:
        """Turn world points (…, 3) into camera space."""
        moved = points - np.array([self.at[0], self.eye, self.at[1]])
        return self.turn(moved)

    def turn(self, directions: Vec) -> Vec:
        """Turn world directions (…, 3) into camera space."""
        return np.asarray(directions @ self.rotation().T)

    def to_world(self, points: Vec) -> Vec:
        """Turn camera-space points back into world points."""
        return np.asarray(points @ self.rotation() + np.array([self.at[0], self.eye, self.at[1]]))

    def rotation(self) -> Vec:
        """Give the matrix that turns world directions into camera space."""
        c, s = np.cos(self.pitch), np.sin(self.pitch)
        # Looking down: the ground's forward axis rises in the image.
        nod = np.array([[1.0, 0.0, 0.0], [0.0, c, s], [0.0, -s, c]])
        c, s = np.cos(self.yaw), np.sin(self.yaw)
        return np.asarray(nod @ np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]]))

    def project(self, points: Vec) -> Vec:
        """Give image columns and rows (…, 2) of camera-space points."""
        z = np.maximum(points[..., 2], NEAR)
        u = self.width / 2 + self.focal * points[..., 0] / z
        v = self.height / 2 - self.focal * points[..., 1] / z
        return np.stack([u, v], axis=-1)

    def rays(self) -> Vec:
        """Give for each pixel the camera-space direction with z = 1 (height, width, 3)."""
        u = (np.arange(self.width) - self.width / 2) / self.focal
        v = -(np.arange(self.height) - self.height / 2) / self.focal
        grid = np.empty((self.height, self.width, 3))
        grid[..., 0], grid[..., 1], grid[..., 2] = u[None, :], v[:, None], 1.0
        return grid


class Surfaces:
    """The nearest surface in every pixel: depth, normal, reflectance."""

    def __init__(self, camera: Camera) -> None:
        """Begin with nothing seen: infinite depth, black."""
        shape = (camera.height, camera.width)
        self.camera = camera
        self.depth: Field = np.full(shape, np.inf, np.float32)
        self.normal: Field = np.zeros((*shape, 3), np.float32)
        self.colour: Field = np.zeros((*shape, 3), np.float32)

    def rod(
        self,
        a: Vec,
        b: Vec,
        radius: tuple[float, float],
        colour: Vec,
        paint: Paint | None = None,
    ) -> None:
        """Draw a tapered rod between two camera-space points: a trunk, a twig, a boom.

        Args:
            a: One end, in metres.
            b: The other end.
            radius: Radius at `a` and at `b`, in metres.
            colour: Linear reflectance, three values.
            paint: Marks of the bark, or nothing for one even colour.
        """
        cam = self.camera
        if min(a[2], b[2]) < NEAR:
            return
        pa, pb = cam.project(a), cam.project(b)
        ra, rb = (max(cam.focal * r / p[2], 0.55) for r, p in zip(radius, (a, b), strict=True))
        box = self._box(np.array([pa - ra, pa + ra, pb - rb, pb + rb]))
        if box is None:
            return
        rows, cols = box
        x = np.arange(cols.start, cols.stop)[None, :] - pa[0]
        y = np.arange(rows.start, rows.stop)[:, None] - pa[1]
        ax, ay = pb - pa
        length2 = max(ax * ax + ay * ay, 1e-6)
        t = np.clip((x * ax + y * ay) / length2, 0.0, 1.0)
        dx, dy = x - t * ax, y - t * ay
        r = ra + (rb - ra) * t
        across = np.sqrt(dx * dx + dy * dy) / r
        bulge = np.sqrt(np.clip(1.0 - across * across, 0.0, 1.0))
        z = 1.0 / ((1.0 - t) / a[2] + t / b[2])
        z = z - bulge * r * z / cam.focal
        normal = np.stack([dx / r, -dy / r, -bulge], axis=-1)
        colours = np.broadcast_to(colour, normal.shape)
        if paint is not None:
            side = (x * ay - y * ax) / np.sqrt(length2) / r
            along = t * float(np.linalg.norm(b - a))
            colours = colours * paint(along, side)[..., None]
        self._put(rows, cols, z, normal, colours, across <= 1.0)

    def mesh(self, points: Vec, faces: NDArray[np.int64], colour: Vec) -> None:
        """Draw triangles with normals that run smoothly over shared corners.

        Args:
            points: Corners in camera space (n, 3).
            faces: Indices of corners (m, 3).
            colour: Linear reflectance for each corner (n, 3).
        """
        corner = points[faces]
        flat = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        # Both sides are drawn, so a face that looks away is turned round.
        flat *= -np.sign(np.sum(flat * corner[:, 0], axis=1, keepdims=True))
        smooth = np.zeros_like(points)
        for k in range(3):
            np.add.at(smooth, faces[:, k], flat)
        smooth /= np.linalg.norm(smooth, axis=1, keepdims=True) + 1e-12
        uv = self.camera.project(points)
        for i, face in enumerate(faces):
            if corner[i, :, 2].min() >= NEAR:
                self._triangle(uv[face], corner[i, :, 2], smooth[face], colour[face])

    def _triangle(self, uv: Vec, z: Vec, normals: Vec, colours: Vec) -> None:
        box = self._box(uv)
        if box is None:
            return
        rows, cols = box
        x = np.arange(cols.start, cols.stop)[None, :]
        y = np.arange(rows.start, rows.stop)[:, None]
        (x0, y0), (x1, y1), (x2, y2) = uv
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            return
        w1 = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) / area
        w2 = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) / area
        w0 = 1.0 - w1 - w2
        weights = np.stack([w0, w1, w2], axis=-1)
        near = 1.0 / np.maximum(weights @ (1.0 / z), 1e-6)
        self._put(
            rows, cols, near, weights @ normals, weights @ colours, weights.min(axis=-1) >= -1e-4
        )

    def _box(self, uv: Vec) -> tuple[slice, slice] | None:
        low, high = np.floor(uv.min(axis=0)), np.ceil(uv.max(axis=0)) + 1
        c0, r0 = max(int(low[0]), 0), max(int(low[1]), 0)
        c1, r1 = min(int(high[0]), self.camera.width), min(int(high[1]), self.camera.height)
        return None if c1 <= c0 or r1 <= r0 else (slice(r0, r1), slice(c0, c1))

    def _put(
        self, rows: slice, cols: slice, z: Vec, normal: Vec, colour: Vec, inside: NDArray[np.bool_]
    ) -> None:
        seen = inside & (z < self.depth[rows, cols])
        self.depth[rows, cols][seen] = z[seen]
        self.normal[rows, cols][seen] = normal[seen]
        self.colour[rows, cols][seen] = colour[seen]
