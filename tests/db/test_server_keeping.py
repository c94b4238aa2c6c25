"""What its keeper does to a ledger on PostgreSQL: deletes, changes keys, has it stamped, takes bundles in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from db import anchoring
from db.exporting import Wanted, export
from db.importing import import_bundle
from db.ledger import SqlLedger
from db.originals import look_through
from db.place import Server
from db.reading import Reader
from db.redaction import Value, redact
from db.rotation import shown_keys
from db.verifying import verify
from forensics.errors import LedgerError
from forensics.ledger.audit import audit
from forensics.ledger.timestamps import query, token_in
from forensics.ledger.verify import Grade
from tests.db.drafts import Clock, Entropy, digest, plain, received, signatures
from tests.db.server import PASSWORD, Postgres
from tests.db.test_crashes import ENV, ROOT
from tests.ledger.authority import Authority
from tests.ledger.test_opentimestamps import HEAD, calendar

pytestmark = pytest.mark.interop
NAME = "a-name-that-nobody-else-has.mp4"


@dataclass(frozen=True)
class Case:
    """An empty database, its files, and how to write SQL in it."""

    place: Server
    url: str
    sql: Callable[[str], list[tuple]]
    files: Callable[[], bytes]


@pytest.fixture
def case(postgres: Postgres, tmp_path: Path) -> Case:
    name = postgres.new()
    ((oid,),) = postgres.run(f"SELECT oid FROM pg_database WHERE datname = '{name}'")

    def files() -> bytes:
        postgres.run("CHECKPOINT", name)
        folder = postgres.folder / "data" / "base" / str(oid)
        return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())

    url = postgres.url(name)
    place = Server.parse(url, tmp_path)
    return Case(place, url, lambda text: postgres.run(text, name), files)


def opened(case: Case) -> SqlLedger:
    return SqlLedger.open(case.place, origin="desk.example/case", clock=Clock(), entropy=Entropy())


def test_no_byte_of_a_deleted_value_is_left_in_the_databases_files(case: Case) -> None:
    with opened(case) as ledger:
        ledger.append([received(1, name=NAME)])
        for number in range(2, 30):
            ledger.append([received(number, name=NAME if number == 7 else f"{number}.mp4")])
        case.sql("ANALYZE")
        ((salt,),) = case.sql("SELECT salt FROM disclosure WHERE entry = 1")
        before = case.files()
        assert NAME.encode() in before
        assert salt in before
        done = redact(ledger, 1, reason="asked", everywhere=True)
        assert done.same == ((Value(entry=13, key="name"),),)
        left = case.files()
        assert NAME.encode() not in left
        assert salt not in left
        assert b"8.mp4" in left
        assert redact(ledger, 1, reason="again").receipt is None
        assert verify(case.place, vkey=ledger.vkey).grade is Grade.SIGNED


def test_who_may_delete_but_not_write_the_table_anew_is_told(
    postgres: Postgres, case: Case
) -> None:
    with opened(case) as ledger:
        ledger.append([received(1, name=NAME)])
    name = case.place.url.database
    case.sql(f"CREATE ROLE helper LOGIN PASSWORD '{PASSWORD}'")
    case.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO helper")
    helper = Server(url=case.place.url.set(username="helper"), beside=case.place.beside)
    try:
        with (
            SqlLedger.open(helper) as ledger,
            pytest.raises(
                LedgerError, match=r"may still lie in the files of .*skipping|permission denied"
            ),
        ):
            redact(ledger, 1, reason="asked")
        with opened(case) as ledger:
            assert ledger.disclosed(1) == {}
            assert redact(ledger, 1, reason="asked").receipt is None
        assert NAME.encode() not in case.files()
    finally:
        postgres.run("DROP OWNED BY helper", name)
        postgres.run("DROP ROLE helper", name)


def test_a_reader_who_holds_the_table_is_waited_for_and_then_told(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.postgres.LOCK_SECONDS", 0.2)
    with opened(case) as ledger:
        ledger.append([received(1, name=NAME)])
    with opened(case) as ledger:
        with Reader.open(case.place) as reader, reader.snapshot() as held:
            held.exec_driver_sql("SELECT count(*) FROM disclosure").scalar_one()
            with pytest.raises(LedgerError, match="is held by another program"):
                redact(ledger, 1, reason="asked")
        assert redact(ledger, 1, reason="asked").receipt is None
    assert NAME.encode() not in case.files()


def test_an_original_beside_a_server_is_removed_and_looked_for(case: Case, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"original")
    name = sha256(b"original").hexdigest()
    with opened(case) as ledger:
        kept = ledger.keep(source, name)
        assert redact(ledger, None, evidence=name, reason="asked").receipt is not None
        assert not kept.exists()
        kept.write_bytes(b"original")
        assert look_through(case.place).destroyed == (name,)
        assert redact(ledger, None, evidence=name, reason="asked").receipt is None
    assert look_through(case.place).as_recorded


def test_keys_change_and_another_process_goes_on_with_the_new_one(
    case: Case, tmp_path: Path
) -> None:
    with opened(case) as first, opened(case) as second:
        first.append([plain(1)])
        old = first.vkey
        second.append([plain(2)])
        first.change_key("yearly", destroy_old=False)
        second.append([plain(3)])  # has the old key in its memory
        assert second.append([plain(4)]).checkpoint.count("\N{EM DASH}") == 1
        new = first.vkey
        first.change_key("again", destroy_old=True)
    with Reader.open(case.place) as reader:
        shown = shown_keys(reader)
    assert [key.vkey for key in shown[:2]] == [old, new]
    assert [key.file is not None for key in shown] == [True, False, True]
    assert [key.reason for key in shown] == ["yearly", "again", ""]
    for vkey in (old, new, shown[2].vkey):
        assert verify(case.place, vkey=vkey).grade is Grade.SIGNED


CHANGE = """
import os, sys
from pathlib import Path
from db.ledger import SqlLedger
from db.place import Server
from tests.db.drafts import plain
place = Server.parse(os.environ["URL"], Path(sys.argv[1]))
with SqlLedger.open(place) as ledger:
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(5):
        if sys.argv[2] == "change":
            ledger.change_key(f"change {number}", destroy_old=True)
        ledger.append([plain(number)])
"""


def test_one_process_changes_keys_while_another_appends(case: Case, tmp_path: Path) -> None:
    with opened(case) as ledger:
        ledger.append([plain(1)])
        vkey = ledger.vkey
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CHANGE, str(tmp_path), what],
            cwd=ROOT,
            env=ENV | {"URL": case.url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for what in ("change", "append")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
    done = [process.communicate("\n", timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], done
    found = verify(case.place, vkey=vkey)
    assert found.grade is Grade.SIGNED, found.sentences
    assert len(found.keys) == 6


def test_a_checkpoint_is_stamped_and_the_bundle_is_graded_timestamped(
    case: Case, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "tsa")
    with opened(case) as ledger:
        ledger.append([received(1), signatures(1, [bytes(32)])])
        with Reader.open(case.place) as reader, reader.snapshot() as connection:
            size, note = anchoring.to_stamp(connection)
        token = token_in(authority.reply(query(note, 7)), 7)
        kept = anchoring.keep_token(ledger, token, "http://tsa.example/", authority.root)
        assert (kept.anchor.size, kept.anchor.trouble) == (size, "")
        stamp = HEAD + b"\x08" + sha256(note).digest() + calendar()
        anchoring.keep_stamp(ledger, stamp)
        ledger.change_key("after the stamp", destroy_old=True)
        done = export(ledger, tmp_path / "left.zip", Wanted())
        vkey = ledger.vkey
    found = verify(case.place, vkey=vkey, roots_pem=authority.root)
    assert (found.grade, found.timestamped) == (Grade.TIMESTAMPED, size)
    with done.path.open("rb") as file:
        result = audit(file, vkey=vkey, roots_pem=authority.root)
    assert (result.grade, result.problem) == (Grade.TIMESTAMPED, None)
    assert {timed.name.rpartition("/")[2] for timed in result.times} == {
        "rfc3161-1.tsr",
        "ots-1.ots",
    }


def test_a_bundle_is_taken_in_and_searched(case: Case, tmp_path: Path) -> None:
    with SqlLedger.open(
        tmp_path / "other.sqlite", origin="other.example/log", clock=Clock(), entropy=Entropy()
    ) as other:
        other.append([received(1), signatures(1, [bytes(32)])])
        export(other, tmp_path / "first.zip", Wanted(assets=(digest(1),)))
        other.append([received(2)])
        export(other, tmp_path / "second.zip", Wanted(since=tmp_path / "first.zip"))
    with opened(case) as ledger:
        first = import_bundle(ledger, tmp_path / "first.zip").entry
        seen = ledger.known(digest(1)).first_seen
        assert import_bundle(ledger, tmp_path / "second.zip").entry != first
        assert import_bundle(ledger, tmp_path / "second.zip").entry is None
        assert ledger.known(digest(1)).first_seen == seen < ledger.known(digest(2)).first_seen
        assert [hit.asset for hit in ledger.nearest("pdq/1", [bytes(32)], 0)] == [digest(1)]
        vkey = ledger.vkey
    assert verify(case.place, vkey=vkey).grade is Grade.SIGNED
    case.sql("UPDATE foreign_entry SET entry = entry + 1 WHERE idx = 1")
    found = verify(case.place, vkey=vkey)
    assert "did not come with entry" in found.sentences[0]
