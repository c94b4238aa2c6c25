"""Labels of maps that were never drawn: real places under a known projection."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from forensics.maps.gazetteer import gazetteer
from forensics.maps.projections import Model, Points
from forensics.model.map import GazetteerPlace, Label, ReadBy


def towns(
    chooser: np.random.Generator, count: int, west: float = 26, south: float = 48, size: float = 9
) -> list[GazetteerPlace]:
    """Places in a part of Eastern Europe, larger ones more often."""
    east, north = west + 1.5 * size, south + size
    inside = [
        p
        for p in gazetteer().places
        if west < p.lon < east and south < p.lat < north and p.population > 8000
    ]
    weights = np.array([p.population for p in inside], float) ** 0.7
    chosen = chooser.choice(len(inside), count, replace=False, p=weights / weights.sum())
    return [inside[i] for i in chosen]


def shown(
    model: Model, parallel: float, ground: Points, width: int = 1280
) -> Callable[[Points], Points]:
    """How a picture of `width` pixels shows the ground, such that all of it is on it."""
    plane = model.forward(ground, parallel)
    low, span = plane.min(axis=0), np.ptp(plane, axis=0).max()
    scale = 0.85 * width / span

    def show(points: Points) -> Points:
        at = (model.forward(points, parallel) - low) * scale + 0.05 * width
        return np.column_stack((at[:, 0], width - at[:, 1]))

    return show


def positions(places: list[GazetteerPlace]) -> NDArray[np.float64]:
    return np.array([(p.lon, p.lat) for p in places])


def labelled(name: str, x: float, y: float) -> Label:
    return Label(
        text=name,
        x=float(x),
        y=float(y),
        dotted=True,
        slack=0.0,
        by=ReadBy.MACHINE,
        candidates=gazetteer().candidates(name),
    )
