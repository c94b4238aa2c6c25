"""TIFF files: pages, and what other standards put into fields of them."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageCms

from forensics.inside.tiff import read_tiff
from tests.inside.hostile import changed, cuts, overstated, read
from tests.inside.tiffs import ASCII, BYTE, DOUBLE, LONG, SHORT, UNDEFINED, Fields, camera, tiff

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Tool 1"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
IPTC = b"\x1c\x02\x50\x00\x06Writer"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GEO: Fields = [
    (0x830E, DOUBLE, [10.0, 10.0, 0.0]),
    (0x8482, DOUBLE, [0.0, 0.0, 0.0, 440720.0, 3751320.0, 0.0]),
    (
        0x87AF,
        SHORT,
        [
            *(1, 1, 0, 6),
            *(1024, 0, 1, 1),
            *(1025, 0, 1, 1),
            *(1026, 0x87B1, 5, 0),
            *(2057, 0x87B0, 1, 0),
            *(3072, 0, 1, 32611),
            *(3076, 0, 1, 9001),
        ],
    ),
    (0x87B0, DOUBLE, [6378137.0]),
    (0x87B1, ASCII, "Map 1|"),
]


def whole() -> bytes:
    return tiff(
        [
            (0x0100, SHORT, 4),
            (0x02BC, BYTE, XMP),
            (0x83BB, UNDEFINED, IPTC),
            (0x8649, BYTE, b"8BIM\x04\x04\0\0\0\0\0\x0b" + IPTC + b"\0"),
            (0x8773, UNDEFINED, PROFILE),
            *GEO,
        ]
    )


def test_blocks_of_other_standards_are_parts_of_their_own() -> None:
    found = read(read_tiff, whole())
    assert found.trouble is None
    assert [p.name for p in found.parts] == ["EXIF", "XMP", "IPTC", "Photoshop", "ICC", "GeoTIFF"]
    assert found.text("XMP", "xmp:CreatorTool") == "Tool 1"
    assert found.text("IPTC", "By-line") == "Writer"
    assert found.text("ICC", "ProfileClass") == "mntr"


def test_keys_of_a_map_are_named() -> None:
    found = read(read_tiff, whole()).first("GeoTIFF")
    assert found is not None
    rows = {p.name: (p.value, p.meaning) for p in found.parts}
    assert rows["GTModelTypeGeoKey"] == (1, "Projected coordinates")
    assert rows["GTCitationGeoKey"] == ("Map 1", "")
    assert rows["EllipsoidSemiMajorAxisGeoKey"] == ("6378137", "")
    assert rows["ProjectedCRSGeoKey"] == (32611, "EPSG:32611, WGS 84 / UTM zone 11N")
    assert rows["ProjLinearUnitsGeoKey"] == (9001, "EPSG:9001, metre")
    assert rows["ModelPixelScale"][0] == "10 10 0"
    assert rows["ModelTiepoint"][0] == "0 0 0 440720 3751320 0"


@pytest.mark.parametrize(
    ("keys", "trouble"),
    [
        ([1, 1, 0, 5000], "5000 keys; 0 are there"),
        ([1, 1, 0, 1, 1026, 0x87B1, 5, 0], "where there is none"),
        ([1, 1, 0, 1, 1026, 9, 5, 0], "where there is none"),
    ],
)
def test_keys_that_are_not_there_say_so(keys: list[int], trouble: str) -> None:
    found = read(read_tiff, tiff([(0x87AF, SHORT, keys)])).first("GeoTIFF")
    assert found is not None
    assert any(trouble in (p.trouble or "") for p in found.parts)


def test_pixels_placed_without_keys_say_so() -> None:
    found = read(read_tiff, tiff(GEO[:2])).first("GeoTIFF")
    assert found is not None
    assert found.trouble == "It places pixels, but states no keys that say on what."


def test_pages_are_no_thumbnails() -> None:
    page: Fields = [(0x0100, SHORT, 4)]
    small: Fields = [(0x00FE, LONG, 1), (0x0100, SHORT, 1)]
    found = read(read_tiff, tiff(page, page, page))
    assert [p.name for p in found.parts[0].parts] == ["Image", "Page 2", "Page 3"]
    assert found.meaning == "TIFF, 3 pictures"
    assert [p.name for p in read(read_tiff, tiff(page, small)).parts[0].parts] == [
        "Image",
        "Thumbnail",
    ]


def test_a_preview_in_a_directory_below_is_found() -> None:
    data = tiff([(0x014A, 13, [(0x0201, LONG, 0x5A5A), (0x0202, LONG, 4)])])
    data = data.replace(struct.pack("<I", 0x5A5A), struct.pack("<I", len(data)))
    part = read(read_tiff, data + b"\xff\xd8\xff\xd9").first("SubIFD 0", "Preview")
    assert part is not None
    assert (part.at, part.size) == (len(data), 4)


def test_what_is_no_tiff_file_says_so() -> None:
    found = read(read_tiff, b"no TIFF file")
    assert found.trouble is not None
    assert "II nor MM" in found.trouble


@pytest.mark.parametrize("big", [False, True])
def test_a_ring_of_pointers_ends(big: bool) -> None:
    data = tiff([(0x8769, LONG, [(0x8769, LONG, 1), (0x8825, LONG, 1)])], big=big)
    start = struct.pack("<I", 16 if big else 8)
    read(read_tiff, data.replace(struct.pack("<HHI", 0x8769, LONG, 1), start + start))


def test_ten_thousand_directories_end() -> None:
    data = bytearray(b"II*\0\x08\0\0\0")
    for _ in range(10_000):
        data += struct.pack("<HHHIII", 1, 0x0100, SHORT, 1, 1, len(data) + 18)
    found = read(read_tiff, bytes(data))
    assert any("More than 64 directories" in (p.trouble or "") for p in found.parts)


def test_a_file_cut_anywhere_is_read_as_far_as_it_goes() -> None:
    cuts(read_tiff, tiff([(0x02BC, BYTE, XMP[:60]), (0x83BB, UNDEFINED, IPTC), *GEO]))


def test_lengths_beyond_everything_end() -> None:
    overstated(read_tiff, tiff([(0x83BB, UNDEFINED, IPTC), *GEO]), step=5)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=30))
def test_changed_bytes_never_raise(places: list[tuple[int, int]]) -> None:
    changed(read_tiff, whole() + camera(), places)
