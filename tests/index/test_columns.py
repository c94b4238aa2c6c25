"""Columns of codes: their values, their order, and distances, against slow definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.index.columns import as_words, build, column_count, distances, flip_masks, key, scan


def bits_of(code: bytes, column: int, bits: int) -> int:
    return int.from_bytes(code, "little") >> (column * bits) & ((1 << bits) - 1)


@given(st.binary(min_size=32, max_size=32), st.integers(1, 32))
def test_a_columns_value_is_that_of_its_bits_also_across_words(code: bytes, bits: int) -> None:
    words = as_words(code, 32)
    for column in range(column_count(32, bits)):
        assert key(words, column * bits, bits).tolist() == [bits_of(code, column, bits)]


@pytest.mark.parametrize("bits", [3, 8, 16, 19])
def test_every_code_stands_where_its_value_begins(bits: int) -> None:
    random = np.random.default_rng(bits)
    words = as_words(random.integers(0, 4, (500, 7), np.uint8), 7)
    columns = build(words, 7, bits)
    assert len(columns.order) == 56 // bits
    for column, (starts, order) in enumerate(zip(columns.starts, columns.order, strict=True)):
        assert sorted(order.tolist()) == list(range(500))
        value = key(words, column * bits, bits)
        for one in np.unique(value):
            there = order[starts[one] : starts[one + 1]]
            assert there.tolist() == np.flatnonzero(value == one).tolist()


@given(st.lists(st.binary(min_size=11, max_size=11), min_size=1), st.integers(0, 88))
def test_a_scan_finds_what_lies_within_the_radius(codes: list[bytes], radius: int) -> None:
    words = as_words(b"".join(codes), 11)
    expected = [(int.from_bytes(codes[0]) ^ int.from_bytes(one)).bit_count() for one in codes]
    assert distances(words, np.repeat(words[:1], len(words), axis=0)).tolist() == expected
    places, found = scan(words, words[0], radius)
    assert places.tolist() == [i for i, d in enumerate(expected) if d <= radius]
    assert found.tolist() == [d for d in expected if d <= radius]


def test_masks_are_all_values_with_so_few_bits() -> None:
    for bits, flips in ((4, 0), (5, 2), (6, 6)):
        expected = [value for value in range(1 << bits) if value.bit_count() <= flips]
        assert sorted(flip_masks(bits, flips).tolist()) == expected
