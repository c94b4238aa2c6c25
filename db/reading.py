"""Reading a ledger: without its key, and from a file and folder that cannot be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, Connection, Engine, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from db import foreign, listed, schema
from db.errors import LedgerMissing, explained
from db.head import last_note, log_size
from db.models import appearance, asset, disclosure, ledger_meta, log_entry, stream
from db.place import Place, Server
from db.projections import subject_of
from db.session import reading_engine
from forensics.errors import LedgerError, UsageError
from forensics.ledger.canonical import canonical_bytes
from forensics.ledger.entry import Entry, read_entry
from forensics.ledger.merkle import leaf_hash
from forensics.ledger.note import parse_checkpoint, parse_note, to_base64
from forensics.model import Appearance, Head, KnownAsset, MediaKind, Sha256

REDACTED = "(redacted)"
"""Stands where a personal value was deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One entry as it lies in the ledger.

    Attributes:
        index: Its place in the log, from 0.
        body: The exact bytes that are hashed.
        leaf: SHA-256(0x00 ‖ body).
        entry: What the body says.
        disclosed: The values behind its commitments that were not deleted, by key.
    """

    index: int
    body: bytes
    leaf: bytes
    entry: Entry
    disclosed: dict[str, str]


@contextmanager
def snapshot(engine: Engine, path: Place) -> Iterator[Connection]:
    """One consistent view of the ledger; errors come out explained."""
    with explained(path), engine.connect() as connection:
        yield connection


class Reader:
    """A ledger opened for reading only."""

    def __init__(self, path: Place, engine: Engine, meta: dict[str, str]) -> None:
        self.path = path
        self.origin = meta.get("origin", "")
        self.vkey = meta.get("vkey", "")
        self._engine = engine

    @classmethod
    def open(cls, path: Place) -> Self:
        """Opens a ledger for reading; needs no key, and writes nothing.

        Raises:
            LedgerError: There is none, or it cannot be opened; says why and what to do.
        """
        if not isinstance(path, Server) and not path.exists():
            raise LedgerMissing(
                f"there is no ledger at {path}",
                hint="Check the path; `forensics check` makes a ledger where there is none.",
            )
        engine = reading_engine(path)
        try:
            with snapshot(engine, path) as connection:
                schema.check(connection, path)
                meta = said_of_itself(connection)
        except BaseException:
            engine.dispose()
            raise
        return cls(path, engine, meta)

    def close(self) -> None:
        """Closes the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def snapshot(self) -> AbstractContextManager[Connection]:
        """Returns a connection: one consistent view until it is closed."""
        return snapshot(self._engine, self.path)

    def size(self) -> int:
        """Returns how many entries the log has."""
        with snapshot(self._engine, self.path) as connection:
            return log_size(connection)

    def head(self) -> Head:
        """Returns the ledger's signed state, by its last checkpoint.

        Raises:
            LedgerError: It has none.
        """
        with snapshot(self._engine, self.path) as connection:
            last = last_note(connection)
        if last is None:
            raise LedgerError(f"the ledger {self.path} has no checkpoint yet: nothing is in it")
        signed = parse_checkpoint(parse_note(last[1]).text)
        return Head(
            ledger=str(self.path),
            origin=self.origin,
            vkey=self.vkey,
            size=signed.size,
            root=to_base64(signed.root),
            checkpoint=last[1],
        )

    def kept(self, sha256: Sha256) -> Path | None:
        """Returns where bytes are stored under their digest, or None if they were not kept."""
        from db import store  # noqa: PLC0415 - it reads ledgers itself

        path = store.kept_path(store.store_path(self.path), sha256)
        return path if path.exists() else None

    def entry(self, index: int) -> StoredEntry:
        """Returns one entry.

        Raises:
            LedgerError: There is no such entry, or it cannot be read.
        """
        with snapshot(self._engine, self.path) as connection:
            body = connection.execute(
                select(log_entry.c.body).where(log_entry.c.idx == index)
            ).scalar_one_or_none()
            if body is None:
                raise UsageError(
                    f"there is no entry {index}: the ledger has {log_size(connection)} entries, from 0"
                )
            return _stored(connection, index, body)

    def entries(
        self,
        *,
        asset: Sha256 | None = None,
        type: str | None = None,  # noqa: A002 - as the entry calls it
        since: str | None = None,
        before: int | None = None,
        after: int | None = None,
        limit: int = 50,
        oldest_first: bool = False,
    ) -> list[StoredEntry]:
        """Returns entries, newest first unless asked otherwise; `before` and `after` lead to the next page.

        Args:
            asset: Only entries about this asset.
            type: Only entries of this type.
            since: Only entries of this RFC 3339 UTC time or later, by their own word.
            before: Only entries with a smaller index.
            after: Only entries with a larger index.
            limit: No more than this many.
            oldest_first: Order by rising index.

        Raises:
            LedgerError: An entry cannot be read; the message names it.
        """
        query = select(log_entry.c.idx, log_entry.c.body).order_by(
            log_entry.c.idx if oldest_first else log_entry.c.idx.desc()
        )
        if before is not None:
            query = query.where(log_entry.c.idx < before)
        if after is not None:
            query = query.where(log_entry.c.idx > after)
        if asset is not None:
            query = query.where(says("subject", subject_of(asset)))
        if type is not None:
            query = query.where(says("type", type))
        found: list[StoredEntry] = []
        with snapshot(self._engine, self.path) as connection:
            for index, body in connection.execute(query).yield_per(100):
                if len(found) >= limit:
                    break
                stored = _stored(connection, index, body)
                if _fits(stored.entry, asset=asset, type_=type, since=since):
                    found.append(stored)
        return found


def known(connection: Connection, sha256: Sha256) -> KnownAsset | None:
    """Returns what is known of an asset, or None if it was never met."""
    if (met := own(connection, sha256)) is not None:
        return met
    told, in_lists = foreign.known(connection, sha256), listed.known(connection, sha256)
    if told is None or in_lists is None:
        return told or in_lists
    both = sorted((*told.appearances, *in_lists.appearances), key=lambda one: one.at)
    return replace(told, appearances=tuple(both))


def listed_in(connection: Connection, sha256: Sha256) -> set[Sha256]:
    """Returns the assets that were recorded from a list of hashes."""
    rows = connection.execute(select(log_entry.c.body).where(says("list", sha256)))
    entries = (read_entry(row.body) for row in rows.yield_per(100))
    return {
        Sha256(entry.subject.removeprefix("sha256:"))
        for entry in entries
        if entry.type == listed.LISTED and entry.subject and entry.payload.get("list") == sha256
    }


def own(connection: Connection, sha256: Sha256) -> KnownAsset | None:
    """Returns what is known of an asset that was received here; None if it never was."""
    row = connection.execute(select(asset).where(asset.c.sha256 == sha256)).first()
    if row is None:
        return None
    rows = connection.execute(
        select(appearance)
        .where(appearance.c.asset == sha256)
        .order_by(appearance.c.at, appearance.c.entry)
    )
    return KnownAsset(
        sha256=sha256,
        kind=MediaKind(row.kind),
        name=disclosed(connection, row.entry).get("name", REDACTED),
        first_seen=row.first_seen,
        points=connection.execute(
            select(func.max(stream.c.width * stream.c.height)).where(stream.c.asset == sha256)
        ).scalar(),
        appearances=tuple(
            sorted(
                [
                    *(
                        Appearance(what=a.what, at=a.at, url=a.url, publisher=a.publisher, by=a.by)
                        for a in rows
                    ),
                    *foreign.appearances(connection, sha256),
                ],
                key=lambda one: one.at,
            )
        ),
    )


def beginning(connection: Connection, digits: str) -> list[Sha256]:
    """Returns the assets received here whose names begin with these digits, in order of name."""
    query = select(asset.c.sha256).where(asset.c.sha256.startswith(digits, autoescape=True))
    return [Sha256(name) for name in connection.execute(query.order_by(asset.c.sha256)).scalars()]


def disclosed(connection: Connection, entry: int) -> dict[str, str]:
    """Returns the values that an entry commits to and that were not deleted since, by key."""
    rows = connection.execute(
        select(disclosure.c.key, disclosure.c.value)
        .where(disclosure.c.entry == entry)
        .order_by(disclosure.c.key)
    )
    return {row.key: row.value for row in rows}


def said_of_itself(connection: Connection) -> dict[str, str]:
    """Returns the origin and the verification key that the file names, outside its log."""
    rows = connection.execute(select(ledger_meta.c.key, ledger_meta.c.value))
    return {row.key: row.value for row in rows}


def entry_of(index: int, body: bytes) -> Entry:
    """Reads an entry's bytes as the log has them.

    Raises:
        LedgerError: They are none; the index is named.
    """
    try:
        return read_entry(body)
    except LedgerError as error:
        raise LedgerError(
            f"entry {index} cannot be read: {error}",
            hint="Run `forensics ledger verify`, which names the first bad entry.",
        ) from error


def _stored(connection: Connection, index: int, body: bytes) -> StoredEntry:
    entry = entry_of(index, body)
    return StoredEntry(
        index=index,
        body=body,
        leaf=leaf_hash(body),
        entry=entry,
        disclosed=disclosed(connection, index) if entry.commitments else {},
    )


class _Holds(FunctionElement[bool]):
    """Tells whether bytes hold other bytes."""

    type = Boolean()
    inherit_cache = True


@compiles(_Holds)
def _holds(element: _Holds, compiler: SQLCompiler, **kw: Any) -> str:
    return f"instr({compiler.process(element.clauses, **kw)}) > 0"


@compiles(_Holds, "postgresql")
def _holds_on_server(element: _Holds, compiler: SQLCompiler, **kw: Any) -> str:
    body, needle = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"position({needle} IN {body}) > 0"


def says(key: str, value: str) -> ColumnElement[bool]:
    """Narrows a search to bodies that hold `"key":"value"` somewhere; `_fits` decides."""
    needle = canonical_bytes({key: value})[1:-1]
    return _Holds(log_entry.c.body, literal(needle))


def _fits(entry: Entry, *, asset: Sha256 | None, type_: str | None, since: str | None) -> bool:
    return (
        (asset is None or entry.subject == subject_of(asset))
        and (type_ is None or entry.type == type_)
        and (since is None or entry.at >= since)
    )
