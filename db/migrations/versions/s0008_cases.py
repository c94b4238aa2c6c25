"""Where the entries stand that a case is read from: those about it, and about its assets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from forensics.ledger.entry import Entry, read_entry

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FILED = (
    "asset-received",
    "case-opened",
    "claim",
    "claim-verdict",
    "decision",
    "evidence-offered",
    "note",
    "observation",
    "outcome",
    "outside-search",
    "recheck",
    "search",
    "verdict",
)
_ENDS = tuple(b'"type":"%s","v":1}' % name.encode() for name in _FILED)
"""How a body of one of these types ends, and no other body: keys are sorted, quotes in text are escaped."""


def upgrade() -> None:
    """Makes the table, and fills it from the log."""
    table = op.create_table(
        "case_file",
        sa.Column("entry", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=True),
        sa.Column("type", sa.Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("case_file_subject", "case_file", ["subject"])
    op.create_index("case_file_case", "case_file", ["case_id"])
    connection = op.get_bind()
    rows: list[dict[str, Any]] = []
    for index, entry in _filed(connection):
        if entry.subject is not None:
            named = entry.payload.get("case")
            case = named if isinstance(named, str) else None
            rows.append(
                {"entry": index, "subject": entry.subject, "case_id": case, "type": entry.type}
            )
        if len(rows) >= 1000:
            connection.execute(sa.insert(table), rows)
            rows.clear()
    if rows:
        connection.execute(sa.insert(table), rows)


def _filed(connection: sa.Connection) -> Iterator[tuple[int, Entry]]:
    log = sa.table("log_entry", sa.column("idx", sa.Integer), sa.column("body", sa.LargeBinary))
    last = -1
    while True:  # part by part: what is inserted goes through the same connection
        query = sa.select(log.c.idx, log.c.body).where(log.c.idx > last).order_by(log.c.idx)
        part = connection.execute(query.limit(200)).all()
        for index, body in part:
            if bytes(body).endswith(_ENDS):
                yield index, read_entry(bytes(body))
        if not part:
            return
        last = part[-1].idx
