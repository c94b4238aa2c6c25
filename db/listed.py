"""Assets that are known only from lists of hashes that somebody published.

Their codes lie among this ledger's own, so that one search finds both. They never take the place of codes
that were made here, nor of those of an earlier list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from db.driver import Insert
from db.models import appearance, log_entry, signature
from forensics.errors import LedgerError
from forensics.ledger.entry import Entry, read_entry
from forensics.model import Appearance, KnownAsset, MediaKind, Sha256

LISTED = "hash-listed"
"""Type of the entry of each asset in a list."""
_INSERT = Insert(signature)
_KINDS = frozenset(kind.value for kind in MediaKind)


def check(index: int, entry: Entry) -> None:
    """Says what is wrong with what an entry of this type tells of the asset itself.

    Raises:
        LedgerError: Its list or its kind is none.
    """
    payload = entry.payload
    if not isinstance(payload["list"], str) or payload["kind"] not in _KINDS:
        raise LedgerError(f"entry {index} ({entry.type}) names no list, or no kind of media")


def put(connection: Connection, rows: Mapping[tuple[str, str], dict[str, Any]]) -> None:
    """Writes signatures from lists where there are none, given by scheme and asset."""
    there = select(signature.c.scheme, signature.c.asset).where(
        signature.c.asset.in_(sorted({name for _, name in rows}))
    )
    held = {(row.scheme, row.asset) for row in connection.execute(there)}
    if fresh := [row for key, row in rows.items() if key not in held]:
        _INSERT(connection, fresh)


def known(connection: Connection, sha256: Sha256) -> KnownAsset | None:
    """Returns what lists say of an asset; it is first seen here with the first that told of it."""
    rows = connection.execute(
        select(appearance, log_entry.c.body)
        .join(log_entry, log_entry.c.idx == appearance.c.entry)
        .where(appearance.c.asset == sha256)
        .order_by(appearance.c.entry)
    ).all()
    told = [(row, entry) for row in rows if (entry := read_entry(row.body)).type == LISTED]
    if not told:
        return None
    first = told[0][1]
    return KnownAsset(
        sha256=sha256,
        kind=MediaKind(first.payload["kind"]),
        name=f"(only in a list of hashes by {told[0][0].by})",
        first_seen=first.at,
        appearances=tuple(
            sorted(
                (
                    Appearance(
                        what=row.what, at=row.at, url=row.url, publisher=row.publisher, by=row.by
                    )
                    for row in rows
                ),
                key=lambda one: one.at,
            )
        ),
        listed_by=told[0][0].by,
    )
