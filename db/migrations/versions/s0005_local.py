"""Where the local codes of an asset and the reduced pictures kept of it stand in the log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables; no older entry tells of either."""
    _table(
        "local_codes",
        _name("scheme"),
        _name("asset"),
        _number("part"),
        _integer("entry"),
        _integer("width"),
        _integer("pictures"),
        _integer("points"),
    )
    _table("look", _name("asset"), _integer("entry"), _integer("pictures"))
    _table(
        "foreign_local_codes",
        _name("scheme"),
        _name("asset"),
        _name("origin"),
        _number("part"),
        _integer("entry"),
        _integer("width"),
        _integer("pictures"),
        _integer("points"),
    )
    op.create_index("signature_entry", "signature", ["scheme", "entry"])
    op.create_index("local_codes_entry", "local_codes", ["scheme", "entry"])


def _table(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(name, *columns, sqlite_strict=True)


def _name(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)
