"""Is this file a ledger, of which version, and is its schema the one that this program makes?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Connection, Integer, LargeBinary, inspect, select, text
from sqlalchemy.types import TypeEngine

from db.errors import LedgerMissing, NewerLedger, NotALedger
from db.models import log_entry
from db.place import Place
from forensics.errors import LedgerBroken

if TYPE_CHECKING:
    from alembic.config import Config

APPLICATION_ID = 0x466F4C67
"""In the header of every ledger file: "FoLg"."""
REVISION = "0008"
"""Newest step of `db.migrations`."""
SCHEMA = int(REVISION)
"""The same as a number, in the header of the file (user_version)."""

Shape = dict[tuple[str, str], str]
"""SQL of every table, index and trigger, by (kind, name)."""


def is_empty(connection: Connection) -> bool:
    """Tells whether the file is new: no table, no mark. On a server: no table in the schema."""
    if on_server(connection):
        return not inspect(connection).get_table_names()
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one()
    return tables == 0 and _pragma(connection, "application_id") == 0


def check(connection: Connection, path: Place) -> int:
    """Returns the schema version of a ledger.

    Raises:
        LedgerMissing: The file is empty.
        NotALedger: It is an SQLite file of another kind.
        NewerLedger: A newer program made it.
    """
    if is_empty(connection):
        raise LedgerMissing(
            f"{path} is empty: no ledger was made in it",
            hint="Run `forensics check` on a file, which makes a ledger and records in it.",
        )
    version = _server_version(connection, path) if on_server(connection) else 0
    if not on_server(connection):
        found = _pragma(connection, "application_id")
        if found != APPLICATION_ID:
            raise NotALedger(
                f"{path} is an SQLite file but not a ledger: "
                f"expected the mark {APPLICATION_ID:#x}, found {found:#x}",
                hint="Name another file with --ledger.",
            )
        version = _pragma(connection, "user_version")
    if version > SCHEMA:
        raise NewerLedger(
            f"the ledger {path} has the schema {version}; this program knows up to {SCHEMA}",
            hint="Install the newest forensics, and try again.",
        )
    if version < 1:
        raise LedgerBroken(f"the ledger {path} states the schema {version}, which never existed")
    return version


def upgrade(connection: Connection, revision: str = REVISION) -> None:
    """Brings the tables to a revision, within the transaction that is open on the connection."""
    from alembic import command  # noqa: PLC0415 - a tenth of a second, needed only here

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    if on_server(connection):
        return
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {int(revision)}")


def on_server(connection: Connection) -> bool:
    """Tells whether the ledger lies on a PostgreSQL server."""
    return connection.dialect.name == "postgresql"


def shape(connection: Connection) -> Shape:
    """Returns the SQL of everything in the file, spacing and quotes evened out.

    On a server: of what kind everything is, in words, as two programs that spell SQL their own way cannot be
    compared by their spelling.
    """
    if on_server(connection):
        from db.postgres import guards  # noqa: PLC0415 - loads the dialect

        return _reflected(connection) | guards(connection)
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_schema")
    return {(kind, name): _even(sql or "") for kind, name, sql in rows}


def expected(connection: Connection, scratch: Connection) -> Shape:
    """Returns the shape that a ledger should have, given an empty SQLite ledger of the same version."""
    if on_server(connection):
        from db.postgres import expected_guards  # noqa: PLC0415 - loads the dialect

        return _reflected(scratch) | expected_guards(connection)
    return shape(scratch)


def differences(found: Shape, expected: Shape) -> list[str]:
    """Says, one sentence each, where a file's schema is not as it should be."""
    said = [
        f"the {kind} {name} is missing" for kind, name in sorted(expected.keys() - found.keys())
    ]
    said += [
        f"the {kind} {name!r} was added by something else"
        for kind, name in sorted(found.keys() - expected.keys())
    ]
    said += [
        f"the {kind} {name} was altered: expected {expected[kind, name]!r}, found {found[kind, name]!r}"
        for kind, name in sorted(found.keys() & expected.keys())
        if found[kind, name] != expected[kind, name]
    ]
    return said


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - with the command, as above

    config = Config()
    config.set_main_option("script_location", "db:migrations")
    return config


def _server_version(connection: Connection, place: Place) -> int:
    if not {"alembic_version", log_entry.name} <= set(inspect(connection).get_table_names()):
        raise NotALedger(
            f"the database {place} holds tables of something else",
            hint="Name an empty database with --ledger.",
        )
    found = connection.execute(select(text("version_num")).select_from(text("alembic_version")))
    return int(found.scalar_one())


def _reflected(connection: Connection) -> Shape:
    found: Shape = {}
    inspector = inspect(connection)
    for table in inspector.get_table_names():
        key = inspector.get_pk_constraint(table)["constrained_columns"]
        columns = [
            f"{c['name']} {_kind(c['type'])}{'' if c['nullable'] else ' NOT NULL'}"
            for c in inspector.get_columns(table)
        ]
        found["table", table] = f"{', '.join(columns)}, PRIMARY KEY ({', '.join(key)})"
        for index in inspector.get_indexes(table):
            names = ", ".join(str(name) for name in index["column_names"])
            unique = "unique " if index["unique"] else ""
            found["index", str(index["name"])] = f"{unique}{table} ({names})"
    for view in inspector.get_view_names():
        found["view", view] = ""
    return found


def _kind(type_: TypeEngine[Any]) -> str:
    if isinstance(type_, Integer | BigInteger):
        return "INTEGER"
    return "BLOB" if isinstance(type_, LargeBinary) else str(type_).split(" COLLATE")[0]


def _even(sql: str) -> str:
    return re.sub(r"\s*([(),])\s*", r"\1", re.sub(r"\s+", " ", sql)).replace('"', "").strip()


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
