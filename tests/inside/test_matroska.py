from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.matroska import read_matroska
from forensics.inside.matroska_names import ELEMENTS
from forensics.inside.window import Window
from forensics.model import Part
from tests.inside.movies import HOSTILE, cut_everywhere, made, sound, survives

IDS = {name: number for number, (name, _) in ELEMENTS.items()}


def element(name: str, *parts: bytes, size: bytes | None = None) -> bytes:
    body = b"".join(parts)
    number = IDS[name]
    head = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return head + (size or (1 << 56 | len(body)).to_bytes(8, "big")) + body


UNKNOWN = b"\x01" + b"\xff" * 7
EBML = element("EBML", element("DocType", b"webm"))
INFO = element(
    "Info",
    element("TimestampScale", (1_000_000).to_bytes(3, "big")),
    element("Duration", struct.pack(">d", 1500)),
    element("DateUTC", struct.pack(">q", 10**9)),
    element("WritingApp", b"a recorder"),
)


def tree(*parts: bytes) -> Part:
    data = b"".join(parts)
    return sound(read_matroska(Window.over(data)), len(data))


def test_a_film_is_told_with_dates_apps_tags_attachments_and_chapters() -> None:
    root = tree(made("a.mkv"))
    assert root.trouble is None
    assert not [p for _, p in root.walk() if p.trouble]
    assert root.text("Info", "MuxingApp").startswith("Lavf")
    assert root.text("Info", "DateUTC") == "2024-03-01T10:11:12Z"
    assert root.text("Info", "Title") == "A film"
    length = root.first("Info", "Duration")
    assert length is not None
    assert length.meaning.startswith("1.0")
    assert root.text("AttachedFile", "FileName") == "note.txt"
    assert [p.value for p in root.all("ChapterDisplay", "ChapString")] == ["One", "Zwei ü"]
    assert [p.meaning for p in root.all("TrackEntry", "TrackType")] == [
        "pictures",
        "sound",
        "subtitles",
    ]
    assert "deu" in [p.value for p in root.all("TrackEntry", "Language")]
    assert root.text("Tag", "DURATION").startswith("00:00:01")
    assert root.text("Clusters") == "1"
    assert "Cues at byte" in [p.meaning for p in root.all("SeekHead", "Seek")][-1]


def test_vorbis_comments_in_private_data() -> None:
    assert "libVorbis" in tree(made("a.webm")).text("CodecPrivate", "vendor")


def test_recorders_state_no_sizes() -> None:
    root = tree(made("live.webm"))
    segment = root.first("Segment")
    assert segment is not None
    assert "no stated size" in segment.meaning
    assert root.first("Info", "Duration") is None


def test_clusters_of_no_stated_size_end_where_the_next_begins() -> None:
    block = element("SimpleBlock", b"\x81\0\0\0xyz")
    clusters = [
        element("Cluster", element("Timestamp", bytes([t])), block, block, size=UNKNOWN)
        for t in (0, 40, 30)
    ]
    root = tree(EBML, element("Segment", INFO, *clusters, element("Tags"), size=UNKNOWN))
    found = root.first("Clusters")
    assert found is not None
    assert found.value == 3
    assert found.trouble == "The time goes back from one to the next 1 times."
    assert root.first("Segment", "Tags") is not None


def test_check_values_are_computed() -> None:
    inner = element("Title", b"as written")
    for text, fits in ((inner, True), (element("Title", b"as changed"), False)):
        check = element("CRC-32", zlib.crc32(inner).to_bytes(4, "little"))
        found = tree(EBML, element("Segment", element("Info", check, text))).first("CRC-32")
        assert found is not None
        assert (found.trouble is None) == fits


def test_a_seek_head_that_points_elsewhere() -> None:
    seek = element(
        "Seek", element("SeekID", bytes.fromhex("1549a966")), element("SeekPosition", b"\x63")
    )
    found = tree(EBML, element("Segment", element("SeekHead", seek), INFO)).first("Seek")
    assert found is not None
    assert found.trouble == "What it names does not stand where it says."


def test_a_tag_is_named_by_its_name() -> None:
    tag = element(
        "SimpleTag",
        element("TagName", HOSTILE.replace("\0", "").encode()),
        element("TagString", b"text"),
        element("SimpleTag", element("TagName", b"EMAIL"), element("TagString", b"a@b")),
    )
    root = tree(EBML, element("Segment", element("Tags", element("Tag", tag))))
    assert root.text("Tag", HOSTILE.replace("\0", "")) == "text"
    mail = root.first("EMAIL")
    assert mail is not None
    assert mail.personal


def test_a_cover_can_be_cut_out() -> None:
    picture = b"\xff\xd8\xff\xe0 picture"
    file = element(
        "AttachedFile", element("FileMediaType", b"image/jpeg"), element("FileData", picture)
    )
    data = EBML + element("Segment", element("Attachments", file))
    found = tree(data).first("Preview")
    assert found is not None
    assert found.at is not None
    assert found.size is not None
    assert data[found.at : found.at + found.size] == picture


def test_what_stands_behind_the_segment_is_told() -> None:
    found = tree(EBML, element("Segment", INFO), b"\0\0\0\0 hidden").first("trailing data")
    assert found is not None


def test_numbers_that_are_none() -> None:
    long = element(
        "Info",
        element("TimestampScale", bytes(9)),
        element("Duration", bytes(3)),
    )
    root = tree(EBML, element("Segment", long))
    assert len([p for _, p in root.walk() if p.trouble]) == 2


def test_tags_nested_ten_thousand_deep() -> None:
    data = b""
    for _ in range(10_000):
        data = element("SimpleTag", data)
    root = survives(read_matroska, EBML + element("Segment", element("Tags", element("Tag", data))))
    assert root is not None
    assert any("deeper" in (p.trouble or "") for _, p in root.walk())


@pytest.mark.parametrize("size", [b"\x08\xff\xff\xff\xff", b"\x01\x7f" + b"\xff" * 6, UNKNOWN])
def test_sizes_beyond_the_file(size: bytes) -> None:
    for name in ("Info", "Tags", "Void", "FileData"):
        data = EBML + element("Segment", element(name, b"\x80", size=size))
        root = survives(read_matroska, data)
        assert root is not None
        assert any(p.trouble for _, p in root.walk())


def test_many_empty_elements_are_bounded() -> None:
    root = survives(read_matroska, EBML + element("Segment", b"\xec\x80" * 300_000))
    assert root is not None
    assert "More than" in (root.trouble or "")
    root = survives(read_matroska, EBML + element("Segment", b"\x1f\x43\xb6\x75\x80" * 300_000))
    assert root is not None
    assert "More than" in (root.trouble or "")


SMALL = EBML + element(
    "Segment",
    element(
        "SeekHead",
        element("Seek", element("SeekID", b"\x15\x49\xa9\x66"), element("SeekPosition", b"\x20")),
    ),
    INFO,
    element("Tracks", element("TrackEntry", element("CodecPrivate", b"\x02\x01\x01abc"))),
    element("Cluster", element("Timestamp", b"\0"), size=UNKNOWN),
    element(
        "Tags",
        element("Tag", element("SimpleTag", element("TagName", b"N"), element("TagString", b"s"))),
    ),
)


def test_every_beginning_of_a_small_file() -> None:
    cut_everywhere(read_matroska, SMALL)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_bytes_never_raise(data: st.DataObject) -> None:
    changed = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.integers(0, 255))
    survives(read_matroska, bytes(changed))
