from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside.flac import read_flac
from forensics.inside.window import Window
from forensics.model import Part
from tests.inside.movies import cut_everywhere, made, sound, survives


def tree(data: bytes) -> Part:
    return sound(read_flac(Window.over(data)), len(data))


def block(kind: int, body: bytes, *, last: bool = False) -> bytes:
    return bytes([kind | 0x80 * last]) + len(body).to_bytes(3, "big") + body


def test_blocks_as_a_program_writes_them() -> None:
    data = made("a.flac")
    root = tree(data)
    assert root.trouble is None
    samples = root.first("STREAMINFO", "samples")
    assert samples is not None
    assert (samples.value, samples.meaning) == (44100, "1.000 s")
    assert len(root.text("STREAMINFO", "md5")) == 32
    assert root.text("VORBIS_COMMENT", "TITLE") == "Tïtle"
    assert root.text("VORBIS_COMMENT", "vendor").startswith("Lavf")
    found = root.first("PICTURE", "Preview")
    assert found is not None
    assert found.at is not None
    assert found.size is not None
    assert data[found.at : found.at + 4] == b"\x89PNG"
    assert data[found.at : found.at + found.size].endswith(b"IEND\xae\x42\x60\x82")


def test_a_tag_before_the_mark() -> None:
    tag = b"ID3\3\0\0\0\0\0\x10" + b"TIT2\0\0\0\6\0\0\0title"
    root = tree(tag + b"fLaC" + block(1, bytes(4), last=True))
    assert root.text("ID3", "TIT2") == "title"
    assert root.first("PADDING") is not None


@pytest.mark.parametrize("kind", range(8))
def test_a_block_longer_than_the_file(kind: int) -> None:
    data = b"fLaC" + bytes([kind]) + b"\xff\xff\xff" + b"\xff" * 40
    root = survives(read_flac, data)
    assert root is not None
    assert any("are left" in (p.trouble or "") for _, p in root.walk())


def test_endless_blocks_are_bounded() -> None:
    root = survives(read_flac, b"fLaC" + block(1, b"") * 5000)
    assert root is not None
    assert "Only the first" in (root.parts[-1].trouble or "")


def test_no_mark() -> None:
    assert tree(b"").trouble
    assert tree(b"OggS").trouble


def test_every_beginning_of_a_small_file() -> None:
    cut_everywhere(read_flac, made("a.flac")[:300])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_changed_bytes_never_raise(data: st.DataObject) -> None:
    changed = bytearray(made("a.flac")[:400])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.integers(0, 255))
    survives(read_flac, bytes(changed))
