"""What a verifier gives: refused by its own name where it is unfit, and never passed over in silence."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.ledger import SqlLedger
from db.reading import Reader
from forensics.ledger.decision import DECISION, signed_payload
from forensics.ledger.note import Signer
from forensics.model import Draft
from tests.cli.conftest import Program
from tests.db.drafts import plain, received, verdict

PERSON = Signer(
    name="desk.example/reviewer", private=Ed25519PrivateKey.from_private_bytes(b"r" * 32)
)


@pytest.fixture
def desk(program: Program) -> Program:
    """A ledger with a decision in entry 4, its bundle, a proof of entry 1, and a file of garbage."""
    with SqlLedger.open(program.ledger, origin="desk.example/case") as ledger:
        ledger.append([received(1), verdict(1)])
        with Reader.open(program.ledger) as reader:
            stored = reader.entry(2)
        said = {"entry": 2, "leaf": stored.leaf.hex(), "decision": "upheld"}
        subject = stored.entry.subject
        payload = signed_payload(PERSON, ledger.origin, said, subject=subject, commitments={})
        ledger.append([Draft(type=DECISION, subject=subject, payload=payload)])
    with SqlLedger.open(program.home / "other.sqlite", origin="other.example/log") as other:
        (program.home / "theirs").write_text(other.append([plain(1)]).checkpoint)
    (program.home / "garbage").write_text("garbage\n")
    assert program("ledger", "export", "left.zip").code == 0
    assert program("ledger", "prove", "1", "--out", "one.tlog-proof").code == 0
    return program


def vkey(desk: Program) -> str:
    return str(json.loads(desk("ledger", "show", "0", "--raw").out)["payload"]["vkey"])


REFUSED = {
    "proof-checkpoint": (
        ["verify", "one.tlog-proof", "--checkpoint", "garbage"],
        "--checkpoint was given",
    ),
    "proof-root": (["verify", "one.tlog-proof", "--tsa-root", "garbage"], "--tsa-root was given"),
    "proof-decider": (["verify", "one.tlog-proof", "--decider", "x"], "--decider was given"),
    "bundle-entry": (["verify", "left.zip", "--entry", "garbage"], "--entry was given"),
    "bundle-root": (
        ["verify", "left.zip", "--tsa-root", "garbage"],
        "--tsa-root garbage cannot be used",
    ),
    "bundle-key": (["verify", "left.zip", "--key", "garbage"], "--key cannot be used"),
    "bundle-decider": (["verify", "left.zip", "--decider", "x"], "--decider cannot be used"),
    "bundle-checkpoint": (
        ["verify", "left.zip", "--checkpoint", "garbage"],
        "--checkpoint garbage cannot",
    ),
    "ledger-root": (
        ["ledger", "verify", "--tsa-root", "garbage"],
        "--tsa-root garbage cannot be used",
    ),
    "ledger-checkpoint": (
        ["ledger", "verify", "--checkpoint", "garbage"],
        "--checkpoint garbage cannot",
    ),
    "ledger-key": (["ledger", "verify", "--key", "garbage"], "--key cannot be used"),
    "another-logs-checkpoint": (
        ["ledger", "verify", "--checkpoint", "theirs"],
        "is of the log 'other.example/log', and the ledger",
    ),
    "another-logs-bundle": (
        ["ledger", "verify", "--ledger", "other.sqlite", "--bundle", "left.zip"],
        "is of the log 'desk.example/case', and the ledger",
    ),
    "bundle-and-another-logs-checkpoint": (
        ["verify", "left.zip", "--checkpoint", "theirs"],
        "is of the log 'other.example/log', and the bundle",
    ),
    "export-policy": (["ledger", "export", "x.zip", "--policy", "garbage"], "line 1 of the policy"),
    "import-key": (["ledger", "import", "left.zip", "--key", "garbage"], "--key cannot be used"),
}
BEYOND = str(2**63)
REFUSED |= {
    f"beyond-{args[0]}": (["ledger", *args], "Invalid value for")
    for args in (
        ["show", BEYOND],
        ["prove", BEYOND],
        ["prove", "1", "--size", BEYOND],
        ["log", "--before", BEYOND],
        ["checkpoint", "--size", BEYOND],
        ["checkpoint", "--size", "-1"],
        ["redact", BEYOND, "--reason", "x"],
    )
}


@pytest.mark.slow
def test_each_of_them_is_refused(desk: Program) -> None:
    for name, (arguments, match) in REFUSED.items():
        done = desk(*arguments)
        assert done.code == 2, (name, done.code, done.err)
        assert match in " ".join(done.err.replace("│", " ").split()), (name, done.err)
    assert not (desk.home / "x.zip").exists()


def test_what_would_be_passed_over_is_refused(desk: Program) -> None:
    for name in (
        "proof-checkpoint",
        "bundle-entry",
        "ledger-root",
        "beyond-show",
        "another-logs-checkpoint",
    ):
        arguments, match = REFUSED[name]
        done = desk(*arguments)
        assert (done.code, match in " ".join(done.err.replace("│", " ").split())) == (2, True), (
            done.err
        )


def test_decisions_are_told_with_the_key_that_signed_them(desk: Program) -> None:
    given = ["--key", vkey(desk), "--decider", PERSON.verifier.vkey]
    for command in (["ledger", "verify"], ["verify", "left.zip"]):
        said = " ".join(desk(*command, *given).text.split())
        assert (
            f"Decisions signed with {PERSON.verifier.short}, a key that you gave: entry 4" in said
        )
        read = json.loads(desk(*command, *given, "--json").out)
        assert read["decisions"] == [
            {"entry": 4, "on": 2, "decision": "upheld", "key": PERSON.verifier.vkey}
        ]


def test_a_proof_under_an_earlier_key_says_that_keys_change(desk: Program) -> None:
    old = vkey(desk)
    with SqlLedger.open(desk.ledger) as ledger:
        ledger.change_key("yearly", destroy_old=False)
        ledger.append([plain(1)])
        new = ledger.vkey
    assert desk("ledger", "prove", "1", "--out", "late.tlog-proof").code == 0
    done = desk("verify", "late.tlog-proof", "--key", old)
    said = " ".join(done.text.split())
    assert done.code == 1
    assert f"It is signed with {'+'.join(new.split('+')[:2])}, which is none of the keys" in said
    assert "The log may have changed its key since" in said
    (desk.home / "policy").write_text(f"log {old}\nquorum none\n")
    done = desk("ledger", "verify", "--policy", "policy")
    assert (done.code, "knows no log" in done.text) == (0, False)
