"""Making the tables beside the log again, and the index: it appends nothing, so it needs no key."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from db import foreign, projections, schema
from db.errors import LedgerMissing, explained
from db.lock import turn
from db.place import Place
from db.searching import Searching
from db.session import is_there, writing_engine


class _Rebuilding(Searching):
    """What can be searched, and its index be written, without a key."""

    _writes_index = True

    def __init__(self, path: Place, engine: Engine) -> None:
        super().__init__()
        self.path = path
        self._engine = engine

    def index(self) -> None:
        """Makes the files of the index again."""
        self._remake_index()


def rebuild(place: Place) -> int:
    """Makes everything that follows from a log again; returns how many entries it has.

    Raises:
        LedgerError: There is no ledger, or an entry cannot be read; then nothing was changed.
    """
    if not is_there(place):
        raise LedgerMissing(f"there is no ledger at {place}", hint="Check the path.")
    engine = writing_engine(place)
    try:
        with explained(place), turn(place), engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            with connection.begin():
                schema.check(connection, place)
                schema.upgrade(connection)
                count = tables(connection)
        with explained(place):
            _Rebuilding(place, engine).index()
        return count
    finally:
        engine.dispose()


def tables(connection: Connection) -> int:
    """Makes the projections and what can be searched of other desks again, within one transaction."""
    foreign.rebuild(connection, connection)
    return projections.rebuild(connection)
