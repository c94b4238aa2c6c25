from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.codec import plain as as_json
from forensics.codec import revive
from forensics.signatures.sound import (
    BANDS,
    FRAMES,
    HOP,
    PER_OCTAVE,
    RATE,
    REACH,
    ROWS,
    SCHEME,
    STEP,
    WINDOW,
    SoundCodes,
    encode,
    fingerprint,
    levels,
    read,
)
from tests.signatures.tunes import PLAIN, noise, plain, played, tune


def differing(one: SoundCodes, other: SoundCodes) -> float:
    """Share of bits that differ where both say something."""
    a, b = one.array(), other.array()
    count = min(len(a), len(b))
    told = one.telling()[:count] & other.telling()[:count]
    assert told.any()
    return float(np.bitwise_count(a[:count] ^ b[:count])[told].mean() / 32)


def test_a_code_stands_for_each_eighth_of_a_second() -> None:
    codes = fingerprint(tune(1, 10))
    assert codes.scheme == SCHEME
    assert codes.step == Fraction(1, 8)
    assert Fraction(ROWS, FRAMES) == STEP
    assert len(codes.array()) == int((10 - REACH) / STEP) + 1
    assert len(codes.telling()) == len(codes.array())
    assert len(codes.plain) == math.ceil(len(codes.array()) / 8)


@pytest.mark.parametrize("count", [0, 1, WINDOW - 1, WINDOW, math.ceil(REACH * RATE) - 1])
def test_sound_shorter_than_a_code_has_none(count: int) -> None:
    codes = fingerprint(np.ones(count, np.float32))
    assert codes.codes == b""
    assert codes.telling().shape == (0,)


def test_codes_go_through_json_unchanged() -> None:
    codes = fingerprint(tune(1, 3))
    assert revive(as_json(codes), SoundCodes) == codes


@settings(max_examples=15)
@given(st.lists(st.integers(0, 9000), max_size=12))
def test_the_blocks_that_sound_comes_in_change_nothing(cuts: list[int]) -> None:
    sound = tune(2, 4)
    blocks = np.split(sound, np.minimum(np.cumsum(cuts), len(sound)).astype(int))
    assert np.array_equal(levels(blocks), levels([sound]))


def test_a_sine_stands_in_its_band_at_its_level() -> None:
    t = np.arange(RATE) / RATE
    for hertz in (400.0, 1000.0, 3000.0):
        row = levels([(0.1 * np.sin(2 * np.pi * hertz * t)).astype(np.float32)])[10]
        band = int(row.argmax())
        assert abs(187.5 * 2 ** (band / PER_OCTAVE) / hertz - 1) < 2 ** (0.6 / PER_OCTAVE) - 1
        # 20 dB below full scale, and less by what the width of the band spreads.
        assert 170 <= row.max() <= 200


def test_volume_changes_no_code() -> None:
    sound = tune(3, 8)
    assert differing(fingerprint(sound), fingerprint(sound * np.float32(0.1))) < 0.02


def test_noise_changes_few_bits_and_another_tune_half_of_them() -> None:
    sound = tune(4, 8)
    codes = fingerprint(sound)
    assert differing(codes, fingerprint(sound + noise(1, 8, 0.01))) < 0.2
    assert 0.4 < differing(codes, fingerprint(tune(5, 8))) < 0.6


@pytest.mark.parametrize("speed", [0.8, 0.95, 1.06, 1.25])
def test_speed_is_undone_on_the_levels(speed: float) -> None:
    sound = tune(6, 10)
    fast = read(
        levels([played(sound, speed)]), ROWS, tempo=speed, pitch=PER_OCTAVE * math.log2(speed)
    )
    codes = fingerprint(sound).array()
    count = min(len(codes), len(fast.codes))
    assert count > 60
    share = np.bitwise_count(codes[:count] ^ fast.codes[:count]).mean() / 32
    assert share < 0.17


def test_reading_from_the_middle_is_reading_the_middle() -> None:
    heard = levels([tune(7, 10)])
    whole, part = read(heard, ROWS), read(heard, ROWS, start=FRAMES, seconds=4)
    # What is loud is told by the half second on both sides, so the ends of a part may differ.
    assert np.array_equal(part.codes[4:-4], whole.codes[12 : 8 + len(part.codes) - 4])


@pytest.mark.parametrize("kind", PLAIN)
def test_plain_sound_says_nothing(kind: str) -> None:
    telling = fingerprint(plain(kind, 10)).telling()
    # A sweep comes in from below: too little for a passage.
    assert telling.mean() <= (0.1 if kind == "sweep" else 0.0), kind


def test_tunes_say_something() -> None:
    assert fingerprint(tune(8, 10)).telling().mean() > 0.9


def test_levels_are_bytes_and_hostile_numbers_are_bounded() -> None:
    wild = np.tile(np.array([np.inf, -np.inf, np.nan, 1e38, -1e38], np.float32), 4000)
    heard = levels([wild])
    assert heard.dtype == np.uint8
    assert heard.shape == ((len(wild) - WINDOW) // HOP + 1, BANDS)
    assert encode(heard) == fingerprint(wild)


@pytest.mark.parametrize("tempo", [1.0, 1.25])
def test_long_sound_is_read_in_blocks_that_leave_no_seams(tempo: float) -> None:
    random = np.random.default_rng(1)
    steps = np.cumsum(random.integers(-3, 4, (20_000, BANDS)), axis=0)
    heard = (120 + steps % 100).astype(np.uint8)
    whole = read(heard, ROWS, tempo=tempo)
    assert len(whole.codes) == (int(len(heard) * tempo) - FRAMES) // ROWS + 1
    for seam in (1 << 13, 2 << 13):  # in rows of restored levels
        part = read(heard, ROWS, tempo=tempo, start=seam - 20 * FRAMES, seconds=40)
        middle = slice((seam - 10 * FRAMES) // ROWS, (seam + 10 * FRAMES) // ROWS)
        inner = slice(10 * FRAMES // ROWS, 30 * FRAMES // ROWS)
        assert np.array_equal(whole.codes[middle], part.codes[inner])
        assert np.array_equal(whole.strength[middle], part.strength[inner])
        assert np.array_equal(whole.telling[middle], part.telling[inner])
