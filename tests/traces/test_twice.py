"""Earlier savings on the same grid, and without quantising since, on pictures made here."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from PIL import Image

from forensics.inside.quantisation import scaled
from forensics.traces import combs, twice
from forensics.traces.coefficients import PLACES, coefficients
from forensics.traces.earlier import SEEN, Saving, explain, ranges, visible
from forensics.traces.grid import luminance
from forensics.traces.regrid import middle, saved_on
from tests.traces.test_grid import Pixels, jpeg, photograph


def stored(pixels: Pixels, quality: int) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """The coefficients of a picture saved at a quality, and the table."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    picture = Image.open(stream)
    table = tuple(picture.quantization[0])
    picture.draft("L", picture.size)
    return coefficients(np.asarray(picture, np.float32)), table


def earlier(pixels: Pixels, last: int) -> Saving | None:
    return explain(twice.fits(*stored(pixels, last)).found)


def scene(seed: int) -> Pixels:
    """A photograph with more grain, so that there is something to quantise."""
    grain = np.random.default_rng(seed).normal(0, 6, (512, 640, 1))
    return np.clip(photograph(seed, 640, 512) + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("first", "last"), [(60, 95), (75, 90), (70, 85), (92, 95), (85, 75), (95, 92)]
)
def test_the_quality_of_the_earlier_saving_is_told(first: int, last: int) -> None:
    found = earlier(jpeg(scene(1), first), last)
    assert found is not None
    assert found.known
    assert abs(found.quality - first) <= 1
    assert found.log_nfa <= SEEN
    table = scaled(first)
    told = [(step, table[p]) for p, step in zip(PLACES, found.steps, strict=True) if step]
    assert len(told) >= 4
    assert sum(step == true for step, true in told) >= len(told) - 2


@pytest.mark.parametrize("last", [60, 75, 80, 85, 90, 95, 98, 100])
@pytest.mark.parametrize("seed", [2, 3])
def test_what_was_saved_once_has_no_earlier_saving(seed: int, last: int) -> None:
    assert earlier(scene(seed), last) is None


def test_a_second_saving_at_the_same_quality_leaves_no_trace_and_is_not_said_to() -> None:
    values, table = stored(jpeg(scene(1), 85), 85)
    fits = twice.fits(values, table)
    assert explain(fits.found) is None
    assert 85 not in visible(fits.expected)


def test_what_would_have_shown_shows() -> None:
    values, table = stored(scene(4), 90)
    seen = visible(twice.fits(values, table).expected)
    assert seen
    assert list(seen) == sorted(seen, reverse=True)
    for first in seen[:: max(1, len(seen) // 4)]:
        found = earlier(jpeg(scene(4), first), 90)
        assert found is not None, first


def test_a_picture_turned_after_its_first_saving_keeps_its_quality() -> None:
    turned = np.ascontiguousarray(np.rot90(jpeg(scene(5), 75)))
    found = earlier(turned, 92)
    assert found is not None
    assert found.known
    assert found.quality == 75


def test_the_tables_of_nobody_known_are_told_as_coarse_as_they_are() -> None:
    table = [max(1, round(step * 1.13) + place % 3) for place, step in enumerate(scaled(80))]
    stream = io.BytesIO()
    Image.fromarray(scene(6)).save(stream, "JPEG", qtables=[table, table])
    found = earlier(np.asarray(Image.open(stream).convert("RGB")), 95)
    assert found is not None
    assert not found.known
    assert abs(found.quality - 76) <= 5
    told = [(step, table[p]) for p, step in zip(PLACES, found.steps, strict=True) if step]
    assert sum(step == true for step, true in told) >= 0.8 * len(told) > 5


def test_a_part_put_in_does_not_hide_the_earlier_saving_of_the_rest() -> None:
    first = jpeg(scene(7), 80).copy()
    first[100:300, 100:330] = scene(8)[100:300, 100:330]
    found = earlier(first, 92)
    assert found is not None
    assert abs(found.quality - 80) <= 1


@pytest.mark.parametrize("pixels", ["flat", "drawn", "posterised", "enlarged"])
@pytest.mark.parametrize("last", [75, 95])
def test_what_is_no_photograph_is_not_taken_for_saved_twice(pixels: str, last: int) -> None:
    made = {
        "flat": np.full((256, 256, 3), 90, np.uint8),
        "drawn": np.kron(
            np.random.default_rng(1).integers(0, 2, (40, 40, 1)), np.full((7, 7, 3), 255)
        ).astype(np.uint8),
        "posterised": scene(9) // 16 * 16,
        "enlarged": np.ascontiguousarray(scene(9)[:256, :256].repeat(2, 0).repeat(2, 1)),
    }[pixels]
    assert earlier(made, last) is None
    assert saved_on(luminance(made), None) is None


@pytest.mark.parametrize("quality", [60, 75, 85, 90, 95])
def test_stored_without_loss_the_steps_are_still_there(quality: int) -> None:
    found = saved_on(luminance(jpeg(scene(10), quality)), None)
    assert found is not None
    saving, place = found
    assert saving.quality == quality
    assert place == (0, 0)


def test_what_was_never_saved_has_no_steps() -> None:
    for seed in (11, 12):
        assert saved_on(luminance(scene(seed)), None) is None


def test_a_finer_saving_on_another_grid_keeps_the_coarser_one() -> None:
    cut = np.ascontiguousarray(jpeg(scene(13), 70)[3:, 6:])
    found = saved_on(luminance(jpeg(cut, 96)), (0, 0))
    assert found is not None
    assert found[1] == (2, 5)
    assert abs(found[0].quality - 70) <= 1
    assert saved_on(luminance(jpeg(scene(13), 96)), (0, 0)) is None


def test_a_distribution_that_falls_is_never_likelier_near_multiples() -> None:
    """What makes the number of false alarms safe: the mean of each likelihood ratio is at most one."""
    place = (np.arange(combs.REACH * combs.FINE) + 0.5) / combs.FINE
    for decay in (2.0, 9.0, 30.0):
        share = np.exp(-place / decay)
        share /= share.sum()
        for noise in combs.NOISES:
            for stray in range(len(combs.STRAYS)):
                says = combs._weights(noise)[0][stray]
                assert (np.exp(says) @ share).max() <= 1.001


def test_bins_of_one_saving_add_up_and_of_two_have_gaps() -> None:
    shapes = twice.shapes(4)
    assert np.allclose(shapes[0][1:].sum(0), shapes[1][1:].sum(0), atol=0.04)
    gaps = shapes[10][1:7, 6]  # first step 10: multiples fall into bins 2 or 3, 5, 7 or 8
    assert gaps[0] < 0.1 * gaps[4]
    assert gaps[3] < 0.1 * gaps[4]


def test_the_middle_begins_on_the_grid() -> None:
    part, x, y = middle(np.zeros((777, 999), np.float32), 100_000)
    assert (x % 8, y % 8) == (0, 0)
    assert part.size <= 100_000
    assert middle(np.zeros((70, 90), np.float32), 10**6)[0].shape == (70, 90)


@given(st.sets(st.integers(30, 100), min_size=1))
def test_ranges_say_the_same_numbers(numbers: set[int]) -> None:
    said: set[int] = set()
    for part in ranges(sorted(numbers, reverse=True)).split(", "):
        low, _, high = part.partition("–")
        said |= set(range(int(low), int(high or low) + 1))
    assert said == numbers


def test_two_dots_that_mirror_each_other_are_no_saving() -> None:
    light = np.full((8, 36), 80, np.uint8)
    light[6, (13, 26)] = 1
    assert combs.best(coefficients(light)) is None


@settings(max_examples=20, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40))))
def test_any_small_picture_is_borne(light: NDArray[np.uint8]) -> None:
    values = coefficients(light)
    assert values.shape[1] == len(PLACES)
    assert explain(twice.fits(values, (1,) * 64).found) is None
    assert combs.best(values) is None
