"""Which assets carry which coded pictures or sound, whatever wrapper they lie in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete

from db.driver import Insert
from db.models import coded_stream
from forensics.ledger.entry import Entry

_INSERT = Insert(coded_stream)
_DELETE = delete(coded_stream).where(coded_stream.c.asset == bindparam("of"))


def digests(entry: Entry) -> list[tuple[str, str]]:
    """Returns (digest, scheme) of what the streams of an `asset-received` entry code, each once, sorted.

    Raises:
        TypeError: One is no text.
    """
    pairs = set()
    for part in entry.payload["streams"]:
        digest, scheme = part.get("coded_digest"), part.get("coded_digest_scheme")
        if digest is None or scheme is None:
            continue
        if not isinstance(digest, str) or not isinstance(scheme, str):
            raise TypeError("coded_digest or coded_digest_scheme is not text")
        pairs.add((digest, scheme))
    return sorted(pairs)


def put(connection: Connection, found: Mapping[str, list[tuple[str, str]]]) -> None:
    """Writes what assets carry, by asset; it replaces what stood there of them."""
    connection.execute(_DELETE, [{"of": asset} for asset in found])
    rows: list[dict[str, Any]] = [
        {"digest": digest, "digest_scheme": scheme, "asset": asset}
        for asset, pairs in found.items()
        for digest, scheme in pairs
    ]
    if rows:
        _INSERT(connection, rows)
