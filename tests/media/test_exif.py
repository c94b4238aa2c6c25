"""EXIF as stated, exactly; a damaged block is an error of media and never a crash."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from forensics.errors import MediaError
from forensics.media.exif import read_exif
from tests.media.making import coded, picture

PLAIN = coded(picture(), "JPEG")


def jpeg_with(tiff: bytes) -> bytes:
    block = b"Exif\0\0" + tiff
    return PLAIN[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + PLAIN[2:]


def directory(*fields: tuple[int, int, int, bytes], after: bytes = b"") -> bytes:
    """A little-endian TIFF directory of (tag, type, count, four bytes of value or offset)."""
    entries = b"".join(struct.pack("<HHI", *f[:3]) + f[3] for f in fields)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(fields)) + entries + bytes(4) + after


def read(tmp_path: Path, data: bytes) -> dict[str, str]:
    path = tmp_path / "picture"
    path.write_bytes(data)
    return read_exif(path)


def test_fields_are_named_by_directory(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "Model 5"
    exif.get_ifd(0x8769)[0x9003] = "2025:12:30 06:12:00"
    found = read(tmp_path, coded(picture(), "JPEG", exif=exif))
    assert found["Image Make"] == "Maker"
    assert found["Image Model"] == "Model 5"
    assert found["EXIF DateTimeOriginal"] == "2025:12:30 06:12:00"


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_other_formats_carry_exif_too(tmp_path: Path, form: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    assert read(tmp_path, coded(picture(), form, exif=exif.tobytes()))["Image Make"] == "Maker"


def test_terminal_escapes_stay_exact(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "\x1b[2J\x07<script>"
    assert (
        read(tmp_path, coded(picture(), "JPEG", exif=exif))["Image Make"] == "\x1b[2J\x07<script>"
    )


def test_long_texts_are_cut(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "x" * 5000
    assert (
        read(tmp_path, coded(picture(), "JPEG", exif=exif))["Image ImageDescription"] == "x" * 1024
    )


def test_no_exif_is_no_field(tmp_path: Path) -> None:
    assert read(tmp_path, coded(picture(), "JPEG")) == {}
    assert read(tmp_path, b"no picture at all") == {}
    assert read(tmp_path, b"") == {}
    assert read(tmp_path, coded(picture(), "WEBP")) == {}
    assert read(tmp_path, coded(picture(), "HEIF")) == {}


@pytest.mark.parametrize("form", ["WEBP", "HEIF", "AVIF", "TIFF", "PNG"])
def test_a_file_that_is_cut_off_is_read_or_told(tmp_path: Path, form: str) -> None:
    data = coded(picture(), form)
    for size in (20, 100, len(data) // 2):
        try:
            assert isinstance(read(tmp_path, data[:size]), dict)
        except MediaError as error:
            assert "cannot be" in str(error)


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
def test_a_damaged_block_is_read_or_told(tmp_path: Path, tiff: bytes) -> None:
    try:
        found = read(tmp_path, jpeg_with(tiff))
    except MediaError as error:
        assert "EXIF block cannot be read" in str(error)
    else:
        assert all(isinstance(v, str) for v in found.values())


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
def test_any_directory_is_read_or_told(
    tmp_path: Path, fields: list[tuple[int, int, int, bytes]], after: bytes
) -> None:
    try:
        found = read(tmp_path, jpeg_with(directory(*fields, after=after)))
    except MediaError:
        return
    assert all(isinstance(k, str) and isinstance(v, str) for k, v in found.items())
