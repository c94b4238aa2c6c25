"""The file: STRICT tables, the journal, and the packaged migrations."""

from __future__ import annotations

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from db import schema
from db.models import metadata
from forensics.ledger.journal import journal_mode, wal_is_safe


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 46, 1), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_which_sqlite_may_use_a_write_ahead_log(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe
    assert journal_mode(version) == ("wal" if safe else "truncate")


def test_settings_of_the_file_and_the_connection(make, raw) -> None:
    ledger = make()
    assert raw.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)
    assert raw.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA,)
    with ledger._engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("synchronous", "journal_mode", "foreign_keys", "busy_timeout")
        }
    wanted = journal_mode(sqlite3.sqlite_version_info)
    assert found == {
        "synchronous": 2,
        "journal_mode": wanted,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


def test_a_ledger_in_another_journal_mode_is_brought_back(make, raw) -> None:
    make().close()
    for other in ("wal", "delete"):
        raw.execute(f"PRAGMA journal_mode = {other}")
        raw.execute("SELECT count(*) FROM log_entry").fetchone()
        raw.close()
        ledger = make()
        with ledger._engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        assert found == journal_mode(sqlite3.sqlite_version_info)
        ledger.close()
        raw = sqlite3.connect(ledger.path, isolation_level=None)
    raw.close()


def test_all_tables_are_strict(make, raw) -> None:
    make()
    rows = raw.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
    loose = {name for name, strict in rows if not strict} - {"sqlite_schema"}
    assert loose == {"alembic_version"}


def test_migrations_lead_to_the_models() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        schema.upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        schema.upgrade(connection)  # a second time changes nothing
    engine.dispose()


def test_the_newest_revision_is_the_one_that_is_named() -> None:
    assert ScriptDirectory.from_config(schema._config()).get_heads() == [schema.REVISION]


def test_differences_are_said() -> None:
    expected = {("table", "a"): "CREATE TABLE a(x)", ("trigger", "t"): "…"}
    found = {("table", "a"): "CREATE TABLE a(y)", ("view", "v"): "…"}
    assert schema.differences(found, expected) == [
        "the trigger t is missing",
        "the view 'v' was added by something else",
        "the table a was altered: expected 'CREATE TABLE a(x)', found 'CREATE TABLE a(y)'",
    ]
