"""A ledger on PostgreSQL: what is particular to a server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from db import schema
from db.errors import LedgerMissing, NotALedger
from db.exporting import Wanted, export
from db.ledger import SqlLedger
from db.place import Server
from db.proving import prove
from db.reading import Reader
from db.redaction import redact
from db.session import is_there
from db.verifying import verify
from forensics.errors import LedgerError
from forensics.ledger.audit import audit
from forensics.ledger.verify import Grade, Part
from forensics.model import Sha256
from tests.db.drafts import custody, plain, received, signatures, verdict
from tests.db.server import PASSWORD, QUOTED, Postgres

pytestmark = pytest.mark.interop
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Case:
    """An empty database, and how to write SQL in it."""

    place: Server
    url: str
    sql: Callable[[str], list[tuple]]


@pytest.fixture
def case(postgres: Postgres, tmp_path: Path) -> Case:
    name = postgres.new()
    url = postgres.url(name)
    return Case(Server.parse(url, tmp_path), url, lambda text: postgres.run(text, name))


@pytest.fixture
def filled(case: Case) -> tuple[Case, str]:
    with SqlLedger.open(case.place, origin="desk.example/case") as ledger:
        for number in (1, 2, 3):
            ledger.append(
                [received(number), signatures(number, [bytes([number]) * 32]), custody(number)]
            )
            ledger.append([verdict(number), plain(number)])
        return case, ledger.vkey


def forced(case: Case, statement: str) -> None:
    """Changes the log as whoever runs the server can."""
    case.sql(
        "SET session_replication_role = replica; GRANT ALL ON log_entry, log_checkpoint TO desk; "
        f"{statement}; REVOKE UPDATE, DELETE, TRUNCATE ON log_entry, log_checkpoint FROM desk"
    )


def test_nothing_is_there_until_it_is_made(case: Case) -> None:
    assert not is_there(case.place)
    with pytest.raises(LedgerMissing, match="is empty"):
        Reader.open(case.place)
    with pytest.raises(LedgerMissing, match="there is no ledger"):
        SqlLedger.open(case.place, create=False)
    SqlLedger.open(case.place).close()
    assert is_there(case.place)


def test_a_database_of_something_else_is_left_alone(case: Case) -> None:
    case.sql("CREATE TABLE bills (n int)")
    for open_ in (SqlLedger.open, Reader.open):
        with pytest.raises(NotALedger, match="tables of something else"):
            open_(case.place)
    assert case.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [("bills",)]


def test_wide_numbers_and_text_with_zeros_come_back_as_they_went(case: Case) -> None:
    draft = received(1, name="a\0b\uf8ffc\uf8ff0")
    draft.payload["size"] = 2**40
    draft.payload["mime"] = "video/\0mp4"
    with SqlLedger.open(case.place) as ledger:
        ledger.append([draft])
        assert ledger.disclosed(1) == {"name": "a\0b\uf8ffc\uf8ff0"}
    assert verify(case.place).grade is Grade.INTEGRITY_ONLY
    assert case.sql("SELECT size FROM asset") == [(2**40,)]


def test_names_are_ordered_as_the_log_orders_them_whatever_the_database_prefers(case: Case) -> None:
    with SqlLedger.open(case.place) as ledger:
        ledger.append([signatures(1, [bytes(8)], scheme) for scheme in ("a", "B", "_", "É", "z")])
    assert verify(case.place).problems == ()


def test_key_and_evidence_lie_in_a_folder_of_this_machine(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(b"clip")
    with SqlLedger.open(case.place) as ledger:
        kept = ledger.keep(file, Sha256(sha256(b"clip").hexdigest()))
    assert kept.read_bytes() == b"clip"
    assert kept.is_relative_to(case.place.beside.with_name("ledger.evidence"))
    assert case.place.beside.with_name("ledger.key").stat().st_mode & 0o777 == 0o600
    assert case.place.beside.is_relative_to(tmp_path)


@pytest.mark.parametrize("table", ["log_entry", "log_checkpoint"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_log_refuses_to_be_changed(filled: tuple[Case, str], table: str, act: str) -> None:
    import psycopg

    case, vkey = filled
    column = "idx" if table == "log_entry" else "size"
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        case.sql(f"GRANT ALL ON {table} TO desk; {act.format(table, column, column)}")
    with pytest.raises(psycopg.Error, match=r"in order|append-only"):
        case.sql(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")
    assert verify(case.place, vkey=vkey).grade is Grade.SIGNED


def test_who_may_only_record_cannot_change_the_log(
    postgres: Postgres, filled: tuple[Case, str]
) -> None:
    import psycopg

    case, vkey = filled
    case.sql(f"CREATE ROLE clerk LOGIN PASSWORD '{PASSWORD}'")
    case.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk")
    case.sql("REVOKE UPDATE, DELETE ON log_entry, log_checkpoint FROM clerk")
    name = case.place.url.database
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgres.run("DELETE FROM log_entry", name, "clerk")
    clerk = Server(url=case.place.url.set(username="clerk"), beside=case.place.beside)
    with SqlLedger.open(clerk) as ledger:
        ledger.append([plain(9)])
    assert verify(clerk, vkey=vkey).grade is Grade.SIGNED
    postgres.run("DROP OWNED BY clerk", name)
    postgres.run("DROP ROLE clerk", name)


@pytest.mark.parametrize(
    ("statement", "first_bad", "match"),
    [
        (
            "UPDATE log_entry SET body = overlay(body placing 'x'::bytea from 40) WHERE idx = 6",
            6,
            "leaf hash",
        ),
        ("DELETE FROM log_entry WHERE idx = 5", 5, "entry 5 is missing"),
        ("UPDATE log_entry SET nodes = nodes || nodes WHERE idx = 3", 3, "nodes"),
        ("DELETE FROM log_checkpoint WHERE size = 4", 4, "one of 7 entries"),
    ],
    ids=["edit", "delete", "nodes", "checkpoint"],
)
def test_what_the_servers_owner_changes_is_caught(
    filled: tuple[Case, str], statement: str, first_bad: int, match: str
) -> None:
    case, vkey = filled
    forced(case, statement)
    found = verify(case.place, vkey=vkey)
    assert found.grade is Grade.BROKEN
    assert found.first_bad == first_bad, found.sentences
    assert match in found.sentences[0]


@pytest.mark.parametrize(
    ("statement", "part", "match"),
    [
        ("UPDATE verdict SET about = 'x'", Part.PROJECTION, "table verdict"),
        ("DELETE FROM asset WHERE entry = 1", Part.PROJECTION, "table asset"),
        ("UPDATE disclosure SET value = 'x' WHERE entry = 1", Part.DISCLOSURE, "entry 1"),
        ("UPDATE ledger_meta SET value = 'x' WHERE key = 'vkey'", Part.PROJECTION, "ledger_meta"),
        ("DROP INDEX stream_digest", Part.SCHEMA, "index stream_digest is missing"),
        ("DROP TRIGGER log_entry_in_order ON log_entry", Part.SCHEMA, "trigger log_entry_in_order"),
        ("ALTER TABLE log_entry DISABLE TRIGGER ALL", Part.SCHEMA, "not in force"),
        (
            """CREATE OR REPLACE FUNCTION log_append_only() RETURNS trigger LANGUAGE plpgsql
            AS $$BEGIN RETURN NEW; END$$""",
            Part.SCHEMA,
            "function log_append_only was altered",
        ),
        ("CREATE VIEW v AS SELECT 1", Part.SCHEMA, "view 'v' was added"),
        ("CREATE RULE r AS ON INSERT TO verdict DO INSTEAD NOTHING", Part.SCHEMA, "rule 'r'"),
        ("ALTER TABLE log_entry ADD COLUMN x text", Part.SCHEMA, "table log_entry was altered"),
        ("ALTER TABLE asset ALTER size TYPE numeric", Part.SCHEMA, "table asset was altered"),
    ],
)
def test_what_lies_beside_the_log_is_compared(
    filled: tuple[Case, str], statement: str, part: Part, match: str
) -> None:
    case, vkey = filled
    case.sql(statement)
    found = verify(case.place, vkey=vkey)
    assert found.grade is Grade.BROKEN
    assert found.problems[0].part is part, found.sentences
    assert match in found.sentences[0]


APPEND = """
import os, sys
from pathlib import Path
from db.exporting import Wanted, export
from db.ledger import SqlLedger
from db.place import Server
from tests.db.drafts import plain, received
place = Server.parse(os.environ["URL"], Path(sys.argv[1]))
with SqlLedger.open(place) as ledger:
    for number in range(int(sys.argv[2])):
        receipt = ledger.append([received(number), plain(number)])
        print(receipt.entries[0], receipt.size, flush=True)
"""


def start(case: Case, folder: Path, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", APPEND, str(folder), str(count)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "URL": case.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_make_one_ledger_and_append_in_turn(case: Case, tmp_path: Path) -> None:
    processes = [start(case, tmp_path, 10) for _ in range(2)]
    done = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], done
    first = [int(line.split()[0]) for out, _ in done for line in out.splitlines()]
    assert sorted(first) == list(range(1, 61, 3))
    assert (verify(case.place).size, verify(case.place).grade) == (61, Grade.INTEGRITY_ONLY)


def test_a_killed_writer_loses_nothing_and_blocks_nobody(case: Case, tmp_path: Path) -> None:
    process = start(case, tmp_path, 1_000_000)
    assert process.stdout is not None
    line = process.stdout.readline()
    process.kill()
    lines = (line + process.communicate()[0]).rsplit("\n", 1)[0].split("\n")
    with SqlLedger.open(case.place) as ledger:
        receipt = ledger.append([plain(1)])
    assert receipt.size > int(lines[-1].split()[1])
    assert verify(case.place).problems == ()


def test_a_reader_sees_one_state_and_writes_nothing(filled: tuple[Case, str]) -> None:
    case, _ = filled
    with Reader.open(case.place) as reader, reader.snapshot() as connection:
        before = schema.shape(connection)
        case.sql("CREATE TABLE later (n int)")
        count = "SELECT count(*) FROM verdict"
        seen = connection.exec_driver_sql(count).scalar_one()
        case.sql("DELETE FROM verdict")
        assert connection.exec_driver_sql(count).scalar_one() == seen == 3
        assert before
    with (
        Reader.open(case.place) as reader,
        pytest.raises(LedgerError, match="read-only"),
        reader.snapshot() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM disclosure")


def test_the_password_is_never_told(case: Case, postgres: Postgres, tmp_path: Path) -> None:
    with SqlLedger.open(case.place) as ledger:
        receipt = ledger.append([plain(1)])
    told = [receipt.ledger, repr(case.place), str(case.place), repr(ledger.path)]
    told += [
        str(case.sql("SELECT * FROM ledger_meta")),
        str(case.sql("SELECT body FROM log_entry")),
    ]
    assert receipt.ledger.startswith("postgresql+psycopg://desk@")
    for broken in (
        case.url.replace("//desk:", "//nobody:"),
        case.url.replace(QUOTED, "wrong-one"),
        case.url.replace("/case", "/missing"),
        case.url.replace("host=", "nonsense=1&host="),
        f"postgresql://desk:{QUOTED}@127.0.0.1:1/x",
        f"postgresql:///x?user=desk&password={QUOTED}&host=/nowhere",
        f"mysql://desk:{QUOTED}@host/x",
        f"postgresql://desk:{QUOTED}@host",
        f"postgresql://desk:{QUOTED}@host:port/x",
    ):
        with pytest.raises(LedgerError) as caught:
            SqlLedger.open(Server.parse(broken, tmp_path))
        told += [str(caught.value), caught.value.hint or ""]
    for secret in (PASSWORD, QUOTED, "wrong-one"):
        assert not [text for text in told if secret in text]


def test_migrations_lead_to_the_same_tables_as_in_a_file(case: Case) -> None:
    SqlLedger.open(case.place).close()
    engine = create_engine("sqlite://")
    with (
        engine.begin() as scratch,
        Reader.open(case.place) as reader,
        reader.snapshot() as connection,
    ):
        schema.upgrade(scratch)
        found, expected = schema.shape(connection), schema.expected(connection, scratch)
    engine.dispose()
    assert found == expected
    assert {("table", "log_entry"), ("trigger", "log_entry_in_order")} <= found.keys()


def test_keys_change_values_are_deleted_and_bundles_leave_as_from_a_file(
    filled: tuple[Case, str], tmp_path: Path
) -> None:
    case, vkey = filled
    with SqlLedger.open(case.place) as ledger:
        ledger.change_key("a year is over", destroy_old=True)
        assert redact(ledger, 1, reason="asked for").keys == ("name",)
        done = export(ledger, tmp_path / "bundle.zip", Wanted())
        assert ledger.disclosed(1) == {}
        assert ledger.rebuild() == done.receipt.size + 1
        with Reader.open(case.place) as reader, reader.snapshot() as connection:
            assert prove(connection, 2).index == 2
            found = reader.entries(type="redaction")
            assert [stored.entry.payload["entry"] for stored in found] == [1]
    assert verify(case.place, vkey=vkey).grade is Grade.SIGNED
    with done.path.open("rb") as file:
        assert audit(file, vkey=vkey).problem is None
    with SqlLedger.open(case.place) as ledger:
        assert ledger.nearest("pdq/1", [bytes([2]) * 32], 0)[0].distance == 0
