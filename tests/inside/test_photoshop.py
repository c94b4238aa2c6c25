"""Photoshop's image resources: names, what is nested in them, the digest of the caption, defects."""

from __future__ import annotations

import hashlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.photoshop import MAX_RESOURCES, read_photoshop
from tests.inside.hostile import NASTY, changed, cuts, overstated, read, read_or_limit
from tests.inside.jpegs import data_set, exif_block, names, packet, resource, tiny, troubles

IPTC = data_set(2, 80, b"A. Person")
NOTHING = hashlib.md5(b"").digest()


def thumbnail(number: int = 0x040C) -> bytes:
    jpeg = tiny()
    head = struct.pack(">6I2H", 1, 16, 12, 48, 576, len(jpeg), 24, 1)
    return resource(number, head + jpeg)


def version(writer: str, reader: str) -> bytes:
    def text(value: str) -> bytes:
        return struct.pack(">I", len(value)) + value.encode("utf-16-be")

    return resource(0x0421, b"\0\0\0\1\1" + text(writer) + text(reader) + b"\0\0\0\1")


BLOCK = b"".join(
    (
        resource(0x03ED, struct.pack(">IHHIHH", 300 << 16, 1, 1, 300 << 16, 1, 1)),
        resource(0x0404, IPTC),
        resource(0x0425, hashlib.md5(IPTC).digest()),
        resource(0x0406, struct.pack(">hHH", 6, 0x101, 3) + b"\1"),
        resource(0x040A, b"\1"),
        resource(0x040B, b"http://example.org/"),
        resource(0x0424, packet(("xmp:CreatorTool", "http://ns.adobe.com/xap/1.0/", "Tool"))),
        resource(0x0422, exif_block(tiny())),
        version("Adobe Photoshop", "Adobe Photoshop CS6"),
        resource(0x07D0, b"\0" * 26, name=b"Path 1"),
        resource(0x0415, struct.pack(">I", 3) + "abc".encode("utf-16-be")),
        resource(0x041E, struct.pack(">IIII", 1, 0, 1, 2) + "ab".encode("utf-16-be")),
        resource(0x1234, b"abc", kind=b"MeSa"),
    )
)


def test_resources_are_named_and_read_as_what_they_are() -> None:
    found = read(read_photoshop, BLOCK)
    assert names(found) == [
        "ResolutionInfo", "IPTC-NAA", "CaptionDigest", "JPEGQuality", "CopyrightFlag", "URL",
        "XMPMetadata", "EXIFData1", "VersionInfo", "PathInformation", "UnicodeAlphaNames", "URLList",
        "0x1234",
    ]  # fmt: skip
    assert not troubles(found)
    assert found.text("ResolutionInfo") == "300 × 300"
    assert found.text("IPTC", "By-line") == "A. Person"
    assert found.text("JPEGQuality") == "10"
    quality = found.first("JPEGQuality")
    assert quality is not None
    assert quality.meaning.endswith("progressive")
    assert found.text("XMP", "xmp:CreatorTool") == "Tool"
    assert found.first("EXIF", "Thumbnail") is not None
    assert found.text("VersionInfo") == "Adobe Photoshop"
    assert found.text("UnicodeAlphaNames", "Name") == "abc"
    assert found.text("URLList", "URL") == "ab"
    path = found.first("PathInformation")
    assert path is not None
    assert path.meaning == "Named “Path 1”"


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        (hashlib.md5(IPTC).digest(), "it holds"),
        (hashlib.md5(b"other").digest(), "written again after it by another program"),
        (NOTHING, "there was no IPTC block when Photoshop wrote it"),
        (bytes(16), "All zero"),
    ],
)
def test_the_digest_of_the_caption_is_held_against_it(stated: bytes, says: str) -> None:
    found = read(read_photoshop, resource(0x0404, IPTC) + resource(0x0425, stated))
    part = found.first("CaptionDigest")
    assert part is not None
    assert says in part.meaning


@pytest.mark.parametrize(("number", "order"), [(0x040C, "RGB"), (0x0409, "BGR")])
def test_the_thumbnail_lies_behind_its_header(number: int, order: str) -> None:
    data = thumbnail(number)
    found = read(read_photoshop, data).first("ThumbnailResource", "Thumbnail")
    assert found is not None
    assert found.at is not None
    assert found.size is not None
    assert data[found.at : found.at + found.size] == tiny()
    assert [p.value for p in found.parts] == [16, 12, 24, order]


@pytest.mark.parametrize("text", NASTY)
def test_texts_are_kept_as_they_are(text: str) -> None:
    value = text.replace("\0", "")
    found = read(read_photoshop, resource(0x040B, value.encode(), name=value.encode()[:40]))
    assert found.text("URL") == value


def test_what_is_no_resource_is_said_to_be_there() -> None:
    assert troubles(read(read_photoshop, BLOCK + b"junk and more of it")) == [
        "19 bytes at its end are not image resources."
    ]
    assert not troubles(read(read_photoshop, BLOCK + bytes(20)))


def test_it_stands_cut_blocks() -> None:
    cuts(read_photoshop, BLOCK + thumbnail())


@pytest.mark.slow
def test_it_stands_overstated_lengths() -> None:
    overstated(read_photoshop, BLOCK)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), max_size=8))
def test_it_stands_changed_bytes(places: list[tuple[int, int]]) -> None:
    changed(read_photoshop, BLOCK + thumbnail(), places)


@settings(deadline=None)
@given(st.integers(0, 0xFFFF), st.binary(max_size=200))
def test_any_resource_of_any_kind_is_borne(number: int, value: bytes) -> None:
    assert read_or_limit(read_photoshop, resource(number, value)) is not None


def test_thousands_of_resources_and_names_end() -> None:
    found = read(read_photoshop, resource(0x0400, b"") * (MAX_RESOURCES + 5))
    assert found.trouble is not None
    assert len(found.parts) == MAX_RESOURCES
    assert read(read_photoshop, resource(0x03EE, bytes(60_000))).parts
