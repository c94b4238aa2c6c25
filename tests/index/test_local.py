"""The voting index: what it finds of noisy codes, what it leaves, and how votes are counted."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from forensics.index import local
from forensics.index.columns import Words, as_words, distances

RADIUS = 75


def noisy(codes: NDArray[np.uint8], share: float, random: np.random.Generator) -> NDArray[np.uint8]:
    return codes ^ np.packbits(random.random((len(codes), 256)) < share, axis=1)


def nearest_five(codes: Words, queries: Words) -> set[tuple[int, int]]:
    """Returns the five nearest codes of each query, by looking at all, of those within the radius."""
    found = set()
    for number, query in enumerate(queries):
        distance = distances(codes, np.tile(query, (len(codes), 1)))
        best = np.argsort(distance, kind="stable")[:5]
        found |= {(number, int(p)) for p in best if distance[p] <= RADIUS}
    return found


def pairs(codes: Words, queries: Words, stride: int, radius: int = RADIUS) -> set[tuple[int, int]]:
    columns = local.sort(codes, 32, stride)
    return {
        (int(q), int(p))
        for near in local.met(columns, 32, queries, radius)
        for q, p in zip(near.query, near.place, strict=True)
    }


@pytest.mark.parametrize(
    ("share", "stride", "least"),
    [(0.12, 16, 0.995), (0.15, 16, 0.98), (0.18, 16, 0.94), (0.12, 20, 0.95), (0.18, 24, 0.35)],
)
def test_recall_of_the_five_nearest(share: float, stride: int, least: float) -> None:
    random = np.random.default_rng(1)
    places = random.integers(0, 256, (400, 32), np.uint8)
    # Each place was seen in four pictures, every time with other noise; the rest are distractors.
    seen = [noisy(places, share / 2, random) for _ in range(4)]
    codes = np.concatenate([*seen, random.integers(0, 256, (20_000, 32), np.uint8)])
    queries = as_words(noisy(places, share / 2, random), 32)
    expected = nearest_five(as_words(codes, 32), queries)
    assert len(expected) >= 1500
    found = pairs(as_words(codes, 32), queries, stride)
    assert len(found & expected) / len(expected) >= least
    assert all(q == p % 400 and p < 1600 for q, p in found)


def agrees(one: int, other: int, stride: int) -> bool:
    """Tells by the definition whether two codes are met."""
    mask = (1 << stride) - 1
    return (one ^ other).bit_count() <= RADIUS and any(
        (((one ^ other) >> start) & mask).bit_count() <= 1
        for start in range(0, 256 - stride + 1, stride)
    )


@pytest.mark.parametrize("stride", [16, 20, 24, 28])
def test_which_pairs_are_met_does_not_depend_on_how_the_codes_are_divided(stride: int) -> None:
    random = np.random.default_rng(stride)
    first = random.integers(0, 256, (60, 32), np.uint8)
    codes = np.concatenate([noisy(first, 0.2, random), noisy(first, 0.1, random)])
    queries = as_words(first, 32)
    numbers = [[int.from_bytes(c.tobytes(), "little") for c in part] for part in (first, codes)]
    expected = {
        (q, p)
        for q, one in enumerate(numbers[0])
        for p, other in enumerate(numbers[1])
        if agrees(one, other, stride)
    }
    assert 20 < len(expected) < 120
    assert pairs(as_words(codes, 32), queries, stride) == expected
    for cut in (1, 50):
        left = pairs(as_words(codes[:cut], 32), queries, stride)
        right = pairs(as_words(codes[cut:], 32), queries, stride)
        assert left | {(q, p + cut) for q, p in right} == expected


def test_columns_widen_with_the_number_of_codes() -> None:
    strides = [local.stride_for(10**power) for power in range(10)]
    assert strides == sorted(strides)
    assert (strides[0], strides[-1]) == (16, 28)


def test_of_codes_that_crowd_together_the_first_are_looked_at() -> None:
    codes = as_words(bytes(32) * 5000, 32)
    found = pairs(codes, codes[:1], 16)
    assert found == {(0, place) for place in range(128)}


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 7)), max_size=60),
    st.integers(1, 5),
)
def test_votes_are_counted_as_said(met: list[tuple[int, int]], limit: int) -> None:
    query_of, asset_of = np.arange(10) // 4, np.arange(8) // 3
    code, picture = (np.array([pair[i] for pair in met], np.int64) for i in (0, 1))
    found = local.count_votes(code, picture, asset_of[picture], query_of, limit)
    assets = defaultdict(set)
    for c, p in met:
        assets[c].add(int(asset_of[p]))
    votes, weight = Counter(), Counter()
    for c, p in set(met):
        votes[int(query_of[c]), p] += 1
        weight[int(query_of[c]), p] += 1000 // len(assets[c])
    ranked = sorted(votes, key=lambda pair: (pair[0], -weight[pair], -votes[pair], pair[1]))
    expected = [pair for q in range(3) for pair in [p for p in ranked if p[0] == q][:limit]]
    assert list(zip(found.query.tolist(), found.picture.tolist(), strict=True)) == expected
    assert found.votes.tolist() == [votes[pair] for pair in expected]
    assert found.weight.tolist() == [weight[pair] for pair in expected]
