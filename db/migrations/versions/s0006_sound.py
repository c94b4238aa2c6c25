"""Where the codes of an asset's sound stand in the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables; no older entry has codes of sound."""
    for name in ("sound", "foreign_sound"):
        keys = ["scheme", "asset", *(["origin"] if name == "foreign_sound" else [])]
        op.create_table(
            name,
            *(sa.Column(key, sa.Text, primary_key=True) for key in keys),
            sa.Column("entry", sa.Integer, nullable=False),
            sa.Column("codes", sa.Integer, nullable=False),
            sqlite_strict=True,
        )
