"""RIFF: chunks and lists of WebP, AVI and WAV, and what they state."""

from __future__ import annotations

import struct
import wave
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from forensics.inside.riff import MAX_ALIKE, MAX_CHUNKS, read_riff
from tests.inside.hostile import NASTY, changed, cuts, overstated, read, read_or_limit
from tests.inside.test_tiff import PROFILE, XMP
from tests.inside.tiffs import camera
from tests.media.making import coded, picture


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def listed(kind: bytes, *chunks: bytes) -> bytes:
    return chunk(b"LIST", kind + b"".join(chunks))


def riff(form: bytes, *chunks: bytes) -> bytes:
    return chunk(b"RIFF", form + b"".join(chunks))


BEXT = (
    b"A river".ljust(256, b"\0")
    + b"Recorder 7".ljust(32, b"\0")
    + b"REF1".ljust(32, b"\0")
    + b"2025-12-3006:12:00"
    + struct.pack("<IIH", 5, 1, 1)
    + bytes(254)
    + b"A=PCM,F=48000\r\n"
)
STREAM = struct.pack("<4s4sIHHIIIIIIIIHHHH", b"vids", b"H264", *([0] * 4), 1, 25, 0, 50, *([0] * 7))
SOUND = struct.pack("<HHIIHH", 1, 2, 48_000, 192_000, 4, 16)
AVI = riff(
    b"AVI ",
    listed(
        b"hdrl",
        chunk(b"avih", struct.pack("<14I", 40_000, 9, 0, 0, 50, 0, 2, 0, 320, 240, 0, 0, 0, 0)),
        listed(
            b"strl",
            chunk(b"strh", STREAM),
            chunk(b"strf", struct.pack("<IiiHH4sIiiII", 40, 320, 240, 1, 24, b"H264", *[0] * 5)),
            chunk(b"strn", b"Camera 1\0"),
        ),
        listed(b"strl", chunk(b"strh", b"auds" + STREAM[4:]), chunk(b"strf", SOUND)),
        chunk(b"IDIT", b"Tue Dec 30 06:12:00 2025\n\0"),
    ),
    listed(b"INFO", chunk(b"ISFT", b"Lavf60.1\0"), chunk(b"IART", b"A person\0")),
    chunk(b"JUNK", b"Maker of cameras\0" + bytes(20)),
    listed(b"movi", b"not chunks at all, and never read"),
    chunk(b"idx1", bytes(32)),
)
WAV = riff(
    b"WAVE",
    chunk(b"fmt ", SOUND),
    chunk(b"bext", BEXT),
    chunk(b"iXML", b"<BWFXML><PROJECT>River</PROJECT></BWFXML>"),
    chunk(b"fact", struct.pack("<I", 7)),
    chunk(b"_PMX", XMP),
    chunk(b"data", bytes(28)),
)
WEBP = riff(
    b"WEBP",
    chunk(b"VP8X", b"\x2c\0\0\0" + b"\x3f\x01\0" + b"\xef\0\0"),
    chunk(b"ICCP", PROFILE),
    chunk(b"VP8 ", b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", 320, 240)),
    chunk(b"EXIF", b"Exif\0\0" + camera()),
    chunk(b"XMP ", XMP),
)


@pytest.mark.parametrize("data", [AVI, WAV, WEBP])
def test_a_whole_file_has_no_trouble(data: bytes) -> None:
    found = read(read_riff, data)
    assert [p.trouble for p in (found, *(p for _, p in found.walk())) if p.trouble] == []


def test_lists_hold_their_chunks() -> None:
    found = read(read_riff, AVI)
    assert found.value == "AVI "
    assert [p.name for p in found.parts] == [
        *("LIST hdrl", "LIST INFO", "JUNK", "LIST movi", "idx1")
    ]
    assert [p.name for p in found.parts[0].parts] == ["avih", "LIST strl", "LIST strl", "IDIT"]
    assert found.first("LIST movi") is not None
    assert found.parts[3].parts == ()


@pytest.mark.parametrize(
    ("data", "way", "value"),
    [
        (AVI, ("avih", "Size"), "320 x 240"),
        (AVI, ("avih", "Frames"), "50"),
        (AVI, ("strh", "Handler"), "H264"),
        (AVI, ("strh", "Rate"), "25/1"),
        (AVI, ("strf", "Coding"), "H264"),
        (AVI, ("strf", "SampleRate"), "48000"),
        (AVI, ("strn",), "Camera 1"),
        (AVI, ("IDIT",), "Tue Dec 30 06:12:00 2025"),
        (AVI, ("LIST INFO", "ISFT"), "Lavf60.1"),
        (AVI, ("JUNK",), "Maker of cameras"),
        (WAV, ("fmt ", "Channels"), "2"),
        (WAV, ("bext", "Originator"), "Recorder 7"),
        (WAV, ("bext", "OriginationDate"), "2025-12-30"),
        (WAV, ("bext", "OriginationTime"), "06:12:00"),
        (WAV, ("bext", "TimeReference"), str((1 << 32) + 5)),
        (WAV, ("bext", "CodingHistory"), "A=PCM,F=48000"),
        (WAV, ("iXML",), "<BWFXML><PROJECT>River</PROJECT></BWFXML>"),
        (WAV, ("fact", "Samples"), "7"),
        (WAV, ("XMP", "xmp:CreatorTool"), "Tool 1"),
        (WEBP, ("VP8X", "Canvas"), "320 x 240"),
        (WEBP, ("VP8X", "Features"), "colour profile, EXIF, XMP"),
        (WEBP, ("VP8 ", "Size"), "320 x 240"),
        (WEBP, ("EXIF", "Image", "Make"), "Maker"),
        (WEBP, ("XMP", "xmp:CreatorTool"), "Tool 1"),
        (WEBP, ("ICC", "ProfileClass"), "mntr"),
    ],
)
def test_what_chunks_state_is_read(data: bytes, way: tuple[str, ...], value: str) -> None:
    assert read(read_riff, data).text(*way) == value


def test_what_others_write_is_read() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    found = read(read_riff, coded(picture(), "WEBP", exif=exif, lossless=True))
    assert found.text("EXIF", "Image", "Make") == "Maker"
    assert found.text("VP8L", "Size") == f"{picture().width} x {picture().height}"
    held = BytesIO()
    with wave.open(held, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(200))
    assert read(read_riff, held.getvalue()).text("fmt ", "SampleRate") == "8000"


def test_who_is_named_is_personal() -> None:
    personal = {p.name: p.personal for _, p in read(read_riff, AVI).walk()}
    assert personal["IART"]
    assert not personal["ISFT"]
    assert read(read_riff, WAV).first("Originator") is not None


@pytest.mark.parametrize("text", NASTY)
def test_texts_stay_exact(text: str) -> None:
    found = read(read_riff, riff(b"AVI ", listed(b"INFO", chunk(b"ICMT", text.encode()))))
    assert found.text("ICMT") == text.partition("\0")[0]


def test_a_file_over_four_gigabytes_states_its_sizes_apart() -> None:
    body = b"WAVE" + chunk(b"ds64", struct.pack("<QQQI", 0, 28, 7, 0)) + chunk(b"fmt ", SOUND)
    data = b"RF64\xff\xff\xff\xff" + body + b"data\xff\xff\xff\xff" + bytes(28)
    found = read(read_riff, data)
    assert found.trouble is None
    part = found.first("data")
    assert part is not None
    assert (part.size, part.trouble) == (36, None)


def test_further_riff_chunks_and_what_follows_are_told() -> None:
    found = read(read_riff, AVI + riff(b"AVIX", listed(b"movi")) + b"PK\x03\x04")
    assert [p.name for p in found.parts[-2:]] == ["RIFF AVIX", "trailing data"]


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"RIFF", "does not begin"),
        (b"RIFX" + bytes(8) + b"WAVE", "little-endian"),
        (WEBP[:-1], "of them are in the file"),
        (riff(b"WAVE", b"data\xff\xff\xff\xffabcd"), "states 4294967295 bytes; 4 are there"),
        (riff(b"WAVE", chunk(b"fmt ", b"\1")), "too few"),
        (riff(b"AVI ", *[chunk(b"abcd")] * (MAX_CHUNKS + 1)), "more than 20000 chunks"),
    ],
)
def test_damage_is_told_where_it_is(data: bytes, trouble: str) -> None:
    found = read(read_riff, data)
    assert any(trouble in (p.trouble or "") for p in (found, *(p for _, p in found.walk())))


def test_lists_nested_ten_thousand_deep_end() -> None:
    data = b""
    for _ in range(10_000):
        data = listed(b"abcd", data)
    found = read(read_riff, riff(b"AVI ", data))
    assert any("deeper than is read" in (p.trouble or "") for _, p in found.walk())


def test_many_chunks_of_one_type_are_counted() -> None:
    found = read(read_riff, riff(b"AVI ", *[chunk(b"abcd")] * 100))
    assert len(found.parts) == MAX_ALIKE + 1
    assert found.parts[-1].meaning == "68 more of them, not shown"


@pytest.mark.parametrize("data", [AVI, WAV])
def test_a_file_cut_anywhere_is_read_as_far_as_it_goes(data: bytes) -> None:
    cuts(read_riff, data)


def test_lengths_beyond_everything_end() -> None:
    for data in (AVI, WAV):
        overstated(read_riff, data, step=7)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=30))
def test_changed_bytes_never_raise(places: list[tuple[int, int]]) -> None:
    for data in (AVI, WAV, WEBP):
        changed(read_riff, data, places)


_CHUNKS = st.recursive(
    st.tuples(
        st.sampled_from(
            [b"fmt ", b"strh", b"strf", b"bext", b"VP8X", b"EXIF", b"IDIT", b"\0\xff\xfe~"]
        ),
        st.binary(max_size=60),
    ).map(lambda pair: chunk(*pair)),
    lambda inner: st.lists(inner, max_size=4).map(lambda chunks: listed(b"strl", *chunks)),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_CHUNKS, max_size=6))
def test_any_chunks_are_read(chunks: list[bytes]) -> None:
    assert read_or_limit(read_riff, riff(b"AVI ", *chunks)) is not None
