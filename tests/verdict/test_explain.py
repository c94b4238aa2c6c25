"""Explanations: from each status to rule, finding and entry, and what would have changed it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from forensics.model import (
    Diagnostic,
    Direction,
    Finding,
    Outcome,
    Pillar,
    RecordedClaimVerdict,
    RecordedOutcome,
    RecordedVerdict,
    Status,
    questions,
)
from forensics.verdict.claims import reach_claim
from forensics.verdict.engine import reach
from forensics.verdict.explain import Explained, ExplainedPillar, explain
from forensics.verdict.explain_claim import ExplainedClaim, explain_claim
from forensics.verdict.ruleset import load
from tests.verdict.made import CLAIM, letting_speak, outcome, sha

RULES = load()
OLD = Finding(
    id="seen-before-event",
    template="Seen.",
    question=questions.EVENT_TIME,
    direction=Direction.SUPPORTS_H2,
    diagnostic=Diagnostic.YES,
)


def walked(*outcomes: Outcome, recorded: RecordedVerdict | None = None) -> Explained:
    entries = [RecordedOutcome(entry=10 + i, outcome=o) for i, o in enumerate(outcomes)]
    made = RecordedVerdict(
        entry=30, at="2026-01-02T12:00:00Z", verdict=reach(outcomes, CLAIM, RULES)
    )
    return explain(sha("1"), recorded or made, entries, RULES)


def of(made: Explained, pillar: Pillar) -> ExplainedPillar:
    return next(p for p in made.pillars if p.pillar is pillar)


def test_a_status_leads_to_its_rule_its_finding_and_its_entry() -> None:
    made = walked(outcome("metadata"), outcome("time-and-place", OLD))
    date = of(made, Pillar.DATE)
    assert made.repeats
    assert [(s.rule, s.decides) for s in date.spoke] == [("older-than-event", True)]
    (evidence,) = date.spoke[0].evidence
    assert (evidence.reference, evidence.entry, evidence.moves) == (
        "time-and-place/seen-before-event",
        11,
        True,
    )
    assert not any(rule.changes for rule in date.silent)  # nothing is stronger


def test_a_weaker_rule_that_spoke_is_shown_as_not_deciding() -> None:
    stated = Finding(id="dates-stated", template="Stated.")
    date = of(walked(outcome("metadata", stated), outcome("time-and-place", OLD)), Pillar.DATE)
    assert [(s.rule, s.decides) for s in date.spoke] == [
        ("older-than-event", True),
        ("dates-are-own-word", False),
    ]


def test_what_would_have_changed_it_names_the_condition_that_is_missing() -> None:
    date = of(walked(outcome("time-and-place")), Pillar.DATE)
    would = {rule.rule: rule for rule in date.silent if rule.changes}
    assert would["older-than-event"].missing[0].proposition == questions.EVENT_TIME.h2
    assert would["fits-event-time"].missing[0].finding == "time-and-place/stated-fits-event"
    assert [e.analysis for e in date.examiners] == ["time-and-place"]


def test_a_rule_that_an_exception_stopped_names_what_stopped_it() -> None:
    device = Finding(
        id="device",
        template="As a device writes.",
        question=questions.FIRST_RECORDING,
        direction=Direction.SUPPORTS_H2,
    )
    rewritten = Finding(id="rewritten", template="Rewritten.")
    made = walked(outcome("container-structure", device, rewritten))
    (nearest, *_) = of(made, Pillar.INTEGRITY).silent
    assert nearest.rule == "as-device-writes"
    assert nearest.changes
    assert [e.reference for e in nearest.stopped_by] == ["container-structure/rewritten"]
    assert not nearest.missing


def test_what_was_found_and_cannot_move_is_told_apart_from_what_is_missing() -> None:
    made = walked(outcome("time-and-place", replace(OLD, diagnostic=Diagnostic.NO)))
    (nearest, *_) = of(made, Pillar.DATE).silent
    assert (nearest.rule, nearest.inert, nearest.missing) == ("older-than-event", True, ())


def test_a_verdict_that_the_record_does_not_give_says_so() -> None:
    other = RecordedVerdict(entry=30, at="2026-01-02T12:00:00Z", verdict=reach([], CLAIM, RULES))
    assert not walked(outcome("time-and-place", OLD), recorded=other).repeats


def test_a_claim_leads_to_its_assets_and_their_entries() -> None:
    its_own = walked(outcome("time-and-place", OLD))
    assets = [(sha("1"), 30, its_own.verdict)]
    same = outcome(
        "corroboration",
        replace(OLD, id="same-material", question=questions.INDEPENDENT_SOURCES),
        examines=(),
    )
    recorded = RecordedClaimVerdict(
        entry=31,
        at="2026-01-02T12:00:00Z",
        verdict=reach_claim(1, CLAIM, assets, [same], RULES),
    )
    made = explain_claim(
        "valdai",
        recorded,
        CLAIM,
        assets,
        [RecordedOutcome(entry=29, outcome=same)],
        {sha("1"): its_own},
        RULES,
    )
    assert made.repeats
    ((lent, walk),) = made.assets
    assert (lent.support.value, lent.verdict, walk) == ("removed", 30, its_own)
    source = next(p for p in made.pillars if p.pillar is Pillar.SOURCE)
    assert source.spoke[0].rule == "one-source"
    assert source.spoke[0].evidence[0].entry == 29


def claimed(*assets: Explained, outcomes: tuple[Outcome, ...] = ()) -> ExplainedClaim:
    given = [(sha(str(i)), 30 + i, one.verdict) for i, one in enumerate(assets, 1)]
    made = reach_claim(1, CLAIM, given, outcomes, RULES)
    recorded = RecordedClaimVerdict(entry=40, at="2026-01-02T12:00:00Z", verdict=made)
    entries = [RecordedOutcome(entry=20 + i, outcome=o) for i, o in enumerate(outcomes)]
    walks = {sha(str(i)): replace(one, entry=30 + i) for i, one in enumerate(assets, 1)}
    return explain_claim("valdai", recorded, CLAIM, given, entries, walks, RULES)


def test_what_would_have_turned_a_claim_is_a_rule_on_an_asset_that_stands() -> None:
    made = claimed(walked(outcome("time-and-place")))
    date = {turn.rule.rule: turn for turn in made.turns[Pillar.DATE] if turn.rule}
    assert date["fits-event-time"].to is Status.CONSISTENT
    assert (date["fits-event-time"].asset, date["fits-event-time"].entry) == (sha("1"), 31)
    assert "older-than-event" not in date  # the date of the claim stays undetermined all the same
    assert made.turns[Pillar.MOTIVATION] == ()


def test_what_would_have_turned_a_claim_can_be_that_nothing_contradicts_an_asset() -> None:
    fits = Finding(id="stated-inside-place", template="Inside.", direction=Direction.SUPPORTS_H1,
                   question=questions.EVENT_PLACE)  # fmt: skip
    made = claimed(walked(outcome("time-and-place", OLD, fits)))
    (freed,) = made.turns[Pillar.LOCATION]
    assert (freed.rule, freed.to, freed.entry) == (None, Status.CONSISTENT, 31)
    assert made.turns[Pillar.DATE] == ()


def test_a_rule_on_the_whole_case_would_hold_down_and_lifts_nothing() -> None:
    fits = Finding(id="stated-inside-place", template="Inside.", direction=Direction.SUPPORTS_H1,
                   question=questions.EVENT_PLACE)  # fmt: skip
    placed = next(p for p in claimed(walked(outcome("time-and-place", fits))).pillars
                  if p.pillar is Pillar.LOCATION)  # fmt: skip
    assert [r.rule for r in placed.silent if r.changes] == ["places-disagree"]
    nothing = claimed(walked())
    assert not [r for p in nothing.pillars for r in p.silent if r.changes]


@given(st.lists(st.sampled_from(RULES.rules), max_size=3))
def test_a_rule_that_would_turn_a_claim_turns_it_when_it_speaks(rules: list) -> None:
    walk = walked(*(o for rule in rules for o in letting_speak(rule)))
    made = claimed(walk)
    said = {p.pillar: p.status for p in made.pillars}
    for pillar, turns in made.turns.items():
        assert all(turn.to.value != said[pillar] for turn in turns)
        named = [turn.rule.rule for turn in turns if turn.rule]
        assert len(named) == len(set(named))
        for turn in turns:
            if turn.rule:
                assert turn.rule.status in {turn.to.value, "contradicted"}


@given(st.lists(st.sampled_from(RULES.rules), max_size=4))
def test_every_rule_either_spoke_or_says_why_not(rules: list) -> None:
    outcomes = [o for rule in rules for o in letting_speak(rule)]
    made = walked(*outcomes)
    assert made.repeats
    for pillar in made.pillars:
        every = {rule.id for rule in RULES.rules if rule.pillar is pillar.pillar}
        assert {r.rule for r in (*pillar.spoke, *pillar.silent)} == every
        assert all(r.missing or r.stopped_by or r.inert for r in pillar.silent)
        decided = {r.rule for r in pillar.spoke if r.decides}
        assert decided <= {reason.rule for reason in pillar.reasons}
