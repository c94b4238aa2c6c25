"""Which entries a case is read from: those about it, and those that tell what was found in its assets.

A log of a million entries has few of them; signatures and reduced pictures, which are long, are not among
them. The table says where they stand; what they say is read from the bodies.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Engine, or_, select

from db import reading
from db.errors import LedgerMissing
from db.filed import OPENED
from db.head import last_note, log_size
from db.models import case_file, disclosure, log_entry
from db.place import Place
from forensics.ledger.merkle import leaf_hash
from forensics.ledger.note import parse_checkpoint, parse_note
from forensics.model import Head, Recorded, Sha256

_MANY = 500
"""No more entries are asked for at once."""


class CaseReading:
    """Implements `forensics.model.CaseFile` over an engine, but for what is known of an asset.

    Attributes:
        path: Of the ledger.
    """

    path: Place
    _engine: Engine

    def size(self) -> int:
        """Returns how many entries the log has."""
        with reading.snapshot(self._engine, self.path) as connection:
            return log_size(connection)

    def head(self) -> Head:
        """Returns the newest signed state, as documents name it.

        Raises:
            LedgerError: Nothing was signed yet.
        """
        with reading.snapshot(self._engine, self.path) as connection:
            meta, newest = reading.said_of_itself(connection), last_note(connection)
        if newest is None:
            raise LedgerMissing(f"nothing is recorded in {self.path} yet")
        checkpoint = parse_checkpoint(parse_note(newest[1]).text)
        return Head(
            ledger=str(self.path),
            origin=meta.get("origin", ""),
            vkey=meta.get("vkey", ""),
            size=checkpoint.size,
            root=b64encode(checkpoint.root).decode("ascii"),
            checkpoint=newest[1],
        )

    def opened(self) -> list[Recorded]:
        """Returns the entries that opened cases, oldest first."""
        return self._filed(case_file.c.type == OPENED)

    def of_case(self, case: str) -> list[Recorded]:
        """Returns the entries that are about a case, or say that they belong to it, oldest first."""
        about = case_file.c.subject == f"case:{case}"
        return self._filed(or_(about, case_file.c.case_id == case))

    def of_asset(self, sha256: Sha256) -> list[Recorded]:
        """Returns the entries that tell what an asset is and what was found, oldest first."""
        return self._filed(case_file.c.subject == f"sha256:{sha256}")

    def recorded(self, index: int) -> Recorded | None:
        """Returns one entry, of any type; None if there is none."""
        with reading.snapshot(self._engine, self.path) as connection:
            return next(iter(_recorded(connection, [index])), None)

    def beginning(self, digits: str) -> list[Sha256]:
        """Returns the assets received here whose names begin with these digits, in order of name."""
        with reading.snapshot(self._engine, self.path) as connection:
            return reading.beginning(connection, digits)

    def _filed(self, which: ColumnElement[bool]) -> list[Recorded]:
        query = select(case_file.c.entry).where(which).order_by(case_file.c.entry)
        with reading.snapshot(self._engine, self.path) as connection:
            return list(_recorded(connection, list(connection.execute(query).scalars())))


def _recorded(connection: Connection, indices: list[int]) -> Iterable[Recorded]:
    """Reads entries by rising index, each with the values that were not deleted."""
    for start in range(0, len(indices), _MANY):
        part = indices[start : start + _MANY]
        values = (
            select(disclosure.c.entry, disclosure.c.key, disclosure.c.value)
            .where(disclosure.c.entry.in_(part))
            .order_by(disclosure.c.entry, disclosure.c.key)
        )
        disclosed: dict[int, dict[str, str]] = {}
        for one in connection.execute(values):
            disclosed.setdefault(one.entry, {})[one.key] = one.value
        bodies = (
            select(log_entry.c.idx, log_entry.c.body)
            .where(log_entry.c.idx.in_(part))
            .order_by(log_entry.c.idx)
        )
        for index, body in connection.execute(bodies):
            yield _read(index, body, disclosed.get(index, {}))


def _read(index: int, body: bytes, disclosed: dict[str, str]) -> Recorded:
    entry = reading.entry_of(index, body)
    return Recorded(
        index=index,
        type=entry.type,
        at=entry.at,
        subject=entry.subject,
        payload=entry.payload,
        disclosed={key: disclosed[key] for key in entry.commitments if key in disclosed},
        leaf=leaf_hash(body).hex(),
        supersedes=entry.supersedes,
    )
