"""What follows from the entries is checked while they pass on to the verification of the log itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError

from db import batch, schema
from db.derived import Derived
from db.ledger import SqlLedger
from db.models import log_entry
from db.reading import Reader
from db.rules import Rules
from forensics.ledger.verify import Part, Stored, verify_log
from tests.db.drafts import plain, received, verdict

Make = Callable[..., SqlLedger]


@contextmanager
def derived(ledger: SqlLedger) -> Iterator[tuple[Derived, list[Stored]]]:
    query = select(log_entry.c.idx, log_entry.c.body, log_entry.c.nodes).order_by(log_entry.c.idx)
    engine = create_engine("sqlite://")
    with (
        Reader.open(ledger.path) as reader,
        reader.snapshot() as connection,
        engine.begin() as scratch,
    ):
        schema.upgrade(scratch)
        rows: list[Stored] = [tuple(row) for row in connection.execute(query)]
        yield Derived(connection, scratch), rows
    engine.dispose()


def test_entries_pass_on_as_they_are(make: Make) -> None:
    ledger = make()
    ledger.append([received(1), verdict(1), plain(1)])
    ledger.append([received(2)])
    with derived(ledger) as (found, rows):
        assert list(found.passing(iter(rows))) == rows
        assert found.problems(verify_log(rows).keys) == []


def test_they_pass_on_after_one_that_is_wrong_and_it_is_told_at_the_end(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = make()
    ledger.append([received(1), verdict(1)])
    monkeypatch.setattr(batch, "check_supersedes", lambda *_: None)  # another program's append
    ledger.append([replace(verdict(2), supersedes=2), replace(verdict(3), supersedes=2)])
    with derived(ledger) as (found, rows):
        assert list(found.passing(iter(rows))) == rows
        (problem,) = found.problems(verify_log(rows).keys)
    assert (problem.part, problem.entry) == (Part.LOG, 4)


def test_a_file_that_cannot_be_read_on_the_way_is_told_at_the_end(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = make()
    ledger.append([received(1), verdict(1)])
    error = OperationalError("SELECT", {}, Exception("disk I/O error"))

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Rules, "take", fail)
    with derived(ledger) as (found, rows):
        assert list(found.passing(iter(rows))) == rows
        with pytest.raises(OperationalError):
            found.problems(verify_log(rows).keys)
