"""What others attached to a checkpoint: cosignatures of witnesses, time-stamp tokens, stamps.

They are no part of the log. Each proves itself to whoever knows its maker's key; losing one loses a proof,
and never an entry.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy import Connection, delete, insert, inspect, select

from db.models import attachment

COSIGNATURE = "cosignature"
"""Kind: one signature line of a witness, UTF-8, with its newline."""
RFC3161 = "rfc3161"
"""Kind: a time-stamp token over the checkpoint's exact bytes, DER."""
OTS = "ots"
"""Kind: an OpenTimestamps proof for the checkpoint's exact bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One thing bound to a checkpoint.

    Attributes:
        size: Of the checkpoint.
        kind: `COSIGNATURE`, `RFC3161` or `OTS`.
        name: Whose it is: a witness's name and key id, the address of an authority.
        at: When it was stored, RFC 3339 UTC.
        data: The thing itself.
    """

    size: int
    kind: str
    name: str
    at: str
    data: bytes


def add(connection: Connection, added: Attachment) -> None:
    """Stores an attachment; a later one of the same size, kind and name replaces an earlier one."""
    column = attachment.c
    same = (column.size == added.size, column.kind == added.kind, column.name == added.name)
    connection.execute(delete(attachment).where(*same))
    values = {field.name: getattr(added, field.name) for field in fields(added)}
    connection.execute(insert(attachment), values)


def of_size(connection: Connection, size: int, kind: str | None = None) -> list[Attachment]:
    """Returns what is attached to the checkpoint of a size, by kind and name."""
    if not _has_table(connection):
        return []
    query = select(attachment).where(attachment.c.size == size)
    if kind is not None:
        query = query.where(attachment.c.kind == kind)
    rows = connection.execute(query.order_by(attachment.c.kind, attachment.c.name))
    return [Attachment(size=r.size, kind=r.kind, name=r.name, at=r.at, data=r.data) for r in rows]


def sizes(connection: Connection, kind: str) -> list[int]:
    """Returns the sizes of the checkpoints that carry an attachment of a kind, rising."""
    if not _has_table(connection):
        return []
    query = select(attachment.c.size).where(attachment.c.kind == kind).distinct()
    return list(connection.execute(query.order_by(attachment.c.size)).scalars())


def _has_table(connection: Connection) -> bool:
    """Tells whether the file has the table: one of the first schema, opened for reading, has not."""
    return inspect(connection).has_table(attachment.name)
