"""A ledger to be attacked, and ways to write past what guards it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from db.ledger import SqlLedger
from forensics.ledger.merkle import Frontier, leaf_hash
from tests.db.drafts import custody, plain, received, signatures, verdict

BATCHES, EACH = 12, 9


@dataclass(frozen=True)
class Case:
    """A ledger of 132 entries: 12 appends, each of 9 entries, a checkpoint, and the first entry."""

    path: Path
    vkey: str
    notes: list[str]
    sizes: list[int]


def made(folder: Path) -> Case:
    path = folder / "case.sqlite"
    with SqlLedger.open(path, origin="desk.example/case") as ledger:
        receipts = [
            ledger.append(
                [
                    received(batch),
                    signatures(batch, [sha256(b"%d %d" % (batch, i)).digest() for i in range(5)]),
                    custody(batch),
                    *[plain(i) for i in range(EACH - 4)],
                    verdict(batch),
                ]
            )
            for batch in range(BATCHES)
        ]
        return Case(path, ledger.vkey, [r.checkpoint for r in receipts], [r.size for r in receipts])


def sql(path: Path, *statements: tuple[str, tuple[object, ...]] | str, fair: bool = True) -> None:
    """Runs SQL past the triggers, and puts the triggers back as they were."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        triggers = raw.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(*([statement] if isinstance(statement, str) else statement))
        for _, text in triggers if fair else []:
            raw.execute(text)


def recompute(path: Path) -> None:
    """Makes all nodes anew, as a careful forger would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        frontier = Frontier()
        rows = [
            (b"".join(frontier.add(leaf_hash(body))), idx)
            for idx, body in raw.execute("SELECT idx, body FROM log_entry ORDER BY idx")
        ]
    sql(path, *[("UPDATE log_entry SET nodes = ? WHERE idx = ?", row) for row in rows])
