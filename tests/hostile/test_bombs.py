"""Small files that unfold: each is refused before it is decoded, in little time and memory."""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.errors import LimitExceeded
from forensics.media.limits import Limits
from forensics.media.worker import Worker
from tests.media.making import coded, gif, pdf, picture, png_header, png_of_zeros, svg
from tests.media.reading import LIMITS, Reader

SIDE = 30_000


@pytest.fixture(scope="session")
def large_png(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """900 million pixels in about a megabyte."""
    path = tmp_path_factory.mktemp("large") / "large.png"
    path.write_bytes(png_of_zeros(SIDE, SIDE))
    assert path.stat().st_size < 1_500_000
    return path


@pytest.fixture(scope="module")
def counted() -> Iterator[Worker]:
    """A worker of these tests' own, whose peak of memory tells that none of them needs much."""
    with Worker(LIMITS) as worker:
        yield worker


def refused(reader: Reader, data: bytes | Path, *, seconds: float = 10) -> str:
    """Reads what must be refused for its size, and returns the reason."""
    started = time.monotonic()
    found = reader.read(data).prepared
    assert time.monotonic() - started < seconds
    assert found.samples == ()
    assert "Reading the file failed" not in found.trouble
    return found.trouble


def test_a_png_of_900_million_pixels_is_refused_before_it_is_decoded(
    large_png: Path, counted: Worker, tmp_path: Path
) -> None:
    why = refused(Reader(tmp_path, counted), large_png)
    assert why == (
        "The picture is 30000 × 30000 = 900000000 pixels: at most 120000000 are decoded."
    )
    assert counted.call("tests.media.tasks:peak") < 500_000


def test_the_large_png_is_whole(tmp_path: Path, counted: Worker) -> None:
    """The tests here can fail: made in the same way, a smaller one is decoded."""
    assert len(Reader(tmp_path, counted).read(png_of_zeros(1000, 500)).samples) == 1


def test_cv2_refuses_it_in_a_worker_as_well(large_png: Path, counted: Worker) -> None:
    found = counted.call("tests.media.tasks:pixels_by_cv2", path=str(large_png))
    assert found == "nothing" or found.startswith("refused")
    assert counted.call("tests.media.tasks:peak") < 500_000


def test_cv2_reads_what_is_within_the_limit(tmp_path: Path, counted: Worker) -> None:
    small = tmp_path / "small.png"
    small.write_bytes(coded(picture(), "PNG"))
    assert counted.call("tests.media.tasks:pixels_by_cv2", path=str(small)) == "(48, 64, 3)"


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data, "the header was expected to hold its size in this form"
    return data.replace(old, new, 1)


def _jpeg() -> bytes:
    return patched(
        coded(picture(), "JPEG"), struct.pack(">HH", 48, 64), struct.pack(">HH", 65500, 65500)
    )


def _webp() -> bytes:
    data = coded(picture(), "WEBP", lossless=True)
    start = data.index(b"VP8L") + 9  # after the chunk's size and the signature byte
    bits = int.from_bytes(data[start : start + 4], "little")
    bits = bits & ~((1 << 28) - 1) | 16383 << 14 | 16383
    return data[:start] + bits.to_bytes(4, "little") + data[start + 4 :]


def _webp_canvas() -> bytes:
    data = coded(picture(), "WEBP", save_all=True, append_images=[picture().rotate(90)])
    start = data.index(b"VP8X") + 12
    return data[:start] + (0xFFFE).to_bytes(3, "little") * 2 + data[start + 6 :]


def _tiff() -> bytes:
    data = coded(picture(), "TIFF")
    data = patched(
        data,
        struct.pack("<HHI", 0x100, 4, 1) + struct.pack("<I", 64),
        struct.pack("<HHII", 0x100, 4, 1, 1 << 20),
    )
    return patched(
        data,
        struct.pack("<HHI", 0x101, 4, 1) + struct.pack("<I", 48),
        struct.pack("<HHII", 0x101, 4, 1, 1 << 20),
    )


def _bmp() -> bytes:
    return patched(
        coded(picture(), "BMP"), struct.pack("<ii", 64, 48), struct.pack("<ii", 1 << 20, 1 << 20)
    )


def _boxed(form: str) -> bytes:
    """HEIC and AVIF state their size in `ispe` boxes."""
    data = coded(picture(), form)
    large, count = re.subn(
        rb"(?s)(ispe\0\0\0\0).{8}", rb"\1" + struct.pack(">II", 50_000, 50_000), data
    )
    assert count
    return large


LARGE = {
    "png": png_header(1 << 30, 1 << 30) + coded(picture(), "PNG")[33:],
    "jpeg": _jpeg(),
    "webp": _webp(),
    "webp canvas": _webp_canvas(),
    "tiff": _tiff(),
    "bmp": _bmp(),
    "gif": gif((65535, 65535), [(1, 1, 0)]),
    "gif that grows": gif((1, 1), [(1, 1, 0), (65535, 65535, 0)]),
    "heic": _boxed("HEIF"),
    "avif": _boxed("AVIF"),
}


@pytest.mark.parametrize("data", LARGE.values(), ids=LARGE)
def test_headers_that_state_a_huge_size_are_refused(
    data: bytes, counted: Worker, tmp_path: Path
) -> None:
    why = refused(Reader(tmp_path, counted), data)
    assert "pixels" in why or "cannot be" in why
    assert counted.call("tests.media.tasks:peak") < 500_000


def test_a_gif_of_a_hundred_thousand_pictures_is_looked_at_in_part(reader: Reader) -> None:
    started = time.monotonic()
    found = reader.read(gif((1, 1), [(1, 1, 4)] * 100_000))
    assert len(found.samples) == 40
    assert found.probe.pictures == 100_000
    assert time.monotonic() - started < 30


def test_an_apng_that_states_four_billion_pictures_is_told_or_read(reader: Reader) -> None:
    data = coded(picture(), "PNG", save_all=True, append_images=[picture().rotate(90)])
    start = data.index(b"acTL") + 4
    found = reader.read(data[:start] + b"\xff\xff\xff\xff" + data[start + 4 :]).prepared
    assert found.samples or found.trouble


def test_a_page_of_enormous_size_is_refused(reader: Reader) -> None:
    assert "pixels" in refused(reader, pdf([(14_400, 14_400, b"")]))
    assert refused(reader, pdf([(1e9, 1e9, b"")]))


DRAWS_ITSELF = (
    b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 5 "
    b"/Resources << /XObject << /X 5 0 R >> >> >>\nstream\n/X Do\nendstream"
)
PAGES_WITHIN_THEMSELVES = (
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000000 /Parent 2 0 R >>\nendobj\n"
    b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"
)
RECURSIVE = {
    "form that draws itself": pdf([(50, 50, b"/X Do")], extra=[DRAWS_ITSELF]),
    "pages within themselves": PAGES_WITHIN_THEMSELVES,
    "arrays within arrays": pdf([(50, 50, b"[" * 200_000)], extra=[b"<< >>"]),
    "dictionaries within dictionaries": pdf([(50, 50, b"")], extra=[b"<< /A " * 50_000]),
    "saved states without end": pdf([(50, 50, b"q " * 300_000)], extra=[b"<< >>"]),
}


@pytest.mark.parametrize("data", RECURSIVE.values(), ids=RECURSIVE)
def test_a_pdf_that_goes_round_in_circles_is_read_or_told(reader: Reader, data: bytes) -> None:
    started = time.monotonic()
    try:
        found = reader.read(data, seconds=10).prepared
    except LimitExceeded:
        return
    assert time.monotonic() - started < 15
    assert found.samples or "PDF" in found.trouble


DRAWINGS = {
    "enormous": svg("<rect/>", 'width="1000000000" height="1000000000"'),
    "endless": svg("<rect/>", 'width="1e30" height="1"'),
    "a line": svg("<rect/>", 'width="1" height="1000000"'),
    "entities of entities": svg(
        '<text y="9">&h;</text>',
        prolog="<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'>"
        + "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(8))
        + "]>",
    ),
    "groups within groups": svg("<g>" * 30_000 + "</g>" * 30_000),
    "blur without end": svg(
        '<filter id="f"><feGaussianBlur stdDeviation="1e9"/></filter>'
        '<rect width="9" height="9" filter="url(#f)"/>'
    ),
    "pattern of itself": svg(
        '<pattern id="p" width="1" height="1"><rect width="1" height="1" fill="url(#p)"/></pattern>'
        '<rect width="9" height="9" fill="url(#p)"/>'
    ),
}


@pytest.mark.parametrize("data", DRAWINGS.values(), ids=DRAWINGS)
def test_a_drawing_that_asks_for_too_much_is_told_or_drawn_at_our_size(
    data: bytes, reader: Reader
) -> None:
    found = reader.read(data, seconds=12).prepared
    assert all(max(s.width, s.height) <= 1600 for s in found.samples)
    assert found.samples or "drawn" in found.trouble or "end within" in found.trouble


def test_a_drawing_that_uses_itself_a_trillion_times_is_ended(reader: Reader) -> None:
    levels = "".join(f'<g id="a{i + 1}">' + f'<use href="#a{i}"/>' * 10 + "</g>" for i in range(12))
    found = reader.read(svg('<g id="a0"><rect width="1" height="1"/></g>' + levels), seconds=4)
    assert (
        "did not end within" in found.prepared.trouble
        or "cannot be drawn" in found.prepared.trouble
    )


@pytest.mark.parametrize(
    ("side", "why"), [(60_000, "states no picture size"), (16_000, "256000000 pixels")]
)
def test_a_video_that_states_a_huge_size_is_refused(
    reader: Reader, mp4: bytes, side: int, why: str
) -> None:
    """The coding is named as one whose own headers state no size."""
    entry = mp4.index(b"avc1", mp4.index(b"stsd"))
    sized = mp4.index(struct.pack(">HH", 160, 90), entry)
    large = mp4[:entry] + b"rle " + mp4[entry + 4 : sized] + struct.pack(">HH", side, side)
    assert why in refused(reader, large + mp4[sized + 4 :])


def test_memory_past_the_limit_of_a_decoder_is_told_and_the_next_file_is_read(
    tmp_path: Path,
) -> None:
    with Worker(Limits(memory=600 << 20, seconds=30)) as worker:
        tight = Reader(tmp_path, worker)
        with pytest.raises(LimitExceeded, match="600 MiB"):
            tight.read(png_of_zeros(10_500, 10_500))
        assert len(tight.read(coded(picture(), "PNG")).samples) == 1


def test_a_working_copy_past_the_limit_of_a_file_is_told(tmp_path: Path) -> None:
    with Worker(Limits(file_size=1 << 20, seconds=30)) as worker:
        tight = Reader(tmp_path, worker)
        with pytest.raises(LimitExceeded, match="room"):
            tight.read(coded(picture((1000, 1000)), "PNG"))
        assert len(tight.read(coded(picture(), "PNG")).samples) == 1
