"""GeoJSON as RFC 7946 has it: what is in it, and how."""

from __future__ import annotations

import json
from typing import Any

import shapely
from shapely.geometry import shape

from forensics.maps.geojson import feature_collection
from tests.maps.readings import reading, unplaced


def collection() -> dict[str, Any]:
    made = feature_collection(reading(), sha256="ab" * 32, tool="forensics 1")
    return json.loads(json.dumps(made))


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [f for f in collection()["features"] if f["properties"]["kind"] == kind]


def test_every_feature_is_one_of_geojson_and_lies_on_the_earth() -> None:
    made = collection()
    assert made["type"] == "FeatureCollection"
    assert "crs" not in made  # RFC 7946 section 4: longitude and latitude of WGS 84, nothing else
    for feature in made["features"]:
        assert set(feature) == {"type", "geometry", "properties"}
        west, south, east, north = shape(feature["geometry"]).bounds
        assert 20 < west <= east < 45
        assert 45 < south <= north < 60


def test_control_points_say_by_whom_they_were_read_and_whether_they_fit() -> None:
    points = {f["properties"]["label"]: f["properties"] for f in of_kind("control-point")}
    assert points["Київ"]["by"] == "person"
    assert points["Суми"]["by"] == "machine"
    assert points["Суми"]["accepted"] is True
    assert points["Воронеж"]["accepted"] is False


def test_a_track_runs_from_its_start_to_its_end() -> None:
    (track,) = of_kind("track")
    start = reading().tracks[0].start
    assert track["geometry"]["coordinates"][0] == [
        round(start.lon or 0, 5),
        round(start.lat or 0, 5),
    ]
    assert track["properties"]["crosses"] == ["from Ukraine into Russia"]


def test_symbols_and_areas_are_there_and_an_area_runs_counter_clockwise() -> None:
    assert len(of_kind("marker")) == 2
    (area,) = of_kind("area")
    ring = area["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert shapely.LinearRing(ring).is_ccw
    assert area["properties"]["km2"] == 1234


def test_a_map_that_is_not_placed_has_no_features() -> None:
    made = feature_collection(unplaced(), sha256="ab" * 32, tool="forensics 1")
    assert made["features"] == []
    assert made["forensics"]["placed"] is False
