"""Which assets carry which coded pictures or sound, whatever wrapper they lie in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table; no older entry has such a digest. What others' entries say is kept already."""
    op.create_table(
        "coded_stream",
        *(
            sa.Column(key, sa.Text, primary_key=True)
            for key in ("digest", "digest_scheme", "asset")
        ),
        sqlite_strict=True,
    )
    op.create_index("coded_stream_asset", "coded_stream", ["asset"])
