"""Where do borders and coasts run, which country is at a point, and how far is it from here to there?

Borders are Natural Earth's at 1:10,000,000 (`data/make_borders.py`): drawn as land is in fact controlled,
by its editors' policy of 2018, but for Crimea, which is with Ukraine as in resolution 68/262 of the UN
General Assembly; and off by a kilometre or two in places. They are a backdrop to measure against.
Distances are geodesics on the WGS 84 ellipsoid (Karney 2013, through pyproj).
"""

from __future__ import annotations

import itertools
import json
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

SEA: Final = ""
"""The country of a point that is in none."""
STEP_KM: Final = 2.0
"""Between two points of a line that are looked up; a strip that is narrower may be missed."""
MAX_STEPS: Final = 5_000

_GEOD: Final = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A line leaves one country, or the sea, for another.

    Attributes:
        out_of: Country that it leaves; `SEA` for none.
        into: Country that it enters; `SEA` for none.
        lon: Where, to within half of `STEP_KM`; degrees east.
        lat: Degrees north.
    """

    out_of: str
    into: str
    lon: float
    lat: float

    @property
    def words(self) -> str:
        """What is crossed, for a person."""
        if self.out_of and self.into:
            return f"the border from {self.out_of} into {self.into}"
        if self.into:
            return f"the coast of {self.into}, from the sea"
        return f"the coast of {self.out_of}, to the sea"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A stretch of border or coast, for drawing.

    Attributes:
        coast: It has a country on one side only.
        points: float64 of shape (n, 2): longitude and latitude in degrees.
    """

    coast: bool
    points: NDArray[np.float64]


class Geography:
    """Natural Earth's countries."""

    def __init__(self, data: bytes) -> None:
        """Unpacks what `data/make_borders.py` made."""
        line, _, points = data.partition(b"\n")
        head: dict[str, Any] = json.loads(line)
        self.source = f"{head['name']}, {head['version']}"
        self.policy = str(head["borders"])
        lengths = np.array(head["lengths"])
        steps = np.split(
            np.frombuffer(points, "<i4").reshape(-1, 2).astype(np.int64), np.cumsum(lengths)[:-1]
        )
        scale, shift = np.array(head["scale"]), np.array(head["translate"])
        self._arcs = [np.cumsum(step, axis=0) * scale + shift for step in steps]
        owners: list[list[str]] = [[] for _ in self._arcs]
        names, shapes = [], []
        for country in head["countries"]:
            for polygon in country["polygons"]:
                for arc in itertools.chain.from_iterable(polygon):
                    owners[arc if arc >= 0 else ~arc].append(country["name"])
                shell, *holes = (ring for ring in map(self._ring, polygon) if len(ring) > 3)
                names.append(country["name"])
                shapes.append(shapely.Polygon(shell, holes))
        self._names = names
        self._shapes = shapely.STRtree(shapes)
        # A line with one country on both sides is neither border nor coast.
        drawn = [i for i, owner in enumerate(owners) if len(owner) != 2 or owner[0] != owner[1]]
        self._coast = [len(owners[i]) < 2 for i in drawn]
        self._lines = shapely.STRtree([shapely.LineString(self._arcs[i]) for i in drawn])

    def _ring(self, arcs: Sequence[int]) -> NDArray[np.float64]:
        """Puts a ring together; an arc given by its complement is run through backwards."""
        runs = [self._arcs[arc] if arc >= 0 else self._arcs[~arc][::-1] for arc in arcs]
        return np.concatenate([run[1:] if index else run for index, run in enumerate(runs)])

    def countries(self, points: NDArray[np.float64]) -> list[str]:
        """Returns the country at each point of (n, 2) longitudes and latitudes; `SEA` for none."""
        found = [SEA] * len(points)
        where, which = self._shapes.query(shapely.points(points), predicate="intersects")
        for point, shape in zip(where.tolist(), which.tolist(), strict=True):
            found[point] = found[point] or self._names[shape]
        return found

    def crossings(self, path: NDArray[np.float64]) -> tuple[Crossing, ...]:
        """Returns which borders and coasts a line crosses, from its first point on.

        Args:
            path: (n, 2) longitudes and latitudes; neighbours are joined by straight lines in degrees.
        """
        points = _stepped(path)
        lands = self.countries(points)
        return tuple(
            Crossing(
                out_of=before,
                into=after,
                lon=float(points[i : i + 2, 0].mean()),
                lat=float(points[i : i + 2, 1].mean()),
            )
            for i, (before, after) in enumerate(itertools.pairwise(lands))
            if before != after
        )

    def land(
        self, west: float, south: float, east: float, north: float
    ) -> list[NDArray[np.float64]]:
        """Returns the outer rings of all land in a rectangle of degrees, cut at its edges."""
        rings = []
        for index in self._shapes.query(shapely.box(west, south, east, north)).tolist():
            shape = shapely.clip_by_rect(self._shapes.geometries[index], west, south, east, north)
            rings += [
                shapely.get_coordinates(part.exterior)
                for part in shapely.get_parts(shape)
                if isinstance(part, shapely.Polygon) and not part.is_empty
            ]
        return rings

    def outlines(self, west: float, south: float, east: float, north: float) -> list[Outline]:
        """Returns borders and coasts in a rectangle of degrees, cut at its edges."""
        found = []
        for index in sorted(self._lines.query(shapely.box(west, south, east, north)).tolist()):
            line = shapely.clip_by_rect(self._lines.geometries[index], west, south, east, north)
            found += [
                Outline(coast=self._coast[index], points=shapely.get_coordinates(part))
                for part in shapely.get_parts(line)
                if len(shapely.get_coordinates(part)) > 1
            ]
        return found


@cache
def geography() -> Geography:
    """Returns the countries that are shipped; read once in a process, in about half a second."""
    packed = files("forensics.maps").joinpath("data/borders.bin.xz").read_bytes()
    return Geography(lzma.decompress(packed))


def distance_km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Returns the length of the shortest line between two points, in km."""
    return float(_GEOD.inv(lon, lat, other_lon, other_lat)[2]) / 1000


def distances_km(points: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the distances between two arrays of shape (n, 2), point by point, in km."""
    metres = _GEOD.inv(points[:, 0], points[:, 1], others[:, 0], others[:, 1])[2]
    return np.asarray(metres, np.float64) / 1000


def bearing(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Returns the direction in which the other point lies, degrees clockwise from north, 0 to 360."""
    return float(_GEOD.inv(lon, lat, other_lon, other_lat)[0]) % 360


def length_km(path: NDArray[np.float64]) -> float:
    """Returns the length of a line of (n, 2) longitudes and latitudes, in km."""
    return float(_GEOD.line_length(path[:, 0], path[:, 1])) / 1000


def area_km2(outline: NDArray[np.float64]) -> float:
    """Returns the area inside a ring of (n, 2) longitudes and latitudes, in square km."""
    return abs(float(_GEOD.polygon_area_perimeter(outline[:, 0], outline[:, 1])[0])) / 1e6


def _stepped(path: NDArray[np.float64]) -> NDArray[np.float64]:
    """The line with a point every `STEP_KM`, or at most `MAX_STEPS` of them."""
    along = np.concatenate(([0.0], np.cumsum(distances_km(path[:-1], path[1:]))))
    count = int(min(MAX_STEPS, max(2, np.ceil(along[-1] / STEP_KM) + 1)))
    where = np.linspace(0.0, along[-1], count)
    return np.column_stack([np.interp(where, along, path[:, axis]) for axis in (0, 1)])
