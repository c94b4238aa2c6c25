"""With which import each entry of another desk came; and no statistics of what may be deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; it stays empty where an entry came before it was kept."""
    op.add_column("foreign_entry", sa.Column("entry", sa.Integer, nullable=True))
    if op.get_context().dialect.name == "postgresql":
        # ANALYZE, which the server runs by itself, would copy values into tables that nobody deletes from.
        for column in ("salt", "value"):
            op.execute(f"ALTER TABLE disclosure ALTER COLUMN {column} SET STATISTICS 0")
