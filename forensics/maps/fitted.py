"""The fit that a placement records, taken up again: pixels to the ground, and places to pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.maps.projections import MODELS, Model, Points
from forensics.model.map import Placement

Pair = tuple[float, float]

NEAREST: Final = 3
"""Names around a point that tell whether it is on the map that was placed."""
BEYOND: Final = 1 / 3
"""Of the extent of the names that fit, by which what the fit says still holds outside of them."""


def ground(placement: Placement, pixels: Sequence[Pair]) -> list[Pair]:
    """Returns the longitudes and latitudes of points of the graphic.

    Args:
        placement: One with a projection.
        pixels: x and y of each.
    """
    model, parameters = _fit(placement)
    return _pairs(model.ground(parameters, _points(pixels)))


def shown(placement: Placement, places: Sequence[Pair]) -> list[Pair]:
    """Returns where on the graphic the fit puts places, in pixels.

    Args:
        placement: One with a projection.
        places: Longitude and latitude of each.
    """
    model, parameters = _fit(placement)
    return _pairs(model.pixels(parameters, _points(places)))


def elsewhere(placement: Placement, point: Pair) -> bool:
    """Returns whether a point of the graphic lies on another map than the one that was placed.

    A graphic with two maps has the names of one among the names that do not fit the other: that is so where
    none of the names nearest to the point fits.
    """
    names = placement.control_points
    if len(names) < NEAREST:
        return False
    away = sorted(((n.x - point[0]) ** 2 + (n.y - point[1]) ** 2, n.accepted) for n in names)
    return not any(accepted for _, accepted in away[:NEAREST])


def beyond(placement: Placement, point: Pair) -> bool:
    """Returns whether a point of the graphic lies far outside of the names that the fit rests on."""
    fits = np.array([(n.x, n.y) for n in placement.control_points if n.accepted], np.float64)
    if not len(fits):
        return True
    low, high = fits.min(axis=0), fits.max(axis=0)
    room = BEYOND * (high - low)
    at = np.array(point)
    return bool((at < low - room).any() or (at > high + room).any())


def _fit(placement: Placement) -> tuple[Model, NDArray[np.float64]]:
    model = next(model for model in MODELS if model.name == placement.projection)
    return model, np.array([value for _, value in placement.parameters], np.float64)


def _points(pairs: Sequence[Pair]) -> Points:
    return np.array(pairs, np.float64).reshape(-1, 2)


def _pairs(points: Points) -> list[Pair]:
    return [(float(x), float(y)) for x, y in points.tolist()]
