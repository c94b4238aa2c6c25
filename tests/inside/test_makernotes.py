"""Makers' own fields that exifread takes for others."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.exif import read_exif_part
from forensics.model import Part
from tests.inside.hostile import changed, cuts, overstated, read
from tests.inside.tiffs import ASCII, LONG, SHORT, UNDEFINED, Fields, tiff

PREVIEW = b"\xff\xd8\xff\xdb" + bytes(200)


def directory(*fields: tuple[int, int, bytes], at: int) -> bytes:
    """A little-endian directory at `at`, its long values after it."""
    entries, after = b"", b""
    start = at + 2 + 12 * len(fields) + 4
    for tag, kind, raw in fields:
        pointed = raw.ljust(4, b"\0")
        if len(raw) > 4:
            pointed = struct.pack("<I", start + len(after))
            after += raw
        entries += (
            struct.pack("<HHI", tag, kind, len(raw) // {SHORT: 2, LONG: 4}.get(kind, 1)) + pointed
        )
    return struct.pack("<H", len(fields)) + entries + bytes(4) + after


def olympus() -> bytes:
    head = b"OLYMPUS\0II\3\0"
    lens = ((0x0101, ASCII, b"BODY-7\0"), (0x0203, ASCII, b"OLYMPUS M.14-42mm\0"))
    first = len(directory((0x2010, LONG, bytes(4)), (0x0100, UNDEFINED, PREVIEW), at=12))
    fields = (0x2010, LONG, struct.pack("<I", 12 + first)), (0x0100, UNDEFINED, PREVIEW)
    return head + directory(*fields, at=12) + directory(*lens, at=12 + first)


def block(maker: str, note: bytes) -> bytes:
    fields: Fields = [(0x010F, ASCII, maker), (0x8769, LONG, [(0x927C, UNDEFINED, note)])]
    return tiff(fields)


def placed(maker: str, mark: bytes, *fields: tuple[int, int, bytes]) -> bytes:
    """A block whose maker's directory counts offsets from the block's beginning."""
    start = block(maker, mark + b"\xee" * 200).index(mark) + len(mark)
    return block(maker, mark + directory(*fields, at=start))


def note_of(data: bytes) -> Part:
    found = read(read_exif_part, data)
    assert found.trouble is None
    held = found.first("MakerNote")
    assert held is not None
    return held


def test_olympus_lenses_are_named() -> None:
    held = note_of(block("OLYMPUS CORPORATION", olympus()))
    assert held.text("LensModel") == "OLYMPUS M.14-42mm"
    assert held.text("SerialNumber") == "BODY-7"


def test_a_preview_lies_where_its_bytes_do() -> None:
    data = block("OLYMPUS CORPORATION", olympus())
    part = note_of(data).first("Preview")
    assert part is not None
    assert part.at is not None
    assert data[part.at : part.at + (part.size or 0)] == PREVIEW


@pytest.mark.parametrize(
    ("maker", "mark", "tag", "name"),
    [
        ("Panasonic", b"Panasonic\0\0\0", 0x0051, "LensType"),
        ("PENTAX", b"AOC\0II", 0x0215, "CameraInfo"),
        ("SONY", b"SONY DSC \0\0\0", 0xB020, "CreativeStyle"),
        ("CASIO COMPUTER", b"QVC\0\0\0", 0x3006, "HometownCity"),
    ],
)
def test_other_makers_are_read(maker: str, mark: bytes, tag: int, name: str) -> None:
    held = note_of(placed(maker, mark, (tag, ASCII, b"value of it\0"), (0x0001, SHORT, b"\1\0")))
    assert held.text(name) == "value of it"
    assert held.text("other fields") == "1"


@pytest.mark.parametrize("block_order", "<>")
@pytest.mark.parametrize("note_order", "<>")
def test_nikon_is_read_in_its_own_byte_order(block_order: str, note_order: str) -> None:
    within = tiff([(0x0004, ASCII, "a quality"), (0x0002, SHORT, [0, 200])], order=note_order)
    note = b"Nikon\0\2\x10\0\0" + within
    fields: Fields = [
        (0x010F, ASCII, "NIKON CORPORATION"),
        (0x8769, LONG, [(0x927C, UNDEFINED, note + bytes(80))]),
    ]
    held = note_of(tiff(fields, order=block_order))
    assert held.text("Quality") == "a quality"
    assert held.text("ISOSetting") == "0 200"


def test_serial_numbers_are_personal() -> None:
    part = note_of(block("OLYMPUS CORPORATION", olympus())).first("SerialNumber")
    assert part is not None
    assert part.personal


def test_a_note_that_ends_early_says_so() -> None:
    held = read(read_exif_part, block("Panasonic", b"Panasonic\0\0\0\xff\x7f")).first("MakerNote")
    assert held is not None
    assert any("states 32767 fields" in (p.trouble or "") for p in held.parts)


def test_a_block_cut_anywhere_is_read_as_far_as_it_goes() -> None:
    cuts(read_exif_part, block("OLYMPUS CORPORATION", olympus()))


def test_lengths_beyond_everything_end() -> None:
    overstated(read_exif_part, block("OLYMPUS CORPORATION", olympus()), step=5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 255)), max_size=20))
def test_changed_bytes_never_raise(places: list[tuple[int, int]]) -> None:
    changed(read_exif_part, block("OLYMPUS CORPORATION", olympus()), places)
