"""JPEG files: every marker placed and named, and pieces put together."""

from __future__ import annotations

import hashlib
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from forensics.inside.jpeg import read_jpeg
from forensics.inside.jpegscan import MAX_MORE, MAX_SEGMENTS
from tests.inside.hostile import NASTY, changed, cuts, overstated, read_or_limit
from tests.inside.jpegs import (
    app,
    box,
    data_set,
    exif,
    extended_xmp,
    icc_pieces,
    jumbf_pieces,
    names,
    packet,
    resource,
    samsung,
    saved,
    scene,
    segment,
    superbox,
    tiny,
    troubles,
    with_segments,
    xmp,
)
from tests.inside.jpegtrees import tiles, tree

TITLE = ("photoshop:Headline", "http://ns.adobe.com/photoshop/1.0/", "Bridge")


def small() -> bytes:
    """A file with a bit of everything, small enough to be cut at every byte."""
    picture = saved(scene(16, 8), quality=60, optimize=True, restart_marker_blocks=1)
    return with_segments(
        picture,
        exif(tiny()),
        xmp(TITLE),
        app(13, b"Photoshop 3.0\0" + resource(0x0404, data_set(2, 80, b"A. Person"))),
        app(14, b"Adobe\0\x64\0\0\0\0\x01"),
        segment(0xFE, b"a comment"),
    ) + samsung(("Image_UTC_Data", b"1510110846929"))


def test_it_names_the_markers_in_their_order_and_where_they_lie() -> None:
    data = saved(quality=75)
    found = tree(data)
    assert names(found) == [
        "SOI", "APP0", "DQT", "DQT", "SOF0", "DHT", "DHT", "DHT", "DHT", "SOS", "EOI",
    ]  # fmt: skip
    assert tiles(found, len(data))
    assert not troubles(found)
    assert found.meaning == "64 × 48 pixels, Baseline, chroma sampling 4:2:0, IJG quality 75"
    assert found.text("SOF0", "ImageWidth") == "64"
    assert found.text("JFIF", "JFIFVersion") == "1.01"
    meanings = [p.meaning for _, p in found.walk() if p.name.startswith(("DC ", "AC "))]
    assert [m[-3:] for m in meanings] == ["K.3", "K.5", "K.4", "K.6"]


@pytest.mark.parametrize(("option", "named"), [(0, "4:4:4"), (1, "4:2:2"), (2, "4:2:0")])
def test_it_names_the_chroma_sampling(option: int, named: str) -> None:
    found = tree(saved(subsampling=option))
    assert found.first("SOF0", "ChromaSampling") is not None
    assert found.text("ChromaSampling") == named


def test_a_grey_picture_has_no_chroma_sampling() -> None:
    assert tree(saved(scene().convert("L"))).first("ChromaSampling") is None


def test_it_tells_progressive_pictures_and_their_scans() -> None:
    found = tree(saved(progressive=True, optimize=True))
    assert "SOF2" in names(found)
    assert names(found).count("SOS") > 3
    assert "Progressive" in found.meaning
    assert any("Not the standard's" in p.meaning for p in found.all("DC 0"))
    assert found.first("SOS", "Selection") is not None


def test_it_counts_restart_markers_and_says_which_are_missing() -> None:
    data = saved(scene(64, 64), subsampling=0, restart_marker_blocks=4)
    found = tree(data)
    assert found.text("DRI") == "4"
    assert not troubles(found)
    assert "15 restart markers" in next(found.all("SOS")).meaning
    scan = next(found.all("SOS"))
    assert scan.at is not None
    first = data.index(b"\xff\xd3", scan.at)
    second = data.index(b"\xff\xd4", first)
    lost = tree(data[:first] + data[second:])
    assert troubles(lost) == ["It holds 14 restart markers; a picture of this size has 15."]


def test_a_damaged_scan_is_said_to_be_damaged_and_reading_goes_on() -> None:
    data = saved(quality=90)
    at = tree(data).first("SOS")
    assert at is not None
    assert at.at is not None
    hurt = bytearray(data)
    hurt[at.at + 40 : at.at + 42] = b"\xff\x9f"
    found = tree(bytes(hurt))
    assert names(found)[-1] == "EOI"
    assert troubles(found) == ["Markers that cannot stand in it: 1. It is damaged."]


def test_what_belongs_to_no_segment_is_said_to_be_there() -> None:
    data = saved()
    found = tree(data[:2] + b"stray" + data[2:])
    assert troubles(found) == ["5 bytes that belong to nothing lie before it."]
    assert names(found)[1] == "APP0"


def test_fill_bytes_before_a_marker_are_no_trouble() -> None:
    data = saved()
    assert not troubles(tree(data[:2] + b"\xff\xff\xff" + data[2:]))


def test_an_icc_profile_in_pieces_is_put_together_whatever_their_order() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pieces = icc_pieces(profile, 200)
    whole = tree(with_segments(saved(), *pieces))
    mixed = tree(with_segments(saved(), *reversed(pieces)))
    for found in (whole, mixed):
        icc = found.first("ICC")
        assert icc is not None
        assert icc.trouble is None
        assert f"put together from {len(pieces)} segments" in icc.meaning
        assert "sRGB" in found.text("ICC", "desc")
    lacking = tree(with_segments(saved(), *pieces[1:])).first("ICC")
    assert lacking is not None
    assert (
        lacking.trouble
        == f"It states {len(pieces)} pieces; {len(pieces) - 1} are there, not each of them once."
    )


def test_extended_xmp_is_put_together_and_held_against_its_digest() -> None:
    long = packet(("GDepth:Data", "http://ns.google.com/photos/1.0/depthmap/", "A" * 900))
    pieces = extended_xmp(long, 300)
    digest = hashlib.md5(long, usedforsecurity=False).hexdigest().upper()
    named = ("xmpNote:HasExtendedXMP", "http://ns.adobe.com/xmp/note/", digest)
    main = xmp(TITLE, named)
    found = tree(with_segments(saved(), main, *reversed(pieces)))
    assert found.text("XMP", "photoshop:Headline") == "Bridge"
    assert found.text("XMP", "GDepth:Data") == "A" * 900
    assert not troubles(found)
    other = [piece.replace(b"AAAA", b"AAAB") for piece in pieces]
    said = troubles(tree(with_segments(saved(), main, *other)))
    assert said == ["Its bytes do not have the digest that it is named by: it was changed."]
    assert "bytes; " in troubles(tree(with_segments(saved(), main, *pieces[:-1])))[0]


def test_content_credentials_in_pieces_are_named_by_their_labels() -> None:
    store = superbox(
        "c2pa",
        "c2pa",
        superbox(
            "c2ma", "urn:uuid:1", superbox("c2as", "c2pa.assertions", box(b"json", b'{"a":1}'))
        ),
    )
    found = tree(with_segments(saved(), *jumbf_pieces(store, 40)))
    c2pa = found.first("C2PA")
    assert c2pa is not None
    assert c2pa.trouble is None
    assert found.text("C2PA", "urn:uuid:1", "c2pa.assertions", "json") == '{"a":1}'
    assert names(found).count("APP11") == len(jumbf_pieces(store, 40))
    gap = jumbf_pieces(store, 40)
    lacking = tree(with_segments(saved(), gap[0], *gap[2:])).first("C2PA")
    assert lacking is not None
    assert lacking.trouble == "Pieces are missing or there twice."


def test_photoshop_resources_in_two_segments_are_one() -> None:
    block = resource(0x0404, data_set(2, 80, b"A. Person")) + resource(0x0406, b"\0\4\0\1\0\1\0")
    start = b"Photoshop 3.0\0"
    found = tree(with_segments(saved(), app(13, start + block[:20]), app(13, start + block[20:])))
    assert found.text("Photoshop", "IPTC-NAA", "IPTC", "By-line") == "A. Person"
    assert found.text("Photoshop", "JPEGQuality") == "8"


def test_a_thumbnail_is_read_as_the_jpeg_picture_that_it_is() -> None:
    thumbnail = saved(scene(16, 12), quality=40)
    data = with_segments(saved(), exif(thumbnail))
    found = tree(data).first("EXIF", "Thumbnail")
    assert found is not None
    assert found.at is not None
    assert found.size is not None
    assert data[found.at : found.at + found.size] == thumbnail
    inner = found.parts[-1]
    assert inner.name == "JPEG"
    assert inner.meaning == "16 × 12 pixels, Baseline, chroma sampling 4:2:0, IJG quality 40"


def test_thumbnails_within_thumbnails_end() -> None:
    data = saved(scene(8, 8))
    for _ in range(12):
        data = with_segments(saved(scene(8, 8)), exif(data))
    levels = [way.count("JPEG") for way, _ in tree(data).walk()]
    assert max(levels) == 2


@pytest.mark.parametrize("text", NASTY)
def test_a_comment_is_kept_as_it_is_and_can_be_carried_on(text: str) -> None:
    found = tree(with_segments(saved(), segment(0xFE, text.encode("utf-8", "replace"))))
    comment = found.first("COM")
    assert comment is not None
    assert comment.personal
    assert comment.value == text.partition("\0")[0]


def test_blocks_are_named_by_how_they_begin() -> None:
    found = tree(
        with_segments(
            saved(),
            app(5, b""),
            app(6, b"GoPro\0" + bytes(8)),
            app(7, b"Strange\0\1\2"),
            app(9, b"some words"),
            app(12, b"Ducky\0\1\0\4\0\0\0\x3c\0\0"),
            app(2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0"),
        )
    )
    inside = [part.parts[0].name for part in found.parts if part.name.startswith("APP")]
    assert inside == ["Empty", "GoPro", "Strange", "Text", "Ducky", "ISO 21496-1", "JFIF"]
    assert found.text("Ducky", "Quality") == "60"


def test_a_file_that_is_cut_at_any_byte_is_read_as_far_as_it_goes() -> None:
    data = small()
    cuts(read_jpeg, data)
    assert tree(data[: data.index(b"\xff\xda") + 20]).trouble is not None


@pytest.mark.slow
def test_lengths_larger_than_the_file_are_borne() -> None:
    overstated(read_jpeg, small())


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=12))
def test_changed_bytes_are_borne(places: list[tuple[int, int]]) -> None:
    changed(read_jpeg, small(), places)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*range(0xE0, 0xF0), 0xFE, 0xDB, 0xC4, 0xDD, 0xF3]),
            st.one_of(
                st.binary(max_size=80),
                st.sampled_from(
                    [
                        b"Exif\0\0",
                        b"MPF\0MM\0*\0\0\0\x08",
                        b"ICC_PROFILE\0\1\1",
                        b"JFIF\0",
                        b"JP\0\1",
                    ]
                ).flatmap(lambda head: st.binary(max_size=60).map(lambda body: head + body)),
            ),
        ),
        max_size=12,
    ),
    st.binary(max_size=60),
)
def test_any_segments_tile_the_file(segments: list[tuple[int, bytes]], behind: bytes) -> None:
    data = with_segments(saved(scene(8, 8)), *(segment(m, p) for m, p in segments)) + behind
    found = read_or_limit(read_jpeg, data)
    assert found is not None
    assert tiles(found, len(data))


def test_no_jpeg_is_said_to_be_none() -> None:
    for data in (b"", b"\xff", b"GIF89a", bytes(100)):
        assert tree(data).trouble == "It does not begin like a JPEG picture."


@pytest.mark.parametrize(
    "body",
    [
        b"\xff" * 4_000_000,
        b"\xff\x00" * 2_000_000,
        b"\xff\xe0\x00\x02" * 500_000,
        b"\xff\xda\x00\x02" * 200_000,
    ],
    ids=["fill bytes", "stuffing", "empty segments", "empty scans"],
)
def test_millions_of_bytes_of_one_kind_take_little_time(body: bytes) -> None:
    begun = time.process_time()
    found = tree(b"\xff\xd8" + body)
    assert len(found.parts) <= MAX_SEGMENTS + MAX_MORE
    assert time.process_time() - begun < 5


def test_boxes_nested_ten_thousand_deep_are_said_to_lie_too_deep() -> None:
    deep = b""
    for _ in range(1500):  # a segment holds no more
        deep = superbox("c2as", "x", deep)
    found = tree(with_segments(saved(), *jumbf_pieces(deep, 60_000)))
    assert "It lies deeper than boxes are read." in troubles(found)


def test_the_same_bytes_give_the_same_tree() -> None:
    assert tree(small()) == tree(small())
    assert all(one != other for one, other in pairwise([tree(small()), tree(saved())]))


def test_a_picture_of_four_colours_states_its_transform() -> None:
    found = tree(saved(Image.new("CMYK", (16, 16), (10, 20, 30, 40))))
    assert found.text("Adobe", "ColorTransform") in {"0", "2"}
    assert found.text("SOF0", "ColorComponents") == "4"
