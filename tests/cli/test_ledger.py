"""The ledger commands, and what a check does with a ledger that it cannot use."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.ledger import SqlLedger
from tests.cli.conftest import SAMPLES, Program, picture


def test_log_lists_newest_first_and_pages_back(once: Program) -> None:
    shown = json.loads(once("ledger", "log", "--json", "--limit", "5", "--before", "8").out)
    assert [e["index"] for e in shown["entries"]] == [7, 6, 5, 4, 3]
    assert all(len(e["leaf"]) == 64 for e in shown["entries"])
    text = once("ledger", "log", "--limit", "2", "--before", "8").text
    assert "--before 6" in text


def test_log_keeps_to_an_asset_and_a_type(once: Program) -> None:
    digest = hashlib.sha256((SAMPLES / "edited-still.jpg").read_bytes()).hexdigest()
    shown = json.loads(once("ledger", "log", "--asset", digest, "--type", "verdict", "--json").out)
    (entry,) = shown["entries"]
    assert entry["body"]["subject"] == f"sha256:{digest}"
    assert entry["body"]["payload"]["ruleset"] == "forensics-rules-3"
    nothing = once("ledger", "log", "--asset", "0" * 64)
    assert nothing.code == 0
    assert "No entry" in nothing.text


def test_show_prints_an_entry_and_its_exact_bytes(once: Program) -> None:
    shown = once("ledger", "show", "1").text
    assert "committed name: one.png" in shown
    raw = once("ledger", "show", "1", "--raw").out
    body = json.loads(raw)
    assert body["type"] == "asset-received"
    assert b"one.png" not in raw
    leaf = hashlib.sha256(b"\x00" + raw).hexdigest()
    assert leaf in shown


def test_verify_says_what_is_not_proven(once: Program) -> None:
    done = once("ledger", "verify")
    assert done.code == 0
    assert done.text.startswith("Integrity only\n")
    assert "could still be cut or rewritten by the owner" in done.text.replace("\n", " ")


def test_verify_with_the_right_key_and_with_another(once: Program, tmp_path: Path) -> None:
    key = json.loads(once("ledger", "show", "0", "--raw").out)["payload"]["vkey"]
    assert once("ledger", "verify", "--key", key).text.startswith("Signed (")
    with SqlLedger.open(tmp_path / "other.sqlite", origin=key.split("+")[0]) as other:
        done = once("ledger", "verify", "--key", other.vkey)
    assert done.code == 4
    assert done.text.startswith("Broken\n")


def test_verify_needs_the_file_alone(copied: Program) -> None:
    (copied.home / "ledger.sqlite.key").unlink()
    copied.ledger.chmod(0o400)
    assert copied("ledger", "verify").code == 0


def test_a_changed_entry_is_found_and_nothing_is_added_after_it(copied: Program) -> None:
    with closing(sqlite3.connect(copied.ledger)) as connection:
        connection.execute("DROP TRIGGER log_entry_no_update")
        changed = connection.execute(
            "UPDATE log_entry SET body = CAST(replace(CAST(body AS TEXT), 'undetermined', "
            "'corroborated') AS BLOB) WHERE instr(body, CAST('undetermined' AS BLOB))"
        )
        assert changed.rowcount > 0
        connection.commit()
    done = copied("ledger", "verify")
    assert done.code == 4
    assert done.text.startswith("Broken\n")


@pytest.mark.slow
def test_rebuild_makes_the_tables_again(copied: Program) -> None:
    with closing(sqlite3.connect(copied.ledger)) as connection:
        connection.execute("DELETE FROM verdict")
        connection.commit()
    assert copied("ledger", "verify").code == 4
    assert copied("ledger", "rebuild").code == 0
    assert copied("ledger", "verify").code == 0


@pytest.mark.parametrize("command", [("log",), ("verify",), ("rebuild",)])
def test_reading_makes_no_ledger(program: Program, command: tuple[str, ...]) -> None:
    done = program("ledger", *command)
    assert done.code == 4
    assert "there is no ledger at" in done.err
    assert not program.ledger.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "says"),
    [(b"these are words, not a ledger\n" * 99, "ledger"), (b"SQLite format 3\0" + b"x" * 999, "")],
    ids=["words", "header-only"],
)
def test_a_file_that_is_no_ledger_is_left_as_it_is(
    program: Program, content: bytes, says: str
) -> None:
    program.ledger.write_bytes(content)
    file = picture(program.home / "one.png")
    for command in (("check", file), ("ledger", "verify")):
        done = program(*command)
        assert done.code == 4
        assert says in (done.err + done.text)
    assert program.ledger.read_bytes() == content


@pytest.mark.slow
def test_another_programs_database_is_left_as_it_is(program: Program) -> None:
    with closing(sqlite3.connect(program.ledger)) as connection:
        connection.execute("CREATE TABLE letters (text TEXT)")
        connection.commit()
    before = program.ledger.read_bytes()
    assert program("check", picture(program.home / "one.png")).code == 4
    assert program.ledger.read_bytes() == before


def test_a_ledger_that_cannot_be_written_ends_with_4_before_any_report(copied: Program) -> None:
    if os.geteuid() == 0:
        copied.ledger.unlink()
        copied.ledger.mkdir()  # nothing else stops root from writing
    else:
        copied.ledger.chmod(0o400)
    done = copied("check", picture(copied.home / "one.png"))
    assert done.code == 4
    assert done.out == b""
    assert done.err


@pytest.mark.slow
def test_a_check_without_the_signing_key_is_refused(copied: Program) -> None:
    (copied.home / "ledger.sqlite.key").unlink()
    done = copied("check", picture(copied.home / "one.png"))
    assert done.code == 4
    assert "key" in done.err
