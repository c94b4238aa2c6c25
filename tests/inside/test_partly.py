"""A limit that is met hides nothing that was read, and is named wherever silence would mislead."""

from __future__ import annotations

import hashlib
import struct
import time
import zlib
from pathlib import Path

import pytest

from forensics.inside.partly import read_in_part
from forensics.inside.read import read_file
from forensics.media.identify import identify_file
from forensics.model import Part

_XMP = b"http://ns.adobe.com/xap/1.0/\0"


def _packet(inside: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def _exif() -> bytes:
    make = struct.pack("<HHII", 0x010F, 2, 6, 26) + bytes(4)
    return _segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\x01\0" + make + b"Maker\0")


def _jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xd9"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(*chunks: bytes) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    coded = _chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + coded + _chunk(b"IEND", b"")


def _read(folder: Path, name: str, data: bytes) -> Part:
    path = folder / name
    path.write_bytes(data)
    return read_file(path, identify_file(path))


def test_junk_packets_behind_real_metadata_hide_nothing(tmp_path: Path) -> None:
    junk = _segment(0xE1, _XMP + _packet("<dc:a/>" * 4500))
    tree = _read(tmp_path, "junk.jpg", _jpeg(_exif(), *[junk] * 14))
    assert tree.text("Make") == "Maker"
    assert tree.trouble == "The file holds more than the 50000 parts that are kept."
    found = read_in_part(tree)
    assert found is not None
    assert [m.value for m in found.measurements] == [tree.trouble]


def test_small_comments_starve_no_exif(tmp_path: Path) -> None:
    tree = _read(tmp_path, "comments.jpg", _jpeg(*[_segment(0xFE, b"x")] * 4100, _exif()))
    assert tree.text("Make") == "Maker"
    stream = tree.first("JPEG")
    assert stream is not None
    assert stream.trouble == tree.trouble
    assert "More than 4000 segments" in str(tree.trouble)
    assert "without a picture" not in stream.meaning


def test_many_texts_starve_no_xmp_of_a_png(tmp_path: Path) -> None:
    text = _chunk(b"tEXt", b"a\0b")
    said = b"XML:com.adobe.xmp\0\0\0\0\0" + _packet("<dc:source>Generator</dc:source>")
    tree = _read(tmp_path, "texts.png", _png(*[text] * 20_001, _chunk(b"iTXt", said)))
    assert tree.text("dc:source") == "Generator"
    assert tree.trouble == "Of its 20001 chunks of the type tEXt the first 2000 were read."


def test_text_behind_a_few_dozen_others_is_read(tmp_path: Path) -> None:
    text = _chunk(b"tEXt", b"a\0b")
    tree = _read(tmp_path, "late.png", _png(*[text] * 40, _chunk(b"tEXt", b"Software\0Named")))
    assert tree.trouble is None
    assert any(found.value == "Named" for _, found in tree.walk())


def test_boxes_beyond_the_limit_are_not_called_trailing_data(tmp_path: Path) -> None:
    head = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0)
    tree = _read(tmp_path, "boxes.mp4", head + struct.pack(">I4s", 8, b"free") * 200_010)
    assert "More than 200000 boxes" in str(tree.trouble)
    assert tree.first("trailing data") is None


def test_a_packet_with_a_long_list_keeps_its_beginning(tmp_path: Path) -> None:
    items = "<dc:s><rdf:Bag>" + "<rdf:li/>" * 4500 + "</rdf:Bag></dc:s>"
    junk = _segment(0xE1, _XMP + _packet(items))
    tree = _read(tmp_path, "lists.jpg", _jpeg(*[junk] * 12, _exif()))
    assert tree.text("Make") == "Maker"
    assert len([p for p in tree.all("dc:s") if p.parts]) == 12


def test_all_that_was_read_is_no_part(tmp_path: Path) -> None:
    tree = _read(tmp_path, "plain.jpg", _jpeg(_exif()))
    assert tree.trouble is None
    assert read_in_part(tree) is None


def test_a_large_kml_keeps_its_head_and_extent(tmp_path: Path) -> None:
    place = (
        "<Placemark><name>a</name><description>b</description><Point><coordinates>{},1</coordinates>"
        "</Point></Placemark>"
    )
    places = "".join(place.format(n % 90) for n in range(20_000))
    data = (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Head</name>'
        f"{places}</Document></kml>"
    )
    tree = _read(tmp_path, "large.kml", data.encode())
    assert tree.trouble is None
    assert tree.text("KML", "Title") == "Head"
    assert tree.text("KML", "Features", "Placemark") == "20000"
    assert "89" in tree.text("KML", "Extent", "East")


def test_fields_that_all_name_the_same_bytes_take_little_time(tmp_path: Path) -> None:
    count, size = 2000, 15_000
    head = 8 + 2 + 12 * (count + 1) + 4
    fields = struct.pack("<HHII", 0x010F, 2, 6, head)
    fields += b"".join(struct.pack("<HHII", 0xC000 + n, 1, size, head) for n in range(count))
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", count + 1) + fields + bytes(4)
    block += b"Maker\0" + bytes(size)
    begun = time.process_time()
    tree = _read(tmp_path, "same.jpg", _jpeg(*[_segment(0xE1, b"Exif\0\0" + block)] * 10))
    assert time.process_time() - begun < 5
    assert tree.text("Make") == "Maker"
    assert "more than 4 times the bytes" in str(tree.trouble)


@pytest.mark.parametrize("fits", [True, False])
def test_extended_xmp_counts_where_the_packet_names_it(tmp_path: Path, fits: bool) -> None:
    more = _packet("<dc:source>Elsewhere</dc:source>")
    name = hashlib.md5(more, usedforsecurity=False).hexdigest().upper().encode()
    packet = _packet("").replace(
        b"<rdf:Description",
        b'<rdf:Description xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="'
        + (name if fits else b"0" * 32)
        + b'"',
    )
    extended = b"http://ns.adobe.com/xmp/extension/\0" + name + struct.pack(">II", len(more), 0)
    data = _jpeg(_segment(0xE1, _XMP + packet), _segment(0xE1, extended + more))
    tree = _read(tmp_path, "extended.jpg", data)
    assert (tree.text("dc:source") == "Elsewhere") is fits
    left = tree.first("Extended XMP")
    assert (left is None) is fits
    assert fits or "does not name it" in str(left and left.trouble)
