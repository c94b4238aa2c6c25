"""How do places on the earth become points of a picture? Projections and the pictures of their planes.

Formulas for the sphere, from J. P. Snyder, Map Projections: A Working Manual (USGS Professional Paper 1395,
1987), sections 7 (Mercator), 12 (equidistant cylindrical), 14 (Albers) and 15 (Lambert); against the
ellipsoid they err by at most .2° of latitude, nearly all of which shift and scale take up within one map.
Longitudes and latitudes are degrees, planes are in radii of the sphere, pictures in pixels with y down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (n, 2)."""

MAX_TURN: Final = 30.0
"""Degrees by which north may lie off the top of a graphic."""
POLE: Final = 85.0
"""Degrees; latitudes beyond are taken for this one, since Mercator's plane ends nowhere."""
SPREAD: Final = 6.0
"""Degrees from the middle parallel of Albers's conic to each of its standard ones."""


def mercator(points: Points, _: float = 0.0) -> Points:
    """Projects longitudes and latitudes on Mercator's plane."""
    lon, lat = np.radians(points[:, 0]), np.radians(np.clip(points[:, 1], -POLE, POLE))
    return np.column_stack((lon, np.arcsinh(np.tan(lat))))


def from_mercator(plane: Points, _: float = 0.0) -> Points:
    """Undoes `mercator`."""
    return _degrees(plane[:, 0], np.arctan(np.sinh(plane[:, 1])))


def equirectangular(points: Points, parallel: float) -> Points:
    """Projects on the equidistant cylindrical plane that is true to scale along `parallel`."""
    lon, lat = np.radians(points).T
    return np.column_stack((lon * np.cos(np.radians(parallel)), lat))


def from_equirectangular(plane: Points, parallel: float) -> Points:
    """Undoes `equirectangular`."""
    lon = plane[:, 0] / np.cos(np.radians(parallel))
    return _degrees(lon, plane[:, 1])


def lambert(points: Points, parallel: float) -> Points:
    """Projects on Lambert's conformal cone that touches the sphere along `parallel`.

    The central meridian is that of Greenwich: another one turns the plane, which a picture's own turn
    takes up.
    """
    n = _cone(parallel)
    lon, lat = np.radians(points[:, 0]), np.radians(np.clip(points[:, 1], -POLE, POLE))
    rho = np.exp(-n * np.arcsinh(np.tan(lat)))
    return np.column_stack((rho * np.sin(n * lon), -rho * np.cos(n * lon))) / n


def from_lambert(plane: Points, parallel: float) -> Points:
    """Undoes `lambert`."""
    n = _cone(parallel)
    x, y = plane[:, 0] * n, -plane[:, 1] * n
    lon, rho = np.arctan2(x, y) / n, np.maximum(np.hypot(x, y), 1e-12)
    return _degrees(lon, np.arctan(np.sinh(-np.log(rho) / n)))


def albers(points: Points, parallel: float) -> Points:
    """Projects on Albers's equal-area cone with standard parallels `SPREAD` degrees around `parallel`."""
    n, c = _albers(parallel)
    lon, lat = np.radians(points).T
    rho = np.sqrt(np.maximum(c - 2 * n * np.sin(lat), 0.0)) / n
    return np.column_stack((rho * np.sin(n * lon), -rho * np.cos(n * lon)))


def from_albers(plane: Points, parallel: float) -> Points:
    """Undoes `albers`."""
    n, c = _albers(parallel)
    x, y = plane[:, 0], -plane[:, 1]
    sine = (c - (np.hypot(x, y) * n) ** 2) / (2 * n)
    return _degrees(np.arctan2(x, y) / n, np.arcsin(np.clip(sine, -1, 1)))


def _degrees(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Points:
    return np.asarray(np.degrees(np.column_stack((lon, lat))), np.float64)


def _cone(parallel: float) -> float:
    return float(np.sin(np.radians(np.clip(parallel, 5.0, 85.0))))


def _albers(parallel: float) -> tuple[float, float]:
    middle = float(np.clip(parallel, 12.0, 78.0))
    low, high = np.radians((middle - SPREAD, middle + SPREAD))
    n = (np.sin(low) + np.sin(high)) / 2
    return float(n), float(np.cos(low) ** 2 + 2 * n * np.sin(low))


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A projection, and how freely a picture shows its plane.

    The parameters are those of the picture, first: a, b, x, y of a similarity (a and b turn and scale), six
    of an affine picture, eight of a perspective one; then the projection's parallel, where it has one.

    Attributes:
        name: For a person.
        forward: Degrees to the plane.
        inverse: And back.
        picture: Parameters of the picture: 4, 6 or 8.
        parallel: The projection has a parallel to fit.
    """

    name: str
    forward: Callable[[Points, float], Points]
    inverse: Callable[[Points, float], Points]
    picture: int
    parallel: bool

    @property
    def freedom(self) -> int:
        """How many parameters are fitted."""
        return self.picture + self.parallel

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""
        own = {4: ("a", "b", "x", "y"), 6: tuple("abcdef"), 8: tuple("abcdefgh")}[self.picture]
        return (*own, "parallel") if self.parallel else own

    def start(self, points: Points, pixels: Points, parallel: float) -> NDArray[np.float64]:
        """Returns parameters that fit by linear least squares, `parallel` being given."""
        plane = self.forward(points, parallel)
        a, b, x, y = _similarity(plane, pixels)
        if self.picture == 4:
            picture = np.array([a, b, x, y])
        elif self.picture == 6:
            picture = _affine(plane, pixels)
        else:
            picture = np.append(_affine(plane, pixels), (0.0, 0.0))
        return np.append(picture, parallel) if self.parallel else picture

    def needs(self) -> int:
        """Returns how many independent labels such a fit must rest on: a freer one bends to more of them."""
        return {4: 5, 6: 7, 8: 9}[self.picture]

    def plausible(self, parameters: NDArray[np.float64], points: Points) -> bool:
        """Tells whether anybody draws maps like that around `points`.

        North is within 30 degrees of the top, nothing is mirrored, one direction is not stretched more
        than 2.2 times as much as the other, and a cone touches the earth within 25 degrees of the map.
        """
        lon, lat = points.mean(axis=0)
        around = np.array(
            [[lon, lat], [lon + 0.01, lat], [lon, lat + 0.01 * np.cos(np.radians(lat))]]
        )
        middle, east, north = self.pixels(parameters, around)
        right, up = (east - middle) @ (1, -1j), (north - middle) @ (1, -1j)
        if not (np.isfinite([right, up]).all() and abs(right) and abs(up)):
            return False
        turn = np.angle([right, up / 1j], deg=True)
        if np.abs(turn).max() > MAX_TURN or not 1 / 2.2 < abs(right) / abs(up) < 2.2:
            return False
        return not self.parallel or (
            -1 <= parameters[-1] <= 80
            and (self.forward is equirectangular or abs(parameters[-1] - lat) < 25)
        )

    def pixels(self, parameters: NDArray[np.float64], points: Points) -> Points:
        """Returns where longitudes and latitudes lie in the picture."""
        plane = self.forward(points, self._parallel(parameters))
        matrix = self._matrix(parameters)
        shown = np.column_stack((plane, np.ones(len(plane)))) @ matrix.T
        return np.asarray(shown[:, :2] / _apart(shown[:, 2:]), np.float64)

    def ground(self, parameters: NDArray[np.float64], pixels: Points) -> Points:
        """Returns the longitudes and latitudes of points of the picture."""
        matrix = np.linalg.pinv(self._matrix(parameters))
        plane = np.column_stack((pixels, np.ones(len(pixels)))) @ matrix.T
        found = self.inverse(plane[:, :2] / _apart(plane[:, 2:]), self._parallel(parameters))
        return np.column_stack(((found[:, 0] + 180) % 360 - 180, found[:, 1]))

    def _parallel(self, parameters: NDArray[np.float64]) -> float:
        return float(parameters[-1]) if self.parallel else 0.0

    def _matrix(self, parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        p = parameters
        if self.picture == 4:
            rows = [[p[0], p[1], p[2]], [p[1], -p[0], p[3]], [0, 0, 1]]
        elif self.picture == 6:
            rows = [[p[0], p[1], p[2]], [p[3], p[4], p[5]], [0, 0, 1]]
        else:
            rows = [[p[0], p[1], p[2]], [p[3], p[4], p[5]], [p[6], p[7], 1]]
        return np.array(rows, np.float64)


def _apart(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keeps a divisor away from zero: a perspective picture has a horizon."""
    return np.where(np.abs(value) < 1e-9, 1e-9, value)


def _similarity(plane: Points, pixels: Points) -> tuple[float, float, float, float]:
    """Least squares for x = a·u + b·v + x0, y = b·u - a·v + y0: the picture's y runs down."""
    u, z = plane @ (1, 1j), pixels @ (1, -1j)
    du, dz = u - u.mean(), z - z.mean()
    s = (dz @ du.conj()) / max(float((np.abs(du) ** 2).sum()), 1e-30)
    t = z.mean() - s * u.mean()
    return float(s.real), float(-s.imag), float(t.real), float(-t.imag)


def _affine(plane: Points, pixels: Points) -> NDArray[np.float64]:
    design = np.column_stack((plane, np.ones(len(plane))))
    found, *_ = np.linalg.lstsq(design, pixels, rcond=None)
    return np.asarray(found.T.ravel(), np.float64)


MERCATOR: Final = Model(
    name="Mercator", forward=mercator, inverse=from_mercator, picture=4, parallel=False
)
EQUIRECTANGULAR: Final = Model(
    name="equirectangular",
    forward=equirectangular,
    inverse=from_equirectangular,
    picture=4,
    parallel=True,
)
LAMBERT: Final = Model(
    name="Lambert conformal conic", forward=lambert, inverse=from_lambert, picture=4, parallel=True
)
ALBERS: Final = Model(
    name="Albers equal-area conic", forward=albers, inverse=from_albers, picture=4, parallel=True
)
AFFINE: Final = Model(
    name="Mercator, stretched or slanted",
    forward=mercator,
    inverse=from_mercator,
    picture=6,
    parallel=False,
)
PERSPECTIVE: Final = Model(
    name="Mercator, seen at an angle",
    forward=mercator,
    inverse=from_mercator,
    picture=8,
    parallel=False,
)
MODELS: Final = (MERCATOR, EQUIRECTANGULAR, LAMBERT, ALBERS, AFFINE, PERSPECTIVE)
