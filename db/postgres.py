"""A ledger on PostgreSQL: how it is opened, whose turn it is, and what guards the log there.

The tables are those of the file. In place of the file lock stands a lock on one row, which the server hands
round in the order of asking; in place of SQLite's triggers stand the ones below, and the rights to change the
log are taken away even from its owner. All of it stops mistakes, not whoever runs the server: that is what
`verify` and copies of checkpoints are for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Connection, Engine, Integer, Text, create_engine, event, inspect
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGTypeCompiler
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.pool import ConnectionPoolEntry

from db.place import Server
from forensics.errors import LedgerError

APPEND_ONLY = ("log_entry", "log_checkpoint")
CONNECT_SECONDS = 10
LOCK_SECONDS = 60
_MARK = "\uf8ff"
_MAKING = 0x466F4C67
"""Advisory lock of whoever makes a ledger, when there is no row to lock yet."""

_FUNCTIONS = {
    "log_append_only": "BEGIN RAISE EXCEPTION 'the log is append-only'; END",
    "log_entry_in_order": (
        "BEGIN IF NEW.idx IS DISTINCT FROM (SELECT coalesce(max(idx) + 1, 0) FROM log_entry) THEN "
        "RAISE EXCEPTION 'entries are appended in order'; END IF; RETURN NEW; END"
    ),
    "log_checkpoint_in_order": (
        "BEGIN IF NEW.size <= (SELECT coalesce(max(size), -1) FROM log_checkpoint) THEN "
        "RAISE EXCEPTION 'checkpoints are appended in order'; END IF; RETURN NEW; END"
    ),
}
_TRIGGERS = {
    ("log_entry", "log_entry_no_change"): "BEFORE DELETE OR UPDATE {on} FOR EACH ROW {run}",
    ("log_entry", "log_entry_no_truncate"): "BEFORE TRUNCATE {on} FOR EACH STATEMENT {run}",
    ("log_entry", "log_entry_in_order"): "BEFORE INSERT {on} FOR EACH ROW {run}",
    (
        "log_checkpoint",
        "log_checkpoint_no_change",
    ): "BEFORE DELETE OR UPDATE {on} FOR EACH ROW {run}",
    (
        "log_checkpoint",
        "log_checkpoint_no_truncate",
    ): "BEFORE TRUNCATE {on} FOR EACH STATEMENT {run}",
    ("log_checkpoint", "log_checkpoint_in_order"): "BEFORE INSERT {on} FOR EACH ROW {run}",
}


class _Types(PGTypeCompiler):
    """SQLite's integers have 64 bits, and its text is ordered by code points; so it is here."""

    def visit_INTEGER(self, type_: Any, **kw: Any) -> str:  # noqa: N802 - as the base names it
        if isinstance(kw.get("type_expression"), Column):
            return "BIGINT"
        return super().visit_INTEGER(type_, **kw)

    def visit_TEXT(self, type_: Any, **kw: Any) -> str:  # noqa: N802 - as the base names it
        if isinstance(kw.get("type_expression"), Column):
            return 'TEXT COLLATE "C"'
        return super().visit_TEXT(type_, **kw)


class _Integer(Integer):
    """The driver says how wide each value is; a cast to INTEGER would refuse those over 32 bits."""

    render_bind_cast = False


class _Text(Text):
    """PostgreSQL's text has no U+0000, SQLite's has: it is written as two characters."""

    render_bind_cast = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:  # noqa: ARG002 - the base's form
        return lambda value: (
            value.replace(_MARK, _MARK * 2).replace("\0", f"{_MARK}0")
            if isinstance(value, str)
            else value
        )

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002 - the base's form
        return lambda value: (
            re.sub(f"{_MARK}(.)", lambda m: "\0" if m[1] == "0" else m[1], value)
            if isinstance(value, str) and _MARK in value
            else value
        )


class LedgerDialect(PGDialect_psycopg):
    """PostgreSQL with the types of a ledger."""

    supports_statement_cache = True
    type_compiler_cls = _Types
    colspecs = PGDialect_psycopg.colspecs | {Text: _Text, Integer: _Integer}


registry.register("postgresql.forensics", __name__, "LedgerDialect")


def writing_engine(server: Server) -> Engine:
    """Opens a database for appending; every commit is on the server's disk before it returns.

    Raises:
        LedgerError: The driver is not installed.
    """
    engine = _engine(server, "READ COMMITTED", read_only=False)
    event.listen(engine, "begin", _begin)
    return engine


def reading_engine(server: Server) -> Engine:
    """Opens a database for reading; each connection sees one state of it.

    Raises:
        LedgerError: The driver is not installed.
    """
    return _engine(server, "REPEATABLE READ", read_only=True)


def guard(run: Any) -> None:
    """Makes the functions and triggers, and takes the rights to change the log away.

    Args:
        run: Runs one statement.
    """
    for name, text in _FUNCTIONS.items():
        run(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${text}$$")
    for (table, name), text in _TRIGGERS.items():
        run(f"CREATE TRIGGER {name} {_filled(text, table, name)}")
    for table in APPEND_ONLY:
        run(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER")


def wipe(engine: Engine, server: Server) -> None:
    """Writes the table of disclosed values anew without what was deleted from it.

    Raises:
        LedgerError: The server did not do so.
    """
    said: list[str] = []
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver: Any = connection.connection.driver_connection

        def hear(notice: Any) -> None:
            if notice.severity_nonlocalized == "WARNING":
                said.append(" ".join(str(notice.message_primary).split()))

        driver.add_notice_handler(hear)
        try:
            connection.exec_driver_sql("VACUUM FULL disclosure")
        finally:
            driver.remove_notice_handler(hear)
    if said:  # a server skips what this user may not do, and only warns
        raise LedgerError(
            f"what was deleted is deleted, but its bytes may still lie in the files of {server}: "
            f"{server.hide(said[0])}",
            hint="Have the owner of the table run the same command again, or VACUUM FULL disclosure.",
        )


def guards(connection: Connection) -> dict[tuple[str, str], str]:
    """Returns the triggers and their functions as they are, by (kind, name)."""
    found = {}
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled::text "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal"
    )
    for name, text, enabled in rows:
        found["trigger", name] = text if enabled == "O" else f"{text} ({enabled}: not in force)"
    rows = connection.exec_driver_sql(
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
    )
    found |= {("function", name): text for name, text in rows}
    rows = connection.exec_driver_sql(
        "SELECT tablename, rulename FROM pg_rules WHERE schemaname = current_schema()"
    )
    found |= {("rule", name): table for table, name in rows}
    return found


def expected_guards(connection: Connection) -> dict[tuple[str, str], str]:
    """Returns the triggers and functions as `guard` makes them."""
    schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    expected = {("function", name): text for name, text in _FUNCTIONS.items()}
    for (table, name), text in _TRIGGERS.items():
        where = f"CREATE TRIGGER {name} {_filled(text, f'{schema}.{table}', name)}"
        expected["trigger", name] = where
    return expected


def tables(connection: Connection) -> set[str]:
    """Returns the names of the tables that are there."""
    return set(inspect(connection).get_table_names())


def _filled(text: str, table: str, name: str) -> str:
    function = name if name in _FUNCTIONS else "log_append_only"
    return text.format(on=f"ON {table}", run=f"EXECUTE FUNCTION {function}()")


def _engine(server: Server, level: Any, *, read_only: bool) -> Engine:
    try:
        engine = create_engine(
            server.url.set(drivername="postgresql+forensics"),
            isolation_level=level,
            pool_size=2,
            max_overflow=8,
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )
    except ImportError:
        raise LedgerError(
            "the driver for ledgers on PostgreSQL is not installed",
            hint='Install it by: pip install "forensics[postgres]"',
        ) from None
    settings = f"SET lock_timeout = '{LOCK_SECONDS}s'; SET synchronous_commit = on"
    if read_only:
        settings += "; SET default_transaction_read_only = on"

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(settings)
        cursor.close()
        connection.commit()

    event.listen(engine, "connect", prepare)
    return engine


def _begin(connection: Connection) -> None:
    """Waits for this writer's turn, where it is going to write."""
    if not connection.get_execution_options().get("immediate", False):
        return
    made = connection.exec_driver_sql("SELECT to_regclass('ledger_meta')").scalar_one()
    if made is None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
    else:
        connection.exec_driver_sql("SELECT value FROM ledger_meta WHERE key = 'origin' FOR UPDATE")
