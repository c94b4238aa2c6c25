"""Outcomes and verdicts made for tests: findings that meet a rule's conditions, assets that lend a status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forensics.model import (
    Claim,
    Diagnostic,
    Direction,
    Finding,
    Integrity,
    IntegrityPhrase,
    Outcome,
    Pillar,
    PillarVerdict,
    Question,
    Ran,
    Reason,
    Sha256,
    Status,
    Strength,
    Verdict,
    Verifiability,
    questions,
)
from forensics.verdict.claims import Offered
from forensics.verdict.engine import FIVE
from forensics.verdict.ruleset import Condition, Rule

QUESTIONS: Mapping[str, Question] = {
    q.id: q for q in vars(questions).values() if isinstance(q, Question)
}
CLAIM = Claim(statement="Something happened.", by="Somebody")


def sha(digit: str) -> Sha256:
    return Sha256(digit * 64)


def outcome(
    name: str,
    *findings: Finding,
    aid: bool = False,
    examines: Sequence[Pillar] = tuple(Pillar),
) -> Outcome:
    return Outcome(
        analysis=name,
        version=1,
        examines=tuple(examines),
        result=Ran(findings=findings),
        viewing_aid=aid,
    )


def meeting(condition: Condition) -> tuple[str, Finding]:
    """An analysis and a finding of it that meets a condition, as strongly as a finding can."""
    analysis, _, name = (condition.finding or "made-up/made-up").partition("/")
    question = QUESTIONS[condition.question or "event-time"]
    finding = Finding(
        id=name,
        template="Said.",
        question=question,
        direction=Direction(condition.direction or "supports-h1"),
        diagnostic=Diagnostic.YES,
        strength=strength(condition.strength) if condition.strength else None,
    )
    return analysis, finding


def strength(word: str) -> Strength:
    return Strength(word=word, scale="made-up", calibration="made-up-0")


def letting_speak(rule: Rule) -> list[Outcome]:
    """The fewest outcomes under which a rule speaks."""
    return [outcome(name, finding) for name, finding in map(meeting, rule.when)]


def verdict(
    statuses: Mapping[Pillar, Status] | None = None,
    phrase: IntegrityPhrase = IntegrityPhrase.INCONCLUSIVE,
) -> Verdict:
    """A verdict on an asset with given statuses; the others are undetermined."""
    given = statuses or {}

    def why(what: str) -> tuple[Reason, ...]:
        return (Reason(text=f"Because of {what}.", rule=f"rule-{what}"),)

    return Verdict(
        ruleset="made-up",
        verifiability=Verifiability.NOT_VERIFIABLE,
        about="claim",
        because="Because.",
        pillars=tuple(
            PillarVerdict(
                pillar=p,
                status=given.get(p, Status.UNDETERMINED),
                reasons=why(p.value),
            )
            for p in FIVE
        ),
        integrity=Integrity(phrase=phrase, reasons=why("integrity")),
        claim=CLAIM,
        could_not_be_confirmed=(),
        would_settle_it=(),
    )


def offered(
    digit: str,
    statuses: Mapping[Pillar, Status] | None = None,
    phrase: IntegrityPhrase = IntegrityPhrase.INCONCLUSIVE,
) -> Offered:
    return sha(digit), int(digit, 16), verdict(statuses, phrase)
