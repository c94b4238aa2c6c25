"""HEIF and AVIF: items, their roles, where their bytes lie, and what is stated of them."""

from __future__ import annotations

import struct
from io import BytesIO

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from forensics.inside.heif import MAX_SHOWN, read_heif
from forensics.model import Part
from tests.inside.hostile import changed, cuts, overstated, read
from tests.inside.test_tiff import PROFILE, XMP
from tests.inside.tiffs import camera
from tests.media.making import coded, picture

Place = tuple[int, int]


def box(kind: bytes, data: bytes = b"", *, full: int | None = None) -> bytes:
    head = b"" if full is None else struct.pack(">I", full)
    return struct.pack(">I4s", 8 + len(head) + len(data), kind) + head + data


def info(number: int, kind: bytes, content: bytes = b"") -> bytes:
    rest = b"\0" + (content + b"\0" if content else b"")
    return box(b"infe", struct.pack(">HH4s", number, 0, kind) + rest, full=2 << 24)


def heif(
    items: list[tuple[int, bytes, bytes, list[bytes]]],
    *,
    links: list[tuple[bytes, int, list[int]]] = (),
    properties: list[bytes] = (),
    given_to: list[tuple[int, list[int]]] = (),
    kept: bytes = b"",
) -> bytes:
    """A file of items: (ID, type, content type, pieces of data that `mdat` holds one after another)."""
    infos = box(
        b"iinf", struct.pack(">H", len(items)) + b"".join(info(*i[:3]) for i in items), full=0
    )
    refs = b"".join(
        box(kind, struct.pack(f">HH{len(to)}H", source, len(to), *to)) for kind, source, to in links
    )
    owners = b"".join(
        struct.pack(">HB", number, len(indexes)) + bytes(indexes) for number, indexes in given_to
    )
    shared = box(b"ipco", b"".join(properties)) + box(
        b"ipma", struct.pack(">I", len(given_to)) + owners, full=0
    )
    front = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")

    def meta(start: int) -> bytes:
        rows = b""
        for number, _, _, pieces in items:
            rows += struct.pack(">HHHH", number, 1 if kept and number == 1 else 0, 0, len(pieces))
            for piece in pieces:
                rows += struct.pack(">II", 0 if kept and number == 1 else start, len(piece))
                start += len(piece)
        places = struct.pack(">HH", 0x4400, len(items)) + rows
        return box(
            b"meta",
            box(b"hdlr", bytes(4) + b"pict" + bytes(13), full=0)
            + box(b"pitm", struct.pack(">H", 1), full=0)
            + infos
            + box(b"iloc", places, full=1 << 24)
            + (box(b"iref", refs, full=0) if refs else b"")
            + box(b"iprp", shared)
            + (box(b"idat", kept) if kept else b""),
            full=0,
        )

    data = b"".join(piece for *_, pieces in items for piece in pieces)
    size = len(front) + len(meta(0))
    return front + meta(size + 8) + box(b"mdat", data)


SIZE = box(b"ispe", struct.pack(">II", 64, 48), full=0)
SMALL = box(b"ispe", struct.pack(">II", 16, 12), full=0)
TURN = box(b"irot", b"\3")
COLOUR = box(b"colr", b"nclx" + struct.pack(">HHHB", 12, 13, 6, 0x80))
ICC = box(b"colr", b"prof" + PROFILE)
GAIN = box(b"auxC", b"urn:com:apple:photo:2020:aux:hdrgainmap\0", full=0)
EXIF = struct.pack(">I", 6) + b"Exif\0\0" + camera()
WHOLE = heif(
    [
        (1, b"grid", b"", [b"\0\0\0\1\0\x40\0\x30"]),
        (2, b"hvc1", b"", [b"tile one"]),
        (3, b"hvc1", b"", [b"tile two"]),
        (4, b"hvc1", b"", [b"small picture"]),
        (5, b"hvc1", b"", [b"gain map"]),
        (6, b"Exif", b"", [EXIF]),
        (7, b"mime", b"application/rdf+xml", [XMP[:50], XMP[50:]]),
        (8, b"mime", b"application/x-own", [b"own"]),
    ],
    links=[
        (b"dimg", 1, [2, 3]),
        (b"thmb", 4, [1]),
        (b"auxl", 5, [1]),
        (b"cdsc", 6, [1]),
    ],
    properties=[SIZE, TURN, COLOUR, ICC, SMALL, GAIN],
    given_to=[(1, [1, 2, 3, 4]), (2, [1]), (3, [1]), (4, [5, 4]), (5, [5, 6])],
)


def items(data: bytes) -> tuple[Part, ...]:
    found = read(read_heif, data).first("Items")
    assert found is not None
    return found.parts


def test_items_are_named_by_their_roles() -> None:
    assert [(p.name, p.value) for p in items(WHOLE)] == [
        ("Picture", "64 x 48"),
        ("Thumbnail", "16 x 12"),
        ("Auxiliary picture", "16 x 12"),
        ("EXIF", None),
        ("XMP", None),
        ("Item", "application/x-own"),
    ]


def test_what_items_mean_is_said() -> None:
    meanings = [p.meaning for p in items(WHOLE)[:3]]
    assert meanings == [
        "The primary picture; coded as a grid of tiles, 2 of them",
        "Coded as HEVC",
        "Gain map for brighter displays; coded as HEVC",
    ]


def test_exif_and_xmp_are_read_where_they_lie() -> None:
    found = read(read_heif, WHOLE)
    make = found.first("EXIF", "Image", "Make")
    assert make is not None
    assert make.at is not None
    assert WHOLE[make.at : make.at + 5] == b"Maker"
    assert found.text("XMP", "xmp:CreatorTool") == "Tool 1"


def test_a_thumbnail_lies_where_its_bytes_do() -> None:
    part = read(read_heif, WHOLE).first("Thumbnail")
    assert part is not None
    assert part.at is not None
    assert WHOLE[part.at : part.at + (part.size or 0)] == b"small picture"


def test_properties_of_a_picture_are_read() -> None:
    picture_part = items(WHOLE)[0]
    assert picture_part.text("Rotation") == "270"
    assert picture_part.text("Colours") == "12 13 6"
    assert picture_part.text("ICC", "ProfileClass") == "mntr"
    assert len([p for p in items(WHOLE) if p.first("ICC")]) == 1


def test_an_item_kept_in_the_list_itself_is_read() -> None:
    data = heif([(1, b"Exif", b"", [EXIF])], kept=EXIF)
    assert read(read_heif, data).text("EXIF", "Image", "Make") == "Maker"


@pytest.mark.parametrize("head", [b"\0\0\0\0", b"\0\0\0\6", b"\xff\xff\xff\xff"])
def test_exif_is_found_whatever_its_writer_counts_from(head: bytes) -> None:
    data = heif([(1, b"Exif", b"", [head + camera()])])
    assert read(read_heif, data).text("EXIF", "Image", "Make") == "Maker"


@pytest.mark.parametrize("form", ["HEIF", "AVIF"])
def test_what_others_write_is_read(form: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    found = read(read_heif, coded(picture(), form, exif=exif.tobytes(), xmp=XMP))
    assert found.trouble is None
    assert found.text("EXIF", "Image", "Make") == "Maker"
    assert found.text("XMP", "xmp:CreatorTool") == "Tool 1"
    first = found.first("Items", "Picture")
    assert first is not None
    assert first.value == f"{picture().width} x {picture().height}"


def test_thumbnails_of_others_are_found() -> None:
    file = pillow_heif.from_pillow(Image.new("RGB", (256, 128), "red"))
    held = BytesIO()
    file.save(held, thumbnails=[64])
    part = read(read_heif, held.getvalue()).first("Items", "Thumbnail")
    assert part is not None
    assert part.value == "64 x 32"


def test_an_item_beyond_the_end_says_so() -> None:
    data = heif([(1, b"hvc1", b"", [b"picture"])])
    part = items(data[:-3])[0]
    assert part.trouble == "Its bytes are stated beyond the end of the file."


def test_a_list_that_ends_early_says_so() -> None:
    at = WHOLE.index(b"iinf") + 8
    hurt = WHOLE[:at] + b"\xff\xff" + WHOLE[at + 2 :]
    found = read(read_heif, hurt).first("Items")
    assert found is not None
    assert found.trouble == "The list iinf ends before what it states."
    assert len(found.parts) == 6


def test_places_that_take_no_bytes_are_not_counted_without_end() -> None:
    rows = b"".join(struct.pack(">HHH", n % 60_000, 0, 65_535) for n in range(5000))
    places = box(b"iloc", struct.pack(">HH", 0, 5000) + rows, full=0)
    meta = box(b"meta", box(b"hdlr", bytes(4) + b"pict" + bytes(13), full=0) + places, full=0)
    found = read(read_heif, box(b"ftyp", b"heic" + bytes(4) + b"mif1") + meta).first("Items")
    assert found is not None
    assert found.trouble == "The list iloc states more than the 20000 places that are read."


def test_a_file_without_items_says_so() -> None:
    found = read(read_heif, box(b"ftyp", b"heic" + bytes(4) + b"mif1"))
    assert found.trouble is not None
    assert "no list of items" in found.trouble


def test_many_items_are_counted() -> None:
    data = heif([(n, b"hvc1", b"", [b"x"]) for n in range(1, 1000)])
    parts = items(data)
    assert len(parts) == MAX_SHOWN + 1
    assert parts[-1].meaning == f"{999 - MAX_SHOWN} more, not shown"


def test_tiles_that_are_each_other_end() -> None:
    data = heif(
        [(1, b"grid", b"", [b"x"]), (2, b"grid", b"", [b"x"])],
        links=[(b"dimg", 1, [2, 1]), (b"dimg", 2, [1, 2])],
    )
    assert [p.name for p in items(data)] == ["Picture"]


def test_a_file_cut_anywhere_is_read_as_far_as_it_goes() -> None:
    cuts(read_heif, heif([(1, b"mime", b"application/rdf+xml", [b"<x/>"])], properties=[SIZE]))


def test_lengths_beyond_everything_end() -> None:
    overstated(read_heif, WHOLE[: WHOLE.index(PROFILE)], step=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 255)), max_size=30))
def test_changed_bytes_never_raise(places: list[Place]) -> None:
    changed(read_heif, WHOLE, places)
