"""Picture types from slice headers, against what a decoder says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import av
import pytest
from av.video.frame import PictureType
from hypothesis import given
from hypothesis import strategies as st

from forensics.media.pictures import h264_picture_type, nal_length_size
from forensics.media.probe import probe_container
from tests.media.making import make, pattern, x264


def decoded_types(path: Path) -> dict[str, int]:
    with av.open(str(path)) as container:
        types = Counter(PictureType(frame.pict_type).name for frame in container.decode(video=0))
    return dict(sorted(types.items()))


CASES = {
    "no B-frames": x264(b_frames=0),
    "B-frames": x264(b_frames=3, gop=20),
    "B pyramid": x264("-x264-params", "b-pyramid=normal:scenecut=40", b_frames=3, gop=50),
    "several slices": x264("-x264-params", "slices=4"),
    "all intra": x264(gop=1, b_frames=0),
    "open groups": x264("-x264-params", "open-gop=1", gop=12),
    "interlaced": x264("-x264-params", "tff=1"),
    "main profile with CABAC": (
        "-c:v",
        "libx264",
        "-preset",
        "medium",
        "-pix_fmt",
        "yuv420p",
        "-g",
        "25",
    ),
}


@pytest.mark.parametrize("options", CASES.values(), ids=CASES)
@pytest.mark.parametrize(
    ("form", "demuxer"), [("mp4", "mov"), ("ts", "mpegts"), ("mkv", "matroska")]
)
def test_types_equal_those_of_the_decoder(
    tmp_path: Path, options: tuple[str, ...], form: str, demuxer: str
) -> None:
    path = tmp_path / f"clip.{form}"
    make(*pattern(2, size="160x96"), *options, path)
    found, packets = probe_container(path, demuxer)
    assert dict(found.streams[0].picture_types) == decoded_types(path)
    assert len(packets) == 50


def test_other_codecs_tell_keyframes_only(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    make(*pattern(1), "-c:v", "mpeg4", "-g", "5", path)
    found, _ = probe_container(path, "matroska")
    assert dict(found.streams[0].picture_types) == {"I": 5, "?": 20}


@pytest.mark.parametrize(
    ("extradata", "size"),
    [
        (None, 0),
        (b"", 0),
        (b"\0\0\0\1\x67\x42\0", 0),
        (b"\1\x42\0\x1e\xff\xe1\0", 4),
        (b"\1\x42\0\x1e\xfd\xe1\0", 2),
        (b"\1\x42\0", 0),
    ],
)
def test_the_length_field_is_read_from_the_configuration(
    extradata: bytes | None, size: int
) -> None:
    assert nal_length_size(extradata) == size


def test_an_escaped_header_is_unescaped() -> None:
    # first_mb 65535 takes 15 zero bits and more, so a byte of the header must be escaped.
    bits = "0" * 16 + f"{65536:b}" + "011" + "1" * 16
    raw = int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8), "big")
    escaped = raw.replace(b"\0\0\x01", b"\0\0\x03\x01").replace(b"\0\0\0", b"\0\0\x03\0")
    assert h264_picture_type(b"\0\0\1\x41" + escaped, 0) == h264_picture_type(
        b"\0\0\1\x41" + raw, 0
    )


@given(st.binary(max_size=200), st.sampled_from([0, 1, 2, 3, 4]))
def test_any_bytes_have_a_type_or_none(packet: bytes, length_size: int) -> None:
    assert h264_picture_type(packet, length_size) in {"I", "P", "B", "?"}
    assert h264_picture_type(memoryview(packet), length_size) in {"I", "P", "B", "?"}
