"""What happens to an append when the process, or the disk, gives up; and when there are several."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db.ledger import SqlLedger
from db.reading import Reader
from db.verifying import verify
from forensics.ledger.verify import Grade
from tests.db.drafts import plain

ROOT = Path(__file__).parents[2]
ENV = os.environ | {"PYTHONPATH": str(ROOT)}

APPEND = """
import sys
from pathlib import Path
from db.ledger import SqlLedger
from tests.db.drafts import plain, received
path, count = Path(sys.argv[1]), int(sys.argv[2])
with SqlLedger.open(path, origin=sys.argv[3] if sys.argv[3:] else None) as ledger:
    for number in range(count):
        receipt = ledger.append([received(number), plain(number)])
        print(receipt.entries[0], receipt.size, receipt.root, flush=True)
"""


def start(path: Path, count: int, *more: str, code: str = APPEND) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(path), str(count), *more],
        cwd=ROOT,
        env=ENV,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_loop(path: Path, runs: int) -> None:
    with SqlLedger.open(path) as ledger:
        ledger.append([plain(0)])
        vkey = ledger.vkey
    chance = random.Random(runs)
    acknowledged = 0
    for _ in range(runs):
        process = start(path, 1_000_000)
        assert process.stdout is not None
        line = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        rest, errors = process.communicate()
        lines = [*filter(None, (line + rest).rsplit("\n", 1)[0].split("\n"))]
        assert lines, errors
        acknowledged += len(lines)
        found = verify(path, vkey=vkey)
        assert found.grade is Grade.SIGNED, found.sentences
        first, size, _ = lines[-1].split()
        assert found.size > int(size), "an acknowledged append was lost"
        with Reader.open(path) as reader:
            assert reader.entry(int(first)).entry.type == "asset-received"
    with SqlLedger.open(path) as ledger:
        ledger.append([plain(1)])
    assert acknowledged >= runs


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    kill_loop(tmp_path / "case.sqlite", 2)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_the_process_is_killed_often(tmp_path: Path) -> None:
    kill_loop(tmp_path / "case.sqlite", 40)


def test_two_processes_make_one_ledger_and_append_in_turn(tmp_path: Path) -> None:
    path = tmp_path / "case.sqlite"
    processes = [start(path, 10, f"desk.example/{i}") for i in range(2)]
    done = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], done
    first = [int(line.split()[0]) for out, _ in done for line in out.splitlines()]
    assert sorted(first) == list(range(1, 61, 3))
    found = verify(path)
    assert found.grade is Grade.INTEGRITY_ONLY
    assert (found.size, found.checkpoints) == (61, 20)


FULL = """
import resource, sys
from pathlib import Path
from db.ledger import SqlLedger
from forensics.errors import LedgerError
from tests.db.drafts import plain
path, limit = Path(sys.argv[1]), int(sys.argv[2])
with SqlLedger.open(path) as ledger:
    ledger.append([plain(0)])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    last = 0
    try:
        while True:
            last = ledger.append([plain(i) for i in range(20)]).size
    except LedgerError as error:
        print(last, type(error).__name__, error, "|", error.hint)
"""


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "case.sqlite"
    process = start(path, 300_000, code=FULL)
    out, errors = process.communicate()
    assert process.returncode == 0, errors
    last, kind, said = out.split(maxsplit=2)
    assert kind == "LedgerError"
    assert "nothing was recorded: the disk is full" in said
    assert "Make room" in said
    with SqlLedger.open(path) as ledger:
        found = verify(path, vkey=ledger.vkey)
        assert found.grade is Grade.SIGNED
        assert found.signed == int(last)
        assert ledger.append([plain(1)]).entries == (int(last) + 1,)


NEW = """
import resource, sys
from pathlib import Path
from db.ledger import SqlLedger
from forensics.errors import LedgerError
path, limit = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    SqlLedger.open(path)
except LedgerError as error:
    print(error)
"""


def test_a_ledger_that_could_not_be_made_leaves_no_key_behind(tmp_path: Path) -> None:
    path = tmp_path / "case.sqlite"
    process = start(path, 20_000, code=NEW)
    out, errors = process.communicate()
    assert process.returncode == 0, errors
    assert "the disk is full" in out
    with SqlLedger.open(path) as ledger:
        ledger.append([plain(1)])
    assert verify(path).size == 3
