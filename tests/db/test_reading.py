"""Reading without a key, page by page, and where nothing can be written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from db.ledger import SqlLedger
from db.reading import Reader
from forensics.errors import LedgerError, UsageError
from tests.db.drafts import custody, digest, plain, received, verdict

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(make) -> Path:
    ledger = make()
    for number in range(5):
        ledger.append([received(number), custody(number), verdict(number)])
    ledger.append([plain(1)])
    ledger.close()
    return ledger.path


def indices(reader: Reader, **options: object) -> list[int]:
    return [stored.index for stored in reader.entries(**options)]


def test_entries_are_filtered_and_paged(path: Path) -> None:
    with Reader.open(path) as reader:
        assert reader.size() == 23
        assert reader.origin == "desk.example/case"
        assert indices(reader, limit=3) == [22, 21, 20]
        assert indices(reader, limit=3, before=20) == [19, 18, 17]
        assert indices(reader, limit=3, after=20, oldest_first=True) == [21, 22]
        assert indices(reader, asset=digest(2)) == [11, 10, 9]
        assert indices(reader, type="verdict", limit=2) == [19, 15]
        assert indices(reader, type="verdict", asset=digest(0)) == [3]
        assert indices(reader, type="verd") == []
        assert indices(reader, since="2025-03-01T12:05:00Z") == [22, 21, 20, 19, 18, 17]
        assert indices(reader, limit=0) == []


def test_a_filter_looks_at_the_entry_and_not_at_text_inside_it(either) -> None:
    ledger = either()
    draft = plain(1)
    draft.payload["nested"] = {"type": "verdict", "subject": f"sha256:{digest(1)}"}
    ledger.append([draft])
    with Reader.open(ledger.path) as reader:
        assert indices(reader, type="verdict") == []
        assert indices(reader, asset=digest(1)) == []


def test_one_entry_with_its_exact_bytes(path: Path) -> None:
    with Reader.open(path) as reader:
        stored = reader.entry(1)
        assert stored.leaf == sha256(b"\0" + stored.body).digest()
        assert stored.entry.type == "asset-received"
        assert stored.disclosed == {"name": "видео.mp4"}
        for missing in (23, -1):
            with pytest.raises(UsageError, match=f"no entry {missing}: the ledger has 23"):
                reader.entry(missing)


def test_a_reader_writes_nothing(path: Path) -> None:
    before = {p: p.read_bytes() for p in path.parent.iterdir()}
    with Reader.open(path) as reader:
        reader.entries()
        with pytest.raises(LedgerError, match="readonly"), reader.snapshot() as connection:
            connection.exec_driver_sql("DELETE FROM disclosure")
    assert {p: p.read_bytes() for p in path.parent.iterdir()} == before


@pytest.fixture
def sealed(path: Path) -> Iterator[Path]:
    """A copy that nobody can write: its folder too."""
    folder = Path(tempfile.mkdtemp())
    shutil.copy(path, folder)
    yield folder / path.name
    folder.chmod(0o700)
    shutil.rmtree(folder)


READ = """
import ctypes, os, sys
from pathlib import Path
if os.geteuid() == 0:  # root may write anywhere until it gives up its capabilities
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, none) == 0
from db.reading import Reader
from db.verifying import verify
path = Path(sys.argv[1])
assert not os.access(path, os.W_OK) and not os.access(path.parent, os.W_OK)
with Reader.open(path) as reader:
    print(reader.size(), len(reader.entries(limit=100)), reader.entry(1).disclosed["name"])
found = verify(path, vkey=reader.vkey)
print(found.grade, sorted(os.listdir(path.parent)))
from db.ledger import SqlLedger
from forensics.errors import LedgerError, UsageError
try:
    SqlLedger.open(path)
except LedgerError as error:
    print(type(error).__name__, error.hint)
"""


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_a_read_only_file_in_a_read_only_folder(sealed: Path, journal: str) -> None:
    raw = sqlite3.connect(sealed)
    raw.execute(f"PRAGMA journal_mode = {journal}")
    raw.close()
    sealed.chmod(0o444)
    sealed.parent.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(sealed)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "23 23 видео.mp4"
    assert lines[1] == "signed ['case.sqlite']"
    assert lines[2].startswith("LedgerError Allow writing to both")


def test_an_unreadable_body_is_named(make, raw) -> None:
    ledger = make()
    ledger.append([plain(1)])
    raw.execute("DROP TRIGGER log_entry_no_update")
    raw.execute("UPDATE log_entry SET body = x'7b' WHERE idx = 1")
    with (
        Reader.open(ledger.path) as reader,
        pytest.raises(LedgerError, match="entry 1 cannot be read"),
    ):
        reader.entry(1)
    with pytest.raises(LedgerError, match="entry 1 cannot be read"):
        ledger.rebuild()


def test_two_threads_may_use_one_ledger(either) -> None:

    ledger: SqlLedger = either()
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda i: ledger.append([plain(i)]), range(12)))
    assert sorted(r.entries[0] for r in receipts) == list(range(1, 25, 2))
