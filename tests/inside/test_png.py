"""PNG: chunks in order, texts and what programs put into them, check values, what follows the end."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from forensics.inside.png import MAX_CHUNKS, SIGNATURE, read_png
from forensics.inside.textchunk import MAX_UNPACKED
from forensics.model import Part
from tests.inside.hostile import NASTY, changed, cuts, overstated, read, read_or_limit
from tests.inside.test_tiff import IPTC, PROFILE, XMP
from tests.inside.tiffs import camera
from tests.media.making import coded, picture

HEADER = struct.pack(">IIBBBBB", 4, 3, 8, 2, 0, 0, 0)


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks: bytes, after: bytes = b"") -> bytes:
    body = chunk(b"IDAT", zlib.compress(bytes(39)))
    return SIGNATURE + chunk(b"IHDR", HEADER) + b"".join(chunks) + body + chunk(b"IEND") + after


def raw_profile(kind: str, data: bytes) -> bytes:
    """As ImageMagick writes it."""
    text = f"\n{kind}\n{len(data):8}\n".encode() + data.hex().encode() + b"\n"
    return chunk(b"zTXt", f"Raw profile type {kind}".encode() + b"\0\0" + zlib.compress(text))


WHOLE = png(
    chunk(b"gAMA", struct.pack(">I", 45455)),
    chunk(b"sRGB", b"\0"),
    chunk(b"pHYs", struct.pack(">IIB", 2835, 2835, 1)),
    chunk(b"tIME", struct.pack(">HBBBBB", 2025, 12, 30, 6, 12, 0)),
    chunk(b"tEXt", b"Software\0Tool 1"),
    chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"packed")),
    chunk(b"iTXt", b"Title\0\0\0uk\0\0" + "Назва".encode()),
    chunk(b"eXIf", camera()),
    chunk(b"iCCP", b"Profile\0\0" + zlib.compress(PROFILE)),
)


def test_chunks_are_parts_in_stored_order() -> None:
    found = read(read_png, WHOLE)
    assert found.trouble is None
    assert [p.name for p in found.parts] == [
        *("IHDR", "gAMA", "sRGB", "pHYs", "tIME", "Text", "Text", "Text", "eXIf", "iCCP"),
        *("IDAT", "IEND"),
    ]
    assert all(p.trouble is None for p in found.parts)
    assert found.parts[0].at == 8
    assert sum(p.size or 0 for p in found.parts) + 8 == len(WHOLE)


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("IHDR",), "4 x 3"),
        (("gAMA",), "0.45455"),
        (("pHYs",), "2835 x 2835"),
        (("tIME",), "2025-12-30T06:12:00Z"),
        (("Text", "Software"), "Tool 1"),
        (("Text", "Comment"), "packed"),
        (("Text", "Title"), "Назва"),
        (("EXIF", "Image", "Make"), "Maker"),
        (("iCCP",), "Profile"),
        (("ICC", "ProfileClass"), "mntr"),
    ],
)
def test_what_chunks_state_is_read(way: tuple[str, ...], value: str) -> None:
    assert read(read_png, WHOLE).text(*way) == value


def test_what_pillow_writes_is_read() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a castle, Steps: 20")
    info.add_itxt("Description", "Опис", zip=True)
    exif = Image.Exif()
    exif[0x0131] = "Program"
    found = read(read_png, coded(picture(), "PNG", pnginfo=info, exif=exif))
    assert found.text("Text", "parameters") == "a castle, Steps: 20"
    assert found.text("Text", "Description") == "Опис"
    assert found.text("EXIF", "Image", "Software") == "Program"


def test_xmp_and_profiles_in_texts_are_read_as_what_they_are() -> None:
    found = read(
        read_png,
        png(
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
            raw_profile("exif", b"Exif\0\0" + camera()),
            raw_profile("iptc", IPTC),
            raw_profile("8bim", b"8BIM\x04\x04\0\0\0\0\0\x0b" + IPTC + b"\0"),
            raw_profile("icc", PROFILE),
            raw_profile("xmp", XMP),
        ),
    )
    assert [p.value for p in found.all("XMP", "xmp:CreatorTool")] == ["Tool 1", "Tool 1"]
    assert found.text("EXIF", "Image", "Make") == "Maker"
    assert found.text("IPTC", "By-line") == "Writer"
    assert found.first("Photoshop") is not None
    assert found.text("ICC", "ProfileClass") == "mntr"


@pytest.mark.parametrize("text", NASTY)
def test_texts_stay_exact(text: str) -> None:
    found = read(read_png, png(chunk(b"iTXt", b"Comment\0\0\0\0\0" + text.encode())))
    assert found.text("Text", "Comment") == text


def test_free_text_is_personal_and_software_is_not() -> None:
    found = read(read_png, WHOLE)
    personal = {p.name: p.personal for _, p in found.walk()}
    assert personal["Comment"]
    assert not personal["Software"]


def test_a_wrong_check_value_is_told() -> None:
    bad = WHOLE.replace(b"Tool 1", b"Tool 2")
    troubles = [p.trouble for p in read(read_png, bad).parts if p.trouble]
    assert troubles == [
        "Its check value does not hold: it was damaged or changed after it was written."
    ]


def test_a_wrong_check_value_of_coded_picture_is_told() -> None:
    part = read(read_png, png()[:-14] + b"\0\0" + png()[-12:]).first("IDAT")
    assert part is not None
    assert part.trouble is not None
    assert part.trouble.startswith("In 1 of 1 chunk: Its check value")


@pytest.mark.parametrize(
    ("after", "meaning"),
    [(b"PK\x03\x04 more", "looks like a ZIP archive"), (b"??", "of no known form")],
)
def test_what_follows_the_end_is_told(after: bytes, meaning: str) -> None:
    part = read(read_png, png(after=after)).parts[-1]
    assert (part.name, part.size, part.meaning) == ("trailing data", len(after), meaning)


def test_an_animation_says_how_often_it_plays() -> None:
    found = read(read_png, png(chunk(b"acTL", struct.pack(">II", 7, 0)))).first("acTL")
    assert found is not None
    assert (found.value, found.meaning) == (7, "Pictures of an animation, played for ever")


def test_content_credentials_are_named() -> None:
    box = struct.pack(">I4s16sB", 30, b"jumd", b"c2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9bq", 3)
    box += b"c2pa\0"
    found = read(read_png, png(chunk(b"caBX", struct.pack(">I4s", len(box) + 8, b"jumb") + box)))
    assert found.first("caBX", "C2PA") is not None


def test_chunks_that_no_specification_has_are_told() -> None:
    found = read(read_png, png(chunk(b"zzZz"), chunk(b"prVW", b"x")))
    assert found.first("zzZz") is not None
    part = found.first("prVW")
    assert part is not None
    assert part.meaning == "Adobe Fireworks: preview"


def test_many_chunks_of_one_type_are_counted() -> None:
    found = read(read_png, png(*[chunk(b"vpAg", b"")] * 100))
    assert len(list(found.all("vpAg"))) == 33
    assert found.parts[-1] == Part(name="vpAg", meaning="68 more chunks of this type, not shown")


def test_chunks_without_end_are_not_read_without_end() -> None:
    found = read(read_png, png(*[chunk(b"vpAg", b"")] * (MAX_CHUNKS + 10)))
    assert found.trouble == f"It has more than {MAX_CHUNKS} chunks; the rest was not read."


def test_a_text_that_unpacks_to_gigabytes_is_cut() -> None:
    bomb = zlib.compress(bytes(20 << 20), 9)
    found = read(read_png, png(chunk(b"zTXt", b"Comment\0\0" + bomb)))
    part = found.first("Text", "Comment")
    assert part is not None
    assert part.trouble == f"It was unpacked up to {MAX_UNPACKED} bytes."


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"GIF89a", "eight bytes"),
        (WHOLE[:-12], "breaks off"),
        (SIGNATURE + bytes(20), "no chunk begins"),
        (png(chunk(b"tEXt", b"\0no keyword")), "no keyword"),
        (png(chunk(b"tIME", b"\0")), "too few"),
        (png(chunk(b"zTXt", b"k\0\0not packed")), "break off"),
        (png(chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(99))[:-5])), "cut off"),
        (SIGNATURE + b"\xff\xff\xff\xffIHDR", "states 4294967295 bytes"),
    ],
)
def test_damage_is_told_where_it_is(data: bytes, trouble: str) -> None:
    found = read(read_png, data)
    assert any(trouble in (p.trouble or "") for p in (found, *(p for _, p in found.walk())))


def test_a_file_cut_anywhere_is_read_as_far_as_it_goes() -> None:
    cuts(read_png, png(raw_profile("iptc", IPTC), chunk(b"iTXt", b"a\0\1\0\0\0" + b"x")))


def test_lengths_beyond_everything_end() -> None:
    overstated(read_png, WHOLE[:900], step=9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=30))
def test_changed_bytes_never_raise(places: list[tuple[int, int]]) -> None:
    changed(read_png, WHOLE, places)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [b"IHDR", b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"iCCP", b"tIME", b"caBX", b"acTL"]
            ),
            st.binary(max_size=60),
        ),
        max_size=12,
    )
)
def test_any_chunks_are_read(chunks: list[tuple[bytes, bytes]]) -> None:
    assert read_or_limit(read_png, png(*(chunk(*c) for c in chunks))) is not None
