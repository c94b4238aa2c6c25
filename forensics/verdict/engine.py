"""Reaches a verdict: a pure function of outcomes, claim and ruleset.

Neutral findings, findings that are expected either way, and viewing aids can explain a verdict and never
move it. What failed or was not run is said, and never read as "nothing found".
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.model import (
    Claim,
    Integrity,
    IntegrityPhrase,
    Outcome,
    Pillar,
    PillarVerdict,
    Reason,
    Status,
    Verdict,
    Verifiability,
)
from forensics.verdict.ruleset import ASIDE, Ruleset
from forensics.verdict.speaking import CONTEXT, Fact, facts_of, hear, in_order, reason_of

FIVE = (Pillar.PROVENANCE, Pillar.SOURCE, Pillar.DATE, Pillar.LOCATION, Pillar.MOTIVATION)
"""First Draft's pillars, in its order."""

JUDGED = FIVE[:4]
"""Those that decide a headline: why something was made is for a person to judge."""
STATUS_ORDER = (Status.CONTRADICTED, Status.CORROBORATED, Status.CONSISTENT, Status.UNDETERMINED)
"""Strongest first."""
PHRASE_ORDER = (
    IntegrityPhrase.INCONSISTENT,
    IntegrityPhrase.CONSISTENT,
    IntegrityPhrase.INCONCLUSIVE,
)
"""Strongest first."""


def reach(outcomes: Sequence[Outcome], claim: Claim | None, ruleset: Ruleset) -> Verdict:
    """Returns the verdict that a ruleset gives for outcomes.

    Args:
        outcomes: All of them; their order does not matter.
        claim: What the asset is offered as evidence of; None: the verdict is about the file itself.
        ruleset: Rules and words.
    """
    ordered = in_order(outcomes)
    facts = facts_of(ordered)
    pillars = tuple(_pillar(p, ordered, facts, ruleset) for p in FIVE)
    headline = _headline(pillars, claim is not None)
    return Verdict(
        ruleset=ruleset.id,
        verifiability=headline,
        about="claim" if claim else "file",
        because=ruleset.headlines[_because(headline, pillars, claim is not None)],
        pillars=pillars,
        integrity=_integrity(ordered, facts, ruleset),
        claim=claim,
        could_not_be_confirmed=_unconfirmed(pillars, ordered, claim, ruleset),
        would_settle_it=_settling(pillars, facts, ruleset),
    )


def _reasons(pillar: Pillar, facts: Sequence[Fact], ruleset: Ruleset) -> list[tuple[str, Reason]]:
    heard = ((rule, hear(rule, facts)) for rule in ruleset.rules if rule.pillar is pillar)
    return [(rule.status, reason_of(rule, one)) for rule, one in heard if one.speaks]


def _asides(reasons: Sequence[tuple[str, Reason]]) -> tuple[Reason, ...]:
    return tuple(reason for said, reason in reasons if said == ASIDE)


def examiners_of(pillar: Pillar, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Returns the outcomes that can speak about a pillar, whatever became of them."""
    return [
        o for o in outcomes if pillar in o.examines and not o.viewing_aid and o.analysis != CONTEXT
    ]


def _default_reason(
    pillar: Pillar, outcomes: Sequence[Outcome], ruleset: Ruleset
) -> tuple[bool, Reason]:
    """Whether the pillar was examined at all, and the reason where no rule spoke."""
    words = ruleset.words[pillar]
    examiners = examiners_of(pillar, outcomes)
    # Where one of several did not come to its end, the silence of the others says nothing.
    statuses = {o.status for o in examiners}
    if "ran" in statuses and not {"failed", "not-run"} & statuses:
        return True, Reason(text=words.nothing_found, rule="nothing-found")
    return False, Reason(text=words.not_examined, rule="not-examined")


def _pillar(
    pillar: Pillar, outcomes: Sequence[Outcome], facts: Sequence[Fact], ruleset: Ruleset
) -> PillarVerdict:
    reasons = _reasons(pillar, facts, ruleset)
    for status in STATUS_ORDER:
        chosen = tuple(reason for said, reason in reasons if said == status)
        if chosen:
            return PillarVerdict(pillar=pillar, status=status, reasons=(*chosen, *_asides(reasons)))
    examined, reason = _default_reason(pillar, outcomes, ruleset)
    status = Status.UNDETERMINED if examined else Status.NOT_EXAMINED
    return PillarVerdict(pillar=pillar, status=status, reasons=(reason, *_asides(reasons)))


def _integrity(outcomes: Sequence[Outcome], facts: Sequence[Fact], ruleset: Ruleset) -> Integrity:
    reasons = _reasons(Pillar.INTEGRITY, facts, ruleset)
    for phrase in PHRASE_ORDER:
        chosen = tuple(reason for said, reason in reasons if said == phrase)
        if chosen:
            return Integrity(phrase=phrase, reasons=(*chosen, *_asides(reasons)))
    _, reason = _default_reason(Pillar.INTEGRITY, outcomes, ruleset)
    return Integrity(phrase=IntegrityPhrase.INCONCLUSIVE, reasons=(reason, *_asides(reasons)))


def _headline(pillars: Sequence[PillarVerdict], claimed: bool) -> Verifiability:
    judged = [p for p in pillars if p.pillar in JUDGED]
    if any(p.status is Status.CONTRADICTED for p in judged):
        # Only evidence about the event itself could contradict a claim; this is about the asset.
        return Verifiability.NOT_VERIFIABLE if claimed else Verifiability.CONTRADICTED
    corroborated = [p.status is Status.CORROBORATED for p in judged]
    if all(corroborated):
        return Verifiability.CORROBORATED
    return Verifiability.PARTLY_CORROBORATED if any(corroborated) else Verifiability.NOT_VERIFIABLE


def _because(headline: Verifiability, pillars: Sequence[PillarVerdict], claimed: bool) -> str:
    about = "claim" if claimed else "file"
    if claimed and any(p.status is Status.CONTRADICTED for p in pillars):
        return "claim_contradicted_asset"
    words = {
        Verifiability.CONTRADICTED: "contradicted",
        Verifiability.NOT_VERIFIABLE: "nothing",
        Verifiability.PARTLY_CORROBORATED: "some",
        Verifiability.CORROBORATED: "all",
    }
    return f"{about}_{words[headline]}"


def _unconfirmed(
    pillars: Sequence[PillarVerdict],
    outcomes: Sequence[Outcome],
    claim: Claim | None,
    ruleset: Ruleset,
) -> tuple[str, ...]:
    words = [ruleset.words[p.pillar] for p in pillars if p.status is not Status.CORROBORATED]
    open_questions = [w.unconfirmed_claim if claim else w.unconfirmed for w in words]
    gaps = [
        f"what the analysis {o.analysis} would have shown: it {_gap(o.status)}"
        for o in outcomes
        if o.status in {"failed", "not-run"} and not o.viewing_aid
    ]
    return tuple(text for text in (*open_questions, *gaps) if text)


def _gap(status: str) -> str:
    return "failed" if status == "failed" else "was not run"


def _settling(
    pillars: Sequence[PillarVerdict], facts: Sequence[Fact], ruleset: Ruleset
) -> tuple[str, ...]:
    unsettled = [p.pillar for p in pillars if p.status is not Status.CORROBORATED]
    by_rules = [
        rule.settle
        for rule in ruleset.rules
        if rule.settle
        and (rule.pillar in unsettled or rule.pillar is Pillar.INTEGRITY)
        and hear(rule, facts).speaks
    ]
    by_words = [text for pillar in unsettled for text in ruleset.words[pillar].settle]
    return tuple(dict.fromkeys((*by_rules, *by_words)))
