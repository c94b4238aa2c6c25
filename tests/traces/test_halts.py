"""Pictures that stand, and scenes that do."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.traces.halts import cadence, frozen
from forensics.traces.joints import steps
from tests.traces.courses import Luma, coded, place, shown, wandering

RATE = 25.0


def halted(luma: Luma, at: int, hold: int, lost: bool) -> Luma:
    still = np.repeat(luma[at : at + 1], hold, axis=0)
    rest = luma[at + hold :] if lost else luma[at + 1 :]
    return np.concatenate([luma[:at], still, rest])


@pytest.mark.parametrize("lost", [False, True])
def test_a_run_that_stands_while_all_moves_is_found(lost: bool) -> None:
    step = steps(halted(wandering(160), 60, 30, lost))
    (found,) = frozen(step, RATE)
    assert (found.begin, found.end) == (60, 90)
    assert (found.onward > 2) is lost


def test_a_scene_that_comes_to_rest_slowly_is_not_frozen() -> None:
    speed = np.concatenate([np.full(50, 1.5), np.geomspace(1.5, 0.02, 20), np.zeros(40)])
    speed = np.concatenate([speed, np.geomspace(0.02, 1.5, 20), np.full(50, 1.5)])
    at = np.stack([20 + np.cumsum(speed), np.full(len(speed), 150.0)], axis=1)
    assert not frozen(steps(shown(place(4), at, 4, noise=0.2)), RATE)


def test_a_scene_that_stands_is_not_frozen() -> None:
    luma = shown(place(1), np.full((120, 2), 150.0), 1, noise=0.2)
    assert not frozen(steps(luma), RATE)
    assert cadence(steps(luma)) is None


def test_slides_that_stand_and_fade_are_not_frozen() -> None:
    one, other = wandering(1, 1)[0].astype(float), wandering(1, 2)[0].astype(float)
    shares = np.concatenate([np.zeros(40), np.linspace(0, 1, 10), np.ones(40)] * 3)
    luma = np.stack([one * (1 - s) + other * s for s in shares]).astype(np.uint8)
    assert not frozen(steps(luma), RATE)


def test_a_rate_raised_by_repeats_is_regular() -> None:
    luma = wandering(150)[np.arange(180) * 5 // 6]
    found = cadence(steps(luma))
    assert found is not None
    assert found.regular
    assert found.every == 6
    assert found.again == pytest.approx(30, abs=2)
    assert not found.sections


def test_a_section_in_which_each_picture_is_shown_twice_is_told() -> None:
    luma = coded(wandering(160), noise=0.1)
    slowed = np.concatenate([luma[:60], np.repeat(luma[60:85], 2, axis=0), luma[85:]])
    found = cadence(steps(slowed))
    assert found is not None
    ((begin, end),) = found.sections
    assert abs(begin - 60) <= 2
    assert abs(end - 110) <= 2


def test_no_picture_is_shown_again_in_what_moves() -> None:
    assert cadence(steps(wandering(160))) is None


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_few_pictures_are_no_trouble(count: int) -> None:
    step = np.zeros(count, np.float32)
    assert not frozen(step, RATE)
    assert cadence(step) is None
