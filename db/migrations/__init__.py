"""Alembic migrations, packaged with the program and run from Python."""
