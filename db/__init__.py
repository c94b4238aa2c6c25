"""Where a check is recorded: an append-only log in SQLite, what is read from it, and the evidence store."""
