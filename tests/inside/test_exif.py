"""EXIF as a tree: what is stated, what it means, where it lies; damage is told where it is."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import LimitExceeded
from forensics.inside.exif import coordinates, read_exif_part
from forensics.inside.window import MAX_TEXT, Allowance, Window
from forensics.model import Part
from tests.inside.hostile import NASTY, changed, cuts, overstated, read, read_or_limit
from tests.inside.tiffs import ASCII, GPS, LONG, RATIO, SHORT, UNDEFINED, Fields, camera, tiff


def exif_of(fields: Fields, **options: Any) -> Part:
    return read(read_exif_part, tiff(fields, **options))


def bytes_of(data: bytes, part: Part | None) -> bytes:
    assert part is not None
    assert part.at is not None
    assert part.size is not None
    return data[part.at : part.at + part.size]


def inside(fields: Fields) -> Part:
    return exif_of([(0x8769, LONG, fields)])


@pytest.mark.parametrize("order", "<>")
def test_every_directory_is_a_part_with_its_fields(order: str) -> None:
    found = read(read_exif_part, camera(order=order))
    assert found.name == "EXIF"
    assert found.trouble is None
    assert [p.name for p in found.parts] == [
        *("Image", "EXIF", "Interoperability", "GPS", "Thumbnail", "MakerNote")
    ]
    assert found.text("Image", "Make") == "Maker"
    assert found.text("Image", "Model") == "Model 5"
    assert found.text("Image", "Software") == "Firmware 1.0"
    assert found.text("Image", "DateTime") == "2025:12:30 06:12:02"
    assert found.text("EXIF", "DateTimeOriginal") == "2025:12:30 06:12:00"
    assert found.text("EXIF", "DateTimeDigitized") == "2025:12:30 06:12:01"
    assert found.text("EXIF", "LensModel") == "Lens 24-70"
    assert found.text("EXIF", "UserComment") == "a comment"
    assert found.text("EXIF", "ExifVersion") == "0230"
    assert found.text("Interoperability", "InteroperabilityIndex") == "R98"


@pytest.mark.parametrize(
    ("name", "value", "meaning"),
    [
        ("Orientation", 6, "Rotated 90 CW"),
        ("XResolution", "300", "pixels per inch"),
        ("ExposureTime", "1/125", "seconds"),
        ("FNumber", "2.8", "f/2.8"),
        ("ISOSpeedRatings", 200, ""),
        ("Flash", 16, "Flash did not fire, compulsory flash mode"),
        ("FocalLength", "50", "mm"),
        ("LensSpecification", "24 70 2.8 2.8", "24-70mm f/2.8"),
        ("GPSLatitude", "41° 24' 36.98\"", "41.410272 degrees north"),
        ("GPSLongitude", "2° 10' 26.57\"", "2.174047 degrees west"),
        ("GPSAltitude", "12.3", "m above sea level"),
        ("GPSTimeStamp", "07:05:09", "UTC"),
    ],
)
def test_values_read_as_a_person_expects(name: str, value: int | str, meaning: str) -> None:
    part = read(read_exif_part, camera()).first(name)
    assert part is not None
    assert (part.value, part.meaning) == (value, meaning)


def test_a_part_lies_where_its_bytes_do() -> None:
    data = b"before" + camera()
    window = Window.over(data).inner(6)
    found = read_exif_part(window)
    make, thumbnail = found.first("Image", "Make"), found.first("Thumbnail")
    assert bytes_of(data, make) == b"Maker\0"
    assert bytes_of(data, thumbnail) == b"\xff\xd8\xff\xd9"
    assert (found.at, found.size) == (6, len(data) - 6)


def test_the_mark_of_a_jpeg_segment_is_passed_over() -> None:
    found = read(read_exif_part, b"Exif\0\0" + camera())
    assert found.text("Image", "Make") == "Maker"
    assert found.at == 6


def test_what_names_or_locates_a_person_says_so() -> None:
    found = read(read_exif_part, camera())
    personal = {part.name for _, part in found.walk() if part.personal}
    assert {"GPS", "GPSLatitude", "BodySerialNumber", "UserComment"} <= personal
    assert not {"Make", "Model", "DateTime", "LensModel", "ExposureTime"} & personal


def test_a_place_is_read_with_its_directions() -> None:
    place = coordinates(exif_of([(0x8825, LONG, GPS)]))
    north = Fraction(41) + Fraction(24, 60) + Fraction(3698, 360_000)
    east = -(Fraction(2) + Fraction(10, 60) + Fraction(2657, 360_000))
    assert place == (north, east)


@pytest.mark.parametrize(
    "fields",
    [
        [],
        GPS[1:],
        [(1, ASCII, "X"), *GPS[1:]],
        [GPS[0], (2, RATIO, [(41, 1), (24, 0), (1, 1)]), *GPS[2:]],
        [GPS[0], (2, RATIO, [(91, 1), (0, 1), (1, 1)]), *GPS[2:]],
        [GPS[0], (2, RATIO, [(41, 1)]), *GPS[2:]],
    ],
)
def test_what_is_no_place_is_none(fields: Fields) -> None:
    found = exif_of([(0x8825, LONG, list(fields) or [(29, ASCII, "2025")])])
    assert coordinates(found) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"ASCII\0\0\0plain", "plain"),
        (b"UNICODE\0" + "wide Ж".encode("utf-16-le"), "wide Ж"),
        (b"UNICODE\0" + "\ufeffwide Ж".encode("utf-16-be"), "wide Ж"),
        (b"JIS\0\0\0\0\0" + "\u65e5\u672c".encode("iso2022_jp"), "\u65e5\u672c"),
        (bytes(8) + b"caf\xe9", "café"),
        (b"no code before it", "no code before it"),
    ],
)
def test_comments_are_read_in_their_code(raw: bytes, expected: str) -> None:
    assert inside([(0x9286, UNDEFINED, raw)]).text("UserComment") == expected


@pytest.mark.parametrize("text", NASTY)
def test_texts_stay_exact(text: str) -> None:
    found = exif_of([(0x010F, ASCII, text)])
    assert found.text("Make") == text.partition("\0")[0]


def test_texts_that_are_no_utf8_are_latin1() -> None:
    assert exif_of([(0x010F, ASCII, b"caf\xe9")]).text("Make") == "café"


def test_titles_of_windows_are_utf16() -> None:
    raw = "Название\0".encode("utf-16-le")
    assert exif_of([(0x9C9B, 1, raw)]).text("XPTitle") == "Название"


def test_long_texts_are_cut_and_say_so() -> None:
    part = exif_of([(0x010E, ASCII, "x" * 5000)]).first("ImageDescription")
    assert part is not None
    assert part.value == "x" * MAX_TEXT
    assert part.trouble


def test_ratios_without_a_value_stay_as_stated() -> None:
    assert inside([(0x829A, RATIO, [(1, 0)])]).text("ExposureTime") == "1/0"


def test_an_exposure_that_no_camera_sets_is_rounded_and_given_exactly() -> None:
    part = inside([(0x829A, RATIO, [(333, 20_000)])]).first("ExposureTime")
    assert part is not None
    assert (part.value, part.meaning) == ("1/60", "seconds; stated as 333/20000")


def test_a_field_that_exifread_does_not_know_has_its_number() -> None:
    found = exif_of([(0xBEEF, SHORT, 7), (0x000B, ASCII, "Program")])
    assert found.text("Tag 0xBEEF") == "7"
    assert found.text("ProcessingSoftware") == "Program"


def test_two_fields_of_one_number_are_both_shown() -> None:
    found = exif_of([(0x0131, ASCII, "first one"), (0x0131, ASCII, "second one")])
    assert [p.value for p in found.all("Software")] == ["first one", "second one"]


def test_maker_notes_that_are_known_are_read() -> None:
    note = b"Apple iOS\0\0\1MM" + struct.pack(">HHHII", 1, 0x000A, 4, 1, 3) + bytes(4)
    data = tiff([(0x010F, ASCII, "Apple"), (0x8769, LONG, [(0x927C, UNDEFINED, note)])], order=">")
    found = read(read_exif_part, data)
    held = found.first("MakerNote")
    assert held is not None
    assert held.meaning == "The maker's own fields, marked “Apple iOS”"
    assert [p.name for p in held.parts] == ["HDRImageType"]


def test_maker_notes_that_state_billions_of_values_cost_nothing() -> None:
    note = b"Nikon\0\2\x10\0\0II*\0\x08\0\0\0" + b"\xff\xff" + b"\1\0\7\0\xff\xff\xff\xff" * 100
    data = tiff([(0x010F, ASCII, "NIKON"), (0x8769, LONG, [(0x927C, UNDEFINED, note)])])
    stated = struct.pack("<HHI", 0x927C, UNDEFINED, len(note))
    hurt = data.replace(stated, struct.pack("<HHI", 0x927C, UNDEFINED, 0xFFFFFFFF))
    assert hurt != data
    found = read(read_exif_part, hurt)
    assert found.text("Image", "Make") == "NIKON"


def test_a_block_that_makes_exifread_give_up_is_read_all_the_same() -> None:
    many = [(0x9214, SHORT, [1] * 900) for _ in range(60)]
    found = read(read_exif_part, tiff([(0x010F, ASCII, "Maker"), (0x8769, LONG, many)]))
    assert found.trouble is not None
    assert "exifread" in found.trouble
    assert found.text("Image", "Make") == "Maker"


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", "neither II nor MM"),
        (b"XX*\0\x08\0\0\0", "neither II nor MM"),
        (b"II\x63\0\x08\0\0\0", "version 99"),
        (b"II+\0\x04\0\0\0" + bytes(8), "eight bytes"),
    ],
)
def test_what_is_no_tiff_structure_says_why(data: bytes, trouble: str) -> None:
    found = read(read_exif_part, data)
    assert found.trouble is not None
    assert trouble in found.trouble


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"II*\0\xff\xff\xff\x7f", "outside"),
        (b"II*\0\x08\0\0\0\xff\xff", "65535 fields"),
        (tiff([(0x010F, ASCII, "Maker")])[:-2], "are in the file"),
        (tiff([(0x010F, 99, b"\0")]), "type is 99"),
    ],
)
def test_damage_is_told_where_it_is(data: bytes, trouble: str) -> None:
    found = read(read_exif_part, data)
    assert any(trouble in (part.trouble or "") for _, part in found.walk())


def test_directories_that_follow_one_another_in_a_ring_end() -> None:
    data = bytearray(tiff([(0x0112, SHORT, 1)], [(0x0112, SHORT, 2)]))
    data[-4:] = struct.pack("<I", 8)
    found = read(read_exif_part, bytes(data))
    assert found.trouble is not None
    assert "named twice" in found.trouble
    assert len(found.parts) == 2


def test_a_thumbnail_that_is_none_says_so() -> None:
    data = tiff([(0x0112, SHORT, 1)], [(0x0201, LONG, 8), (0x0202, LONG, 100)])
    part = read(read_exif_part, data).first("Thumbnail")
    assert part is not None
    assert part.trouble == "It states a JPEG picture at a place where none begins."


def test_big_tiff_is_read() -> None:
    found = exif_of([(0x010F, ASCII, "A longer name of a maker"), (0x0112, SHORT, 3)], big=True)
    assert found.text("Make") == "A longer name of a maker"
    assert found.text("Orientation") == "3"


def test_a_structure_too_long_for_memory_is_read_by_pages() -> None:
    found = read(read_exif_part, camera() + bytes(2 << 20))
    assert found.text("EXIF", "LensModel") == "Lens 24-70"
    assert found.trouble is None


def test_a_block_cut_anywhere_is_read_as_far_as_it_goes() -> None:
    cuts(read_exif_part, camera())


def test_lengths_beyond_everything_end() -> None:
    overstated(read_exif_part, camera(), step=17)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 255)), max_size=30))
def test_changed_bytes_never_raise(places: list[tuple[int, int]]) -> None:
    changed(read_exif_part, camera(), places)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0x010F, 0x0110, 0x0112, 0x011A, 0x9003, 0xA432, 0x9286, 0xC4A5]),
            st.sampled_from([1, 2, 3, 4, 5, 7, 10, 12]),
            st.integers(0, 40),
            st.binary(min_size=4, max_size=4),
        ),
        max_size=20,
    ),
    st.binary(max_size=100),
)
def test_any_directory_of_any_types_is_read(
    entries: list[tuple[int, int, int, bytes]], after: bytes
) -> None:
    fields = b"".join(struct.pack("<HHI", *e[:3]) + e[3] for e in entries)
    data = b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + fields + bytes(4) + after
    found = read_or_limit(read_exif_part, data)
    assert found is not None
    assert len(found.parts[0].parts) == len(entries)


def test_the_files_allowance_ends_reading() -> None:
    few = Allowance(parts=5)
    found = read_exif_part(Window.over(camera(), few))
    assert found.text("Image", "Make")
    assert "parts that are kept" in (few.reached or "")
    with pytest.raises(LimitExceeded):
        read_exif_part(Window.over(camera(), Allowance(bytes=50)))
