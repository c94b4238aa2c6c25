"""Walks a verdict on a claim back: to its assets, to the rules on the whole case, and to what would turn it.

Pure, as `forensics.verdict.explain` is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forensics.model import (
    Claim,
    ClaimVerdict,
    OfferedAsset,
    Pillar,
    RecordedClaimVerdict,
    RecordedOutcome,
    Status,
)
from forensics.verdict.claims import Offered, reach_claim
from forensics.verdict.explain import Explained, ExplainedPillar, Walk
from forensics.verdict.ruleset import Ruleset
from forensics.verdict.turning import Judging, Turn, turns


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedClaim:
    """A verdict on a claim, walked back.

    Attributes:
        case: Its id.
        entry: Index of the verdict's entry.
        verdict: As recorded.
        repeats: Its ruleset, applied again, gives the same.
        pillars: The five.
        turns: By pillar, what of its assets would have given it another status, nearest first.
        assets: What each asset lends, with its own verdict walked back where it is on record.
    """

    case: str
    entry: int
    verdict: ClaimVerdict
    repeats: bool
    pillars: tuple[ExplainedPillar, ...]
    turns: Mapping[Pillar, tuple[Turn, ...]]
    assets: tuple[tuple[OfferedAsset, Explained | None], ...]


def explain_claim(
    case: str,
    recorded: RecordedClaimVerdict,
    claim: Claim,
    offered: Sequence[Offered],
    outcomes: Sequence[RecordedOutcome],
    assets: Mapping[str, Explained],
    ruleset: Ruleset,
) -> ExplainedClaim:
    """Walks a verdict on a claim back.

    Args:
        case: Id of the case.
        recorded: The verdict.
        claim: What was judged.
        offered: The verdicts on assets that it rested on.
        outcomes: Those that it rested on: made for the whole case, and people's notes on the assets.
        assets: The verdicts on assets walked back, by SHA-256.
        ruleset: The one that it names.

    Raises:
        UsageError: The ruleset is older than verdicts on claims.
    """
    walk = Walk(outcomes)
    verdict = recorded.verdict
    again = reach_claim(verdict.claim, claim, offered, walk.outcomes, ruleset)
    rules = ruleset.claims.rules if ruleset.claims else ()
    judging = Judging(
        number=verdict.claim,
        claim=claim,
        offered=offered,
        outcomes=walk.outcomes,
        ruleset=ruleset,
    )
    return ExplainedClaim(
        case=case,
        entry=recorded.entry,
        verdict=verdict,
        repeats=again == verdict,
        pillars=tuple(
            walk.pillar(p.pillar, p.status.value, p.reasons, rules, changes=_changes)
            for p in verdict.pillars
        ),
        turns={p.pillar: turns(judging, p.pillar, assets) for p in verdict.pillars},
        assets=tuple((one, assets.get(one.asset)) for one in verdict.assets),
    )


def _changes(rule: str, said: str) -> bool:
    """Of a rule on the whole case: it contradicts a claim, or holds down what the assets lend."""
    if rule == Status.UNDETERMINED:
        return said in {Status.CONSISTENT, Status.CORROBORATED}
    return rule == Status.CONTRADICTED and said != Status.CONTRADICTED
