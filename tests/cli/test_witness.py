"""Proofs and witnesses as people use them: two desks, by file and over HTTP."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from db.ledger import SqlLedger
from db.witness import SqlWitness
from forensics.errors import UsageError
from tests.cli.conftest import PROGRAM, Program
from tests.db.drafts import received

SERVE = ("ledger", "witness", "serve", "--home", "w", "--bind", "127.0.0.1:0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """A desk with a ledger, another with a witness, and a policy for a third."""

    owner: Program
    log: str
    witness: str
    policy: Path

    def append(self, number: int) -> None:
        with SqlLedger.open(self.owner.ledger) as ledger:
            ledger.append([received(number)])

    def size(self) -> int:
        return int(self.owner("ledger", "checkpoint").text.split("\n")[1])


@pytest.fixture
def desks(program: Program) -> Desks:
    with SqlLedger.open(program.ledger, origin="desk.example/case") as ledger:
        ledger.append([received(1), received(2)])
        log = ledger.vkey
    made = SqlWitness.make(program.home / "w", "w.example/one", bytes(range(32)))
    witness = made.cosigner.witness.vkey
    policy = program.home / "policy.txt"
    policy.write_text(f"log {log}\nwitness W {witness}\nquorum W\n", "utf-8")
    return Desks(owner=program, log=log, witness=witness, policy=policy)


@pytest.mark.slow
def test_a_checkpoint_travels_to_a_witness_by_file_and_back(desks: Desks) -> None:
    run = desks.owner
    assert run("ledger", "witness", "key", "--home", "w").text.strip() == desks.witness
    assert run("ledger", "prove", "1", "--out", "before.tlog-proof").code == 0
    asked = run("ledger", "witness", "request", "--witness", desks.witness, "--out", "request")
    assert asked.code == 0
    refused = run("ledger", "witness", "add-checkpoint", "request", "--home", "w")
    assert refused.code == 4
    assert "(404)" in refused.err
    given = run(
        *("ledger", "witness", "add-checkpoint", "request", "--home", "w"),
        *("--log", desks.log, "--out", "answer"),
    )
    assert (given.code, given.out) == (0, b"")
    seen = run("ledger", "witness", "seen", "desk.example/case", "--home", "w", "--out", "seen")
    assert seen.code == 0
    held = run("ledger", "verify", "--key", desks.log, "--checkpoint", "seen").text
    assert "agree with a checkpoint of 3 entries that is held elsewhere" in held.replace("\n", " ")
    kept = run("ledger", "witness", "attach", "answer", "--witness", desks.witness)
    assert kept.text.startswith("w.example/one+")
    shown = run("ledger", "checkpoint").text
    assert shown.endswith((run.home / "answer").read_text("utf-8"))
    assert run("ledger", "prove", "1", "--out", "after.tlog-proof").code == 0
    before = run("verify", "before.tlog-proof", "--policy", desks.policy)
    assert before.code == 1
    assert before.text.startswith("Signed (0 of 1 witnesses)\n")
    after = run("verify", "after.tlog-proof", "--policy", desks.policy)
    assert after.code == 0
    assert after.text.startswith("Witnessed (1 of 1 witnesses)\n")
    desks.append(3)
    again = run("ledger", "witness", "request", "--witness", desks.witness).text
    assert again.startswith("old 3\n")


@contextlib.contextmanager
def serving(desks: Desks) -> Iterator[str]:
    """`witness serve` at a free port, until the block ends; yields its address."""
    with subprocess.Popen(
        [PROGRAM, *SERVE, "--log", desks.log],
        cwd=desks.owner.home,
        env=desks.owner.environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        try:
            yield server.stdout.readline().decode().split(" at ")[1].strip()
        finally:
            server.terminate()


@pytest.mark.slow
@pytest.mark.loopback
def test_a_checkpoint_is_cosigned_over_http(desks: Desks) -> None:
    run = desks.owner
    early = run.ledger.read_bytes()
    desks.append(3)
    with serving(desks) as url:
        ask = ("ledger", "witness", "add-checkpoint", "--url", url, "--witness", desks.witness)
        asked = run(*ask)
        assert asked.code == 0, asked.err
        assert f"cosigned {desks.size()} entries" in asked.text
        assert run("ledger", "checkpoint").text.count("\n— ") == 2
        for file in run.home.glob("ledger.sqlite-*"):
            file.unlink()
        run.ledger.write_bytes(early)
        cut = run(*ask)
    assert cut.code == 4
    assert "the witness holds 5 entries of this log" in " ".join(cut.err.split())


def test_a_proof_needs_nothing_of_ours_but_the_key(desks: Desks, tmp_path: Path) -> None:
    run = desks.owner
    (run.home / "p").write_bytes(run("ledger", "prove", "2").out)
    for file in [run.ledger, *run.home.glob("ledger.sqlite*")]:
        file.unlink(missing_ok=True)
    found = json.loads(run("verify", "p", "--key", desks.log, "--json").out)
    assert (found["grade"], found["index"], found["accepted"]) == ("signed", 2, True)
    assert found["body"]["type"] == "asset-received"
    alone = run("verify", "p")
    assert (alone.code, alone.text.split("\n")[0]) == (0, "Integrity only")


def test_a_proof_that_was_changed_is_broken(desks: Desks) -> None:
    run = desks.owner
    text = run("ledger", "prove", "2").text
    (run.home / "p").write_text(text.replace("index 2", "index 1"), "utf-8")
    done = run("verify", "p", "--key", desks.log)
    assert done.code == 4
    assert done.text.startswith("Broken\n")
    assert "entry 1" in done.text
    (run.home / "p").write_text(text.replace("\n3\n", "\n4\n"), "utf-8")
    assert run("verify", "p", "--key", desks.log).code == 4


@pytest.mark.slow
def test_an_entry_can_be_left_out_and_given_beside(desks: Desks) -> None:
    run = desks.owner
    assert run("ledger", "prove", "1", "--no-body", "--out", "p").code == 0
    missing = run("verify", "p", "--key", desks.log)
    assert missing.code == 2
    assert "--entry" in missing.err
    (run.home / "body").write_bytes(run("ledger", "show", "1", "--raw").out)
    assert run("verify", "p", "--key", desks.log, "--entry", "body").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("verify", "none"), "none cannot be read"),
        (("verify", "policy.txt"), "expected"),
        (("verify", "p", "--policy", "p"), "line 1 of the policy"),
        (("ledger", "prove", "99"), "there is no entry 99"),
        (("ledger", "prove", "3"), "entry 3 is not among the 3 entries"),
        (("ledger", "prove", "1", "--out", "no/such/folder"), "cannot be written"),
        (("ledger", "checkpoint", "--size", "2"), "no checkpoint of 2 entries"),
        (("ledger", "witness", "add-checkpoint"), "Give a request file"),
        (
            ("ledger", "witness", "add-checkpoint", "--url", "http://127.0.0.1:9/"),
            "needs --witness",
        ),
        (("ledger", "witness", "seen", "other", "--home", "w"), "no checkpoint of 'other'"),
        (("ledger", "witness", "serve", "--home", "w", "--bind", "here"), "no address to listen"),
    ],
)
def test_what_cannot_be_is_a_matter_of_usage(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(desks.owner.home)
    for name, value in desks.owner.environment().items():
        monkeypatch.setenv(name, value)
    assert CliRunner().invoke(cli.app, ["ledger", "prove", "1", "--out", "p"]).exit_code == 0
    done = CliRunner().invoke(cli.app, arguments)
    assert isinstance(done.exception, UsageError)
    assert said in str(done.exception)


def test_a_witness_is_made_by_its_name(program: Program) -> None:
    missing = program("ledger", "witness", "key")
    assert missing.code == 4
    assert "--name" in missing.err
    made = program("ledger", "witness", "key", "--name", "desk.example/witness")
    assert made.text.startswith("desk.example/witness+")
    assert made.out == program("ledger", "witness", "key").out
    assert (program.home / "ledger.sqlite.witness" / "witness.key").exists()
