"""`explain`, `reevaluate`, `decide`, `recheck` and `ledger keys new`, as they are typed."""

from __future__ import annotations

import json
import stat

import pytest
from jsonschema import Draft202012Validator

from forensics.report.explanation import schema
from tests.cli.conftest import Program, picture


def asset_of(program: Program) -> str:
    return str(json.loads((program.home / "first.json").read_bytes())["asset"]["sha256"])


def verdict_of(program: Program) -> int:
    listed = json.loads(
        program("ledger", "log", "--asset", asset_of(program), "--type", "verdict", "--json").out
    )
    return int(listed["entries"][0]["index"])


def test_a_verdict_is_explained_by_its_entry_and_by_its_asset(once: Program) -> None:
    by_entry = program_json(once, str(verdict_of(once)))
    by_asset = program_json(once, asset_of(once)[:12])
    assert by_entry == by_asset
    Draft202012Validator(schema()).validate(by_entry)
    assert by_entry["repeats"] is True
    text = once("explain", asset_of(once)[:12]).text
    assert "Why the verdict on asset" in text


def program_json(program: Program, name: str) -> dict[str, object]:
    ran = program("explain", name, "--json")
    assert ran.code == 0, ran.err
    found: dict[str, object] = json.loads(ran.out)
    return found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("0", "there is no verdict in entry 0"),
        ("999999", "it is none"),
        ("nowhere/1", "there is no case 'nowhere'"),
        ("00000000", "no asset begins with"),
        ("\x1b[31m", "names no verdict"),
    ],
)
def test_what_names_no_verdict_is_refused(once: Program, name: str, said: str) -> None:
    ran = once("explain", name)
    assert ran.code == 2
    assert said in ran.err
    assert "\x1b" not in ran.err


def test_the_newest_rules_say_the_same_and_write_nothing(copied: Program) -> None:
    ran = copied("reevaluate", asset_of(copied)[:12])
    assert ran.code == 0, ran.err
    assert "nothing is different" in ran.text
    refused = copied("reevaluate", asset_of(copied)[:12], "--ruleset", "forensics-rules-0")
    assert refused.code == 2
    assert "expected one of forensics-rules-1" in refused.err


def test_a_decision_is_signed_and_verifies_under_the_persons_key(copied: Program) -> None:
    key = copied.home / "person.key"
    made = copied("ledger", "keys", "new", key, "desk-editor")
    assert made.code == 0, made.err
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    vkey = made.text.splitlines()[-1]
    entry = verdict_of(copied)
    options = ["--key", key, "--words", "The shop sign closed in 2019."]
    first = copied("decide", str(entry), "--status", "date=contradicted", *options)
    assert first.code == 0, first.err
    category = ["--category", "DecontextualizedContent"]
    again = copied("decide", str(entry), "--status", "date=undetermined", *category, *options)
    assert "It takes the place of entry" in again.text
    verified = copied("ledger", "verify", "--decider", vkey, "--json")
    assert verified.code == 0, verified.text
    told = json.loads(verified.out)["decisions"]
    assert [one["on"] for one in told] == [entry, entry]
    shown = copied("ledger", "show", str(entry)).text
    assert "undetermined" in shown  # the machine's verdict stands as it was


def test_what_cannot_be_decided_is_refused_and_nothing_is_written(copied: Program) -> None:
    key = copied.home / "person.key"
    copied("ledger", "keys", "new", key, "desk-editor")
    entry, before = str(verdict_of(copied)), copied.ledger.read_bytes()
    for options, said in (
        (["--uphold", "--words", " "], "--words is empty"),
        (["--words", "So."], "decide one thing"),
        (["--uphold", "--words", "So.", "--category", "Fake"], "none of a MediaReview"),
    ):
        ran = copied("decide", entry, "--key", key, *options)
        assert (ran.code, said in ran.err) == (2, True), ran.err
    foreign = copied(
        "decide", entry, "--key", copied.home / "first.json", "--uphold", "--words", "So."
    )
    assert foreign.code == 2
    assert "cannot be used" in foreign.err or "too long" in foreign.err
    again = copied("ledger", "keys", "new", key, "desk-editor")
    assert again.code == 2
    assert copied.ledger.read_bytes() == before


def test_a_case_is_rechecked_by_its_name_or_all_are(program: Program) -> None:
    claim = program.home / "claim.toml"
    claim.write_text('[claim]\nstatement = "It happened."\nby = "Ministry"\n')
    picture(program.home / "one.png")
    checked = program("check", "one.png", "--claim", claim, "--case", "valdai")
    assert checked.code == 0, checked.err
    for arguments in (["valdai"], ["--all"]):
        ran = program("recheck", *arguments)
        assert ran.code == 0, ran.err
        assert ran.text.startswith("valdai: nothing is different.")
    assert program("explain", "valdai/1").code == 0
    reevaluated = program("reevaluate", "valdai")
    assert "nothing is different" in reevaluated.text
    assert program("recheck").code == 2
    assert program("recheck", "valdai", "--all").code == 2
