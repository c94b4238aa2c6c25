"""Passages that come again, sample by sample."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.errors import LimitExceeded
from forensics.traces.soundloops import LEAST, RATE, Sound, repeats, whitened
from tests.traces.made_sounds import bells, hum, place, voices


def looped(sound: Sound, start: float, seconds: float, at: float) -> Sound:
    piece = sound[int(start * RATE) : int((start + seconds) * RATE)]
    return np.concatenate([sound[: int(at * RATE)], piece, sound[int(at * RATE) :]])


@pytest.mark.parametrize("at", [6.0, 13.0, 25.0])
def test_a_passage_put_in_again_is_found_with_both_places(at: float) -> None:
    (found,) = repeats(looped(voices(1, 30), 3.0, 3.0, at))
    assert found.start == pytest.approx(3.0, abs=0.15)
    assert found.seconds == pytest.approx(3.0, abs=0.3)
    assert found.again - found.start == pytest.approx(at - 3.0, abs=0.0005)
    assert found.alike > 0.9


def test_a_lag_between_two_samples_is_found_as_well() -> None:
    fine = voices(2, 20, 5 * RATE)
    piece = fine[2 * 5 * RATE : 5 * 5 * RATE]
    whole = np.concatenate([fine[: 60 * RATE + 2], piece, fine[60 * RATE + 2 :]])
    (found,) = repeats(whole.reshape(-1, 5).mean(axis=1).astype(np.float32))
    assert found.again == pytest.approx(found.start + 10 + 2 / (5 * RATE), abs=0.00005)


@pytest.mark.parametrize("seed", range(4))
def test_voices_and_places_do_not_come_again(seed: int) -> None:
    assert repeats(voices(seed, 30)) == []


def test_music_that_comes_again_over_other_noise_is_no_repeat() -> None:
    assert repeats(bells(20)) == []


def test_what_sounds_on_and_on_is_no_repeat() -> None:
    t = np.arange(20 * RATE) / RATE
    for steady in (np.sin(2 * np.pi * 440 * t), np.sign(np.sin(2 * np.pi * 50 * t))):
        assert repeats((0.3 * steady + 0.1 * place(5, 20)).astype(np.float32)) == []
    assert repeats(hum(20, 50) + 0.05 * place(6, 20)) == []


def test_an_echo_is_no_repeat() -> None:
    sound = voices(3, 20)
    late = np.concatenate([np.zeros(RATE, np.float32), 0.8 * sound[:-RATE]])
    assert repeats(sound + late) == []


def test_a_copy_shorter_than_the_least_is_left_aside() -> None:
    assert repeats(looped(place(4, 20), 3.0, LEAST / 2, 12.0)) == []


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(0, np.float32),
        np.zeros(1, np.float32),
        np.zeros(30 * RATE, np.float32),
        np.full(3 * RATE, 1.0, np.float32),
        place(1, 0.05),
    ],
    ids=["empty", "one-sample", "silence", "constant", "shorter-than-a-frame"],
)
def test_nothing_to_compare_is_no_trouble(sound: Sound) -> None:
    assert repeats(sound) == []


def test_whitening_leaves_silence_silent_and_levels_the_rest() -> None:
    sound = place(1, 6)
    sound[2 * RATE : 4 * RATE] = 0
    sound[4 * RATE :] *= 20
    white = whitened(sound)
    assert len(white) == len(sound)
    assert not white[2 * RATE + 1024 : 4 * RATE - 1024].any()
    soft, loud = white[RATE : 2 * RATE - 1024].std(), white[4 * RATE + 1024 :].std()
    assert soft == pytest.approx(loud, rel=0.05)


def test_it_minds_its_deadline() -> None:
    def over() -> None:
        raise LimitExceeded("over")

    with pytest.raises(LimitExceeded):
        repeats(place(1, 3), over)
