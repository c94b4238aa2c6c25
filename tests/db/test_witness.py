"""A witness's folder: made once, opened again, never without its memory, never from one size twice."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from db.witness import SqlWitness, WitnessError
from forensics.errors import LedgerError
from forensics.ledger.cosign import cosignatures
from forensics.ledger.merkle import consistency_proof
from forensics.ledger.note import NoteError, parse_note
from forensics.ledger.witness import Request
from tests.ledger.test_proof import SIGNER, tree

LOGS = [SIGNER.verifier]
ONE = [b"entry %d" % i for i in range(9)]
OTHER = [*ONE[:4], *(b"other %d" % i for i in range(5))]


def request(bodies: list[bytes], old: int, size: int) -> bytes:
    signed, node = tree(bodies[:size])
    proof = consistency_proof(old, size, node) if old else []
    return Request(old=old, proof=tuple(proof), checkpoint=signed).text.encode()


@pytest.fixture
def made(tmp_path: Path) -> SqlWitness:
    return SqlWitness.make(tmp_path / "w", "w.example", bytes(range(32)))


def test_it_is_made_once_and_opens_again_with_the_same_key(made: SqlWitness) -> None:
    assert SqlWitness.open(made.folder).cosigner.witness == made.cosigner.witness
    with pytest.raises(WitnessError, match="there is a witness"):
        SqlWitness.make(made.folder, "w.example", bytes(32))
    if sys.platform != "win32":
        assert (made.folder / "witness.key").stat().st_mode & 0o777 == 0o600
        assert made.folder.stat().st_mode & 0o777 == 0o700


def test_it_remembers_what_it_cosigned(made: SqlWitness) -> None:
    found = made.answer(request(ONE, 0, 4), LOGS, 1_740_830_400)
    assert found.status == 200
    signed = tree(ONE[:4])[0]
    cosigned = cosignatures(parse_note(signed + found.body), [made.cosigner.witness])
    assert [c.at for c in cosigned] == ["2025-03-01T12:00:00Z"]
    again = SqlWitness.open(made.folder)
    assert again.seen() == {SIGNER.name: signed}
    assert again.answer(request(ONE, 0, 6), LOGS, 1).body == "4\n"
    assert again.answer(request(OTHER, 4, 6), LOGS, 1).status == 200
    assert again.answer(request(ONE, 6, 8), LOGS, 1).status == 422
    assert again.seen() == {SIGNER.name: tree(OTHER[:6])[0]}


def test_what_is_refused_is_not_remembered(made: SqlWitness) -> None:
    assert made.answer(request(ONE, 0, 4), [], 1).status == 404
    assert made.answer(b"old 0\n", LOGS, 1).status == 400
    assert made.seen() == {}


def test_of_requests_at_the_same_time_one_moves_from_a_size(made: SqlWitness) -> None:
    made.answer(request(ONE, 0, 4), LOGS, 1)
    asked = [request(bodies, 4, size) for bodies in (ONE, OTHER) for size in range(5, 10)]
    start, answers = threading.Barrier(len(asked)), []

    def ask(data: bytes) -> None:
        start.wait()
        answers.append(SqlWitness.open(made.folder).answer(data, LOGS, 1))

    threads = [threading.Thread(target=ask, args=[data]) for data in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moved = [a for a in answers if a.status == 200]
    assert len(answers) == len(asked)
    assert len(moved) == 1
    assert {a.body for a in answers if a.status == 409} == {f"{moved[0].seen.size}\n"}


def test_a_witness_that_ends_before_it_answers_may_have_moved_and_never_forgets(
    made: SqlWitness,
) -> None:
    """Killed at any moment, what it printed as cosigned is in its memory."""
    code = (
        "import sys; from pathlib import Path\n"
        "from db.witness import SqlWitness\n"
        "from tests.db.test_witness import LOGS, ONE, request\n"
        "made = SqlWitness.open(Path(sys.argv[1]))\n"
        "for size in range(1, 10):\n"
        "    assert made.answer(request(ONE, size - 1, size), LOGS, 1).status == 200\n"
        "    print(size, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, made.folder],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        told = 0
        for _ in range(5):
            told = int(child.stdout.readline())
        child.kill()
        told = max([told, *(int(line) for line in child.stdout.read().split())])
    held = SqlWitness.open(made.folder).seen()[SIGNER.name]
    assert int(held.split("\n")[1]) >= told


def test_without_its_memory_it_does_not_go_on(made: SqlWitness) -> None:
    made.answer(request(ONE, 0, 4), LOGS, 1)
    (made.folder / "witness.sqlite").unlink()
    with pytest.raises(WitnessError, match="has lost its memory"):
        SqlWitness.open(made.folder)
    with pytest.raises(WitnessError, match="there is a witness"):
        SqlWitness.make(made.folder, "w.example", bytes(32))
    with pytest.raises(WitnessError, match="nothing was cosigned"):
        made.answer(request(OTHER, 0, 4), LOGS, 1)
    assert not (made.folder / "witness.sqlite").exists()


def test_a_memory_that_cosigned_gets_no_new_key(made: SqlWitness) -> None:
    made.answer(request(ONE, 0, 4), LOGS, 1)
    (made.folder / "witness.key").unlink()
    with pytest.raises(WitnessError, match="its key is gone"):
        SqlWitness.make(made.folder, "w.example", bytes(32))
    with pytest.raises(LedgerError, match="is not there"):
        SqlWitness.open(made.folder)


def test_a_making_that_was_cut_short_can_be_done_again(made: SqlWitness) -> None:
    (made.folder / "witness.key").unlink()
    again = SqlWitness.make(made.folder, "v.example", bytes(32))
    assert SqlWitness.open(made.folder).cosigner.witness == again.cosigner.witness


def test_another_key_or_another_file_in_its_place_is_refused(
    made: SqlWitness, tmp_path: Path
) -> None:
    other = SqlWitness.make(tmp_path / "v", "w.example", bytes(32))
    (other.folder / "witness.key").replace(made.folder / "witness.key")
    with pytest.raises(WitnessError, match=r"not the key of this witness: expected w\.example\+"):
        SqlWitness.open(made.folder)
    memory = made.folder / "witness.sqlite"
    memory.unlink()
    with closing(sqlite3.connect(memory)) as connection:
        connection.execute("CREATE TABLE seen (a)")
    with pytest.raises(WitnessError, match="not a witness's memory: expected the mark"):
        SqlWitness.open(made.folder)
    memory.write_bytes(b"something else" * 1000)
    with pytest.raises(WitnessError, match="not a database"):
        SqlWitness.open(made.folder)


def test_there_is_none_and_none_can_be_made(tmp_path: Path) -> None:
    with pytest.raises(WitnessError, match="there is no witness"):
        SqlWitness.open(tmp_path)
    with pytest.raises(NoteError, match="cannot name a key"):
        SqlWitness.make(tmp_path, "w example", bytes(32))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WitnessError, match="no witness can be made"):
        SqlWitness.make(tmp_path / "file", "w.example", bytes(32))
