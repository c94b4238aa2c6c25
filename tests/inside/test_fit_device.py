"""What a file states of its device against its lens, size, tables and the copies of its fields."""

from __future__ import annotations

import pytest

from forensics.inside.fit_device import copies_apart, device_apart, foreign_tables, size_apart
from forensics.inside.jpeg import read_jpeg
from forensics.inside.quantisation import ffmpeg, scaled
from forensics.inside.summary import Fact
from forensics.inside.window import Window
from forensics.model import Part
from tests.inside.jpegs import saved, scene


def facts(**fields: str) -> list[Fact]:
    return [
        Fact(role="x", field=k.replace("__", ":").replace("_", " "), value=v)
        for k, v in fields.items()
    ]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Canon", "Canon", False),
        ("NIKON CORPORATION", "nikon corporation ", False),
        ("Canon", "SONY", True),
        ("Canon", "", False),
    ],
)
def test_copies_of_a_maker(one: str, other: str, apart: bool) -> None:
    given = facts(Image_Make=one, tiff__Make=other)
    assert bool(list(copies_apart(given))) is apart


def test_a_copy_that_its_format_cuts_says_the_same() -> None:
    long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    assert not list(copies_apart(facts(IPTC_City=long[:32], photoshop__City=long)))
    (one,) = copies_apart(facts(IPTC_City="Kyiv", photoshop__City="Lviv"))
    assert (one.what, one.one, one.other) == (
        "place-name", ("IPTC City", "Kyiv"), ("photoshop:City", "Lviv")
    )  # fmt: skip


def test_letters_beyond_ascii_prove_nothing() -> None:
    assert not list(copies_apart(facts(IPTC_City="ÐšÐ¸Ñ—Ð²", photoshop__City="Київ")))


@pytest.mark.parametrize(
    ("make", "model", "lens", "what"),
    [
        ("Apple", "iPhone 13 Pro", "iPhone 13 Pro back triple camera 5.7mm f/1.5", None),
        ("Apple", "iPhone 13 Pro", "iPhone 13 Pro Max back triple camera 5.7mm f/1.5", "lens"),
        ("Apple", "iPhone 13 Pro", "iPhone 6s back camera 4.15mm f/2.2", "lens"),
        ("Google", "Pixel 6", "Pixel 6 front camera 2.7mm f/2.0", None),
        ("Canon", "Canon EOS 5D", "EF24-105mm f/4L IS USM", None),
        ("Canon", "Canon EOS 5D", "55.0-200.0 mm f/4.0-5.6", None),
        ("Canon", "iPhone 13", "", "make"),
        ("NIKON CORPORATION", "NIKON D70", "", None),
        ("Eastman Kodak Company", "KODAK DC240 ZOOM DIGITAL CAMERA", "", None),
        ("SONY", "Canon EOS 5D", "", "make"),
        ("Asahi Optical Co.,Ltd.", "PENTAX Optio 330", "", None),
        ("OLYMPUS OPTICAL CO.,LTD", "C960Z,D460Z", "", None),
        ("FUJIFILM", "FinePix40i", "", None),
        ("", "iPhone 13", "", None),
    ],
)
def test_a_device_its_maker_and_its_lens(
    make: str, model: str, lens: str, what: str | None
) -> None:
    given = facts(Image_Make=make, Image_Model=model, EXIF_LensModel=lens)
    assert next((m.what for m in device_apart(given)), None) == what


def sized(block: str, names: tuple[str, str], values: tuple[str, str], *around: str) -> Part:
    held = tuple(Part(name=n, value=v) for n, v in zip(names, values, strict=True))
    inner = Part(name=block, parts=held)
    for name in reversed(around):
        inner = Part(name=name, parts=(inner,))
    return Part(name="File", parts=(inner,))


EXIF = ("ExifImageWidth", "ExifImageLength")


@pytest.mark.parametrize(
    ("values", "picture", "apart"),
    [
        (("4032", "3024"), (4032, 3024), False),
        (("4032", "3024"), (3024, 4032), False),
        (("1920", "1088"), (1920, 1080), False),
        (("4032", "3024"), (1600, 1200), True),
        (("0", "0"), (1600, 1200), False),
        (("4032", "x"), (1600, 1200), False),
        (("٤٠٣٢", "٣٠٢٤"), (1600, 1200), False),
        (("9" * 5000, "9" * 5000), (1600, 1200), False),
    ],
    ids=lambda v: str(v)[:20],
)
def test_a_picture_and_its_stated_size(
    values: tuple[str, str], picture: tuple[int, int], apart: bool
) -> None:
    assert bool(size_apart(sized("EXIF", EXIF, values), *picture)) is apart


def test_a_size_that_an_embedded_picture_states_is_not_the_files() -> None:
    tree = sized("EXIF", EXIF, ("160", "120"), "JPEG", "Thumbnail")
    assert size_apart(tree, 4032, 3024) is None


def test_xmp_states_a_size_where_exif_does_not() -> None:
    names = ("exif:PixelXDimension", "exif:PixelYDimension")
    found = size_apart(sized("XMP", names, ("100", "50")), 400, 200)
    assert found is not None
    assert (found.one, found.other) == (
        ("exif:PixelXDimension", "100 × 50"), ("picture", "400 × 200")
    )  # fmt: skip


def with_table(table: tuple[int, ...]) -> Part:
    tables = Part(name="DQT", parts=(Part(name="Table 0", value=" ".join(map(str, table))),))
    return Part(name="File", parts=(Part(name="JPEG", parts=(tables,)),))


def test_tables_that_devices_use_too_are_nobodys() -> None:
    assert foreign_tables(with_table(scaled(85))) == ""
    read = read_jpeg(Window.over(saved(scene(), quality=90)))
    assert foreign_tables(Part(name="File", parts=(read,))) == ""


def test_tables_of_a_program_are_named() -> None:
    assert foreign_tables(with_table(ffmpeg(5))) == "the table of ffmpeg's JPEG encoder at scale 5"


@pytest.mark.parametrize("value", ["", "1 2 3", "x " * 64, "٣ " * 64, "9" * 4000])
def test_what_is_no_table_is_nobodys(value: str) -> None:
    tables = Part(name="DQT", parts=(Part(name="Table 0", value=value),))
    assert foreign_tables(Part(name="File", parts=(Part(name="JPEG", parts=(tables,)),))) == ""
