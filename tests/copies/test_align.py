"""Lines in time: found at any offset, divided at gaps, and never made of one picture repeated."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.copies.align import Pair, distinct_groups, lines, sampling_spacing, spans

ONE = Fraction(1)


def pair(
    query: Fraction | int, copy: Fraction | int, distance: int = 5, group: int | None = None
) -> Pair:
    return Pair(
        query=Fraction(query),
        copy=Fraction(copy),
        distance=distance,
        quality=80,
        group=int(query) if group is None else group,
    )


@settings(max_examples=20, deadline=None)
@given(
    offset=st.fractions(-5000, 5000, max_denominator=30_000),
    count=st.integers(2, 30),
    jitters=st.lists(
        st.fractions(Fraction(-2, 5), Fraction(2, 5), max_denominator=90), min_size=30, max_size=30
    ),
    noise=st.lists(st.tuples(st.integers(0, 29), st.integers(6000, 9000)), max_size=20),
    data=st.data(),
)
def test_a_line_is_found_at_any_offset_among_chance_pairs(
    offset: Fraction,
    count: int,
    jitters: list[Fraction],
    noise: list[tuple[int, int]],
    data: st.DataObject,
) -> None:
    true = [pair(i, i + offset + jitters[i]) for i in range(count)]
    # Chance pairs: one for each picture at most, more than a spacing apart from each other's offset.
    chance = [pair(i, i + 6000 + 7 * k, 20) for k, (i, _) in enumerate(noise) if i < count]
    mixed = data.draw(st.permutations(true + chance))
    found = lines(mixed, ONE, 2)
    assert list(found[0].pairs) == true
    assert found[0].speed == 1


def test_the_order_of_pairs_changes_nothing() -> None:
    pairs = [pair(i, j, abs(i - j)) for i in range(8) for j in range(8)]
    assert lines(pairs, ONE, 2) == lines(pairs[::-1], ONE, 2)


def test_one_picture_repeated_is_not_a_line() -> None:
    static = [pair(i, 40 + i, 2, group=0) for i in range(30)]
    assert lines(static, ONE, 2) == []
    assert len(lines(static, ONE, 1)[0].pairs) == 30


def test_a_static_shot_cannot_outvote_a_moving_line() -> None:
    static = [pair(i, j, 0, group=0) for i in range(10) for j in range(50, 60)]
    moving = [pair(10 + i, 100 + 10 + i, 12) for i in range(3)]
    first = lines(static + moving, ONE, 2)[0]
    assert [p.query for p in first.pairs] == [10, 11, 12]


def test_pairs_out_of_order_are_no_line() -> None:
    assert lines([pair(0, 30), pair(1, 20), pair(2, 10)], ONE, 2) == []


def test_rearranged_passages_are_lines_of_their_own() -> None:
    pairs = [pair(i, i + 20) for i in range(5)] + [pair(i, i - 5) for i in range(5, 9)]
    found = lines(pairs, ONE, 2)
    assert [[p.query for p in line.pairs] for line in found] == [[0, 1, 2, 3, 4], [5, 6, 7, 8]]


def test_times_beyond_any_clock_are_compared_too() -> None:
    far = Fraction(2**70, 3)
    assert len(lines([pair(i, i + far) for i in range(4)], ONE, 2)[0].pairs) == 4
    assert len(lines([pair(i * far, i * far, group=i) for i in range(4)], far, 2)[0].pairs) == 4


@settings(max_examples=20, deadline=None)
@given(
    speed=st.sampled_from(["1/2", "4/5", "9/10", "11/10", "5/4", "3/2", "2"]),
    offset=st.integers(-100, 100),
    count=st.integers(30, 90),
)
def test_a_changed_speed_is_found_and_fitted(speed: str, offset: int, count: int) -> None:
    true = Fraction(speed)
    # Each side is sampled once a second, so that a pair is up to half a second off.
    pairs = [pair(i, Fraction(round(2 * (true * i + offset)), 2)) for i in range(count)]
    (line,) = lines(pairs, ONE, 2)
    assert len(line.pairs) >= count - 1
    # From one end of the passage to the other.
    assert abs(line.speed - true) * (count - 1) <= Fraction(1, 5)


@settings(max_examples=20, deadline=None)
@given(speed=st.sampled_from(["9/10", "11/10"]), count=st.integers(2, 20))
def test_a_drift_within_a_step_to_either_side_is_no_other_speed(speed: str, count: int) -> None:
    (line,) = lines([pair(i, Fraction(speed) * i) for i in range(count)], ONE, 2)
    assert (line.speed, len(line.pairs)) == (1, count)


def test_a_passage_at_another_speed_is_told_from_one_at_the_same() -> None:
    same = [pair(i, i + 7) for i in range(10)]
    fast = [pair(20 + i, 100 + Fraction(3, 2) * i) for i in range(20)]
    found = lines(same + fast, ONE, 2)
    assert [(line.speed, len(line.pairs)) for line in found] == [(Fraction(3, 2), 20), (1, 10)]


def test_three_pictures_do_not_make_a_speed() -> None:
    assert all(line.speed == 1 for line in lines([pair(0, 0), pair(4, 6), pair(8, 12)], ONE, 1))


def test_a_gap_divides_a_line_in_two_spans() -> None:
    line = [pair(i, i + 3) for i in (0, 1, 2, 9, 10)]
    got = spans(line, 3 * ONE)
    assert [(s.query.start, s.query.end, s.copy.start, s.copy.end) for s in got] == [
        (0, 2, 3, 5),
        (9, 10, 12, 13),
    ]


def test_an_offset_at_a_bins_edge_does_not_cut_a_line() -> None:
    pairs = [pair(i, i + (Fraction(39, 10) if i % 2 else Fraction(41, 10))) for i in range(6)]
    assert len(lines(pairs, ONE, 2)[0].pairs) == 6


@pytest.mark.parametrize(
    ("times", "want"),
    [
        ([], ONE),
        ([Fraction(3)], ONE),
        ([Fraction(n, 10) for n in range(20)], ONE),
        ([Fraction(6 * n) for n in range(5)] + [Fraction(1, 2)], Fraction(6)),
    ],
    ids=["none", "one", "keyframes-only", "sparse-plan"],
)
def test_spacing_is_the_plans_usual_step_and_at_least_a_second(
    times: list[Fraction], want: Fraction
) -> None:
    assert sampling_spacing(times) == want


def test_codes_group_by_their_distance_from_the_first_of_a_group() -> None:
    codes = [bytes([0, 0]), bytes([0, 1]), bytes([255, 0]), bytes([0, 0]), bytes([254, 0])]
    assert distinct_groups(codes, 4) == [0, 0, 1, 0, 1]
    assert distinct_groups(codes, 1) == [0, 1, 2, 0, 3]
    assert distinct_groups([], 4) == []
