"""One decode pass: which pictures are taken, at which exact times, and how they stand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.media.prepare import (
    LONG_SIDE,
    MAX_SAMPLES,
    PACKETS,
    SPARING,
    _each_span_seen,
    _timed,
    main_picture_stream,
    reduced,
    sampling,
)
from forensics.media.probe import NO_TIME, PACKET
from forensics.media.samples import PIXELS
from forensics.model import MediaKind, Probe, Sample, Stream, StreamType
from tests.media.making import COLOURS, colours, make, nearest_colour, pattern, tone, x264
from tests.media.reading import Reader, Reading
from tests.media.tasks import __name__ as TASKS  # noqa: N812 - the name by which a worker finds them

STEP = Fraction(1001, 30000)


def times(reading: Reading) -> list[Fraction]:
    found = [s.time for s in reading.samples]
    assert all(a < b for a, b in pairwise(found))
    assert [s.index for s in reading.samples] == list(range(len(found)))
    return found


def stream(keyframes: int, packets: int = 1000) -> Stream:
    return Stream(
        index=0, type=StreamType.VIDEO, codec="h264", packets=packets, keyframes=keyframes
    )


# The plan


def test_the_usual_plan_is_keyframes_and_one_picture_a_second() -> None:
    plan = sampling(stream(keyframes=30), Fraction(60))
    assert (plan.keyframes, plan.every, plan.limit, plan.long_side) == (
        True,
        1,
        MAX_SAMPLES,
        LONG_SIDE,
    )
    assert plan.note == ""


def test_keyframes_are_not_taken_as_such_where_all_are_keyframes() -> None:
    plan = sampling(stream(keyframes=1500), Fraction(60))
    assert (plan.keyframes, plan.every) == (False, 1)
    assert "1500 in 60 s" in plan.note


def test_one_keyframe_of_a_very_short_clip_is_taken() -> None:
    assert sampling(stream(keyframes=1), Fraction(1, 25)).keyframes


def test_a_long_video_is_sampled_more_thinly_and_says_so() -> None:
    plan = sampling(stream(keyframes=100), Fraction(10 * 3600))
    assert plan.keyframes
    assert plan.every == 22
    assert "One picture in 22 s" in plan.note


def test_many_keyframes_of_a_long_video_give_way() -> None:
    plan = sampling(stream(keyframes=2000), Fraction(3600))
    assert not plan.keyframes
    assert plan.every == 2
    assert "2000" in plan.note


@given(st.integers(0, 10**7), st.fractions(0, 10**6))
def test_no_plan_takes_more_than_the_most(keyframes: int, duration: Fraction) -> None:
    plan = sampling(stream(keyframes), duration)
    assert plan.every is not None
    assert plan.every >= 1
    assert duration / plan.every + (keyframes if plan.keyframes else 0) <= plan.limit


def test_no_duration_is_no_obstacle() -> None:
    assert sampling(stream(0), None).every == 1


@given(st.integers(1, 10**5), st.integers(1, 10**5), st.sampled_from([0, 90, 180, 270]))
def test_reduced_sizes_are_bounded_and_keep_the_shape(width: int, height: int, turn: int) -> None:
    w, h = reduced(width, height, turn, 512)
    upright = (height, width) if turn in {90, 270} else (width, height)
    assert 1 <= min(w, h) <= max(w, h) <= 512
    if max(upright) <= 512:
        assert (w, h) == upright
    else:
        assert max(w, h) == 512
        assert abs(w * upright[1] - h * upright[0]) <= max(upright)


def test_a_cover_is_no_moving_picture() -> None:
    sound = Stream(index=0, type=StreamType.AUDIO, codec="mp3", packets=100)
    cover = Stream(index=1, type=StreamType.VIDEO, codec="mjpeg", packets=1)
    film = Stream(index=2, type=StreamType.VIDEO, codec="h264", packets=50)
    assert main_picture_stream(Probe(container="mp3", streams=(sound, cover))) is None
    assert main_picture_stream(Probe(container="avi", streams=(cover,))) is cover
    assert main_picture_stream(Probe(container="mov", streams=(sound, cover, film))) is film
    assert main_picture_stream(Probe(container="mov")) is None


# The pictures


def test_times_are_exact_and_the_pictures_stand_at_them(reader: Reader, tmp_path: Path) -> None:
    found = reader.read(colours(tmp_path / "c.mp4"))
    assert times(found) == [Fraction(n) for n in range(6)]
    assert [nearest_colour(found.picture(n)[24, 32]) for n in range(6)] == list(COLOURS[:6])
    assert [s.keyframe for s in found.samples] == [n == 0 for n in range(6)]


def test_rates_over_1001_give_exact_times(reader: Reader, clip: Path) -> None:
    found = reader.read(clip)
    assert times(found) == [0, 30 * STEP, 60 * STEP]
    assert all(s.keyframe for s in found.samples)
    assert found.prepared.kind is MediaKind.VIDEO
    assert found.probe.duration == 3.0 or found.probe.duration == 90 * STEP


@pytest.mark.parametrize("form", ["mkv", "ts", "mov"])
def test_another_container_gives_the_same_pictures(
    reader: Reader, clip: Path, tmp_path: Path, form: str
) -> None:
    other = tmp_path / f"clip.{form}"
    make("-i", clip, "-c", "copy", other)
    before, after = reader.read(clip), reader.read(other)
    near = Fraction(1, 1000) if form == "mkv" else 0  # Matroska counts milliseconds
    assert all(abs(a - b) <= near for a, b in zip(times(before), times(after), strict=True))
    for n in range(len(before.samples)):
        assert np.array_equal(before.picture(n), after.picture(n))


def test_pictures_before_the_edit_list_are_not_shown(
    reader: Reader, clip: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.mp4"
    make("-ss", "0.7", "-i", clip, "-c", "copy", cut)
    found = reader.read(cut)
    assert times(found)[0] == 0
    assert [s.time for s in found.samples if s.keyframe] == [9 * STEP, 39 * STEP]


def test_a_video_that_begins_after_its_sound_begins_at_zero(
    reader: Reader, clip: Path, tmp_path: Path
) -> None:
    late = tmp_path / "late.mp4"
    make(
        "-itsoffset", "1", "-i", clip, "-i", clip, "-map", "0:v", "-map", "1:a", "-c", "copy", late
    )
    assert times(reader.read(late)) == [0, 30 * STEP, 60 * STEP]


def test_a_container_without_presentation_times_gives_rising_times(
    reader: Reader, tmp_path: Path
) -> None:
    avi = tmp_path / "c.avi"
    found = reader.read(
        colours(
            avi, "-c:v", "mpeg4", "-q:v", "2", "-g", "60", "-bf", "2", "-sc_threshold", "1000000000"
        )
    )
    assert times(found) == [Fraction(n) for n in range(6)]
    assert [nearest_colour(found.picture(n)[24, 32]) for n in range(6)] == list(COLOURS[:6])


def test_h264_without_presentation_times_gives_rising_times(
    reader: Reader, clip: Path, tmp_path: Path
) -> None:
    avi = tmp_path / "c.avi"
    make("-i", clip, "-an", "-c:v", "copy", "-bsf:v", "h264_mp4toannexb", avi)
    found = times(reader.read(avi))
    assert len(found) == 3
    assert all(abs(t - 30 * n * STEP) < Fraction(1, 10) for n, t in enumerate(found))


def test_pictures_without_times_of_their_own_come_one_tick_after_the_last(tmp_path: Path) -> None:
    packets = [(0, NO_TIME, 10 * n, 10, 100, b"I", n == 0) for n in range(4)]
    np.save(tmp_path / PACKETS, np.array(packets, PACKET))
    (tmp_path / PIXELS).write_bytes(bytes(4 * 3))
    listed = tmp_path / "times.txt"
    listed.write_text("10 1/5\n20 1/5\n-9223372036854775808 1/5\n15 1/5\n99 1/5\n")
    found = _timed(tmp_path, listed, stream(1), 1, 1)
    assert [s.time for s in found] == [0, 2, Fraction(11, 5), Fraction(12, 5)]
    assert [s.keyframe for s in found] == [False] * 4


def test_a_variable_rate_is_followed(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "vfr.mp4"
    gap = "select='not(between(n,10,39))'"
    make(*pattern(3, rate="20"), "-vf", gap, "-fps_mode", "vfr", *x264(gop=100), path)
    assert times(reader.read(path)) == [0, 2]


def test_keyframes_between_the_seconds_are_taken(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "k.mp4"
    make(*pattern(3, rate="10"), *x264("-force_key_frames", "0.5,2.3", gop=100), path)
    found = reader.read(path)
    assert times(found) == [0, Fraction(1, 2), 1, 2, Fraction(23, 10)]
    assert [s.keyframe for s in found.samples] == [True, True, False, False, True]


def test_turned_video_is_set_upright(reader: Reader, tmp_path: Path) -> None:
    flat, turned = tmp_path / "flat.mp4", tmp_path / "turned.mp4"
    left, right = (f"color={c}:size=64x48:rate=5:duration=1" for c in ("red", "blue"))
    halves = f"{left}[a];{right}[b];[a][b]hstack"
    make("-filter_complex", halves, *x264(), flat)
    make("-display_rotation", "-90", "-i", flat, "-c", "copy", turned)  # shown turned clockwise
    before, after = reader.read(flat), reader.read(turned)
    assert before.picture().shape == (48, 128, 3)
    assert after.picture().shape == (128, 48, 3)
    assert nearest_colour(before.picture()[24, 16]) == "red"
    assert [nearest_colour(after.picture()[y, 24]) for y in (16, 112)] == ["red", "blue"]


def test_large_pictures_are_reduced(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "large.mp4"
    make(*pattern(0.2, size="1920x1080"), *x264(), path)
    assert reader.read(path).picture().shape == (288, 512, 3)


def test_decoding_twice_gives_the_same_bytes(reader: Reader, clip: Path) -> None:
    first, second = reader.read(clip), reader.read(clip)
    assert first.prepared == second.prepared
    pixels = [(r.folder / "pixels.rgb").read_bytes() for r in (first, second)]
    assert pixels[0] == pixels[1]


# Other kinds in a container


def test_an_mp4_with_sound_alone_is_sound(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    make(*tone(1), "-c:a", "aac", path)
    found = reader.read(path)
    assert found.prepared.kind is MediaKind.AUDIO
    assert found.samples == ()
    assert found.prepared.plan is None


def test_an_mp3_with_a_cover_is_sound(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    cover = ("-f", "lavfi", "-i", "color=red:size=64x64:duration=0.04:rate=25")
    make(
        *tone(1),
        *cover,
        "-map",
        "0",
        "-map",
        "1",
        "-c:v",
        "mjpeg",
        "-frames:v",
        "1",
        "-disposition:v",
        "attached_pic",
        path,
    )
    found = reader.read(path)
    assert found.prepared.kind is MediaKind.AUDIO
    assert {s.type for s in found.probe.streams} == {StreamType.AUDIO, StreamType.VIDEO}
    assert found.samples == ()


def test_an_ogg_with_pictures_is_video(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "film.ogv"
    make(*pattern(1), "-c:v", "libtheora", path)
    found = reader.read(path)
    assert found.prepared.kind is MediaKind.VIDEO
    assert len(found.samples) >= 1


def test_a_video_without_packets_is_told(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    make(*pattern(1), *x264(), "-frames:v", "0", "-movflags", "empty_moov+frag_keyframe", path)
    assert reader.read(path).prepared.trouble == "The container holds no pictures and no sound."


@pytest.mark.parametrize("form", ["matroska", "avi", "mpegts", "flac", "wav", "ogg"])
def test_a_start_without_its_rest_is_told(reader: Reader, tmp_path: Path, form: str) -> None:
    path = tmp_path / "x"
    source = pattern(1) if form in {"matroska", "avi", "mpegts"} else tone(1)
    make(*source, "-f", form, path)
    found = reader.read(path.read_bytes()[:600]).prepared
    assert found.trouble or found.samples or found.kind is MediaKind.AUDIO


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_pictures(reader: Reader, tmp_path: Path) -> None:
    side, count = 512, 500
    folder = tmp_path
    found = reader.read(colours(tmp_path / "c.mp4"))
    sample = Sample(index=0, time=Fraction(0), keyframe=True, width=side, height=side)
    many = type(found.prepared)(
        kind=MediaKind.VIDEO,
        probe=None,
        plan=found.plan,
        samples=(sample,) * count,
    )
    many.save(folder)
    with (folder / "pixels.rgb").open("wb") as out:
        out.truncate(count * side * side * 3)
    few = reader.worker.call(f"{TASKS}:touch_samples", folder=str(folder), count=50)
    all_of_them = reader.worker.call(f"{TASKS}:touch_samples", folder=str(folder), count=count)
    assert few < 20_000
    assert all_of_them < 20_000, "500 pictures hold 393 MB; mapped at once they would show"


def test_quick_takes_the_keyframes_and_says_so() -> None:
    plan = sampling(stream(keyframes=7), Fraction(60), quick=True)
    assert (plan.keyframes, plan.every) == (True, None)
    assert "Only keyframes" in plan.note
    assert sampling(stream(0), Fraction(60), quick=True) == sampling(stream(0), Fraction(60))


def test_quick_leaves_keyframes_out_where_they_are_dense_and_says_so() -> None:
    assert "first was taken" not in sampling(stream(keyframes=7), Fraction(60), quick=True).note
    note = sampling(stream(keyframes=60), Fraction(60), quick=True).note
    assert "Of keyframes within 5.0 s of each other the first was taken." in note


def test_quick_takes_keyframes_of_a_dense_video_apart(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "dense.mp4"
    make(*pattern(12, rate="4"), *x264(gop=2), path)
    reading = reader.read(path, quick=True)
    assert times(reading) == list(range(12)), "of a keyframe every half second"
    assert all(sample.keyframe for sample in reading.samples)
    assert (reading.folder / PIXELS).stat().st_size == 12 * 160 * 90 * 3


# Leaving out of decoding what no other picture depends on


def large(path: Path, rate: str) -> Path:
    make(*pattern(3, size="1280x720", rate=rate), *x264(gop=60), path)
    return path


def test_pictures_that_no_other_depends_on_are_not_decoded(reader: Reader, tmp_path: Path) -> None:
    reading = reader.read(large(tmp_path / "large.mp4", "25"))
    assert reading.plan.note == SPARING
    seen = times(reading)
    assert [int(time) for time in seen] == [0, 1, 2, 2], "and a keyframe at 2.4 s"
    assert any(time.denominator > 1 for time in seen[1:3]), "a second began with one left out"
    assert all(time % 1 < Fraction(1, 8) for time in seen[:3])


def test_all_is_decoded_where_pictures_are_few(reader: Reader, tmp_path: Path) -> None:
    reading = reader.read(large(tmp_path / "slow.mp4", "10"))
    assert reading.plan.note == ""
    assert times(reading) == [0, 1, 2]


def ticked(folder: Path, ticks: list[int]) -> None:
    packets = np.zeros(len(ticks), PACKET)
    packets["pts"] = ticks
    np.save(folder / PACKETS, packets)


@pytest.mark.parametrize(
    ("ticks", "taken", "seen"),
    [
        ([0, 50, 100, 150, 200], [0, 1, 2], True),
        ([0, 50, 100, 150, 200], [0, 1], True),  # the last second may be a single picture
        ([0, 50, 100, 150, 200, 350], [0, 1, 2], True),
        ([0, 50, 100, 150, 200, 350], [0, 2], False),
        ([0, 50, 100, NO_TIME, 200], [0, 1, 2], False),
    ],
)
def test_a_second_without_a_picture_is_noticed(
    tmp_path: Path, ticks: list[int], taken: list[int], seen: bool
) -> None:
    ticked(tmp_path, ticks)
    one = replace(stream(1), time_base=Fraction(1, 100))
    samples = [
        Sample(index=i, time=Fraction(time), keyframe=False, width=1, height=1)
        for i, time in enumerate(taken)
    ]
    assert _each_span_seen(tmp_path, one, sampling(one, Fraction(4)), samples) is seen
