"""Pictures repeated or left out at even distances."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.traces.rates import even, left_out, repeated, steps
from tests.traces.films import film


@pytest.mark.parametrize("rate", [2, 5, 6, 24.0 / 5])
def test_repeated_pictures_are_counted_with_their_distance(rate: float) -> None:
    records, _ = film(200)
    places = np.unique((np.arange(3, 200 / rate) * rate).astype(int))
    records["change"][places[places < 199]] = 0.1
    again = repeated(records)
    assert again.sum() >= len(places) - 2
    assert even(np.flatnonzero(again)) == pytest.approx(rate, rel=0.03)


def test_repetitions_at_any_distance_are_no_conversion() -> None:
    records, _ = film(400)
    places = np.cumsum(np.random.default_rng(1).integers(4, 30, 20))
    records["change"][places] = 0.1
    assert repeated(records).sum() == 20
    assert even(np.flatnonzero(repeated(records))) is None


def test_a_scene_that_stands_still_repeats_nothing() -> None:
    records, _ = film(100)
    records["change"] = 0.05
    assert not repeated(records).any()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_pictures(count: int) -> None:
    records, luma = film(count)
    assert even(np.flatnonzero(repeated(records))) is None
    assert len(steps(luma)) == count


def test_a_picture_left_out_makes_a_longer_step() -> None:
    _, luma = film(200)
    kept = np.delete(luma, np.arange(10, 200, 20), axis=0)
    places = np.arange(10, 190, 19)
    assert left_out(kept, places)
    assert not left_out(luma, np.arange(10, 190, 19))


def test_a_picture_left_out_of_a_fast_scene() -> None:
    rng = np.random.default_rng(5)
    jumps = np.ones(200)
    jumps[10::20] = 2
    shown = np.cumsum(rng.normal(0, 8, (200, 36, 64)) * jumps[:, None, None], axis=0)
    luma = np.clip(128 + shown - shown.mean(axis=0), 0, 255).astype(np.uint8)
    assert left_out(luma, np.arange(10, 200, 20))
    assert not left_out(luma, np.arange(3, 200, 20))


def test_what_cannot_be_compared_counts_as_left_out() -> None:
    assert left_out(np.full((20, 4, 4), 9, np.uint8), np.arange(3, 20, 5))
