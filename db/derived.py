"""What has to follow from the entries of a log: rules between them, disclosed values, projections.

Everything is made again beside the ledger while the entries pass on their way to the verification of the log
itself, so that each body is read once; what is wrong is told afterwards.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import Connection, Row, Table, inspect, select
from sqlalchemy.exc import DBAPIError

from db import schema
from db.driver import selecting
from db.models import PROJECTIONS, disclosure
from db.projections import Projector, takes_effect
from db.rules import Rules
from forensics.errors import LedgerError
from forensics.ledger.entry import Entry, commitment, read_parts
from forensics.ledger.keychain import KeyRange
from forensics.ledger.verify import Part, Problem, Stored

_FETCH = 1000


class Derived:
    """Takes the entries in turn, and says at the end what does not follow from them.

    Args:
        connection: To the ledger.
        scratch: To a ledger without entries and of the same version, in which projections can be made.

    Attributes:
        rules: The rules between entries, once all were taken.
    """

    def __init__(self, connection: Connection, scratch: Connection) -> None:
        self.rules = Rules(connection)
        self._connection = connection
        self._scratch = scratch
        self._projector = Projector(scratch)
        self._disclosed = _Disclosed(connection)
        self._bad: Problem | None = None
        self._error: Exception | None = None

    def passing(self, entries: Iterator[Stored]) -> Iterator[Stored]:
        """Passes entries on, and takes them until one is not as it has to be."""
        for row in entries:
            if self._bad is None and self._error is None and row[1] is not None:
                self._try(row[0], row[1])
            yield row

    def problems(self, keys: Sequence[KeyRange]) -> list[Problem]:
        """Returns what is wrong, given that the log holds.

        Args:
            keys: The log's keys, verified.

        Raises:
            DBAPIError: The ledger could not be read on the way.
        """
        if self._error is not None:
            raise self._error
        if self._bad is not None:
            return [self._bad]
        if strange := self.rules.strange(keys):
            return strange
        self._projector.flush()
        found = [*self._disclosed.problems(), *self.rules.problems()]
        for table in PROJECTIONS:
            # A file of an older schema lacks the newer ones.
            if inspect(self._scratch).has_table(table.name):
                found += differences(self._connection, self._scratch, table)
        return found

    def _try(self, index: int, body: bytes) -> None:
        try:
            self._take(index, body)
        except LedgerError as error:
            what = f"entry {index} is not as it has to be: {error}"
            self._bad = Problem(part=Part.LOG, entry=index, what=what)
        except (DBAPIError, sqlite3.Error, UnicodeDecodeError) as error:
            self._error = error  # what is wrong with the log itself is told first

    def _take(self, index: int, body: bytes) -> None:
        parts = read_parts(body)
        effect = takes_effect(parts["type"])
        concern = self.rules.concern(index, parts)
        if not (effect or parts["commitments"] or concern):
            return
        entry = Entry(**parts)
        self.rules.take(index, entry)
        if effect:
            self._projector.take(index, entry)
        if entry.commitments:
            self._disclosed.take(index, entry)


class _Disclosed:
    """The disclosed values, read once in the order of the entries that commit to them."""

    def __init__(self, connection: Connection) -> None:
        query = select(disclosure).order_by(disclosure.c.entry, disclosure.c.key)
        self._connection = connection
        self._query = query
        self._rows: Iterator[Row[Any]] | None = None
        self._next: Row[Any] | None = None
        self._wrong: list[Problem] = []
        self._strays = 0

    def take(self, index: int, entry: Entry) -> None:
        """Compares the values of one entry with its commitments."""
        for row in self._until(index):
            try:
                given = commitment(row.salt, row.value)
            except LedgerError as error:
                given = str(error)
            if entry.commitments.get(row.key) != given:
                what = f"the value disclosed as {row.key!r} is not the one that entry {index} commits to"
                self._wrong.append(Problem(part=Part.DISCLOSURE, entry=index, what=what))

    def problems(self) -> list[Problem]:
        """Returns what is wrong with them, once all entries were taken."""
        for _ in self._until(None):
            self._strays += 1
        if not self._strays:
            return self._wrong
        what = f"{self._strays} disclosed values belong to no commitment in the log"
        return [*self._wrong, Problem(part=Part.DISCLOSURE, entry=None, what=what)]

    def _until(self, index: int | None) -> Iterator[Row[Any]]:
        """Goes on to the values of an entry, counting those of others before it; None: to the end."""
        if self._rows is None:
            self._rows = iter(self._connection.execute(self._query).yield_per(_FETCH))
            self._next = next(self._rows, None)
        while self._next is not None and (index is None or self._next.entry <= index):
            row, self._next = self._next, next(self._rows, None)
            if index is None or row.entry == index:
                yield row
            else:
                self._strays += 1


def differences(connection: Connection, scratch: Connection, table: Table) -> list[Problem]:
    """Compares a table of the ledger with the same one made again; tells the first row that differs."""
    pairs = zip_longest(_rows(connection, scratch, table), _rows(scratch, connection, table))
    for some, others in pairs:
        if some == others:
            continue
        for one, other in zip_longest(some or (), others or ()):
            if one != other:
                row = other if other is not None else one
                places = [table.columns.values().index(c) for c in table.primary_key.columns]
                what = (
                    f"the table {table.name} does not follow from the log, first at "
                    f"({', '.join(str(row[place]) for place in places)}): "
                    "`forensics ledger rebuild` makes it again"
                )
                return [Problem(part=Part.PROJECTION, entry=None, what=what)]
    return []


def _rows(
    connection: Connection, other: Connection, table: Table
) -> Iterator[Sequence[Sequence[Any]]]:
    """Reads a table in parts, in the order of its key; as the driver gives it, where both are SQLite."""
    query = select(table).order_by(*table.primary_key.columns)
    if schema.on_server(connection) or schema.on_server(other):
        yield from connection.execute(query).yield_per(_FETCH).partitions()
        return
    rows = selecting(query)(connection)
    while part := list(islice(rows, _FETCH)):
        yield part
