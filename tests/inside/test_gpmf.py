from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from forensics.inside.gpmf import read_gpmf
from forensics.inside.window import MAX_DEPTH, Window
from forensics.model import Part
from tests.inside.movies import cut_everywhere, sound, survives


def klv(key: bytes, kind: bytes, size: int, repeat: int, value: bytes) -> bytes:
    return key + kind + struct.pack(">BH", size, repeat) + value + bytes(-len(value) % 4)


def read(window: Window) -> Part:
    return Part(name="GPMF", parts=tuple(read_gpmf(window)))


def tree(data: bytes) -> Part:
    return sound(read(Window.over(data)), len(data))


STREAM = klv(b"STNM", b"c", 1, 8, b"Position") + klv(
    b"GPS5", b"l", 20, 1, struct.pack(">5i", 473769000, 85417000, 1, 2, 3)
)
SMALL = klv(b"DEVC", b"\0", 1, len(STREAM) + 12, klv(b"DVID", b"L", 4, 1, b"\0\0\0\1") + STREAM)


def test_streams_are_told() -> None:
    root = tree(SMALL)
    assert root.text("DEVC", "DVID") == "1"
    assert root.text("STNM") == "Position"
    place = root.first("GPS5")
    assert place is not None
    assert place.personal
    assert str(place.value).startswith("473769000 85417000")


def test_long_values_are_shortened() -> None:
    root = tree(klv(b"ACCL", b"s", 6, 100, bytes(600)))
    assert root.text("ACCL").endswith(" …")
    assert tree(klv(b"DATA", b"?", 1, 5, b"12345")).text("DATA") == "5 bytes of type ?"


def test_more_stated_than_there_is() -> None:
    root = tree(b"ACCLs\xff\xff\xff\0\1")
    assert "are left" in (root.parts[0].trouble or "")


def test_keys_nested_as_deep_as_their_sizes_allow() -> None:
    data = klv(b"DVNM", b"c", 1, 4, b"deep")
    for _ in range(10_000):
        if len(data) > 65_000:
            break
        data = klv(b"DEVC", b"\0", 1, len(data), data)
    root = survives(read, data)
    assert root is not None
    assert max(len(path) for path, _ in root.walk()) <= MAX_DEPTH + 2
    assert any("deeper" in (p.trouble or "") for _, p in root.walk())


def test_every_beginning() -> None:
    cut_everywhere(read, SMALL)


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    survives(read, data)
