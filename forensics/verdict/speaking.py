"""When a rule speaks: findings as facts, conditions on them, and what keeps a rule silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forensics.model import (
    STRENGTHS,
    Diagnostic,
    Direction,
    Finding,
    IntegrityPhrase,
    Outcome,
    Reason,
    Status,
)
from forensics.verdict.ruleset import ASIDE, Condition, Rule

CONTEXT = "context"
"""Name of the outcome that holds people's notes. They give reasons, and never a status."""

_MOVES_NOTHING = {Status.UNDETERMINED.value, IntegrityPhrase.INCONCLUSIVE.value, ASIDE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A finding as rules see it.

    Attributes:
        reference: "analysis/finding-id".
        finding: What was found.
        moves: It can move a status: not neutral, not expected either way, not from a viewing aid.
    """

    reference: str
    finding: Finding
    moves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a rule makes of the facts.

    Attributes:
        speaks: It gives its status and its reason.
        met: The facts that meet its conditions, each once per condition.
        missing: Conditions that no fact meets.
        stopped_by: The facts that meet an exception.
        inert: Every condition is met and no exception, but no fact among them can move a status.
    """

    speaks: bool
    met: tuple[Fact, ...]
    missing: tuple[Condition, ...]
    stopped_by: tuple[Fact, ...]
    inert: bool

    @property
    def references(self) -> tuple[str, ...]:
        """What the rule rests on, each once."""
        return tuple(dict.fromkeys(fact.reference for fact in self.met))


def in_order(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Returns outcomes in the order in which rules read them, which does not depend on the order given."""
    return sorted(outcomes, key=lambda o: (o.analysis, o.version, repr(o.result)))


def facts_of(outcomes: Sequence[Outcome]) -> list[Fact]:
    """Returns every finding of outcomes as a fact, in their order."""
    return [
        Fact(reference=f"{o.analysis}/{f.id}", finding=f, moves=_can_move(o, f))
        for o in outcomes
        for f in o.findings
    ]


def hear(rule: Rule, facts: Sequence[Fact]) -> Heard:
    """Returns what a rule makes of facts."""
    met: list[Fact] = []
    missing: list[Condition] = []
    for condition in rule.when:
        found = [fact for fact in facts if _meets(fact, condition)]
        met.extend(found)
        if not found:
            missing.append(condition)
    stopped = tuple(fact for fact in facts if any(_meets(fact, c) for c in rule.unless))
    free = not missing and not stopped
    inert = free and rule.status not in _MOVES_NOTHING and not any(fact.moves for fact in met)
    return Heard(
        speaks=free and not inert,
        met=tuple(met),
        missing=tuple(missing),
        stopped_by=stopped,
        inert=inert,
    )


def reason_of(rule: Rule, heard: Heard) -> Reason:
    """Returns the reason that a rule gives."""
    return Reason(text=rule.reason, rule=rule.id, findings=heard.references)


def _can_move(outcome: Outcome, finding: Finding) -> bool:
    return (
        not outcome.viewing_aid
        and outcome.analysis != CONTEXT
        and finding.direction is not Direction.NEUTRAL
        and finding.diagnostic is not Diagnostic.NO
    )


def _meets(fact: Fact, condition: Condition) -> bool:
    if fact.reference.startswith(f"{CONTEXT}/") and condition.finding is None:
        return False  # a note speaks by its own name alone, whatever question it was given
    question = fact.finding.question
    return (
        condition.finding in {None, fact.reference}
        and (
            condition.question is None
            or (question is not None and question.id == condition.question)
        )
        and condition.direction in {None, fact.finding.direction.value}
        and _strong_enough(fact.finding, condition.strength)
    )


def _strong_enough(finding: Finding, least: str | None) -> bool:
    if least is None:
        return True
    said = finding.strength.word if finding.strength else None
    return said in STRENGTHS[STRENGTHS.index(least) :]
