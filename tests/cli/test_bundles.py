"""Bundles on the command line: they leave, are verified with nothing else, and come in elsewhere."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.ledger import SqlLedger
from forensics.ledger.cosign import Cosigner
from tests.cli.conftest import Program
from tests.db.drafts import plain, received, signatures
from tests.ledger.authority import Authority


@pytest.fixture
def desk(program: Program) -> Program:
    """A program whose ledger has two batches."""
    with SqlLedger.open(program.ledger, origin="desk.example/case") as ledger:
        ledger.append([received(1), signatures(1, [bytes(32)])])
        ledger.append([plain(1)])
    return program


def vkey(program: Program) -> str:
    return str(json.loads(program("ledger", "show", "0", "--raw").out)["payload"]["vkey"])


def test_a_bundle_is_verified_without_ledger_network_or_settings(
    desk: Program, tmp_path: Path
) -> None:
    key = vkey(desk)
    done = desk("ledger", "export", "left.zip")
    assert (done.code, done.err) == (0, "")
    assert "It holds the first 5 entries." in done.text
    desk.ledger.rename(tmp_path / "elsewhere")
    bare = {"FORENSICS_LEDGER": "/nowhere/at/all", "FORENSICS_CONFIG": "/nowhere/config.toml"}
    done = desk("verify", "left.zip", env=bare)
    assert done.code == 0
    assert done.text.startswith("Integrity only\n")
    done = desk("verify", "left.zip", "--key", key, env=bare)
    assert done.text.startswith("Signed (5 entries)\n")
    assert "For entries 0–4 only the owner vouches" in done.text
    read = json.loads(desk("verify", "left.zip", "--key", key, "--json").out)
    assert read["schema"] == "forensics/bundle-verification/1"
    assert (read["grade"], read["open_to_change"]) == ("signed", [0, 4])
    assert "data/VERIFY.txt" in read["listed_only"]


def test_a_changed_bundle_ends_with_4(desk: Program) -> None:
    desk("ledger", "export", "left.zip")
    path = desk.home / "left.zip"
    path.write_bytes(path.read_bytes().replace(b"claim 1", b"claim 2"))
    done = desk("verify", "left.zip")
    assert done.code == 4
    assert done.text.startswith("Broken\n")
    assert "data/log/entries.txt' has another CRC-32" in done.text
    path.write_bytes(b"PK and no more")
    assert desk("verify", "left.zip").code == 4
    path.write_bytes(b"words")
    assert desk("verify", "left.zip").code == 2


@pytest.mark.slow
def test_a_policy_that_is_not_met_ends_with_1(desk: Program) -> None:
    desk("ledger", "export", "left.zip")
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    witness = Cosigner(name="witness.example", private=key).witness.vkey
    (desk.home / "policy").write_text(f"log {vkey(desk)}\nwitness w {witness}\nquorum w\n")
    done = desk("verify", "left.zip", "--policy", "policy")
    assert done.code == 1
    assert done.text.startswith("Signed (5 entries)\n")
    assert "cosigned by 0 of 1 witnesses" in done.text
    assert "The policy asks for w: not reached." in done.text


@pytest.mark.slow
def test_what_left_is_held_against_the_ledger(desk: Program) -> None:
    desk("ledger", "checkpoint", "--out", "note")
    desk("ledger", "export", "left.zip")
    key = vkey(desk)
    done = desk("ledger", "verify", "--key", key, "--bundle", "left.zip", "--checkpoint", "note")
    assert done.code == 0
    assert "They also agree with a checkpoint of 5 entries that is held elsewhere." in done.text
    assert "records that the bundle left.zip left" in done.text
    with SqlLedger.open(desk.home / "other.sqlite", origin="desk.example/case") as other:
        other.append([plain(7)])
    done = desk("ledger", "verify", "--ledger", "other.sqlite", "--bundle", "left.zip")
    assert done.code == 4
    assert "not signed by the key of this log" in done.text.replace("\n", " ")
    (desk.home / "note").write_bytes(b"no note")
    assert desk("ledger", "verify", "--checkpoint", "note").code == 2


@pytest.mark.slow
def test_another_desk_takes_it_in(desk: Program) -> None:
    desk("ledger", "export", "left.zip")
    done = desk("ledger", "import", "left.zip", "--ledger", "other.sqlite", "--key", vkey(desk))
    assert done.code == 0, done.err
    assert "Imported 5 entries of desk.example/case." in done.text
    assert desk("ledger", "verify", "--ledger", "other.sqlite").code == 0
    again = desk("ledger", "import", "left.zip", "--ledger", "other.sqlite")
    assert "Nothing new" in again.text
    own = desk("ledger", "import", "left.zip")
    assert own.code == 2
    assert "is a bundle of this ledger" in own.err


@pytest.mark.interop
def test_a_bundle_with_a_token_is_timestamped_under_the_root_that_issued_it(
    desk: Program, tmp_path: Path
) -> None:
    key = vkey(desk)
    authority, other = Authority(tmp_path / "tsa"), Authority(tmp_path / "other")
    assert desk("ledger", "anchor", "--query-out", "query.tsq").code == 0
    (desk.home / "reply.tsr").write_bytes(authority.reply((desk.home / "query.tsq").read_bytes()))
    root, strange = authority.folder / "root.pem", other.folder / "root.pem"
    done = desk("ledger", "anchor", "--reply-in", "reply.tsr", "--tsa-root", root)
    assert done.code == 0, done.err
    assert desk("ledger", "export", "left.zip").code == 0
    with zipfile.ZipFile(desk.home / "left.zip") as archive:
        (token,) = [name for name in archive.namelist() if name.endswith(".tsr")]
        note = archive.read(token.replace("rfc3161-1.tsr", "checkpoint.txt"))
        (desk.home / "token").write_bytes(archive.read(token))
        (desk.home / "note").write_bytes(note)
    assert token == "bundle/data/checkpoints/5/rfc3161-1.tsr"

    done = desk("verify", "left.zip", "--key", key, "--tsa-root", root)
    assert done.code == 0
    assert re.match(r"Signed \(\d+ entries\), timestamped \(the first \d+, not after 20", done.text)
    assert "For entries 5–6 only the owner vouches" in done.text
    read = json.loads(desk("verify", "left.zip", "--key", key, "--tsa-root", root, "--json").out)
    assert (read["grade"], read["open_to_change"]) == ("timestamped", [5, 6])
    assert read["times"][0]["not_after"].endswith("Z")
    unknown = desk("verify", "left.zip", "--tsa-root", root)
    assert unknown.text.startswith("Integrity only\n")
    for roots in ((), ("--tsa-root", strange)):
        done = desk("verify", "left.zip", "--key", key, *roots)
        assert (done.code, done.text.splitlines()[0]) == (0, "Signed (7 entries)")
        assert "not verified" in done.text
    assert desk("verify", "left.zip", "--tsa-root", "note").code in {2, 3}
    seconds = datetime.fromisoformat(read["times"][0]["not_after"]).timestamp()
    openssl = ["openssl", "ts", "-verify", "-data", "note", "-in", "token", "-token_in"]
    subprocess.run(
        [*openssl, "-CAfile", root, "-attime", str(int(seconds))],
        cwd=desk.home,
        check=True,
        capture_output=True,
    )
    path = desk.home / "left.zip"
    path.write_bytes(path.read_bytes().replace(b"claim 1", b"claim 2"))
    assert desk("verify", "left.zip", "--key", key, "--tsa-root", root).code == 4
