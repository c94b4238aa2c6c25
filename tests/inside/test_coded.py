"""The coded streams as a tree: what was put into a clip is told of it, and any bytes are survived."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.codec import plain
from forensics.errors import LimitExceeded
from forensics.inside.coded import coded_tree, read_coded, read_prepared
from forensics.inside.codedmessages import of_messages, time_code
from forensics.inside.codedsets import of_set
from forensics.inside.codedtimes import groups, timing
from forensics.inside.window import Allowance, Window
from forensics.media.prepare import PACKETS, prepare
from forensics.media.probe import NO_TIME, PACKET, read_container
from forensics.media.seen import MAX_DATA, Message, Seen
from forensics.media.tracks import MAX_MESSAGES, Track
from forensics.media.units import Coding
from forensics.model import Part, Stream, StreamType
from tests.media.making import make, pattern, tone, x264

X265 = "log-level=none:keyint=10"


def window() -> Window:
    return Window(io.BytesIO(), size=1 << 40)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("coded") / "clip.mp4"
    tags = ("-x264-params", "colorprim=bt709:transfer=bt709:colormatrix=bt709")
    make(*pattern(2), *tone(3), *x264(*tags, gop=20, b_frames=2), "-c:a", "aac", path)
    return path


@pytest.fixture(scope="module")
def tree(clip: Path) -> Part:
    return read_coded(clip, "mov")


def test_both_streams_and_their_digests_are_told(clip: Path, tree: Part) -> None:
    probe = read_container(clip, "mov").probe
    assert [(p.name, p.value) for p in tree.parts] == [
        ("Stream 0", "video"),
        ("Stream 1", "audio"),
        ("Pictures and sound", None),
    ]
    for stream, part in zip(probe.streams, tree.parts, strict=False):
        assert [part.text(scheme) for scheme, _ in stream.digests] == [d for _, d in stream.digests]
        assert len(stream.digests) == 2


def test_x264_tells_its_settings_and_where_they_stand(clip: Path, tree: Part) -> None:
    message = tree.first("Messages", "unregistered user data")
    assert message is not None
    assert message.at is not None
    assert message.size is not None
    unit = clip.read_bytes()[message.at : message.at + message.size]
    assert unit[0] & 31 == 6
    assert b"x264 - core" in unit
    assert message.text("version").startswith("x264 - core")
    assert message.text("settings", "keyint") == "20"
    assert message.text("settings", "bframes") == "2"
    assert not message.personal


def test_x265_tells_its_settings_with_its_flags(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    make(*pattern(1), "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", X265, path)
    found = read_coded(path, "matroska")
    assert found.text("version").startswith("x265 (build")
    assert found.text("settings", "keyint") == "10"
    assert found.text("settings", "no-hevc-aq") in {"", "yes"}
    assert found.text("Sequence parameter set", "size") == "160 × 90"
    assert found.text("Sequence parameter set", "general_profile_idc") == "1"


def test_the_parameter_set_agrees_with_what_was_encoded(tree: Part) -> None:
    found = tree.first("Sequence parameter set")
    assert found is not None
    assert found.trouble is None
    assert found.text("size") == "160 × 90"
    assert found.text("colour_primaries") == "1"
    assert found.text("timing") == "25.000"
    assert tree.first("colour", "primaries").meaning == "BT.709"


def test_groups_are_measured(tree: Part) -> None:
    found = tree.first("Groups of pictures")
    assert found is not None
    assert (found.text("keyframes"), found.text("usual"), found.text("last")) == ("3", "20", "10")
    assert found.text("first group").startswith("I")
    assert found.text("B in a row") in {"1", "2"}
    assert found.text("NAL type 5") == "3"
    assert found.text("with pictures before the keyframe") == "0"


@pytest.mark.parametrize(("option", "leaning"), [("1", True), ("0", False)], ids=["open", "closed"])
def test_open_groups_are_told_from_closed_ones(tmp_path: Path, option: str, leaning: bool) -> None:
    path = tmp_path / "clip.mp4"
    params = f"open-gop={option}:keyint=8:min-keyint=8:bframes=3:b-adapt=0:scenecut=0"
    make(*pattern(2), "-c:v", "libx264", "-preset", "medium", "-x264-params", params, path)
    found = read_coded(path, "mov").first("with pictures before the keyframe")
    assert found is not None
    assert (found.value != 0) is leaning
    assert ("open groups" in found.meaning) is leaning


def test_mpeg2_tells_its_time_code_and_closed_groups(tmp_path: Path) -> None:
    path = tmp_path / "clip.ts"
    code, steady = ("-timecode", "10:11:12:05"), ("-sc_threshold", "1000000000")
    make(*pattern(1), "-c:v", "mpeg2video", "-g", "10", "-flags", "+cgop", *code, *steady, path)
    found = read_coded(path, "mpegts")
    assert found.text("Time code") == "10:11:12:05"
    assert found.text("said to be closed") == "3"
    assert found.text("Sequence header", "size") == "160 × 90"
    assert found.text("Sequence header", "frame_rate_code") == "3"


def test_mastering_and_light_of_high_dynamic_range_are_read(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    hdr = (
        f"{X265}:hdr10=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:max-cll=1000,400:"
        "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
    )
    options = ("-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-preset", "ultrafast")
    make(*pattern(1), *options, "-x265-params", hdr, path)
    found = read_coded(path, "mov")
    assert found.text("mastering display", "red") == "0.68, 0.32"
    assert found.text("mastering display", "brightest") == "1000"
    assert found.text("content light level", "brightest pixel") == "1000"
    assert found.first("colour", "transfer").meaning.startswith("SMPTE 2084")
    assert found.text("Sequence parameter set", "bit_depth") == "10"


def test_av1_tells_profile_and_size(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    make(*pattern(1), "-pix_fmt", "yuv420p", "-c:v", "libsvtav1", "-preset", "12", path)
    found = read_coded(path, "matroska").first("Sequence header")
    assert found is not None
    assert (found.text("seq_profile"), found.text("size")) == ("0", "160 × 90")


def test_sound_that_begins_late_and_lasts_longer_is_told(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    make(*pattern(1), "-itsoffset", "0.5", *tone(2), *x264(), "-c:a", "pcm_s16le", path)
    found = read_coded(path, "matroska").first("Pictures and sound")
    assert found is not None
    assert [found.text(n) for n in ("offset", "longer", "end")] == ["0.500", "1.000", "1.500"]


def test_variable_rate_and_gaps_are_told(tmp_path: Path, clip: Path) -> None:
    varying, gapped = tmp_path / "varying.mp4", tmp_path / "gapped.mp4"
    select = "select='not(mod(n,2))+lt(n,20)+not(mod(n,5))'"
    make(*pattern(4), "-vf", select, "-fps_mode", "vfr", *x264(), varying)
    make(*pattern(4), "-vf", "select='lt(n,40)+gt(n,60)'", "-fps_mode", "vfr", *x264(), gapped)
    assert read_coded(varying, "mov").first("Timing", "rate").value == "variable"
    found = read_coded(gapped, "mov").first("Timing")
    assert found is not None
    assert found.text("rate") == "constant but for some"
    assert found.text("longest") == "0.880"
    assert found.text("Gaps") == "1"
    assert found.text("Gaps", "after 1.560 s") == "0.840"
    assert read_coded(clip, "mov").first("Timing", "rate").value == "constant"


def test_gaps_and_overlaps_of_sound_are_told() -> None:
    stream = Stream(index=0, type=StreamType.AUDIO, codec="aac", time_base=Fraction(1, 48000))
    rows = [(0, t, t, 1024, 10, b"", True) for t in (0, 1024, 4096, 5120, 5632, 6656)]
    found = timing(window(), stream, np.array(rows, PACKET), pictures=False)
    assert found is not None
    assert found.text("Gaps", "after 0.021 s") == "0.043"
    assert found.text("Overlaps", "after 0.107 s") == "0.011"


def test_subtitles_attachments_and_dispositions_are_listed(tmp_path: Path) -> None:
    text, note, path = tmp_path / "text.srt", tmp_path / "note.txt", tmp_path / "clip.mkv"
    text.write_text("1\n00:00:00,000 --> 00:00:01,000\nПривет\n")
    note.write_text("beside it")
    make(
        *(
            *pattern(1),
            "-i",
            text,
            *x264(),
            "-attach",
            note,
            "-metadata:s:t",
            "mimetype=text/plain",
        ),
        *("-disposition:s:0", "forced", "-metadata:s:s:0", "language=rus", path),
    )
    streams = read_coded(path, "matroska").parts[:3]
    assert [p.value for p in streams] == ["video", "subtitle", "attachment"]
    assert streams[1].text("disposition") == "forced"
    assert streams[1].text("Tags", "language") == "rus"
    assert streams[2].text("Tags", "filename") == "note.txt"
    assert streams[2].first("Tags", "filename").personal


def test_a_check_leaves_all_that_the_tree_needs(tmp_path: Path, clip: Path, tree: Part) -> None:
    (tmp_path / "asset").write_bytes(clip.read_bytes())
    assert read_prepared(tmp_path) is None
    prepare(str(tmp_path), "video", "video/mp4", "mov", 10**8, 60.0)
    assert read_prepared(tmp_path) == tree
    json.dumps(plain(tree))
    (tmp_path / PACKETS).unlink()
    assert read_prepared(tmp_path) is None


# Hostile.


def sei(kind: int, body: bytes) -> bytes:
    return (
        bytes([6])
        + b"\xff" * (kind // 255)
        + bytes([kind % 255])
        + _size(len(body))
        + body
        + b"\x80"
    )


def _size(size: int) -> bytes:
    return b"\xff" * (size // 255) + bytes([size % 255])


class Packet:
    """A packet as the demuxer hands it out."""

    def __init__(self, data: bytes, *, key: bool = True) -> None:
        self.data = data
        self.is_keyframe = key
        self.is_discard = False
        self.pts = self.dts = self.pos = self.duration = None

    def __bytes__(self) -> bytes:
        return self.data


def seen(coding: Coding, *packets: bytes, length: int = 0, extradata: bytes = b"") -> Seen:
    track = Track(coding, pictures=True, length_size=length, extradata=extradata)
    for packet in packets:
        track.see(Packet(packet))
    return track.seen(Seen(index=0))


def names(tree: Part | None) -> Iterator[str]:
    return (part.name for _, part in tree.walk()) if tree else iter(())


@given(
    st.sampled_from(Coding),
    st.lists(st.binary(max_size=80), max_size=4),
    st.sampled_from([0, 1, 4]),
    st.binary(max_size=60),
)
def test_any_bytes_make_a_tree(
    coding: Coding, packets: list[bytes], length: int, extradata: bytes
) -> None:
    found = seen(coding, *packets, length=length, extradata=extradata)
    for unit in found.sets:
        of_set(window(), coding, unit)
    json.dumps(plain(of_messages(window(), found, coding)))
    json.dumps(plain(found))


SETS = {
    Coding.AVC: bytes([0x67]),
    Coding.HEVC: bytes([0x42, 1]),
    Coding.AV1: b"",
    Coding.MPEG2: bytes([0xB3]),
    Coding.MPEG4: bytes([0xB0]),
}


@given(st.sampled_from(list(SETS)), st.binary(max_size=60))
def test_any_parameter_set_is_read_as_far_as_it_goes(coding: Coding, body: bytes) -> None:
    found = of_set(window(), coding, SETS[coding] + body)
    assert found is None or found.trouble is None or "ends before" in found.trouble


def test_a_parameter_set_cut_at_every_byte_keeps_what_stands_before(clip: Path) -> None:
    (whole,) = [s for s in read_container(clip, "mov").seen[0].sets if s[0] & 31 == 7]
    full = [p.name for p in of_set(window(), Coding.AVC, whole).parts]
    for size in range(1, len(whole)):
        found = of_set(window(), Coding.AVC, whole[:size])
        assert [p.name for p in found.parts] == full[: len(found.parts)]


@given(st.sampled_from([0, 4, 5, 6, 47, 136, 137, 144, 147]), st.binary(max_size=40))
def test_any_message_is_read_as_far_as_it_goes(kind: int, body: bytes) -> None:
    for coding in (Coding.AVC, Coding.AV1, Coding.MPEG2):
        message = Message(kind=kind, packet=0, at=None, size=len(body), data=body)
        raw = Seen(index=0, messages=(message,), counts={str(kind): 1})
        json.dumps(plain(of_messages(window(), raw, coding)))


def test_a_message_of_length_2_to_the_63_ends_with_its_unit() -> None:
    endless = b"\0\0\1" + bytes([6, 5]) + b"\xff" * 5000
    found = seen(Coding.AVC, endless)
    assert all(m.size <= len(endless) for m in found.messages)


def test_a_million_kinds_of_messages_are_counted_and_few_kept() -> None:
    many = b"".join(
        b"\0\0\1" + sei(5, bytes([1 + n // 200, 1 + n % 200] * 8) + b"note") for n in range(2000)
    )
    found = seen(Coding.AVC, many)
    assert len(found.messages) <= 3 * MAX_MESSAGES
    assert found.counts["5"] == 2000


def test_a_long_message_is_cut_and_said_to_be() -> None:
    found = seen(Coding.AVC, b"\0\0\1" + sei(5, b"u" * 16 + b"long " * 2000))
    (message,) = found.messages
    assert (len(message.data), message.size) == (MAX_DATA, 10_016)
    said = of_messages(window(), found, Coding.AVC).first("unregistered user data")
    assert said is not None
    assert said.trouble is not None
    assert "10016 bytes" in said.trouble


def test_hostile_text_stays_text_and_unknown_user_data_may_be_personal() -> None:
    body = bytes(range(16)) + "serial 12 \u202egpj".encode()
    escape = bytes(range(1, 17)) + b"\x1b]0;x\x07"
    found = seen(Coding.AVC, b"\0\0\1" + sei(5, body) + b"\0\0\1" + sei(5, escape))
    first, second, _ = of_messages(window(), found, Coding.AVC).parts
    assert first.value == body[16:].hex(), "what is not printable is shown as bytes"
    assert second.value == escape[16:].hex()
    plainly = seen(Coding.AVC, b"\0\0\1" + sei(5, bytes(range(16)) + b"serial 12"))
    said = of_messages(window(), plainly, Coding.AVC).first("unregistered user data")
    assert (said.value, said.personal) == ("serial 12", True)


def test_no_packets_and_no_times_make_an_empty_tree() -> None:
    stream = Stream(index=0, type=StreamType.VIDEO, codec="h264", time_base=Fraction(1, 25))
    nothing = np.array([], PACKET)
    assert timing(window(), stream, nothing, pictures=True) is None
    assert groups(window(), Coding.AVC, Seen(index=0), nothing) is None
    untimed = np.array([(0, NO_TIME, NO_TIME, 0, 1, b"?", n == 0) for n in range(3)], PACKET)
    assert timing(window(), stream, untimed, pictures=True) is None
    assert groups(window(), Coding.AVC, Seen(index=0), untimed) is not None


@given(
    st.lists(
        st.tuples(
            st.just(0), *[st.integers(-(2**63), 2**63 - 1)] * 2, *[st.integers(0, 2**32 - 1)] * 2,
            st.sampled_from([b"I", b"P", b"B", b"", b"\xff"]), st.booleans(),
        ),
        max_size=8,
    ),
    st.booleans(),
)  # fmt: skip
def test_any_times_make_a_tree(rows: list[tuple[object, ...]], pictures: bool) -> None:
    stream = Stream(index=0, type=StreamType.VIDEO, codec="h264", time_base=Fraction(1, 90000))
    packets = np.array(rows, PACKET)
    timing(window(), stream, packets, pictures=pictures)
    groups(window(), Coding.AVC, Seen(index=0), packets)


@given(st.sampled_from([Coding.MPEG2, Coding.MPEG4]), st.binary(max_size=6))
def test_any_time_code_is_text(coding: Coding, header: bytes) -> None:
    assert isinstance(time_code(coding, header), str)


def test_the_parts_of_a_file_are_bounded(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Allowance, "keep", _spent)
    found = read_container(clip, "mov")
    with pytest.raises(LimitExceeded):
        coded_tree(found.probe, found.packets, found.seen)


def _spent(self: Allowance, count: int = 1) -> None:
    raise LimitExceeded("The file holds more parts than are kept of one file.")
