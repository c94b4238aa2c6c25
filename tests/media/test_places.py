"""Which texts and archives are places as data, and that they are taken in without a picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import IntakeError
from forensics.media.identify import HEAD, identify
from forensics.media.intake import take_in
from forensics.media.places import is_geojson, is_kmz, is_world_file
from forensics.model import MediaKind
from tests.inside import mapped
from tests.media.reading import Reader

MIMES = {
    "gpx": "application/gpx+xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "kmz": "application/vnd.google-earth.kmz",
    "geojson": "application/geo+json",
    "world-file": "text/x-world-file",
}


@pytest.mark.parametrize("form", mapped.EVERY)
def test_places_are_taken_in_without_pictures(form: str, reader: Reader) -> None:
    found = reader.read(mapped.EVERY[form])
    assert identify(mapped.EVERY[form]).mime == MIMES[form]
    assert found.prepared.kind is MediaKind.GEODATA
    assert (found.prepared.plan, found.samples) == (None, ())
    assert found.probe.container.lower().replace(" ", "-") == form
    assert not found.probe.streams


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"FeatureCollection"',
        '{"type" : "Point", "coordinates" : [1, 2]}',
        '{"features":[{"type":"Feature","properties":{}}],"type":"FeatureCollection"}',
        '{"name":"}{\\"type","type":"Feature","geometry":null}',
        ' {"features": [{"type": "Feature", "properties": {"a": ' + "1" * 70_000,
    ],
)
def test_geojson(text: str) -> None:
    assert is_geojson(text[:HEAD])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"type":"Topology","objects":{}}',
        '{"type":"Point"}',
        '{"type":"Feature","properties":{}}',
        '{"a":{"type":"Point","coordinates":[1,2]}}',
        '["type","Feature"]',
        '{"features":["gps","hdr"]}',
    ],
)
def test_other_json(text: str) -> None:
    assert not is_geojson(text)


@pytest.mark.parametrize(
    "text",
    [
        "1\n2\n3\n4\n5",
        "0\n0\n0\n0\n5\n6",
        "1 0 0 -1 5 6",
        "1\n0\n0\nx\n5\n6",
        "1\n0\n0\n1e999\n5\n6",
    ],
)
def test_other_numbers(text: str) -> None:
    assert not is_world_file(text)
    assert is_world_file("1\n0\r\n0\n-1.5e-05\n-.5\n+6\n")


def test_an_archive_with_a_document_of_places_is_one_wherever_it_stands(tmp_path: Path) -> None:
    late = mapped.zipped(("files/a.png", bytes(range(256)) * 1000), ("map.KML", mapped.KML))
    stored = mapped.zipped(("a.bin", b"\xff" * 70_000), ("doc.kml", mapped.KML), method=0)
    assert len(stored) > HEAD
    for data in (late, stored):
        (tmp_path / "source").write_bytes(data)
        folder = tmp_path / "work"
        folder.mkdir()
        assert take_in(tmp_path / "source", folder).identity.mime == MIMES["kmz"]
        (folder / "asset").unlink()
        folder.rmdir()


@pytest.mark.parametrize(
    "names",
    [
        ("a.txt",),
        ("files/doc.kml",),
        ("[Content_Types].xml", "doc.kml"),
        ("mimetype", "doc.kml"),
        ("META-INF/MANIFEST.MF", "doc.kml"),
        ("doc.kml.exe",),
    ],
)
def test_no_other_archive_is_taken_in(names: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(mapped.zipped(*((name, b"x") for name in names)))
    (tmp_path / "work").mkdir()
    with pytest.raises(IntakeError, match="ZIP archive"):
        take_in(tmp_path / "source", tmp_path / "work")


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_archive_is_a_kmz_or_none(head: bytes, tail: bytes) -> None:
    assert is_kmz(b"PK\x03\x04" + head, tail + b"PK\x05\x06" + head) in {True, False}
    assert is_geojson("{" + head.decode("latin-1")) in {True, False}
