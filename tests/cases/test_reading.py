"""A case is a fold over its entries: what belongs to it, what stands, and what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from forensics import record
from forensics.cases import entries
from forensics.cases.fields import REDACTED, Unreadable
from forensics.cases.reading import list_cases, load, read_case
from forensics.errors import UsageError
from forensics.ledger.decision import signed_payload
from forensics.ledger.note import Signer
from forensics.media.identify import Identity
from forensics.media.intake import Received
from forensics.model import (
    Case,
    Diagnostic,
    Draft,
    Integrity,
    IntegrityPhrase,
    KnownAsset,
    Outcome,
    Pillar,
    Ran,
    Recorded,
    Searched,
    Seen,
    Sha256,
    Status,
    Verdict,
    Verifiability,
)
from tests.cases.made import AT, CLAIM, TOOL, asset, digest, entry, known, log

SEARCHED = Searched(signatures=1, assets=1, schemes=(), radius=(), queries=1, skipped=0)


def received(number: int) -> list[Draft]:
    one = asset(number)
    identity = Identity(kind=one.kind, mime=one.mime, label="MP4")
    taken = Received(
        path=Path("x"), sha256=one.sha256, blake2b="", size=1, name="x", identity=identity
    )
    return record.received(one, taken, kept=True)


def outcome(name: str, version: int = 1) -> Outcome:
    return Outcome(analysis=name, version=version, examines=(Pillar.DATE,), result=Ran())


def verdict(because: str) -> Verdict:
    return Verdict(
        ruleset="rules/1",
        verifiability=Verifiability.NOT_VERIFIABLE,
        about="file",
        because=because,
        pillars=(),
        integrity=Integrity(phrase=IntegrityPhrase.INCONCLUSIVE, reasons=()),
        claim=None,
        could_not_be_confirmed=(),
        would_settle_it=(),
    )


def checked(number: int) -> list[Draft]:
    return [
        *received(number),
        *record.sought(asset(number), (), SEARCHED),
        *record.examined(asset(number), [outcome("metadata"), outcome("time-and-place")], TOOL),
        record.judged(asset(number), verdict("checked alone"), TOOL),
    ]


FIRST = [
    *checked(1),  # 1 receipt, 2 custody, 3 search, 4 metadata, 5 time-and-place, 6 verdict
    entries.opened("valdai", title="Near Valdai", by="desk"),  # 7
    entries.claimed("valdai", 1, CLAIM, by="desk"),  # 8
    entries.offered("valdai", digest(1), claims=[1], released_at=AT, by="desk"),  # 9
    entries.examined("valdai", outcome("time-and-place", 2), TOOL, asset=digest(1), claim=1),  # 10
    entries.judged("valdai", digest(1), verdict("against the claim"), TOOL, claim=1),  # 11
    *checked(2),  # 12 to 17: of no case
    entries.opened("other", title="Another", by="desk"),  # 18
    entries.offered("other", digest(1), by="desk"),  # 19
    entries.examined("other", outcome("context"), TOOL, asset=digest(1)),  # 20
    entries.judged("other", digest(1), verdict("of another case"), TOOL),  # 21
    entries.observed("valdai", digest(1), Seen.LIGHT, {"light": "night"}, by="desk"),  # 22
    entries.noted(
        "valdai",
        pillar=Pillar.SOURCE,
        diagnostic=Diagnostic.NO,
        text="On sale everywhere.",
        reason="Anyone could build it.",
        by="desk",
    ),  # 23
    entries.asked_elsewhere(digest(1), engine="TinEye", asked_at=AT, found=False, by="desk"),  # 24
    Draft(type="from-the-future", subject="case:valdai", payload={}),  # 25
    entries.examined("valdai", outcome("corroboration"), TOOL, asset=None),  # 26
]


def read(given_entries: Sequence[Recorded], case: str = "valdai") -> Case:
    return read_case(case, given_entries, known=known, size=100)


def test_a_case_holds_what_belongs_to_it_and_nothing_else() -> None:
    case = read(log(FIRST))
    assert (case.id, case.title, case.opened.entry, case.opened.by) == (
        "valdai",
        "Near Valdai",
        7,
        "desk",
    )
    (claim,) = case.claims
    assert (claim.number, claim.claim) == (1, CLAIM)
    (one,) = case.assets
    assert (one.asset.sha256, one.received_at) == (digest(1), AT)
    assert [o.released_at for o in one.offers] == [AT]
    assert [(o.entry, o.outcome.analysis, o.claim) for o in one.outcomes] == [
        (4, "metadata", None),
        (5, "time-and-place", None),
        (10, "time-and-place", 1),
    ]
    assert [v.verdict.because for v in one.verdicts] == ["against the claim"]
    assert [a.what for a in one.appearances] == ["received"]
    assert (one.searched, one.copies) == (SEARCHED, ())
    assert [s.engine for s in one.outside] == ["TinEye"]
    assert [o.kind for o in case.observations] == [Seen.LIGHT]
    assert [n.text for n in case.notes] == ["On sale everywhere."]
    assert [o.outcome.analysis for o in case.outcomes] == ["corroboration"]
    assert not {2, *range(12, 22)} & set(case.entries)
    assert 25 in case.entries


@given(st.permutations(log(FIRST)))
def test_the_order_in_which_entries_are_given_does_not_matter(mixed: list[Recorded]) -> None:
    assert read(mixed) == read(log(FIRST))
    assert read([*mixed, *mixed]) == read(log(FIRST))


def test_the_newest_outcome_of_an_analysis_stands_and_all_verdicts_stay() -> None:
    later = [
        *record.examined(asset(1), [outcome("metadata", 2)], TOOL),
        entries.judged(
            "valdai",
            digest(1),
            verdict("again"),
            TOOL,
            claim=1,
            supersedes=11,
            why="recheck",
            changes=["A copy was found."],
        ),
    ]
    (one,) = read(log([*FIRST, *later])).assets
    assert (one.outcomes[0].entry, one.outcomes[0].outcome.version) == (27, 2)
    old, new = one.verdicts
    assert (old.supersedes, new.supersedes, new.why, new.changes) == (
        None,
        11,
        "recheck",
        ("A copy was found.",),
    )


def test_a_corrected_claim_and_note_take_the_place_of_the_earlier() -> None:
    better = replace(CLAIM, statement="Fewer drones attacked.")
    note = entries.noted(
        "valdai", pillar=Pillar.SOURCE, diagnostic=Diagnostic.NO, text="New.", reason="", by="desk"
    )
    case = read(
        log(
            [
                *FIRST,
                entries.claimed("valdai", 1, better, by="desk", supersedes=8),
                replace(note, supersedes=23),
            ]
        )
    )
    assert [c.claim.statement for c in case.claims] == ["Fewer drones attacked."]
    assert [n.text for n in case.notes] == ["New."]


def test_what_is_withdrawn_counts_no_more_and_nothing_takes_its_place() -> None:
    log_ = log(FIRST)
    gone = [entries.withdrawn(log_[i - 1], reason="A typo.", by="desk") for i in (22, 23)]
    case = read(log([*FIRST, *gone]))
    assert (case.observations, case.notes) == ((), ())
    assert {22, 23} & set(case.entries) == set()
    assert {27, 28} < set(case.entries)
    offer = entries.withdrawn(log_[8], reason="Another file.", by="desk")
    without = read(log([*FIRST, offer]))
    assert without.assets == ()
    assert 4 not in without.entries


def test_another_case_withdraws_nothing_of_this_one() -> None:
    foreign = Draft(
        type=entries.OBSERVATION,
        subject=f"sha256:{digest(1)}",
        payload={"case": "other", "withdrawn": True},
        supersedes=22,
    )
    assert len(read(log([*FIRST, foreign])).observations) == 1


@pytest.mark.parametrize(
    ("stated", "numbers", "want"),
    [
        ([AT], (), AT),
        (["2025-12-31", None], (), "2025-12-31"),
        ([AT, "2025-12-31"], (), None),
        ([AT, "2025-12-31"], (2,), "2025-12-31"),
        ([None], (), None),
    ],
)
def test_an_offer_without_a_time_was_released_when_the_claims_say(
    stated: list[str | None], numbers: tuple[int, ...], want: str | None
) -> None:
    claims = [
        entries.claimed("valdai", n, replace(CLAIM, released_at=at), by="desk")
        for n, at in enumerate(stated, 1)
    ]
    case = read(
        log(
            [
                *received(1),
                entries.opened("valdai", title="T", by="desk"),
                entries.offered("valdai", digest(1), claims=numbers, by="desk"),
                *claims,
            ]
        )
    )
    assert [o.released_at for o in case.assets[0].offers] == [want]


def test_a_second_opening_changes_nothing() -> None:
    again = entries.opened("valdai", title="Taken over", by="somebody")
    assert read(log([*FIRST, again])).title == "Near Valdai"


def decided(on: int, subject: str) -> Draft:
    private = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
    signer = Signer(name="desk.example/editor", private=private)
    statement = {
        "entry": on,
        "leaf": "00" * 32,
        "decision": "changed",
        "pillars": {"date": "contradicted"},
        "category": "DecontextualizedContent",
        "words": {"commitment": "words"},
    }
    payload = signed_payload(
        signer, "desk.example/case", statement, subject=subject, commitments={}
    )
    return Draft(
        type="decision", subject=subject, payload=payload, personal={"words": "It is older."}
    )


def test_decisions_belong_to_the_case_of_what_they_are_about() -> None:
    about = f"sha256:{digest(1)}"
    case = read(log([*FIRST, decided(11, about), decided(21, about)]))
    (decision,) = case.decisions
    assert (decision.on, decision.outcome, decision.words) == (11, "changed", "It is older.")
    assert decision.pillars == {Pillar.DATE: Status.CONTRADICTED}
    assert (decision.category, decision.stated.by) == (
        "DecontextualizedContent",
        "desk.example/editor",
    )
    assert decision.key.startswith("desk.example/editor+")


def test_a_deleted_title_is_told() -> None:
    entry_ = entry(1, entries.opened("valdai", title="Secret", by="desk"), without=["title"])
    assert read([entry_]).title == REDACTED


def test_a_case_that_was_never_opened_is_none() -> None:
    with pytest.raises(UsageError, match="there is no case 'nowhere'"):
        read(log(FIRST), "nowhere")


def test_an_asset_without_a_receipt_is_told_by_its_entry() -> None:
    drafts = [
        entries.opened("valdai", title="T", by="desk"),
        entries.offered("valdai", digest(1), by="desk"),
    ]
    with pytest.raises(Unreadable, match=r"entry 2 offers sha256:.* no receipt"):
        read(log(drafts))


def test_an_entry_that_cannot_be_read_is_named() -> None:
    bad = replace(
        entries.noted(
            "valdai", pillar=Pillar.DATE, diagnostic=Diagnostic.NO, text="t", reason="r", by="d"
        ),
        payload={"case": "valdai", "pillar": "weather", "diagnostic": "no"},
    )
    with pytest.raises(Unreadable, match=r"entry 27 \(note\)"):
        read(log([*FIRST, bad]))


class Fixed:
    """A ledger that holds some entries."""

    def __init__(self, given_entries: Sequence[Recorded]) -> None:
        self.entries = given_entries

    def size(self) -> int:
        return len(self.entries) + 1

    def opened(self) -> list[Recorded]:
        return [e for e in self.entries if e.type == "case-opened"]

    def of_case(self, case: str) -> list[Recorded]:
        return [
            e for e in self.entries if e.subject == f"case:{case}" or e.payload.get("case") == case
        ]

    def of_asset(self, sha256: Sha256) -> list[Recorded]:
        return [e for e in self.entries if e.subject == f"sha256:{sha256}"]

    def recorded(self, index: int) -> Recorded | None:
        return next((e for e in self.entries if e.index == index), None)

    def known(self, sha256: Sha256) -> KnownAsset | None:
        return known(sha256)

    def beginning(self, digits: str) -> list[Sha256]:
        return []


def test_a_ledger_lists_its_cases_and_loads_each() -> None:
    file = Fixed(log(FIRST))
    assert [(c.id, c.title) for c in list_cases(file)] == [
        ("valdai", "Near Valdai"),
        ("other", "Another"),
    ]
    assert load(file, "valdai") == read_case("valdai", log(FIRST), known=known, size=27)
    assert [v.verdict.because for v in load(file, "other").assets[0].verdicts] == [
        "of another case"
    ]
    with pytest.raises(UsageError) as caught:
        load(file, "nowhere")
    assert caught.value.hint == "There is: valdai, other."
