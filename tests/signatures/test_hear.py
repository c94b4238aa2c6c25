from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from forensics.codec import revive
from forensics.errors import MediaError
from forensics.signatures.hear import hear
from forensics.signatures.levels import LEVELS, load_levels
from forensics.signatures.signed import Heard
from forensics.signatures.sound import RATE, Sound, encode, levels
from tests.media.making import make, pattern
from tests.signatures.tunes import noise, tune


def raw(folder: Path, sound: Sound, name: str = "sound.f32") -> tuple[object, ...]:
    """A sound as an ffmpeg input."""
    path = folder / name
    sound.astype("<f4").tofile(path)
    return ("-f", "f32le", "-ar", RATE, "-ac", 1, "-i", path)


def heard(folder: Path, demuxer: str, **options: int) -> Heard:
    return revive(hear(str(folder), demuxer, **options), Heard)


def agreeing(one: Heard, sound: Sound) -> float:
    assert one.codes is not None
    mine, theirs = one.codes.array(), encode(levels([sound])).array()
    count = min(len(mine), len(theirs))
    assert count > 10
    return 1 - float(np.bitwise_count(mine[:count] ^ theirs[:count]).mean()) / 32


def test_a_wave_file_is_heard_as_it_is(tmp_path: Path) -> None:
    sound = tune(1, 6)
    make(*raw(tmp_path, sound), "-c:a", "pcm_f32le", "-f", "wav", tmp_path / "asset")
    found = heard(tmp_path, "wav")
    assert found.seconds == 6
    assert found.notes == ()
    assert found.codes == encode(levels([sound]))
    assert np.array_equal(load_levels(tmp_path), levels([sound]))


def test_sound_of_a_video_in_stereo_at_another_rate(tmp_path: Path) -> None:
    sound = tune(2, 6)
    make(
        *pattern(6), *raw(tmp_path, sound), "-c:a", "aac", "-ar", "48000", "-ac", "2", "-f", "mp4",
        tmp_path / "asset",
    )  # fmt: skip
    found = heard(tmp_path, "mov")
    assert agreeing(found, sound) > 0.85
    assert abs(found.seconds - 6) < Fraction(1, 5)


def test_sound_that_begins_late_keeps_its_time(tmp_path: Path) -> None:
    sound = tune(3, 5)
    make(
        *pattern(7), *raw(tmp_path, sound), "-map", "0", "-map", "1",
        "-af", "asetpts=PTS+2/TB", "-c:a", "aac",
        "-f", "matroska", tmp_path / "asset",
    )  # fmt: skip
    found = heard(tmp_path, "matroska")
    silent = np.zeros(2 * RATE, np.float32)
    assert agreeing(found, np.concatenate([silent, sound])) > 0.75
    assert abs(found.seconds - 7) < Fraction(1, 5)


def test_the_track_with_most_packets_is_heard(tmp_path: Path) -> None:
    sound = tune(4, 6)
    make(
        *raw(tmp_path, tune(5, 2), "short.f32"), *raw(tmp_path, sound), "-map", "0", "-map", "1",
        "-c:a", "aac", "-f", "mp4", tmp_path / "asset",
    )  # fmt: skip
    assert agreeing(heard(tmp_path, "mov"), sound) > 0.85


def test_pictures_alone_have_no_sound(tmp_path: Path) -> None:
    make(*pattern(1), "-f", "mp4", tmp_path / "asset")
    assert heard(tmp_path, "mov") == Heard(codes=None, seconds=Fraction(0))
    assert len(load_levels(tmp_path)) == 0


def test_no_more_is_heard_than_allowed_and_it_is_said(tmp_path: Path) -> None:
    make(*raw(tmp_path, tune(6, 6)), "-f", "wav", tmp_path / "asset")
    found = heard(tmp_path, "wav", limit=3)
    assert found.seconds == 3
    assert found.notes == ("Only the first 3 s of the sound were heard.",)


def test_a_stated_gap_of_a_day_is_not_filled_beyond_the_limit(tmp_path: Path) -> None:
    make(
        *pattern(1), *raw(tmp_path, tune(7, 3)), "-map", "0", "-map", "1",
        "-af", "asetpts=PTS+90000/TB", "-c:a", "aac", "-f", "matroska", tmp_path / "asset",
    )  # fmt: skip
    assert heard(tmp_path, "matroska", limit=20).seconds == 20


def test_cut_off_in_the_middle_is_heard_up_to_there(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    sound = tune(8, 8)
    make(*raw(tmp_path, sound), "-c:a", "libmp3lame", "-f", "mp3", whole)
    data = whole.read_bytes()
    (tmp_path / "asset").write_bytes(data[: len(data) // 2])
    found = heard(tmp_path, "mp3")
    assert 3 < found.seconds < 5
    assert agreeing(found, sound) > 0.75


def test_noise_in_place_of_packets_is_survived(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    make(*raw(tmp_path, tune(9, 8)), "-c:a", "libmp3lame", "-f", "mp3", whole)
    data = bytearray(whole.read_bytes())
    third = len(data) // 3
    data[third : 2 * third] = noise(1, 8).tobytes()[:third]
    (tmp_path / "asset").write_bytes(data)
    found = heard(tmp_path, "mp3")
    assert found.codes is not None
    assert found.seconds > 3


def test_not_a_container_is_refused(tmp_path: Path) -> None:
    (tmp_path / "asset").write_bytes(b"no sound at all" * 50)
    with pytest.raises(MediaError):
        hear(str(tmp_path), "mov")


def test_a_working_copy_of_another_shape_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / LEVELS, np.zeros((4, 3), np.uint8))
    with pytest.raises(MediaError):
        load_levels(tmp_path)
    (tmp_path / LEVELS).write_bytes(b"nothing")
    with pytest.raises(MediaError):
        load_levels(tmp_path)
