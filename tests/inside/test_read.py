"""Every file is read to a tree: each format by its own reader, and what is damaged with its trouble."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from forensics.codec import plain, revive
from forensics.inside import read, task
from forensics.inside.read import read_file
from forensics.inside.summary import summarise
from forensics.media.identify import HEAD, identify
from forensics.model import Part
from tests.media.making import coded, picture

PLAIN = coded(picture(), "JPEG")


def jpeg_with(tiff: bytes) -> bytes:
    block = b"Exif\0\0" + tiff
    return PLAIN[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + PLAIN[2:]


def directory(*fields: tuple[int, int, int, bytes], after: bytes = b"") -> bytes:
    """A little-endian TIFF directory of (tag, type, count, four bytes of value or offset)."""
    entries = b"".join(struct.pack("<HHI", *f[:3]) + f[3] for f in fields)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(fields)) + entries + bytes(4) + after


def tree(tmp_path: Path, data: bytes) -> Part:
    path = tmp_path / "picture"
    path.write_bytes(data)
    return read_file(path, identify(data[:HEAD]))


def stated(found: Part) -> dict[str, str]:
    return {fact.field: fact.value for fact in summarise(found)}


def sound(found: Part) -> Part:
    """The tree, if no reader ended in an error that nobody foresaw, and it can be carried as JSON."""
    assert not [p for p in found.parts if "Reading it failed" in (p.trouble or "")]
    assert revive(json.loads(json.dumps(plain(found))), Part) == found
    return found


def test_fields_are_named_by_directory(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "Model 5"
    exif.get_ifd(0x8769)[0x9003] = "2025:12:30 06:12:00"
    found = stated(sound(tree(tmp_path, coded(picture(), "JPEG", exif=exif))))
    assert found == {
        "Image Make": "Maker",
        "Image Model": "Model 5",
        "EXIF DateTimeOriginal": "2025:12:30 06:12:00",
    }


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_other_formats_carry_exif_too(tmp_path: Path, form: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    found = sound(tree(tmp_path, coded(picture(), form, exif=exif.tobytes())))
    assert stated(found)["Image Make"] == "Maker"


def test_terminal_escapes_stay_exact(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "\x1b[2J\x07<script>"
    found = tree(tmp_path, coded(picture(), "JPEG", exif=exif))
    assert stated(found)["Image Make"] == "\x1b[2J\x07<script>"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_a_picture_without_metadata_states_nothing_of_its_origin(tmp_path: Path, form: str) -> None:
    found = sound(tree(tmp_path, coded(picture(), form)))
    assert not {"make", "model", "captured", "place"} & {f.role for f in summarise(found)}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, form: str) -> None:
    data = coded(picture(), form)
    for size in (20, 100, len(data) // 2, len(data) - 1):
        sound(tree(tmp_path, data[:size]))


@pytest.mark.parametrize("data", [b"no picture at all", b"", b"\0" * 64])
def test_a_file_of_no_kind_is_a_tree_without_parts(tmp_path: Path, data: bytes) -> None:
    assert tree(tmp_path, data).parts == ()


def test_packets_are_found_where_the_format_has_no_reader(tmp_path: Path) -> None:
    packet = (
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        b"<rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:CreatorTool='Tool 1'/>"
        b"</rdf:RDF></x:xmpmeta>"
    )
    found = sound(tree(tmp_path, coded(picture(), "BMP") + packet))
    assert stated(found) == {"xmp:CreatorTool": "Tool 1"}


def test_a_reader_that_fails_does_not_hide_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(read._READERS, "image/jpeg", "no_such_reader")
    found = tree(tmp_path, PLAIN)
    assert [(p.name, p.trouble) for p in found.parts] == [
        ("NO_SUCH_READER", "Reading it failed: ModuleNotFoundError.")
    ]


def test_the_tree_of_a_working_copy_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "asset").write_bytes(PLAIN)
    first = task.carried(tmp_path)
    (tmp_path / "asset").write_bytes(b"")
    assert task.carried(tmp_path) == first
    assert revive(task.carried_tree(str(tmp_path)), Part) == first


DAMAGED = {
    "directory outside the block": b"II*\0\xff\xff\xff\x7f",
    "directory that follows itself": b"II*\0\x08\0\0\0\0\0\x08\0\0\0",
    "more values than bytes": directory((0x0132, 2, 0x7FFFFFFF, b"\x1a\0\0\0")),
    "rationals with a zero denominator": directory((0x011A, 5, 1, b"\x1a\0\0\0"), after=bytes(8)),
    "unknown types": directory((0x010F, 0xFFFF, 4, b"abcd"), (0x0110, 0, 4, b"abcd")),
    "letters for the orientation": directory((0x0112, 2, 4, b"abcd")),
    "directory within itself": directory(
        (0x8769, 4, 1, b"\x08\0\0\0"), (0x8825, 4, 1, b"\x08\0\0\0")
    ),
    "byte order of nobody": b"XX*\0\x08\0\0\0",
    "nothing after the byte order": b"MM\0*",
}


@pytest.mark.parametrize("tiff", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_block_is_read_as_far_as_it_goes(tmp_path: Path, tiff: bytes) -> None:
    sound(tree(tmp_path, jpeg_with(tiff)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    fields=st.lists(
        st.tuples(
            st.sampled_from(
                [0x010F, 0x0112, 0x011A, 0x0132, 0x8769, 0x8825, 0x9003, 0x927C, 0xA005, 2, 7]
            ),
            st.integers(0, 14),
            st.sampled_from([0, 1, 2, 3, 50, 0xFFFF, 0xFFFFFFFF]),
            st.binary(min_size=4, max_size=4) | st.sampled_from([b"\x08\0\0\0", b"\x1a\0\0\0"]),
        ),
        max_size=8,
    ),
    after=st.binary(max_size=80),
)
def test_any_directory_is_read(
    tmp_path: Path, fields: list[tuple[int, int, int, bytes]], after: bytes
) -> None:
    sound(tree(tmp_path, jpeg_with(directory(*fields, after=after))))
