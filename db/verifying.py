"""Verifying a ledger file: its log, its schema, its projections, its disclosures.

Reads only, within one view of the file; needs no key file, no network and no configuration.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Table, create_engine, func, inspect, select

from db import foreign, projections, schema, witnessed
from db.anchoring import anchors
from db.models import FOREIGN, PROJECTIONS, disclosure, foreign_log, log_checkpoint, log_entry
from db.place import Place
from db.reading import Reader, said_of_itself
from db.rules import Rules
from forensics.errors import LedgerBroken, LedgerError
from forensics.ledger.entry import Entry, commitment, read_entry
from forensics.ledger.note import Verifier, parse_vkey
from forensics.ledger.verify import (
    Grade,
    Part,
    Problem,
    Stored,
    Verification,
    read_held,
    verify_log,
)

_FETCH = 1000


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
        LedgerError: There is no ledger that could be read.
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
    found = verify_log(_entries(connection), _checkpoints(connection), pinned=pinned, held=held)
    problems = list(found.problems)
    rules = Rules(connection)
    engine = create_engine("sqlite://")
    with engine.begin() as scratch:
        schema.upgrade(scratch, f"{version:04}")
        problems += _schema_problems(connection, scratch)
        if not problems:
            problems += _meta_problems(connection)
            problems += _derived_problems(connection, scratch, rules)
            problems += _foreign_problems(connection, scratch)
            problems += witnessed.problems(connection)
    engine.dispose()
    if problems:
        return replace(found, grade=Grade.BROKEN, problems=tuple(problems))
    found = replace(
        found,
        anchors=tuple(anchors(connection, roots_pem)),
        remarks=(*found.remarks, *rules.remarks()),
    )
    timestamped = found.grade is Grade.SIGNED and found.timestamped
    return replace(found, grade=Grade.TIMESTAMPED if timestamped else found.grade)


def _entries(connection: Connection) -> Iterator[Stored]:
    query = select(log_entry.c.idx, log_entry.c.body, log_entry.c.nodes).order_by(log_entry.c.idx)
    if schema.on_server(connection):
        rows = connection.execute(query).yield_per(_FETCH)
        return ((row.idx, row.body, row.nodes) for row in rows)
    # The driver's own cursor, within the same view: half the time of rows that know their columns.
    cursor: Any = connection.connection.cursor()
    cursor.execute(str(query.compile(connection)))
    return iter(cursor)


def _checkpoints(connection: Connection) -> Iterator[tuple[int, str]]:
    query = select(log_checkpoint.c.size, log_checkpoint.c.note).order_by(log_checkpoint.c.size)
    return ((row.size, row.note) for row in connection.execute(query).yield_per(_FETCH))


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


def _derived_problems(connection: Connection, scratch: Connection, rules: Rules) -> list[Problem]:
    """Makes the projections again beside the file and compares; checks rules and disclosures as well."""
    problems: list[Problem] = []
    query = select(log_entry.c.idx, log_entry.c.body).order_by(log_entry.c.idx)
    disclosed = 0
    for index, body in connection.execute(query).yield_per(_FETCH):
        try:
            entry = read_entry(body)
            rules.take(index, entry)
            projections.apply(scratch, index, entry)
        except LedgerError as error:
            what = f"entry {index} is not as it has to be: {error}"
            return [Problem(part=Part.LOG, entry=index, what=what)]
        if entry.commitments:
            rows, wrong = _check_disclosures(connection, index, entry)
            disclosed += rows
            problems += wrong
    total = connection.execute(select(func.count()).select_from(disclosure)).scalar_one()
    if total != disclosed:
        what = f"{total - disclosed} disclosed values belong to no commitment in the log"
        problems.append(Problem(part=Part.DISCLOSURE, entry=None, what=what))
    problems += rules.problems()
    for table in PROJECTIONS:
        if inspect(scratch).has_table(table.name):  # a file of an older schema lacks the newer ones
            problems += _compare(connection, scratch, table)
    return problems


def _foreign_problems(connection: Connection, scratch: Connection) -> list[Problem]:
    """Holds other desks' logs against the checkpoints of their import, and the tables made from them."""
    if not inspect(scratch).has_table(foreign_log.name):
        return []
    if problems := foreign.problems(connection, scratch):
        return problems
    there = [table for table in FOREIGN if inspect(scratch).has_table(table.name)]
    return [problem for table in there for problem in _compare(connection, scratch, table)]


def _check_disclosures(
    connection: Connection, index: int, entry: Entry
) -> tuple[int, list[Problem]]:
    rows = connection.execute(select(disclosure).where(disclosure.c.entry == index)).all()
    wrong = []
    for row in rows:
        try:
            given = commitment(row.salt, row.value)
        except LedgerError as error:
            given = str(error)
        if entry.commitments.get(row.key) != given:
            what = (
                f"the value disclosed as {row.key!r} is not the one that entry {index} commits to"
            )
            wrong.append(Problem(part=Part.DISCLOSURE, entry=index, what=what))
    return len(rows), wrong


def _compare(connection: Connection, scratch: Connection, table: Table) -> list[Problem]:
    query = select(table).order_by(*table.primary_key.columns)
    found = connection.execute(query).yield_per(_FETCH)
    expected = scratch.execute(query).yield_per(_FETCH)
    for one, other in zip_longest(found, expected):
        if one != other:
            row = other if other is not None else one
            key = ", ".join(str(row._mapping[column]) for column in table.primary_key.columns)
            what = (
                f"the table {table.name} does not follow from the log, first at ({key}): "
                f"`forensics ledger rebuild` makes it again"
            )
            return [Problem(part=Part.PROJECTION, entry=None, what=what)]
    return []
