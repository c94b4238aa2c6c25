"""What user data and metadata items state, by payloads made by hand."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.media.boxfields import decode
from forensics.media.boxmedia import DECODERS
from forensics.media.boxuser import Scope, item, user
from tests.media.isobmff import box


def data(kind: int, value: bytes) -> bytes:
    return box(b"data", struct.pack(">II", kind, 0), value)


@pytest.mark.parametrize(
    ("raw", "kind", "value", "stated"),
    [
        (b"\xa9nam", 1, "й".encode(), "й"),
        (b"\xa9nam", 2, "й".encode("utf-16-be"), "й"),
        (b"tmpo", 21, b"\xff\xfe", -2),
        (b"stik", 22, b"\xff\xfe", 0xFFFE),
        (b"caps", 67, b"\0\0\0\x05", 5),
        (b"capf", 23, struct.pack(">f", 239.76), "239.76"),
        (b"capd", 24, struct.pack(">d", 0.1), "0.1"),
        (b"clef", 71, struct.pack(">ff", 1920, 1080), "1920 1080"),
        (b"trkn", 0, b"\0\0\0\3\0\x0c\0\0", "3 of 12"),
        (b"disk", 0, b"\0\0\0\1\0\0", "1"),
        (b"gnre", 0, b"\0\x11", 17),
    ],
)
def test_values_of_every_kind(raw: bytes, kind: int, value: bytes, stated: int | str) -> None:
    assert item(raw, data(kind, value), Scope()) == {"value": stated}


def test_a_value_of_another_kind_is_counted() -> None:
    assert item(b"covr", data(13, bytes(10)), Scope()) == {"kind": 13, "bytes": 10}


@pytest.mark.parametrize(
    ("raw", "payload", "stated"),
    [
        (b"\xa9mak", b"\0\3\x15\xc7\xc3\xbcx", "üx"),
        (b"\xa9mak", b"\0\2\0\0\x8ax", "äx"),
        (b"\xa9xsp", b"\0\5\0\0+0.00", "+0.00"),
        (b"auth", b"\0\0\0\0\x15\xc7\xfe\xff\x04\x39\0\0", "й"),
        (b"titl", b"\0\0\0\0\x15\xc7title\0", "title"),
        (b"yrrc", b"\0\0\0\0\x07\xe8", 2024),
        (b"SDLN", b"SEQ_PLAY", "SEQ_PLAY"),
        (b"FIRM", b"HD9.01\0\0\0", "HD9.01"),
        (b"CAME", b"\1\2\3", "010203"),
        (b"modl", b"\0\0\0\0\x15\xc7MODEL\0", "MODEL"),
    ],
)
def test_texts_of_user_data(raw: bytes, payload: bytes, stated: int | str) -> None:
    assert user(raw, payload)["value"] == stated


def test_user_data_that_is_no_text_states_nothing() -> None:
    assert user(b"abcd", b"\1\2text") == {}
    assert user(b"abcd", b"text\0more") == {}
    assert user(b"abcd", b"") == {}


def test_a_place_by_3gpp() -> None:
    body = (
        b"\0\0\0\0\x15\xc7here\0\1"
        + struct.pack(">iii", -(1 << 15), 47 << 16, 0)
        + b"earth\0notes\0"
    )
    assert user(b"loci", body) == {
        "name": "here",
        "role": 1,
        "value": "+47.0000-000.5000+0.0/",
        "body": "earth",
        "notes": "notes",
    }


def test_nero_chapters() -> None:
    body = (
        b"\1\0\0\0"
        + bytes(4)
        + b"\2"
        + struct.pack(">QB", 0, 1)
        + b"a"
        + struct.pack(">QB", 15_000_000, 1)
        + b"b"
    )
    assert user(b"chpl", body) == {
        "entries": 2,
        "start_0": 0,
        "title_0": "a",
        "start_1": 1500,
        "title_1": "b",
    }


def test_metadata_as_windows_writes_it() -> None:
    def entry(name: bytes, kind: int, value: bytes) -> bytes:
        body = (
            struct.pack(">I", len(name))
            + name
            + struct.pack(">IIH", 1, 6 + len(value), kind)
            + value
        )
        return struct.pack(">I", 4 + len(body)) + body

    moment = 133_600_000_000_000_000
    found = user(
        b"Xtra",
        entry(b"WM/Encoding", 8, "ä\0".encode("utf-16-le"))
        + entry(b"Rating", 19, (99).to_bytes(8, "little"))
        + entry(b"Date", 21, moment.to_bytes(8, "little"))
        + entry(b"Never", 21, b"\xff" * 8)
        + entry(b"Id", 72, bytes(range(16))),
    )
    assert found["WM/Encoding"] == "ä"
    assert found["Rating"] == 99
    assert found["Date"] == "2024-05-12T15:06:40Z"
    assert found["Never"] == "ff" * 8
    assert found["Id"] == bytes(range(16)).hex()


def test_tags_of_a_nikon() -> None:
    tags = struct.pack(">IHH", 0x02, 2, 6) + b"Z 6II\0"
    tags += struct.pack(">IHHII", 0x1110829A, 5, 1, 1, 50) + struct.pack(">IHHI", 0x13, 4, 1, 300)
    tags += struct.pack(">IHH", 0x9999, 2, 1) + b"?"
    assert user(b"NCTG", tags) == {"Model": "Z 6II", "ExposureTime": "1/50", "FrameCount": "300"}


_TYPES = st.sampled_from(
    sorted(
        {
            *DECODERS,
            b"loci",
            b"chpl",
            b"Xtra",
            b"NCTG",
            b"\xa9nam",
            b"titl",
            b"elst",
            b"mvhd",
            b"tkhd",
            b"keys",
        }
    )
)


@given(
    _TYPES,
    st.sampled_from(["udta", "ilst", "tref", "dref", "stsd", "mebx", "moov"]),
    st.binary(max_size=200),
)
def test_any_payload_gives_fields_or_a_sentence(raw: bytes, parent: str, payload: bytes) -> None:
    fields, problem = decode(raw, parent, payload, len(payload), Scope(handler="vide", keys=["k"]))
    assert problem is None or fields == {}
    assert all(isinstance(value, int | str) for value in fields.values())
