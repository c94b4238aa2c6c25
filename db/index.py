"""What lies close to these in the index? Codes of whole pictures, local codes, coded streams.

Whatever the arrays give is held against the tables before it is an answer. Codes that other desks recorded
are searched beside this ledger's own, for assets that it has none of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, distinct, exists, func, select, union, union_all

from db.codes import Group, Kind, group, live
from db.indexfiles import Held, Segment
from db.models import (
    coded_stream,
    foreign_local_codes,
    foreign_signature,
    foreign_stream,
    local_codes,
    signature,
    stream,
)
from forensics.errors import LedgerError
from forensics.index import frames, local
from forensics.index.columns import Words, as_words
from forensics.model import Hit, Sha256, Vote

_ASKED = 500
"""Values in one SQL list."""


def nearest(connection: Connection, held: Held, queries: Sequence[bytes], radius: int) -> list[Hit]:
    """Returns every code within `radius` bits of any query, by query, asset and time.

    Raises:
        LedgerError: A query has another width than the codes of the scheme.
    """
    hits: dict[tuple[int, str, Fraction], int] = {}
    for met in _met(connection, held, queries, radius):
        times = _times(connection, held.scheme, set(met.groups))
        for query, number, picture, distance in zip(
            met.query.tolist(),
            met.number.tolist(),
            met.picture.tolist(),
            met.distance.tolist(),
            strict=True,
        ):
            one = met.groups[number]
            # Two desks may have recorded the same picture of the same asset: it counts once.
            key = (query, one.asset, times[one][picture])
            hits[key] = min(distance, hits.get(key, distance))
    return [
        Hit(query=query, asset=Sha256(name), time=time, distance=distance)
        for (query, name, time), distance in sorted(hits.items())
    ]


def spread(connection: Connection, held: Held, queries: Sequence[bytes], radius: int) -> list[int]:
    """Returns in how many assets each query has a code within the radius.

    Raises:
        LedgerError: A query has another width than the codes of the scheme.
    """
    assets: list[set[str]] = [set() for _ in queries]
    for met in _met(connection, held, queries, radius):
        pairs = np.unique(np.stack([met.query, met.number]), axis=1)
        for query, number in pairs.T.tolist():
            assets[query].add(met.groups[number].asset)
    return [len(one) for one in assets]


def votes(
    connection: Connection,
    held: Held,
    pictures: Sequence[bytes],
    radius: int,
    limit: int,
    without: str | None,
) -> list[Vote]:
    """Returns which pictures share most codes with each picture asked for.

    Raises:
        LedgerError: A picture's codes are not of the width of the scheme.
    """
    if not held.segments or not any(pictures):
        return []
    counts = [_count(held, codes) for codes in pictures]
    query_of = np.repeat(np.arange(len(pictures)), counts)
    queries = as_words(b"".join(pictures), held.width)
    code, number = [], []
    base = 0
    for segment in held.segments:
        ends = np.cumsum(segment.groups["count"])
        for near in local.met(segment.columns, held.width, queries, radius):
            code.append(near.query)
            number.append(np.searchsorted(ends, near.place, "right") + base)
        base += len(ends)
    met = np.concatenate(number)
    numbers, which = np.unique(met, return_inverse=True)
    known = [_of(held.segments, int(n)) for n in numbers]
    counting = live(connection, Kind.PLACES, held.scheme, {one for one, _ in known})
    kept = [one if one[0] in counting and one[0].asset != without else None for one in known]
    there = sorted({(one[0].asset, one[1]) for one in kept if one})
    place = {pair: i for i, pair in enumerate(there)}
    names = {name: i for i, name in enumerate(sorted({name for name, _ in there}))}
    picture = np.array([place[one[0].asset, one[1]] if one else -1 for one in kept], np.int64)
    asset = np.array([names[one[0].asset] if one else -1 for one in kept], np.int64)
    picture, asset = picture[which], asset[which]
    good = np.flatnonzero(picture >= 0)
    found = local.count_votes(
        np.concatenate(code)[good], picture[good], asset[good], query_of, limit
    )
    return [
        Vote(
            query=query, asset=Sha256(there[one][0]), time=there[one][1], votes=many, weight=weight
        )
        for query, one, many, weight in zip(
            found.query.tolist(),
            found.picture.tolist(),
            found.votes.tolist(),
            found.weight.tolist(),
            strict=True,
        )
    ]


def same_stream(
    connection: Connection, scheme: str, digests: Sequence[str]
) -> list[tuple[str, Sha256]]:
    """Returns (digest, asset) for known streams, by the order of the digests, then asset."""
    asked = list(dict.fromkeys(digests))
    found: list[tuple[str, Sha256]] = []
    for start in range(0, len(asked), _ASKED):
        part = asked[start : start + _ASKED]
        rows = connection.execute(
            union(
                *(
                    select(table.c.digest, table.c.asset).where(
                        table.c.digest_scheme == scheme, table.c.digest.in_(part)
                    )
                    for table in (stream, coded_stream, foreign_stream)
                )
            )
        )
        found += [(str(digest), Sha256(asset)) for digest, asset in rows]
    place = {digest: i for i, digest in enumerate(asked)}
    return sorted(found, key=lambda pair: (place[pair[0]], pair[1]))


def extent(connection: Connection, schemes: Sequence[str], without: str) -> tuple[int, int]:
    """Returns (signatures, assets) over the schemes, leaving out one asset.

    The local codes of one picture are one signature.
    """
    parts = []
    for own, theirs in ((signature, foreign_signature), (local_codes, foreign_local_codes)):
        mine, others = (
            select(table.c.asset, table.c.pictures).where(
                table.c.scheme.in_(list(schemes)), table.c.asset != without
            )
            for table in (own, theirs)
        )
        met_here = exists().where(own.c.scheme == theirs.c.scheme, own.c.asset == theirs.c.asset)
        parts += [mine, others.where(~met_here)]
    searched = union_all(*parts).subquery()
    row = connection.execute(
        select(
            func.coalesce(func.sum(searched.c.pictures), 0),
            func.count(distinct(searched.c.asset)),
        )
    ).one()
    return int(row[0]), int(row[1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Met:
    """Pairs of a query and a picture: number of its group in `groups`, place in it, bits that differ."""

    query: NDArray[np.int64]
    number: NDArray[np.int64]
    picture: NDArray[np.int64]
    distance: NDArray[np.uint16]
    groups: list[Group]


def _met(
    connection: Connection, held: Held, queries: Sequence[bytes], radius: int
) -> Iterator[_Met]:
    """Yields what lies within the radius and still counts, some queries at a time."""
    if not held.segments:
        return
    words = _queries(held, queries)
    for segment in held.segments:
        ends = np.cumsum(segment.groups["count"])
        for near in frames.within(segment.columns, held.width, words, radius):
            if not len(near):
                continue
            owner = np.searchsorted(ends, near.place, "right")
            numbers, which = np.unique(owner, return_inverse=True)
            groups = [group(segment.groups, segment.origins, int(n)) for n in numbers]
            counting = live(connection, Kind.PICTURES, held.scheme, groups)
            kept = np.array([one in counting for one in groups])[which]
            yield _Met(
                query=near.query[kept],
                number=which[kept],
                picture=(near.place - (ends - segment.groups["count"])[owner])[kept],
                distance=near.distance[kept],
                groups=groups,
            )


def _of(segments: Sequence[Segment], number: int) -> tuple[Group, Fraction]:
    """Returns whose picture a number of a group means, counted over all segments."""
    for segment in segments:
        if number < len(segment.groups):
            one = segment.groups[number]
            time = Fraction(int(one["numerator"]), int(one["denominator"]))
            return group(segment.groups, segment.origins, number), time
        number -= len(segment.groups)
    raise IndexError(number)


def _queries(held: Held, queries: Sequence[bytes]) -> Words:
    for query in queries:
        if len(query) != held.width:
            raise LedgerError(
                f"codes of {held.scheme} have {held.width} bytes, "
                f"one that was asked for has {len(query)}"
            )
    return as_words(b"".join(queries), held.width)


def _count(held: Held, codes: bytes) -> int:
    count, rest = divmod(len(codes), held.width)
    if rest:
        raise LedgerError(
            f"codes of {held.scheme} have {held.width} bytes each, "
            f"a picture that was asked for has {len(codes)} in all"
        )
    return count


def _times(connection: Connection, scheme: str, wanted: set[Group]) -> dict[Group, list[Fraction]]:
    """Returns the times of the pictures of groups that still count."""
    times = {}
    for origin in {one.origin for one in wanted}:
        table = foreign_signature if origin else signature
        names = sorted({one.asset for one in wanted if one.origin == origin})
        for start in range(0, len(names), _ASKED):
            query = select(table.c.asset, table.c.entry, table.c.times).where(
                table.c.scheme == scheme, table.c.asset.in_(names[start : start + _ASKED])
            )
            if origin:
                query = query.where(foreign_signature.c.origin == origin)
            for row in connection.execute(query):
                one = Group(asset=row.asset, origin=origin, entry=row.entry)
                times[one] = [Fraction(text) for text in row.times]
    return times
