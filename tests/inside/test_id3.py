from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.id3 import read_id3, read_id3v1, tag_size
from forensics.inside.window import Window
from forensics.model import Part
from tests.inside.movies import HOSTILE, cut_everywhere, made, sound, survives

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="An editor"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


def safe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame(name: bytes, body: bytes, *, version: int = 3, flags: int = 0) -> bytes:
    if version == 2:
        return name + len(body).to_bytes(3, "big") + body
    size = safe(len(body)) if version == 4 else struct.pack(">I", len(body))
    return name + size + struct.pack(">H", flags) + body


def tag(*frames: bytes, version: int = 3, flags: int = 0) -> bytes:
    body = b"".join(frames)
    return b"ID3" + bytes((version, 0, flags)) + safe(len(body)) + body


def tree(data: bytes) -> Part:
    return sound(read_id3(Window.over(data)), len(data))


@pytest.mark.parametrize(("name", "version"), [("3.mp3", "2.3.0"), ("4.mp3", "2.4.0")])
def test_tags_as_a_program_writes_them(name: str, version: str) -> None:
    root = tree(made(name)[: tag_size(Window.over(made(name)))])
    assert root.text("version") == version
    assert root.text("TIT2") == "Tïtle"
    assert root.text("TSSE").startswith("Lavf")
    assert root.trouble is None


def test_a_cover_can_be_cut_out() -> None:
    data = made("4.mp3")
    found = tree(data).first("APIC", "Preview")
    assert found is not None
    assert found.at is not None
    assert found.size is not None
    picture = data[found.at : found.at + found.size]
    assert picture[:2] == b"\xff\xd8"
    assert picture[-2:] == b"\xff\xd9"


def test_texts_in_every_coding() -> None:
    texts = (
        b"\0t\xfctle\0",
        b"\1" + "tütle".encode("utf-16"),
        b"\2" + "tütle".encode("utf-16-be"),
        b"\3" + "tütle".encode(),
    )
    for text in texts:
        assert tree(tag(frame(b"TIT2", text, version=4), version=4)).text("TIT2") == "tütle"


def test_frames_of_version_2_2() -> None:
    picture = b"\0JPG\3cover\0\xff\xd8\xff picture"
    root = tree(
        tag(frame(b"TT2", b"\0title", version=2), frame(b"PIC", picture, version=2), version=2)
    )
    title = root.first("TT2")
    assert title is not None
    assert (title.value, title.meaning) == ("title", "title")
    assert root.text("PIC", "mime") == "JPG"
    assert root.text("PIC", "description") == "cover"
    found = root.first("PIC", "Preview")
    assert found is not None
    assert found.size == len(b"\xff\xd8\xff picture")


def test_comments_and_named_texts() -> None:
    comment = b"\1eng" + "what".encode("utf-16") + b"\0\0" + "said".encode("utf-16")
    root = tree(
        tag(frame(b"COMM", comment), frame(b"TXXX", b"\0name\0value"), frame(b"POPM", b"a@b\0\xff"))
    )
    assert root.text("COMM") == "said"
    assert root.text("COMM", "description") == "what"
    assert root.text("COMM", "language") == "eng"
    assert (root.text("TXXX"), root.text("TXXX", "description")) == ("value", "name")
    owner = root.first("POPM")
    assert owner is not None
    assert owner.personal


def test_xmp_in_a_private_frame() -> None:
    root = tree(tag(frame(b"PRIV", b"XMP\0" + XMP)))
    assert root.text("PRIV", "XMP", "xmp:CreatorTool") == "An editor"


def test_what_was_unsynchronised_is_put_back() -> None:
    body = frame(b"TIT2", b"\0\xff\xfe").replace(b"\xff", b"\xff\0")
    data = b"ID3\3\0\x80" + safe(len(body)) + body
    assert tree(data).text("TIT2") == "\xff\xfe"


def test_packed_frames_are_unpacked_within_bounds() -> None:
    packed = zlib.compress(b"\0title")
    assert tree(tag(frame(b"TIT2", bytes(4) + packed, flags=0x80))).text("TIT2") == "title"
    bomb = zlib.compress(bytes(100 << 20))
    root = survives(read_id3, tag(frame(b"TIT2", bytes(4) + bomb, flags=0x80)))
    assert root is not None


def test_a_packed_frame_that_is_damaged() -> None:
    found = tree(tag(frame(b"TIT2", bytes(4) + b"no zlib", flags=0x80))).first("TIT2")
    assert found is not None
    assert found.trouble == "It could not be unpacked."


def test_sizes_of_version_2_4_as_itunes_wrote_them() -> None:
    long = b"\0" + b"x" * 299
    data = b"TIT2" + struct.pack(">IH", 300, 0) + long + frame(b"TALB", b"\0album", version=4)
    assert tree(tag(data, version=4)).text("TALB") == "album"


def test_version_1() -> None:
    data = b"TAG" + b"t\xc3\xaftle".ljust(30, b"\0") + bytes(60) + b"2024" + bytes(29) + b"\7\1"
    root = read_id3v1(Window.over(b"sound" + data))
    assert root is not None
    assert (root.at, root.size) == (5, 128)
    assert root.text("title") == "tïtle"
    assert root.text("year") == "2024"
    assert root.text("track") == "7"
    assert read_id3v1(Window.over(b"TAG")) is None


def test_hostile_texts_are_carried_as_they_are() -> None:
    text = HOSTILE.replace("\0", "")
    assert (
        tree(tag(frame(b"TIT2", b"\3" + text.encode(), version=4), version=4)).text("TIT2") == text
    )


def test_chapters_nested_ten_thousand_deep() -> None:
    data = b""
    for _ in range(10_000):
        data = b"CHAP" + struct.pack(">IH", len(data) + 17, 0) + b"\0" + bytes(16) + data
    assert survives(read_id3, tag(data))


@pytest.mark.parametrize("size", [2**31, 2**32 - 1])
def test_a_frame_longer_than_the_tag(size: int) -> None:
    data = tag(b"TIT2" + struct.pack(">IH", size, 0) + b"\0short")
    found = tree(data).first("TIT2")
    assert found is not None
    assert found.value == "short"
    assert f"{size} bytes" in (found.trouble or "")


def test_a_tag_longer_than_the_file() -> None:
    assert "are left" in (tree(b"ID3\3\0\0\x7f\x7f\x7f\x7f").trouble or "")


def test_no_tag() -> None:
    assert tree(b"").trouble
    assert tree(b"ID3\1\0\0\0\0\0\0").trouble


SMALL = tag(
    frame(b"TIT2", b"\1\xff\xfet\0"),
    frame(b"COMM", b"\0engd\0text"),
    frame(b"APIC", b"\0image/png\0\3d\0\x89PNG"),
    frame(b"PRIV", b"XMP\0" + XMP),
    frame(b"GEOB", b"\0a/b\0n\0d\0data"),
    frame(b"CHAP", b"id\0" + bytes(16) + frame(b"TIT2", b"\0c")),
)


def test_every_beginning_of_a_small_tag() -> None:
    root = tree(SMALL)
    assert root.text("GEOB", "filename") == "n"
    assert root.text("CHAP", "TIT2") == "c"
    cut_everywhere(read_id3, SMALL)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_bytes_never_raise(data: st.DataObject) -> None:
    changed = bytearray(SMALL)
    changed[3] = data.draw(st.integers(2, 4))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.integers(0, 255))
    survives(read_id3, bytes(changed))
