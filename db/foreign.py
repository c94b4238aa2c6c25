"""Other desks' logs: their entries, what can be searched in them, and whether both still hold.

They never mix with this ledger's own log. The head of each follows from this log's `import` entries; the
bodies and leaf hashes lead to that head; the tables that are searched follow from the bodies. All of it is
that desk's word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, LargeBinary, delete, func, insert, inspect, null, select

from db import looks, projections, sounds, wrapped
from db.models import (
    FOREIGN,
    foreign_appearance,
    foreign_asset,
    foreign_entry,
    foreign_log,
    foreign_signature,
    foreign_stream,
    log_entry,
)
from forensics.errors import LedgerError
from forensics.ledger.entry import Entry, read_entry
from forensics.ledger.merkle import Frontier, leaf_hash
from forensics.ledger.note import parse_checkpoint, parse_note
from forensics.ledger.verify import Part, Problem
from forensics.model import Appearance, KnownAsset, MediaKind, Sha256

_FETCH = 1000
_IMPORT = b'"type":"import","v":1}'
"""How the body of every import of version 1 ends: keys are sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What the log says of one import.

    Attributes:
        size: Of the log that was imported.
        bodies: How many of its bodies were held since.
        vkey: The key that it was begun with.
        key_given: Its key was told by other means.
    """

    size: int
    bodies: int
    vkey: str
    key_given: bool


_Imports: TypeAlias = dict[int, Import]
"""Imports of one log, by entry."""
_NONE = Import(size=0, bodies=0, vkey="", key_given=False)
_KINDS = frozenset(kind.value for kind in MediaKind)


def rebuild(source: Connection, target: Connection, origin: str | None = None) -> int:
    """Makes the tables that are searched again, of one desk or of all; returns how many entries do not fit.

    Args:
        source: Has the entries.
        target: Has the tables; may be the same.
        origin: The desk; None: all.
    """
    query = select(foreign_entry.c.origin, foreign_entry.c.idx, foreign_entry.c.body)
    if origin is not None:
        query = query.where(foreign_entry.c.origin == origin)
    there = set(inspect(target).get_table_names())
    for table in FOREIGN:
        if table.name not in there:  # a file of an older schema
            continue
        clear = delete(table)
        target.execute(clear if origin is None else clear.where(table.c.origin == origin))
    unread = 0
    rows = source.execute(
        query.where(foreign_entry.c.body.is_not(None)).order_by(
            foreign_entry.c.origin, foreign_entry.c.idx
        )
    ).yield_per(_FETCH)
    for desk, index, body in rows:
        unread += not _apply(target, desk, index, read_entry(body))
    return unread


def _apply(connection: Connection, origin: str, index: int, entry: Entry) -> bool:
    """Lets an entry take effect; tells whether it could: another desk may write what cannot be read here."""
    act = {
        "asset-received": _asset_received,
        "appearance": _appearance,
        "signatures": _signatures,
    }.get(entry.type)
    if act is None:
        return True
    try:
        act(connection, origin, index, entry)
    except (LedgerError, KeyError, TypeError, AttributeError):
        return False
    return True


def _asset_received(connection: Connection, origin: str, index: int, entry: Entry) -> None:
    row = projections.asset_row(index, entry)
    streams = projections.stream_rows(index, entry)
    name = row["sha256"]
    if row["kind"] not in _KINDS:
        raise LedgerError(f"entry {index} is about media of the kind {row['kind']!r}")
    there = select(foreign_asset.c.entry).where(
        foreign_asset.c.sha256 == name, foreign_asset.c.origin == origin
    )
    if connection.execute(there).first() is None:
        connection.execute(
            insert(foreign_asset).values(sha256=name, origin=origin, kind=row["kind"], entry=index)
        )
    connection.execute(
        delete(foreign_stream).where(
            foreign_stream.c.asset == name, foreign_stream.c.origin == origin
        )
    )
    digests = {(s["digest"], s["digest_scheme"]) for s in streams}
    digests.update(wrapped.digests(entry))
    for digest, scheme in sorted(pair for pair in digests if None not in pair):
        connection.execute(
            insert(foreign_stream).values(
                digest=digest, digest_scheme=scheme, asset=name, origin=origin
            )
        )
    _insert_appearance(
        connection,
        origin,
        {"entry": index, "asset": name, "what": "received", "at": entry.at},
    )


def _appearance(connection: Connection, origin: str, index: int, entry: Entry) -> None:
    row = projections.appearance_row(index, entry)
    _insert_appearance(connection, origin, {k: v for k, v in row.items() if k != "by"})


def _insert_appearance(connection: Connection, origin: str, row: dict[str, Any]) -> None:
    connection.execute(insert(foreign_appearance).values(origin=origin, **row))


def _signatures(connection: Connection, origin: str, index: int, entry: Entry) -> None:
    if looks.is_local(entry.payload):
        asset = projections.asset_of(index, entry)
        looks.put_local(connection, index, asset, entry.payload, origin)
        return
    if sounds.is_sound(entry.payload):
        sounds.put(connection, index, projections.asset_of(index, entry), entry.payload, origin)
        return
    row = projections.signature_row(index, entry)
    del row["qualities"]
    connection.execute(
        delete(foreign_signature).where(
            foreign_signature.c.scheme == row["scheme"],
            foreign_signature.c.asset == row["asset"],
            foreign_signature.c.origin == origin,
        )
    )
    connection.execute(insert(foreign_signature).values(origin=origin, **row))


def appearances(connection: Connection, sha256: Sha256) -> list[Appearance]:
    """Returns where other desks say that they met an asset, by time."""
    rows = connection.execute(
        select(foreign_appearance)
        .where(foreign_appearance.c.asset == sha256)
        .order_by(foreign_appearance.c.at, foreign_appearance.c.origin, foreign_appearance.c.entry)
    )
    return [
        Appearance(what=a.what, at=a.at, url=a.url, publisher=a.publisher, by=a.origin)
        for a in rows
    ]


def known(connection: Connection, sha256: Sha256) -> KnownAsset | None:
    """Returns what other desks say of an asset; it is first seen here with the import that told of it."""
    came = func.coalesce(foreign_entry.c.entry, foreign_log.c.entry)
    row = connection.execute(
        select(foreign_asset.c.kind, foreign_asset.c.origin, came.label("entry"))
        .join(foreign_log, foreign_log.c.origin == foreign_asset.c.origin)
        .join(
            foreign_entry,
            (foreign_entry.c.origin == foreign_asset.c.origin)
            & (foreign_entry.c.idx == foreign_asset.c.entry),
        )
        .where(foreign_asset.c.sha256 == sha256)
        .order_by(came, foreign_asset.c.origin)
        .limit(1)
    ).first()
    if row is None:
        return None
    body = connection.execute(
        select(log_entry.c.body).where(log_entry.c.idx == row.entry)
    ).scalar_one()
    return KnownAsset(
        sha256=sha256,
        kind=MediaKind(row.kind),
        name=f"(met by {row.origin})",
        first_seen=read_entry(body).at,
        appearances=tuple(appearances(connection, sha256)),
    )


def problems(connection: Connection, scratch: Connection) -> list[Problem]:
    """Says what contradicts the checkpoints under which other desks' logs were imported.

    Args:
        connection: The ledger.
        scratch: A ledger without entries, in which the tables can be made again.
    """
    found = []
    logs = {row.origin: row for row in connection.execute(select(foreign_log))}
    there = connection.execute(select(foreign_entry.c.origin).distinct()).scalars().all()
    imports = imports_of(connection) if there else {}
    for origin in sorted({*there, *logs}):
        if origin not in logs:
            found.append(
                _problem(f"entries of {origin} are kept, but no import of them is recorded")
            )
        elif what := _contradiction(connection, logs[origin], imports.get(origin, {})):
            found.append(_problem(what))
    if not found:
        rebuild(connection, scratch)
    return found


def _contradiction(connection: Connection, log: Any, imports: _Imports) -> str | None:
    head = parse_checkpoint(parse_note(log.checkpoint).text)  # sealed by this ledger's own log
    frontier, bodies, came = Frontier(), 0, Counter[int | None]()
    for index, leaf, body, entry in _stored(connection, log.origin):
        if index != frontier.size:
            return f"entry {frontier.size} of {log.origin} is missing"
        if body is not None and leaf_hash(body) != leaf:
            return f"the body of entry {index} of {log.origin} is not the one that was imported"
        if entry is not None and index >= imports.get(entry, _NONE).size:
            return f"entry {index} of {log.origin} did not come with entry {entry}"
        bodies += body is not None
        came[entry] += body is not None
        frontier.add(leaf)
    if (head.size, head.root) != (frontier.size, frontier.root()):
        return (
            f"the entries of {log.origin} do not lead to the checkpoint under which they were imported: "
            f"expected {head.size} with the root {head.root.hex()}, "
            f"found {frontier.size} with {frontier.root().hex()}"
        )
    told = max((one.bodies for one in imports.values()), default=0)
    if bodies < told:
        return f"{told - bodies} bodies of {log.origin} are missing: {told} were imported"
    return None if None in came else _other_counts(log.origin, came, imports)


def _other_counts(origin: str, came: Counter[int | None], imports: _Imports) -> str | None:
    """Compares how many bodies came with each import with what it says was held since."""
    held = 0
    for entry, one in sorted(imports.items()):
        held += came[entry]
        if held != one.bodies:
            return (
                f"with entry {entry} and before came {held} bodies of {origin}: "
                f"{one.bodies} were imported"
            )
    return None


def imports_of(connection: Connection) -> dict[str, _Imports]:
    """Returns what the log says of the imports of each log that is held, by its origin.

    Of a log that another one of the same name displaced, under another first key, nothing is held.
    """
    body = log_entry.c.body
    tail = func.substr(body, func.length(body) - len(_IMPORT) + 1, type_=LargeBinary)
    rows = connection.execute(
        select(log_entry.c.idx, body).where(tail == _IMPORT).order_by(log_entry.c.idx)
    )
    found: dict[str, _Imports] = {}
    for index, data in rows:
        payload = read_entry(data).payload
        one = Import(
            size=int(payload["size"]),
            bodies=int(payload.get("bodies", 0)),
            vkey=str(payload["vkey"]),
            key_given=payload.get("key_given") is True,
        )
        same = found.setdefault(payload["origin"], {})
        if any(before.vkey != one.vkey for before in same.values()):
            same.clear()
        same[index] = one
    return found


def _stored(
    connection: Connection, origin: str
) -> Iterator[tuple[int, bytes, bytes | None, int | None]]:
    columns = {column["name"] for column in inspect(connection).get_columns(foreign_entry.name)}
    came = foreign_entry.c.entry if "entry" in columns else null()  # a file of the third schema
    rows = connection.execute(
        select(foreign_entry.c.idx, foreign_entry.c.leaf, foreign_entry.c.body, came.label("entry"))
        .where(foreign_entry.c.origin == origin)
        .order_by(foreign_entry.c.idx)
    )
    return ((row.idx, row.leaf, row.body, row.entry) for row in rows.yield_per(_FETCH))


def size_and_root(connection: Connection, origin: str) -> tuple[int, bytes] | None:
    """Returns how much is held of another log, and its root; None if nothing is."""
    row = connection.execute(
        select(foreign_log.c.checkpoint).where(foreign_log.c.origin == origin)
    ).scalar()
    if row is None:
        return None
    head = parse_checkpoint(parse_note(row).text)
    return head.size, head.root


def _problem(what: str) -> Problem:
    return Problem(part=Part.FOREIGN, entry=None, what=what)
