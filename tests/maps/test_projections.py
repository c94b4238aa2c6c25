import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from forensics.maps.projections import (
    MODELS,
    Model,
    Points,
    albers,
    equirectangular,
    lambert,
    mercator,
)

POINTS = np.array([[20.0, 45.0], [30.5, 50.4], [45.0, 60.0], [-10.0, 30.0], [100.0, 70.0]])
SPHERE = "+R=1 +lon_0=0 +to_meter=1"


@pytest.mark.parametrize(
    ("projected", "definition"),
    [
        (mercator(POINTS), "+proj=merc"),
        (equirectangular(POINTS, 50), "+proj=eqc +lat_ts=50"),
        (lambert(POINTS, 50), "+proj=lcc +lat_1=50 +lat_2=50 +lat_0=50"),
        (albers(POINTS, 50), "+proj=aea +lat_1=44 +lat_2=56 +lat_0=50"),
    ],
)
def test_planes_are_those_of_proj_but_for_scale_and_shift(
    projected: Points, definition: str
) -> None:
    judge = Transformer.from_pipeline(
        f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step {definition} {SPHERE}"
    )
    other = np.column_stack(judge.transform(POINTS[:, 0], POINTS[:, 1]))
    ours, theirs = projected - projected[0], other - other[0]
    factor = np.linalg.norm(theirs[-1]) / np.linalg.norm(ours[-1])
    np.testing.assert_allclose(ours * factor, theirs, atol=1e-9)


@given(
    model=st.sampled_from(MODELS),
    lon=st.floats(-60, 150),
    lat=st.floats(25, 75),
    turn=st.floats(-0.5, 0.5),
    parallel=st.floats(30, 65),
)
def test_what_lies_in_the_picture_lies_on_the_ground(
    model: Model, lon: float, lat: float, turn: float, parallel: float
) -> None:
    ground = np.array([[lon, lat], [lon + 5, lat], [lon, lat + 5], [lon + 5, lat + 4]])
    plane = model.forward(ground, parallel)
    scale = 4000 * np.exp(1j * turn)
    z = (plane @ (1, 1j) - plane[0] @ (1, 1j)) * scale
    pixels = np.column_stack((z.real + 300, 700 - z.imag))
    parameters = model.start(ground, pixels, parallel)
    np.testing.assert_allclose(model.pixels(parameters, ground), pixels, atol=1e-4)
    np.testing.assert_allclose(model.ground(parameters, pixels), ground, atol=1e-5)
    assert len(parameters) == len(model.names) == model.freedom
