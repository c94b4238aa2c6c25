"""Is this file a ledger, of which version, and is its schema the one that this program makes?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from db.errors import LedgerMissing, NewerLedger, NotALedger
from forensics.errors import LedgerBroken

if TYPE_CHECKING:
    from alembic.config import Config

APPLICATION_ID = 0x466F4C67
"""In the header of every ledger file: "FoLg"."""
REVISION = "0003"
"""Newest step of `db.migrations`."""
SCHEMA = int(REVISION)
"""The same as a number, in the header of the file (user_version)."""

Shape = dict[tuple[str, str], str]
"""SQL of every table, index and trigger, by (kind, name)."""


def is_empty(connection: Connection) -> bool:
    """Tells whether the file is new: no table, no mark."""
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one()
    return tables == 0 and _pragma(connection, "application_id") == 0


def check(connection: Connection, path: Path) -> int:
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
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {int(revision)}")


def shape(connection: Connection) -> Shape:
    """Returns the SQL of everything in the file, spacing and quotes evened out."""
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_schema")
    return {(kind, name): _even(sql or "") for kind, name, sql in rows}


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
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "db:migrations")
    return config


def _even(sql: str) -> str:
    return re.sub(r"\s*([(),])\s*", r"\1", re.sub(r"\s+", " ", sql)).replace('"', "").strip()


def _pragma(connection: Connection, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
