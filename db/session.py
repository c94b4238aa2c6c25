"""Opening the SQLite file: the settings that make an acknowledged append stay."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.pool import QueuePool

from db.errors import explained
from db.place import Place, Server
from forensics.errors import LedgerError
from forensics.ledger.journal import journal_mode

BUSY_SECONDS = 30
_Prepare: TypeAlias = Callable[[sqlite3.Connection], None]


def is_there(place: Place) -> bool:
    """Tells whether anything is there already, a ledger or something else.

    Raises:
        LedgerError: The server cannot be asked.
    """
    if isinstance(place, Path):
        return place.exists() and place.stat().st_size > 0
    engine = reading_engine(place)
    try:
        with explained(place), engine.connect() as connection:
            return bool(inspect(connection).get_table_names())
    finally:
        engine.dispose()


def writing_engine(path: Place, *, create: bool = False) -> Engine:
    """Opens the ledger for appending; every commit is on the disk before it returns.

    Raises:
        LedgerError: The file cannot be opened, or stays in a journal mode that is not safe here.
    """
    if isinstance(path, Server):
        from db import postgres  # noqa: PLC0415 - loads the dialect

        return postgres.writing_engine(path)
    mode = "rwc" if create else "rw"
    if path.exists() and not _writable(path):
        raise LedgerError(
            f"nothing can be recorded in the ledger {path}: the file or its folder cannot be written",
            hint="Allow writing to both, or name another file with --ledger. Reading works as it is.",
        )

    def prepare(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA synchronous = FULL")
        wanted = journal_mode(sqlite3.sqlite_version_info)
        found = _pragma(connection, "journal_mode")
        if found != wanted:
            found = _pragma(connection, f"journal_mode = {wanted}")
        if found != wanted:
            raise LedgerError(
                f"the ledger {path} is in the journal mode {found}, which SQLite "
                f"{sqlite3.sqlite_version} does not handle safely here; expected {wanted}",
                hint="Close the other programs that have it open, and try again.",
            )

    return _engine(path, f"{path.absolute().as_uri()}?mode={mode}", prepare)


def reading_engine(path: Place) -> Engine:
    """Opens the ledger for reading only; works on a read-only file in a read-only folder.

    Raises:
        LedgerError: The file cannot be opened.
    """
    if isinstance(path, Server):
        from db import postgres  # noqa: PLC0415 - loads the dialect

        return postgres.reading_engine(path)
    uri = f"{path.absolute().as_uri()}?mode=ro"
    _roll_back(path)
    if _lone_wal_file(path) and not os.access(path.parent, os.W_OK):
        # A closed WAL file whose index cannot be made here: nobody can be writing to it either.
        uri += "&immutable=1"

    def prepare(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA query_only = ON")

    return _engine(path, uri, prepare)


def _engine(path: Path, uri: str, prepare: _Prepare) -> Engine:
    def connect() -> sqlite3.Connection:
        with explained(path):
            connection = sqlite3.connect(
                uri,
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA trusted_schema = OFF")
                connection.execute("PRAGMA secure_delete = ON")
                prepare(connection)
            except BaseException:
                connection.close()
                raise
            return connection

    engine = create_engine(
        "sqlite+pysqlite://", creator=connect, poolclass=QueuePool, pool_size=2, max_overflow=8
    )
    event.listen(engine, "begin", _begin)
    return engine


def wipe(engine: Engine, place: Place) -> None:
    """Writes the database anew without what was deleted from it, and empties its journal.

    Raises:
        LedgerError: It could not be done, or not in full: bytes of what was deleted may still be there.
    """
    if isinstance(place, Server):
        from db import postgres  # noqa: PLC0415 - loads the dialect

        postgres.wipe(engine, place)
        return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, *_) = cursor.fetchone() or (0,)
        cursor.close()
    except sqlite3.Error as error:
        raise LedgerError(
            f"what was deleted from {place} is deleted, but its bytes may still lie in the file, which "
            f"could not be written anew: {error} ({getattr(error, 'sqlite_errorname', '')})",
            hint="Make room for a second copy of the file beside it and in the folder for temporary files, "
            "close other programs that have it open, and run the same command again.",
        ) from error
    finally:
        raw.close()
    if busy:
        raise LedgerError(
            f"what was deleted from {place} may still lie in {place.name}-wal, which another program holds",
            hint="Close the other programs that have the ledger open, and run the same command again.",
        )


def _roll_back(path: Path) -> None:
    """Lets SQLite undo an append that was cut short, where it may write: no reader gets past it."""
    journal = path.with_name(path.name + "-journal")
    if not journal.exists() or not journal.stat().st_size:
        return
    if _writable(path):
        with (
            explained(path),
            closing(
                sqlite3.connect(
                    f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS
                )
            ) as connection,
        ):
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def _begin(connection: Connection) -> None:
    """Begins as SQLite should: sqlite3 itself begins nothing (isolation_level is None)."""
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _lone_wal_file(path: Path) -> bool:
    """Tells whether a file is in WAL mode (bytes 18 and 19 of its header) and has no log beside it."""
    try:
        with path.open("rb") as file:
            header = file.read(20)
    except OSError:
        return False
    return header[18:20] == b"\x02\x02" and not path.with_name(path.name + "-wal").exists()


def _pragma(connection: sqlite3.Connection, text: str) -> object:
    return connection.execute(f"PRAGMA {text}").fetchone()[0]
