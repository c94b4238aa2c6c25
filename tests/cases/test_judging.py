"""What is judged anew in a case: what is different is drafted, with what it takes the place of."""

from __future__ import annotations

from dataclasses import replace

from forensics.cases import entries
from forensics.cases.context import context
from forensics.cases.judging import (
    case_outcomes,
    judge_assets,
    judge_claims,
    made_for,
    offered_for,
    resting_on,
)
from forensics.model import (
    Case,
    CaseAsset,
    Claim,
    Diagnostic,
    Direction,
    Finding,
    Note,
    NumberedClaim,
    Offer,
    Outcome,
    Pillar,
    Ran,
    RecordedClaimVerdict,
    RecordedOutcome,
    RecordedVerdict,
    Stated,
)
from forensics.verdict.claims import reach_claim
from forensics.verdict.engine import reach
from forensics.verdict.ruleset import load
from tests.cases.made import AT, CLAIM, TOOL, asset

RULES = load()
STATED = Stated(entry=1, at=AT, by="desk")


def made(name: str, claim: int | None = None, version: int = 1) -> RecordedOutcome:
    outcome = Outcome(analysis=name, version=version, examines=(Pillar.DATE,), result=Ran())
    return RecordedOutcome(entry=5, outcome=outcome, claim=claim)


def offer(*claims: int) -> Offer:
    return Offer(
        asset=asset(1).sha256,
        claims=claims,
        released_at=None,
        url=None,
        publisher=None,
        stated=STATED,
    )


def case(*offers: Offer, claims: int = 1, notes: tuple[Note, ...] = ()) -> Case:
    one = CaseAsset(
        asset=asset(1), received_at=AT, offers=offers or (offer(),), outcomes=(made("metadata"),)
    )
    numbered = tuple(
        NumberedClaim(number=n, claim=CLAIM, stated=STATED) for n in range(1, claims + 1)
    )
    return Case(id="valdai", title="", opened=STATED, claims=numbered, assets=(one,), notes=notes)


def note(diagnostic: Diagnostic = Diagnostic.NO, **changed: object) -> Note:
    given = Note(
        asset=None,
        pillar=Pillar.SOURCE,
        diagnostic=diagnostic,
        text="The type is sold everywhere.",
        reason="Anyone can build it.",
        stated=STATED,
    )
    return replace(given, **changed)


def numbers(case: Case) -> list[int | None]:
    return [c and c.number for c in offered_for(case, case.assets[0])]


def test_an_asset_is_judged_against_the_claims_that_it_is_offered_for() -> None:
    assert numbers(case(claims=3)) == [1, 2, 3]
    assert numbers(case(offer(2), claims=3)) == [2]
    assert numbers(case(offer(2), offer(), claims=3)) == [1, 2, 3]
    assert numbers(case(claims=0)) == [None]


def test_a_verdict_rests_on_what_was_made_for_its_claim_and_not_for_another() -> None:
    every = [
        made("metadata"),
        made("time-and-place"),
        made("time-and-place", 1, 2),
        made("time-and-place", 2, 3),
        made("sky", 2),
    ]
    resting = {(r.outcome.analysis, r.outcome.version) for r in resting_on(every, 1)}
    assert resting == {("metadata", 1), ("time-and-place", 2)}
    resting = {(r.outcome.analysis, r.outcome.version) for r in resting_on(every[::-1], 2)}
    assert resting == {("metadata", 1), ("time-and-place", 3), ("sky", 1)}
    assert {r.claim for r in resting_on(every, None)} == {None}


def test_nothing_of_what_was_withdrawn_stays_in_what_a_verdict_rests_on() -> None:
    first = case()
    (one,) = first.assets
    told = Finding(id="sky-fits-not", template="It fits not.", direction=Direction.SUPPORTS_H2)
    sky = Outcome(analysis="sky", version=1, examines=(Pillar.DATE,), result=Ran(findings=(told,)))
    noted = context([note(asset=one.asset.sha256)], one.asset.sha256)
    assert noted is not None
    on_record = replace(
        one,
        outcomes=(
            *one.outcomes,
            RecordedOutcome(entry=6, outcome=sky, claim=1),
            RecordedOutcome(entry=7, outcome=noted, claim=1),
        ),
    )
    made = made_for(replace(first, assets=(on_record,)), on_record, first.claims[0])
    left = {o.analysis: o.findings for o in made}
    assert left["sky"] == ()
    assert left["context"] == ()


def test_notes_on_the_case_that_were_withdrawn_are_told_no_more() -> None:
    noted = context([note()], None)
    assert noted is not None
    recorded = RecordedOutcome(entry=6, outcome=noted)
    before = replace(case(), outcomes=(recorded,))
    left = {o.analysis: o.findings for o in case_outcomes(before)}
    assert left["context"] == ()
    assert "context" not in {o.analysis for o in case_outcomes(case())}


def test_a_corrected_claim_is_judged_anew_even_where_nothing_else_is_different() -> None:
    first = case()
    (one,) = first.assets
    outcomes = made_for(first, one, first.claims[0])
    verdict = reach([*(r.outcome for r in one.outcomes), *outcomes], CLAIM, RULES)
    on_record = replace(
        one,
        outcomes=(*one.outcomes, *(RecordedOutcome(entry=6, outcome=o, claim=1) for o in outcomes)),
        verdicts=(RecordedVerdict(entry=7, at=AT, verdict=verdict, claim=1),),
    )
    better = replace(CLAIM, statement="Fewer drones attacked.")
    corrected = NumberedClaim(number=1, claim=better, stated=replace(STATED, entry=8))
    judged = judge_assets(replace(first, assets=(on_record,), claims=(corrected,)), RULES, TOOL)
    assert judged.drafts[-1].payload["changes"] == ["The claim was corrected."]
    assert judged.drafts[-1].payload["claim"]["statement"] == better.statement
    assert judged.drafts[-1].supersedes == 7


def test_a_first_verdict_takes_the_place_of_none() -> None:
    judged = judge_assets(case(), RULES, TOOL)
    assert [d.type for d in judged.drafts] == ["outcome", "verdict"]
    assert judged.drafts[-1].supersedes is None
    assert judged.changed == ()


def test_nothing_is_drafted_where_nothing_is_different() -> None:
    first = case()
    (one,) = first.assets
    tested = judge_assets(first, RULES, TOOL).drafts[0]
    assert tested.payload["claim"] == 1
    outcomes = made_for(first, one, first.claims[0])
    verdict = reach([*(r.outcome for r in one.outcomes), *outcomes], CLAIM, RULES)
    on_record = replace(
        one,
        outcomes=(*one.outcomes, *(RecordedOutcome(entry=6, outcome=o, claim=1) for o in outcomes)),
        verdicts=(RecordedVerdict(entry=7, at=AT, verdict=verdict, claim=1),),
    )
    after = replace(first, assets=(on_record,))
    assert judge_assets(after, RULES, TOOL, why=entries.RECHECKED).drafts == ()
    claims = judge_claims(after, RULES, TOOL)
    assert claims.drafts[-1].payload["assets"][0]["verdict"] == 7


def test_a_claim_verdict_that_differs_supersedes_with_what_changed() -> None:
    now = case()
    before = reach_claim(1, CLAIM, [], [], RULES)
    there = replace(now, verdicts=(RecordedClaimVerdict(entry=9, at=AT, verdict=before),))
    one = now.assets[0]
    verdict = reach([], CLAIM, RULES)
    judged = replace(one, verdicts=(RecordedVerdict(entry=7, at=AT, verdict=verdict, claim=1),))
    made_now = judge_claims(replace(there, assets=(judged,)), RULES, TOOL, why=entries.RECHECKED)
    draft = made_now.drafts[-1]
    assert (draft.type, draft.supersedes, draft.payload["why"]) == ("claim-verdict", 9, "recheck")
    assert made_now.changed
    assert all(told.startswith("Claim valdai/1: ") for told in made_now.changed)


def test_a_note_becomes_an_outcome_that_examines_nothing() -> None:
    outcome = context([note(), note(Diagnostic.UNKNOWN, pillar=Pillar.DATE)], None)
    assert outcome is not None
    assert outcome.examines == ()
    assert [f.id for f in outcome.findings] == ["either-way-source", "note-date"]
    assert outcome.findings[0].statement == (
        "A note of desk (entry 1): “The type is sold everywhere.” It is expected either way, since: "
        "“Anyone can build it.”"
    )
    assert all(m.personal for f in outcome.findings for m in f.measurements if m.key != "entry")
    assert context([note()], asset(1).sha256) is None


def test_a_note_on_the_case_is_told_beside_the_status_of_the_claim() -> None:
    without = judge_claims(case(), RULES, TOOL).drafts[-1].payload
    told = judge_claims(case(notes=(note(),)), RULES, TOOL)
    assert "outcome" in {d.type for d in told.drafts}
    payload = told.drafts[-1].payload
    source, before = payload["pillars"][1], without["pillars"][1]
    assert source["status"] == before["status"]
    assert source["reasons"][-1]["rule"] == "case-either-way-on-source"
    assert "The type is sold" not in str(payload)


def test_a_claim_by_another_name_is_no_difference() -> None:
    other = Claim(statement="Another.", by="Somebody")
    assert reach_claim(1, other, [], [], RULES) == reach_claim(1, CLAIM, [], [], RULES)
