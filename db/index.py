"""Which known signatures lie within so many bits of these? Exact, by looking at every one of them.

The codes of a scheme are held as 64-bit words, one array for each word of a code, so that a query is a few
passes over contiguous memory: a million 256-bit codes take some milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, distinct, func, select

from db.head import log_size
from db.models import signature, stream
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
        assets: In order of name.
        starts: Where each asset's codes begin; one longer than `assets`.
    """

    size: int
    width: int
    words: NDArray[np.uint64]
    assets: tuple[str, ...]
    starts: NDArray[np.int64]


def read_codes(connection: Connection, scheme: str) -> Codes:
    """Reads all codes of a scheme.

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
    width = widths.pop() if widths else 0
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([row.pictures for row in rows], out=starts[1:])
    return Codes(
        size=log_size(connection),
        width=width,
        words=_words(b"".join(row.codes for row in rows), width),
        assets=tuple(row.asset for row in rows),
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
        rows = connection.execute(
            select(stream.c.digest, stream.c.asset)
            .where(
                stream.c.digest_scheme == scheme,
                stream.c.digest.in_(asked[start : start + _ASKED]),
            )
            .distinct()
        )
        found += [(str(digest), Sha256(asset)) for digest, asset in rows]
    place = {digest: i for i, digest in enumerate(asked)}
    return sorted(found, key=lambda pair: (place[pair[0]], pair[1]))


def extent(connection: Connection, schemes: Sequence[str], without: str) -> tuple[int, int]:
    """Returns (signatures, assets) over the schemes, leaving out one asset."""
    row = connection.execute(
        select(
            func.coalesce(func.sum(signature.c.pictures), 0),
            func.count(distinct(signature.c.asset)),
        ).where(signature.c.scheme.in_(list(schemes)), signature.c.asset != without)
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
    times = _times(connection, scheme, sorted({codes.assets[owner] for owner in owners}))
    hits = []
    for (query, place, distance), owner in zip(found, owners.tolist(), strict=True):
        name = codes.assets[owner]
        time = times[name][place - int(codes.starts[owner])]
        hits.append(Hit(query=query, asset=Sha256(name), time=time, distance=distance))
    return sorted(hits, key=lambda hit: (hit.query, hit.asset, hit.time))


def _times(connection: Connection, scheme: str, names: list[str]) -> dict[str, list[Fraction]]:
    times: dict[str, list[Fraction]] = {}
    for start in range(0, len(names), _ASKED):
        rows = connection.execute(
            select(signature.c.asset, signature.c.times).where(
                signature.c.scheme == scheme,
                signature.c.asset.in_(names[start : start + _ASKED]),
            )
        )
        times |= {name: [Fraction(text) for text in texts] for name, texts in rows}
    return times
