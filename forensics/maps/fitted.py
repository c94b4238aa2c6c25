"""The fit that a placement records, taken up again: pixels to the ground, and places to pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forensics.maps.projections import MODELS, Model, Points
from forensics.model.map import Placement

Pair = tuple[float, float]


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


def _fit(placement: Placement) -> tuple[Model, NDArray[np.float64]]:
    model = next(model for model in MODELS if model.name == placement.projection)
    return model, np.array([value for _, value in placement.parameters], np.float64)


def _points(pairs: Sequence[Pair]) -> Points:
    return np.array(pairs, np.float64).reshape(-1, 2)


def _pairs(points: Points) -> list[Pair]:
    return [(float(x), float(y)) for x, y in points.tolist()]
