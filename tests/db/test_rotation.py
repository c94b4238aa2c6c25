"""Changing the key: what is signed by whom afterwards, where the files lie, and crashes at every step."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from db import keys
from db.keys import KeyUnfit, key_path
from db.ledger import SqlLedger
from db.reading import Reader
from db.redaction import redact
from db.rotation import new_key_path
from db.verifying import verify
from forensics.errors import LedgerError, UsageError
from forensics.ledger.keychain import KEY_CHANGED
from forensics.ledger.note import parse_note, parse_vkey
from forensics.ledger.verify import Grade
from forensics.model import Draft
from tests.db.drafts import plain, received
from tests.db.test_crashes import ENV, ROOT

Make = Callable[..., SqlLedger]


def retired(ledger: SqlLedger) -> list[Path]:
    return sorted(ledger.path.parent.glob("*.until-*"))


def signers(checkpoint: str) -> list[str]:
    return [f"{s.name}+{s.key_id.hex()}" for s in parse_note(checkpoint).signatures]


def short(vkey: str) -> str:
    return parse_vkey(vkey).short


def test_both_keys_sign_once_and_then_the_new_one_alone(make: Make) -> None:
    ledger = make()
    ledger.append([plain(1)])
    old = ledger.vkey
    receipt = ledger.change_key("yearly", destroy_old=False)
    new = ledger.vkey
    assert new != old
    assert signers(receipt.checkpoint) == [short(old), short(new)]
    assert signers(ledger.append([plain(2)]).checkpoint) == [short(new)]
    with Reader.open(ledger.path) as reader:
        entry = reader.entry(receipt.entries[0]).entry
        assert (entry.type, entry.actor) == (KEY_CHANGED, short(old))
        assert entry.payload == {
            "old": old,
            "new": new,
            "reason": "yearly",
            "old_private_key": "kept",
        }
        assert reader.entry(6).entry.actor == short(new)
    for pinned in (old, new):
        assert verify(ledger.path, vkey=pinned).grade is Grade.SIGNED


def test_the_old_key_is_put_aside_under_its_id_and_the_day(make: Make) -> None:
    ledger = make()
    ledger.append([plain(1)])
    before = key_path(ledger.path).read_bytes()
    old = ledger.vkey
    ledger.change_key("yearly", destroy_old=False)
    (aside,) = retired(ledger)
    assert aside.name == f"case.sqlite.key.{old.split('+')[1]}.until-2025-03-01"
    assert aside.read_bytes() == before
    assert key_path(ledger.path).stat().st_mode & 0o777 == 0o600
    assert not new_key_path(key_path(ledger.path)).exists()


def test_the_old_key_is_destroyed_where_that_is_asked(make: Make) -> None:
    ledger = make()
    ledger.append([plain(1)])
    ledger.change_key("it leaked", destroy_old=True)
    assert retired(ledger) == []
    ledger.append([plain(2)])
    assert verify(ledger.path, vkey=ledger.vkey).grade is Grade.SIGNED


def test_a_second_change_and_a_new_opening(make: Make) -> None:
    ledger = make()
    ledger.append([plain(1)])
    keys = [ledger.vkey]
    for reason in ("once", "twice"):
        ledger.change_key(reason, destroy_old=False)
        keys.append(ledger.vkey)
    again = make()
    assert again.vkey == keys[-1]
    again.append([plain(2)])
    found = verify(ledger.path, vkey=keys[0])
    assert found.grade is Grade.SIGNED
    assert [part.verifier.vkey for part in found.keys] == keys


def test_another_process_that_had_the_ledger_open_goes_on_under_the_new_key(make: Make) -> None:
    one, other = make(), make()
    one.append([plain(1)])
    other.append([plain(2)])
    one.change_key("yearly", destroy_old=False)
    receipt = other.append([plain(3)])
    assert signers(receipt.checkpoint) == [short(one.vkey)]
    assert other.vkey == one.vkey
    other.change_key("again", destroy_old=False)
    assert one.append([plain(4)]).size
    assert verify(one.path, vkey=one.vkey).grade is Grade.SIGNED


def test_the_old_key_opens_the_ledger_no_more(make: Make) -> None:
    ledger = make()
    ledger.append([plain(1)])
    ledger.change_key("yearly", destroy_old=False)
    ledger.append([plain(2)])
    shutil.copy(retired(ledger)[0], key_path(ledger.path))
    with pytest.raises(KeyUnfit, match=r"is not the key of this ledger: expected .* found"):
        make()


def test_an_empty_ledger_has_no_key_to_change(make: Make) -> None:
    ledger = make()
    with pytest.raises(LedgerError, match="the ledger is empty"):
        ledger.change_key("why not", destroy_old=False)
    ledger.append([plain(1)])
    assert verify(ledger.path, vkey=ledger.vkey).grade is Grade.SIGNED


def test_nobody_else_writes_such_an_entry(make: Make) -> None:
    with pytest.raises(LedgerError, match="written by the ledger itself"):
        make().append([Draft(type=KEY_CHANGED, subject=None, payload={})])


KILLED = """
import os, shutil, sys
from pathlib import Path
from db.ledger import SqlLedger
original, folder, destroy = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "destroy"
step = 0
while True:
    here = folder / str(step)
    here.mkdir()
    for file in original.parent.glob("case.sqlite*"):
        shutil.copy(file, here)
    child = os.fork()
    if child == 0:
        ledger = SqlLedger.open(here / "case.sqlite")
        count = 0
        def watch(event, arguments):
            global count
            if event in ("open", "os.rename", "os.remove"):
                if count == step:
                    os._exit(9)
                count += 1
        sys.addaudithook(watch)
        ledger.change_key("yearly", destroy_old=destroy)
        os._exit(7)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7:
        break
    step += 1
print(step)
"""


@pytest.mark.parametrize("destroy", [pytest.param("keep", marks=pytest.mark.slow), "destroy"])
def test_a_process_killed_at_any_step_leaves_a_ledger_that_goes_on(
    make: Make, tmp_path: Path, destroy: str
) -> None:
    original = make()
    original.append([plain(1)])
    first = original.vkey
    original.close()
    folder = tmp_path / "killed"
    folder.mkdir()
    command = [sys.executable, "-c", KILLED, str(original.path), str(folder), destroy]
    done = subprocess.run(command, cwd=ROOT, env=ENV, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    steps = int(done.stdout)
    changed = 0
    for step in range(steps + 1):
        path = folder / str(step) / "case.sqlite"
        with SqlLedger.open(path) as ledger:
            ledger.append([plain(2)])
            vkey = ledger.vkey
        found = verify(path, vkey=first)
        assert found.grade is Grade.SIGNED, (step, found.sentences)
        aside = list(path.parent.glob("*.until-*"))
        if len(found.keys) == 2:
            changed += 1
            assert vkey == found.keys[1].verifier.vkey
            assert len(aside) == (0 if destroy == "destroy" else 1), step
            assert not new_key_path(key_path(path)).exists()
        else:
            assert (vkey, aside) == (first, [])
    with SqlLedger.open(path) as ledger:
        ledger.change_key("again", destroy_old=False)
    assert verify(path, vkey=first).grade is Grade.SIGNED
    assert steps >= 8
    assert 3 <= changed < steps


def test_a_key_that_could_not_be_written_leaves_no_file(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = make()
    ledger.append([plain(1)])

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keys.os, "fsync", full)
    with pytest.raises(LedgerError, match="No space left"):
        ledger.change_key("yearly", destroy_old=False)
    monkeypatch.undo()
    assert not new_key_path(key_path(ledger.path)).exists()
    assert ledger.change_key("yearly", destroy_old=False).entries


@pytest.mark.parametrize("reason", ["", " \t"])
def test_without_a_reason_no_key_is_changed_and_nothing_deleted(make: Make, reason: str) -> None:
    ledger = make()
    size = ledger.append([received(1)]).size
    with pytest.raises(UsageError, match="the reason is empty"):
        ledger.change_key(reason, destroy_old=False)
    with pytest.raises(UsageError, match="the reason is empty"):
        redact(ledger, 1, reason=reason)
    assert ledger.disclosed(1)
    assert ledger.append([plain(1)]).size == size + 2
