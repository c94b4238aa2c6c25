"""What lies behind a JPEG picture's end: further pictures, phones' notes, films, files of another kind."""

from __future__ import annotations

import pytest

from tests.inside.jpegs import (
    box,
    names,
    samsung,
    saved,
    scene,
    troubles,
    with_pictures,
    with_segments,
    xmp,
)
from tests.inside.jpegtrees import tiles, tree

GAIN = ("hdrgm:Version", "http://ns.adobe.com/hdr-gain-map/1.0/", "1.0")


def test_further_pictures_are_named_by_what_they_are() -> None:
    data = with_pictures(
        saved(),
        [
            (0x010001, saved(scene(32, 24))),
            (0x020002, saved(scene(seed=2))),
            (0, with_segments(saved(scene(16, 12)), xmp(GAIN))),
        ],
    )
    found = tree(data)
    assert tiles(found, len(data))
    assert not troubles(found)
    assert names(found)[-3:] == ["Preview", "Picture", "Gain map"]
    assert found.parts[-3].meaning.startswith("A large preview (VGA); 32 × 24 pixels")
    assert found.parts[-2].meaning.startswith("One of a stereo pair")
    assert found.text("MPF", "NumberOfImages") == "4"


def test_an_index_that_points_anywhere_is_no_trouble() -> None:
    data = with_pictures(saved(), [(0, b"no picture at all" * 3)])
    found = tree(data)
    assert tiles(found, len(data))
    assert troubles(found) == ["No JPEG picture begins here."]


BEHIND = {
    "zip": (b"PK\x03\x04" + bytes(40), ["ZIP archive"]),
    "php": (b"<?php system(1);", ["PHP"]),
    "text": (b"hello there", ["Text"]),
    "zeros": (bytes(64), ["Padding"]),
    "few zeros": (bytes(3), ["Padding"]),
    "film": (box(b"ftyp", b"mp42\0\0\0\0") + box(b"mdat", bytes(50)), ["Video"]),
    "film of no end": (box(b"ftyp", b"mp42\0\0\0\0") + b"\0\0\0\0mdat" + bytes(20), ["Video"]),
    "zeros and film": (bytes(24) + box(b"ftyp", b"heic\0\0\0\0"), ["Padding", "Video"]),
    "picture": (saved(scene(8, 8)), ["Picture"]),
    "unknown, then a picture": (
        b"\x01\x02\x03" * 9 + saved(scene(8, 8)),
        ["Unknown bytes", "Picture"],
    ),
    "samsung": (samsung(("Image_UTC_Data", b"1510110846929"), ("X", b"\0\1")), ["Samsung"]),
    "film, then samsung": (
        box(b"ftyp", b"mp42\0\0\0\0") + box(b"free", b"") + samsung(("X", b"1")),
        ["Video", "Samsung"],
    ),
}


@pytest.mark.parametrize("name", BEHIND)
def test_what_lies_behind_the_end_is_named(name: str) -> None:
    data = saved() + BEHIND[name][0]
    found = tree(data)
    assert names(found)[names(found).index("EOI") + 1 :] == BEHIND[name][1]
    assert tiles(found, len(data))


def test_the_time_in_samsungs_block_is_written_out() -> None:
    found = tree(saved() + samsung(("Image_UTC_Data", b"1510110846929")))
    part = found.first("Samsung", "Image_UTC_Data")
    assert part is not None
    assert part.value == "1510110846929"
    assert part.meaning.startswith("2017-11-08T03:14:06Z")


def test_a_samsung_directory_that_points_outside_is_said_to() -> None:
    block = bytearray(samsung(("X", b"1")))
    at = block.index(b"SEFH") + 16
    block[at : at + 4] = b"\xff\xff\xff\x7f"
    assert troubles(tree(saved() + bytes(block))) == ["It is said to lie outside the file's end."]


def test_the_film_of_a_motion_photo_is_read_as_one() -> None:
    film = box(b"ftyp", b"mp42\0\0\0\0mp42") + box(b"free", bytes(8))
    for behind in (film, samsung(("MotionPhoto_Data", film))):
        found = tree(saved() + behind)
        assert found.first("ftyp") is not None
    assert found.first("Samsung", "MotionPhoto_Data", "ftyp") is not None


def test_a_file_of_another_kind_behind_the_picture_is_trouble_and_a_phones_own_is_none() -> None:
    assert troubles(tree(saved() + b"PK\x03\x04" + bytes(40))) == [
        "It belongs to no picture: something was put behind the end of this one."
    ]
    assert not troubles(tree(saved() + b'vivo{"a":1}'))
    assert not troubles(tree(saved() + samsung(("X", b"1"))))
