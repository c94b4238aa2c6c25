from __future__ import annotations

import os
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.media import boxes
from forensics.media.boxes import MAX_ALIKE, MAX_DEPTH, MAX_READ, read_boxes
from forensics.media.boxtext import MAX_TEXT
from forensics.model import Box
from tests.media.isobmff import CREATED, box, counted, ftyp, full, hdlr, keyed


def tree(path: Path, data: bytes) -> Box:
    path.write_bytes(data)
    root = read_boxes(path)
    assert root is not None
    return root


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def mdhd(version: int = 0, created: int = CREATED, duration: int = 90) -> bytes:
    form = ">QQIQHH" if version else ">IIIIHH"
    fields = struct.pack(form, created, created, 30, duration, 0x15C7, 0)
    return full(b"mdhd", fields, version=version)


def visual(kind: bytes, *inner: bytes) -> bytes:
    head = bytes(6) + struct.pack(">H", 1) + bytes(4) + b"FFMP" + bytes(8)
    size = struct.pack(">HH", 640, 480) + bytes(14)
    return box(kind, head, size, counted(b"a coder").ljust(32, b"\0"), bytes(4), *inner)


def track() -> bytes:
    table = box(
        b"stbl",
        full(
            b"stsd",
            struct.pack(">I", 1),
            visual(
                b"avc1",
                box(b"avcC", bytes([1, 100, 0, 31, 0xFF, 0xE1])),
                box(b"btrt", struct.pack(">III", 1, 2, 3)),
            ),
        ),
        full(b"stsz", struct.pack(">II", 0, 0)),
    )
    edit = full(b"elst", struct.pack(">IIiIIiI", 2, 500, -1, 65536, 1000, 15, 65536))
    head = full(b"tkhd", struct.pack(">IIIII", CREATED, CREATED, 7, 0, 3000), bytes(52))
    head = box(b"tkhd", head[8:], struct.pack(">II", 640 << 16, 480 << 16))
    return box(
        b"trak",
        head,
        box(b"edts", edit),
        box(b"mdia", mdhd(), hdlr(b"vide", b"VideoHandler\0"), box(b"minf", table)),
    )


def movie() -> bytes:
    head = full(b"mvhd", struct.pack(">IIII", CREATED, CREATED + 1, 1000, 3000), bytes(80))
    said = b"\x00\x04\x15\xc7Lavf"
    item = box(b"\xa9too", box(b"data", struct.pack(">II", 1, 0), b"Lavf62.3.100"))
    art = box(b"covr", box(b"data", struct.pack(">II", 13, 0), b"\xff\xd8" + bytes(98)))
    index = box(b"trkn", box(b"data", struct.pack(">II", 21, 0), b"\x02"))
    meta = full(b"meta", hdlr(b"mdir", b"", vendor=b"appl"), box(b"ilst", item, art, index))
    return box(b"moov", head, track(), box(b"udta", box(b"\xa9swr", said), meta))


WHOLE = ftyp(b"isom", 512, b"isom", b"mp41") + box(b"free") + box(b"mdat", bytes(20)) + movie()


def test_what_a_file_states_is_read(file: Path) -> None:
    root = tree(file, WHOLE)
    assert [(b.type, b.offset) for b in root.children] == [
        ("ftyp", 0),
        ("free", 24),
        ("mdat", 32),
        ("moov", 60),
    ]
    assert root.size == len(WHOLE)
    assert all(b.problem is None for _, b in root.walk())

    def fields(path: str) -> dict[str, int | str]:
        found = root.find(path)
        assert found is not None, path
        return dict(found.fields)

    assert fields("ftyp") == {"major": "isom", "minor": 512, "brands": "isom,mp41"}
    assert fields("moov/mvhd") == {
        "timescale": 1000,
        "duration": 3000,
        "creation": "2024-05-31T11:33:20Z",
        "modification": "2024-05-31T11:33:21Z",
    }
    assert fields("moov/trak/tkhd")["track"] == 7
    assert (fields("moov/trak/tkhd")["width"], fields("moov/trak/tkhd")["height"]) == (640, 480)
    assert fields("moov/trak/mdia/mdhd")["language"] == "eng"
    assert fields("moov/trak/mdia/hdlr")["name"] == "VideoHandler"
    assert fields("moov/trak/edts/elst") == {
        "entries": 2,
        "duration_0": 500,
        "media_time_0": -1,
        "rate_0": 65536,
        "duration_1": 1000,
        "media_time_1": 15,
        "rate_1": 65536,
    }
    entry = "moov/trak/mdia/minf/stbl/stsd/avc1"
    assert fields(entry) == {
        "width": 640,
        "height": 480,
        "vendor": "FFMP",
        "compressor": "a coder",
    }
    assert fields(f"{entry}/avcC") == {"nal_length": 4, "profile": 100, "level": 31}
    assert fields(f"{entry}/btrt") == {"buffer": 1, "maximum": 2, "average": 3}
    assert fields(r"moov/udta/\xa9swr") == {"value": "Lavf"}
    assert fields(r"moov/udta/meta/ilst/\xa9too") == {"value": "Lavf62.3.100"}
    assert fields("moov/udta/meta/ilst/covr") == {"kind": 13, "bytes": 100}
    assert fields("moov/udta/meta/ilst/trkn") == {"value": 2}


@pytest.mark.parametrize("quicktime", [True, False])
def test_keys_name_their_values(file: Path, quicktime: bool) -> None:
    meta = keyed(
        {b"com.apple.quicktime.make": b"Apple", b"com.android.version": "й".encode()},
        quicktime=quicktime,
    )
    root = tree(file, ftyp() + box(b"moov", meta))
    items = root.find("moov/meta/ilst")
    assert items is not None
    assert [dict(i.fields) for i in items.children] == [
        {"key": "com.apple.quicktime.make", "value": "Apple"},
        {"key": "com.android.version", "value": "й"},
    ]


def test_wide_fields_of_version_1(file: Path) -> None:
    root = tree(file, ftyp() + box(b"moov", box(b"trak", box(b"mdia", mdhd(1, 1, 2**40)))))
    found = root.find("moov/trak/mdia/mdhd")
    assert found is not None
    assert found.fields["duration"] == 2**40
    assert found.fields["creation"] == "1904-01-01T00:00:01Z"


@pytest.mark.parametrize("created", [0, 2**63])
def test_a_time_that_says_nothing_is_absent(file: Path, created: int) -> None:
    root = tree(file, ftyp() + box(b"moov", box(b"trak", box(b"mdia", mdhd(1, created)))))
    found = root.find("moov/trak/mdia/mdhd")
    assert found is not None
    assert "creation" not in found.fields


def test_names_counted_or_ended(file: Path) -> None:
    names = (counted(b"Core Media Video"), b"Core Media Video\0", b"Core Media Video")
    for name in names:
        data = ftyp() + box(b"moov", box(b"trak", box(b"mdia", hdlr(b"vide", name))))
        found = tree(file, data).find("moov/trak/mdia/hdlr")
        assert found is not None
        assert found.fields["name"] == "Core Media Video"


def test_uuid_boxes_are_named_by_their_uuid(file: Path) -> None:
    name = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    root = tree(file, ftyp() + box(b"uuid", name, b"<x:xmpmeta/>"))
    assert root.children[1].type == "be7acfcb-97a9-42e8-9c71-999491e3afac"
    assert (root.children[1].size, root.children[1].header) == (36, 24)


def test_media_is_never_read(file: Path) -> None:
    """Eight gibibytes of media in a sparse file, with the movie behind them."""
    size = 8 << 30
    with file.open("wb") as out:
        out.write(ftyp() + struct.pack(">I4sQ", 1, b"mdat", size))
        out.seek(len(ftyp()) + size)
        out.write(movie())
    root = read_boxes(file)
    assert root is not None
    assert [b.type for b in root.children] == ["ftyp", "mdat", "moov"]
    assert (root.children[1].size, root.children[1].header) == (size, 16)


def test_size_zero_reaches_to_the_end(file: Path) -> None:
    root = tree(file, ftyp() + struct.pack(">I4s", 0, b"mdat") + bytes(100))
    assert root.children[1].size == 108
    assert root.children[1].problem is None


@pytest.mark.parametrize(
    ("case", "data"),
    [
        ("empty", b""),
        ("seven-bytes", b"\0\0\0\x10fty"),
        ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(40)),
        ("matroska", b"\x1aE\xdf\xa3" + bytes(40)),
        ("text", b"this is mdat-free text"),
        ("ftyp-of-size-2", b"\0\0\0\x02ftyp" + bytes(20)),
        ("ftyp-of-two-gigabytes", b"\x7f\xff\xff\xffftyp" + bytes(20)),
    ],
)
def test_other_files_have_no_boxes(file: Path, case: str, data: bytes) -> None:
    file.write_bytes(data)
    assert read_boxes(file) is None


def test_a_box_larger_than_its_holder_says_so(file: Path) -> None:
    inner = struct.pack(">I4s", 5000, b"trak") + bytes(8)
    root = tree(file, ftyp() + box(b"moov", inner) + box(b"free"))
    found = root.find("moov/trak")
    assert found is not None
    assert found.size == 16
    assert found.problem == "The box states 5000 bytes, but the box around it has only 16 left."
    assert [b.type for b in root.children] == ["ftyp", "moov", "free"]


def test_a_cut_file_says_how_much_is_missing(file: Path) -> None:
    root = tree(file, WHOLE[:50])
    assert root.fields["missing"] == 10
    assert root.children[-1].problem == "The box states 28 bytes, but the file has only 18 left."


def test_bytes_after_the_last_box_are_told(file: Path) -> None:
    root = tree(file, WHOLE + b"\0\1\2\3 hidden beyond the end")
    assert root.fields["trailing"] == 26
    assert root.fields["trailing_offset"] == len(WHOLE)


def test_bytes_that_look_like_an_endless_box_are_told_too(file: Path) -> None:
    root = tree(file, WHOLE + b"\0\0\0\0abcd and more")
    assert root.fields["trailing"] == 17


def test_a_short_payload_is_a_problem_and_no_exception(file: Path) -> None:
    root = tree(file, ftyp() + box(b"moov", box(b"mvhd", b"\0\0")))
    found = root.find("moov/mvhd")
    assert found is not None
    assert found.fields == {}
    assert found.problem == "The box has a payload of 2 bytes, too short for what it has to state."


@pytest.mark.parametrize("size", [0, 2, 7])
def test_sizes_below_the_header_end_the_holder(file: Path, size: int) -> None:
    broken = struct.pack(">I4s", size, b"trak") + bytes(24)
    root = tree(file, ftyp() + box(b"moov", broken) + box(b"free"))
    found = root.find("moov/trak")
    assert found is not None
    assert found.problem is not None
    assert root.children[-1].type == "free"


@pytest.mark.parametrize("size", [0, 15, 2**63, 2**64 - 1])
def test_64_bit_sizes_beyond_all_reason(file: Path, size: int) -> None:
    wide = struct.pack(">I4sQ", 1, b"skip", size) + bytes(8)
    inner = tree(file, ftyp() + box(b"moov", wide)).find("moov/skip")
    assert inner is not None
    assert inner.problem is not None
    root = tree(file, ftyp() + wide)
    assert "trailing" in root.fields or root.fields["missing"] == size - 24


def test_hostile_text_is_kept_and_bounded(file: Path) -> None:
    evil = b"\x1b[31m<script>\xff\xfe\xe2\x80\xae" + b"A" * 60_000
    item = box(b"\xa9nam", box(b"data", struct.pack(">II", 1, 0), evil))
    meta = full(b"meta", hdlr(b"mdir", b""), box(b"ilst", item))
    found = tree(file, ftyp() + box(b"moov", box(b"udta", meta))).find(
        r"moov/udta/meta/ilst/\xa9nam"
    )
    assert found is not None
    value = str(found.fields["value"])
    assert value.startswith("\x1b[31m<script>\ufffd\ufffd\u202eAAA")
    assert len(value) == MAX_TEXT


def test_types_outside_ascii_are_escaped(file: Path) -> None:
    root = tree(file, ftyp() + box(b"moov", box(b"\x1b[2J")))
    assert root.children[1].children[0].type == r"\x1b[2J"


def test_nested_ten_thousand_deep(file: Path) -> None:
    size = 8 * 10_000
    deep = b"".join(struct.pack(">I4s", size - 8 * i, b"moov") for i in range(10_000))
    root = tree(file, ftyp() + deep)
    paths = [path for path, _ in root.walk()]
    assert max(path.count("/") for path in paths) == MAX_DEPTH - 1
    deepest = max(root.walk(), key=lambda item: item[0].count("/"))[1]
    assert (
        deepest.problem
        == f"Boxes are nested deeper than {MAX_DEPTH} levels; the inside was not read."
    )


def test_a_hundred_thousand_tiny_boxes(file: Path) -> None:
    tiny = box(b"free")
    began = time.perf_counter()
    flat = tree(file, ftyp() + tiny * 100_000)
    inner = tree(file, ftyp() + box(b"moov", tiny * 100_000))
    assert time.perf_counter() - began < 10
    assert flat.fields["top"] == 100_001
    assert len(flat.children) == 1 + MAX_ALIKE
    assert inner.problem == f"More than {inner.fields['read']} boxes; the rest was not read."
    assert sum(1 for _ in inner.walk()) <= boxes.MAX_KEPT


def test_headers_are_bounded_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "MAX_READ", 50)
    root = tree(file, ftyp() + box(b"free") * 100)
    assert root.fields["read"] == 50 < MAX_READ
    assert root.problem == "More than 50 boxes; the rest was not read."


def test_fragments_are_counted_and_few_are_kept(file: Path) -> None:
    piece = box(b"moof", full(b"mfhd", bytes(4))) + box(b"mdat", bytes(4))
    root = tree(file, ftyp() + movie() + piece * 3000 + box(b"mfra"))
    assert root.fields["fragments"] == 3000
    assert [b.type for b in root.children].count("moof") == MAX_ALIKE
    assert root.children[-1].type == "mfra"


def test_cut_at_every_byte(file: Path) -> None:
    file.write_bytes(WHOLE)
    for length in reversed(range(len(WHOLE))):
        os.truncate(file, length)
        root = read_boxes(file)
        assert root is None or _sound(root, length)


def _sound(root: Box, size: int) -> bool:
    for _, found in root.walk():
        assert 0 <= found.offset <= found.offset + found.size <= size
        assert found.header <= found.size
        inside = found.offset + found.header
        for child in found.children:
            assert child.offset >= inside
            inside = child.offset + child.size
        assert inside <= found.offset + found.size
    return True


_TYPES = st.sampled_from(
    b"moov trak mdia minf stbl stsd meta ilst keys udta hdlr elst mvhd tkhd mdhd ftyp avcC uuid \xa9too"
    b" data mp4a avc1 btrt free ---- mean moof edts wave hvcC".split()
)
_SIZES = st.one_of(
    st.just(None), st.integers(0, 64), st.sampled_from([2**31, 2**32 - 1, 2**63, 2**64 - 1])
)


@st.composite
def _broken(draw: st.DrawFn, depth: int = 4) -> bytes:
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        body = (
            draw(st.binary(max_size=90))
            if depth == 0 or draw(st.booleans())
            else draw(_broken(depth - 1))
        )
        kind, stated = draw(_TYPES), draw(_SIZES)
        if stated is None:
            parts.append(box(kind, body))
        elif stated < 2**32:
            parts.append(struct.pack(">I4s", stated, kind) + body)
        else:
            parts.append(struct.pack(">I4sQ", 1, kind, stated) + body)
    return b"".join(parts)


@settings(max_examples=120, deadline=None)
@given(_broken())
def test_broken_structures_never_raise(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "broken"
    data = ftyp() + data
    assert _sound(tree(file, data), len(data))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"ftyp", b"moov", b"mdat", b"free"]))
def test_random_bytes_never_raise(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, first: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "random"
    data = data[:4] + first + data[4:]
    file.write_bytes(data)
    root = read_boxes(file)
    assert root is None or _sound(root, len(data))
