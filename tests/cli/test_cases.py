"""`forensics case`, `claim`, `observation`, `note` and `appearance add --engine` as a desk runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from db.searching import SearchReader
from db.verifying import verify
from forensics.cases.reading import load
from forensics.model import Case, Diagnostic, Seen
from tests.cli.conftest import CLAIM, Program, digits, picture, run


def read(program: Program, case: str = "valdai") -> Case:
    with SearchReader.open(program.ledger) as reader:
        return load(reader, case)


@pytest.fixture
def mine(told: Program, tmp_path: Path) -> Program:
    """The same, where it may be added to."""
    shutil.copytree(told.home, tmp_path, dirs_exist_ok=True)
    return Program(home=tmp_path)


def test_a_case_as_a_desk_reads_it(told: Program) -> None:
    done = told("case", "show", "valdai")
    assert done.code == 0
    lines = " ".join(done.text.split())
    assert "valdai: An attack⟨U+001B⟩[31m" in lines
    assert "“An attack near ⟨U+202E⟩Valdai.”" in lines
    assert "First claimed 2025-12-29 18:00 UTC; nothing on record here was shown with it." in lines
    assert "Released 2025-12-31 09:00 UTC, 2 days later: one.png." in lines
    assert "an area of 3 corners" in lines
    assert "91 drones" in lines
    assert "stated in the zone +03:00" in lines
    assert "valdai/1 Not verifiable from this material" in lines
    assert "Offered for valdai/1. Released 2025-12-31 09:00 UTC at https://example.org/r." in lines
    assert "Would settle it:" in lines
    assert "\x1b" not in done.text
    assert "\u202e" not in done.text
    assert told("case", "show", "valdai").out == done.out


def test_what_is_on_record_of_it(told: Program) -> None:
    case = read(told)
    (claim,) = case.claims
    assert (claim.claim.event_from, claim.claim.event_to) == (
        "2025-12-27T21:00:00Z",
        "2025-12-29T20:59:59Z",
    )
    (one,) = case.assets
    (offer,) = one.offers
    assert (offer.claims, offer.released_at, offer.stated.by) == (
        (1,),
        "2025-12-31T09:00:00Z",
        "desk",
    )
    assert [v.claim for v in one.verdicts] == [1]
    assert case.verdicts[-1].verdict.claim == 1
    assert verify(told.ledger, vkey=None).problems == ()


def test_lists_and_claims_and_their_json(told: Program) -> None:
    assert "valdai  An attack" in told("case", "list").text
    cases = json.loads(told("case", "list", "--json").out)
    assert [c["id"] for c in cases["cases"]] == ["valdai"]
    assert "valdai/1" in told("claim", "list", "valdai").text
    claims = json.loads(told("claim", "list", "valdai", "--json").out)
    assert claims["claims"][0]["claim"]["said_where"] == "A broadcast"
    claim = json.loads(told("claim", "show", "valdai/1", "--json").out)
    assert claim["evidence"][0]["released_at"] == "2025-12-31T09:00:00Z"
    assert claim["verdict"]["verifiability"] == "not verifiable from this material"
    assert "A broadcast" in told("claim", "show", "valdai/1").text
    document = json.loads(told("case", "show", "valdai", "--json").out)
    assert document["schema"] == "forensics/case/1"


def test_a_claim_before_anything_was_shown(mine: Program) -> None:
    done = mine(
        "claim", "add", "valdai", "--statement", "It happened.", "--by", "Somebody",
        "--first-said-at", "2025-12-29T18:00:00Z", "--from", "2025-12-29T03:00:00",
        "--zone", "+03:00", "--place", "Valdai", "--lat", "57.98", "--lon", "33.25",
        "--count", "12 drones",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "Recorded as valdai/2" in done.text
    claim = read(mine).claims[1].claim
    assert (claim.event_from, claim.counts[0].number) == ("2025-12-29T00:00:00Z", 12)
    shown = " ".join(mine("claim", "show", "valdai/2").text.split())
    assert "nothing on record here was shown with it" in shown
    assert "Nothing was offered as evidence yet." in shown


def test_files_that_are_not_known_are_examined_and_others_are_not(mine: Program) -> None:
    picture(mine.home / "new.png", 7)
    done = mine("case", "add", "valdai", "inbox/one.png", "new.png", "missing-one")
    assert done.code == 2
    assert "inbox/one.png: offered in valdai" in done.text
    assert "new.png: examined, and offered in valdai" in done.text
    assert "missing-one" in done.err
    again = mine("case", "add", "valdai", "new.png")
    assert again.code == 0
    assert "offered in valdai already" in again.text
    case = read(mine)
    assert [a.asset.name for a in case.assets] == ["one.png", "new.png"]
    assert [len(a.offers) for a in case.assets] == [2, 1]


def test_observations_and_notes_are_a_persons_word(mine: Program) -> None:
    asset = digits(mine)[:8]
    done = mine(
        "observation", "shadow", asset, "--case", "valdai", "--height", "1.80±0.05",
        "--shadow", "3.10±0.10", "--azimuth", "312±5", "--words", "the pole", "--by", "Ann",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "a person's reading" in done.text
    run(mine, "observation", "azimuth", asset, "--case", "valdai", "--azimuth", "132")
    run(mine, "observation", "light", asset, "night", "--case", "valdai", "--at", "0")
    run(mine, "observation", "moon", asset, "Full", "--case", "valdai")
    run(mine, "observation", "season", asset, "snow", "--case", "valdai")
    done = mine(
        "note", "add", "--case", "valdai", "--pillar", "source", "--diagnostic", "no",
        "--text", "Sold everywhere.", "--reason", "Anyone could build it.", "--by", "Ann",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "moves no verdict" in done.text
    case = read(mine)
    assert [o.kind for o in case.observations] == list(Seen)
    assert case.observations[0].values["height-error"] == "0.05"
    (note,) = case.notes
    assert (note.diagnostic, note.reason) == (Diagnostic.NO, "Anyone could build it.")
    shown = " ".join(mine("case", "show", "valdai").text.split())
    assert "“the pole” On the word of Ann" in shown
    assert "expected just as well if the claim were false" in shown
    with SearchReader.open(mine.ledger) as reader:
        bodies = b"".join(reader.entry(i).body for i in range(reader.size()))
    assert b"the pole" not in bodies
    assert b"Sold everywhere" not in bodies


def test_a_search_elsewhere_is_recorded_whatever_it_found(mine: Program) -> None:
    asset = digits(mine)[:8]
    nothing = mine(
        "appearance", "add", asset, "--engine", "TinEye", "--asked-at", "2026-01-02T10:00Z",
        "--nothing-found", "--crop", "the wing", "--case", "valdai",
    )  # fmt: skip
    assert nothing.code == 0, nothing.err
    found = mine(
        "appearance", "add", asset, "--engine", "Bing", "--asked-at", "2026-01-02T10:00Z",
        "--source-url", "https://example.org/a", "--published-at", "2025-11-01", "--at", "1:02",
    )  # fmt: skip
    assert found.code == 0, found.err
    assert "forensics recheck valdai" in found.text
    (one,) = read(mine).assets
    assert [(s.engine, s.found, s.crop) for s in one.outside] == [
        ("TinEye", False, "the wing"),
        ("Bing", True, None),
    ]
    assert one.outside[1].time == 62
    assert ("published", "https://example.org/a") in [(a.what, a.url) for a in one.appearances]


def newest(program: Program, kind: str) -> int:
    with SearchReader.open(program.ledger) as reader:
        return max(e.index for e in reader.entries(type=kind))


def test_what_was_recorded_wrongly_is_withdrawn_and_the_verdicts_follow(mine: Program) -> None:
    asset = digits(mine)[:8]
    before = read(mine)
    run(mine, "observation", "light", asset, "night", "--case", "valdai")
    run(mine, "note", "add", "--case", "valdai", "--pillar", "source", "--diagnostic", "unknown",
        "--text", "Sold everywhere.")  # fmt: skip
    observed, noted = newest(mine, "observation"), newest(mine, "note")
    done = mine("observation", "withdraw", str(observed), "--by", "Ann", "--reason", "Misread.")
    assert done.code == 0, done.err
    assert f"entry {observed} is withdrawn and counts no more in valdai" in done.text
    assert mine("note", "withdraw", str(noted), "--reason", "Wrong case.").code == 0
    case = read(mine)
    assert (case.observations, case.notes) == ((), ())
    stands = case.assets[0].verdicts[-1].verdict
    assert stands.pillars == before.assets[0].verdicts[-1].verdict.pillars
    assert case.verdicts[-1].verdict.pillars == before.verdicts[-1].verdict.pillars
    again = mine("observation", "withdraw", str(observed), "--reason", "Misread.")
    assert again.code == 2
    assert "counts no more already" in again.err
    offer = case.assets[0].offers[0].stated.entry
    assert mine("case", "withdraw", str(offer), "--reason", "Another file.").code == 0
    assert read(mine).assets == ()
    assert read(mine).verdicts[-1].verdict.assets == ()
    assert verify(mine.ledger, vkey=None).problems == ()
    with SearchReader.open(mine.ledger) as reader:
        bodies = b"".join(reader.entry(i).body for i in range(reader.size()))
    assert b"Misread" not in bodies


def test_readings_in_another_case_are_told_and_count_there(mine: Program) -> None:
    asset = digits(mine)[:8]
    assert mine("case", "new", "other", "--title", "T").code == 0
    silent = mine("case", "add", "other", asset)
    assert "counts there and not here" not in " ".join(silent.text.split())
    run(mine, "observation", "light", asset, "night", "--case", "valdai")
    told_ = " ".join(mine("case", "add", "other", asset).text.split())
    assert "What people read off it in the case valdai counts there and not here" in told_
    assert read(mine, "other").observations == ()


def test_a_claim_is_corrected_under_its_number(mine: Program) -> None:
    before = read(mine)
    (mine.home / "better.toml").write_text(CLAIM.replace("2025-12-28", "2025-12-27"), "utf-8")
    done = mine("claim", "add", "valdai", "better.toml", "--corrects", "1")
    assert done.code == 0, done.err
    assert "Recorded as valdai/1" in done.text
    assert "The claim was corrected." in done.text
    case = read(mine)
    (claim,) = case.claims
    assert claim.claim.event_from == "2025-12-26T21:00:00Z"
    assert claim.stated.entry > before.claims[0].stated.entry
    newer = case.assets[0].verdicts[-1]
    assert newer.verdict.claim == claim.claim
    assert newer.supersedes == before.assets[0].verdicts[-1].entry
    assert case.verdicts[-1].entry > newer.entry
    again = mine("claim", "add", "valdai", "better.toml", "--corrects", "1")
    assert "states the same already" in again.text
    assert read(mine).size == case.size
    assert mine("explain", "valdai/1").code == 0


def test_a_release_that_the_claim_states_is_the_release_of_what_is_offered(mine: Program) -> None:
    claim = CLAIM.replace("first_said_at = 2025-12-29T18:00:00Z", "first_said_at = 2025-12-29")
    claim = claim.replace("said_where", "released_at = 2025-12-31\nsaid_where")
    (mine.home / "dated.toml").write_text(claim, "utf-8")
    assert mine("case", "new", "days", "--title", "T").code == 0
    assert mine("claim", "add", "days", "dated.toml").code == 0
    assert mine("case", "add", "days", digits(mine)[:8]).code == 0
    (one,) = read(mine, "days").assets
    assert [o.released_at for o in one.offers] == ["2025-12-31"]
    shown = " ".join(mine("case", "show", "days").text.split())
    assert "not on record: one.png" not in shown
    assert "Released 2025-12-31, 2 days later: one.png." in shown
    again = mine("case", "add", "days", digits(mine)[:8], "--released-at", "2025-12-31")
    assert "offered in days already" in again.text


def test_a_day_alone_is_when_something_was_released(mine: Program) -> None:
    assert mine("case", "new", "days", "--title", "T").code == 0
    done = mine("case", "add", "days", digits(mine)[:8], "--released-at", "2025-12-31")
    assert done.code == 0, done.err
    assert read(mine, "days").assets[0].offers[0].released_at == "2025-12-31"


def test_a_claim_without_a_case_says_which_it_opened(mine: Program) -> None:
    done = mine("check", "inbox/one.png", "--claim", "claim.toml")
    last = done.text.rstrip().splitlines()[-1].strip()
    name = last.removeprefix("Case ").partition(":")[0]
    assert name.startswith("claim-")
    assert last == f"Case {name}: forensics case show {name}"
    assert "forensics case show" not in mine("check", "inbox/one.png", "--case", "valdai").text


def test_looking_again_writes_nothing_but_that_where_nothing_is_different(mine: Program) -> None:
    assert mine("recheck", "valdai", "--file", "inbox/one.png").code in {0, 3}
    before = read(mine).size
    assert mine("recheck", "valdai", "--file", "inbox/one.png").code in {0, 3}
    with SearchReader.open(mine.ledger) as reader:
        written = [reader.entry(i).entry for i in range(before, reader.size())]
    assert [e.type for e in written if e and e.type != "checkpoint"] == ["recheck"]


def test_a_ledger_without_cases_says_so(once: Program) -> None:
    assert "No case was opened" in once("case", "list").text
    done = once("case", "show", "valdai")
    assert done.code == 2
    assert "`forensics case new ID --title …` opens one." in done.err
