"""Stated launch and target areas, held against drawn ends."""

from __future__ import annotations

import pytest

from forensics.maps.ends_stated import ends_stated, joined, named
from forensics.maps.fitted import ground
from forensics.maps.gazetteer import gazetteer
from forensics.maps.projections import MERCATOR
from forensics.model.map import Box2D, GroundPoint, Lettering, Placement, Statement, Track

SIZE = (1400, 1000)
PLACEMENT = Placement(
    placed=True,
    why="",
    projection=MERCATOR.name,
    # 4,000 pixels a radian, 26° E and 56° N in the upper left corner.
    parameters=(("a", 4000.0), ("b", 0.0), ("x", -1815.0), ("y", 4740.0)),
)
KURSK, OREL, SUMY, KHARKIV = (36.19, 51.73), (36.08, 52.97), (34.80, 50.91), (36.25, 49.98)
ODESA = (30.73, 46.48)


def at(lon: float, lat: float) -> GroundPoint:
    return GroundPoint(x=0, y=0, lon=lon, lat=lat, error_km=4.0)


def arrow(start: tuple[float, float], end: tuple[float, float]) -> Track:
    return Track(start=at(*start), end=at(*end), arrow=True, path=(), colour="#a00000")


def line(text: str, y: float = 0) -> Lettering:
    return Lettering(text=text, box=Box2D(x=10, y=y, width=9 * len(text), height=18))


def held(texts: list[str], *tracks: Track, placement: Placement = PLACEMENT) -> list[Statement]:
    lines = [line(text, 28 * i) for i, text in enumerate(texts)]
    return list(ends_stated(lines, tracks, (), placement, SIZE, gazetteer()))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Курск Орёл Приморско-Ахтарск", ["Kursk", "Orël", "Primorsko-Akhtarsk"]),
        ("Курска и Орла", ["Kursk", "Orël"]),
        ("Сумам, Харькову и Одессе", ["Sumy", "Kharkiv", "Odesa"]),
        ("Курська та Глухова", ["Kursk", "Hlukhiv"]),
        ("Сум, Харкова, Дніпра", ["Sumy", "Kharkiv", "Dnipro"]),
        ("Kursk, Bryansk and Sumy", ["Kursk", "Bryansk", "Sumy"]),
        ("Крыма", []),
        ("территории Украины", []),
        ("данным министерства", []),
    ],
)
def test_names_are_known_in_any_case(text: str, names: list[str]) -> None:
    assert [n.places[0].name for n in named(text, gazetteer(), (33.0, 50.0))] == names


def test_a_region_is_all_the_places_in_it() -> None:
    bryansk, sumy = named("Брянской области, Сумской обл.", gazetteer())
    assert bryansk.region
    assert {"Zlynka", "Zhukovka"} <= {p.name for p in bryansk.places}
    assert "Lebedyn" in {p.name for p in sumy.places}


def test_arrows_that_start_and_end_as_stated_hold() -> None:
    start, end = held(
        ["Запущены из районов Курска и Орла", "по Сумам и Харькову"],
        arrow(KURSK, SUMY),
        arrow(OREL, KHARKIV),
    )
    assert (start.kind, start.holds) == ("launch-area", True)
    assert (end.kind, end.holds) == ("target-area", True)
    assert "would make this wrong" in start.why


def test_what_is_drawn_far_from_every_place_that_is_named_does_not_hold() -> None:
    drawn = [arrow(ODESA, (30.5, 47.0 + i / 10)) for i in range(3)]
    (found,) = held(["Пуски из района Курска"], *drawn)
    assert found.holds is False
    assert "Nothing at all is drawn" in found.why
    (found,) = held(["Пуски из района Курска"], *drawn[:2])
    assert found.holds is None


def test_an_arrow_that_was_not_made_out_accuses_nobody() -> None:
    # A line, not known for an arrow, begins there.
    plain = Track(start=at(*KURSK), end=at(*SUMY), arrow=False, path=(), colour="#a00000")
    (found,) = held(["Пуски из района Курска"], arrow(ODESA, (30.5, 47.0)), plain)
    assert found.holds is None


def test_a_place_that_is_not_on_the_map_accuses_nobody() -> None:
    (found,) = held(["Launched from Murmansk"], arrow(ODESA, (30.5, 47.0)))
    assert found.holds is None


def test_a_place_without_an_arrow_is_said_and_not_more() -> None:
    (found,) = held(["Launch areas: Kursk, Bryansk"], arrow(KURSK, SUMY))
    assert found.holds is None
    assert "near Bryansk none does" in found.why


def test_without_arrows_or_a_fit_nothing_is_tested() -> None:
    (found,) = held(["Launched from Kursk"])
    assert found.holds is None
    unplaced = Placement(placed=False, why="")
    (found,) = held(["Launched from Kursk"], arrow(KURSK, SUMY), placement=unplaced)
    assert found.holds is None


def test_the_placement_of_these_tests_shows_where_they_lie() -> None:
    ((lon, lat),) = ground(PLACEMENT, [(700, 500)])
    assert (lon, lat) == pytest.approx((36, 52), abs=3)


@pytest.mark.parametrize("goal", ["цели: Сумы, Харьков.", "Targets — Sumy, Kharkiv"])
def test_targets_behind_a_colon_are_no_launch_areas(goal: str) -> None:
    start, end = held(["Пуски из Курской области,", goal], arrow(KURSK, SUMY))
    assert (start.kind, end.kind) == ("launch-area", "target-area")
    assert "Курской" in start.text
    assert "Сум" not in start.text
    assert "Sumy" not in start.text


def test_pieces_of_a_line_are_joined_and_names_beside_it_are_not() -> None:
    pieces = [
        Lettering(text="Kursk and Orel", box=Box2D(x=252, y=1, width=126, height=18)),
        Lettering(text="Launched from the areas", box=Box2D(x=10, y=0, width=207, height=18)),
        Lettering(text="of", box=Box2D(x=224, y=-10, width=20, height=37)),
        Lettering(text="Tula", box=Box2D(x=420, y=0, width=40, height=18)),
    ]
    assert [line.text for line in joined(pieces)] == [
        "Launched from the areas of Kursk and Orel",
        "Tula",
    ]
    (start,) = ends_stated(pieces, [arrow(KURSK, SUMY)], (), PLACEMENT, SIZE, gazetteer())
    assert start.text == "Kursk, Orel"
