"""The main sound track and its class of coding; blocks gathered; drawings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import LimitExceeded, MediaError
from forensics.traces.heard import (
    AAC,
    AAC_LOW,
    MP3,
    OPUS,
    OTHER,
    WHOLE,
    checked,
    coding_class,
    gathered,
    main_track,
)
from forensics.traces.soundplots import Mark, Panel, draw, ticks
from tests.media.making import make, pattern
from tests.traces.made_sounds import place, write


@pytest.mark.parametrize(
    ("codec", "rate", "wanted"),
    [
        ("pcm_s16le", 128_000, WHOLE),
        ("flac", 60_000, WHOLE),
        ("aac", 128_000, AAC),
        ("aac", 64_000, AAC_LOW),
        ("aac_latm", 0.0, AAC_LOW),
        ("mp3float", 128_000, MP3),
        ("libopus", 32_000, OPUS),
        ("amrnb", 12_200, OTHER),
    ],
)
def test_classes_of_coding(codec: str, rate: float, wanted: str) -> None:
    assert coding_class(codec, rate) == wanted


@pytest.mark.parametrize(
    ("options", "wanted", "rate"),
    [
        (("-c:a", "pcm_s16le", "-f", "wav"), WHOLE, 8000),
        (("-c:a", "aac", "-ar", "48000", "-b:a", "160k", "-f", "mp4"), AAC, 48000),
        (("-c:a", "aac", "-ar", "48000", "-ac", "2", "-b:a", "96k", "-f", "mp4"), AAC_LOW, 48000),
        (("-c:a", "libmp3lame", "-ar", "44100", "-f", "mp3"), MP3, 44100),
        (("-c:a", "libopus", "-b:a", "32k", "-f", "ogg"), OPUS, 48000),
        (("-c:a", "pcm_s16le", "-ar", "96000", "-f", "wav"), WHOLE, 48000),
    ],
    ids=["wave", "aac", "aac-in-stereo", "mp3", "opus", "wave-of-96-kHz"],
)
def test_a_file_says_its_class(
    tmp_path: Path, options: tuple[str, ...], wanted: str, rate: int
) -> None:
    plain = write(tmp_path / "plain.wav", place(1, 4))
    make("-i", plain, *options, tmp_path / "asset")
    heard = main_track(tmp_path / "asset")
    assert heard is not None
    assert heard.coding == wanted
    assert heard.rate == rate
    assert heard.resampled == ("96000" in options)
    track = heard.track(2)
    assert sum(len(block) for block in track.blocks()) == 2 * rate


def test_pictures_alone_have_none(tmp_path: Path) -> None:
    make(*pattern(1), "-an", "-f", "mp4", tmp_path / "asset")
    assert main_track(tmp_path / "asset") is None
    (tmp_path / "words").write_bytes(b"just some words")
    assert main_track(tmp_path / "words") is None


def test_a_damaged_container_is_told(tmp_path: Path) -> None:
    (tmp_path / "asset").write_bytes(b"RIFF\xff\xff\xff\xffWAVE")
    with pytest.raises(MediaError):
        main_track(tmp_path / "asset")


@given(lengths=st.lists(st.integers(0, 30), max_size=20), count=st.integers(1, 12))
def test_gathered_blocks_are_the_same_sound(lengths: list[int], count: int) -> None:
    whole = np.arange(sum(lengths), dtype=np.float32) / 100
    blocks = list(gathered(np.split(whole, np.cumsum(lengths)), count))
    assert all(count <= len(block) < 2 * count for block in blocks[:-1])
    assert np.array_equal(np.concatenate([*blocks, np.zeros(0, np.float32)]), whole)


def test_samples_that_are_no_numbers_become_silence() -> None:
    hostile = np.array([np.nan, np.inf, -np.inf, 1e30, 0.5], np.float32)
    (block,) = gathered([hostile], 9)
    assert block.tolist() == [0.0, 16.0, -16.0, 16.0, 0.5]


def test_ticks_are_round_and_few() -> None:
    assert ticks(0, 10, 10) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert ticks(49.9, 50.1, 5) == [49.9, 49.95, 50.0, 50.05, 50.1]
    assert len(ticks(0, 3456.7, 10)) <= 11


def test_a_drawing_shows_its_curve_and_its_marks() -> None:
    times = np.arange(0, 10, 0.1)
    values = np.sin(times)
    values[20] = np.nan
    plain = Panel(title="Level", unit="dB", seconds=(0, 10), span=(-1, 1), curves=[(times, values)])
    marked = Panel(
        title="Level", unit="dB", seconds=(0, 10), span=(-1, 1), curves=[(times, values)],
        marks=[Mark(start=2, end=4, word="here"), Mark(start=99)],
    )  # fmt: skip
    one, other = draw([plain]), draw([marked])
    assert one.shape == other.shape == (300, 1200, 3)
    assert (one != 255).any()
    assert (one != other).any()
    assert draw([plain, marked]).shape == (600, 1200, 3)


def test_an_empty_drawing_is_no_trouble() -> None:
    empty = Panel(
        title="",
        unit="",
        seconds=(0, 0),
        span=(0, 0),
        strip=np.zeros((0, 0)),
        marks=[Mark(start=0)],
    )
    assert draw([empty]).shape == (300, 1200, 3)


def test_what_is_read_can_be_stopped_at_each_block() -> None:
    blocks = [place(k, 0.1) for k in range(3)]
    assert list(checked(blocks, lambda: None)) == blocks

    def stop() -> None:
        raise LimitExceeded("over")

    with pytest.raises(LimitExceeded):
        list(checked(blocks, stop))
