"""Runs the migrations on the connection that `db.schema` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from db.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
