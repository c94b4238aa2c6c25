"""Making a ledger, listing it, and judging it with a policy and its originals; as people do."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.ledger import SqlLedger
from db.reading import Reader as SqlReader
from forensics.ledger.cosign import Cosigner
from tests.cli.conftest import Program
from tests.db.drafts import plain, received, verdict


def words(text: str) -> str:
    return " ".join(text.split())


def test_init_says_what_it_made_and_never_touches_it_again(program: Program) -> None:
    done = program("ledger", "init", "--name", "desk.example/2026")
    assert (done.code, done.err) == (0, "")
    assert f"Made the ledger {program.ledger}" in done.text
    key = done.text.split("key ")[1].split()[0]
    assert key.startswith("desk.example/2026+")
    assert str(program.ledger) + ".key" in done.text
    before = {p: p.read_bytes() for p in program.home.iterdir()}
    for again in (("--name", "desk.example/2026"), ("--name", "other.example/x"), ()):
        refused = program("ledger", "init", *again)
        assert (refused.code, refused.out) == (2, b"")
        assert "is there already, and was left as it is" in refused.err
    assert {p: p.read_bytes() for p in program.home.iterdir()} == before
    assert program("ledger", "verify", "--key", key).text.startswith("Signed (2 entries)\n")
    assert program("ledger", "checkpoint").text.startswith("desk.example/2026\n1\n")


def test_init_refuses_what_is_no_place_and_no_name(program: Program) -> None:
    program.ledger.write_bytes(b"a letter")
    assert program("ledger", "init").code == 2
    assert program.ledger.read_bytes() == b"a letter"
    program.ledger.unlink()
    refused = program("ledger", "init", "--name", "two words")
    assert (refused.code, "--name cannot be used" in refused.err) == (2, True)
    key = program.home / "ledger.sqlite.key"
    key.write_bytes(b"the key of a ledger that was moved away")
    refused = program("ledger", "init")
    assert (refused.code, "no ledger beside it" in refused.err) == (4, True)
    assert key.read_bytes() == b"the key of a ledger that was moved away"
    assert not any(path.stat().st_size for path in program.home.glob("ledger.sqlite"))


@pytest.fixture
def desk(program: Program) -> Program:
    """A ledger whose key was changed after its first two batches."""
    with SqlLedger.open(program.ledger, origin="desk.example/case") as ledger:
        ledger.append([received(1), verdict(1)])
        ledger.append([received(2), verdict(2), plain(1)])
        ledger.change_key("yearly", destroy_old=False)
        ledger.append([received(1), verdict(1)])
    return program


def listed(program: Program, *options: str) -> list[int]:
    read = json.loads(program("ledger", "log", "--json", *options).out)
    return [entry["index"] for entry in read["entries"]]


def test_pages_lead_from_the_newest_to_the_first(desk: Program) -> None:
    everything = listed(desk)
    assert everything == list(range(12, -1, -1))
    met: list[int] = []
    before: list[str] = []
    while True:
        page = json.loads(desk("ledger", "log", "--json", "--limit", "5", *before).out)
        met += [entry["index"] for entry in page["entries"]]
        if page["earlier"] is None:
            break
        before = ["--before", str(page["earlier"])]
    assert met == everything
    assert "Earlier ones" not in desk("ledger", "log", "--limit", "13").text
    assert "--before 1\n" in desk("ledger", "log", "--limit", "12").text
    assert "Earlier ones" not in desk("ledger", "log", "--type", "verdict", "--limit", "3").text
    assert "--before 5\n" in desk("ledger", "log", "--type", "verdict", "--limit", "2").text
    assert desk("ledger", "log", "--before", "0").text == "No entry fits.\n"
    assert desk("ledger", "log", "--before", "-1").code == 2


def test_entries_of_one_key_are_listed(desk: Program) -> None:
    with SqlLedger.open(desk.ledger) as ledger:
        vkey = ledger.vkey
    name, key_id, _ = vkey.split("+", 2)
    for actor in (vkey, f"{name}+{key_id}", key_id):
        assert listed(desk, "--actor", actor) == [12, 11, 10]
        assert listed(desk, "--actor", actor, "--type", "verdict") == [11]
    old = json.loads(desk("ledger", "show", "0", "--raw").out)["payload"]["vkey"]
    assert listed(desk, "--actor", old) == list(range(9, -1, -1))
    assert listed(desk, "--actor", old, "--limit", "4") == [9, 8, 7, 6]
    assert listed(desk, "--actor", name) == []


def test_since_means_an_instant_whatever_its_zone_and_form(desk: Program) -> None:
    at = json.loads(desk("ledger", "show", "0", "--raw").out)["at"]
    year = int(at[:4])
    everything = list(range(12, -1, -1))
    for since in (at, at[:10], at[:10].replace("-", ":"), f"{year}-01-01T00:00:00+14:00"):
        assert listed(desk, "--since", since) == everything, since
    assert listed(desk, "--since", f"{year + 1}-01-01T00:00:00-12:00") == []
    assert listed(desk, "--since", f"{at[:-1]}-02:00") == []  # two hours later
    assert listed(desk, "--since", f"{at[:-1]}+02:00") == everything
    assert desk("ledger", "log", "--since", "yesterday").code == 2


def test_a_policy_is_counted_and_not_meeting_it_ends_with_1(desk: Program) -> None:
    with SqlLedger.open(desk.ledger) as ledger:
        vkey = ledger.vkey
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    witness = Cosigner(name="w.example", private=key).witness.vkey
    (desk.home / "policy").write_text(f"log {vkey}\nwitness w {witness}\nquorum w\n")
    done = desk("ledger", "verify", "--policy", "policy")
    assert done.code == 1
    assert done.text.startswith("Signed (13 entries)\n")
    assert "cosigned by 0 of 1 witnesses" in done.text
    assert "The policy asks for w: not reached." in done.text
    assert desk("ledger", "witness", "key", "--name", "w.example", "--home", "w").code == 0
    own = desk("ledger", "witness", "key", "--home", "w").text.split()[0]
    (desk.home / "policy").write_text(f"log {vkey}\nwitness w {own}\nquorum w\n")
    assert desk("ledger", "witness", "request", "--out", "asked").code == 0
    answer = desk("ledger", "witness", "add-checkpoint", "asked", "--home", "w", "--log", vkey)
    (desk.home / "line").write_bytes(answer.out)
    assert desk("ledger", "witness", "attach", "line", "--witness", own).code == 0
    with SqlLedger.open(desk.ledger) as ledger:
        ledger.append([plain(2)])
    done = desk("ledger", "verify", "--policy", "policy")
    assert done.code == 0, done.text
    assert done.text.startswith("Signed (15 entries), witnessed (the first 12, by 1 of 1)\n")
    said = words(done.text)
    assert "The checkpoint of 12 entries is cosigned by 1 of 1 witnesses: w (" in said
    assert "Entries 12–14 could still be cut" in said
    read = json.loads(desk("ledger", "verify", "--policy", "policy", "--json").out)
    assert (read["grade"], read["accepted"], read["witnesses"]["size"]) == ("witnessed", True, 12)
    assert read["open_to_change"] == [12, 14]
    (desk.home / "policy").write_text(f"witness w {own}\nquorum w\n")
    done = desk("ledger", "verify", "--policy", "policy")
    assert (done.code, "The policy knows no log" in done.text) == (1, True)
    (desk.home / "policy").write_text("quorum w\n")
    assert desk("ledger", "verify", "--policy", "policy").code == 2


def test_originals_are_hashed_and_each_kind_of_trouble_named(copied: Program) -> None:
    done = copied("ledger", "verify", "--originals")
    assert done.code == 0
    assert "2 originals have the bytes that the log names them after" in words(done.text)
    store = copied.home / "ledger.evidence"
    with SqlReader.open(copied.ledger) as reader:
        kept = reader.entries(type="custody")
    stored = {e.entry.payload["sha256"] for e in kept if e.entry.payload["event"] == "stored"}
    lying = sorted(path for path in store.rglob("*") if path.is_file())
    one, two = (path for path in lying if path.name in stored)
    assert len(lying) > 2, "pictures that analyses made lie beside the originals"
    content = two.read_bytes()
    two.chmod(0o644)
    two.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    one.unlink()
    (store / "notes.txt").write_text("somebody's")
    (store / "pipe").symlink_to("/dev/zero")
    done = copied("ledger", "verify", "--originals")
    assert done.code == 1
    said = words(done.text)
    assert f"1 file is recorded as stored, and not there: {one.name}" in said
    assert f"1 file is there with other bytes, or not readable: {two.name}" in said
    assert "2 files are there, and not in the log: notes.txt pipe" in said
    read = json.loads(copied("ledger", "verify", "--originals", "--json").out)
    assert (read["grade"], read["accepted"]) == ("integrity only", False)
    assert read["originals"]["changed"] == [two.name]
    one.parent.mkdir(exist_ok=True)
    assert copied("ledger", "verify").code == 0


def test_a_value_is_deleted_wherever_it_stands(copied: Program) -> None:
    name = sha256((copied.home / "inbox/one.png").read_bytes()).hexdigest()
    assert copied("check", "inbox/one.png").code == 0
    assert copied("ledger", "export", "left.zip").code == 0
    (second,) = [n for n in listed(copied, "--asset", name, "--type", "asset-received") if n > 1]
    done = copied("ledger", "redact", "1", "--reason", "asked by the person")
    assert f"The same value is still disclosed by entry {second} (name)" in done.text
    assert f'forensics ledger redact {second} --key name --everywhere --reason "…"' in done.text
    assert "Bundles took what was deleted along, as recorded in entry" in done.text
    assert b"one.png" in copied.ledger.read_bytes()
    done = copied(
        "ledger", "redact", str(second), "--key", "name", "--everywhere", "--reason", "asked"
    )
    assert done.code == 0
    assert "still disclosed" not in done.text
    assert b"one.png" not in copied.ledger.read_bytes()
    assert copied("ledger", "verify").code == 0
    assert copied("ledger", "redact", "--everywhere", "--evidence", name, "--reason", "x").code == 2
    assert copied("ledger", "redact", "--evidence", name[:12], "--reason", "x").code == 2


def test_a_deleted_name_is_shown_as_redacted_in_every_report(copied: Program) -> None:
    assert copied("ledger", "redact", "1", "--everywhere", "--reason", "asked").code == 0
    copy = copied.home / "again.png"
    copy.write_bytes((copied.home / "inbox/one.png").read_bytes() + b"\0")
    for options in ((), ("--json",), ("--report", "report.html")):
        done = copied("check", copy.name, *options)
        assert done.code in {0, 1}, done.err
        shown = done.text
        if "--report" in options:
            shown = (copied.home / "report.html").read_text("utf-8")
        assert "(redacted)" in shown
        assert "one.png" not in shown
