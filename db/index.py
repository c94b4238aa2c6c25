"""Which known signatures lie within so many bits of these? Exact, by looking at every one of them.

The codes of a scheme are held as 64-bit words, one array for each word of a code, so that a query is a few
passes over contiguous memory: a million 256-bit codes take some milliseconds.

Codes that other desks recorded are searched beside this ledger's own, for assets that it has none of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, distinct, exists, func, select, union, union_all

from db.head import log_size
from db.models import foreign_signature, foreign_stream, signature, stream
from forensics.errors import LedgerBroken, LedgerError
from forensics.model import Hit, Sha256

_CHUNK = 1 << 15
"""Codes compared at a time: one array of words stays in the processor's cache."""
_ASKED = 500
"""Values in one SQL list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """All codes of one scheme.

    Attributes:
        size: Of the log when they were read.
        width: Bytes in a code; 0 when there are none.
        words: Shape (words of a code, codes), 64 bits each; short codes are filled up with zeros.
        assets: In order of name; once for each desk whose codes of it are here.
        origins: Whose codes: "" for this ledger's own, else the other log's name.
        starts: Where each asset's codes begin; one longer than `assets`.
    """

    size: int
    width: int
    words: NDArray[np.uint64]
    assets: tuple[str, ...]
    origins: tuple[str, ...]
    starts: NDArray[np.int64]


def read_codes(connection: Connection, scheme: str, width: int = 0) -> Codes:
    """Reads all codes of a scheme.

    Args:
        connection: The ledger.
        scheme: Which.
        width: Bytes in a code, where this ledger has none of its own to tell.

    Raises:
        LedgerBroken: The index contradicts itself.
    """
    rows = connection.execute(
        select(signature.c.asset, signature.c.width, signature.c.pictures, signature.c.codes)
        .where(signature.c.scheme == scheme)
        .order_by(signature.c.asset)
    ).all()
    widths = {row.width for row in rows}
    if len(widths) > 1 or any(len(row.codes) != row.width * row.pictures for row in rows):
        raise LedgerBroken(
            f"the signature index of {scheme} contradicts itself",
            hint="Run `forensics ledger rebuild`, which makes it again from the log.",
        )
    width = widths.pop() if widths else width
    own = {row.asset for row in rows}
    found = [(row.asset, "", row.pictures, row.codes) for row in rows]
    # What another desk wrote in another width, or not in full, is no code of this scheme.
    found += [
        (row.asset, row.origin, row.pictures, row.codes)
        for row in connection.execute(
            select(foreign_signature).where(
                foreign_signature.c.scheme == scheme, foreign_signature.c.width == width
            )
        )
        if row.asset not in own and len(row.codes) == width * row.pictures
    ]
    found.sort(key=lambda one: one[:2])
    starts = np.zeros(len(found) + 1, np.int64)
    np.cumsum([pictures for _, _, pictures, _ in found], out=starts[1:])
    return Codes(
        size=log_size(connection),
        width=width,
        words=_words(b"".join(codes for *_, codes in found), width),
        assets=tuple(asset for asset, *_ in found),
        origins=tuple(origin for _, origin, *_ in found),
        starts=starts,
    )


def nearest(
    connection: Connection, codes: Codes, scheme: str, queries: Sequence[bytes], radius: int
) -> list[Hit]:
    """Returns every code within `radius` bits of any query, by query, asset and time.

    Raises:
        LedgerError: A query has another width than the codes of the scheme.
    """
    if not codes.assets:
        return []
    found: list[tuple[int, int, int]] = []
    for number, query in enumerate(queries):
        if len(query) != codes.width:
            raise LedgerError(
                f"codes of {scheme} have {codes.width} bytes, one that was asked for has {len(query)}"
            )
        where, distance = _within(codes.words, _words(query, codes.width)[:, 0], radius)
        found += zip([number] * len(where), where.tolist(), distance.tolist(), strict=True)
    return _hits(connection, codes, scheme, found)


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
                    for table in (stream, foreign_stream)
                )
            )
        )
        found += [(str(digest), Sha256(asset)) for digest, asset in rows]
    place = {digest: i for i, digest in enumerate(asked)}
    return sorted(found, key=lambda pair: (place[pair[0]], pair[1]))


def extent(connection: Connection, schemes: Sequence[str], without: str) -> tuple[int, int]:
    """Returns (signatures, assets) over the schemes, leaving out one asset."""
    mine, theirs = (
        select(table.c.asset, table.c.pictures).where(
            table.c.scheme.in_(list(schemes)), table.c.asset != without
        )
        for table in (signature, foreign_signature)
    )
    met_here = exists().where(
        signature.c.scheme == foreign_signature.c.scheme,
        signature.c.asset == foreign_signature.c.asset,
    )
    searched = union_all(mine, theirs.where(~met_here)).subquery()
    row = connection.execute(
        select(
            func.coalesce(func.sum(searched.c.pictures), 0),
            func.count(distinct(searched.c.asset)),
        )
    ).one()
    return int(row[0]), int(row[1])


def _words(data: bytes, width: int) -> NDArray[np.uint64]:
    """Returns codes that follow each other as an array of shape (words of a code, codes)."""
    if not width:
        return np.zeros((0, 0), np.uint64)
    codes = np.frombuffer(data, np.uint8).reshape(-1, width)
    padded = np.zeros((len(codes), -(-width // 8) * 8), np.uint8)
    padded[:, :width] = codes
    return np.ascontiguousarray(padded.view(np.uint64).T)


def _within(
    words: NDArray[np.uint64], query: NDArray[np.uint64], radius: int
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Returns the positions and distances of the codes within the radius of one query."""
    places, distances = [], []
    for start in range(0, words.shape[1], _CHUNK):
        part = words[:, start : start + _CHUNK]
        distance = np.zeros(part.shape[1], np.uint32)
        for row, word in zip(part, query, strict=True):
            distance += np.bitwise_count(row ^ word)
        near = np.flatnonzero(distance <= radius)
        if len(near):
            places.append(near + start)
            distances.append(distance[near])
    if not places:
        return np.zeros(0, np.int64), np.zeros(0, np.uint32)
    return np.concatenate(places), np.concatenate(distances)


def _hits(
    connection: Connection, codes: Codes, scheme: str, found: list[tuple[int, int, int]]
) -> list[Hit]:
    owners = np.searchsorted(codes.starts, [place for _, place, _ in found], "right") - 1
    wanted = sorted({(codes.assets[owner], codes.origins[owner]) for owner in owners})
    times = _times(connection, scheme, [asset for asset, origin in wanted if not origin])
    times |= _times_elsewhere(connection, scheme, [pair for pair in wanted if pair[1]])
    hits: dict[tuple[int, str, Fraction], int] = {}
    for (query, place, distance), owner in zip(found, owners.tolist(), strict=True):
        name = codes.assets[owner]
        time = times[name, codes.origins[owner]][place - int(codes.starts[owner])]
        # Two desks may have recorded the same picture of the same asset: it counts once.
        key = (query, name, time)
        hits[key] = min(distance, hits.get(key, distance))
    return [
        Hit(query=query, asset=Sha256(name), time=time, distance=distance)
        for (query, name, time), distance in sorted(hits.items())
    ]


def _times_elsewhere(
    connection: Connection, scheme: str, wanted: list[tuple[str, str]]
) -> dict[tuple[str, str], list[Fraction]]:
    """Returns the times of other desks' codes, by asset and origin."""
    times = {}
    for name, origin in wanted:
        texts = connection.execute(
            select(foreign_signature.c.times).where(
                foreign_signature.c.scheme == scheme,
                foreign_signature.c.asset == name,
                foreign_signature.c.origin == origin,
            )
        ).scalar_one()
        times[name, origin] = [Fraction(text) for text in texts]
    return times


def _times(
    connection: Connection, scheme: str, names: list[str]
) -> dict[tuple[str, str], list[Fraction]]:
    times: dict[tuple[str, str], list[Fraction]] = {}
    for start in range(0, len(names), _ASKED):
        rows = connection.execute(
            select(signature.c.asset, signature.c.times).where(
                signature.c.scheme == scheme,
                signature.c.asset.in_(names[start : start + _ASKED]),
            )
        )
        times |= {(name, ""): [Fraction(text) for text in texts] for name, texts in rows}
    return times
