"""What happens to an append when the process, or the disk, gives up; and when there are several."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.ledger import SqlLedger
from db.originals import look_through
from db.reading import Reader
from db.redaction import redact
from db.verifying import verify
from forensics.errors import LedgerError
from forensics.ledger.verify import Grade
from forensics.model import Receipt, Sha256
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
        stdin=subprocess.PIPE,
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


REDACT = """
import sys
from hashlib import sha256
from pathlib import Path
from db.ledger import SqlLedger
from db.redaction import redact
from tests.db.drafts import received
path, start = Path(sys.argv[1]), int(sys.argv[2])
with SqlLedger.open(path) as ledger:
    for number in range(start, start + 1_000_000):
        source = path.with_name("source")
        source.write_bytes(b"%d" % number)
        name = sha256(b"%d" % number).hexdigest()
        ledger.keep(source, name)
        (entry,) = ledger.append([received(number, name=f"secret-{number}-secret")]).entries
        print("there", number, entry, name, flush=True)
        redact(ledger, entry, evidence=name, reason="asked")
        print("gone", number, entry, name, flush=True)
"""


def redact_loop(path: Path, runs: int) -> None:
    with SqlLedger.open(path) as ledger:
        ledger.append([plain(0)])
        vkey = ledger.vkey
    chance = random.Random(runs)
    for run in range(runs):
        process = start(path, run * 1_000_000, code=REDACT)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        rest, errors = process.communicate()
        lines = [line.split() for line in (first + rest).rsplit("\n", 1)[0].split("\n") if line]
        assert lines, errors
        assert verify(path, vkey=vkey).grade is Grade.SIGNED
        gone = {number for what, number, *_ in lines if what == "gone"}
        left = b"".join(file.read_bytes() for file in path.parent.glob("case.sqlite*"))
        assert not [number for number in gone if b"secret-%s-secret" % number.encode() in left]
        _, number, entry, name = lines[-1]
        with SqlLedger.open(path) as ledger:  # the same command again finishes what was cut short
            there = ledger.kept(Sha256(name))
            redact(ledger, int(entry), evidence=Sha256(name) if there else None, reason="asked")
            assert ledger.kept(Sha256(name)) is None
            assert ledger.disclosed(int(entry)) == {}
        left = b"".join(file.read_bytes() for file in path.parent.glob("case.sqlite*"))
        assert b"secret-%s-secret" % number.encode() not in left
        found = verify(path, vkey=vkey)
        assert found.grade is Grade.SIGNED, found.sentences
        assert look_through(path).destroyed == ()


def test_what_was_deleted_stays_deleted_when_the_process_is_killed(tmp_path: Path) -> None:
    redact_loop(tmp_path / "case.sqlite", 2)


@pytest.mark.slow
def test_what_was_deleted_stays_deleted_when_the_process_is_killed_often(tmp_path: Path) -> None:
    redact_loop(tmp_path / "case.sqlite", 40)


NO_ROOM = """
import resource, sys
from pathlib import Path
from db.ledger import SqlLedger
from db.redaction import redact
from forensics.errors import LedgerError
from forensics.model import Draft
from tests.db.drafts import received
path, room = Path(sys.argv[1]), int(sys.argv[2])
with SqlLedger.open(path) as ledger:
    ledger.append([received(1, name="secret-1-secret")])
    for number in range(100):  # 12 MB, so that a copy of the file needs more than the room that is left
        payload = {"statement": "x" * 120_000, "by": "desk"}
        ledger.append([Draft(type="claim", subject=None, payload=payload)])
with SqlLedger.open(path) as ledger:
    size = path.stat().st_size + room
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        redact(ledger, 1, reason="asked")
    except LedgerError as error:
        print(error, "|", error.hint)
"""


def test_a_disk_too_full_to_write_the_file_anew_is_said_and_the_next_run_does_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "case.sqlite"
    process = start(path, 20_000, code=NO_ROOM)
    out, errors = process.communicate()
    assert process.returncode == 0, errors
    assert "is deleted, but its bytes may still lie in the file" in out
    assert "run the same command again" in out
    with SqlLedger.open(path) as ledger:
        assert ledger.disclosed(1) == {}
        assert verify(path, vkey=ledger.vkey).grade is Grade.SIGNED
        done = redact(ledger, 1, reason="asked")
    assert (done.keys, done.receipt) == ((), None)
    left = b"".join(file.read_bytes() for file in tmp_path.glob("case.sqlite*"))
    assert b"secret-1-secret" not in left
    with Reader.open(path) as reader:
        assert [e.entry.payload["entry"] for e in reader.entries(type="redaction")] == [1]


SHARE = """
import sys, time
from pathlib import Path
from db.ledger import SqlLedger
from tests.db.drafts import plain
with SqlLedger.open(Path(sys.argv[1])) as ledger:
    print("ready", flush=True)
    end = float(sys.stdin.readline()) + float(sys.argv[2])
    done = 0
    while time.time() < end:
        ledger.append([plain(done)])
        done += 1
print(done)
"""


@pytest.mark.slow
def test_four_writers_get_equal_shares_within_a_factor_of_two(tmp_path: Path) -> None:
    path = tmp_path / "case.sqlite"
    SqlLedger.open(path).close()
    writers = [start(path, 4, code=SHARE) for _ in range(4)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    begin = f"{time.time() + 0.2}\n"
    shares = [int(out) for out, _ in communicate(writers, begin)]
    assert min(shares) > 0
    assert max(shares) <= 2 * min(shares), shares
    found = verify(path)
    assert found.problems == ()
    assert found.checkpoints == sum(shares)


def communicate(writers: list[subprocess.Popen[str]], line: str) -> list[tuple[str, str]]:
    """Lets all go at once, and gathers what they say."""
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(line)
        writer.stdin.flush()
    return [writer.communicate() for writer in writers]


HOLD = """
import sys, time
from pathlib import Path
from db.lock import turn
with turn(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_writer_that_is_killed_while_it_has_its_turn_blocks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "case.sqlite"
    with SqlLedger.open(path) as ledger:
        ledger.append([plain(0)])
        holder = start(path, 0, code=HOLD)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        waiter = start(path, 1)
        time.sleep(0.5)
        assert waiter.poll() is None, "the lock did not hold"
        assert verify(path).size == 3, "reading needs no turn"
        holder.kill()
        holder.communicate()
        out, errors = waiter.communicate(timeout=60)
        assert waiter.returncode == 0, errors
        assert out.startswith("3 5 ")
        assert ledger.append([plain(1)]).entries == (6,)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("this user cannot mount a file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.slow
def test_a_file_system_that_is_full_loses_nothing(small_disk: Path) -> None:
    path = small_disk / "case.sqlite"
    receipts: list[Receipt] = []
    with SqlLedger.open(path) as ledger:
        with pytest.raises(LedgerError, match="nothing was recorded: the disk is full"):
            receipts.extend(ledger.append([plain(i) for i in range(10)]) for _ in range(10_000))
        found = verify(path, vkey=ledger.vkey, held=[receipt.checkpoint for receipt in receipts])
        assert found.grade is Grade.SIGNED
        assert found.anchored == found.signed == receipts[-1].size
        subprocess.run(["mount", "-o", "remount,size=2m", str(small_disk)], check=True)
        assert ledger.append([plain(1)]).entries == (receipts[-1].size + 1,)
