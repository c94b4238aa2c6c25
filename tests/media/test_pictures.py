"""Picture types from slice headers, against what a decoder says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import av
import pytest
from av.video.frame import PictureType
from hypothesis import given
from hypothesis import strategies as st

from forensics.media.pictures import PictureTypes, avc_slice_type
from forensics.media.probe import probe_container
from forensics.media.units import Coding, units
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


OTHERS = {
    "H.265": (
        ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=10"),
        "mp4",
    ),
    "H.265 open": (
        ("-c:v", "libx265", "-x265-params", "log-level=none:keyint=10:open-gop=1:bframes=3"),
        "ts",
    ),
    "MPEG-2": (("-c:v", "mpeg2video", "-g", "9", "-bf", "2"), "ts"),
    "MPEG-1": (("-c:v", "mpeg1video", "-g", "9", "-bf", "1"), "mkv"),
    "MPEG-4": (("-c:v", "mpeg4", "-g", "7", "-bf", "1"), "mp4"),
    "VP8": (("-c:v", "libvpx", "-g", "8", "-deadline", "realtime", "-auto-alt-ref", "0"), "webm"),
    "VP9": (("-c:v", "libvpx-vp9", "-g", "8", "-deadline", "realtime", "-cpu-used", "8"), "webm"),
    "AV1": (
        ("-c:v", "libsvtav1", "-preset", "12", "-g", "8", "-svtav1-params", "pred-struct=1"),
        "mp4",
    ),
    "motion JPEG": (("-c:v", "mjpeg"), "avi"),
}
DEMUXERS = {"mp4": "mov", "ts": "mpegts", "mkv": "matroska", "webm": "matroska", "avi": "avi"}


@pytest.mark.parametrize(("options", "form"), OTHERS.values(), ids=OTHERS)
def test_types_of_other_codings_equal_those_of_the_decoder(
    tmp_path: Path, options: tuple[str, ...], form: str
) -> None:
    path = tmp_path / f"clip.{form}"
    make(*pattern(1, size="128x96"), "-pix_fmt", "yuv420p", *options, path)
    found, _ = probe_container(path, DEMUXERS[form])
    types = dict(found.streams[0].picture_types)
    assert types == decoded_types(path)
    assert types["I"] == found.streams[0].keyframes


def test_a_coding_that_is_not_read_tells_keyframes_only(tmp_path: Path) -> None:
    path = tmp_path / "clip.avi"
    make(*pattern(1), "-c:v", "flv1", "-g", "5", "-sc_threshold", "1000000000", path)
    found, _ = probe_container(path, "avi")
    assert dict(found.streams[0].picture_types) == {"?": 20, "I": 5}


def test_an_escaped_header_is_unescaped() -> None:
    # first_mb 65535 takes 15 zero bits and more, so a byte of the header must be escaped.
    bits = "0" * 16 + f"{65536:b}" + "011" + "1" * 16
    raw = int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8), "big")
    escaped = raw.replace(b"\0\0\x01", b"\0\0\x03\x01").replace(b"\0\0\0", b"\0\0\x03\0")
    assert avc_slice_type(escaped) == avc_slice_type(raw) == "I"


@given(
    st.sampled_from(Coding),
    st.binary(max_size=200),
    st.sampled_from([0, 1, 2, 3, 4]),
    st.booleans(),
)
def test_any_bytes_have_a_type_or_none(
    coding: Coding, packet: bytes, length: int, key: bool
) -> None:
    types = PictureTypes(coding)
    types.learn(packet)
    kind, first = types.of(packet, units(coding, packet, length), key=key)
    assert kind in {"I", "P", "B", "S", "R", "?"}
    assert first >= -1
