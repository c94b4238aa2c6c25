"""The engine: neutral findings move nothing, order is nothing, a contradiction stays one."""

from __future__ import annotations

import random
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.codec import plain
from forensics.model import (
    Claim,
    Diagnostic,
    Direction,
    Failed,
    Finding,
    IntegrityPhrase,
    NotRun,
    Outcome,
    Pillar,
    Question,
    Ran,
    Status,
    Verdict,
    Verifiability,
)
from forensics.model import questions as all_questions
from forensics.verdict.engine import FIVE, reach
from forensics.verdict.ruleset import ASIDE, load, parse

RULES = load()
QUESTIONS = [q for q in vars(all_questions).values() if isinstance(q, Question)]
CLAIM = Claim(statement="Something happened.", by="Somebody")


def outcome(name: str, *findings: Finding, aid: bool = False) -> Outcome:
    return Outcome(
        analysis=name,
        version=1,
        examines=tuple(Pillar),
        result=Ran(findings=findings),
        viewing_aid=aid,
    )


def finding(
    question: Question,
    direction: Direction = Direction.SUPPORTS_H2,
    diagnostic: Diagnostic = Diagnostic.YES,
    id: str = "made-up",
) -> Finding:
    return Finding(
        id=id, template="Said.", question=question, direction=direction, diagnostic=diagnostic
    )


def status(verdict: Verdict, pillar: Pillar) -> Status:
    return next(p.status for p in verdict.pillars if p.pillar is pillar)


def statuses(verdict: Verdict) -> list[str]:
    return [str(p.status) for p in verdict.pillars] + [
        verdict.integrity.phrase,
        verdict.verifiability,
    ]


ANY_FINDING = st.builds(
    finding,
    question=st.sampled_from(QUESTIONS),
    direction=st.sampled_from(Direction),
    diagnostic=st.sampled_from(Diagnostic),
    id=st.sampled_from(
        [
            "made-up",
            "stated-fits-event",
            "rewritten",
            "device-stated",
            "dates-stated",
            "structure-problem",
        ]
    ),
)
OUTCOMES = st.lists(
    st.builds(
        outcome,
        st.sampled_from(["metadata", "container-structure", "time-and-place", "earlier-copies"]),
        ANY_FINDING,
        aid=st.booleans(),
    ),
    max_size=6,
)


def test_a_bare_file_is_not_verifiable_and_never_clean() -> None:
    verdict = reach([], None, RULES)
    assert verdict.verifiability is Verifiability.NOT_VERIFIABLE
    assert verdict.about == "file"
    assert verdict.integrity.phrase is IntegrityPhrase.INCONCLUSIVE
    assert {p.status for p in verdict.pillars} == {Status.NOT_EXAMINED}
    assert verdict.could_not_be_confirmed
    assert verdict.would_settle_it


def test_examined_with_nothing_found_is_not_the_same_as_not_examined() -> None:
    verdict = reach([outcome("metadata")], None, RULES)
    assert status(verdict, Pillar.DATE) is Status.UNDETERMINED


def test_no_sentence_denies_the_marks_of_programs_that_are_told_beside_it() -> None:
    marks = Finding(id="program-named", template="It bears marks.", diagnostic=Diagnostic.NO)
    verdict = reach([outcome("processing-history", marks)], None, RULES)
    assert verdict.integrity.phrase is IntegrityPhrase.INCONCLUSIVE
    (reason,) = verdict.integrity.reasons
    assert "tells how it was handled" not in reason.text
    assert "marks of the programs that wrote it may be told, and do not decide it" in reason.text


def test_a_contradiction_without_a_claim_is_the_headline() -> None:
    verdict = reach([outcome("metadata", finding(all_questions.STATED_DATES))], None, RULES)
    assert status(verdict, Pillar.DATE) is Status.CONTRADICTED
    assert verdict.verifiability is Verifiability.CONTRADICTED
    assert verdict.adverse


def test_an_asset_contradicted_as_evidence_does_not_contradict_the_claim() -> None:
    verdict = reach([outcome("time-and-place", finding(all_questions.EVENT_TIME))], CLAIM, RULES)
    assert status(verdict, Pillar.DATE) is Status.CONTRADICTED
    assert verdict.verifiability is Verifiability.NOT_VERIFIABLE
    assert "says nothing about whether the event took place" in verdict.because
    assert verdict.adverse


def test_an_editor_in_the_metadata_is_history_and_contradicts_nothing() -> None:
    editor = finding(all_questions.SAVED_BY_EDITOR, Direction.SUPPORTS_H1)
    verdict = reach([outcome("metadata", editor)], None, RULES)
    assert verdict.integrity.phrase is IntegrityPhrase.INCONSISTENT
    assert verdict.verifiability is Verifiability.NOT_VERIFIABLE


@pytest.mark.parametrize(
    ("found", "rule"),
    [("copy-found", "copy-met-later"), ("same-sound", "same-sound-elsewhere")],
)
def test_a_copy_that_nothing_dates_is_no_lack_of_copies(found: str, rule: str) -> None:
    """Which came first is not known; that no copy was found would be false."""
    copy = Finding(id=found, template="Found.", question=all_questions.SEEN_BEFORE)
    made = reach([outcome("earlier-copies", copy)], CLAIM, RULES)
    provenance = made.pillars[0]
    assert [r.rule for r in provenance.reasons] == [rule]
    assert "which" in provenance.reasons[0].text
    assert "came first" in provenance.reasons[0].text
    assert "the first publication of each copy" in made.would_settle_it[0]
    signed = outcome("content-credentials", Finding(id="credential-trusted", template="Holds.",
        question=all_questions.CHANGED_AFTER_SIGNING, direction=Direction.SUPPORTS_H2))  # fmt: skip
    assert status(reach([signed], CLAIM, RULES), Pillar.PROVENANCE) is Status.CONSISTENT
    both = reach([signed, outcome("earlier-copies", copy)], CLAIM, RULES)
    assert status(both, Pillar.PROVENANCE) is Status.UNDETERMINED


def test_a_device_layout_is_no_original_where_something_wrote_over_it() -> None:
    device = finding(all_questions.FIRST_RECORDING, Direction.SUPPORTS_H2, Diagnostic.UNKNOWN)
    rewritten = finding(
        all_questions.FIRST_RECORDING, Direction.NEUTRAL, Diagnostic.UNKNOWN, id="rewritten"
    )
    clean = reach([outcome("container-structure", device)], None, RULES)
    over = reach([outcome("container-structure", device, rewritten)], None, RULES)
    assert clean.integrity.phrase is IntegrityPhrase.CONSISTENT
    assert over.integrity.phrase is IntegrityPhrase.INCONCLUSIVE


@pytest.mark.parametrize("diagnostic", Diagnostic)
def test_a_stated_time_that_fits_the_event_is_at_most_consistent(diagnostic: Diagnostic) -> None:
    fits = finding(
        all_questions.EVENT_TIME, Direction.SUPPORTS_H1, diagnostic, id="stated-fits-event"
    )
    verdict = reach([outcome("time-and-place", fits)], CLAIM, RULES)
    want = Status.UNDETERMINED if diagnostic is Diagnostic.NO else Status.CONSISTENT
    assert status(verdict, Pillar.DATE) is want
    assert verdict.verifiability is Verifiability.NOT_VERIFIABLE


def test_what_failed_or_was_not_run_is_named_and_never_read_as_nothing_found() -> None:
    failed = Outcome(
        analysis="metadata", version=1, examines=(Pillar.DATE,), result=Failed(error="It broke.")
    )
    missing = Outcome(
        analysis="map-reader", version=1, examines=(), result=NotRun(needs="tesseract")
    )
    verdict = reach([failed, missing], None, RULES)
    said = " ".join(verdict.could_not_be_confirmed)
    assert "metadata would have shown: it failed" in said
    assert "map-reader would have shown: it was not run" in said
    assert status(verdict, Pillar.DATE) is Status.NOT_EXAMINED


def test_the_silence_of_one_examiner_does_not_speak_for_another_that_failed() -> None:
    failed = Outcome(
        analysis="metadata", version=1, examines=(Pillar.DATE,), result=Failed(error="It broke.")
    )
    verdict = reach([failed, outcome("time-and-place")], None, RULES)
    assert status(verdict, Pillar.DATE) is Status.NOT_EXAMINED
    assert status(verdict, Pillar.SOURCE) is Status.UNDETERMINED


def test_a_stated_time_before_the_event_is_the_files_own_word_and_decides_nothing() -> None:
    early = finding(
        all_questions.EVENT_TIME, Direction.NEUTRAL, Diagnostic.UNKNOWN, id="stated-before-event"
    )
    verdict = reach([outcome("time-and-place", early)], CLAIM, RULES)
    assert status(verdict, Pillar.DATE) is Status.UNDETERMINED
    assert not verdict.adverse


def test_only_a_person_judges_motivation() -> None:
    verdict = reach([outcome("metadata")], CLAIM, RULES)
    motivation = next(p for p in verdict.pillars if p.pillar is Pillar.MOTIVATION)
    assert "Only a person" in motivation.reasons[0].text


@given(OUTCOMES, st.randoms(use_true_random=False), st.none() | st.just(CLAIM))
def test_the_order_of_outcomes_is_nothing(
    outcomes: list[Outcome], shuffle: random.Random, claim: Claim | None
) -> None:
    unique = list({o.analysis: o for o in outcomes}.values())
    shuffled = unique[:]
    shuffle.shuffle(shuffled)
    assert plain(reach(unique, claim, RULES)) == plain(reach(shuffled, claim, RULES))


@given(OUTCOMES, ANY_FINDING, st.booleans())
def test_what_cannot_move_a_verdict_does_not_raise_a_status(
    outcomes: list[Outcome], extra: Finding, aid: bool
) -> None:
    inert = extra if aid else replace(extra, direction=Direction.NEUTRAL)
    # "rewritten" and "structure-problem" take weight from a clean result: that is caution, not a move.
    inert = replace(inert, id="made-up")
    before = reach(outcomes, None, RULES)
    after = reach([*outcomes, outcome("something-new", inert, aid=aid)], None, RULES)
    gained = {a for b, a in zip(statuses(before), statuses(after), strict=True) if a != b}
    assert gained <= {Status.UNDETERMINED}  # "not examined" may become "examined"


@given(OUTCOMES, st.sampled_from([all_questions.STATED_DATES, all_questions.RECORDED_WHEN_STATED]))
def test_a_contradiction_is_never_averaged_away(
    outcomes: list[Outcome], question: Question
) -> None:
    verdict = reach([*outcomes, outcome("contradicting", finding(question))], None, RULES)
    assert status(verdict, Pillar.DATE) is Status.CONTRADICTED
    assert verdict.verifiability is Verifiability.CONTRADICTED


@given(OUTCOMES, st.none() | st.just(CLAIM))
def test_every_verdict_is_whole(outcomes: list[Outcome], claim: Claim | None) -> None:
    verdict = reach(outcomes, claim, RULES)
    assert tuple(p.pillar for p in verdict.pillars) == FIVE
    assert all(p.reasons for p in verdict.pillars)
    assert verdict.integrity.reasons
    assert verdict.because
    known = {f"{o.analysis}/{f.id}" for o in outcomes for f in o.findings}
    for reasons in (*(p.reasons for p in verdict.pillars), verdict.integrity.reasons):
        assert all(set(reason.findings) <= known for reason in reasons)


def test_every_rule_names_what_exists() -> None:
    ids = {q.id for q in QUESTIONS}
    assert RULES.claims
    for rule in (*RULES.rules, *RULES.claims.rules):
        expected = IntegrityPhrase if rule.pillar is Pillar.INTEGRITY else Status
        assert rule.status in {*expected, ASIDE}, rule.id
        for condition in (*rule.when, *rule.unless):
            assert condition.question is None or condition.question in ids, rule.id
            assert condition.direction is None or condition.direction in set(Direction), rule.id
    every = [*RULES.rules, *RULES.claims.rules]
    assert len({rule.id for rule in every}) == len(every)
    assert set(RULES.words) == set(Pillar)
    assert set(RULES.claims.words) == set(FIVE)


def test_no_sentence_of_the_rules_judges_or_counts() -> None:
    texts = [rule.reason + rule.settle for rule in RULES.rules]
    texts += [str(plain(w)) for w in RULES.words.values()] + list(RULES.headlines.values())
    assert RULES.claims
    texts.append(str(plain(RULES.claims)))
    for text in texts:
        assert "%" not in text
        assert not {"real", "fake", "authentic", "genuine"} & set(text.lower().split())


def test_a_ruleset_with_an_unknown_pillar_is_refused() -> None:
    with pytest.raises(ValueError, match="truth"):
        parse('id="x"\nrule=[]\nheadline={}\n[pillar.truth]\n')


NAMED = sorted({c.finding for r in RULES.rules for c in (*r.when, *r.unless) if c.finding})
"""Findings that rules name."""
ANY_NOTE = st.builds(
    Finding,
    id=st.sampled_from([name.partition("/")[2] for name in NAMED]),
    template=st.just("A person noted."),
    question=st.none() | st.sampled_from(QUESTIONS),
    direction=st.sampled_from(Direction),
    diagnostic=st.sampled_from(Diagnostic),
)


@given(OUTCOMES, st.lists(ANY_NOTE, max_size=4), st.none() | st.just(CLAIM))
def test_a_note_gives_a_reason_and_never_moves(
    outcomes: list[Outcome], notes: list[Finding], claim: Claim | None
) -> None:
    """Whatever name, question and direction were written into it; what it gives stands aside."""
    before = reach(outcomes, claim, RULES)
    after = reach([*outcomes, outcome("context", *notes)], claim, RULES)
    assert statuses(before) == statuses(after)
    assert before.because == after.because
    assert before.could_not_be_confirmed == after.could_not_be_confirmed
    asides = {rule.id for rule in RULES.rules if rule.status == ASIDE}
    for old, new in zip(before.pillars, after.pillars, strict=True):
        assert {r.rule for r in new.reasons} - {r.rule for r in old.reasons} <= asides


@given(OUTCOMES, st.sampled_from(NAMED), st.sampled_from(QUESTIONS), st.booleans())
def test_a_neutral_finding_gives_no_status_that_says_something(
    outcomes: list[Outcome], name: str, question: Question, neutral: bool
) -> None:
    analysis, _, id_ = name.partition("/")
    inert = finding(
        question,
        Direction.NEUTRAL if neutral else Direction.SUPPORTS_H2,
        Diagnostic.YES if neutral else Diagnostic.NO,
        id=id_,
    )
    before = reach(outcomes, None, RULES)
    after = reach([*outcomes, replace(outcome(analysis, inert), examines=())], None, RULES)
    gained = {a for b, a in zip(statuses(before), statuses(after), strict=True) if a != b}
    # It may take weight from a clean result, and be told as examined and inconclusive: never more.
    assert gained <= {Status.UNDETERMINED, IntegrityPhrase.INCONCLUSIVE}


def test_a_reading_of_the_sky_that_cannot_fit_counts_once() -> None:
    against = finding(all_questions.SKY_SINCE_EVENT, id="sun-cannot-fit")
    verdict = reach([outcome("sky", against)], CLAIM, RULES)
    assert status(verdict, Pillar.DATE) is Status.CONTRADICTED
    assert status(verdict, Pillar.LOCATION) is Status.UNDETERMINED
    assert "cannot both hold" in verdict.pillars[2].reasons[0].text


def test_a_reading_of_the_sky_that_fits_is_at_most_consistent() -> None:
    fits = finding(all_questions.SKY_SINCE_EVENT, Direction.SUPPORTS_H1, id="sun-fits")
    verdict = reach([outcome("sky", fits)], CLAIM, RULES)
    assert status(verdict, Pillar.DATE) is Status.CONSISTENT
    assert status(verdict, Pillar.LOCATION) is Status.UNDETERMINED


def test_a_reading_that_fits_only_after_the_event_contradicts_nothing() -> None:
    later = finding(all_questions.SKY_SINCE_EVENT, Direction.NEUTRAL, id="only-after-event")
    verdict = reach([outcome("sky", later)], CLAIM, RULES)
    assert status(verdict, Pillar.DATE) is Status.UNDETERMINED
    assert "can be recorded later" in verdict.pillars[2].reasons[0].text


@pytest.mark.parametrize("name", ["forensics-rules-1", "forensics-rules-2"])
def test_a_released_ruleset_is_as_it_was(name: str) -> None:
    """Old verdicts name them: their bytes never change."""
    digests = {
        "forensics-rules-1": "ccdfce83f5417b520002d9a43f65bc5b6f1b3fbe3ad65e9ee3b52f2528437103",
        "forensics-rules-2": "edb29154702a4b27d2551b2553a846158aeceaad1e607c473f3d0bf591df557e",
    }
    path = files("forensics.verdict") / "rulesets" / f"{name}.toml"
    assert sha256(path.read_bytes()).hexdigest() == digests[name]
