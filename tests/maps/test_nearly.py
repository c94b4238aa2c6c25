"""Names whose places are right by them are not said to be misplaced."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics.maps.fitted import shown
from forensics.maps.nearly import nearly
from forensics.model.map import Box2D, Lettering, MapReading, ReadBy
from tests.maps.readings import reading, unplaced


def missed(aside: float) -> MapReading:
    """A reading of which the first name that fits has its text so far aside of its place, and no dot."""
    whole = reading()
    assert whole.placement is not None
    first, *others = (p for p in whole.placement.control_points if p.accepted)
    ((x, y),) = shown(whole.placement, [(first.place.lon, first.place.lat)])
    off = replace(first, accepted=False, by=ReadBy.MACHINE, x=x + aside + 70, y=y - 12)
    text = Lettering(text=first.label, box=Box2D(x=x + aside, y=y - 8, width=60, height=15))
    return replace(
        whole,
        lettering=(text,),
        placement=replace(whole.placement, control_points=(off, *others)),
    )


@pytest.mark.parametrize(
    ("aside", "near"), [(8.0, True), (-68.0, True), (40.0, False), (-30.0, False)]
)
def test_a_name_by_its_place_is_told_from_one_that_is_astray(aside: float, near: bool) -> None:
    assert bool(nearly(missed(aside))) is near


def test_names_that_fit_and_maps_that_are_not_placed_have_none() -> None:
    assert nearly(unplaced()) == []
    whole = reading()
    assert whole.placement is not None
    kept = tuple(p for p in whole.placement.control_points if p.accepted)
    fitting = replace(whole, placement=replace(whole.placement, control_points=kept))
    assert nearly(fitting) == []
