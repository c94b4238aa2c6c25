"""Even distances in what pictures take to code: found where they were put, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from forensics.traces.footprint import SEEN, eventful, paced, parts, search, small
from forensics.traces.footprint_ranks import Folding, bounded, ranked, standing_out
from tests.traces.films import film


@pytest.mark.parametrize(("types", "group", "first"), [("P", 12, 0), ("P", 15, 7), ("PBB", 24, 5)])
def test_a_first_coding_is_found_with_its_group(types: str, group: int, first: int) -> None:
    records, luma = film(300, types=types)
    records["intra"][first::group] += 60
    found = search(records, luma)
    assert found is not None
    assert found.group == group
    assert found.first == first
    assert found.log_nfa < SEEN
    assert paced(found, luma)


@pytest.mark.parametrize("seed", range(12))
def test_chance_is_not_taken_for_a_coding(seed: int) -> None:
    found = search(*film(240, seed, types=("P", "PBB", "PBbB".upper())[seed % 3]))
    assert found is not None
    assert found.log_nfa > SEEN


def test_steps_in_noise_tell_as_well() -> None:
    records, luma = film(300, types="PBBB")
    records["noise"][5::25] += 0.2
    found = search(records, luma)
    assert found is not None
    assert (found.group, found.measure) == (25, "noise")


def test_the_present_coding_is_not_taken_for_an_earlier_one() -> None:
    records, luma = film(300)
    records["type"][::60] = b"I"
    records["intra"][::15] += 60
    found = search(records, luma)
    assert found is None or found.log_nfa > SEEN or found.group % 15


def test_what_comes_and_goes_slowly_is_of_the_scene() -> None:
    records, luma = film(300)
    records["intra"] = 30 + 25 * np.sin(np.arange(300) * 2 * np.pi / 25) ** 2
    found = search(records, luma)
    assert found is None or found.log_nfa > SEEN


def test_flashes_are_of_the_scene() -> None:
    records, luma = film(300)
    records["intra"][7::15] += 60
    luma[7::15] = np.minimum(luma[7::15].astype(int) + 25, 255)
    assert eventful(luma)[7::15].all()
    found = search(records, luma)
    assert found is None or found.log_nfa > SEEN


def test_a_part_of_a_distance_is_told_where_all_of_it_stands_out() -> None:
    records, luma = film(600)
    records["intra"][3::25] += 40
    records["intra"][3::50] += 40
    found = search(records, luma)
    assert found is not None
    assert (found.group, found.first) == (25, 3)


@pytest.mark.parametrize("count", [0, 1, 2, 9, 20])
def test_too_few_pictures(count: int) -> None:
    found = search(*film(max(count, 1), types="P"))
    assert found is None or found.log_nfa > SEEN


def test_nothing_but_pictures_of_their_own() -> None:
    found = search(*film(200, types="I"))
    assert found is None or found.log_nfa > SEEN


def test_pictures_all_alike() -> None:
    records, luma = film(200)
    for name in ("intra", "size", "noise", "change"):
        records[name] = 1
    luma[:] = 90
    found = search(records, luma)
    assert found is None or found.log_nfa > SEEN


def test_numbers_that_no_decoder_gives() -> None:
    records, luma = film(120)
    records["size"], records["intra"] = 2**32 - 1, -1
    records["noise"], records["step"] = np.inf, np.nan
    with np.errstate(invalid="ignore"):
        search(records, luma)


def test_the_part_that_b_pictures_play() -> None:
    types = np.array([t.encode() for t in "IBBBPBPP"])
    assert parts(types).tolist() == [2, 0, 1, 0, 6, 0, 4, 3]


def test_a_bound_is_exact_where_all_are_first() -> None:
    rank, every = np.ones(8), np.full(8, 41.0)
    assert bounded(rank, every).sum(axis=1).min() == pytest.approx(-8 * np.log(41), rel=0.01)


def test_a_bound_holds_for_chance() -> None:
    rng = np.random.default_rng(3)
    low = 0
    for _ in range(200):
        log_p, _ = Folding(rng.standard_normal(200)).at(20)
        low += int((log_p < -2).sum())
    assert low <= 200 * 20 / 100


def test_ranks_leave_out_what_is_not_there() -> None:
    values = np.array([1.0, np.nan, 3.0, 2.0])
    rank, every = ranked(values, 1)
    assert rank[[0, 2, 3]].tolist() == [1, 1, 2]
    assert every[[0, 2, 3]].tolist() == [1, 2, 2]
    assert np.isnan(rank[1])


def test_standing_out_needs_neighbours() -> None:
    assert np.isnan(standing_out(np.arange(4.0), np.ones(4, bool))).all()
    assert standing_out(np.arange(9.0), np.ones(9, bool))[4] == 0


@pytest.mark.parametrize(("more", "told"), [(50, True), (400, False)])
def test_a_caret_that_blinks_in_a_standing_picture_is_something_small(
    more: int, *, told: bool
) -> None:
    records, luma = film(450)
    records["still"], records["intra"] = 398, 0
    records["size"] = 70 + np.random.default_rng(4).integers(0, 8, 450)
    records["size"][15::15] += more
    found = search(records, luma)
    assert found is not None
    assert found.log_nfa < SEEN
    assert small(found, records) is told


def test_what_is_coded_anew_where_much_moves_is_not_small() -> None:
    records, luma = film(300)
    records["intra"][7::15] += 60
    found = search(records, luma)
    assert found is not None
    assert not small(found, records)
