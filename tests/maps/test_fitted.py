"""A recorded placement gives the same fit as the one that it came from."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from forensics.codec import plain, revive
from forensics.maps.fitted import beyond, elsewhere, ground, shown
from forensics.maps.gazetteer import gazetteer
from forensics.maps.place import place
from forensics.model.map import MapReading, Placement
from tests.maps.readings import labels, reading


def placement() -> Placement:
    found = reading().placement
    assert found is not None
    return found


def test_the_fit_is_that_of_the_placing() -> None:
    import numpy as np

    _, fit = place(labels(), seed=1, gazetteer=gazetteer().source)
    assert fit is not None
    points = [(0.0, 0.0), (500.0, 400.0), (999.0, 799.0)]
    assert ground(placement(), points) == pytest.approx(fit.ground(np.array(points)))


def test_places_and_pixels_lead_to_each_other() -> None:
    points = [(10.0, 20.0), (640.0, 333.0)]
    back = shown(placement(), ground(placement(), points))
    assert [value for pair in back for value in pair] == pytest.approx([10.0, 20.0, 640.0, 333.0])


def test_control_points_lie_where_the_fit_puts_them() -> None:
    for point in placement().control_points:
        ((lon, lat),) = ground(placement(), [(point.x, point.y)])
        assert (lon, lat) == pytest.approx((point.fitted_lon, point.fitted_lat))


def test_a_reading_goes_through_a_worker_and_back_unchanged() -> None:
    assert revive(json.loads(json.dumps(plain(reading()))), MapReading) == reading()


def test_a_point_among_names_that_do_not_fit_lies_on_another_map() -> None:
    found = placement()
    one = found.control_points[0]
    away = tuple(
        replace(one, x=5000.0 + 40 * i, y=400.0 + 70 * i, accepted=False) for i in range(3)
    )
    both = replace(found, control_points=(*found.control_points, *away))
    assert elsewhere(both, (5050.0, 500.0))
    assert beyond(both, (5050.0, 500.0))
    assert not elsewhere(both, (one.x, one.y))
    assert not beyond(both, (one.x, one.y))
    assert not elsewhere(found, (5050.0, 500.0))
