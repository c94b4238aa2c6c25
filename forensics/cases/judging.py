"""What is judged anew in a case, from what is on record: verdicts on its assets, then on its claims. Pure.

Assets come first and are recorded, claims after that, so that a verdict on a claim names the entries of the
verdicts that it rests on. Nothing is written where nothing is different from what stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forensics.cases import entries
from forensics.cases.context import context, nothing_left
from forensics.claims import sky, time_and_place
from forensics.claims.corroborate import corroborate
from forensics.language import noted
from forensics.model import (
    Case,
    CaseAsset,
    Draft,
    KnownAsset,
    NumberedClaim,
    Outcome,
    RecordedClaimVerdict,
    RecordedOutcome,
    RecordedVerdict,
    Tool,
)
from forensics.model.moment import read_moment
from forensics.verdict.claims import Offered, reach_claim
from forensics.verdict.difference import changes, claim_changes
from forensics.verdict.engine import reach
from forensics.verdict.ruleset import Ruleset
from forensics.verdict.speaking import CONTEXT

FOR_CLAIMS = frozenset({time_and_place.NAME, sky.NAME, CONTEXT})
"""Outcomes of an asset that are made for a claim, from what is on record: made anew when it is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is new of a case.

    Attributes:
        drafts: To be recorded, in this order; none: nothing is different.
        changed: What is different, one sentence each, each naming its asset or its claim.
    """

    drafts: tuple[Draft, ...]
    changed: tuple[str, ...]


def offered_for(case: Case, asset: CaseAsset) -> list[NumberedClaim | None]:
    """Returns the claims that an asset is offered for; of a case without claims, None: the file itself."""
    named = {number for offer in asset.offers for number in offer.claims}
    every = not all(offer.claims for offer in asset.offers)
    claims = [c for c in case.claims if every or c.number in named]
    return [*claims] if claims else [None]


def resting_on(
    outcomes: Sequence[RecordedOutcome], claim: int | None
) -> tuple[RecordedOutcome, ...]:
    """Returns what a verdict on a claim rests on: of each analysis what was made for it, else for none."""
    found: dict[str, RecordedOutcome] = {}
    for one in outcomes:
        if one.claim == claim or (one.claim is None and one.outcome.analysis not in found):
            found[one.outcome.analysis] = one
    return tuple(found.values())


def standing(asset: CaseAsset, claim: int | None) -> RecordedVerdict | None:
    """Returns the verdict on an asset that stands in a case for a claim, or None."""
    return next((v for v in reversed(asset.verdicts) if v.claim == claim), None)


def made_for(case: Case, asset: CaseAsset, claim: NumberedClaim | None) -> tuple[Outcome, ...]:
    """Returns the outcomes that are made from what is on record: times and places, sky, context."""
    number = None if claim is None else claim.number
    own = [
        one.outcome
        for one in resting_on(asset.outcomes, None)
        if one.outcome.analysis not in FOR_CLAIMS
    ]
    stated = None if claim is None else claim.claim
    known = KnownAsset(
        sha256=asset.asset.sha256,
        kind=asset.asset.kind,
        name=asset.asset.name,
        first_seen=asset.received_at,
        appearances=asset.appearances,
    )
    released = [o.released_at for o in asset.offers if not o.claims or number in o.claims]
    tested = time_and_place.compare_time_and_place(
        own,
        asset.copies,
        stated,
        asset.received_at,
        known,
        min((time for time in released if time), default=None),
    )
    made = [tested]
    there = {one.outcome.analysis for one in resting_on(asset.outcomes, number)}
    # What stands on record of readings and notes that were all withdrawn is made anew as well.
    if sky.NAME in there or any(o.asset == asset.asset.sha256 for o in case.observations):
        since = known_since(asset, claim)
        made.append(sky.compare_sky(asset.asset.sha256, stated, case.observations, since, own))
    notes = context(case.notes, asset.asset.sha256) or (
        nothing_left() if CONTEXT in there else None
    )
    return (*made, notes) if notes else tuple(made)


def known_since(asset: CaseAsset, claim: NumberedClaim | None) -> str:
    """Returns the earliest time since which material is known: release, appearance or receipt here."""
    number = None if claim is None else claim.number
    times = [
        asset.received_at,
        *(o.released_at for o in asset.offers if not o.claims or number in o.claims),
        *(a.at for a in asset.appearances),
        claim.claim.released_at if claim else None,
    ]
    known = [moment for time in times if time and (moment := read_moment(time))]
    first = min(known, key=lambda moment: moment.latest, default=None)
    return asset.received_at if first is None else first.text


def judge_assets(
    case: Case, ruleset: Ruleset, tool: Tool, *, why: str = entries.CHECKED, anew: bool = True
) -> Judged:
    """Returns what is to be recorded of the assets of a case.

    Args:
        case: As it is on record.
        ruleset: By which it is judged.
        tool: What judges.
        why: `entries.CHECKED`, `RECHECKED` or `REEVALUATED`.
        anew: Make the outcomes for claims anew from what is on record; else take them as they were recorded.
    """
    drafts: list[Draft] = []
    changed: list[str] = []
    for asset in case.assets:
        for claim in offered_for(case, asset):
            number = None if claim is None else claim.number
            recorded = resting_on(asset.outcomes, number)
            made = made_for(case, asset, claim) if anew else ()
            names = {one.analysis for one in made}
            drafts += _outcomes(case, asset, number, recorded, made, tool)
            kept = [one.outcome for one in recorded if one.outcome.analysis not in names]
            verdict = reach([*kept, *made], claim.claim if claim else None, ruleset)
            before = standing(asset, number)
            told = changes(before.verdict, verdict) if before else ()
            told = (*_corrected(claim, before), *told)
            if before is None or told:
                sha256 = asset.asset.sha256
                draft = entries.judged(
                    case.id,
                    sha256,
                    verdict,
                    tool,
                    claim=number,
                    supersedes=before.entry if before else None,
                    why=why,
                    changes=told,
                )
                drafts.append(draft)
                name = _named(case, asset, number)
                changed += [f"{name}: {one}" for one in told]
    return Judged(drafts=tuple(drafts), changed=tuple(changed))


def case_outcomes(case: Case) -> tuple[Outcome, ...]:
    """Returns the outcomes made for the whole case from what is on record: corroboration, context."""
    there = {one.outcome.analysis for one in case.outcomes}
    notes = context(case.notes, None) or (nothing_left() if CONTEXT in there else None)
    compared = corroborate(case)
    return (compared, notes) if notes else (compared,)


def offered_verdicts(case: Case, claim: int) -> list[Offered]:
    """Returns the standing verdicts on the assets that are offered for a claim, in the order of offering."""
    found: list[Offered] = []
    for asset in case.assets:
        numbers = {c.number for c in offered_for(case, asset) if c is not None}
        its_own = standing(asset, claim)
        if claim in numbers and its_own is not None:
            found.append((asset.asset.sha256, its_own.entry, its_own.verdict))
    return found


def asset_notes(case: Case, claim: int) -> list[Outcome]:
    """Returns people's notes on the assets that are judged for a claim, as they are on record of each."""
    judged = {sha256 for sha256, _, _ in offered_verdicts(case, claim)}
    return [
        one.outcome
        for asset in case.assets
        if asset.asset.sha256 in judged
        for one in resting_on(asset.outcomes, claim)
        if one.outcome.analysis == CONTEXT
    ]


def judge_claims(
    case: Case, ruleset: Ruleset, tool: Tool, *, why: str = entries.CHECKED, anew: bool = True
) -> Judged:
    """Returns what is to be recorded of the claims of a case; the arguments are those of `judge_assets`.

    Raises:
        UsageError: The ruleset is older than verdicts on claims.
    """
    drafts: list[Draft] = []
    changed: list[str] = []
    made = case_outcomes(case) if anew else ()
    drafts += _outcomes(case, None, None, case.outcomes, made, tool)
    names = {one.analysis for one in made}
    kept = [one.outcome for one in case.outcomes if one.outcome.analysis not in names]
    for claim in case.claims:
        given = offered_verdicts(case, claim.number)
        on_assets = asset_notes(case, claim.number)
        verdict = reach_claim(claim.number, claim.claim, given, [*kept, *made, *on_assets], ruleset)
        before = next((v for v in reversed(case.verdicts) if v.verdict.claim == claim.number), None)
        told = claim_changes(before.verdict, verdict) if before else ()
        told = (*_corrected(claim, before), *told)
        if before is None or told:
            draft = entries.claim_judged(
                case.id,
                verdict,
                tool,
                supersedes=before.entry if before else None,
                why=why,
                changes=told,
            )
            drafts.append(draft)
            changed += [f"Claim {case.id}/{claim.number}: {one}" for one in told]
    return Judged(drafts=tuple(drafts), changed=tuple(changed))


def _corrected(
    claim: NumberedClaim | None, before: RecordedVerdict | RecordedClaimVerdict | None
) -> tuple[str, ...]:
    """What to say where the claim was recorded anew after the verdict that stands."""
    if claim is None or before is None or claim.stated.entry < before.entry:
        return ()
    return (noted("The claim was corrected."),)


def _outcomes(
    case: Case,
    asset: CaseAsset | None,
    claim: int | None,
    recorded: Sequence[RecordedOutcome],
    made: Sequence[Outcome],
    tool: Tool,
) -> Iterator[Draft]:
    """Drafts of the outcomes that say something else than what is on record for the same claim."""
    there = {one.outcome.analysis: one.outcome for one in recorded if one.claim == claim}
    sha256 = None if asset is None else asset.asset.sha256
    for outcome in made:
        if not same(there.get(outcome.analysis), outcome):
            yield entries.examined(case.id, outcome, tool, asset=sha256, claim=claim)


def same(before: Outcome | None, after: Outcome) -> bool:
    """Tells whether an outcome on record says what a new one does, but for where exhibits lie."""
    return before is not None and _said(before) == _said(after)


def _said(outcome: Outcome) -> tuple[object, ...]:
    findings = [
        (
            f.id,
            f.template,
            [(m.key, str(m.value), m.unit, m.where) for m in f.measurements],
            f.question and f.question.id,
            f.direction,
            f.diagnostic,
            [c.id for c in f.caveats],
            [e.sha256 for e in f.exhibits],
        )
        for f in outcome.findings
    ]
    parameters = dict(outcome.parameters)
    return outcome.version, outcome.status, outcome.why, parameters, findings


def _named(case: Case, asset: CaseAsset, claim: int | None) -> str:
    """An asset, and the claim that it is judged for, if there is one."""
    name = f"Asset {asset.asset.sha256[:12]}"
    return name if claim is None else f"{name}, as evidence of claim {case.id}/{claim}"
