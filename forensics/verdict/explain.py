"""Walks a verdict back: pillar, rule, findings, measurements, entries; and which rules kept silent, and why.

Pure. The ruleset that a verdict names is applied again to the outcomes it rested on, so the walk also tells
whether the recorded verdict is what the rules give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from forensics.model import (
    Direction,
    Finding,
    IntegrityPhrase,
    Outcome,
    Pillar,
    Question,
    Reason,
    RecordedOutcome,
    RecordedVerdict,
    Status,
    Verdict,
    questions,
)
from forensics.verdict.engine import PHRASE_ORDER, STATUS_ORDER, examiners_of, reach
from forensics.verdict.ruleset import ASIDE, Condition, Rule, Ruleset
from forensics.verdict.speaking import Fact, facts_of, hear, in_order

_QUESTIONS: Mapping[str, Question] = {
    value.id: value for value in vars(questions).values() if isinstance(value, Question)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A finding that a rule rests on.

    Attributes:
        reference: "analysis/finding-id".
        entry: Index of the entry that holds it.
        finding: With its measurements, its question and its caveats.
        moves: It can move a status.
    """

    reference: str
    entry: int
    finding: Finding
    moves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    """A rule that spoke.

    Attributes:
        rule: Its id.
        status: What it gives: a status, a phrase, or "aside".
        reason: Its sentence.
        decides: Its status is the one that holds, and no stronger one.
        evidence: What it rests on.
    """

    rule: str
    status: str
    reason: str
    decides: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A condition that nothing meets.

    Attributes:
        finding: "analysis/finding-id" that was not found; None for any.
        question: Id of the question; None for any.
        proposition: What a finding would have had to speak for, a sentence without its full stop; empty where
            the condition names no side.
        strength: The least word of strength that it would have needed; None: none is asked for.
    """

    finding: str | None
    question: str | None
    proposition: str
    strength: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A rule that did not speak, and why.

    Attributes:
        rule: Its id.
        status: What it would have given.
        reason: What it would have said.
        changes: With it, the status of the pillar would be another.
        missing: Conditions that nothing meets.
        stopped_by: What an exception of the rule met.
        inert: All is met, but by nothing that can move a status.
    """

    rule: str
    status: str
    reason: str
    changes: bool
    missing: tuple[Missing, ...]
    stopped_by: tuple[Evidence, ...]
    inert: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Examiner:
    """An outcome that could speak about a pillar, and what became of it."""

    analysis: str
    version: int
    status: str
    entry: int
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedPillar:
    """One of the five pillars, or integrity.

    Attributes:
        pillar: Which.
        status: What was said: a status, or a phrase.
        reasons: As recorded.
        spoke: The rules that spoke, those that decide first.
        silent: Those that did not, those that would have changed it first, nearest first.
        examiners: What could speak about it.
    """

    pillar: Pillar
    status: str
    reasons: tuple[Reason, ...]
    spoke: tuple[Spoke, ...]
    silent: tuple[Silent, ...]
    examiners: tuple[Examiner, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A verdict on an asset, walked back.

    Attributes:
        asset: SHA-256, hexadecimal.
        entry: Index of the verdict's entry.
        verdict: As recorded.
        repeats: Its ruleset, applied again to the outcomes, gives the same.
        pillars: The five and integrity.
    """

    asset: str
    entry: int
    verdict: Verdict
    repeats: bool
    pillars: tuple[ExplainedPillar, ...]


def explain(
    asset: str, recorded: RecordedVerdict, outcomes: Sequence[RecordedOutcome], ruleset: Ruleset
) -> Explained:
    """Walks a verdict on an asset back.

    Args:
        asset: SHA-256 of the asset, hexadecimal.
        recorded: The verdict.
        outcomes: What it rested on.
        ruleset: The one that it names.
    """
    walk = Walk(outcomes)
    verdict = recorded.verdict
    said = [(p.pillar, p.status.value, p.reasons) for p in verdict.pillars]
    said.append((Pillar.INTEGRITY, verdict.integrity.phrase.value, verdict.integrity.reasons))
    again = reach(walk.outcomes, verdict.claim, ruleset)
    return Explained(
        asset=asset,
        entry=recorded.entry,
        verdict=verdict,
        repeats=again == verdict,
        pillars=tuple(walk.pillar(*one, ruleset.rules) for one in said),
    )


class Walk:
    """Outcomes as facts, each with the entry that holds it."""

    def __init__(self, recorded: Sequence[RecordedOutcome]) -> None:
        self.outcomes: list[Outcome] = in_order([one.outcome for one in recorded])
        self._entries = {id(one.outcome): one.entry for one in recorded}
        self._facts = facts_of(self.outcomes)
        self._holding = {
            id(f): self._entries[id(outcome)] for outcome in self.outcomes for f in outcome.findings
        }

    def pillar(
        self,
        pillar: Pillar,
        status: str,
        reasons: tuple[Reason, ...],
        rules: Sequence[Rule],
        *,
        changes: Callable[[str, str], bool] | None = None,
    ) -> ExplainedPillar:
        """Returns a pillar walked back.

        Args:
            pillar: Which.
            status: What was said of it.
            reasons: Why.
            rules: Those of the ruleset that bear on it.
            changes: Whether a rule's status, had it spoken, would have taken the place of another; unless
                set, the stronger one does.
        """
        takes = changes or (lambda rule, said: _strength(rule) < _strength(said))
        deciding = {reason.rule for reason in reasons}
        spoke: list[Spoke] = []
        silent: list[Silent] = []
        for rule in rules:
            if rule.pillar is not pillar:
                continue
            heard = hear(rule, self._facts)
            if heard.speaks:
                one = Spoke(
                    rule=rule.id,
                    status=rule.status,
                    reason=rule.reason,
                    decides=rule.id in deciding and rule.status == status,
                    evidence=self._evidence(heard.met),
                )
                spoke.append(one)
            else:
                missed = Silent(
                    rule=rule.id,
                    status=rule.status,
                    reason=rule.reason,
                    changes=takes(rule.status, status),
                    missing=tuple(map(_missing, heard.missing)),
                    stopped_by=self._evidence(heard.stopped_by),
                    inert=heard.inert,
                )
                silent.append(missed)
        return ExplainedPillar(
            pillar=pillar,
            status=status,
            reasons=reasons,
            spoke=tuple(sorted(spoke, key=lambda one: not one.decides)),
            silent=tuple(sorted(silent, key=nearness)),
            examiners=tuple(map(self._examiner, examiners_of(pillar, self.outcomes))),
        )

    def _evidence(self, facts: Sequence[Fact]) -> tuple[Evidence, ...]:
        once = {id(fact.finding): fact for fact in facts}.values()
        return tuple(
            Evidence(
                reference=fact.reference,
                entry=self._holding[id(fact.finding)],
                finding=fact.finding,
                moves=fact.moves,
            )
            for fact in once
        )

    def _examiner(self, outcome: Outcome) -> Examiner:
        return Examiner(
            analysis=outcome.analysis,
            version=outcome.version,
            status=outcome.status,
            entry=self._entries[id(outcome)],
            why=outcome.why,
        )


def _strength(status: str) -> int:
    """How strong a status or phrase is, 0 the strongest; what gives none comes last."""
    ranks: Sequence[Sequence[Status | IntegrityPhrase]] = (STATUS_ORDER, PHRASE_ORDER)
    for order in ranks:
        if status in order:
            return [one.value for one in order].index(status)
    return len(STATUS_ORDER) if status != ASIDE else len(STATUS_ORDER) + 1


def nearness(one: Silent) -> tuple[bool, int, int, int]:
    """Sorts rules that kept silent: what would have changed the status first, then what lacks least."""
    in_the_way = len(one.stopped_by) + one.inert
    return not one.changes, len(one.missing), in_the_way, _strength(one.status)


def _missing(condition: Condition) -> Missing:
    question = _QUESTIONS.get(condition.question or "")
    sides = {Direction.SUPPORTS_H1.value: "h1", Direction.SUPPORTS_H2.value: "h2"}
    side = sides.get(condition.direction or "")
    return Missing(
        finding=condition.finding,
        question=condition.question,
        proposition=getattr(question, side) if question and side else "",
        strength=condition.strength,
    )
