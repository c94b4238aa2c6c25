"""The views that other people's software draws, the towns in them, and what the bench is told of a map."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from maps_towns import towns

Truth = dict[str, Any]
Town = tuple[str, float, float]
VIEWS: Final = {
    # West, south, east, north; language; fewest rank.
    "north": ((26.0, 52.0, 42.0, 60.5), 0, 2),
    "south": ((27.0, 43.5, 41.0, 50.8), 1, 2),
    "east": ((32.0, 46.0, 41.5, 53.0), 2, 1),
    "wide": ((17.0, 42.0, 47.0, 61.0), 2, 2),
}


def node_says(script: str, node: Path) -> str:
    program = shutil.which("node")
    if program is None:
        raise FileNotFoundError("node")
    run = subprocess.run(
        [program, "-e", script],
        cwd=node,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return run.stdout


def towns_of(view: str) -> list[Town]:
    (west, south, east, north), language, rank = VIEWS[view]
    edge = 0.04 * (east - west)
    return [
        (t.names[language], t.lon, t.lat)
        for t in towns()
        if t.rank >= rank
        and west + edge < t.lon < east - 3 * edge
        and south + edge < t.lat < north - edge
    ]


def apart(named: Sequence[Town], pixels: Sequence[Sequence[float]]) -> list[int]:
    """Which towns to name so that names of 130 by 22 pixels stay apart."""
    kept: list[int] = []
    for index in range(len(named)):
        x, y = pixels[index]
        if all(abs(x - pixels[k][0]) > 135 or abs(y - pixels[k][1]) > 22 for k in kept):
            kept.append(index)
    return kept


def truth_of(
    named: Sequence[Town],
    pixels: Sequence[Sequence[float]],
    projection: str,
    size: tuple[int, int],
    view: str,
    forward: Callable[[np.ndarray], np.ndarray],
) -> Truth:
    """What the bench is told. Points of the ground are random ones of the view that the picture shows."""
    (west, south, east, north), _, _ = VIEWS[view]
    at = np.random.default_rng(5).uniform((west, south), (east, north), (400, 2))
    shown = forward(at)
    inside = np.all((shown > 4) & (shown < np.array(size) - 4), axis=1)
    points = np.column_stack((at, shown))[inside][:50]
    return {
        "projection": projection,
        "ground": points.tolist(),
        "names": [
            {"texts": [name], "lon": lon, "lat": lat, "x": float(x), "y": float(y), "right": True}
            for (name, lon, lat), (x, y) in zip(named, pixels, strict=True)
        ],
    }
