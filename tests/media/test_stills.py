"""Still pictures: upright, on white, in eight bits, with the times that animations state."""

from __future__ import annotations

import struct
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from forensics.model import MediaKind, StreamType
from tests.media.making import coded, gif, nearest_colour, pdf, picture
from tests.media.reading import Reader

QUARTERS = ["red", "lime", "blue", "white"]


def quarters(pixels: np.ndarray) -> list[str]:
    """Colours of the four quarters, row by row."""
    h, w = pixels.shape[:2]
    return [
        nearest_colour(pixels[y, x]) for y in (h // 4, 3 * h // 4) for x in (w // 4, 3 * w // 4)
    ]


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("GIF", {}),
        ("BMP", {}),
        ("HEIF", {"quality": 95}),
        ("AVIF", {"quality": 95}),
    ],
)
def test_every_format_is_decoded(reader: Reader, form: str, options: dict[str, object]) -> None:
    found = reader.read(coded(picture(), form, **options))
    assert found.prepared.kind is MediaKind.IMAGE
    assert quarters(found.picture()) == QUARTERS
    assert [(s.time, s.width, s.height) for s in found.samples] == [(0, 64, 48)]
    stream = found.probe.streams[0]
    assert (stream.type, stream.width, stream.height) == (StreamType.IMAGE, 64, 48)


UPRIGHT = {  # CIPA DC-008, tag 0x0112: what is shown of quarters stored as red, lime / blue, white
    1: ["red", "lime", "blue", "white"],
    2: ["lime", "red", "white", "blue"],
    3: ["white", "blue", "lime", "red"],
    4: ["blue", "white", "red", "lime"],
    5: ["red", "blue", "lime", "white"],
    6: ["blue", "red", "white", "lime"],
    7: ["white", "lime", "blue", "red"],
    8: ["lime", "white", "red", "blue"],
}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_set_upright(reader: Reader, form: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = reader.read(coded(picture(), form, exif=exif)).picture()
    assert found.shape == ((48, 64, 3) if orientation < 5 else (64, 48, 3))
    assert quarters(found) == UPRIGHT[orientation]


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_means_nothing_turns_nothing(reader: Reader, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert quarters(reader.read(coded(picture(), "JPEG", exif=exif)).picture()) == QUARTERS


@pytest.mark.parametrize(
    "block",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x0c\0\xff\xff\xff\xff" * 20,
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x04abcd",
    ],
    ids=["empty", "directory outside", "counts outside", "orientation in letters"],
)
def test_a_damaged_exif_block_does_not_hide_the_picture(reader: Reader, block: bytes) -> None:
    plain = coded(picture(), "JPEG")
    marker = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
    assert quarters(reader.read(plain[:2] + marker + plain[2:]).picture()) == QUARTERS


def test_cmyk_becomes_rgb(reader: Reader) -> None:
    assert quarters(reader.read(coded(picture(mode="CMYK"), "JPEG")).picture()) == QUARTERS


def test_sixteen_bits_are_spread_over_eight(reader: Reader) -> None:
    ramp = Image.fromarray(np.linspace(100, 60_000, 64, dtype=np.uint16)[None].repeat(8, 0))
    found = reader.read(coded(ramp, "PNG")).picture()[0, :, 0]
    assert (found[0], found[-1]) == (0, 255)
    assert (np.diff(found.astype(int)) >= 0).all()
    assert len(set(found.tolist())) == 64


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf], ids=str)
def test_floating_point_pictures_are_decoded(reader: Reader, value: float) -> None:
    image = Image.fromarray(np.full((8, 8), value, np.float32))
    assert reader.read(coded(image, "TIFF")).picture().shape == (8, 8, 3)


def test_transparency_is_laid_over_white(reader: Reader) -> None:
    image = Image.new("RGBA", (8, 8), (255, 0, 0, 128))
    image.paste((0, 0, 0, 0), (4, 0, 8, 8))
    found = reader.read(coded(image, "PNG")).picture()
    assert abs(int(found[0, 0, 1]) - 127) <= 1
    assert found[0, 7].tolist() == [255, 255, 255]


def test_a_transparent_colour_of_a_palette_is_white(reader: Reader) -> None:
    image = picture(mode="P")
    data = coded(image, "PNG", transparency=image.getpixel((0, 0)))
    assert quarters(reader.read(data).picture()) == ["white", "lime", "blue", "white"]


@pytest.mark.parametrize("mode", ["LA", "L", "1"])
def test_grey_pictures_become_rgb(reader: Reader, mode: str) -> None:
    found = reader.read(coded(picture(mode=mode), "PNG")).picture()
    assert found.shape == (48, 64, 3)
    assert (found[..., 0] == found[..., 2]).all()


# Animations


def frames(count: int) -> list[Image.Image]:
    return [Image.new("RGB", (16, 16), (20 * n, 0, 255 - 20 * n)) for n in range(count)]


def animated(form: str, delays: list[float], **options: object) -> bytes:
    first, *rest = frames(len(delays))
    return coded(first, form, save_all=True, append_images=rest, duration=delays, **options)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_times_of_an_animation_are_the_sums_of_its_delays(reader: Reader, form: str) -> None:
    found = reader.read(animated(form, [100, 250, 40]))
    assert [s.time for s in found.samples] == [0, Fraction(1, 10), Fraction(35, 100)]
    assert found.probe.pictures == 3
    assert [round(int(found.picture(n)[0, 0, 0]) / 20) for n in range(3)] == [0, 1, 2]


def test_delays_of_an_apng_are_exact_fractions(reader: Reader) -> None:
    found = reader.read(animated("PNG", [1000 / 30] * 4))
    assert [s.time for s in found.samples] == [Fraction(n, 30) for n in range(4)]


def test_an_animation_without_delays_stands_still(reader: Reader) -> None:
    found = reader.read(gif((1, 1), [(1, 1, 0)] * 3))
    assert [s.time for s in found.samples] == [0, 0, 0]


def test_an_avif_sequence_is_an_animation(reader: Reader) -> None:
    found = reader.read(animated("AVIF", [500, 500]))
    assert [s.time for s in found.samples] == [0, Fraction(1, 2)]


def test_only_the_first_pictures_of_a_long_animation_are_looked_at(reader: Reader) -> None:
    found = reader.read(gif((1, 1), [(1, 1, 10)] * 60))
    assert len(found.samples) == 40
    assert found.plan.note == "The first 40 of 60 pictures."
    assert found.probe.pictures == 60


def test_further_pages_of_a_tiff_are_counted_and_not_looked_at(reader: Reader) -> None:
    data = coded(picture(), "TIFF", save_all=True, append_images=[Image.new("RGB", (9, 9))])
    found = reader.read(data)
    assert (len(found.samples), found.probe.pictures) == (1, 2)
    assert quarters(found.picture()) == QUARTERS


def test_previews_of_a_multi_picture_jpeg_are_no_moments(reader: Reader) -> None:
    data = coded(picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (16, 16))])
    found = reader.read(data)
    assert (len(found.samples), found.probe.pictures) == (1, 2)
    assert found.probe.container == "MPO"


def test_text_fields_stay_exact(reader: Reader) -> None:
    from PIL.PngImagePlugin import PngInfo

    nasty = "\x1b[2J<script>\u202e\n"
    info = PngInfo()
    info.add_itxt("parameters", nasty)
    info.add_itxt("Comment", "x" * 5000)
    tags = reader.read(coded(picture(), "PNG", pnginfo=info)).probe.tags
    assert tags["parameters"] == nasty
    assert tags["Comment"] == "x" * 1024


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "HEIF", "AVIF"])
@pytest.mark.parametrize("part", [2, 10, 50, 90])
def test_a_picture_that_is_cut_off_is_told_clearly(reader: Reader, form: str, part: int) -> None:
    data = coded(Image.effect_noise((64, 48), 90).convert("RGB"), form)
    found = reader.read(data[: max(16, len(data) * part // 100)]).prepared
    assert found.samples or "cannot be" in found.trouble
    assert "Reading the file failed" not in found.trouble


# Pages

DRAWN = b"1 0 0 rg 0 0 %d %d re f"


def test_pages_are_drawn_in_order(reader: Reader) -> None:
    pages = [
        (72, 36, b"1 0 0 rg 0 0 72 36 re f"),
        (36, 72, b"0 0 1 rg 0 0 36 72 re f"),
        (72, 72, b""),
    ]
    found = reader.read(pdf(pages))
    assert found.prepared.kind is MediaKind.DOCUMENT
    assert [(s.time, s.width, s.height) for s in found.samples] == [
        (0, 110, 55),
        (1, 55, 110),
        (2, 110, 110),
    ]
    assert [nearest_colour(found.picture(n)[20, 20]) for n in range(3)] == ["red", "blue", "white"]
    assert [(s.width, s.height) for s in found.probe.streams] == [(72, 36), (36, 72), (72, 72)]
    assert found.probe.pictures == 3


def test_only_the_first_pages_are_drawn(reader: Reader) -> None:
    found = reader.read(pdf([(20, 20, b"")] * 45))
    assert len(found.samples) == 40
    assert "The first 40 of 45 pages." in found.plan.note


def test_document_information_stays_exact(reader: Reader) -> None:
    data = pdf(
        [(20, 20, b"")],
        extra=[
            b"<< >>",
            b"<< /Producer <FEFF003C0062003E202E000A> /CreationDate (D:20250102030405Z) >>",
        ],
        trailer=b"/Info 6 0 R",
    )
    tags = reader.read(data).probe.tags
    assert tags["Producer"] == "<b>\u202e\n"
    assert tags["CreationDate"] == "D:20250102030405Z"


def test_a_locked_pdf_is_refused_clearly(reader: Reader) -> None:
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -44 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32)
    data = pdf([(20, 20, b"")], extra=[b"<< >>", lock], trailer=b"/Encrypt 6 0 R /ID [<00> <00>]")
    assert "asks for a password" in reader.read(data).prepared.trouble


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", pdf([]), pdf([(20, 20, b"")])[:150]],
    ids=["only the mark", "no objects", "no pages", "cut off"],
)
def test_a_damaged_pdf_is_told_clearly(reader: Reader, data: bytes) -> None:
    found = reader.read(data).prepared
    assert found.samples or "PDF" in found.trouble


def test_a_page_that_has_no_area_is_told_or_drawn(reader: Reader) -> None:
    for width, height in ((0, 0), (0.001, 50), (-5, -5)):
        found = reader.read(pdf([(width, height, b"")])).prepared
        assert found.samples or "PDF" in found.trouble
