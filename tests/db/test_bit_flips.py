"""Bits of a ledger's file turned over one at a time, and what verify says."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.verifying import verify
from forensics.errors import ForensicsError
from forensics.ledger.verify import Grade
from tests.db.attacked import Case, made


def logical(path: Path) -> object:
    """Everything that SQL can see in a file, or why it sees nothing."""
    try:
        with closing(sqlite3.connect(path)) as raw:
            raw.text_factory = bytes
            names = raw.execute(
                "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2"
            ).fetchall()
            tables = [n.decode() for t, n, _ in names if t == b"table"]
            pragmas = [
                raw.execute(f"PRAGMA {p}").fetchone() for p in ("application_id", "user_version")
            ]
            return (
                names,
                pragmas,
                [
                    sorted(raw.execute(f"SELECT * FROM {t} NOT INDEXED").fetchall(), key=repr)
                    for t in tables
                ],
            )
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        return repr(error)


@pytest.mark.slow
def test_every_single_bit_flip_that_changes_what_is_said_is_caught(tmp_path: Path) -> None:
    flips(made(tmp_path), 400)


def test_some_single_bit_flips(tmp_path: Path) -> None:
    flips(made(tmp_path), 5)


def flips(case: Case, count: int) -> None:
    """Flips bits one at a time until `count` of them changed something; the rest fell into unused room."""
    whole = case.path.read_bytes()
    before = logical(case.path)
    chance = random.Random(20250301)
    changed = 0
    while changed < count:
        bit = chance.randrange(len(whole) * 8)
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        case.path.write_bytes(data)
        if logical(case.path) == before:
            continue
        changed += 1
        try:
            found = verify(case.path, vkey=case.vkey)
        except ForensicsError:
            continue  # refused before it could be read at all
        assert found.grade is Grade.BROKEN, f"bit {bit} changed something and was not seen"
