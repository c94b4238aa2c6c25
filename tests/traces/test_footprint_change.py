"""Where an earlier coding's rhythm is broken: found where it is, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.traces.footprint import SEEN, Footprint
from forensics.traces.footprint_change import change, continues
from tests.traces.films import film


def rhythm(group: int, first: int) -> Footprint:
    return Footprint(group=group, first=first, places=9, measure="noise", log_nfa=-9.0)


@pytest.mark.parametrize(("group", "then", "missing"), [(12, 12, 5), (25, 25, 40), (15, 24, 3)])
def test_pictures_taken_out_break_the_rhythm(group: int, then: int, missing: int) -> None:
    records, luma = film(700)
    records["intra"][3:340:group] += 60
    records["intra"][340 + missing :: then] += 60
    found = change(records, luma)
    assert found is not None
    assert (found.before.group, found.after.group) == (group, then)
    assert max(found.before.log_nfa, found.after.log_nfa) <= SEEN
    assert 340 - 2 * group <= found.last < 340
    assert 340 <= found.first <= 340 + missing + then


@pytest.mark.parametrize(("types", "group"), [("P", 15), ("PBB", 24), ("P", 25)])
def test_one_rhythm_throughout_is_not_broken(types: str, group: int) -> None:
    records, luma = film(700, types=types)
    records["intra"][4::group] += 60
    assert change(records, luma) is None


@pytest.mark.parametrize("seed", range(6))
def test_a_video_coded_once_has_none_to_break(seed: int) -> None:
    assert change(*film(500, seed, types=("P", "PBB")[seed % 2])) is None


def test_a_rhythm_that_only_ends_tells_nothing() -> None:
    """The rest may be coded more coarsely, so that no trace is left there."""
    records, luma = film(700)
    records["intra"][4:340:15] += 60
    assert change(records, luma) is None


def test_a_short_film_is_looked_at_without_trouble() -> None:
    for count in (4, 8, 71, 80):
        assert change(*film(count)) is None


def test_the_present_coding_may_change_its_groups() -> None:
    records, luma = film(700)
    records["type"][np.r_[0:340:30, 345:700:30]] = b"I"
    records["intra"][np.r_[15:340:30, 360:700:30]] += 60
    assert change(records, luma) is None


@given(st.integers(9, 80), st.integers(0, 79), st.integers(1, 4))
def test_a_multiple_at_the_same_places_continues(group: int, first: int, times: int) -> None:
    one, other = rhythm(group, first % group), rhythm(group * times, first % group)
    assert continues(one, other)
    assert continues(other, one)


def test_a_rhythm_begun_anew_does_not_continue() -> None:
    assert not continues(rhythm(25, 3), rhythm(25, 10))
    assert not continues(rhythm(24, 3), rhythm(12, 9))
    assert continues(rhythm(25, 3), rhythm(25, 4)), "a measure can stand out one picture later"
