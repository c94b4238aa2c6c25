"""Every code within so many bits of a query, and no other: exact, for any codes and any radius.

Where two codes of m columns differ in at most r bits, they differ in at most r // m bits of some column: so
the codes that share a column with the query but for that many bits are all that need be looked at. Where
these would be a good part of all codes (short codes, wide radii, few codes, or codes that crowd together)
all codes are looked at instead, which bounds the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb

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
    scan,
)

BITS = 16
"""Of a column: numpy sorts such numbers fastest, and 10^7 codes leave some 150 to a value."""
_SCAN_COST = 6
"""Looking at one candidate takes as long as passing so many codes in order."""
_FEW = 1024
"""Codes that are quicker looked at than sorted."""
_QUERIES = 64
"""Queries handled together."""


def probes(width: int, radius: int) -> int | None:
    """Returns how many values of columns are looked up for one query; None if looking at all is better."""
    columns = column_count(width, BITS)
    if not columns:
        return None
    flips = min(BITS, radius // columns)
    count = columns * sum(comb(BITS, flip) for flip in range(flips + 1))
    return count if count * _SCAN_COST < 1 << BITS else None


def bits_for(number: int) -> int:
    """Returns by how many bits of a column so many codes are sorted; 0: they are left as they are."""
    return BITS if number >= _FEW else 0


def sort(codes: Words, width: int) -> Columns:
    """Sorts codes for `within`; a few codes are left as they are.

    Args:
        codes: Fewer than 2**32.
        width: Bytes of a code.
    """
    return build(codes, width, bits_for(len(codes)), BITS)


def within(columns: Columns, width: int, queries: Words, radius: int) -> Iterator[Near]:
    """Yields the codes within `radius` bits of the queries, by query and place, some queries at a time.

    Args:
        columns: As made by `sort`.
        width: Bytes of a code.
        queries: Shape (queries, words of a code).
        radius: Bits; 0 and more.
    """
    number = len(columns.codes)
    looked_up = probes(width, radius)
    for start in range(0, len(queries), _QUERIES):
        part = queries[start : start + _QUERIES]
        if not len(columns.order) or looked_up is None or number < looked_up * _SCAN_COST:
            found = _scanned(columns.codes, part, radius, np.arange(len(part)))
        else:
            found = _looked_up(columns, width, part, radius)
        yield Near(query=found.query + start, place=found.place, distance=found.distance)


def _looked_up(columns: Columns, width: int, queries: Words, radius: int) -> Near:
    first, count = buckets(columns, queries, radius // column_count(width, BITS))
    crowded = count.sum(axis=(0, 2)) * _SCAN_COST > len(columns.codes)
    count[:, crowded] = 0
    found = gather(columns, queries, first, count, radius)
    if not crowded.any():
        return found
    rest = _scanned(columns.codes, queries, radius, np.flatnonzero(crowded))
    query = np.concatenate([found.query, rest.query])
    by_query = np.argsort(query, kind="stable")  # no query is in both
    return Near(
        query=query[by_query],
        place=np.concatenate([found.place, rest.place])[by_query],
        distance=np.concatenate([found.distance, rest.distance])[by_query],
    )


def _scanned(codes: Words, queries: Words, radius: int, numbers: NDArray[np.int64]) -> Near:
    parts = [scan(codes, queries[number], radius) for number in numbers]
    return Near(
        query=np.repeat(numbers, [len(places) for places, _ in parts]),
        place=np.concatenate([places for places, _ in parts]),
        distance=np.concatenate([distance for _, distance in parts]),
    )
