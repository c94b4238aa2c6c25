"""Digits that change at a beat, and what else changes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.traces.clocks import clocks
from tests.traces.pictures import scene

Grey = NDArray[np.uint8]
COUNT, EACH = 60, 5


def before(*, still: bool) -> Grey:
    """Pictures, 200 × 300, five a second, of a camera that stands still or moves."""
    grey = np.asarray(cv2.cvtColor(scene(), cv2.COLOR_RGB2GRAY), np.uint8)
    random = np.random.default_rng(2)
    steps = [0 if still else 3 * k for k in range(COUNT)]
    made = [grey[s : s + 200, s : s + 300] + random.normal(0, 1.5, (200, 300)) for s in steps]
    return np.clip(np.stack(made), 0, 255).astype(np.uint8)


def written(pictures: Grey, texts: list[str]) -> Grey:
    made = pictures.copy()
    for one, text in zip(made, texts, strict=True):
        cv2.rectangle(one, (200, 10), (290, 38), 0, -1)
        cv2.putText(one, text, (204, 32), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 255, 2, cv2.LINE_AA)
    return made


@pytest.mark.parametrize("still", [True, False])
def test_a_clock_is_found_where_its_digits_change(still: bool) -> None:
    texts = [f"12:{10 + k // EACH}" for k in range(COUNT)]
    (found,) = clocks(written(before(still=still), texts))
    left, top, width, height = found.box
    assert left > 220
    assert left + width < 290
    assert 5 <= top <= 20
    assert top + height <= 44
    assert found.beat == pytest.approx(EACH, abs=0.2)
    assert found.beats >= 8


@pytest.mark.parametrize("still", [True, False])
def test_a_scene_has_no_clock(still: bool) -> None:
    assert clocks(before(still=still)) == ()


def test_a_lamp_that_blinks_is_no_clock() -> None:
    pictures = before(still=True)
    for k in range(COUNT):
        cv2.circle(pictures[k], (100, 100), 9, 255 if k // EACH % 2 else 0, -1)
    assert clocks(pictures) == ()


def test_digits_that_change_at_odd_times_are_no_clock() -> None:
    random = np.random.default_rng(3)
    at = np.cumsum(random.integers(1, 12, COUNT))
    texts = [str(1000 + 37 * int(np.searchsorted(at, k))) for k in range(COUNT)]
    assert clocks(written(before(still=True), texts)) == ()


@pytest.mark.parametrize("shape", [(1, 200, 300), (60, 1, 1), (60, 20, 400), (11, 200, 300)])
def test_too_few_or_too_small_pictures_tell_nothing(shape: tuple[int, int, int]) -> None:
    assert clocks(np.zeros(shape, np.uint8)) == ()
