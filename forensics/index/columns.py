"""Codes in the order of each of their columns: the common ground of the exact and of the voting index.

A code is cut into columns of so many bits, one after another. For each column the codes are listed in the
order of the value of its first bits, with the place where each value begins. Those that share a column with
a query, or differ there in a given number of bits, are then read off without looking at the others:
multi-index hashing (Norouzi, Punjani and Fleet, "Fast Search in Hamming Space with Multi-Index Hashing",
CVPR 2012).

All arrays may be memory-mapped files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint64]
"""Codes, shape (codes, words of a code); short codes are filled up with zeros."""
Places: TypeAlias = NDArray[np.int64]

_AT_ONCE = 1 << 17
"""Candidates looked at in one go: enough to make numpy's overhead small, few enough for the cache."""
_SCANNED = 1 << 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Codes of one width, sorted by each column.

    Attributes:
        codes: The codes.
        bits: Bits of a column that are sorted by: its first ones, or all.
        stride: Bits of a column.
        starts: Shape (columns, 2**bits + 1): where in `order` each value of the column begins.
        order: Shape (columns, codes): places of the codes by rising value, equal ones by rising place.
    """

    codes: Words
    bits: int
    stride: int
    starts: NDArray[np.uint32]
    order: NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Near:
    """Pairs of a query and a code that lie close to each other.

    Attributes:
        query: Number of the query.
        place: Of the code.
        distance: Bits that differ.
    """

    query: Places
    place: Places
    distance: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.query)


def as_words(data: bytes | memoryview | NDArray[np.uint8], width: int) -> Words:
    """Returns codes that follow each other, `width` bytes each, as words."""
    if not width:
        return np.zeros((0, 0), np.uint64)
    codes = np.frombuffer(data, np.uint8).reshape(-1, width)
    if width % 8 == 0 and codes.flags.c_contiguous:
        return codes.view("<u8").astype(np.uint64, copy=False)
    padded = np.zeros((len(codes), -(-width // 8) * 8), np.uint8)
    padded[:, :width] = codes
    return padded.view("<u8").astype(np.uint64, copy=False)


def column_count(width: int, stride: int) -> int:
    """Returns how many whole columns of `stride` bits a code of `width` bytes has."""
    return 8 * width // stride


def key(codes: Words, start: int, bits: int) -> NDArray[np.uint32]:
    """Returns the value of some bits of each code, from `start` on, the lowest of the first word first."""
    word, shift = divmod(start, 64)
    value = codes[:, word] >> np.uint64(shift)
    if shift + bits > 64:
        value = value | (codes[:, word + 1] << np.uint64(64 - shift))
    return (value & np.uint64((1 << bits) - 1)).astype(np.uint32)


def sort_column(
    codes: Words, start: int, bits: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Returns where each value begins, and the places of the codes by rising value, then place.

    Two passes of a radix sort: numpy sorts 16-bit numbers that way, and no wider ones.
    """
    value = key(codes, start, bits)
    order = np.argsort(value.astype(np.uint16), kind="stable")
    if bits > 16:
        high = (value >> np.uint32(16)).astype(np.uint16)
        order = order[np.argsort(high[order], kind="stable")]
    starts = np.zeros((1 << bits) + 1, np.uint32)
    np.cumsum(np.bincount(value, minlength=1 << bits), out=starts[1:])
    return starts, order.astype(np.uint32)


def sorted_columns(
    codes: Words, width: int, bits: int, stride: int
) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """Yields the rows of `Columns.starts` and `Columns.order`, one column at a time.

    Whoever writes each to a file and lets it go needs memory for the codes and one column only.
    """
    for column in range(column_count(width, stride)):
        yield sort_column(codes, column * stride, bits)


def build(codes: Words, width: int, bits: int, stride: int | None = None) -> Columns:
    """Sorts codes by every column, in memory.

    Args:
        codes: Fewer than 2**32.
        width: Bytes of a code.
        bits: To be sorted by, 1 to 31; 0: the codes are left as they are.
        stride: Bits of a column; None: as many as are sorted by.
    """
    stride = stride or bits
    columns = column_count(width, stride) if bits else 0
    starts = np.zeros((columns, (1 << bits) + 1 if bits else 0), np.uint32)
    order = np.zeros((columns, len(codes) if bits else 0), np.uint32)
    if bits:
        for column, rows in enumerate(sorted_columns(codes, width, bits, stride)):
            starts[column], order[column] = rows
    return Columns(codes=codes, bits=bits, stride=stride, starts=starts, order=order)


@cache
def flip_masks(bits: int, flips: int) -> NDArray[np.uint32]:
    """Returns every value of `bits` bits with at most `flips` of them set."""
    masks = [
        sum(1 << place for place in places)
        for count in range(flips + 1)
        for places in combinations(range(bits), count)
    ]
    return np.array(masks, np.uint32)


def distances(one: Words, other: Words) -> NDArray[np.uint16]:
    """Returns in how many bits codes differ, row by row."""
    differing = np.bitwise_count(one ^ other)
    total: NDArray[np.uint16] = differing[:, 0].astype(np.uint16)
    for word in range(1, differing.shape[1]):
        total += differing[:, word]
    return total


def scan(codes: Words, query: Words, radius: int) -> tuple[Places, NDArray[np.uint16]]:
    """Returns the places and distances of the codes within the radius of one query, by looking at all."""
    places, found = [np.zeros(0, np.int64)], [np.zeros(0, np.uint16)]
    repeated = np.tile(query, (min(_SCANNED, len(codes)), 1))  # broadcasting so short a row is slow
    for start in range(0, len(codes), _SCANNED):
        part = codes[start : start + _SCANNED]
        distance = distances(part, repeated[: len(part)])
        near = np.flatnonzero(distance <= radius)
        if len(near):
            places.append(near + start)
            found.append(distance[near])
    return np.concatenate(places), np.concatenate(found)


def buckets(
    columns: Columns, queries: Words, flips: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns where the codes stand that share the bits sorted by with each query, but for `flips` of them.

    Returns:
        First place in `order` and number of codes, each of shape (columns, queries, masks).
    """
    masks = flip_masks(columns.bits, flips)
    shape = (len(columns.order), len(queries), len(masks))
    first, count = np.empty(shape, np.int64), np.empty(shape, np.int64)
    for column, starts in enumerate(columns.starts):
        value = key(queries, column * columns.stride, columns.bits)[:, None] ^ masks
        first[column] = starts[value]
        count[column] = starts[value + np.uint32(1)]
    count -= first
    return first, count


def gather(
    columns: Columns,
    queries: Words,
    first: NDArray[np.int64],
    count: NDArray[np.int64],
    radius: int,
) -> Near:
    """Returns the codes in the given buckets that lie within the radius, each pair once, by query and place.

    Args:
        columns: The codes.
        queries: Shape (queries, words of a code).
        first: As returned by `buckets`, and so is `count`.
        count: May be cut down by the caller.
        radius: Bits.
    """
    pairs, near = [np.zeros(0, np.int64)], [np.zeros(0, np.uint16)]
    codes = columns.codes
    for column, order in enumerate(columns.order):
        for part in _parts(count[column].sum(axis=1)):
            lengths = count[column, part].ravel()
            total = int(lengths.sum())
            if not total:
                continue
            ends = np.cumsum(lengths)
            where = np.repeat(first[column, part].ravel() - ends + lengths, lengths)
            where += np.arange(total)
            place = order[where]
            each = count[column, part].sum(axis=1)
            distance = distances(
                np.take(codes, place, axis=0), np.repeat(queries[part], each, axis=0)
            )
            kept = np.flatnonzero(distance <= radius)
            query = np.searchsorted(np.cumsum(each), kept, "right") + part.start
            pairs.append(query * len(codes) + place[kept])
            near.append(distance[kept])
    pair, where = np.unique(np.concatenate(pairs), return_index=True)
    query, place = np.divmod(pair, max(1, len(codes)))
    return Near(query=query, place=place, distance=np.concatenate(near)[where])


def consistent(columns: Columns, looks: int = 512) -> bool:
    """Tells whether arrays that were read from files are what `build` makes, as far as some looks can tell.

    Args:
        columns: Of the right types.
        looks: Places looked at in each column, evenly spread.
    """
    number, values = len(columns.codes), 1 << columns.bits
    if not len(columns.order):
        return True
    if columns.starts.shape != (len(columns.order), values + 1):
        return False
    where = np.linspace(0, number - 1, min(looks, number)).astype(np.int64)
    step = max(1, values // _AT_ONCE)
    for column, (starts, order) in enumerate(zip(columns.starts, columns.order, strict=True)):
        place = order[where].astype(np.int64)
        if place.max(initial=0) >= number or (np.diff(starts[::step].astype(np.int64)) < 0).any():
            return False
        value = key(np.take(columns.codes, place, axis=0), column * columns.stride, columns.bits)
        if (starts[value] > where).any() or (starts[value + np.uint32(1)] <= where).any():
            return False
    return True


def _parts(sizes: NDArray[np.int64]) -> Iterator[slice]:
    """Divides queries so that each part has about as many candidates as are looked at in one go."""
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _AT_ONCE, "right")))
        yield slice(start, stop)
        start = stop
