"""Where the ledger and the witness are, and the one place that opens a ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.errors import UsageError

if TYPE_CHECKING:
    from db.ledger import SqlLedger
    from db.place import Place
    from db.reading import Reader
    from db.searching import SearchReader
    from forensics.model import Sha256


def place(flag: str | None) -> Place:
    """Returns the ledger's file or server: what `--ledger` says, else the settings.

    Raises:
        LedgerError: the address is none that a ledger may have.
    """
    from forensics import config

    value = config.resolve("ledger", flag).value
    if "://" in value:
        from db.place import Server

        return Server.parse(value, config.server_folder())
    return Path(value).expanduser().absolute()


@contextmanager
def reading(flag: str | None) -> Iterator[Reader]:
    """Opens a ledger that is there, only to read it.

    Raises:
        LedgerError: there is no ledger, or it cannot be read.
    """
    from db.reading import Reader

    with Reader.open(place(flag)) as opened:
        yield opened


@contextmanager
def searching(flag: str | None) -> Iterator[SearchReader]:
    """Opens a ledger that is there to look for copies in it; writes nothing.

    Raises:
        LedgerError: there is no ledger, or it cannot be read.
    """
    from db.searching import SearchReader

    with SearchReader.open(place(flag)) as opened:
        yield opened


@contextmanager
def writing(flag: str | None) -> Iterator[SqlLedger]:
    """Opens a ledger that is there, to append to it.

    Raises:
        LedgerError: there is no ledger, or it cannot be opened.
    """
    from db.ledger import SqlLedger

    with SqlLedger.open(place(flag), create=False) as opened:
        yield opened


@contextmanager
def writing_or_new(flag: str | None) -> Iterator[SqlLedger]:
    """Opens a ledger to append to it, and makes one with a name of its own where there is none.

    Raises:
        LedgerError: the ledger cannot be opened or made.
    """
    from db.ledger import SqlLedger
    from db.session import is_there
    from forensics import config

    path = place(flag)
    origin = None if is_there(path) else config.new_origin()
    with SqlLedger.open(path, origin=origin) as opened:
        yield opened


def witness_home(home: Path | None, ledger: str | None) -> Path:
    """Returns the witness's folder: what `--home` says, else one beside the ledger."""
    from db.place import beside

    path = beside(place(ledger))
    return home or path.with_name(path.name + ".witness")


def digest(text: str, option: str) -> Sha256:
    """Returns the SHA-256 that an option names.

    Raises:
        UsageError: it is none, or only a part of one.
    """
    from forensics.model import Sha256

    if not re.fullmatch("[0-9a-f]{64}", text):
        raise UsageError(
            f"{option} is {text!r}: expected a whole SHA-256, 64 hexadecimal digits.",
            hint="`forensics ledger show ENTRY` prints it whole.",
        )
    return Sha256(text)
