"""What was signed here, with its codes: what leaves in a list of hashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from db import reading
from db.models import asset, signature
from forensics.errors import UsageError
from forensics.model import KnownAsset, Sha256, Signature


def signed(
    connection: Connection, scheme: str, assets: Sequence[Sha256] | None
) -> Iterator[tuple[KnownAsset, tuple[Signature, ...]]]:
    """Yields the assets that were received and signed here, with their codes in order of time, by name.

    Args:
        connection: The ledger.
        scheme: Of the codes.
        assets: Only these; None: all that have codes of the scheme.

    Raises:
        UsageError: One of `assets` was not received here, or has no codes of the scheme.
    """
    query = (
        select(signature)
        .join(asset, asset.c.sha256 == signature.c.asset)
        .where(signature.c.scheme == scheme, signature.c.pictures > 0)
        .order_by(signature.c.asset)
    )
    if assets is None:
        rows = connection.execute(query).yield_per(100)
        for row in rows:
            yield _with_codes(connection, row)
        return
    for name in sorted(set(assets)):
        found = connection.execute(query.where(signature.c.asset == name)).first()
        if found is None:
            raise UsageError(
                f"no picture of sha256:{name} was signed here",
                hint="`forensics register FILE` signs a file's pictures.",
            )
        yield _with_codes(connection, found)


def _with_codes(connection: Connection, row: Any) -> tuple[KnownAsset, tuple[Signature, ...]]:
    known = reading.own(connection, Sha256(row.asset))
    assert known is not None  # noqa: S101 - the query joins what was received
    codes, width = bytes(row.codes), row.width
    return known, tuple(
        Signature(
            scheme=row.scheme,
            code=codes[place * width : (place + 1) * width],
            quality=quality,
            time=Fraction(time),
        )
        for place, (time, quality) in enumerate(zip(row.times, row.qualities, strict=True))
    )
