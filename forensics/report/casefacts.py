"""What a case's report puts first: what is known, what each file lends, and what stands. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from forensics.cases.judging import offered_for, resting_on, standing
from forensics.model import (
    Case,
    CaseAsset,
    Diagnostic,
    Direction,
    Finding,
    HumanDecision,
    NumberedClaim,
    OfferedAsset,
    RecordedClaimVerdict,
    RecordedOutcome,
    Status,
)

TOLD = frozenset(
    {
        "map-graphic/placed",
        "map-graphic/statement-holds",
        "map-graphic/statement-does-not-hold",
        "time-and-place/release-gap",
    }
)
"""Findings that move nothing and that a reader of a case asks for first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is told at the head of a case: findings of one kind in one asset.

    Attributes:
        findings: What was found, in order.
        analysis: By which analysis.
        asset: In which asset; None: over the whole case.
        entry: Index of the entry that holds it.
        reason: Of the rule that they let speak; empty where none did.
        against: They contradict what is stated: told before all else.
    """

    findings: tuple[Finding, ...]
    analysis: str
    asset: CaseAsset | None
    entry: int
    reason: str = ""
    against: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim with what stands on it now.

    Attributes:
        claim: The claim.
        standing: The newest verdict on it; None: there is none yet.
        history: All verdicts on it, oldest first.
        decisions: Of people on any of them, oldest first.
        assets: Those that are offered for it.
        known: What is told first.
    """

    claim: NumberedClaim
    standing: RecordedClaimVerdict | None
    history: tuple[RecordedClaimVerdict, ...]
    decisions: tuple[HumanDecision, ...]
    assets: tuple[CaseAsset, ...]
    known: tuple[Known, ...]

    def lends(self, asset: CaseAsset) -> OfferedAsset | None:
        """Returns what an asset lends to the claim, as its standing verdict says."""
        offered = self.standing.verdict.assets if self.standing else ()
        return next((one for one in offered if one.asset == asset.asset.sha256), None)


def views(case: Case) -> tuple[ClaimView, ...]:
    """Returns the claims of a case with what stands on them."""
    return tuple(_view(case, claim) for claim in case.claims)


def moves(finding: Finding) -> bool:
    """Tells whether a finding can move a verdict, as `forensics.verdict.engine` sees it."""
    return finding.direction is not Direction.NEUTRAL and finding.diagnostic is not Diagnostic.NO


def _view(case: Case, claim: NumberedClaim) -> ClaimView:
    history = tuple(one for one in case.verdicts if one.verdict.claim == claim.number)
    assets = tuple(asset for asset in case.assets if claim in offered_for(case, asset))
    on = {one.entry for one in history}
    on |= {one.entry for asset in assets for one in asset.verdicts if one.claim == claim.number}
    return ClaimView(
        claim=claim,
        standing=history[-1] if history else None,
        history=history,
        decisions=tuple(one for one in case.decisions if one.on in on),
        assets=assets,
        known=tuple(sorted(_known(case, assets, claim.number), key=_weight)),
    )


def _weight(one: Known) -> tuple[bool, bool]:
    """What contradicts the claim's own time or place comes before all else."""
    question = one.findings[0].question
    of_event = question is not None and question.id in {"event-time", "event-place"}
    return not one.against, not of_event


def _known(case: Case, assets: tuple[CaseAsset, ...], claim: int) -> Iterator[Known]:
    """What decided the standing verdicts, then what else is told first; each kind once."""
    for asset in assets:
        verdict = standing(asset, claim)
        pillars = verdict.verdict.pillars if verdict else ()
        integrity = verdict.verdict.integrity.reasons if verdict else ()
        reasons = (*(r for p in pillars for r in p.reasons), *integrity)
        decided = {name: reason.text for reason in reasons for name in reason.findings}
        against = {
            name
            for p in pillars
            if p.status is Status.CONTRADICTED
            for reason in p.reasons
            for name in reason.findings
        }
        for recorded in resting_on(asset.outcomes, claim):
            if not recorded.outcome.viewing_aid:
                yield from _of(recorded, asset, decided, against)
    standing_ = [one.verdict for one in case.verdicts if one.verdict.claim == claim][-1:]
    across = {
        name: reason.text
        for verdict in standing_
        for pillar in verdict.pillars
        for reason in pillar.reasons
        for name in reason.findings
    }
    for recorded in case.outcomes:
        yield from _of(recorded, None, across, frozenset())


def _of(
    recorded: RecordedOutcome,
    asset: CaseAsset | None,
    decided: Mapping[str, str],
    against: Collection[str],
) -> Iterator[Known]:
    outcome = recorded.outcome
    kinds: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        name = f"{outcome.analysis}/{finding.id}"
        if name in TOLD or (moves(finding) and name in decided):
            kinds.setdefault(finding.id, []).append(finding)
    for findings in kinds.values():
        yield Known(
            findings=tuple(findings),
            analysis=outcome.analysis,
            asset=asset,
            entry=recorded.entry,
            reason=decided.get(f"{outcome.analysis}/{findings[0].id}", ""),
            against=f"{outcome.analysis}/{findings[0].id}" in against,
        )
