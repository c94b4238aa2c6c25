"""Reaches a verdict on a claim: a pure function of what each asset offered for it lends, and of a ruleset.

Assets and claim are kept apart. An asset that is contradicted as evidence loses its support and says nothing
more: it neither contradicts the claim nor supports it. Only evidence about the event itself could contradict
a claim, and only a rule on outcomes made for the whole case could say so. That it is contradicted is named
beside the status of the pillar, and moves nothing. What assets confirm is not added
up across them: a place known of one and a time known of another do not make one recording of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from forensics.errors import UsageError
from forensics.model import (
    Claim,
    ClaimVerdict,
    IntegrityPhrase,
    OfferedAsset,
    Outcome,
    Pillar,
    PillarVerdict,
    Reason,
    Sha256,
    Status,
    Support,
    Verdict,
    Verifiability,
)
from forensics.verdict.engine import FIVE, JUDGED, STATUS_ORDER
from forensics.verdict.ruleset import ASIDE, ClaimRules, Ruleset
from forensics.verdict.speaking import Fact, facts_of, hear, in_order, reason_of

Offered = tuple[Sha256, int | None, Verdict]
"""An asset, the entry that holds its verdict on this claim (None: not recorded yet), and the verdict."""


def reach_claim(
    number: int,
    claim: Claim,  # noqa: ARG001 - what is judged; no rule reads its words
    assets: Sequence[Offered],
    outcomes: Sequence[Outcome],
    ruleset: Ruleset,
) -> ClaimVerdict:
    """Returns the verdict that a ruleset gives on a claim.

    Args:
        number: Of the claim in its case.
        claim: What is claimed.
        assets: What is offered as its evidence, in the order of offering, which decides nothing but the order
            in which they are told.
        outcomes: Made for the whole case: corroboration, context; and the context of each asset.
        ruleset: Rules and words.

    Raises:
        UsageError: The ruleset is older than verdicts on claims.
    """
    rules = _of_claims(ruleset)
    ordered = in_order(outcomes)
    facts = facts_of(ordered)
    offered = tuple(_offered(asset, rules) for asset in assets)
    pairs = list(zip(assets, offered, strict=True))
    standing = [one for one, lent in pairs if lent.support is not Support.REMOVED]
    removed = [one for one, lent in pairs if lent.support is Support.REMOVED]
    pillars = tuple(_pillar(p, standing, removed, facts, rules) for p in FIVE)
    headline = _headline(pillars, offered)
    return ClaimVerdict(
        ruleset=ruleset.id,
        claim=number,
        verifiability=headline,
        because=rules.headlines[_because(headline, offered)],
        pillars=pillars,
        assets=offered,
        could_not_be_confirmed=_unconfirmed(headline, pillars, ordered, rules),
        would_settle_it=_settling(pillars, standing, facts, rules, ruleset),
    )


def _of_claims(ruleset: Ruleset) -> ClaimRules:
    if ruleset.claims is None:
        raise UsageError(
            f"The ruleset {ruleset.id} is older than verdicts on claims and says nothing about them.",
            hint="Use a newer one.",
        )
    return ruleset.claims


def _judged(verdict: Verdict) -> list[PillarVerdict]:
    return [p for p in verdict.pillars if p.pillar in JUDGED]


def _offered(asset: Offered, rules: ClaimRules) -> OfferedAsset:
    sha256, entry, verdict = asset
    judged = _judged(verdict)
    decided, support = Status.CORROBORATED, Support.OPEN
    if any(p.status is Status.CONTRADICTED for p in judged):
        decided, support = Status.CONTRADICTED, Support.REMOVED
    elif all(p.status is Status.CORROBORATED for p in judged):
        support = Support.CONFIRMED
    elif any(p.status is Status.CORROBORATED for p in judged):
        support = Support.PARTLY
    because = tuple(reason for p in judged if p.status is decided for reason in p.reasons)
    words = support.value
    if support is Support.OPEN and verdict.integrity.phrase is IntegrityPhrase.INCONSISTENT:
        words, because = "open_not_original", verdict.integrity.reasons
    return OfferedAsset(
        asset=sha256,
        verdict=entry,
        support=support,
        reason=rules.support[words],
        because=because,
    )


def _pillar(
    pillar: Pillar,
    standing: Sequence[Offered],
    removed: Sequence[Offered],
    facts: Sequence[Fact],
    rules: ClaimRules,
) -> PillarVerdict:
    heard = [(rule, hear(rule, facts)) for rule in rules.rules if rule.pillar is pillar]
    said = [(rule.status, reason_of(rule, one), one) for rule, one in heard if one.speaks]
    asides = (
        *_left_out(pillar, removed, rules),
        *(reason for status, reason, _ in said if status == ASIDE),
    )
    status, reason = _lent(pillar, standing, removed, rules)
    against = tuple(r for s, r, _ in said if s == Status.CONTRADICTED)
    if against:
        return PillarVerdict(pillar=pillar, status=Status.CONTRADICTED, reasons=(*against, *asides))
    # What only explains does not hold a pillar down: a fact that can move something has to stand behind it.
    held = tuple(r for s, r, h in said if s == Status.UNDETERMINED and any(f.moves for f in h.met))
    if held and status is not Status.NOT_EXAMINED:
        return PillarVerdict(
            pillar=pillar, status=Status.UNDETERMINED, reasons=(*held, reason, *asides)
        )
    return PillarVerdict(pillar=pillar, status=status, reasons=(reason, *asides))


def _lent(
    pillar: Pillar, standing: Sequence[Offered], removed: Sequence[Offered], rules: ClaimRules
) -> tuple[Status, Reason]:
    """The strongest that the standing assets lend, and which of them do."""
    words = rules.words[pillar].reasons
    if removed and not standing and pillar in JUDGED:
        return Status.UNDETERMINED, Reason(text=words["removed"], rule="support-removed")
    for status in STATUS_ORDER[1:]:  # a standing asset contradicts nothing that is judged
        names = _named(pillar, standing, {status})
        if names:
            return status, Reason(text=words[status], rule=f"assets-{status}", findings=names)
    examined = _named(pillar, removed, set(Status) - {Status.NOT_EXAMINED})
    said = words["not_examined_of_rest" if examined else "not_examined"]
    return Status.NOT_EXAMINED, Reason(text=said, rule="not-examined")


def _left_out(pillar: Pillar, removed: Sequence[Offered], rules: ClaimRules) -> Iterator[Reason]:
    """Names each asset without support that is contradicted on a pillar; it gives no status."""
    for name in _named(pillar, removed, {Status.CONTRADICTED}):
        yield Reason(text=rules.left_out, rule="asset-contradicted", findings=(name,))


def _named(pillar: Pillar, assets: Sequence[Offered], statuses: Set[Status]) -> tuple[str, ...]:
    """The assets of which a pillar has one of some statuses, each once, in a fixed order."""
    found = {
        f"sha256:{sha256}"
        for sha256, _, verdict in assets
        for p in verdict.pillars
        if p.pillar is pillar and p.status in statuses
    }
    return tuple(sorted(found))


def _headline(pillars: Sequence[PillarVerdict], offered: Sequence[OfferedAsset]) -> Verifiability:
    judged = [p.status for p in pillars if p.pillar in JUDGED]
    if Status.CONTRADICTED in judged:
        return Verifiability.CONTRADICTED
    whole = any(one.support is Support.CONFIRMED for one in offered)
    if whole and set(judged) == {Status.CORROBORATED}:
        return Verifiability.CORROBORATED
    if Status.CORROBORATED in judged:
        return Verifiability.PARTLY_CORROBORATED
    return Verifiability.NOT_VERIFIABLE


def _because(headline: Verifiability, offered: Sequence[OfferedAsset]) -> str:
    if headline is not Verifiability.NOT_VERIFIABLE:
        return {
            Verifiability.CONTRADICTED: "contradicted",
            Verifiability.PARTLY_CORROBORATED: "some",
            Verifiability.CORROBORATED: "all",
        }[headline]
    removed = [one.support is Support.REMOVED for one in offered]
    if not removed:
        return "none_offered"
    return "all_removed" if all(removed) else "some_removed" if any(removed) else "nothing"


def _unconfirmed(
    headline: Verifiability,
    pillars: Sequence[PillarVerdict],
    outcomes: Sequence[Outcome],
    rules: ClaimRules,
) -> tuple[str, ...]:
    whole = headline in {Verifiability.CORROBORATED, Verifiability.CONTRADICTED}
    words = [rules.words[p.pillar] for p in pillars if p.status is not Status.CORROBORATED]
    gaps = [
        f"what the analysis {o.analysis} would have shown: it "
        + ("failed" if o.status == "failed" else "was not run")
        for o in outcomes
        if o.status in {"failed", "not-run"} and not o.viewing_aid
    ]
    sentences = (*(() if whole else rules.unconfirmed), *(w.unconfirmed for w in words), *gaps)
    return tuple(text for text in sentences if text)


def _settling(
    pillars: Sequence[PillarVerdict],
    standing: Sequence[Offered],
    facts: Sequence[Fact],
    rules: ClaimRules,
    ruleset: Ruleset,
) -> tuple[str, ...]:
    """What the ruleset knows to settle, what spoke for the whole case and of the standing assets first."""
    unsettled = [p.pillar for p in pillars if p.status is not Status.CORROBORATED]
    given = {
        reason.rule for _, _, verdict in standing for p in verdict.pillars for reason in p.reasons
    }
    spoken = [
        *(rule for rule in rules.rules if hear(rule, facts).speaks),
        *(rule for rule in ruleset.rules if rule.id in given),
    ]
    by_rules = [rule.settle for rule in spoken if rule.settle and rule.pillar in unsettled]
    by_words = [text for pillar in unsettled for text in rules.words[pillar].settle]
    return tuple(dict.fromkeys((*by_rules, *by_words)))
