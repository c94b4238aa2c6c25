"""`forensics case`, `claim`, `observation`, `note` and `appearance add --engine` as a desk runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from db.searching import SearchReader
from db.verifying import verify
from forensics.cases.reading import load
from forensics.errors import UsageError
from forensics.model import Case, Diagnostic, Seen
from tests.cli.conftest import Program, picture

CLAIM = """
[claim]
statement = "An attack near \u202eValdai."
by = "A ministry"
first_said_at = 2025-12-29T18:00:00Z
said_where = "A broadcast"
[claim.event]
from = 2025-12-28
to = 2025-12-29
zone = "+03:00"
[claim.place]
name = "Valdai"
area = [[57, 33], [58.5, 33], [58, 34]]
[[claim.count]]
what = "drones"
number = 91
"""


def read(program: Program, case: str = "valdai") -> Case:
    with SearchReader.open(program.ledger) as reader:
        return load(reader, case)


def digits(program: Program) -> str:
    """Of the asset that the shared ledger met first."""
    document: dict[str, Any] = json.loads((program.home / "first.json").read_bytes())
    return str(document["asset"]["sha256"])


@pytest.fixture(scope="module")
def told(once: Program, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A case with a claim and one asset that was released two days later; tests only read it."""
    program = Program(home=tmp_path_factory.mktemp("told"))
    shutil.copytree(once.home, program.home, dirs_exist_ok=True)
    (program.home / "claim.toml").write_text(CLAIM, "utf-8")
    for arguments in (
        ("case", "new", "valdai", "--title", "An attack\x1b[31m", "--by", "desk"),
        ("claim", "add", "valdai", "claim.toml"),
        (
            "case", "add", "valdai", digits(once)[:10], "--claim", "1", "--by", "desk",
            "--released-at", "2025-12-31T12:00:00+03:00", "--url", "https://example.org/r",
        ),
    ):  # fmt: skip
        done = program(*arguments)
        assert done.code == 0, done.err
    return program


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


def run(program: Program, *arguments: str) -> BaseException | None:
    """Runs a command within this process; returns what it raised."""
    environment = {"FORENSICS_LEDGER": str(program.ledger), "FORENSICS_CONFIG": "/nonexistent"}
    return CliRunner().invoke(app, list(arguments), env=environment).exception


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["case", "show", "nowhere"], "there is no case 'nowhere'"),
        (["case", "new", "valdai", "--title", "T"], "there is a case 'valdai' already"),
        (["case", "new", "Valdai!", "--title", "T"], "cannot name a case"),
        (["case", "new", "other", "--title", " "], "--title holds nothing"),
        (["claim", "list", "nowhere"], "there is no case 'nowhere'"),
        (["claim", "show", "valdai"], "names no claim"),
        (["claim", "show", "valdai/7"], "has no claim 7"),
        (["claim", "add", "valdai"], "from a file, or from options"),
        (["claim", "add", "valdai", "claim.toml", "--by", "x"], "from a file, or from options"),
        (["claim", "add", "valdai", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["claim", "add", "nowhere", "--statement", "X.", "--by", "Y"], "no case 'nowhere'"),
        (["claim", "add", "valdai", "--statement", "X."], "by is missing"),
        (["claim", "add", "valdai", "--statement", "X.", "--by", "Y", "--count", "many"], "--count"),
        (
            ["claim", "add", "valdai", "--statement", "X.", "--by", "Y", "--from", "2025-12-29T03:00"],
            "from needs a date, a time and a zone",
        ),
        (["case", "add", "nowhere", "ASSET"], "there is no case 'nowhere'"),
        (["case", "add", "valdai", "ASSET", "--claim", "3"], "has no claim 3"),
        (["case", "add", "valdai", "ffffffffffff"], "knows no asset"),
        (["case", "add", "valdai", "ASSET", "--released-at", "2025-12-31T09:00"], "--released-at"),
        (["case", "add", "valdai", "ASSET", "--released-at", "2999-12-31"], "lies ahead"),
        (["case", "add", "valdai", "ASSET", "--url", "javascript:alert(1)"], "--url is 'javascript"),
        (["case", "withdraw", "0", "--reason", "r"], "is no offer of an asset"),
        (["observation", "withdraw", "999", "--reason", "r"], "entry 999 is no observation: there is"),
        (["note", "withdraw", "0", "--reason", " "], "--reason holds nothing"),
        (["claim", "add", "valdai", "--statement", "X.", "--by", "Y", "--corrects", "7"],
         "has no claim 7"),
        (["observation", "light", "ASSET", "dusk", "--case", "valdai"], "one of day, twilight"),
        (["observation", "moon", "ASSET", "blue", "--case", "valdai"], "one of full"),
        (["observation", "light", "ASSET", "day", "--case", "nowhere"], "no case 'nowhere'"),
        (["observation", "light", "EDITED", "day", "--case", "valdai"], "holds no asset"),
        (["observation", "light", "ASSET", "day", "--case", "valdai", "--at", "x"], "--at is 'x'"),
        (["observation", "azimuth", "ASSET", "--case", "valdai", "--azimuth", "361"], "--azimuth"),
        (["note", "add", "--case", "valdai", "--pillar", "x", "--diagnostic", "no", "--text", "t"],
         "--pillar is 'x'"),
        (["note", "add", "--case", "valdai", "--pillar", "date", "--diagnostic", "no", "--text", "t"],
         "--diagnostic no needs --reason"),
        (["appearance", "add", "ASSET", "--nothing-found"], "about a search elsewhere"),
        (["appearance", "add", "ASSET", "--engine", "X", "--nothing-found"], "needs --asked-at"),
        (["appearance", "add", "ASSET", "--engine", "X"], "needs what it found"),
        (["appearance", "add", "ASSET", "--engine", "X", "--nothing-found", "--source-url", "u"],
         "goes without --source-url"),
        (["appearance", "add", "ASSET", "--source-url", "javascript:alert(1)",
          "--published-at", "2025-11-01"], "http:// or https://"),
        (["appearance", "add", "ASSET", "--engine", "X", "--asked-at", "2026-01-02T10:00Z",
          "--source-url", "https:///x"], "http:// or https://"),
        (["register", "one.png", "--source-url", "ftp://example.org", "--published-at", "2025-11-01"],
         "http:// or https://"),
        (["ledger", "keys", "new", "key.skey", "Anna Editor"], "NAME cannot be used"),
        (["appearance", "add", "ASSET", "--engine", "X", "--nothing-found",
          "--asked-at", "2026-01-02T10:00"], "--asked-at"),
    ],
    ids=lambda x: " ".join(x)[:60] if isinstance(x, list) else "",
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_nothing_is_recorded(
    told: Program, arguments: list[str], says: str
) -> None:
    with SearchReader.open(told.ledger) as reader:
        size = reader.size()
        edited = next(e for e in reader.entries(type="asset-received") if e.entry.subject)
    names = {"ASSET": digits(told), "EDITED": str(edited.entry.subject).removeprefix("sha256:")}
    raised = run(told, *(names.get(one, one) for one in arguments))
    assert isinstance(raised, UsageError), raised
    assert says in str(raised)
    with SearchReader.open(told.ledger) as reader:
        assert reader.size() == size


def test_a_ledger_without_cases_says_so(once: Program) -> None:
    assert "No case was opened" in once("case", "list").text
    done = once("case", "show", "valdai")
    assert done.code == 2
    assert "`forensics case new ID --title …` opens one." in done.err
