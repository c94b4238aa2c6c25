"""The log, for ever in this shape, and the first projections."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("log_entry", "log_checkpoint")


def upgrade() -> None:
    """Makes all tables of the first version."""
    _log()
    _beside_the_log()
    _projections()
    if op.get_context().dialect.name == "postgresql":
        from db import postgres  # noqa: PLC0415 - loads the dialect

        postgres.guard(op.execute)
        return
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, 'the log is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER log_entry_in_order BEFORE INSERT ON log_entry "
        "WHEN NEW.idx IS NOT (SELECT coalesce(max(idx) + 1, 0) FROM log_entry) BEGIN "
        "SELECT RAISE(ABORT, 'entries are appended in order'); END"
    )
    op.execute(
        "CREATE TRIGGER log_checkpoint_in_order BEFORE INSERT ON log_checkpoint "
        "WHEN NEW.size <= (SELECT coalesce(max(size), -1) FROM log_checkpoint) BEGIN "
        "SELECT RAISE(ABORT, 'checkpoints are appended in order'); END"
    )


def _log() -> None:
    _table(
        "log_entry",
        _number("idx"),
        sa.Column("nodes", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    _table("log_checkpoint", _number("size"), _text("note"))


def _beside_the_log() -> None:
    _table(
        "disclosure",
        _number("entry"),
        _name("key"),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        _text("value"),
    )
    _table("ledger_meta", _name("key"), _text("value"))


def _projections() -> None:
    _table(
        "asset",
        _name("sha256"),
        _integer("size"),
        _text("kind"),
        _text("mime"),
        _text("container", null=True),
        _text("duration", null=True),
        _text("first_seen"),
        _integer("entry"),
    )
    _table(
        "stream",
        _name("asset"),
        _number("position"),
        _text("type"),
        _text("codec"),
        _text("digest", null=True),
        _text("digest_scheme", null=True),
        _integer("width", null=True),
        _integer("height", null=True),
    )
    op.create_index("stream_digest", "stream", ["digest", "digest_scheme"])
    _table(
        "appearance",
        _number("entry"),
        _text("asset"),
        _text("what"),
        _text("at"),
        _text("url", null=True),
        _text("publisher", null=True),
        _text("by"),
    )
    op.create_index("appearance_asset", "appearance", ["asset"])
    _table(
        "signature",
        _name("scheme"),
        _name("asset"),
        _integer("entry"),
        _integer("width"),
        _integer("pictures"),
        sa.Column("codes", sa.LargeBinary, nullable=False),
        _text("times"),
        _text("qualities"),
    )
    _table(
        "custody",
        _number("entry"),
        _text("asset", null=True),
        _text("event"),
        _text("at"),
        _text("sha256"),
        _integer("size"),
    )
    op.create_index("custody_asset", "custody", ["asset"])
    _table(
        "verdict",
        _number("entry"),
        _text("asset", null=True),
        _text("at"),
        _text("verifiability"),
        _text("about"),
        _text("ruleset"),
    )
    op.create_index("verdict_asset", "verdict", ["asset"])


def _table(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(name, *columns, sqlite_strict=True)


def _name(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _integer(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=null)
