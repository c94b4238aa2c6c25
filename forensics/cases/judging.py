"""A case's verdicts follow its entries: what was added is tested, and what comes out otherwise supersedes.

Whoever changes a case (a check, an offer, an observation, a note, a recheck, other rules) calls `judge`
afterwards. Nothing is written where nothing is different, so that calling it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forensics.cases import entries
from forensics.cases.reading import load
from forensics.claims.context import context_of
from forensics.claims.corroborate import corroborate
from forensics.claims.sky import compare_sky
from forensics.claims.time_and_place import compare_time_and_place
from forensics.codec import plain
from forensics.model import (
    Case,
    CaseAsset,
    CaseFile,
    Draft,
    KnownAsset,
    Ledger,
    NumberedClaim,
    Outcome,
    RecordedClaimVerdict,
    RecordedOutcome,
    RecordedVerdict,
    Tool,
)
from forensics.model.moment import read_moment
from forensics.verdict.claims import reach_claim
from forensics.verdict.difference import changes, claim_changes
from forensics.verdict.engine import reach
from forensics.verdict.ruleset import Ruleset

ANEW = frozenset({"time-and-place", "sky", "context", "corroboration"})
"""Analyses that read no file: they are made for each claim, from what is on record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What judging a case came to.

    Attributes:
        case: As it stands now.
        assets: The verdicts on assets that are new.
        claims: The verdicts on claims that are new.
    """

    case: Case
    assets: tuple[tuple[CaseAsset, RecordedVerdict], ...] = ()
    claims: tuple[RecordedClaimVerdict, ...] = ()


class CaseLedger(Ledger, CaseFile):
    """A ledger that cases are read from and written to."""


def judge(
    ledger: CaseLedger, case: str, ruleset: Ruleset, tool: Tool, *, why: str = entries.CHECKED
) -> Judged:
    """Judges the assets of a case against its claims, then the claims, and records what is different.

    Args:
        ledger: Where the case is.
        case: Its id.
        ruleset: Rules and words.
        tool: What judges.
        why: `entries.CHECKED`, `RECHECKED` or `REEVALUATED`: said of what supersedes.

    Raises:
        UsageError: There is no such case.
        LedgerError: It cannot be read, or nothing can be recorded.
    """
    before = load(ledger, case)
    if drafts := on_assets(before, ruleset, tool, why=why):
        ledger.append(drafts)
    between = load(ledger, case)
    if drafts := on_claims(between, ruleset, tool, why=why):
        ledger.append(drafts)
    after = load(ledger, case)
    return Judged(
        case=after,
        assets=tuple(
            (asset, verdict)
            for asset in after.assets
            for verdict in asset.verdicts
            if verdict.entry >= before.size
        ),
        claims=tuple(one for one in after.verdicts if one.entry >= before.size),
    )


def on_assets(case: Case, ruleset: Ruleset, tool: Tool, *, why: str) -> list[Draft]:
    """Returns what is to be recorded of the assets of a case: tests and verdicts that are different."""
    return [
        draft
        for asset in case.assets
        for claim in case.claims
        if is_offered(asset, claim.number)
        for draft in _on_asset(case, asset, claim, ruleset, tool, why)
    ]


def on_claims(case: Case, ruleset: Ruleset, tool: Tool, *, why: str) -> list[Draft]:
    """Returns what is to be recorded of a case as a whole: tests across its assets, verdicts on claims."""
    outcomes = tuple(_across(case))
    drafts = [
        entries.examined(case.id, outcome, tool, asset=None)
        for outcome in _different(outcomes, case.outcomes, None)
    ]
    for claim in case.claims:
        offered = [
            (asset.asset.sha256, verdict.entry, verdict.verdict)
            for asset in case.assets
            if is_offered(asset, claim.number)
            and (verdict := standing(asset, claim.number)) is not None
        ]
        verdict = reach_claim(claim.number, claim.claim, offered, outcomes, ruleset)
        earlier = [one for one in case.verdicts if one.verdict.claim == claim.number]
        if not earlier:
            drafts.append(entries.claim_judged(case.id, verdict, tool))
        elif earlier[-1].verdict != verdict:
            drafts.append(
                entries.claim_judged(
                    case.id,
                    verdict,
                    tool,
                    supersedes=earlier[-1].entry,
                    why=why,
                    changes=claim_changes(earlier[-1].verdict, verdict),
                )
            )
    return drafts


def is_offered(asset: CaseAsset, claim: int) -> bool:
    """Tells whether an asset is offered as evidence of a claim."""
    return any(not offer.claims or claim in offer.claims for offer in asset.offers)


def standing(asset: CaseAsset, claim: int) -> RecordedVerdict | None:
    """Returns the newest verdict on an asset against a claim, or None."""
    mine = [one for one in asset.verdicts if one.claim == claim]
    return mine[-1] if mine else None


def known_since(asset: CaseAsset, claim: int) -> str | None:
    """Returns the earliest time on record at which an asset was to be seen: released, published, received."""
    times = [
        *(o.released_at for o in asset.offers if o.released_at and is_offered(asset, claim)),
        *(a.at for a in asset.appearances),
        asset.received_at,
    ]
    known = [(moment.latest, time) for time in times if (moment := read_moment(time))]
    return min(known)[1] if known else None


def tested(case: Case, asset: CaseAsset, claim: NumberedClaim) -> Iterator[Outcome]:
    """Yields everything that a verdict on an asset against a claim rests on."""
    own = [r.outcome for r in asset.outcomes if r.claim is None and r.outcome.analysis not in ANEW]
    yield from own
    yield compare_time_and_place(
        own,
        asset.copies,
        claim.claim,
        asset.received_at,
        _met(asset),
        known_since(asset, claim.number),
    )
    if any(one.asset == asset.asset.sha256 for one in case.observations):
        yield compare_sky(
            asset.asset.sha256,
            claim.claim,
            case.observations,
            known_since(asset, claim.number),
            own,
        )
    notes = [note for note in case.notes if note.asset == asset.asset.sha256]
    if notes:
        yield context_of(notes)


def _on_asset(
    case: Case, asset: CaseAsset, claim: NumberedClaim, ruleset: Ruleset, tool: Tool, why: str
) -> Iterator[Draft]:
    outcomes = tuple(tested(case, asset, claim))
    verdict = reach(outcomes, claim.claim, ruleset)
    earlier = standing(asset, claim.number)
    made = [outcome for outcome in outcomes if outcome.analysis in ANEW]
    for outcome in _different(made, asset.outcomes, claim.number):
        yield entries.examined(case.id, outcome, tool, asset=asset.asset.sha256, claim=claim.number)
    if earlier is None:
        yield entries.judged(case.id, asset.asset.sha256, verdict, tool, claim=claim.number)
    elif earlier.verdict != verdict:
        yield entries.judged(
            case.id,
            asset.asset.sha256,
            verdict,
            tool,
            claim=claim.number,
            supersedes=earlier.entry,
            why=why,
            changes=changes(earlier.verdict, verdict),
        )


def _across(case: Case) -> Iterator[Outcome]:
    """What is tested over the whole case."""
    if len(case.assets) > 1:
        yield corroborate(case)
    notes = [note for note in case.notes if note.asset is None]
    if notes:
        yield context_of(notes)


def _different(
    outcomes: Sequence[Outcome], on_record: Sequence[RecordedOutcome], claim: int | None
) -> Iterator[Outcome]:
    """Yields the outcomes that are not on record just as they are."""
    known = {r.outcome.analysis: r.outcome for r in on_record if r.claim == claim}
    for outcome in outcomes:
        earlier = known.get(outcome.analysis)
        if earlier is None or plain(earlier) != plain(outcome):
            yield outcome


def _met(asset: CaseAsset) -> KnownAsset:
    return KnownAsset(
        sha256=asset.asset.sha256,
        kind=asset.asset.kind,
        name=asset.asset.name,
        first_seen=asset.received_at,
        appearances=asset.appearances,
    )
