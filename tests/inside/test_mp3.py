from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.mp3 import read_mp3
from forensics.inside.window import Window
from forensics.model import Part
from tests.inside.movies import cut_everywhere, made, sound, survives

FRAME = b"\xff\xfb\x10\xc4" + bytes(100)
"""MPEG-1 layer III, 32 kbit/s at 44100 Hz, mono: 104 bytes."""


def tree(data: bytes) -> Part:
    return sound(read_mp3(Window.over(data)), len(data))


def ape(items: dict[bytes, bytes]) -> bytes:
    body = b"".join(struct.pack("<II", len(v), 0) + k + b"\0" + v for k, v in items.items())
    return body + b"APETAGEX" + struct.pack("<IIII", 2000, len(body) + 32, len(items), 0) + bytes(8)


def test_sound_is_counted_and_its_coder_named() -> None:
    root = tree(made("3.mp3"))
    frames = root.first("frames")
    assert frames is not None
    assert frames.trouble is None
    assert frames.value == 40
    assert frames.meaning == "1.045 s of sound"
    assert root.text("frames", "coding") == "MPEG-1 layer 3"
    assert root.text("Info", "encoder").startswith("L")
    assert root.text("ID3", "TIT2") == "Tïtle"
    assert root.text("ID3v1", "title") == "Tïtle"


def test_a_cut_is_found_by_the_coders_count() -> None:
    data = made("3.mp3")
    whole = tree(data).first("frames")
    assert whole is not None
    assert whole.at is not None
    frames = whole.at + 4 * 104
    found = tree(data[:frames] + data[frames + 10 * 209 :]).first("frames")
    assert found is not None
    assert found.trouble


def test_bytes_between_frames_are_told() -> None:
    found = tree(FRAME * 3 + b"\0" * 50 + FRAME * 3).first("frames")
    assert found is not None
    assert found.value == 6
    assert found.trouble == "50 bytes between the frames are no frames."


def test_ape_tags_before_version_1() -> None:
    old = b"TAG" + b"t".ljust(125, b"\0")
    root = tree(FRAME * 3 + ape({b"Artist": b"Someone", b"Tool": "ü".encode()}) + old)
    assert root.text("APE", "Artist") == "Someone"
    assert root.text("APE", "Tool") == "ü"
    assert root.text("ID3v1", "title") == "t"
    assert root.text("frames") == "3"


def test_an_ape_tag_of_impossible_size() -> None:
    for size in (0, 31, 2**31, 2**32 - 1):
        data = FRAME * 2 + b"APETAGEX" + struct.pack("<IIII", 2000, size, 2**32 - 1, 0) + bytes(8)
        assert survives(read_mp3, data)


def test_no_sound() -> None:
    for data in (b"", b"ID3", bytes(5000), b"\xff" * 3_000_000):
        root = survives(read_mp3, data)
        assert root is not None
        found = root.first("frames")
        assert found is not None
        assert found.trouble


def test_every_beginning_of_a_small_file() -> None:
    data = made("3.mp3")[:600] + ape({b"a": b"b"})
    cut_everywhere(read_mp3, data)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(st.just(FRAME), st.binary(max_size=60), st.just(ape({b"k": b"v"}))), max_size=8
    )
)
def test_any_sequence_is_read(pieces: list[bytes]) -> None:
    survives(read_mp3, b"".join(pieces))
