"""A ledger with fixed clock and entropy, and the same file in other hands."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.ledger import SqlLedger
from tests.db.drafts import Clock, Entropy


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., SqlLedger]]:
    """Opens `case.sqlite` in the test's folder, or another name."""
    opened: list[SqlLedger] = []
    clock, entropy = Clock(), Entropy()

    def make_(name: str = "case.sqlite", **options: object) -> SqlLedger:
        given = {"clock": clock, "entropy": entropy, "origin": "desk.example/case"} | options
        ledger = SqlLedger.open(tmp_path / name, **given)
        opened.append(ledger)
        return ledger

    yield make_
    for ledger in opened:
        ledger.close()


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The same file in the hands of somebody who writes SQL."""
    with closing(sqlite3.connect(tmp_path / "case.sqlite", isolation_level=None)) as connection:
        yield connection
