"""A ledger with fixed clock and entropy, in a file or on a server, and the same file in other hands."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.ledger import SqlLedger
from db.place import Place, Server
from tests.db.drafts import Clock, Entropy, custody, received, signatures, verdict
from tests.db.server import Postgres, binaries, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of the tests' own."""
    bin_ = binaries()
    if bin_ is None:
        pytest.skip("no PostgreSQL server is installed")
    with running(bin_) as server:
        yield server


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., SqlLedger]]:
    """Opens `case.sqlite` in the test's folder, or another name."""
    yield from opener(lambda name: tmp_path / name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.interop)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., SqlLedger]]:
    """As `make`, once in a file and once on a server."""
    if request.param == "sqlite":
        yield from opener(lambda name: tmp_path / name)
        return
    server: Postgres = request.getfixturevalue("postgres")
    places: dict[str, Server] = {}

    def place(name: str) -> Server:
        if name not in places:
            places[name] = Server.parse(server.url(server.new()), tmp_path)
        return places[name]

    yield from opener(place)


def opener(place: Callable[[str], Place]) -> Iterator[Callable[..., SqlLedger]]:
    opened: list[SqlLedger] = []
    clock, entropy = Clock(), Entropy()

    def make_(name: str = "case.sqlite", **options: object) -> SqlLedger:
        given = {"clock": clock, "entropy": entropy, "origin": "desk.example/case"} | options
        ledger = SqlLedger.open(place(name), **given)
        opened.append(ledger)
        return ledger

    yield make_
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(make: Callable[..., SqlLedger]) -> SqlLedger:
    """Four assets that were received, signed and judged."""
    ledger = make()
    for batch in range(4):
        ledger.append(
            [
                received(batch),
                signatures(batch, [bytes([batch]) * 32]),
                custody(batch),
                verdict(batch),
            ]
        )
    return ledger


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The same file in the hands of somebody who writes SQL."""
    with closing(sqlite3.connect(tmp_path / "case.sqlite", isolation_level=None)) as connection:
        yield connection
