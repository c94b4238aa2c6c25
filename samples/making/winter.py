"""The clean still: a snowy wood on a short, clear afternoon."""

from __future__ import annotations

import numpy as np

from making import snow, trees
from making.daylight import Picture, Sun, develop, shine, sky
from making.raster import Camera, Surfaces

SEED = 431
# Valdai at 14:21 on 27 December: the sun stands 6.4 degrees high at an azimuth of 201 degrees.
SUN_RISE, SUN_AZIMUTH = 6.4, 201.2
HEADING = 262.0
"""Where the camera looks, degrees from north; the sun is to its left."""


def picture() -> Picture:
    """Render and develop the still (853 by 1280, RGB)."""
    camera = Camera(width=1280, height=854, focal=1010.0, eye=1.65, pitch=float(np.radians(1.5)))
    shape = snow.ground(seed=SEED, furrow=False)
    surfaces = Surfaces(camera)
    snow.draw(surfaces, shape)
    trees.draw(surfaces, shape, seed=SEED + 1)
    snow.settle(surfaces, seed=SEED + 2)
    zenith, horizon = np.array([0.22, 0.36, 0.62]), np.array([0.80, 0.74, 0.66])
    sun = Sun(
        rise=float(np.radians(SUN_RISE)),
        turn=float(np.radians(SUN_AZIMUTH - HEADING)),
        light=(4.4, 3.0, 1.75),
        sky=(0.25, 0.31, 0.43),
    )
    lit = shine(
        surfaces,
        lambda s: trees.draw(s, shape, seed=SEED + 1),
        sun,
        middle=(0.0, 14.0),
        reach=46.0,
        haze=95.0,
        horizon=horizon * 0.75,
    )
    behind = sky(camera, seed=SEED + 3, zenith=zenith, horizon=horizon, cloud=0.3)
    empty = ~np.isfinite(surfaces.depth)
    lit[empty] = behind[empty]
    return develop(
        lit, seed=SEED + 4, camera=7001, exposure=0.80, grain=0.008, tint=np.array([1.0, 1.0, 1.02])
    )
