"""A map that was read, for a terminal and as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from forensics.mapping import Mapped
from forensics.media.capabilities import this_tool
from forensics.model import Asset, MediaKind, Sha256
from forensics.model.map import MapReading
from forensics.report.document import schema
from forensics.report.mapped import render_measures, render_placement, to_geojson, to_json
from tests.maps.readings import reading, unplaced
from tests.report.test_inspected import printed

ASSET = Asset(
    sha256=Sha256("ab" * 32),
    size=10,
    kind=MediaKind.IMAGE,
    mime="image/png",
    name="map\x1b[2J.png",
    probe=None,
)


def mapped(of: MapReading) -> Mapped:
    return Mapped(asset=ASSET, picture=0, reading=of)


def placement_text(of: MapReading, width: int = 80) -> str:
    return printed(lambda console: render_placement(mapped(of), console), width)


def measures_text(of: MapReading, width: int = 80) -> str:
    return printed(lambda console: render_measures(mapped(of), console), width)


def as_json(of: MapReading, *, measured: bool) -> dict[str, Any]:
    known = [schema(name) for name in ("report-1", "map-1")]
    registry: Registry[Any] = Registry().with_resources(
        (s["$id"], Resource.from_contents(s)) for s in known
    )
    Draft202012Validator.check_schema(schema("map-1"))
    found: dict[str, Any] = json.loads(to_json(mapped(of), this_tool(), measured=measured))
    Draft202012Validator(schema("map-1"), registry=registry).validate(found)
    return found


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("of", [reading, unplaced])
def test_the_text_fits_the_terminal_and_moves_no_cursor(of: Any, width: int) -> None:
    for text in (placement_text(of(), width), measures_text(of(), width)):
        assert all(len(line) <= width for line in text.splitlines())
        assert all(line == line.rstrip() for line in text.splitlines())
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert text.count("A map is a drawing by its author") == 1


def test_who_read_a_label_and_whether_it_fits_is_told_in_words() -> None:
    lines = placement_text(reading()).splitlines()
    assert any(line.startswith("  + Київ: Kyiv") and line.endswith("[yours]") for line in lines)
    assert any(line.startswith("  × Воронеж: does not fit") for line in lines)
    assert any(line.startswith("  ? <b>Нетакого</b>: The gazetteer has no") for line in lines)
    assert "Labels: 10 of 12 fit" in lines


def test_a_map_that_is_not_placed_says_why_and_what_is_missing() -> None:
    text = placement_text(unplaced())
    assert "Placed      no. Not testable" in text
    assert "tesseract is not installed." in text
    assert "Projection" not in text
    assert "lengths and places on the ground cannot be given" in measures_text(unplaced())


def test_tracks_symbols_areas_and_statements_are_told() -> None:
    text = measures_text(reading())
    for said in ("1  arrow (#ff0000)", "2 × cross", "1,234 km²", "does not hold: 1 + 1 = 3 (sum)"):
        assert said in text
    assert "not tested: до⟨U+202E⟩ 9 км" in text


def test_the_json_of_a_placing_has_what_the_schema_asks_and_no_measures() -> None:
    found = as_json(reading(), measured=False)
    assert found["schema"] == "forensics/map/1"
    assert found["placed"] is True
    assert found["chance"] < 0.001
    assert "tracks" not in found
    kyiv = next(p for p in found["control_points"] if p["label"] == "Київ")
    assert (kyiv["name"], kyiv["by"], kyiv["accepted"]) == ("Kyiv", "person", True)
    assert [m["label"] for m in found["unmatched"]] == ["<b>Нетакого</b>"]


def test_the_json_of_measures_has_them_too() -> None:
    found = as_json(reading(), measured=True)
    assert found["tracks"][0]["length_km"] == pytest.approx(reading().tracks[0].length_km, abs=0.01)
    assert found["statements"][0]["holds"] is False
    assert found["markers"][0]["count"] == 2
    bare = as_json(unplaced(), measured=True)["tracks"][0]
    assert (bare["length_km"], bare["start"]["lon"]) == (None, None)
    assert bare["start"]["x"] == 420


def test_geojson_names_the_file_and_the_program() -> None:
    about = json.loads(to_geojson(mapped(reading())))["forensics"]
    assert about["asset"] == "ab" * 32
    assert about["tool"].startswith("forensics ")
