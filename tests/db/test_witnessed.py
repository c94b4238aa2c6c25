"""Kept cosignatures are verified with the ledger: nothing in their rows can be changed unseen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from db import cosigning
from db.ledger import SqlLedger
from db.verifying import verify
from db.witness import SqlWitness
from forensics.ledger.verify import Grade, Part
from tests.db.drafts import received
from tests.db.test_proving import sending


@pytest.fixture
def cosigned(make: Callable[..., SqlLedger], tmp_path: Path) -> Path:
    ledger = make()
    witness = SqlWitness.make(tmp_path / "w", "w.example", bytes(range(32)))
    for number in range(2):
        ledger.append([received(number)])
        cosigning.ask(ledger.path, witness.cosigner.witness, sending(witness, ledger, []))
    ledger.close()
    return tmp_path / "case.sqlite"


def test_they_hold(cosigned: Path) -> None:
    assert verify(cosigned).grade is Grade.INTEGRITY_ONLY


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("data = CAST(replace(CAST(data AS TEXT), 'w.ex', 'v.ex') AS BLOB)", "is not one"),
        ("data = substr(data, 1, length(data) - 3)", "is not one"),
        ("data = substr(data, 1, length(data) - 1)", "the spelling"),
        ("data = X'FF'", "is not one"),
        ("at = '2025-03-01T12:00:01Z'", "expected 2025-03-01T12:00:00Z"),
        ("name = replace(name, 'w.example', 'v.example')", "contradicts itself"),
        ("name = 'w.example'", "is not a verification key"),
        ("size = size + 1", "no checkpoint of that size: it was cut or written anew"),
        ("data = (SELECT max(data) FROM attachment)", "does not hold for this checkpoint"),
    ],
)
def test_a_changed_row_is_named(
    cosigned: Path, raw: sqlite3.Connection, change: str, said: str
) -> None:
    raw.execute(f"UPDATE attachment SET {change}")
    found = verify(cosigned)
    assert found.grade is Grade.BROKEN
    assert found.problems[0].part is Part.ATTACHMENT
    assert said in found.problems[0].what


def test_one_that_is_lost_is_no_contradiction(cosigned: Path, raw: sqlite3.Connection) -> None:
    raw.execute("DELETE FROM attachment WHERE size = 2")
    assert verify(cosigned).grade is Grade.INTEGRITY_ONLY
