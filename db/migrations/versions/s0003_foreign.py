"""The logs of other desks, kept apart from this one, and what can be searched in them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables; a ledger has none of another desk until a bundle is imported."""
    _table(
        "foreign_log",
        _name("origin"),
        _text("vkey"),
        _integer("size"),
        _text("root"),
        _text("checkpoint"),
        _integer("entry"),
    )
    _table(
        "foreign_entry",
        _name("origin"),
        _number("idx"),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=True),
    )
    _table(
        "foreign_asset",
        _name("sha256"),
        _name("origin"),
        _text("kind"),
        _integer("entry"),
    )
    _table(
        "foreign_stream",
        _name("digest"),
        _name("digest_scheme"),
        _name("asset"),
        _name("origin"),
    )
    _table(
        "foreign_appearance",
        _name("origin"),
        _number("entry"),
        _text("asset"),
        _text("what"),
        _text("at"),
        _text("url", null=True),
        _text("publisher", null=True),
    )
    op.create_index("foreign_appearance_asset", "foreign_appearance", ["asset"])
    _table(
        "foreign_signature",
        _name("scheme"),
        _name("asset"),
        _name("origin"),
        _integer("entry"),
        _integer("width"),
        _integer("pictures"),
        sa.Column("codes", sa.LargeBinary, nullable=False),
        _text("times"),
    )


def _table(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(name, *columns, sqlite_strict=True)


def _name(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)
