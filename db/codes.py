"""The codes of one scheme as arrays, read from the tables, and which of them still count.

Codes belong to groups: all pictures of one asset under a scheme of whole pictures, or one picture under a
local scheme. A group may be replaced by a later entry; what was read of it stays in the arrays, and is
passed over because its entry no longer is the one that the tables name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Table, and_, func, literal, select

from db import looks
from db.models import (
    asset,
    foreign_entry,
    foreign_local_codes,
    foreign_signature,
    local_codes,
    signature,
)
from forensics.errors import LedgerBroken
from forensics.index.columns import Words, as_words

_ASKED = 500
"""Values in one SQL list."""
_FETCH = 100
_MANY = 5000
"""From so many assets on it is faster to read what the tables say of all."""


LOCAL_WIDTH = 32
"""Bytes of a local code, where no entry tells."""


class Kind(StrEnum):
    """What the codes of a scheme are codes of."""

    PICTURES = "pictures"
    PLACES = "places"


GROUP = np.dtype(
    [
        ("asset", "V32"),
        ("origin", "<i4"),
        ("entry", "<i8"),
        ("numerator", "<i8"),
        ("denominator", "<i8"),
        ("count", "<i8"),
    ]
)
"""Whose codes: SHA-256, number of the other desk (0: this ledger's own), entry, and of a picture its time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Some codes of a scheme.

    Attributes:
        words: The codes, group after group.
        groups: Of the type `GROUP`, by asset, desk, entry and time.
        origins: Names of the desks; the first is "", this ledger.
    """

    words: Words
    groups: NDArray[np.void]
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Which entry some codes are from."""

    asset: str
    origin: str
    entry: int


_TABLES: dict[Kind, tuple[Table, Table]] = {
    Kind.PICTURES: (signature, foreign_signature),
    Kind.PLACES: (local_codes, foreign_local_codes),
}


def width_of(connection: Connection, kind: Kind, scheme: str) -> int | None:
    """Returns the bytes of this ledger's own codes of a scheme; None if it has none."""
    own = _TABLES[kind][0]
    query = select(own.c.width).where(own.c.scheme == scheme).limit(1)
    width = connection.execute(query).scalar()
    return None if width is None else int(width)


def schemes_of(connection: Connection, kind: Kind) -> list[tuple[str, int]]:
    """Returns the schemes of which this ledger has codes, and the bytes in a code of each."""
    own = _TABLES[kind][0]
    query = select(own.c.scheme, func.min(own.c.width)).group_by(own.c.scheme)
    return [(row[0], int(row[1])) for row in connection.execute(query.order_by(own.c.scheme))]


def total_of(connection: Connection, kind: Kind, scheme: str, width: int) -> int:
    """Returns how many codes of a scheme the tables name, replaced ones left out."""
    total = 0
    for table in _TABLES[kind]:
        number = table.c.pictures if kind is Kind.PICTURES else table.c.points
        query = select(func.coalesce(func.sum(number), 0)).where(
            table.c.scheme == scheme, table.c.width == width
        )
        total += int(connection.execute(query).scalar_one())
    return total


def read(
    connection: Connection, kind: Kind, scheme: str, width: int, since: int, most: int
) -> Iterator[Batch]:
    """Yields the codes that the log has from an entry on, own ones and those imported since.

    Args:
        connection: The ledger.
        kind: Of the scheme.
        scheme: Which.
        width: Bytes in a code; another desk's codes of another width are none of this scheme.
        since: First entry of this ledger's log.
        most: Codes in one batch, unless one entry has more.

    Raises:
        LedgerBroken: The tables contradict themselves or the log.
    """
    rows: list[tuple[str, str, int, list[tuple[Fraction, int]]]] = []
    gathered = bytearray()  # never held twice, however many there are
    for row in _rows(connection, kind, scheme, width, since):
        if kind is Kind.PICTURES:
            codes, counts = bytes(row.codes), [(Fraction(0), int(row.pictures))]
            bad = row.width != width or len(codes) != width * row.pictures
        else:
            one = looks.local_of(connection, row.entry, row.origin)
            codes = one.codes
            counts = [(Fraction(t), n) for t, n in zip(one.times, one.counts, strict=True)]
            bad = one.width != width or one.scheme != scheme
        if bad and row.origin:
            continue  # what another desk wrote, or not in full, is no code of this scheme
        if bad:
            raise LedgerBroken(
                f"the signature index of {scheme} contradicts itself",
                hint="Run `forensics ledger rebuild`, which makes it again from the log.",
            )
        if rows and len(gathered) + len(codes) > most * width:
            yield _batch(rows, gathered, width)
            rows, gathered = [], bytearray()
        rows.append((row.asset, row.origin, row.entry, counts))
        gathered += codes
    if gathered:
        yield _batch(rows, gathered, width)


def joined(batches: Iterable[Batch]) -> Batch:
    """Returns several batches as one, its groups in order."""
    parts = list(batches)
    if len(parts) == 1:
        return parts[0]
    origins = ("", *sorted({origin for part in parts for origin in part.origins} - {""}))
    groups, words = [], []
    for part in parts:
        mine = part.groups.copy()
        numbers = np.array([origins.index(origin) for origin in part.origins], np.int32)
        mine["origin"] = numbers[mine["origin"]]
        groups.append(mine)
        words.append(part.words)
    return arranged(np.concatenate(words), np.concatenate(groups), origins)


def arranged(words: Words, groups: NDArray[np.void], origins: tuple[str, ...]) -> Batch:
    """Puts groups in order, and their codes with them."""
    names = np.ascontiguousarray(groups["asset"]).view(">u8").reshape(-1, 4).astype(np.uint64)
    order = np.lexsort((groups["entry"], groups["origin"], *names.T[::-1]))
    if not np.array_equal(order, np.arange(len(order))):
        words = words[places(groups["count"], order)]
        groups = groups[order]
    return Batch(words=words, groups=groups, origins=origins)


def picked(batch: Batch, kept: Sequence[bool]) -> Batch:
    """Returns some groups of a batch, with their codes."""
    chosen = np.flatnonzero(np.array(kept, np.bool_))
    if len(chosen) == len(batch.groups):
        return batch
    return Batch(
        words=batch.words[places(batch.groups["count"], chosen)],
        groups=batch.groups[chosen],
        origins=batch.origins,
    )


def places(counts: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns the places of the codes of some groups, group after group."""
    starts = np.cumsum(counts) - counts
    lengths = counts[chosen]
    ends = np.cumsum(lengths)
    return np.repeat(starts[chosen] - ends + lengths, lengths) + np.arange(int(lengths.sum()))


def group(batch_groups: NDArray[np.void], origins: tuple[str, ...], number: int) -> Group:
    """Returns which entry a group is from."""
    one = batch_groups[number]
    return Group(
        asset=one["asset"].tobytes().hex(),
        origin=origins[int(one["origin"])],
        entry=int(one["entry"]),
    )


def live(connection: Connection, kind: Kind, scheme: str, groups: Iterable[Group]) -> set[Group]:
    """Returns the groups that still count: named by the tables, own ones before another desk's.

    Own ones are those of assets that were received here; a list of hashes only adds to what desks know.
    """
    wanted = set(groups)
    assets = sorted({one.asset for one in wanted})
    own, theirs = _TABLES[kind]
    mine = {
        Group(asset=row.asset, origin="", entry=row.entry)
        for row in _of_assets(connection, own, scheme, assets)
    }
    others = {
        Group(asset=row.asset, origin=row.origin, entry=row.entry)
        for row in _of_assets(connection, theirs, scheme, assets)
    }
    both = sorted({one.asset for one in mine} & {one.asset for one in others})
    here = {
        name
        for start in range(0, len(both), _ASKED)
        for name in connection.execute(
            select(asset.c.sha256).where(asset.c.sha256.in_(both[start : start + _ASKED]))
        ).scalars()
    }
    return wanted & (mine | {one for one in others if one.asset not in here})


def _rows(connection: Connection, kind: Kind, scheme: str, width: int, since: int) -> Iterator[Any]:
    own, theirs = _TABLES[kind]
    names = ["asset", "entry", "width", "pictures"]
    names += ["codes"] if kind is Kind.PICTURES else []
    mine = (
        select(*(own.c[name] for name in names), literal("").label("origin"))
        .where(own.c.scheme == scheme, own.c.entry >= since)
        .order_by(own.c.asset, own.c.entry)
    )
    came = and_(foreign_entry.c.origin == theirs.c.origin, foreign_entry.c.idx == theirs.c.entry)
    other = (
        select(*(theirs.c[name] for name in names), theirs.c.origin)
        .join(foreign_entry, came)
        .where(
            theirs.c.scheme == scheme,
            theirs.c.width == width,
            func.coalesce(foreign_entry.c.entry, 0) >= since,
        )
        .order_by(theirs.c.asset, theirs.c.origin, theirs.c.entry)
    )
    for query in (mine, other):
        yield from connection.execute(query).yield_per(_FETCH)


def _of_assets(
    connection: Connection, table: Table, scheme: str, assets: list[str]
) -> Iterator[Any]:
    query = select(table.c.asset, table.c.entry).where(table.c.scheme == scheme)
    if "origin" in table.c:
        query = query.add_columns(table.c.origin)
    conditions: list[ColumnElement[bool] | None] = [
        table.c.asset.in_(assets[start : start + _ASKED]) for start in range(0, len(assets), _ASKED)
    ]
    if len(assets) > _MANY:
        conditions = [None]
    for condition in conditions:
        yield from connection.execute(query if condition is None else query.where(condition))


def _batch(
    rows: list[tuple[str, str, int, list[tuple[Fraction, int]]]], codes: bytearray, width: int
) -> Batch:
    origins = ("", *sorted({origin for _, origin, *_ in rows} - {""}))
    number = {origin: i for i, origin in enumerate(origins)}
    groups = [
        (bytes.fromhex(asset), number[origin], entry, time.numerator, time.denominator, count)
        for asset, origin, entry, counts in rows
        for time, count in counts
        if count
    ]
    words = as_words(memoryview(codes), width)
    return arranged(words, np.array(groups, GROUP), origins)
