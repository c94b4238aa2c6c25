from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.media.boxes import read_boxes
from forensics.media.sei import Signature, encoder_signature, sound_signature
from tests.media.isobmff import box, ftyp, full, hdlr

X264 = bytes.fromhex("dc45e9bde6d948b7962cd820d923eeef")


def h264(sample: bytes, entry: bytes = b"avc1", place: int | None = None) -> bytes:
    """A file with one picture track whose first chunk begins with `sample`."""
    head = ftyp()
    config = box(b"avcC", bytes([1, 100, 0, 31, 0xFF]))
    table = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), box(entry, bytes(78), config)),
        full(b"stco", struct.pack(">II", 1, len(head) + 8 if place is None else place)),
    )
    media = box(b"mdia", hdlr(b"vide", b""), box(b"minf", table))
    return head + box(b"mdat", sample) + box(b"moov", box(b"trak", media))


def unit(payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + payload


def message(text: bytes, uuid: bytes = X264, kind: int = 5) -> bytes:
    body = uuid + text
    size = b"\xff" * (len(body) // 255) + bytes([len(body) % 255])
    return b"\x06" + bytes([kind]) + size + body + b"\x80"


def signature(path: Path, data: bytes) -> Signature | None:
    path.write_bytes(data)
    root = read_boxes(path)
    assert root is not None
    return encoder_signature(path, root)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def test_the_message_is_found_with_its_place(file: Path) -> None:
    data = h264(unit(b"\x09\xf0") + unit(message(b"x264 - core 164\0")) + unit(b"\x65picture"))
    found = signature(file, data)
    assert found == Signature(
        text="x264 - core 164",
        offset=len(ftyp()) + 8 + 6,
        field="SEI user data",
        uuid="dc45e9bd-e6d9-48b7-962c-d820d923eeef",
    )


def test_a_message_longer_than_255_bytes(file: Path) -> None:
    text = b"x264 - core 164 - options: " + b"a=1 " * 200
    found = signature(file, h264(unit(message(text))))
    assert found is not None
    assert found.text == text.decode()


def test_emulation_prevention_is_undone(file: Path) -> None:
    coded = message(b"x264 v1", bytes(14) + b"\1\1").replace(b"\0\0\1", b"\0\0\3\1")
    found = signature(file, h264(unit(coded)))
    assert found is not None
    assert found.text == "x264 v1"


def test_an_encoder_goes_before_another_note(file: Path) -> None:
    data = h264(unit(message(b"take 5", bytes(15) + b"1")) + unit(message(b"x264 - core 1")))
    found = signature(file, data)
    assert found is not None
    assert found.text == "x264 - core 1"


@pytest.mark.parametrize(
    ("case", "data"),
    [
        ("behind the first picture", h264(unit(b"\x65picture") + unit(message(b"x264 late")))),
        ("another kind of message", h264(unit(message(b"x264 - core 1", kind=4)))),
        ("no text", h264(unit(message(b"\1\2\3")))),
        ("unknown coding", h264(unit(message(b"x264 - core 1")), entry=b"vp09")),
        ("empty units", h264(bytes(100))),
        ("unit beyond the sample", h264(b"\xff\xff\xff\xff" + b"\x06\x05")),
        ("message beyond its unit", h264(unit(b"\x06\x05\xff\xff\xff"))),
        ("chunk beyond the file", h264(b"", place=2**32 - 1)),
        ("chunk at zero", h264(b"", place=0)),
    ],
)
def test_nothing_to_find(file: Path, case: str, data: bytes) -> None:
    assert signature(file, data) is None


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"avc1", b"hvc1"]))
def test_any_sample_is_survived(
    tmp_path_factory: pytest.TempPathFactory, sample: bytes, entry: bytes
) -> None:
    found = signature(tmp_path_factory.getbasetemp() / "sample", h264(sample, entry))
    assert found is None or found.text.isprintable()


@pytest.mark.parametrize(
    ("options", "suffix", "picture", "sound"),
    [
        ("-c:v libx264 -c:a aac", "mp4", "x264 - core", "Lavc"),
        ("-c:v libx264 -c:a aac -movflags +frag_keyframe+empty_moov", "mp4", "x264 - core", "Lavc"),
        ("-c:v libx265 -x265-params log-level=0 -c:a aac", "mov", "x265 (build", "Lavc"),
        ("-c:v libopenh264 -c:a pcm_s16le", "mov", None, None),
    ],
)
def test_what_encoders_sign(
    tmp_path: Path, options: str, suffix: str, picture: str | None, sound: str | None
) -> None:
    path = tmp_path / f"coded.{suffix}"
    source = "-f lavfi -i testsrc2=s=64x64:r=10:d=0.5 -f lavfi -i sine=d=0.5"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *source.split(), *options.split()]
    subprocess.run([*command, str(path)], check=True)
    root = read_boxes(path)
    assert root is not None
    for found, want in (
        (encoder_signature(path, root), picture),
        (sound_signature(path, root), sound),
    ):
        assert (found is None) == (want is None)
        if found is not None and want is not None:
            assert found.text.startswith(want)
            assert want.encode() in path.read_bytes()[found.offset :]
