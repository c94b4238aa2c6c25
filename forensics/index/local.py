"""Which pictures share many small places with this one? Votes of local codes, nearly exact for few.

A code is met again where another lies within the radius and differs in at most one bit of at least one
column. The more codes there are, the wider the columns, so that one query looks at about as many codes in
a hundred million as in a million; the price is that fewer pairs are found, which a vote of hundreds of
codes can bear. The width follows from how many codes there are in all, and not from how they are divided:
which pairs are found does not depend on the order or the batches in which they came.

Of 256 bits of which each is flipped with probability p, one column of s bits differs in at most one with
q = (1-p)^s + s p (1-p)^(s-1), and a pair is found with 1 - (1-q)^(256 // s).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.index.columns import (
    Columns,
    Near,
    Words,
    buckets,
    build,
    column_count,
    gather,
    key,
)

_FLIPS = 1
STRIDES = ((1 << 19, 16), (1 << 23, 20), (1 << 27, 24))
"""Up to so many codes, columns of so many bits: some 2,000 candidates for one code at most."""
_WIDEST = 28
_CROWD = 128
"""Codes looked at of those that share a value: beyond, those of the first assets by name."""
_QUERIES = 256
WHOLE = 1000
"""What a code weighs that is met in one asset only."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Votes:
    """What two pictures have in common; one element for each pair of them.

    Attributes:
        query: Number of the picture asked for.
        picture: Number of the other.
        votes: Codes of the first that are met in the second.
        weight: The same, each counted `WHOLE` divided by the assets in which it is met.
    """

    query: NDArray[np.int64]
    picture: NDArray[np.int64]
    votes: NDArray[np.int64]
    weight: NDArray[np.int64]


def stride_for(total: int) -> int:
    """Returns the width of the columns for so many codes in all, in bits."""
    return next((stride for most, stride in STRIDES if total <= most), _WIDEST)


def bits_for(number: int, stride: int) -> int:
    """Returns by how many bits of a column so many codes are sorted.

    Fewer than all where codes are few: a table of all values would be larger than they are.
    """
    return min(stride, max(16, number.bit_length() - 2))


def sort(codes: Words, width: int, stride: int) -> Columns:
    """Sorts a part of the codes.

    Args:
        codes: Those of earlier assets by name first.
        width: Bytes of a code.
        stride: For all codes of the scheme, by `stride_for`.
    """
    return build(codes, width, bits_for(len(codes), stride), stride)


def met(columns: Columns, width: int, queries: Words, radius: int) -> Iterator[Near]:
    """Yields where codes are met again, by query and place, some queries at a time.

    Args:
        columns: As made by `sort`.
        width: Bytes of a code.
        queries: Shape (queries, words of a code).
        radius: Bits.
    """
    for start in range(0, len(queries), _QUERIES):
        part = queries[start : start + _QUERIES]
        first, count = buckets(columns, part, _FLIPS)
        found = gather(columns, part, first, np.minimum(count, _CROWD), radius)
        if columns.bits < columns.stride:
            found = _by_whole_columns(found, columns, width, part)
        yield Near(query=found.query + start, place=found.place, distance=found.distance)


def _by_whole_columns(found: Near, columns: Columns, width: int, queries: Words) -> Near:
    """Leaves the pairs that agree in all bits of a column but one, not only in those sorted by."""
    differing = queries[found.query] ^ columns.codes[found.place]
    kept = np.zeros(len(found), np.bool_)
    for column in range(column_count(width, columns.stride)):
        value = key(differing, column * columns.stride, columns.stride)
        kept |= np.bitwise_count(value) <= _FLIPS
    return Near(query=found.query[kept], place=found.place[kept], distance=found.distance[kept])


def count_votes(
    code: NDArray[np.int64],
    picture: NDArray[np.int64],
    asset: NDArray[np.int64],
    query_of: NDArray[np.int64],
    limit: int,
) -> Votes:
    """Counts in which pictures the codes of each picture asked for are met.

    Args:
        code: Number of a code asked for; one element for each meeting.
        picture: In which it is met; numbers rise with the order that decides between equals.
        asset: Whose picture that is.
        query_of: The picture asked for that each code is of.
        limit: Pictures for each one asked for, at most.

    Returns:
        By query, then falling weight, falling votes, rising picture.
    """
    where = _distinct(code, picture)
    code, picture, asset = code[where], picture[where], asset[where]
    once = _distinct(code, asset)
    spread = np.bincount(code[once], minlength=len(query_of))
    weight = WHOLE // spread[code] if len(code) else code
    query = query_of[code]
    order = np.lexsort((picture, query))
    query, picture, weight = query[order], picture[order], weight[order]
    first = np.flatnonzero(np.diff(query, prepend=-1) | np.diff(picture, prepend=-1))
    votes = np.diff(first, append=len(query))
    total = np.add.reduceat(weight, first) if len(first) else weight
    query, picture = query[first], picture[first]
    order = np.lexsort((picture, -votes, -total, query))
    query, picture, votes, total = query[order], picture[order], votes[order], total[order]
    rank = np.arange(len(query)) - np.searchsorted(query, query)
    kept = rank < limit
    return Votes(query=query[kept], picture=picture[kept], votes=votes[kept], weight=total[kept])


def _distinct(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns where each pair of values occurs first."""
    span = int(other.max(initial=0)) + 1
    first: NDArray[np.int64] = np.unique(one * span + other, return_index=True)[1]
    return first
