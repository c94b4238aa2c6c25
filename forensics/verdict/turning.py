"""What would have turned a pillar of a claim: tried, not guessed. Pure.

Each rule that kept silent on an asset is taken to have spoken, and the claim is judged again; so is each
asset that lost its support as if nothing contradicted it. What leaves the pillar as it is, is not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from forensics.model import Claim, Outcome, Pillar, Sha256, Status, Verdict
from forensics.verdict.claims import Offered, reach_claim
from forensics.verdict.engine import JUDGED, STATUS_ORDER
from forensics.verdict.explain import Explained, ExplainedPillar, Silent, nearness
from forensics.verdict.ruleset import Ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One thing that would have given a claim's pillar another status.

    Attributes:
        asset: SHA-256 of the asset, hexadecimal.
        entry: Index of the verdict on it.
        to: The status that the claim's pillar would have.
        rule: The rule on the asset that kept silent; None: that nothing contradicts the asset.
    """

    asset: str
    entry: int
    to: Status
    rule: Silent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """A claim and all that it was judged by.

    Attributes:
        number: Of the claim.
        claim: What was judged.
        offered: The verdicts on assets.
        outcomes: Made for the whole case, and people's notes on the assets.
        ruleset: Rules and words.
    """

    number: int
    claim: Claim
    offered: Sequence[Offered]
    outcomes: Sequence[Outcome]
    ruleset: Ruleset

    def status(self, pillar: Pillar, other: Mapping[Sha256, Verdict] | None = None) -> Status:
        """Returns the status of a pillar, with other verdicts in the place of some."""
        given = [(sha, entry, (other or {}).get(sha, own)) for sha, entry, own in self.offered]
        made = reach_claim(self.number, self.claim, given, self.outcomes, self.ruleset)
        return next(p.status for p in made.pillars if p.pillar is pillar)


def turns(judging: Judging, pillar: Pillar, assets: Mapping[str, Explained]) -> tuple[Turn, ...]:
    """Returns what would have turned a pillar of a claim, each rule once, the nearest first.

    Args:
        judging: The claim.
        pillar: Which.
        assets: The verdicts on assets walked back, by SHA-256.
    """
    now = judging.status(pillar)
    freed: list[Turn] = []
    ruled: list[tuple[Silent, Turn]] = []
    for sha256, _, own in judging.offered:
        walked = assets.get(sha256)
        if walked is None:
            continue
        if any(p.pillar in JUDGED and p.status is Status.CONTRADICTED for p in own.pillars):
            to = judging.status(pillar, {sha256: _uncontradicted(own, walked)})
            freed.append(Turn(asset=sha256, entry=walked.entry, to=to, rule=None))
            continue
        for rule, status in _would(walked, pillar):
            to = judging.status(pillar, {sha256: _with(own, {pillar: status})})
            ruled.append((rule, Turn(asset=sha256, entry=walked.entry, to=to, rule=rule)))
    once: dict[str, Turn] = {}
    for rule, turn in sorted(ruled, key=lambda one: nearness(one[0])):
        if turn.to is not now:
            once.setdefault(rule.rule, turn)
    return (*(turn for turn in freed if turn.to is not now), *once.values())


def _would(walked: Explained, pillar: Pillar) -> Iterator[tuple[Silent, Status]]:
    statuses = {one.value: one for one in STATUS_ORDER}
    for own in walked.pillars:
        for rule in own.silent if own.pillar is pillar else ():
            if rule.changes and rule.status in statuses:
                yield rule, statuses[rule.status]


def _uncontradicted(verdict: Verdict, walked: Explained) -> Verdict:
    """A verdict in which what spoke beside a contradiction holds in its place."""
    return _with(
        verdict,
        {
            p.pillar: _next(p)
            for p in walked.pillars
            if p.pillar in JUDGED and p.status == Status.CONTRADICTED
        },
    )


def _next(pillar: ExplainedPillar) -> Status:
    said = {rule.status for rule in pillar.spoke}
    return next((one for one in STATUS_ORDER[1:] if one in said), Status.UNDETERMINED)


def _with(verdict: Verdict, statuses: Mapping[Pillar, Status]) -> Verdict:
    pillars = (replace(p, status=statuses.get(p.pillar, p.status)) for p in verdict.pillars)
    return replace(verdict, pillars=tuple(pillars))
