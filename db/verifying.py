"""Verifying a ledger file: its log, its schema, its projections, its disclosures.

Reads only, within one view of the file; needs no key file, no network and no configuration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, create_engine, inspect, select

from db import foreign, schema, witnessed
from db.anchoring import anchors
from db.derived import Derived, differences
from db.driver import selecting
from db.errors import LedgerMissing
from db.models import FOREIGN, foreign_log, log_checkpoint, log_entry
from db.place import Place
from db.reading import Reader, said_of_itself
from forensics.errors import LedgerBroken
from forensics.ledger.entry import read_entry
from forensics.ledger.note import Verifier, parse_vkey
from forensics.ledger.verify import (
    Grade,
    Part,
    Problem,
    Verification,
    read_held,
    verify_log,
)

_ENTRIES = selecting(
    select(log_entry.c.idx, log_entry.c.body, log_entry.c.nodes).order_by(log_entry.c.idx)
)
_CHECKPOINTS = selecting(
    select(log_checkpoint.c.size, log_checkpoint.c.note).order_by(log_checkpoint.c.size)
)


def verify(
    path: Place,
    *,
    vkey: str | None = None,
    held: Sequence[str] = (),
    roots_pem: bytes | None = None,
) -> Verification:
    """Verifies a ledger file.

    Args:
        path: The SQLite file.
        vkey: The log's key, as the verifier was told it. None: the key that the file names is used, and the
            result says that it is only the file's own word.
        held: Signed checkpoints that were kept elsewhere, such as the one in every report.
        roots_pem: Certificates of time-stamping authorities that are trusted, PEM.

    Raises:
        LedgerError: There is no ledger that could be read, or it holds no entry.
        NoteError: The key or a held checkpoint is not one at all.
    """
    pinned = parse_vkey(vkey) if vkey is not None else None
    read_held(held)
    try:
        with Reader.open(path) as reader, reader.snapshot() as connection:
            return verify_connection(
                connection, path, pinned=pinned, held=held, roots_pem=roots_pem
            )
    except LedgerBroken as error:
        # SQLite itself gave up: a page is damaged beyond reading.
        empty = verify_log([], pinned=pinned)
        problem = Problem(part=Part.SCHEMA, entry=None, what=str(error))
        return replace(empty, grade=Grade.BROKEN, problems=(problem,))


def verify_connection(
    connection: Connection,
    path: Place,
    *,
    pinned: Verifier | None,
    held: Sequence[str],
    roots_pem: bytes | None = None,
) -> Verification:
    """Verifies a ledger that is open."""
    version = schema.check(connection, path)
    engine = create_engine("sqlite://")
    with engine.begin() as scratch:
        schema.upgrade(scratch, f"{version:04}")
        wrong = _schema_problems(connection, scratch)
        entries = _ENTRIES(connection)
        derived = None if wrong else Derived(connection, scratch)
        found = verify_log(
            entries if derived is None else derived.passing(entries),
            _CHECKPOINTS(connection),
            pinned=pinned,
            held=held,
        )
        problems = [*found.problems, *wrong]
        if derived is not None and not problems:
            problems += _meta_problems(connection)
            problems += derived.problems(found.keys)
            if all(problem.part is not Part.LOG for problem in problems):
                problems += _foreign_problems(connection, scratch)  # reads what imports say
            problems += witnessed.problems(connection)
    engine.dispose()
    if not found.size and not problems:
        raise LedgerMissing(
            f"the ledger {path} holds no entry: nothing was recorded in it yet, or all of it was "
            "deleted. There is nothing to verify",
            hint="If something was recorded, verify with a checkpoint or a bundle that left it.",
        )
    if derived is None or problems:
        return replace(found, grade=Grade.BROKEN, problems=tuple(problems))
    found = replace(
        found,
        anchors=tuple(anchors(connection, roots_pem)),
        decided=tuple(derived.rules.decided),
        remarks=(*found.remarks, *derived.rules.remarks()),
    )
    timestamped = found.grade is Grade.SIGNED and found.timestamped
    return replace(found, grade=Grade.TIMESTAMPED if timestamped else found.grade)


def _schema_problems(connection: Connection, scratch: Connection) -> list[Problem]:
    said = schema.differences(schema.shape(connection), schema.expected(connection, scratch))
    damage = "ok"
    if not schema.on_server(connection):
        damage = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    if damage != "ok":
        said.append(f"SQLite finds the file damaged: {' '.join(str(damage).split())}")
    return [Problem(part=Part.SCHEMA, entry=None, what=what) for what in said]


def _meta_problems(connection: Connection) -> list[Problem]:
    first = connection.execute(select(log_entry.c.body).where(log_entry.c.idx == 0)).scalar()
    if first is None:
        return []
    named = read_entry(first).payload
    wrong = {
        key: value for key, value in said_of_itself(connection).items() if value != named.get(key)
    }
    return [
        Problem(
            part=Part.PROJECTION,
            entry=None,
            what=f"the table ledger_meta gives {value!r} as {key}, the first entry {named.get(key)!r}",
        )
        for key, value in sorted(wrong.items())
    ]


def _foreign_problems(connection: Connection, scratch: Connection) -> list[Problem]:
    """Holds other desks' logs against the checkpoints of their import, and the tables made from them."""
    if not inspect(scratch).has_table(foreign_log.name):
        return []
    if problems := foreign.problems(connection, scratch):
        return problems
    there = [table for table in FOREIGN if inspect(scratch).has_table(table.name)]
    return [problem for table in there for problem in differences(connection, scratch, table)]
