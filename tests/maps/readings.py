"""A reading of a map that was never drawn, with all that a reading can hold."""

from __future__ import annotations

from functools import cache

import numpy as np

from forensics.maps.fitted import ground
from forensics.maps.gazetteer import gazetteer
from forensics.maps.geography import length_km
from forensics.maps.place import place
from forensics.maps.projections import MERCATOR
from forensics.model.map import (
    Area,
    Box2D,
    GroundPoint,
    Label,
    Lettering,
    MapReading,
    Marker,
    Placement,
    ReadBy,
    Statement,
    Track,
)
from tests.maps.unmade import labelled, positions, shown

NAMES = (
    "Київ",
    "Чернігів",
    "Суми",
    "Харків",
    "Полтава",
    "Житомир",
    "Гомель",
    "Мінск",
    "Курск",
    "Орёл",
)
WIDTH, HEIGHT = 1000, 1000
PATH = ((420.0, 700.0), (430.0, 420.0), (600.0, 200.0))
OUTLINE = ((500.0, 500.0), (500.0, 600.0), (600.0, 600.0), (600.0, 500.0))


def labels() -> tuple[Label, ...]:
    """Ten towns where they belong, one elsewhere, and one that nobody knows; the first is a person's."""
    towns = [gazetteer().candidates(name)[0].place for name in NAMES]
    pixels = shown(MERCATOR, 0.0, positions(towns), WIDTH)(positions(towns))
    good = [labelled(name, x, y) for name, (x, y) in zip(NAMES, pixels.tolist(), strict=True)]
    person = Label(**{**_fields(good[0]), "by": ReadBy.PERSON})
    lost = Label(text="<b>Нетакого</b>", x=5, y=5, dotted=False, slack=9, by=ReadBy.PERSON)
    return (person, *good[1:], labelled("Воронеж", 40, 60), lost)


def _fields(label: Label) -> dict[str, object]:
    return {name: getattr(label, name) for name in Label.__slots__}


@cache
def reading() -> MapReading:
    """Returns a placed map with a track, symbols, an area and statements."""
    placement, _ = place(labels(), seed=1, gazetteer=gazetteer().source)
    assert placement.placed
    return MapReading(
        width=WIDTH,
        height=HEIGHT,
        sureness="it has names of places beside dots",
        lettering=tuple(
            Lettering(text=n, box=Box2D(x=20.0 * i, y=10, width=60, height=15), confidence=90)
            for i, n in enumerate(NAMES)
        ),
        labels=labels(),
        placement=placement,
        tracks=(track(placement),),
        markers=(
            Marker(
                kind="cross",
                colour="#102040",
                count=2,
                error=1,
                points=(point(placement, 300, 300), point(placement, 320, 310)),
            ),
        ),
        areas=(
            Area(colour="#f0c0b0", outline=OUTLINE, centre=point(placement, 550, 550), km2=1234.5),
        ),
        statements=(
            Statement(text="1 + 1 = 3", kind="sum", holds=False, why="1 + 1 is 2."),
            Statement(text="до\u202e 9 км", kind="range", holds=None, why="No range was given."),
        ),
    )


@cache
def unplaced() -> MapReading:
    """Returns the same where only four labels were read."""
    placement, _ = place(labels()[:4], seed=1, gazetteer=gazetteer().source)
    bare = GroundPoint(x=PATH[0][0], y=PATH[0][1]), GroundPoint(x=PATH[-1][0], y=PATH[-1][1])
    return MapReading(
        width=WIDTH,
        height=HEIGHT,
        sureness="",
        labels=labels()[:4],
        placement=placement,
        tracks=(Track(start=bare[0], end=bare[1], arrow=False, path=PATH, colour="#ff0000"),),
        notes=("tesseract is not installed.",),
    )


def point(placement: Placement, x: float, y: float) -> GroundPoint:
    ((lon, lat),) = ground(placement, [(x, y)])
    return GroundPoint(x=x, y=y, lon=lon, lat=lat, error_km=2.5)


def track(placement: Placement) -> Track:
    way = ground(placement, PATH)
    return Track(
        start=point(placement, *PATH[0]),
        end=point(placement, *PATH[-1]),
        arrow=True,
        path=PATH,
        colour="#ff0000",
        length_km=length_km(np.array(way)),
        error_km=9.0,
        bearing=2.0,
        crosses=("from Ukraine into Russia",),
    )
