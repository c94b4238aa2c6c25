"""The digest of what is coded stays through changes of container, and changes with what is coded."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.media.coded import SCHEME, CodedDigest
from forensics.media.probe import read_container
from forensics.media.units import Coding, units
from tests.media.making import make, pattern, tone, x264

DEMUXERS = {
    "mp4": "mov",
    "mov": "mov",
    "ts": "mpegts",
    "mkv": "matroska",
    "webm": "matroska",
    "avi": "avi",
}
H265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=12")
CASES = {
    "H.264 and AAC": ((*x264(gop=12), "-c:a", "aac"), ("mov", "mkv", "ts")),
    "H.264 with delimiters, messages and slices": (
        (
            *x264("-x264-params", "aud=1:nal-hrd=vbr:slices=3:vbv-maxrate=500:vbv-bufsize=500"),
            "-c:a",
            "ac3",
        ),
        ("mov", "mkv", "ts"),
    ),
    "H.265 and MP3": ((*H265, "-c:a", "libmp3lame"), ("mov", "mkv", "ts")),
    "AV1 and Opus": (("-c:v", "libsvtav1", "-preset", "12", "-c:a", "libopus"), ("webm", "mkv")),
    "VP9 and Opus": (
        ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
        ("webm", "mkv"),
    ),
    "MPEG-2": (("-c:v", "mpeg2video", "-bf", "2", "-c:a", "mp2"), ("mkv", "ts", "avi")),
    "MPEG-4": (("-c:v", "mpeg4", "-g", "9", "-c:a", "libmp3lame"), ("mov", "mkv", "ts", "avi")),
}


def coded(path: Path) -> dict[str, str | None]:
    probe = read_container(path, DEMUXERS[path.suffix[1:]]).probe
    assert {s.coded_digest_scheme for s in probe.streams} == {SCHEME}
    return {s.type.value: s.coded_digest for s in probe.streams}


@pytest.mark.parametrize(("options", "forms"), CASES.values(), ids=CASES)
def test_it_survives_every_container(
    tmp_path: Path, options: tuple[str, ...], forms: tuple[str, ...]
) -> None:
    first = tmp_path / "first.mp4"
    make(*pattern(1), *tone(1), "-pix_fmt", "yuv420p", *options, "-strict", "-2", first)
    want = coded(first)
    assert len(set(want.values())) == 2
    for form in forms:
        other = tmp_path / f"other.{form}"
        make("-i", first, "-c", "copy", "-metadata", "title=changed", other)
        assert coded(other) == want, form
    fragmented = tmp_path / "fragmented.mp4"
    make("-i", first, "-c", "copy", "-movflags", "frag_keyframe+delay_moov", fragmented)
    assert coded(fragmented) == want


def test_it_survives_the_way_back(tmp_path: Path) -> None:
    first, there, back = (tmp_path / name for name in ("first.mp4", "there.ts", "back.mp4"))
    make(*pattern(1), *tone(1), *x264(gop=10), "-c:a", "aac", first)
    make("-i", first, "-c", "copy", there)
    make("-i", there, "-c", "copy", back)
    assert coded(back) == coded(there) == coded(first)


def test_pcm_survives_other_packets(tmp_path: Path) -> None:
    first, other = tmp_path / "first.avi", tmp_path / "other.mkv"
    make(*pattern(1), *tone(1), "-c:v", "mjpeg", "-c:a", "pcm_s16le", first)
    make("-i", first, "-c", "copy", other)
    assert coded(first) == coded(other)


def test_it_survives_the_loss_of_messages_and_changed_colour_tags(tmp_path: Path) -> None:
    first, other = tmp_path / "first.mp4", tmp_path / "other.mp4"
    make(*pattern(1), *x264(), first)
    tags = (
        "filter_units=remove_types=6,h264_metadata=colour_primaries=9:transfer_characteristics=16"
    )
    make("-i", first, "-c", "copy", "-bsf:v", tags, other)
    assert coded(other) == coded(first)
    before, after = (read_container(path, "mov").probe.streams[0].digest for path in (first, other))
    assert before != after


def test_it_changes_with_another_encoding_and_with_a_cut(tmp_path: Path) -> None:
    first, cut, new = (tmp_path / name for name in ("first.mp4", "cut.mp4", "new.mp4"))
    make(*pattern(2), *x264(gop=10), first)
    make("-ss", "0.8", "-i", first, "-c", "copy", cut)
    make("-i", first, *x264("-crf", "40"), new)
    assert len({coded(path)["video"] for path in (first, cut, new)}) == 3


def test_subtitles_have_none(tmp_path: Path) -> None:
    text, made = tmp_path / "text.srt", tmp_path / "made.mkv"
    text.write_text("1\n00:00:00,000 --> 00:00:02,000\nПривет\n")
    make(*pattern(1), "-i", text, *x264(), made)
    video, subtitle = read_container(made, "matroska").probe.streams
    assert video.coded_digest
    assert (subtitle.coded_digest, subtitle.coded_digest_scheme) == (None, None)


def digest(coding: Coding, *packets: bytes, length: int = 0) -> str | None:
    found = CodedDigest(coding, pictures=coding is not Coding.AAC)
    for packet in packets:
        found.take(packet, units(coding, packet, length), key=True)
    return found.hexdigest()


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=4))
def test_adts_headers_do_not_count(frames: list[bytes]) -> None:
    raw = [b"\x21" + frame for frame in frames]
    with_headers = []
    for frame in raw:
        size = len(frame) + 7
        with_headers.append(
            bytes(
                [0xFF, 0xF1, 0x50, 0x80 | size >> 11, size >> 3 & 255, (size & 7) << 5 | 0x1F, 0xFC]
            )
            + frame
        )
    want = digest(Coding.AAC, *raw)
    assert digest(Coding.AAC, *with_headers) == want
    assert digest(Coding.AAC, b"".join(with_headers)) == want


def test_an_adts_header_that_lies_is_sound_like_any() -> None:
    lying = bytes([0xFF, 0xF1, 0x50, 0x83, 0xFF, 0xFF, 0xFC]) + b"short"
    assert digest(Coding.AAC, lying) != digest(Coding.AAC, b"short")


def test_damage_does_not_make_streams_equal() -> None:
    whole = b"\0\0\0\3\x65ab"
    assert digest(Coding.AVC, whole + b"\0\0\0\xffx", length=4) != digest(
        Coding.AVC, whole + b"\0\0\0\xffy", length=4
    )
    assert digest(Coding.AVC, b"\0\0\0\2\x06a", length=4) is None
