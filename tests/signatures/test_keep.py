"""Pictures worth their local codes: no near-identical neighbours, spread over the whole asset."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.signatures.keep import KEPT, NEAR_IDENTICAL, kept
from forensics.signatures.schemes import differing_bits


def distinct(count: int) -> list[bytes]:
    """Codes as of unrelated pictures."""
    return [row.tobytes() for row in np.random.default_rng(1).integers(0, 256, (count, 32), "u1")]


def each_second(seconds: int) -> list[Fraction]:
    return [Fraction(i) for i in range(seconds)]


def differing(bits: int) -> bytes:
    """A code that differs from zeros in so many bits."""
    return ((1 << bits) - 1).to_bytes(32, "big")


def chosen(times: Sequence[Fraction], codes: Sequence[bytes]) -> list[Fraction]:
    return [times[i] for i in kept(times, codes)]


def test_nothing_and_one_picture() -> None:
    assert kept([], []) == []
    assert kept([Fraction(3)], distinct(1)) == [0]


def test_short_films_keep_one_a_second_and_longer_ones_one_in_two() -> None:
    assert chosen(each_second(20), distinct(20)) == each_second(20)
    assert chosen(each_second(90), distinct(90)) == each_second(90)[::2]


def test_a_keyframe_a_little_before_its_second_counts_as_on_it() -> None:
    times = [Fraction(0), Fraction(95, 100), Fraction(2), Fraction(295, 100)]
    assert chosen(times, distinct(4)) == times
    times = [Fraction(0), Fraction(4, 10), Fraction(1), Fraction(14, 10)]
    assert chosen(times, distinct(4)) == times[::2]


@pytest.mark.parametrize(("bits", "count"), [(0, 1), (NEAR_IDENTICAL - 1, 1), (NEAR_IDENTICAL, 2)])
def test_a_neighbour_as_good_as_the_same_is_dropped(bits: int, count: int) -> None:
    assert len(kept(each_second(2), [differing(0), differing(bits)])) == count


def test_slow_change_is_measured_from_the_picture_that_was_kept() -> None:
    codes = [differing(5 * i) for i in range(10)]
    assert kept(each_second(10), codes) == [0, 3, 6, 9]


def test_what_comes_back_later_is_kept_again() -> None:
    one, other = distinct(2)
    assert kept(each_second(4), [one, one, other, one]) == [0, 2, 3]


@settings(max_examples=60)
@given(
    seconds=st.one_of(st.integers(780, 920), st.integers(1, 4000)),
    keyframes=st.sampled_from([0, 2, 5]),
)
def test_of_a_long_film_no_more_than_so_many_are_kept_from_first_to_last(
    seconds: int, keyframes: int
) -> None:
    times = sorted(
        {*each_second(seconds), *(Fraction(k * keyframes, 3) for k in range(seconds // 5))}
    )
    found = chosen(times, distinct(len(times)))
    assert len(found) <= KEPT
    assert found == sorted(set(found))
    assert found[0] == 0
    widest = max((b - a for a, b in pairwise([*found, times[-1]])), default=Fraction(0))
    assert widest <= 2 * max(Fraction(2), times[-1] / KEPT) + 1


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 40)), max_size=80))
def test_neighbours_that_are_kept_differ(steps: list[tuple[int, int]]) -> None:
    times, codes, at = [], [], Fraction(0)
    for tenths, bits in steps:
        at += Fraction(tenths, 10)
        times.append(at)
        codes.append(differing(bits))
    places = kept(times, codes)
    for one, after in pairwise(places):
        assert differing_bits(codes[one], codes[after]) >= NEAR_IDENTICAL
        assert times[after] - times[one] >= Fraction(9, 10)
