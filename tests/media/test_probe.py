"""What a container says, measured on its packets, and the digest that survives a re-mux."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from forensics.errors import MediaError
from forensics.media.probe import DIGEST_SCHEME, NO_TIME, open_container, probe_container
from forensics.model import Probe, StreamType
from tests.media.making import make, tone, x264


def probe(path: Path, demuxer: str = "mov") -> Probe:
    return probe_container(path, demuxer)[0]


def digests(path: Path, demuxer: str = "mov") -> list[str | None]:
    return [s.digest for s in probe(path, demuxer).streams]


def test_streams_are_described(clip: Path) -> None:
    found = probe(clip)
    video, audio = found.streams
    assert (video.type, video.codec, video.width, video.height) == (
        StreamType.VIDEO,
        "h264",
        160,
        90,
    )
    assert (video.pixel_format, video.rotation) == ("yuv420p", 0)
    assert (audio.type, audio.codec, audio.sample_rate, audio.channels) == (
        StreamType.AUDIO,
        "aac",
        44100,
        1,
    )
    assert found.tags["title"] == "first"
    assert found.notes == ()


def test_rates_and_durations_are_exact(clip: Path) -> None:
    video = probe(clip).streams[0]
    assert video.frame_rate == Fraction(30000, 1001)
    assert video.packets == 90
    assert video.duration == 90 * Fraction(1001, 30000)
    assert video.start == 0
    assert video.keyframes == 3


def test_every_packet_is_listed(clip: Path) -> None:
    found, packets = probe_container(clip, "mov")
    assert len(packets) == sum(s.packets or 0 for s in found.streams)
    video = packets[packets["stream"] == 0]
    assert video["key"].sum() == 3
    assert sorted(video["pts"]) == [1001 * n for n in range(90)]
    assert (packets["pts"] != NO_TIME).all()


def test_the_digest_survives_new_metadata(clip: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    make("-i", clip, "-c", "copy", "-metadata", "title=second", "-movflags", "faststart", other)
    assert other.read_bytes() != clip.read_bytes()
    assert digests(other) == digests(clip)
    assert probe(clip).streams[0].digest_scheme == DIGEST_SCHEME


def test_the_digest_survives_another_container(clip: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.mkv"
    make("-i", clip, "-c", "copy", other)
    assert digests(other, "matroska") == digests(clip)


def test_the_digest_changes_with_a_new_encoding(clip: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    make("-i", clip, *x264("-crf", "40"), "-c:a", "copy", other)
    before, after = digests(clip), digests(other)
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_the_digest_is_repeatable_and_differs_between_streams(clip: Path) -> None:
    assert digests(clip) == digests(clip)
    assert len(set(digests(clip))) == 2


def test_pictures_cut_off_by_an_edit_list_do_not_count_for_the_duration(
    clip: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.mp4"
    make("-ss", "1.5", "-i", clip, "-c", "copy", cut)
    video = probe(cut).streams[0]
    assert video.start == 0
    assert video.duration is not None
    assert video.duration < video.packets * Fraction(1001, 30000)


def test_a_late_start_is_kept(clip: Path, tmp_path: Path) -> None:
    late = tmp_path / "late.ts"
    make("-i", clip, "-c", "copy", "-muxdelay", "0", "-output_ts_offset", "5", late)
    video = probe(late, "mpegts").streams[0]
    assert video.start == 5
    assert video.duration == 90 * Fraction(1001, 30000)


@pytest.mark.parametrize(("turn", "clockwise"), [("90", 270), ("180", 180), ("270", 90)])
def test_rotation_is_told_clockwise(clip: Path, tmp_path: Path, turn: str, clockwise: int) -> None:
    turned = tmp_path / "turned.mp4"
    make("-display_rotation", turn, "-i", clip, "-c", "copy", turned)
    assert probe(turned).streams[0].rotation == clockwise
    assert digests(turned) == digests(clip)


def test_tags_stay_exact_and_bounded(clip: Path, tmp_path: Path) -> None:
    tagged = tmp_path / "tagged.mkv"
    nasty = "\x1b]0;x\x07<script>\u202egpj.exe"
    make(
        "-i",
        clip,
        "-c",
        "copy",
        "-metadata",
        f"title={nasty}",
        "-metadata",
        f"comment={'x' * 5000}",
        tagged,
    )
    tags = probe(tagged, "matroska").tags
    assert tags["title"] == nasty
    assert tags["COMMENT"] == "x" * 1024


def test_subtitles_are_a_stream_like_others(clip: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.srt"
    text.write_text("1\n00:00:00,000 --> 00:00:02,000\n<b>\x1b[31mПривет</b>\n")
    mkv = tmp_path / "clip.mkv"
    make("-i", clip, "-i", text, "-map", "0", "-map", "1", "-c", "copy", mkv)
    found = probe(mkv, "matroska")
    assert [s.type for s in found.streams] == [
        StreamType.VIDEO,
        StreamType.AUDIO,
        StreamType.SUBTITLE,
    ]
    assert found.streams[2].packets == 1


def test_only_the_demuxer_that_was_named_may_open_a_file(clip: Path) -> None:
    with (
        pytest.raises(MediaError, match="container cannot be read"),
        open_container(clip, "matroska"),
    ):
        pass


def test_sound_alone_has_no_picture_fields(tmp_path: Path) -> None:
    wav = tmp_path / "tone.wav"
    make(*tone(1), wav)
    stream = probe(wav, "wav").streams[0]
    assert (stream.type, stream.width, stream.frame_rate) == (StreamType.AUDIO, None, None)
    assert stream.duration == 1
