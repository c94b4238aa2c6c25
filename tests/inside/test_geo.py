"""Places as data: what is counted, what is told of the file and of its places, what hostile ones do."""

from __future__ import annotations

import json
import struct
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.gathered import MAX_LISTED
from forensics.inside.geo import read_geo, read_kmz
from forensics.inside.geojson import read_geojson
from forensics.inside.gpx import read_gpx
from forensics.inside.kml import read_kml
from forensics.inside.summary import summarise
from forensics.inside.zipped import MAX_MEMBERS
from forensics.model import Part
from tests.inside import hostile, mapped

every_format = pytest.mark.parametrize("form", mapped.EVERY)


def tree(data: bytes) -> Part:
    return hostile.read(read_geo, data)


def sides(found: Part | None) -> dict[str, str]:
    assert found is not None
    return {p.name: str(p.value) for p in found.parts}


def facts(data: bytes) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for fact in summarise(Part(name="File", parts=(tree(data),))):
        told.setdefault(fact.role, []).append(fact.value)
    return told


def test_a_track_is_counted_and_placed() -> None:
    found = tree(mapped.GPX)
    assert (found.name, found.trouble) == ("GPX", None)
    counted = ("Waypoints", "Routes", "Tracks", "Segments", "Positions", "Times")
    assert [found.text(name) for name in counted] == ["1", "1", "1", "1", "4", "3"]
    assert sides(found.first("Extent")) == {
        "West": "30.2",
        "South": "50.1",
        "East": "30.3",
        "North": "50.2",
    }
    assert found.text("Heights", "Highest") == "101.25"
    assert found.text("Times", "Earliest") == "2025-03-01T05:00:00Z"
    assert found.text("Times", "Latest") == "2025-03-01T06:10:00.5Z"
    assert found.text("Times", "Backwards") == "1"
    assert [p.text("Name") for p in found.first("Places").parts] == ["Bridge", "Way", "Walk"]
    assert found.text("Extension") == "urn:heart"
    assert found.text("Remark") == "exported by hand"


def test_a_track_states_its_program_author_and_date_and_not_its_places_as_the_files() -> None:
    told = facts(mapped.GPX)
    assert told["software"] == ["Receiver 7"]
    assert told["author"] == ["Jo Doe"]
    assert told["created"] == ["2025-03-01T06:30:00Z"]
    assert told["description"] == ["Morning", "By the river"]
    assert "captured" not in told
    assert "place" not in told


def test_kml_is_counted_and_placed() -> None:
    found = tree(mapped.KML)
    assert found.name == "KML"
    assert sides(found.first("Features")) == {
        "Document": "1",
        "Folder": "1",
        "GroundOverlay": "1",
        "NetworkLink": "1",
        "Placemark": "3",
    }
    assert sides(found.first("Geometries")) == {"LineString": "1", "Point": "1", "Track": "1"}
    assert found.text("Positions") == "6"
    assert sides(found.first("Extent")) == {
        "West": "29",
        "South": "50",
        "East": "32",
        "North": "52",
    }
    assert found.text("Times") == "3"
    first = found.first("Places", "Placemark")
    assert first is not None
    assert sides(first) == {
        "Name": "A",
        "Description": "<b>seen</b>",
        "When": "2025-01-02T03:04:05Z",
        "source": "channel 9",
        "Position": "30.5,50.4,0",
    }
    assert [p.value for p in found.all("Link")] == [
        "https://pins.example/a.png",
        "files/sheet.png",
        "https://elsewhere.example/more.kml",
    ]


def test_kml_states_its_author_and_title() -> None:
    told = facts(mapped.KML)
    assert told == {
        "software": ["Mapper 3"],
        "author": ["Desk"],
        "description": ["Strikes"],
        "area": ["50 to 52 north, 29 to 32 east"],
    }


def test_what_a_place_states_is_personal() -> None:
    for data in mapped.EVERY.values():
        found = tree(data)
        for name in ("Name", "Description", "Position", "West", "North", "Author", "Title", "C"):
            assert all(p.personal for p in found.all(name))


def test_an_archive_lists_its_members_and_reads_the_document() -> None:
    found = tree(mapped.KMZ)
    assert found.name == "KMZ"
    assert [p.value for p in found.all("Member")] == ["doc.kml", "files/sheet.png"]
    assert found.text("Member", "KML", "Positions") == "6"
    assert found.text("Member", "Changed") == "2025-12-30T06:12:00"
    assert [p.meaning for p in found.all("Member")] == ["", "not examined here"]
    assert facts(mapped.KMZ)["author"] == ["Desk"]
    stored = mapped.zipped(("doc.kml", mapped.KML), method=zipfile.ZIP_STORED)
    assert tree(stored).text("Positions") == "6"


def test_bytes_before_an_archive_do_not_hide_it() -> None:
    found = hostile.read(read_kmz, b"MZ stub" * 9 + mapped.KMZ)
    assert found.text("Positions") == "6"


def test_geojson_is_counted_and_placed() -> None:
    found = tree(mapped.GEOJSON)
    assert found.text("Type") == "FeatureCollection"
    assert found.text("generator") == "overpass-turbo"
    assert found.text("Features") == "3"
    assert sides(found.first("Geometries")) == {
        "GeometryCollection": "1",
        "Point": "2",
        "Polygon": "1",
    }
    assert found.text("Positions") == "6"
    assert sides(found.first("Extent")) == {
        "West": "30",
        "South": "50",
        "East": "31",
        "North": "51",
    }
    assert sides(found.first("Bounds"))["East"] == "31"
    first = found.first("Places", "Feature")
    assert first is not None
    assert (first.value, first.meaning, first.text("tags")) == ("Mast", "Point", '{"a": [1]}')
    assert found.text("Times", "Earliest") == "2024-05-06"
    told = facts(mapped.GEOJSON)
    assert told["software"] == ["overpass-turbo"]
    assert told["rights"] == ["mappers of the world"]
    assert told["description"] == ["masts"]


@pytest.mark.parametrize(
    ("root", "positions"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "1"),
        (
            {
                "type": "Feature",
                "geometry": {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]},
            },
            "2",
        ),
        (
            {
                "type": "GeometryCollection",
                "geometries": [{"type": "Point", "coordinates": [1, 2]}],
            },
            "1",
        ),
    ],
)
def test_geojson_need_not_be_a_collection(root: dict[str, Any], positions: str) -> None:
    assert tree(json.dumps(root).encode()).text("Positions") == positions


def test_positions_outside_of_the_earth_are_told() -> None:
    swapped = b'{"type":"MultiPoint","coordinates":[[4500000.5,6200000.5],[1,2]]}'
    found = tree(swapped).first("Positions")
    assert found is not None
    assert found.value == 2
    assert "1 lie outside" in (found.trouble or "")


def test_a_world_file_names_its_six_numbers() -> None:
    found = tree(mapped.WORLD_FILE)
    assert sides(found) == {
        "A": "0.5",
        "D": "0.0",
        "B": "0.0",
        "E": "-0.5",
        "C": "600000.25",
        "F": "5500000.75",
    }
    assert tree(b"").trouble == "It is none of GeoJSON, KML, KMZ, GPX and world files."


# Hostile places


@every_format
def test_it_stands_being_cut_anywhere(form: str) -> None:
    data = mapped.EVERY[form]
    for size in range(0, len(data), 1 if len(data) < 400 else 7):
        tree(data[:size])


@every_format
@settings(max_examples=40, deadline=None)
@given(places=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=12))
def test_it_stands_changed_bytes(form: str, places: list[tuple[int, int]]) -> None:
    hostile.changed(read_geo, mapped.EVERY[form], places)


def test_an_archive_stands_overstated_lengths() -> None:
    small = mapped.zipped(("doc.kml", b"<kml/>"))
    hostile.overstated(read_kmz, small, step=1)


@pytest.mark.parametrize("text", hostile.NASTY)
def test_texts_come_through_as_they_are(text: str) -> None:
    root = {**mapped.COLLECTION, "generator": text}
    assert tree(json.dumps(root).encode()).text("generator") == text
    plain = "".join(c if c >= " " or c in "\n\t" else "?" for c in text).replace("\r", "")
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;").encode()
    walked = mapped.GPX.replace(b"<name>Walk", b"<name>" + escaped)
    (_, _, found) = tree(walked).first("Places").parts
    assert found.text("Name") == plain.strip()


DEEP = {
    "geojson": b'{"type":"Feature","geometry":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "geojson properties": b'{"type":"Feature","geometry":null,"properties":{"a":'
    + b'{"a":' * 400
    + b"1"
    + b"}" * 400
    + b"}}",
    "kml": b"<kml>" + b"<Folder>" * 10_000,
    "gpx": b"<gpx>" + b"<trk>" * 10_000,
}


@pytest.mark.parametrize("data", DEEP.values(), ids=DEEP)
def test_nesting_is_bounded(data: bytes) -> None:
    assert tree(data).size == len(data)


BOMB = b'<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">'.encode() for i in range(12)
)
ENTITIES = {
    "bomb": BOMB + b"]><kml><Placemark><name>&m;</name></Placemark></kml>",
    "long": b'<!DOCTYPE kml [<!ENTITY a "' + b"a" * 5000 + b'">]><kml>' + b"&a;" * 9 + b"</kml>",
    "file": b'<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml><name>&a;</name></kml>',
    "other document": b'<!DOCTYPE kml SYSTEM "https://x.example/a.dtd"><kml><name>&a;</name></kml>',
    "parameter": b'<!DOCTYPE kml [<!ENTITY % a "x"> %a;]><kml/>',
}


@pytest.mark.parametrize("data", ENTITIES.values(), ids=ENTITIES)
def test_entities_stand_for_nothing(data: bytes) -> None:
    found = hostile.read(read_kml, data)
    assert found.trouble or found.text("Title") == ""
    assert "root:" not in repr(found)


def test_numbers_that_no_float_holds_are_passed_over() -> None:
    data = b'{"type":"MultiPoint","coordinates":[[1e999,2],[' + b"9" * 400 + b",1],[1,2]]}"
    assert tree(data).text("Positions") == "1"
    assert tree(b'{"type":"Point","coordinates":[' + b"9" * 5000 + b",1]}").trouble
    nan = mapped.GPX.replace(b'lat="50.15"', b'lat="nan"').replace(b'lon="30.3"', b'lon="1e999"')
    assert hostile.read(read_gpx, nan).text("Positions") == "2"


def test_a_document_in_another_encoding() -> None:
    text = mapped.GPX.decode().replace("UTF-8", "UTF-16")
    assert tree(b"\xff\xfe" + text.encode("utf-16-le")).text("Tracks") == "1"
    unknown = mapped.KML.replace(b'"UTF-8"', b'"x-none"')
    assert hostile.read(read_kml, unknown).trouble


def test_only_the_first_places_are_listed_and_all_are_counted() -> None:
    one = b'<wpt lat="1" lon="2"><name>x</name></wpt>'
    found = tree(b"<gpx>" + one * (3 * MAX_LISTED) + b"</gpx>")
    assert found.text("Waypoints") == str(3 * MAX_LISTED)
    assert len(found.first("Places").parts) == MAX_LISTED


def test_an_archive_that_unfolds_is_unpacked_only_in_part() -> None:
    bomb = mapped.zipped(("doc.kml", b"<kml>" + b" " * (80 << 20)))
    assert len(bomb) < 100_000
    found = hostile.read_or_limit(read_kmz, bomb)
    assert found is not None
    assert "Only its first" in (found.first("Member").trouble or "")


def test_an_archive_of_many_members_is_listed_in_part() -> None:
    many = mapped.zipped(
        *((f"{n}.txt", b"") for n in range(MAX_MEMBERS + 5)), ("doc.kml", b"<kml/>")
    )
    assert f"first {MAX_MEMBERS}" in (hostile.read(read_kmz, many).trouble or "")


def test_a_member_that_is_not_what_the_list_says_is_told() -> None:
    data = bytearray(mapped.KMZ)
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"PK\x01\x02"))
    struct.pack_into("<I", data, at + 16, 0)
    (first, _) = hostile.read(read_kmz, bytes(data)).all("Member")
    assert "check sum" in (first.trouble or "")
    struct.pack_into("<H", data, at + 8, 1)
    (first, _) = hostile.read(read_kmz, bytes(data)).all("Member")
    assert "encrypted" in (first.trouble or "")


coordinates = st.floats(-180, 180) | st.integers(-90, 90)
positions = st.lists(coordinates, min_size=0, max_size=4)
values = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | coordinates,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
features = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["Feature", "Point", 3]),
        "id": values,
        "properties": values,
        "geometry": st.fixed_dictionaries(
            {},
            optional={
                "type": st.sampled_from(["Point", "LineString", "GeometryCollection", None]),
                "coordinates": positions | st.lists(positions, max_size=3) | values,
                "geometries": values,
            },
        )
        | values,
    },
)


@settings(deadline=None)
@given(
    members=st.dictionaries(st.text(max_size=6), values, max_size=4),
    each=st.lists(features | values),
)
def test_any_features_are_read(members: dict[str, Any], each: list[Any]) -> None:
    root = {**members, "type": "FeatureCollection", "features": each}
    found = hostile.read(read_geojson, json.dumps(root).encode())
    assert found.text("Features") == str(len(each))
    assert found.trouble is None
