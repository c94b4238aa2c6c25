from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.index.postings import LEAST_KEY, MOST, MOST_KEY, build, load, look_up, save, unpacked

Coded = tuple[np.ndarray, np.ndarray]


def coded(values: list[int], plain: Collection[int] = ()) -> Coded:
    told = np.array([i not in plain for i in range(len(values))], dtype=bool)
    return np.array(values, np.uint32), told


def named(number: int) -> str:
    return f"{number:064x}"


sounds = st.dictionaries(
    st.integers(0, 50).map(named),
    st.lists(st.integers(0, 2**32 - 1) | st.sampled_from([0, 1, 2**32 - 1]), max_size=30).map(
        coded
    ),
    max_size=6,
)


@settings(max_examples=60)
@given(sounds, st.lists(st.integers(0, 2**32 - 1), max_size=10), st.randoms())
def test_looking_up_finds_what_comparing_every_code_finds(known, asked, random) -> None:
    postings = build(known)
    every = [int(code) for name in sorted(known) for code in known[name][0]]
    asked = [*asked, *random.sample(every, min(3, len(every)))]
    shift = 32 - postings.key_bits
    expected = {
        (i, place)
        for i, code in enumerate(asked)
        for place, other in enumerate(every)
        if code >> shift == other >> shift
    }
    at, places = look_up(postings, np.array(asked, np.uint32))
    found = list(zip(at.tolist(), places.tolist(), strict=True))
    assert set(found) == expected
    assert len(found) == len(expected)


def test_the_order_of_registering_changes_nothing() -> None:
    some = {named(i): coded([i, 5, 7 * i]) for i in range(5)}
    one, other = build(some), build(dict(reversed(some.items())))
    assert one.assets == other.assets
    for name in ("starts", "codes", "telling", "keys", "places"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_codes_that_say_nothing_are_kept_but_not_looked_up() -> None:
    postings = build({named(1): coded([1 << 31, 2 << 29, 3 << 29], plain={1})})
    assert len(postings.codes) == 3
    assert len(postings.keys) == 2
    assert look_up(postings, np.array([2 << 29], np.uint32))[0].size == 0


def test_a_code_that_is_everywhere_is_not_looked_up() -> None:
    postings = build({named(1): coded([9] * (MOST + 1) + [1 << 31])})
    at, _ = look_up(postings, np.array([9, 1 << 31], np.uint32))
    assert at.tolist() == [1]


def test_nothing_known_is_nothing_found() -> None:
    postings = build({})
    assert look_up(postings, np.array([1, 2], np.uint32))[0].size == 0


def test_the_key_grows_with_the_ledger() -> None:
    random = np.random.default_rng(0)
    few = build({named(1): coded([1])})
    many = build({named(1): coded(random.integers(0, 2**32, 1 << 21).tolist())})
    assert few.key_bits == LEAST_KEY
    assert many.key_bits == MOST_KEY


def test_saved_postings_are_mapped_and_equal(tmp_path: Path) -> None:
    postings = build({named(2): coded([3, 1, 2]), named(1): coded([7])})
    save(postings, tmp_path)
    again = load(tmp_path)
    assert again.assets == postings.assets
    assert isinstance(again.codes, np.memmap)
    for name in ("starts", "codes", "telling", "keys", "places"):
        assert np.array_equal(getattr(again, name), getattr(postings, name))


def test_codes_come_out_as_they_were_packed() -> None:
    codes = np.array([1, 1 << 31, 5], "<u4").tobytes()
    numbers, telling = unpacked(codes, bytes([0b01011111]))
    assert numbers.tolist() == [1, 1 << 31, 5]
    assert telling.tolist() == [True, False, True]
