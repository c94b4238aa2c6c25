"""Every command of a ledger, run on a PostgreSQL server of the test's own by its URL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.ledger import SqlLedger
from db.place import Server
from tests.cli.conftest import Program, picture
from tests.db.drafts import plain, received, signatures, verdict
from tests.db.server import PASSWORD, QUOTED, Postgres, binaries, running
from tests.ledger.authority import Authority

pytestmark = pytest.mark.interop
NAME = "a-name-that-nobody-else-has.mp4"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    bin_ = binaries()
    if bin_ is None:
        pytest.skip("no PostgreSQL server is installed")
    with running(bin_) as server:
        yield server


class Desk:
    """The program with a database as its ledger; no output of it holds the password."""

    def __init__(self, program: Program, url: str) -> None:
        self.home = program.home
        self.url = url
        self._program = program
        self._env = {"FORENSICS_LEDGER": url, "XDG_DATA_HOME": str(program.home / "data")}

    def __call__(self, *arguments: str | Path, code: int = 0) -> str:
        done = self._program(*arguments, env=self._env)
        assert done.code == code, (arguments, done.text, done.err)
        for secret in (PASSWORD, QUOTED):
            assert secret not in done.text + done.err
        return done.text

    def filled(self, number: int) -> None:
        folder = self.home / "data" / "forensics" / "servers"
        with SqlLedger.open(Server.parse(self.url, folder), create=False) as ledger:
            ledger.append([received(number, name=NAME), signatures(number, [bytes([number]) * 32])])
            ledger.append([verdict(number), plain(number)])


@pytest.fixture
def desk(postgres: Postgres, program: Program) -> Desk:
    desk = Desk(program, postgres.url(postgres.new()))
    told = desk("ledger", "init", "--name", "desk.example/case")
    assert "Made the ledger postgresql+psycopg://desk@" in told
    desk.filled(1)
    return desk


def test_it_is_made_once_listed_shown_and_proven(desk: Desk) -> None:
    desk("ledger", "init", code=2)
    read = json.loads(desk("ledger", "log", "--json", "--limit", "3"))
    assert [entry["index"] for entry in read["entries"]] == [7, 6, 5]
    assert read["earlier"] == 5
    (entry,) = json.loads(desk("ledger", "log", "--type", "verdict", "--json"))["entries"]
    digest = entry["body"]["subject"].removeprefix("sha256:")
    assert "asset-received" in desk("ledger", "log", "--asset", digest)
    assert desk("ledger", "log", "--since", "2999-01-01") == "No entry fits.\n"
    key = desk("ledger", "keys", "show").split()[1]
    assert "verdict" in desk("ledger", "log", "--actor", key)
    assert f"committed name: {NAME}" in desk("ledger", "show", "2")
    assert json.loads(desk("ledger", "show", "2", "--raw"))["type"] == "asset-received"
    assert desk("ledger", "checkpoint").startswith("desk.example/case\n7\n")
    assert desk("ledger", "checkpoint", "--size", "4").startswith("desk.example/case\n4\n")
    desk("ledger", "checkpoint", "--size", "5", code=2)
    desk("ledger", "prove", "2", "--out", "two.tlog-proof")
    desk("verify", "two.tlog-proof", "--key", key)
    verified = desk("ledger", "verify", "--key", key, "--originals")
    assert verified.startswith("Signed")
    assert "Rebuilt from 8 entries." in desk("ledger", "rebuild")


def test_it_is_witnessed_stamped_and_judged_by_a_policy(desk: Desk, tmp_path: Path) -> None:
    key = desk("ledger", "keys", "show").split()[1]
    own = desk("ledger", "witness", "key", "--name", "w.example", "--home", "w").split()[0]
    desk("ledger", "witness", "request", "--out", "asked")
    line = desk("ledger", "witness", "add-checkpoint", "asked", "--home", "w", "--log", key)
    (desk.home / "line").write_text(line, "utf-8")
    desk("ledger", "witness", "attach", "line", "--witness", own)
    assert "desk.example/case" in desk(
        "ledger", "witness", "seen", "desk.example/case", "--home", "w"
    )
    (desk.home / "policy").write_text(f"log {key}\nwitness w {own}\nquorum w\n")
    authority = Authority(tmp_path / "tsa")
    desk("ledger", "anchor", "--query-out", "query")
    (desk.home / "reply").write_bytes(authority.reply((desk.home / "query").read_bytes()))
    root = authority.folder / "root.pem"
    desk("ledger", "anchor", "--reply-in", "reply", "--tsa-root", root)
    judged = desk("ledger", "verify", "--policy", "policy")
    assert "is cosigned by 1 of 1 witnesses" in judged
    judged = desk("ledger", "verify", "--policy", "policy", "--tsa-root", root)
    assert "existed not after 20" in judged
    desk("ledger", "export", "left.zip", "--policy", "policy")
    told = desk("verify", "left.zip", "--policy", "policy", "--tsa-root", root)
    assert "witnessed (the first 7, by 1 of 1), timestamped (the first 7, not after 20" in told


def test_bundles_leave_and_come_in_and_values_and_keys_go(
    desk: Desk, postgres: Postgres, tmp_path: Path
) -> None:
    first = desk("ledger", "keys", "show").split()[1]
    desk("ledger", "export", "first.zip")
    desk("ledger", "keys", "rotate", "--reason", "yearly")
    second = desk("ledger", "keys", "show").split()[1]
    desk.filled(1)
    told = desk("ledger", "redact", "2", "--everywhere", "--reason", "asked")
    assert "Deleted the same value from entry" in told
    assert "Bundles took what was deleted along, as recorded in entry 8." in told
    assert "committed name: (redacted)" in desk("ledger", "show", "2")
    desk("ledger", "export", "second.zip", "--since", "first.zip")
    for key in (first, second):
        assert desk("verify", "second.zip", "--key", key).startswith("Signed (")
    held = desk("ledger", "verify", "--key", second, "--bundle", "first.zip")
    assert "records that the bundle first.zip left" in held
    (tmp_path / "other").mkdir()
    other = Desk(Program(home=tmp_path / "other"), postgres.url(postgres.new()))
    told = other("ledger", "import", desk.home / "first.zip", "--key", first)
    assert "Imported 7 entries of desk.example/case." in told
    told = other("ledger", "import", desk.home / "second.zip", "--key", second)
    assert "7 before" in told
    assert "Nothing new" in other("ledger", "import", desk.home / "first.zip")
    other("ledger", "verify")
    other("ledger", "rebuild")
    other("ledger", "verify")


CLAIM = """
[claim]
statement = "An attack near Valdai."
by = "A ministry"
first_said_at = 2025-12-29T18:00:00Z
"""


def test_a_case_is_told_judged_decided_and_reported(desk: Desk) -> None:
    (desk.home / "claim.toml").write_text(CLAIM, "utf-8")
    one, two = (picture(desk.home / f"{n}.png", n) for n in (1, 2))
    desk("check", one, "--claim", "claim.toml", "--case", "valdai")
    assert "valdai" in desk("case", "list")
    desk("check", two, "--case", "valdai/1")
    why = ("--reason", "It would be there either way.")
    noted = ("--pillar", "source", "--diagnostic", "no", "--text", "Parts are on sale.", *why)
    desk("note", "add", "--case", "valdai", *noted)
    assert "An attack near Valdai." in desk("claim", "show", "valdai/1")
    assert "valdai/1" in desk("explain", "valdai/1")
    desk("ledger", "keys", "new", "editor.key", "editor.example")
    desk("decide", "valdai/1", "--uphold", "--key", "editor.key", "--words", "Seen.")
    desk("recheck", "valdai")
    told = json.loads(desk("report", "valdai", "--format", "json"))
    assert told["schema"] == "forensics/case/1"
    before = desk("case", "show", "valdai")
    desk("ledger", "rebuild")
    assert desk("case", "show", "valdai") == before
    key = desk("ledger", "keys", "show").split()[1]
    assert desk("ledger", "verify", "--key", key, "--originals").startswith("Signed")
