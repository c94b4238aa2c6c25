"""How fast the ledger appends, verifies and proves, beside what the machine can do at most.

    python bench/ledger.py [--entries 100000] [--journal wal] [--runs 5] [append verify fairness]

Entries are as long as those of real checks: twelve for each, 2 kB on average. Each figure of ours and its
limit are measured in turn, several times, in one run; what counts is their ratio.

append    entries a second, against writing the same bodies to a file, fdatasync for each batch, and against
          SQLite alone, which inserts the same rows ready-made
verify    CPU seconds for reading and hashing the same bodies, against verifying the log (its tree, nodes and
          signatures) and the whole file (also its schema, projections and disclosures); in brackets what
          two parts of the latter take at the least
          and milliseconds for an inclusion proof, beside pymerkle on SQLite (if it is installed)
fairness  appends of four processes at once

`--journal wal` measures the write-ahead log even where this SQLite has the WAL-reset bug, which the program
itself avoids; with one connection the bug does not occur.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import orjson
from sqlalchemy import __version__ as sqlalchemy_version

from db import session
from db.head import node_reader
from db.ledger import SqlLedger
from db.reading import Reader
from db.verifying import _CHECKPOINTS, _ENTRIES, verify
from forensics.ledger import merkle
from forensics.ledger.note import parse_vkey
from forensics.ledger.verify import verify_log
from forensics.model import Draft

ROOT = Path(__file__).parents[1]
LENGTHS = (600, 30, 1900, 2100, 1200, 8000, 500, 2300, 2100, 30, 300, 2400)
"""Characters of payload in the twelve entries of one check."""
Row: TypeAlias = tuple[int, bytes, bytes]
Note: TypeAlias = tuple[int, str]


def drafts(count: int, seed: int = 1) -> list[Draft]:
    """Returns entries of a type without projection, as long as those of checks."""
    chance = random.Random(seed)  # noqa: S311 - bytes to fill entries
    return [
        Draft(
            type="note",
            subject=f"sha256:{chance.randbytes(32).hex()}",
            payload={"text": chance.randbytes(LENGTHS[i % 12] // 2).hex(), "number": i},
        )
        for i in range(count)
    ]


def checks(count: int) -> list[Draft]:
    """Returns entries that also take effect on the projections: half of them do in a check."""
    made = drafts(count)
    for i in range(0, count, 2):
        payload = {"verifiability": "contradicted", "about": "file", "ruleset": "1"}
        made[i] = Draft(
            type="verdict", subject=made[i].subject, payload={**made[i].payload, **payload}
        )
    return made


def written(path: Path, batches: list[list[bytes]]) -> float:
    """Returns the seconds that writing the batches takes, each on the disk before the next."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    begin = time.perf_counter()
    for batch in batches:
        os.write(fd, b"".join(batch))
        os.fdatasync(fd)
    spent = time.perf_counter() - begin
    os.close(fd)
    path.unlink()
    return spent


def inserted(path: Path, entries: list[Row], notes: list[Note], step: int) -> float:
    """Returns the seconds that SQLite alone takes to insert rows that are ready: no triggers, no hashes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(f"PRAGMA journal_mode = {session.journal_mode(sqlite3.sqlite_version_info)}")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute(
            "CREATE TABLE log_entry (idx INTEGER PRIMARY KEY, nodes BLOB, body BLOB) STRICT"
        )
        raw.execute("CREATE TABLE log_checkpoint (size INTEGER PRIMARY KEY, note TEXT) STRICT")
        begin = time.perf_counter()
        for i, note in enumerate(notes):
            raw.execute("BEGIN IMMEDIATE")
            rows = entries[i * step : (i + 1) * step]
            raw.executemany("INSERT INTO log_entry VALUES (?, ?, ?)", rows)
            raw.execute("INSERT INTO log_checkpoint VALUES (?, ?)", note)
            raw.execute("COMMIT")
        return time.perf_counter() - begin


def append(folder: Path, runs: int) -> None:
    """Prints entries a second at batches of 1 and 100."""
    print("\n| append, entries/s | ours | the limit | ratio: median (least–most) |")
    print("|---|---|---|---|")
    for size, count in ((1, 300), (100, 60)):
        step = size + 1  # with the checkpoint's entry
        ours, busy, bare, limit = [], [], [], []
        for run in range(runs):
            path = folder / f"append-{size}-{run}.sqlite"
            given = [drafts(size, seed=i) for i in range(count)]
            with SqlLedger.open(path) as ledger:
                ledger.append(drafts(1))
                begin, used = time.perf_counter(), time.process_time()
                for batch in given:
                    ledger.append(batch)
                ours.append(time.perf_counter() - begin)
                busy.append(time.process_time() - used)
            with closing(sqlite3.connect(path)) as raw:
                rows = raw.execute("SELECT * FROM log_entry WHERE idx > 2 ORDER BY idx").fetchall()
                notes = raw.execute("SELECT * FROM log_checkpoint WHERE size > 2").fetchall()
            bare.append(inserted(folder / f"bare-{size}-{run}.sqlite", rows, notes, step))
            bodies = [body for _, _, body in rows]
            batches = [bodies[i : i + step] for i in range(0, len(bodies), step)]
            limit.append(written(folder / "raw", batches))
        show(f"batch {size}: write + fdatasync", size * count, ours, limit)
        show(f"batch {size}: sqlite3 insert only", size * count, ours, bare)
        show(
            f"(batch {size}: sqlite3 insert only, in the place of ours)", size * count, bare, limit
        )
        each = statistics.median(busy) / count * 1000
        print(f"| (batch {size}: CPU of one append of ours, {each:.2f} ms) | | | |", flush=True)


def show(name: str, count: int, ours: list[float], limit: list[float]) -> None:
    """Prints a row: rates by the medians, and the range of the ratios."""
    ratios = sorted(b / a for a, b in zip(ours, limit, strict=True))
    rate = [f"{count / statistics.median(times):,.0f}" for times in (ours, limit)]
    print(
        f"| {name} | {rate[0]} | {rate[1]} | {statistics.median(ratios):.2f} "
        f"({ratios[0]:.2f}–{ratios[-1]:.2f}) |",
        flush=True,
    )


def filled(path: Path, count: int, each: int) -> str:
    """Makes a ledger with a checkpoint for each so many entries; returns its key."""
    with SqlLedger.open(path) as ledger:
        given = checks(each)
        for _ in range(count // (each + 1)):
            ledger.append(given)
        return ledger.vkey


def cpu(act: Callable[[], object]) -> float:
    """Returns the CPU seconds that this process spends on something."""
    begin = time.process_time()
    act()
    return time.process_time() - begin


def read(path: Path) -> None:
    """Reads all bodies in order and hashes each."""
    with closing(sqlite3.connect(path)) as raw:
        for (body,) in raw.execute("SELECT body FROM log_entry ORDER BY idx"):
            sha256(body).digest()


def parse(path: Path) -> None:
    """Reads, hashes, parses and writes anew all bodies: what a check of their form takes at the least."""
    with closing(sqlite3.connect(path)) as raw:
        for (body,) in raw.execute("SELECT body FROM log_entry ORDER BY idx"):
            sha256(body).digest()
            orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)


def integrity(path: Path) -> None:
    """Reads and hashes all bodies, and lets SQLite check its file."""
    read(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA integrity_check(1)").fetchall()


def verify_only_log(path: Path, vkey: str) -> None:
    """Verifies the tree, the nodes and the signatures."""
    with Reader.open(path) as reader, reader.snapshot() as connection:
        found = verify_log(_ENTRIES(connection), _CHECKPOINTS(connection), pinned=parse_vkey(vkey))
    if found.problems:
        raise SystemExit(str(found.sentences))


def verifying(folder: Path, count: int, runs: int) -> None:
    """Prints entries a second of CPU time."""
    print(f"\n| verify {count:,} entries, entries/s of CPU | ours | read + SHA-256 | ratio |")
    print("|---|---|---|---|")
    for each in (99, 999) if count <= 100_000 else (999,):
        path = folder / f"verify-{each}.sqlite"
        vkey = filled(path, count, each)
        kinds: dict[str, Callable[[], object]] = {
            "the log": partial(verify_only_log, path, vkey),
            "the whole file": partial(verify, path, vkey=vkey),
            "(read + SHA-256 + JSON read and written)": partial(parse, path),
            "(read + SHA-256 + integrity_check)": partial(integrity, path),
        }
        for kind, act in kinds.items():
            ours, limit = [], []
            for _ in range(runs):
                limit.append(cpu(partial(read, path)))
                ours.append(cpu(act))
            show(f"{kind}, a checkpoint every {each + 1}", count, ours, limit)
        proving(path, count)
        path.unlink()


def proving(path: Path, count: int) -> None:
    """Prints the time for an inclusion proof of a random entry."""
    chance = random.Random(2)  # noqa: S311 - which entries are asked for
    with Reader.open(path) as reader, reader.snapshot() as connection:
        size = reader.size() - 1
        times = []
        for _ in range(200):
            index = chance.randrange(size)
            begin = time.perf_counter()
            make = partial(merkle.inclusion_proof, index, size)
            make(node_reader(connection, make))
            times.append(time.perf_counter() - begin)
    times.sort()
    print(
        f"\nInclusion proof among {count:,}: median {times[100] * 1000:.3f} ms, "
        f"slowest of 200 {times[-1] * 1000:.2f} ms."
    )
    print(peer(path, min(count, 100_000)))


def peer(path: Path, count: int) -> str:
    """Says how long pymerkle takes for the same on SQLite, in its own way of storing."""
    try:
        from pymerkle import SqliteTree  # noqa: PLC0415 - need not be installed
    except ImportError:
        return "pymerkle: not installed."
    file = path.with_suffix(".pymerkle")
    tree = SqliteTree(str(file))
    tree.append_entries([b"%d" % i for i in range(count)])
    times = []
    for index in range(count // 40, count, count // 20):
        begin = time.perf_counter()
        tree.prove_inclusion(index, count)
        times.append(time.perf_counter() - begin)
    file.unlink()
    return f"pymerkle among {count:,}: median {statistics.median(times) * 1000:.1f} ms."


WRITER = """
import sys, time
from pathlib import Path
from db.ledger import SqlLedger
from forensics.model import Draft
with SqlLedger.open(Path(sys.argv[1])) as ledger:
    print("ready", flush=True)
    sys.stdin.readline()
    done, end = 0, time.monotonic() + float(sys.argv[2])
    while time.monotonic() < end:
        ledger.append([Draft(type="note", subject=None, payload={"n": done})])
        done += 1
print(done)
"""


def fairness(folder: Path, seconds: float = 5.0) -> None:
    """Prints how many appends each of four processes got."""
    path = folder / "fair.sqlite"
    SqlLedger.open(path).close()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(seconds)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for writer in writers:
        writer.stdout.readline()
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    shares = [int(writer.communicate()[0]) for writer in writers]
    found = verify(path)
    print(
        f"\nFour writers in {seconds:.0f} s: {', '.join(map(str, shares))} appends; "
        f"{found.size} entries, {found.grade}."
    )


def main() -> None:
    """Measures what is asked for."""
    arguments = argparse.ArgumentParser(description="Measure the ledger.")
    arguments.add_argument("what", nargs="*", default=["append", "verify", "fairness"])
    arguments.add_argument("--entries", type=int, default=100_000)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--journal", choices=("wal", "truncate"))
    arguments.add_argument("--folder", type=Path)
    given = arguments.parse_args()
    if given.journal:
        session.journal_mode = lambda _: given.journal
    mode = session.journal_mode(sqlite3.sqlite_version_info)
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} ({mode}), SQLAlchemy "
        f"{sqlalchemy_version}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}."
    )
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        if "append" in given.what:
            append(folder, given.runs)
        if "verify" in given.what:
            verifying(folder, given.entries, given.runs)
        if "fairness" in given.what:
            fairness(folder)


if __name__ == "__main__":
    main()
