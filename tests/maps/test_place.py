from dataclasses import replace

import numpy as np
import pytest

from forensics.maps.geography import distances_km
from forensics.maps.place import FEWEST, place
from forensics.maps.projections import (
    AFFINE,
    ALBERS,
    EQUIRECTANGULAR,
    LAMBERT,
    MERCATOR,
    Model,
)
from tests.maps.unmade import labelled, positions, shown, towns


@pytest.mark.parametrize(
    ("model", "parallel"),
    [
        (MERCATOR, 0.0),
        (EQUIRECTANGULAR, 0.0),
        (EQUIRECTANGULAR, 52.0),
        (LAMBERT, 48.0),
        (ALBERS, 56.0),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_labels_of_a_known_projection_are_placed(model: Model, parallel: float, seed: int) -> None:
    chooser = np.random.default_rng(seed)
    places = towns(chooser, 14)
    ground = positions(places)
    show = shown(model, parallel, ground)
    pixels = show(ground) + chooser.normal(0, 1.5, ground.shape)
    labels = [labelled(p.name, x, y) for p, (x, y) in zip(places, pixels, strict=True)]
    placement, fit = place(labels, seed=1, gazetteer="test")
    assert placement.placed, placement.why
    assert fit is not None
    accepted = [p for p in placement.control_points if p.accepted]
    assert len(accepted) >= 12
    assert {p.place.id for p in accepted} <= {p.id for p in places}
    asked = positions(towns(np.random.default_rng(100 + seed), 40))
    inside = [row for row in asked if (show(row[None])[0] > 0).all()]
    truth = np.array(inside)
    away = distances_km(fit.ground(show(truth)), truth)
    assert np.median(away) < 6
    assert (away < 3 * fit.error_km(show(truth)) + 1).all()


def test_labels_that_lie_are_listed_and_do_not_count() -> None:
    chooser = np.random.default_rng(5)
    places = towns(chooser, 12)
    ground = positions(places)
    pixels = shown(MERCATOR, 0, ground)(ground) + chooser.normal(0, 1, ground.shape)
    pixels[3] += (260, -190)
    pixels[8] += (-300, 120)
    labels = [labelled(p.name, x, y) for p, (x, y) in zip(places, pixels, strict=True)]
    placement, _ = place(labels, seed=1, gazetteer="test")
    assert placement.placed
    rejected = {p.label for p in placement.control_points if not p.accepted}
    assert {places[3].name, places[8].name} <= rejected


@pytest.mark.parametrize("seed", range(40))
def test_shuffled_labels_are_not_placed(seed: int) -> None:
    chooser = np.random.default_rng(1000 + seed)
    places = towns(chooser, int(chooser.integers(5, 25)))
    ground = positions(places)
    pixels = chooser.permutation(shown(MERCATOR, 0, ground)(ground))
    labels = [labelled(p.name, x, y) for p, (x, y) in zip(places, pixels, strict=True)]
    placement, _ = place(labels, seed=seed, gazetteer="test")
    assert not placement.placed, placement.why


def test_fewer_than_five_labels_are_not_testable() -> None:
    places = towns(np.random.default_rng(2), FEWEST - 1)
    ground = positions(places)
    pixels = shown(MERCATOR, 0, ground)(ground)
    labels = [labelled(p.name, x, y) for p, (x, y) in zip(places, pixels, strict=True)]
    placement, _ = place(labels, seed=1, gazetteer="test")
    assert not placement.placed
    assert placement.why.startswith("Not testable: of 4 labels, 4 with")
    assert placement.residual_km is placement.worst_km is placement.chance is None


def test_labels_along_one_line_fix_nothing() -> None:
    near = [p for p in towns(np.random.default_rng(4), 250) if abs(p.lat - 52.0) < 0.3][:9]
    assert len(near) >= FEWEST
    ground = positions(near)
    pixels = shown(MERCATOR, 0, ground)(ground)
    labels = [labelled(p.name, x, y) for p, (x, y) in zip(near, pixels, strict=True)]
    assert not place(labels, seed=1, gazetteer="test")[0].placed


def test_the_order_of_the_labels_makes_no_difference() -> None:
    chooser = np.random.default_rng(9)
    places = towns(chooser, 12)
    ground = positions(places)
    pixels = shown(LAMBERT, 50, ground)(ground) + chooser.normal(0, 1, ground.shape)
    labels = [labelled(p.name, x, y) for p, (x, y) in zip(places, pixels, strict=True)]
    one, _ = place(labels, seed=1, gazetteer="test")
    other, _ = place(labels[::-1], seed=1, gazetteer="test")
    assert one.projection == other.projection
    assert one.residual_km == pytest.approx(other.residual_km, rel=1e-3)
    assert place(labels, seed=1, gazetteer="test")[0] == one


def test_a_stretched_picture_is_placed_as_such() -> None:
    chooser = np.random.default_rng(12)
    places = towns(chooser, 18)
    ground = positions(places)
    pixels = shown(MERCATOR, 0, ground)(ground) * (1.0, 1.35)
    labels = [labelled(p.name, x, y) for p, (x, y) in zip(places, pixels, strict=True)]
    placement, _ = place(labels, seed=1, gazetteer="test")
    assert placement.placed
    assert placement.projection in {AFFINE.name, EQUIRECTANGULAR.name}
    assert placement.residual_km is not None
    assert placement.residual_km < 5


def test_a_loose_fit_that_takes_in_more_labels_is_no_better() -> None:
    chooser = np.random.default_rng(3)
    places = towns(chooser, 16)
    ground = positions(places)
    pixels = shown(ALBERS, 52, ground)(ground) + chooser.normal(0, 1, ground.shape)
    extent = np.hypot(*np.ptp(pixels, axis=0))
    # Not far off, so that a projection that bends would take them in.
    for moved, way in ((2, 0.4), (7, 2.1), (11, 4.0)):
        pixels[moved] += 0.05 * extent * np.array((np.cos(way), np.sin(way)))
    labels = [labelled(p.name, x, y) for p, (x, y) in zip(places, pixels, strict=True)]
    placement, fit = place(labels, seed=1, gazetteer="test")
    assert placement.placed
    assert fit is not None
    assert fit.model.picture == MERCATOR.picture
    assert sum(not p.accepted for p in placement.control_points) >= 3


def test_projections_that_fit_as_well_widen_the_error() -> None:
    chooser = np.random.default_rng(21)
    places = towns(chooser, 9, west=30, south=49, size=3)
    ground = positions(places)
    pixels = shown(LAMBERT, 50, ground)(ground) + chooser.normal(0, 4, ground.shape)
    labels = [labelled(p.name, x, y) for p, (x, y) in zip(places, pixels, strict=True)]
    _, fit = place(labels, seed=1, gazetteer="test")
    assert fit is not None
    assert fit.rivals
    far = pixels.mean(axis=0)[None] + 2000
    apart = fit.apart_km(far)[0]
    assert apart > 1
    assert fit.error_km(far)[0] >= apart
    assert replace(fit, rivals=()).error_km(far)[0] < fit.error_km(far)[0]
