"""What leaves a ledger: checkpoints with cosignatures, proofs of every entry, requests to witnesses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db import cosigning, proving
from db.ledger import SqlLedger
from db.reading import Reader
from db.witness import SqlWitness
from forensics.errors import LedgerBroken, LedgerError, UsageError
from forensics.ledger.note import NoteError, parse_vkey
from forensics.ledger.policy import parse_policy
from forensics.ledger.proven import verify_proof
from forensics.ledger.verify import Grade
from tests.db.drafts import Entropy, received

Make = Callable[..., SqlLedger]
SECONDS = 1_740_830_400


@pytest.fixture
def witness(tmp_path: Path) -> SqlWitness:
    return SqlWitness.make(tmp_path / "w", "w.example", bytes(range(32)))


def sending(witness: SqlWitness, ledger: SqlLedger, sent: list[bytes]) -> cosigning.Send:
    """A way to a witness that needs no network."""

    def send(request: bytes) -> tuple[int, bytes, int | None]:
        sent.append(request)
        found = witness.answer(request, [parse_vkey(ledger.vkey)], SECONDS)
        held = int(found.body) if found.content_type == "text/x.tlog.size" else None
        return found.status, found.body.encode(), held

    return send


def filled(make: Make, appends: int = 4) -> SqlLedger:
    ledger = make()
    for number in range(appends):
        ledger.append([received(number)])
    return ledger


def test_every_entry_is_proven_in_every_checkpoint_that_covers_it(either: Make) -> None:
    ledger = filled(either)
    policy = parse_policy(f"log {ledger.vkey}\nquorum none\n".encode())
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        last = proving.latest_size(connection)
        sizes = [e.index for e in reader.entries(type="checkpoint")]
        assert last == max(sizes)
        for size in sizes:
            for index in range(size):
                proof = proving.prove(connection, index, size)
                found = verify_proof(proof.text.encode(), policy=policy)
                assert (found.grade, found.index, found.size) == (Grade.SIGNED, index, size)
                assert found.body == reader.entry(index).body
        with pytest.raises(UsageError, match=f"entry {last} is not among the {last} entries"):
            proving.prove(connection, last)
        with pytest.raises(UsageError, match=f"there is no entry {last + 1}: the ledger has"):
            proving.prove(connection, last + 1)
        with pytest.raises(UsageError, match="no checkpoint of 3 entries"):
            proving.prove(connection, 0, 3)
        assert proving.prove(connection, 0, with_body=False).extra is None


def test_a_cosignature_is_asked_for_kept_and_leaves_with_the_proof(
    either: Make, witness: SqlWitness
) -> None:
    ledger = filled(either)
    sent: list[bytes] = []
    kept = cosigning.ask(ledger.path, witness.cosigner.witness, sending(witness, ledger, sent))
    assert (kept.at, kept.name) == ("2025-03-01T12:00:00Z", witness.cosigner.witness.vkey)
    cosigned_size = kept.size
    ledger.append([received(9)])
    policy = parse_policy(f"log {ledger.vkey}\nwitness W {kept.name}\nquorum W\n".encode())
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        assert proving.checkpoint(connection, cosigned_size).endswith(kept.data.decode())
        assert not proving.checkpoint(connection).endswith(kept.data.decode())
        best = verify_proof(proving.prove(connection, 1).text.encode(), policy=policy)
        late = verify_proof(proving.prove(connection, cosigned_size).text.encode(), policy=policy)
    assert (best.grade, best.size) == (Grade.WITNESSED, cosigned_size)
    assert (late.grade, late.accepted) == (Grade.SIGNED, False)
    again = cosigning.ask(ledger.path, witness.cosigner.witness, sending(witness, ledger, sent))
    assert again.size > cosigned_size
    assert [data.split(b"\n")[0] for data in sent] == [b"old 0", b"old %d" % cosigned_size]


def test_a_witness_that_holds_more_than_we_know_of_is_asked_from_there(
    make: Make, witness: SqlWitness
) -> None:
    ledger = filled(make)
    sent: list[bytes] = []
    send = sending(witness, ledger, sent)
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        assert send(proving.request(connection, 0, 4).text.encode())[0] == 200
    sent.clear()
    assert cosigning.ask(ledger.path, witness.cosigner.witness, send).size == 8
    assert [data.split(b"\n")[0] for data in sent] == [b"old 0", b"old 4"]


def test_a_ledger_that_was_cut_hears_it_from_its_witness(
    make: Make, witness: SqlWitness, tmp_path: Path
) -> None:
    ledger = filled(make, 2)
    old = ledger.path.read_bytes()
    ledger.append([received(7)])
    send = sending(witness, ledger, [])
    cosigning.ask(ledger.path, witness.cosigner.witness, send)
    ledger.close()
    (tmp_path / "case.sqlite-wal").unlink(missing_ok=True)
    ledger.path.write_bytes(old)
    with pytest.raises(LedgerBroken, match=r"holds 6 entries of this log, and the last .* only 4"):
        cosigning.ask(ledger.path, witness.cosigner.witness, send)


def test_a_log_that_was_written_anew_is_refused(
    make: Make, witness: SqlWitness, tmp_path: Path
) -> None:
    ledger = filled(make, 3)
    send = sending(witness, ledger, [])
    cosigning.ask(ledger.path, witness.cosigner.witness, send)
    ledger.close()
    for file in tmp_path.glob("case.sqlite*"):
        file.unlink()
    with make(entropy=Entropy()) as same_key:
        assert same_key.vkey == ledger.vkey
        for number in range(20, 25):
            same_key.append([received(number)])
    with pytest.raises(LedgerError, match="expected the status 200, found 422"):
        cosigning.ask(ledger.path, witness.cosigner.witness, send)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, b"unknown\n", "found 404: unknown"),
        (500, b"\xff\x1b[31m\n", "found 500"),
        (200, b"", "not a signature line"),
        (200, b"\xff\n", "not UTF-8"),
        (200, "— v.example CMp+6LWBU0anHGH5aNDTJg==\n".encode(), r"found only v\.example\+"),
        (200, "— w.example CMp+6LWBU0anHGH5aNDTJg==\n".encode(), r"found only w\.example\+"),
    ],
)
def test_an_answer_that_is_none_is_not_kept(
    make: Make, witness: SqlWitness, status: int, body: bytes, said: str
) -> None:
    ledger = filled(make, 1)
    with pytest.raises(LedgerError, match=said):
        cosigning.ask(ledger.path, witness.cosigner.witness, lambda _: (status, body, None))
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        assert cosigning.witnessed_size(connection, witness.cosigner.witness) == 0


def test_a_cosignature_of_an_older_checkpoint_is_kept_with_that(
    make: Make, witness: SqlWitness
) -> None:
    ledger = filled(make, 2)
    send = sending(witness, ledger, [])
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        line = send(proving.request(connection, 0).text.encode())[1]
    ledger.append([received(5)])
    assert cosigning.attach(ledger.path, line, witness.cosigner.witness).size == 4
    with make("other.sqlite", origin="desk.example/other") as other:
        other.append([received(1)])
    with pytest.raises(LedgerError, match="holds for none of this ledger's checkpoints"):
        cosigning.attach(other.path, line, witness.cosigner.witness)
    with pytest.raises(NoteError, match="not a signature line"):
        cosigning.attach(ledger.path, b"hello\n", witness.cosigner.witness)


def test_after_a_change_of_key_each_checkpoint_is_known_by_the_keys_that_signed_it(
    make: Make, witness: SqlWitness
) -> None:
    ledger = filled(make, 1)
    old = ledger.vkey
    both = ledger.change_key("yearly", destroy_old=False).size
    ledger.append([received(5)])
    new = ledger.vkey
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        last = proving.latest_size(connection)
        for size, vkey, grade in (
            (both, old, Grade.SIGNED),
            (both, new, Grade.SIGNED),
            (last, old, Grade.INTEGRITY_ONLY),
            (last, new, Grade.SIGNED),
        ):
            policy = parse_policy(f"log {vkey}\nquorum none\n".encode())
            found = verify_proof(proving.prove(connection, 1, size).text.encode(), policy=policy)
            assert found.grade is grade
        asked = proving.request(connection, 0).text.encode()
    assert witness.answer(asked, [parse_vkey(old)], SECONDS).status == 403
    assert witness.answer(asked, [parse_vkey(old), parse_vkey(new)], SECONDS).status == 200


def test_an_empty_ledger_has_nothing_to_prove(make: Make, witness: SqlWitness) -> None:
    ledger = make()
    with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
        with pytest.raises(LedgerError, match="nothing was recorded in this ledger yet"):
            proving.checkpoint(connection)
        with pytest.raises(UsageError, match="there is no entry 0"):
            proving.prove(connection, 0)
    with pytest.raises(LedgerError, match="nothing was recorded"):
        cosigning.ask(ledger.path, witness.cosigner.witness, lambda _: (200, b"", None))
