"""The exact index against comparing with everything, for codes at random and codes made to mislead it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from forensics.index import frames
from forensics.index.columns import as_words


def everything(codes: NDArray[np.uint8], queries: NDArray[np.uint8], radius: int) -> list[tuple]:
    """Returns (query, place, distance) by looking at every bit of every pair."""
    one, other = np.unpackbits(queries, axis=1), np.unpackbits(codes, axis=1)
    found = []
    for number, query in enumerate(one):
        distance = (query != other).sum(axis=1)
        found += [(number, int(p), int(distance[p])) for p in np.flatnonzero(distance <= radius)]
    return found


def indexed(codes: NDArray[np.uint8], queries: NDArray[np.uint8], radius: int) -> list[tuple]:
    width = codes.shape[1]
    columns = frames.sort(as_words(codes, width), width)
    return [
        (int(q), int(p), int(d))
        for near in frames.within(columns, width, as_words(queries, width), radius)
        for q, p, d in zip(near.query, near.place, near.distance, strict=True)
    ]


def flipped(code: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.uint8]:
    bits = np.unpackbits(code)
    bits[places] ^= 1
    return np.packbits(bits)


@pytest.mark.parametrize(
    ("width", "radius"), [(32, 31), (32, 15), (32, 0), (32, 47), (32, 120), (8, 8), (4, 3), (1, 2)]
)
@pytest.mark.parametrize("number", [0, 1, 300, 8000])
def test_equal_to_looking_at_everything(width: int, radius: int, number: int) -> None:
    random = np.random.default_rng((width, radius, number))
    codes = random.integers(0, 256, (number, width), np.uint8)
    chosen = random.integers(0, max(1, number), 70)
    queries = random.integers(0, 256, (70, width), np.uint8)
    for i, place in enumerate(chosen[: len(codes)]):
        count = random.integers(0, min(8 * width, radius + 4))
        queries[i] = flipped(codes[place], random.choice(8 * width, count, replace=False))
    found = indexed(codes, queries, radius)
    assert found == everything(codes, queries, radius)
    assert number < 8000 or found


def spread_evenly(width: int, radius: int) -> NDArray[np.int64]:
    """Flips that leave no column with fewer than all others: the hardest case for the pigeons."""
    columns = width // 2
    return np.array([16 * (i % columns) + i // columns for i in range(radius)], np.int64)


def test_flips_that_are_spread_evenly_over_the_columns_are_found_and_one_more_is_not() -> None:
    random = np.random.default_rng(5)
    codes = random.integers(0, 256, (6000, 32), np.uint8)
    for flips, expected in ((31, [7]), (32, [])):
        query = flipped(codes[7], spread_evenly(32, flips))[None]
        assert [place for _, place, _ in indexed(codes, query, 31)] == expected


@pytest.mark.parametrize("make", ["equal", "two columns vary", "few bits set"])
def test_codes_that_crowd_together(make: str) -> None:
    random = np.random.default_rng(6)
    codes = np.zeros((5000, 32), np.uint8)
    if make == "two columns vary":
        codes[:, :4] = random.integers(0, 256, (5000, 4), np.uint8)
    if make == "few bits set":
        codes = np.packbits(random.random((5000, 256)) < 0.02, axis=1)
    queries = np.concatenate([codes[:3], random.integers(0, 256, (3, 32), np.uint8)])
    assert indexed(codes, queries, 31) == everything(codes, queries, 31)


def test_crowded_and_sparse_queries_in_one_batch_come_back_in_order() -> None:
    random = np.random.default_rng(7)
    codes = random.integers(0, 256, (8000, 32), np.uint8)
    codes[::3] = 0
    queries = np.stack([codes[1], np.zeros(32, np.uint8), codes[2], codes[0], codes[4]])
    found = indexed(codes, queries, 31)
    assert found == everything(codes, queries, 31)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(0, 320),
    st.lists(st.tuples(st.integers(0, 2999), st.sets(st.integers(0, 7), max_size=8)), max_size=5),
    st.integers(0, 2**32),
)
def test_any_width_and_radius(
    width: int, radius: int, changes: list[tuple[int, set[int]]], seed: int
) -> None:
    random = np.random.default_rng(seed)
    codes = random.integers(0, 256, (3000, width), np.uint8)
    radius = min(radius, 3 * width)  # few enough pairs to compare with
    queries = [codes[0]] + [
        flipped(codes[place], np.array(sorted(bits), np.int64)) for place, bits in changes
    ]
    assert indexed(codes, np.stack(queries), radius) == everything(codes, np.stack(queries), radius)
