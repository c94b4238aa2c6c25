"""Claims: what is contradicted as evidence lends nothing, and contradicts nothing."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.codec import plain
from forensics.errors import UsageError
from forensics.model import (
    Diagnostic,
    Direction,
    Failed,
    Finding,
    IntegrityPhrase,
    Outcome,
    Pillar,
    Status,
    Support,
    Verifiability,
    questions,
)
from forensics.verdict.claims import Offered, reach_claim
from forensics.verdict.engine import FIVE, JUDGED, reach
from forensics.verdict.ruleset import Ruleset, load, parse
from tests.verdict.made import CLAIM, meeting, offered, outcome, sha, verdict

RULES = load()
CONTRADICTED = {Pillar.DATE: Status.CONTRADICTED}
WHOLE = dict.fromkeys(JUDGED, Status.CORROBORATED)

HEIGHT = {
    Verifiability.CONTRADICTED: 0,
    Verifiability.NOT_VERIFIABLE: 1,
    Verifiability.PARTLY_CORROBORATED: 2,
    Verifiability.CORROBORATED: 3,
}


def judge(*assets: Offered, outcomes: tuple[Outcome, ...] = (), rules: Ruleset = RULES):
    return reach_claim(1, CLAIM, assets, outcomes, rules)


def of(made, pillar: Pillar):
    return next(p for p in made.pillars if p.pillar is pillar)


ASSETS = st.builds(
    lambda digit, statuses, phrase: (sha(digit), int(digit, 16), verdict(statuses, phrase)),
    st.sampled_from("0123456789abcdef"),
    st.dictionaries(st.sampled_from(FIVE), st.sampled_from(Status)),
    st.sampled_from(IntegrityPhrase),
)
OFFERED = st.lists(ASSETS, max_size=4, unique_by=lambda one: one[0])
RULED = [c for rule in RULES.claims.rules for c in rule.when] if RULES.claims else []
FINDINGS = st.builds(
    lambda condition, direction, diagnostic: outcome(
        meeting(condition)[0],
        replace(meeting(condition)[1], direction=direction, diagnostic=diagnostic),
        examines=(),
    ),
    st.sampled_from(RULED),
    st.sampled_from(Direction),
    st.sampled_from(Diagnostic),
)
OUTCOMES = st.lists(FINDINGS, max_size=4)


def test_a_claim_for_which_nothing_is_offered_is_not_verifiable() -> None:
    made = judge()
    assert made.verifiability is Verifiability.NOT_VERIFIABLE
    assert {p.status for p in made.pillars} == {Status.NOT_EXAMINED}
    assert "Nothing is offered" in made.because
    assert "whether what is claimed took place" in made.could_not_be_confirmed
    assert made.would_settle_it


def test_old_footage_removes_its_support_and_contradicts_no_claim() -> None:
    made = judge(offered("1", CONTRADICTED))
    assert made.verifiability is Verifiability.NOT_VERIFIABLE
    assert made.assets[0].support is Support.REMOVED
    assert [reason.rule for reason in made.assets[0].because] == ["rule-date"]
    assert "says nothing about whether the event took place" in made.because
    assert {p.status for p in made.pillars if p.pillar in JUDGED} == {Status.UNDETERMINED}
    assert of(made, Pillar.MOTIVATION).status is Status.NOT_EXAMINED
    assert of(made, Pillar.DATE).reasons[0].rule == "support-removed"


def test_what_a_removed_asset_confirms_is_not_lent_to_the_claim() -> None:
    mixed = {**WHOLE, **CONTRADICTED}
    made = judge(offered("1", mixed), offered("2"))
    assert made.verifiability is Verifiability.NOT_VERIFIABLE
    assert of(made, Pillar.LOCATION).status is Status.UNDETERMINED
    assert of(made, Pillar.LOCATION).reasons[0].findings == (f"sha256:{sha('2')}",)
    assert "Part of what is offered is contradicted" in made.because


def test_what_lost_its_support_was_examined_all_the_same() -> None:
    blank = dict.fromkeys(FIVE, Status.NOT_EXAMINED)
    made = judge(offered("1", {**blank, **CONTRADICTED}), offered("2", blank))
    date, location = of(made, Pillar.DATE), of(made, Pillar.LOCATION)
    assert date.status is location.status is Status.NOT_EXAMINED
    assert (
        date.reasons[0].text
        == "Nothing of what is offered and still stands was examined for its time."
    )
    assert location.reasons[0].text == "Nothing that is offered was examined for its place."
    assert {r.rule for r in (date.reasons[0], location.reasons[0])} == {"not-examined"}


def test_each_asset_that_is_contradicted_is_named_where_it_is() -> None:
    made = judge(offered("2", CONTRADICTED), offered("1", CONTRADICTED), offered("3"))
    date = of(made, Pillar.DATE)
    assert date.status is Status.UNDETERMINED
    assert [(r.rule, r.findings) for r in date.reasons] == [
        ("assets-undetermined", (f"sha256:{sha('3')}",)),
        ("asset-contradicted", (f"sha256:{sha('1')}",)),
        ("asset-contradicted", (f"sha256:{sha('2')}",)),
    ]
    assert date.reasons[1].text == (
        "An asset that was offered is contradicted on this, and is left out here."
    )
    others = [r.rule for p in made.pillars if p is not date for r in p.reasons]
    assert "asset-contradicted" not in others


@given(OFFERED, OUTCOMES)
def test_naming_what_is_contradicted_moves_nothing(
    assets: list[Offered], outcomes: list[Outcome]
) -> None:
    made = judge(*assets, outcomes=tuple(outcomes))
    named = {
        (p.pillar, name)
        for p in made.pillars
        for r in p.reasons
        if r.rule == "asset-contradicted"
        for name in r.findings
    }
    lost = {one.asset for one in made.assets if one.support is Support.REMOVED}
    assert named == {
        (p.pillar, f"sha256:{sha256}")
        for sha256, _, own in assets
        if sha256 in lost
        for p in own.pillars
        if p.status is Status.CONTRADICTED
    }
    stand = [one for one in assets if one[0] not in lost]
    if stand:
        without = judge(*stand, outcomes=tuple(outcomes))
        assert [p.status for p in made.pillars] == [p.status for p in without.pillars]


def test_one_asset_that_is_wholly_confirmed_carries_the_claim() -> None:
    made = judge(offered("1", WHOLE), offered("2"))
    assert made.verifiability is Verifiability.CORROBORATED
    assert [one.support for one in made.assets] == [Support.CONFIRMED, Support.OPEN]
    assert "whether what is claimed took place" not in made.could_not_be_confirmed


def test_halves_of_two_assets_do_not_make_one_recording() -> None:
    here = dict.fromkeys((Pillar.LOCATION, Pillar.PROVENANCE), Status.CORROBORATED)
    then = dict.fromkeys((Pillar.DATE, Pillar.SOURCE), Status.CORROBORATED)
    made = judge(offered("1", here), offered("2", then))
    assert {p.status for p in made.pillars if p.pillar in JUDGED} == {Status.CORROBORATED}
    assert made.verifiability is Verifiability.PARTLY_CORROBORATED


def test_a_file_that_is_no_original_stands_and_says_so() -> None:
    made = judge(offered("1", phrase=IntegrityPhrase.INCONSISTENT))
    assert made.assets[0].support is Support.OPEN
    assert "not as a recording device writes it" in made.assets[0].reason
    assert made.assets[0].because[0].rule == "rule-integrity"


def disagreeing(direction: Direction, diagnostic: Diagnostic = Diagnostic.YES) -> Outcome:
    return outcome(
        "corroboration",
        Finding(
            id="places-disagree",
            template="Said.",
            question=questions.PLACES_OF_ASSETS,
            direction=direction,
            diagnostic=diagnostic,
        ),
    )


@pytest.mark.parametrize("status", [Status.CONSISTENT, Status.CORROBORATED])
def test_assets_that_disagree_on_a_place_leave_it_open(status: Status) -> None:
    placed = {Pillar.LOCATION: status}
    apart = disagreeing(Direction.SUPPORTS_H2)
    made = judge(offered("1", placed), offered("2", placed), outcomes=(apart,))
    assert of(made, Pillar.LOCATION).status is Status.UNDETERMINED
    assert [r.rule for r in of(made, Pillar.LOCATION).reasons] == [
        "places-disagree",
        f"assets-{status}",
    ]


@pytest.mark.parametrize(
    "outcome",
    [
        disagreeing(Direction.NEUTRAL),
        disagreeing(Direction.SUPPORTS_H2, Diagnostic.NO),
        replace(disagreeing(Direction.SUPPORTS_H2), viewing_aid=True),
    ],
    ids=["neutral", "either-way", "viewing-aid"],
)
def test_what_moves_nothing_does_not_hold_a_pillar_down(outcome: Outcome) -> None:
    placed = offered("1", {Pillar.LOCATION: Status.CONSISTENT})
    made = judge(placed, outcomes=(outcome,))
    assert of(made, Pillar.LOCATION).status is Status.CONSISTENT


def test_only_evidence_about_the_event_itself_contradicts_a_claim() -> None:
    assert RULES.claims
    assert not [r.id for r in RULES.claims.rules if r.status == Status.CONTRADICTED]
    rule = replace(RULES.claims.rules[0], id="no-event", status="contradicted")
    rules = replace(RULES, claims=replace(RULES.claims, rules=(rule,)))
    analysis, found = meeting(rule.when[0])
    against = judge(offered("1", WHOLE), outcomes=(outcome(analysis, found),), rules=rules)
    assert against.verifiability is Verifiability.CONTRADICTED
    neutral = outcome(analysis, replace(found, direction=Direction.NEUTRAL))
    open_ = judge(offered("1", WHOLE), outcomes=(neutral,), rules=rules)
    assert open_.verifiability is Verifiability.CORROBORATED


def test_an_older_ruleset_says_nothing_of_claims() -> None:
    with pytest.raises(UsageError, match="older than verdicts on claims"):
        judge(rules=load("forensics-rules-2"))


def test_what_spoke_for_a_standing_asset_settles_the_claim_first() -> None:
    track = outcome("map-graphic", Finding(id="track", template="Drawn."))
    made = judge((sha("1"), 3, reach([track], CLAIM, RULES)))
    assert made.would_settle_it[0].startswith("coordinates and times of the beginning")
    removed = judge(offered("2", CONTRADICTED))
    assert made.would_settle_it[1:] == removed.would_settle_it


def test_a_case_wide_analysis_that_failed_is_named() -> None:
    failed = replace(outcome("corroboration"), result=Failed(error="It broke."))
    made = judge(offered("1"), outcomes=(failed,))
    assert "corroboration would have shown: it failed" in made.could_not_be_confirmed[-1]


@given(OFFERED, OUTCOMES, st.randoms(use_true_random=False))
def test_order_changes_no_status_and_no_sentence(
    assets: list[Offered], outcomes: list[Outcome], shuffle: random.Random
) -> None:
    one = plain(judge(*assets, outcomes=tuple(outcomes)))
    shuffle.shuffle(assets)
    shuffle.shuffle(outcomes)
    other = plain(judge(*assets, outcomes=tuple(outcomes)))
    for made in (one, other):
        made["assets"].sort(key=lambda a: a["asset"])
        made["would_settle_it"].sort()  # told in the order of offering
    assert one == other


@given(OFFERED, OUTCOMES, ASSETS)
def test_an_asset_without_support_never_lifts_the_headline(
    assets: list[Offered], outcomes: list[Outcome], more: Offered
) -> None:
    broken = dict({p.pillar: p.status for p in more[2].pillars}, **CONTRADICTED)
    before = judge(*assets, outcomes=tuple(outcomes))
    after = judge(*assets, (more[0], None, verdict(broken)), outcomes=tuple(outcomes))
    assert HEIGHT[after.verifiability] <= HEIGHT[before.verifiability]
    assert after.assets[-1].support is Support.REMOVED


@given(OFFERED, OUTCOMES, st.sampled_from(JUDGED))
def test_a_contradicted_asset_is_removed_whatever_else_it_confirms(
    assets: list[Offered], outcomes: list[Outcome], pillar: Pillar
) -> None:
    made = judge(
        *assets,
        (sha("e"), 1, verdict({**WHOLE, pillar: Status.CONTRADICTED})),
        outcomes=tuple(outcomes),
    )
    assert made.assets[-1].support is Support.REMOVED
    assert made.verifiability is not Verifiability.CONTRADICTED
    if "e" in {a[0][0] for a in assets}:
        return
    for one in made.pillars:
        naming = [r.rule for r in one.reasons if f"sha256:{sha('e')}" in r.findings]
        assert naming == (["asset-contradicted"] if one.pillar is pillar else [])


@given(OFFERED, OUTCOMES, FINDINGS, st.booleans())
def test_what_is_neutral_or_expected_either_way_moves_no_claim(
    assets: list[Offered], outcomes: list[Outcome], more: Outcome, neutral: bool
) -> None:
    (found,) = more.findings
    inert = (
        replace(found, direction=Direction.NEUTRAL)
        if neutral
        else replace(found, diagnostic=Diagnostic.NO)
    )
    before = judge(*assets, outcomes=tuple(outcomes))
    after = judge(*assets, outcomes=(*outcomes, outcome(more.analysis, inert, examines=())))
    assert [p.status for p in before.pillars] == [p.status for p in after.pillars]
    assert before.verifiability is after.verifiability


@given(OFFERED, st.sampled_from(FIVE), st.sampled_from(Direction), st.sampled_from(Diagnostic))
def test_a_note_gives_a_reason_and_never_moves(
    assets: list[Offered], pillar: Pillar, direction: Direction, diagnostic: Diagnostic
) -> None:
    """Whatever question and direction whoever wrote it gave it."""
    said = [
        Finding(id=f"{kind}-{pillar}", template="A person noted.", question=q, direction=direction,
                diagnostic=diagnostic)
        for kind in ("note", "either-way")
        for q in (None, *(x for x in vars(questions).values() if hasattr(x, "h1")))
    ]  # fmt: skip
    before = judge(*assets)
    after = judge(*assets, outcomes=(outcome("context", *said),))
    assert [p.status for p in before.pillars] == [p.status for p in after.pillars]
    assert before.verifiability is after.verifiability
    assert len(of(after, pillar).reasons) == len(of(before, pillar).reasons) + 2


@given(OFFERED, OUTCOMES)
def test_every_verdict_on_a_claim_is_whole(assets: list[Offered], outcomes: list[Outcome]) -> None:
    made = judge(*assets, outcomes=tuple(outcomes))
    assert tuple(p.pillar for p in made.pillars) == FIVE
    assert all(p.reasons for p in made.pillars)
    assert len(made.assets) == len(assets)
    assert made.because
    assert made.verifiability is not Verifiability.CONTRADICTED


def test_a_ruleset_without_the_words_for_claims_is_refused() -> None:
    with pytest.raises(KeyError, match="rule"):
        parse('id="x"\nrule=[]\nheadline={}\npillar={}\n[claim]\n')
