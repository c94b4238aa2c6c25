from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.ogg import read_ogg
from forensics.inside.window import Window
from forensics.model import Part
from tests.inside.movies import HOSTILE, cut_everywhere, made, sound, survives


def tree(data: bytes) -> Part:
    return sound(read_ogg(Window.over(data)), len(data))


def page(
    body: bytes, *, flags: int = 0, granule: int = 0, number: int = 0, laces: bytes | None = None
) -> bytes:
    laces = laces if laces is not None else b"\xff" * (len(body) // 255) + bytes([len(body) % 255])
    head = struct.pack("<BBqIII", 0, flags, granule, 7, number, 0)
    return b"OggS" + head + bytes([len(laces)]) + laces + body


def comments(*texts: bytes, vendor: bytes = b"a library") -> bytes:
    listed = b"".join(struct.pack("<I", len(t)) + t for t in texts)
    return struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(texts)) + listed


HEAD = page(b"OpusHead\1\2" + struct.pack("<HIhB", 312, 44100, 0, 0), flags=2)


@pytest.mark.parametrize(
    ("name", "coding"), [("a.ogg", "Vorbis"), ("a.opus", "Opus"), ("flac.ogg", "FLAC")]
)
def test_streams_are_told_with_comments_and_length(name: str, coding: str) -> None:
    root = tree(made(name))
    assert root.trouble is None
    assert root.text("stream", "coding") == coding
    assert root.text("TITLE") == "Tïtle"
    assert root.text("vendor")
    length = root.first("stream", "length")
    assert length is not None
    assert length.meaning == "1.000 s"
    stream = root.first("stream")
    assert stream is not None
    assert stream.trouble is None


def test_missing_pages_and_changed_bytes_are_found() -> None:
    body = page(b"OpusTags" + comments(b"TITLE=t"), number=1)
    root = tree(HEAD + body + page(b"sound", number=5, granule=960, flags=4))
    stream = root.first("stream")
    assert stream is not None
    assert "out of order at 1 places" in (stream.trouble or "")
    assert "check values of 3 pages" in (stream.trouble or "")
    assert root.text("TITLE") == "t"


def test_comments_over_several_pages() -> None:
    packet = b"OpusTags" + comments(b"TITLE=" + b"x" * 600)
    first, rest = packet[:510], packet[510:]
    root = tree(
        HEAD
        + page(first, number=1, laces=b"\xff\xff")
        + page(rest, number=2, flags=1)
        + page(b"", number=3, flags=4)
    )
    assert root.text("TITLE") == "x" * 600


def test_a_picture_in_base_64() -> None:
    picture = "AAAAAwAAAAppbWFnZS9qcGVnAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD/9j/"
    tags = page(
        b"OpusTags" + comments(f"METADATA_BLOCK_PICTURE={picture}".encode()), number=1, flags=4
    )
    root = tree(HEAD + tags)
    assert root.text("METADATA_BLOCK_PICTURE", "mime") == "image/jpeg"
    found = root.first("Preview")
    assert found is not None
    assert found.at is None
    damaged = page(b"OpusTags" + comments(b"METADATA_BLOCK_PICTURE=%%%"), number=1, flags=4)
    broken = tree(HEAD + damaged).first("METADATA_BLOCK_PICTURE")
    assert broken is not None
    assert "base 64" in (broken.trouble or "")


def test_hostile_comments_are_carried_as_they_are() -> None:
    text = HOSTILE.replace("\0", "")
    root = tree(HEAD + page(b"OpusTags" + comments(f"TITLE={text}".encode()), number=1, flags=4))
    assert root.text("TITLE") == text


@pytest.mark.parametrize("count", [2**31, 2**32 - 1])
def test_counts_and_lengths_beyond_the_packet(count: int) -> None:
    for bad in (struct.pack("<I", count), struct.pack("<I", 1) + b"v" + struct.pack("<I", count)):
        root = survives(read_ogg, HEAD + page(b"OpusTags" + bad, number=1, flags=4))
        assert root is not None
        assert any(p.trouble for _, p in root.walk() if p.name in ("vendor", "unread"))


def test_an_endless_header_is_bounded() -> None:
    pages = b"".join(
        page(b"\1" * 65025, number=i, flags=i > 0, laces=b"\xff" * 255) for i in range(1, 120)
    )
    assert survives(read_ogg, HEAD + pages)


def test_bytes_between_and_behind_pages() -> None:
    root = tree(HEAD + b"junk" + page(b"x", number=1, flags=4) + b"PK\x03\x04")
    assert "no page" in (root.trouble or "")
    found = root.first("trailing data")
    assert found is not None
    assert "ZIP" in found.meaning


def test_no_page() -> None:
    assert tree(b"").trouble
    assert tree(b"OggT" + bytes(60)).trouble


SMALL = (
    HEAD
    + page(b"OpusTags" + comments(b"TITLE=t"), number=1)
    + page(b"xyz", number=2, granule=5, flags=4)
)


def test_every_beginning_of_a_small_file() -> None:
    cut_everywhere(read_ogg, SMALL)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_bytes_never_raise(data: st.DataObject) -> None:
    changed = bytearray(data.draw(st.sampled_from([SMALL, made("a.ogg")[:500]])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.integers(0, 255))
    survives(read_ogg, bytes(changed))
