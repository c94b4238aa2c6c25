"""Hot paths past SQLAlchemy: the same statements, given to SQLite's driver without an object for each row.

On a server everything goes through SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, Table, TypeDecorator, insert
from sqlalchemy import Insert as SqlInsert
from sqlalchemy.dialects import sqlite

_DIALECT = sqlite.dialect()


class Insert:
    """Inserts rows into one table, any number by one call.

    Args:
        table: Where they go.
    """

    def __init__(self, table: Table) -> None:
        self._statement = insert(table)
        self._sql = on_sqlite(self._statement)
        self._columns = itemgetter(*table.columns.keys())
        self._written = {
            column.name: process
            for column in table.columns
            if isinstance(column.type, TypeDecorator)
            and (process := column.type.bind_processor(_DIALECT)) is not None
        }

    def __call__(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Inserts rows, given by column, within the transaction that is open on the connection."""
        if cursor := driver_cursor(connection):
            cursor.executemany(self._sql, map(self._columns, self._bound(rows)))
        else:
            connection.execute(self._statement, rows)

    def _bound(self, rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
        if not self._written:
            return rows
        return (
            {**row, **{name: process(row[name]) for name, process in self._written.items()}}
            for row in rows
        )


def driver_cursor(connection: Connection) -> Any:
    """Returns a cursor of the driver within the transaction of the connection; None on a server."""
    if connection.dialect.name != _DIALECT.name:
        return None
    return connection.connection.cursor()


def on_sqlite(statement: Select[Any] | SqlInsert) -> str:
    """Returns a statement in SQLite's words, with a question mark for each parameter."""
    return str(statement.compile(dialect=_DIALECT))


def selecting(query: Select[Any]) -> Callable[[Connection], Iterator[Any]]:
    """Prepares a query without parameters; its rows come as they are stored."""
    sql = str(query.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))

    def run(connection: Connection) -> Iterator[Any]:
        if cursor := driver_cursor(connection):
            cursor.execute(sql)
            return iter(cursor)
        return (tuple(row) for row in connection.execute(query).yield_per(1000))

    return run
