"""The specification's own verifier, run on ledgers, good and bad."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from db.schema import APPLICATION_ID
from tests.db.drafts import plain, received

DOCUMENT = Path(__file__).parents[2] / "docs/ledger-format.md"


@pytest.fixture
def verifier(tmp_path: Path) -> Path:
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    path = tmp_path / "verifier.py"
    path.write_text(code)
    return path


def run(verifier: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(verifier), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_accepts_what_we_write(make, verifier: Path) -> None:
    ledger = make()
    for number in range(6):
        ledger.append([received(number), *[plain(i) for i in range(number)]])
    done = run(verifier, str(ledger.path), ledger.vkey)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("28 entries, signed by desk.example/case+")


def test_it_follows_a_change_of_keys(make, verifier: Path, raw: sqlite3.Connection) -> None:
    ledger = make()
    ledger.append([plain(1)])
    keys = [ledger.vkey]
    for number in range(2):
        ledger.change_key("yearly", destroy_old=False)
        ledger.append([plain(number)])
        keys.append(ledger.vkey)
    for key in keys:
        done = run(verifier, str(ledger.path), key)
        assert done.returncode == 0, done.stderr
    assert f"{keys[0]} then {keys[1]} then {keys[2]}" in done.stdout
    raw.execute("DROP TRIGGER log_checkpoint_no_update")
    raw.execute("DROP TRIGGER log_entry_no_update")
    # The new key's line alone, in the note and in the entry that repeats it.
    note = raw.execute("SELECT note FROM log_checkpoint WHERE size = 4").fetchone()[0]
    text, lines = note.split("\n\n")
    bent = f"{text}\n\n{lines.splitlines()[1]}\n"
    raw.execute("UPDATE log_checkpoint SET note = ? WHERE size = 4", (bent,))
    escaped = [part.replace("\n", "\\n") for part in (note, bent)]
    raw.execute(
        "UPDATE log_entry SET body = CAST(replace(CAST(body AS TEXT), ?, ?) AS BLOB) WHERE idx = 4",
        escaped,
    )
    done = run(verifier, str(ledger.path), keys[0])
    assert done.returncode == 1
    assert "entry 4: signed by another" in done.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_entry SET body = CAST(replace(body, 'claim 1', 'claim 9') AS BLOB) WHERE idx = 2",
        "UPDATE log_entry SET nodes = zeroblob(32) WHERE idx = 2",
        "DELETE FROM log_entry WHERE idx = 2",
        "DELETE FROM log_entry WHERE idx = 5",
        "DELETE FROM log_checkpoint WHERE size = 5",
        "UPDATE log_checkpoint SET note = replace(note, '5', '6')",
    ],
)
def test_it_refuses_what_was_changed(make, raw, verifier: Path, statement: str) -> None:
    ledger = make()
    ledger.append([plain(i) for i in range(4)])
    for table, act in (
        ("entry", "update"),
        ("entry", "delete"),
        ("checkpoint", "update"),
        ("checkpoint", "delete"),
    ):
        raw.execute(f"DROP TRIGGER log_{table}_no_{act}")
    raw.execute(statement)
    done = run(verifier, str(ledger.path), ledger.vkey)
    assert done.returncode == 1
    assert "AssertionError" in done.stderr


def test_it_refuses_another_key(make, verifier: Path) -> None:
    ledger = make()
    ledger.append([plain(1)])
    other = make("other.sqlite")
    assert run(verifier, str(ledger.path), other.vkey).returncode == 1


def test_the_tables_are_those_of_the_document(make, raw: sqlite3.Connection) -> None:
    make()
    text = DOCUMENT.read_text()
    for table in ("log_entry", "log_checkpoint", "disclosure"):
        (sql,) = raw.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        even = " ".join(sql.replace('"', "").split()).replace("( ", "(").replace(" )", ")")
        assert even in text
    assert f"`{APPLICATION_ID:#x}`" in text.lower()
