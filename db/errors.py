"""What the database's errors mean to a person: what happened, and what to do next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from db.place import Place, Server
from forensics.errors import LedgerBroken, LedgerError


class NotALedger(LedgerError):  # noqa: N818 - names what was found
    """The file is something else."""


class LedgerMissing(LedgerError):  # noqa: N818 - names what was found
    """There is no ledger at this path."""


class NewerLedger(LedgerError):  # noqa: N818 - names what was found
    """A newer program made the file; this one cannot read it."""


@contextmanager
def explained(path: Place) -> Iterator[None]:
    """Turns errors of the database and the file system into a `LedgerError` that says what to do.

    Raises:
        LedgerError: Instead of the error that came.
    """
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise explain(error.orig, path) from error
        if isinstance(path, Server):
            raise _of_server(error.orig, path) from None
        raise
    except sqlite3.Error as error:
        raise explain(error, path) from error
    except UnicodeDecodeError as error:  # Python's own, for a damaged name of a table or column
        raise LedgerBroken(
            f"the ledger {path} is damaged: a name or an error in it is not UTF-8 text",
            hint="Keep the file as it is, and go back to a copy or an exported bundle.",
        ) from error
    except OSError as error:
        raise LedgerError(
            f"the ledger {path} could not be used: {error.strerror or error}",
            hint="Check the path, its permissions and the space left on the disk.",
        ) from error


def explain(error: sqlite3.Error, path: Place) -> LedgerError:
    """Returns the error that a person is to see."""
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    detail = f"{error} ({name})"
    if name == "SQLITE_NOTADB":
        return NotALedger(
            f"{path} is not a ledger: it is not an SQLite file",
            hint="Name another file with --ledger, or move this one aside.",
        )
    if name.startswith("SQLITE_CORRUPT") or "decode to UTF-8" in str(error):
        return LedgerBroken(
            f"the ledger {path} is damaged: {detail}",
            hint="Keep the file as it is, and go back to a copy or an exported bundle.",
        )
    if name in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE"):
        return LedgerError(
            f"nothing was recorded: the disk is full or refuses to be written ({path}: {detail})",
            hint="Make room on the disk, then run the same command again.",
        )
    if name == "SQLITE_READONLY_ROLLBACK":
        return LedgerError(
            f"an append to {path} was cut short, and its journal must be rolled back before reading",
            hint="Copy the ledger with its -journal file to a folder that can be written, and open it there.",
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return LedgerError(
            f"the ledger {path} cannot be opened for this: {detail}",
            hint="Check that the folder exists and that both the file and the folder can be written.",
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LedgerError(
            f"the ledger {path} is held by another program: {detail}",
            hint="Wait until the other program is done, then run the same command again.",
        )
    if name.startswith("SQLITE_CONSTRAINT"):
        return LedgerBroken(
            f"the ledger {path} refused an entry: {detail}",
            hint="Run `forensics ledger verify`, which says what is wrong with it.",
        )
    return LedgerError(
        f"the ledger {path} could not be used: {detail}",
        hint="Run `forensics ledger verify`, which says more.",
    )


def _of_server(error: BaseException | None, server: Server) -> LedgerError:
    """Says what PostgreSQL said; the server's password never gets into it."""
    code = getattr(error, "sqlstate", None) or ""
    said = " ".join(server.hide(str(error)).split("CONTEXT:")[0].split())
    detail = f"{said} ({code})" if code else said
    if code in {"53100", "53200", "58030"}:
        return LedgerError(
            f"nothing was recorded: the disk of {server} is full or refuses to be written ({detail})",
            hint="Make room on the server, then run the same command again.",
        )
    if code in {"55P03", "40P01"}:
        return LedgerError(
            f"the ledger {server} is held by another program: {detail}",
            hint="Wait until the other program is done, then run the same command again.",
        )
    if code in {"42501", "25006"}:
        return LedgerError(
            f"the ledger {server} refuses this: {detail}",
            hint="Ask whoever runs the server for the rights to read, and to record, in this database.",
        )
    if code.startswith(("23", "P0001", "42P01", "42703")):
        return LedgerBroken(
            f"the ledger {server} refused an entry, or lacks a part: {detail}",
            hint="Run `forensics ledger verify`, which says what is wrong with it.",
        )
    if not code or code.startswith(("08", "28", "3D", "57")):
        return LedgerError(
            f"the server of the ledger {server} could not be used: {detail}",
            hint="Check the URL, the server, and the network between.",
        )
    return LedgerError(
        f"the ledger {server} could not be used: {detail}",
        hint="Run `forensics ledger verify`, which says more.",
    )
