"""Bundles that leave: the same bytes each time, what is in them, who signs them, and what an audit says."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db import exporting
from db.attachments import OTS, Attachment, add
from db.exporting import Wanted, export
from db.importing import import_bundle
from db.ledger import SqlLedger
from db.reading import Reader
from db.redaction import redact
from forensics.errors import LedgerBroken, LedgerError, UsageError
from forensics.ledger.note import NoteError, Signer
from forensics.ledger.policy import parse_policy
from forensics.ledger.verify import Grade
from tests.db.bundled import audited, cosigned, files, out
from tests.db.drafts import Clock, Entropy, digest, plain, received


def test_the_same_state_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        clock, entropy = Clock(), Entropy()
        with SqlLedger.open(
            tmp_path / name / "case.sqlite",
            origin="desk.example/case",
            clock=clock,
            entropy=entropy,
        ) as ledger:
            ledger.append([received(1), plain(1)])
            made.append(out(ledger).read_bytes())
    assert made[0] == made[1]


def test_that_it_left_is_recorded_after_it(ledger: SqlLedger) -> None:
    made = export(ledger, ledger.path.with_name("left.zip"), Wanted(assets=(digest(1),)))
    assert made.entries == 20
    (index,) = made.receipt.entries
    assert index == 21
    with Reader.open(ledger.path) as reader:
        entry = reader.entry(index).entry
    assert entry.type == "custody"
    assert entry.subject == f"sha256:{digest(1)}"
    assert entry.payload["event"] == "exported"
    assert entry.payload["sha256"] == sha256(made.path.read_bytes()).hexdigest()
    assert entry.payload["size"] == made.path.stat().st_size
    assert entry.payload["entries"] == 20


def test_a_whole_bundle_is_signed_and_a_part_as_well(ledger: SqlLedger) -> None:
    whole = audited(out(ledger), vkey=ledger.vkey)
    assert (whole.grade, whole.size, whole.bodies) == (Grade.SIGNED, 20, 20)
    assert whole.open_to_change == (0, 19)
    part = audited(out(ledger, "part.zip", assets=(digest(1),)), vkey=ledger.vkey)
    assert (part.grade, part.size, part.bodies) == (Grade.SIGNED, 22, 1 + 4 + 4)
    assert part.first_bad is None
    assert audited(out(ledger, "more.zip")).grade is Grade.INTEGRITY_ONLY


def test_a_bundle_after_a_change_of_keys_is_signed_under_either_key(
    ledger: SqlLedger, make: Callable[..., SqlLedger]
) -> None:
    old = ledger.vkey
    before = out(ledger, "before.zip")
    ledger.change_key("yearly", destroy_old=True)
    at_once = out(ledger, "at-once.zip", since=before)
    ledger.append([received(9)])
    later = out(ledger, "later.zip", since=before)
    part = out(ledger, "part.zip", assets=(digest(1),), since=at_once)
    new = ledger.vkey
    held = ledger.append([plain(9)]).checkpoint
    name = new.split("+")[0]
    stranger = Signer(name=name, private=Ed25519PrivateKey.generate()).verifier.vkey
    for path in (at_once, later, part):
        for vkey in (old, new):
            found = audited(path, vkey=vkey)
            assert (found.grade, found.problem) == (Grade.SIGNED, None), path
            assert found.key == "+".join(new.split("+")[:2])
        assert audited(path).grade is Grade.INTEGRITY_ONLY
        broken = audited(path, vkey=stranger)
        assert broken.grade is Grade.BROKEN
        assert "no change of keys leads" in str(broken.problem)
    assert audited(before, vkey=new).grade is Grade.BROKEN  # it was not a key of the log yet
    with pytest.raises(NoteError):
        audited(later, vkey=new, held=("no note",))
    newer = audited(later, vkey=new, held=(held,))
    assert (newer.grade, newer.held) == (Grade.SIGNED, 0)
    assert "is newer than this bundle, and was not compared" in " ".join(newer.remarks)
    for key in (old, new):  # each leads to the other
        policy = parse_policy(f"log {key}\nquorum none\n".encode())
        found = audited(later, policy=policy)
        assert (found.grade, found.accepted) == (Grade.SIGNED, True)
    both = parse_policy(f"log {stranger}\nlog {new}\nquorum none\n".encode())
    assert audited(later, policy=both).accepted
    unknown = parse_policy(f"log {stranger}\nquorum none\n".encode())
    assert audited(later, policy=unknown).grade is Grade.BROKEN
    other = make("other.sqlite", origin="other.example/log")
    assert import_bundle(other, before, vkey=old).entry is not None
    assert import_bundle(other, later, vkey=new).before == 20


def test_another_key_is_no_signature(ledger: SqlLedger) -> None:
    other = Signer(name="desk.example/case", private=Ed25519PrivateKey.generate())
    found = audited(out(ledger), vkey=other.verifier.vkey)
    assert found.grade is Grade.BROKEN
    assert "another key" in str(found.problem)


def test_personal_values_come_only_where_wanted(ledger: SqlLedger) -> None:
    there = files(out(ledger, assets=(digest(2),)))
    (line,) = there["data/disclosures.txt"].splitlines()
    assert json.loads(line)["value"] == "видео.mp4"
    without = files(out(ledger, "without.zip", personal=False))
    assert "data/disclosures.txt" not in without
    assert "видео".encode() not in b"".join(without.values())


def test_originals_are_sealed_and_reports_are_not(ledger: SqlLedger, tmp_path: Path) -> None:
    original = tmp_path / "one.bin"
    original.write_bytes(b"original")
    name = sha256(b"original").hexdigest()
    ledger.keep(original, name)
    draft = received(7)
    object.__setattr__(draft, "subject", f"sha256:{name}")
    ledger.append([draft])
    report = tmp_path / "bad name\u202e.html"
    report.write_text("x")
    path = out(ledger, evidence=True, reports=(report,))
    found = audited(path, vkey=ledger.vkey)
    assert f"data/evidence/{name}" in found.sealed
    assert "data/reports/1-bad_name_.html" in found.unsealed
    with Reader.open(ledger.path) as reader:
        events = reader.entries(type="custody", asset=name)
    assert [e.entry.payload["event"] for e in events] == ["exported"]
    ledger.kept(name).chmod(0o600)
    ledger.kept(name).write_bytes(b"0riginal")
    with pytest.raises(LedgerBroken, match="no longer has the bytes"):
        out(ledger, "again.zip", evidence=True)
    assert not list(tmp_path.glob("*again.zip*"))


def test_a_later_bundle_proves_that_it_continues_an_earlier(ledger: SqlLedger) -> None:
    first = out(ledger)
    ledger.append([plain(1)] * 5)
    second = out(ledger, "second.zip", since=first, assets=(digest(3),))
    found = audited(second, vkey=ledger.vkey)
    assert (found.grade, found.since) == (Grade.SIGNED, 20)
    held = (files(first)["data/checkpoints/20/checkpoint.txt"].decode(),)
    assert audited(second, vkey=ledger.vkey, held=held).open_to_change == (20, found.size - 1)


def test_it_does_not_continue_another_log_nor_itself_written_anew(
    ledger: SqlLedger, make: Callable[..., SqlLedger], tmp_path: Path
) -> None:
    other = make("other.sqlite", origin="other.example/log")
    other.append([plain(1)])
    theirs = out(other, "theirs.zip")
    with pytest.raises(UsageError, match=r"is of the log 'other\.example/log'"):
        out(ledger, since=theirs)
    forged = make("forged.sqlite")
    forged.append([plain(i) for i in range(50)])
    with pytest.raises(LedgerBroken, match="does not continue"):
        out(ledger, since=out(forged, "forged.zip"))
    assert not list(tmp_path.glob(".left*"))


def test_an_export_that_cannot_be_made_leaves_nothing(ledger: SqlLedger, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no entry is about"):
        out(ledger, assets=("0" * 64,))
    with pytest.raises(UsageError, match="no report"):
        out(ledger, reports=(tmp_path / "none.html",))
    path = out(ledger)
    with pytest.raises(UsageError, match="there already"):
        out(ledger)
    with Reader.open(ledger.path) as reader:
        assert len(reader.entries(type="custody")) == 4 + 1
    assert list(tmp_path.glob("*.zip")) == [path]


def test_witnesses_count_by_policy(ledger: SqlLedger) -> None:
    policy = parse_policy(cosigned(ledger, 15, "a", "b"))
    found = audited(out(ledger), policy=policy)
    assert found.grade is Grade.WITNESSED
    assert found.finding.count == "2 of 3"
    assert found.witnessed == 15
    assert found.open_to_change == (15, found.size - 1)
    assert audited(out(ledger, "b.zip"), vkey=ledger.vkey).grade is Grade.SIGNED


def test_too_few_witnesses_are_said(ledger: SqlLedger) -> None:
    policy = parse_policy(cosigned(ledger, 15, "a"))
    found = audited(out(ledger), policy=policy)
    assert found.grade is Grade.SIGNED
    assert not found.accepted
    assert found.witnessed == 0


def test_a_stamp_over_other_bytes_is_refused(ledger: SqlLedger) -> None:
    magic = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
    pending = b"\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e" + b"\x08\x07https:/"
    stamp = magic + b"\x01\x08" + bytes(32) + pending
    with ledger.batch() as batch:
        add(
            batch.connection,
            Attachment(size=20, kind=OTS, name="x", at="2025-06-15T15:06:40Z", data=stamp),
        )
        batch.add_draft(plain(0))
        batch.seal()
    found = audited(out(ledger), vkey=ledger.vkey)
    assert found.grade is Grade.BROKEN
    assert "over other bytes" in str(found.problem)


def test_what_was_deleted_is_told_from_what_is_withheld(ledger: SqlLedger) -> None:
    redact(ledger, 1, reason="asked for")
    part = out(ledger, "part.zip", assets=(digest(2),))
    lines = files(part)["data/log/entries.txt"].decode().splitlines()
    (line,) = [line for line in lines if '"type":"redaction"' in line]
    assert '"entry":1,"keys":["name"]' in line
    assert audited(part, vkey=ledger.vkey).grade is Grade.SIGNED


@pytest.mark.parametrize("options", [{}, {"personal": False}, {"assets": (digest(1),)}])
def test_the_steps_of_the_instructions_are_counted(
    ledger: SqlLedger, options: dict[str, object]
) -> None:
    text = files(out(ledger, **options))["data/VERIFY.txt"].decode()
    steps = [int(number) for number in re.findall(r"(?m)^(\d+)\. ", text)]
    assert steps == list(range(1, len(steps) + 1))
    assert len(steps) == (3 if options == {"personal": False} else 4)


def test_where_a_bundle_cannot_be_written_it_is_not_the_ledgers_fault(
    ledger: SqlLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        export(ledger, tmp_path / "none" / "left.zip", Wanted())

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(exporting, "write_bag", full)
    with pytest.raises(LedgerError, match=r"the bundle .* could not be written: No space left"):
        out(ledger)
    monkeypatch.undo()
    assert not list(tmp_path.glob(".left*"))
    (tmp_path / ".left.zip.part").write_text("another process")
    with pytest.raises(UsageError, match="line 1 of the policy"):
        out(ledger, policy=tmp_path / ".left.zip.part")
    assert (tmp_path / ".left.zip.part").read_text() == "another process"
