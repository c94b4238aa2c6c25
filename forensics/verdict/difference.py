"""What is different between two verdicts on the same thing, in sentences. Pure, and in a fixed order.

A new ruleset alone is no difference: what it says is. The sentences are recorded with the newer verdict, so
they name what moved and why, and repeat no value from a file but the names of assets. A place named `our_…`
holds words that are messages themselves (`forensics.language.told`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forensics.model import (
    ClaimVerdict,
    OfferedAsset,
    PillarVerdict,
    Reason,
    Verdict,
)

HEADLINE = "The headline was “{our_before}” and is now “{our_after}”: {our_because}"
HEADLINE_REASON = "The headline stays “{our_after}”, for another reason: {our_because}"
STATUS = "{our_pillar}: was {our_before}, is now {our_after}. {our_reasons}"
REASON_OTHER = "{our_pillar}: stays {our_status}, for another reason: {our_reasons}"
REASON_ADDED = "{our_pillar}: stays {our_status}. A reason is new: {our_reason}"
REASON_GONE = "{our_pillar}: stays {our_status}. A reason is gone: {our_reason}"
REASON_RESTS = (
    "{our_pillar}: stays {our_status}. A reason rests on other findings than before: {our_reason}"
)
OFFERED = "Asset {asset} is new among what is offered; its support is {our_after}: {our_reason}"
NO_LONGER_OFFERED = (
    "Asset {asset} is no longer among what is offered; its support was {our_before}."
)
SUPPORT = "Asset {asset}: its support was {our_before}, is now {our_after}. {our_reason}"
SUPPORT_REASON = "Asset {asset}: its support stays {our_after}, for another reason: {our_reason}"
SUPPORT_NEWER = "Asset {asset}: its support stays {our_after}; its own verdict is a newer one."
UNCONFIRMED = "Could not be confirmed, which was not said before: {our_what}."
NOT_UNCONFIRMED = "No longer among what could not be confirmed: {our_what}."
SETTLES = "Would settle it, which was not said before: {our_what}."
NO_LONGER_SETTLES = "No longer among what would settle it: {our_what}."

_SHORT = 12
"""Digits by which an asset is named in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A pillar, or integrity, as both kinds of verdict have it."""

    name: str
    said: str
    reasons: tuple[Reason, ...]


def changes(before: Verdict, after: Verdict) -> tuple[str, ...]:
    """Returns what is different between two verdicts on one asset, one sentence each; none if nothing is."""
    return (
        *_headlines(before, after),
        *_judged(
            [*map(_pillar, before.pillars), _integrity(before)],
            [*map(_pillar, after.pillars), _integrity(after)],
        ),
        *_lists(before, after),
    )


def claim_changes(before: ClaimVerdict, after: ClaimVerdict) -> tuple[str, ...]:
    """Returns what is different between two verdicts on one claim, one sentence each; none if nothing is."""
    return (
        *_headlines(before, after),
        *_support(before.assets, after.assets),
        *_judged(
            list(map(_pillar, before.pillars)), list(map(_pillar, after.pillars)), grounds=False
        ),
        *_lists(before, after),
    )


def _headlines(before: Verdict | ClaimVerdict, after: Verdict | ClaimVerdict) -> Iterator[str]:
    if before.verifiability is not after.verifiability:
        yield HEADLINE.format(
            our_before=before.verifiability,
            our_after=after.verifiability,
            our_because=after.because,
        )
    elif before.because != after.because:
        yield HEADLINE_REASON.format(our_after=after.verifiability, our_because=after.because)


def _pillar(one: PillarVerdict) -> _Judged:
    return _Judged(name=one.pillar.value, said=one.status.value, reasons=one.reasons)


def _integrity(verdict: Verdict) -> _Judged:
    one = verdict.integrity
    return _Judged(name="integrity", said=one.phrase.value, reasons=one.reasons)


def _judged(
    before: Sequence[_Judged], after: Sequence[_Judged], *, grounds: bool = True
) -> Iterator[str]:
    """What moved of pillars; on what a reason rests only with `grounds`: of claims, their assets tell it."""
    for old, new in zip(before, after, strict=True):
        if old.said != new.said:
            yield STATUS.format(
                our_pillar=new.name.capitalize(),
                our_before=old.said,
                our_after=new.said,
                our_reasons=_joined(new.reasons),
            )
        else:
            yield from _reasons(old, new, grounds=grounds)


def _reasons(old: _Judged, new: _Judged, *, grounds: bool) -> Iterator[str]:
    """Of a pillar that kept its status, the reasons: compared by what they say, then by what they rest on."""
    known: dict[str, list[Reason]] = {}
    for reason in old.reasons:
        known.setdefault(reason.text, []).append(reason)
    stays = {"our_pillar": new.name.capitalize(), "our_status": new.said}
    if known.keys().isdisjoint(reason.text for reason in new.reasons):
        yield REASON_OTHER.format(**stays, our_reasons=_joined(new.reasons))
        return
    for reason in new.reasons:
        earlier = known.get(reason.text)
        if not earlier:
            yield REASON_ADDED.format(**stays, our_reason=reason.text)
        elif earlier.pop(0).findings != reason.findings and grounds:
            yield REASON_RESTS.format(**stays, our_reason=reason.text)
    for reason in (one for left in known.values() for one in left):
        yield REASON_GONE.format(**stays, our_reason=reason.text)


def _joined(reasons: Sequence[Reason]) -> str:
    return " ".join(reason.text for reason in reasons)


def _support(before: Sequence[OfferedAsset], after: Sequence[OfferedAsset]) -> Iterator[str]:
    known = {one.asset: one for one in before}
    for new in after:
        old = known.pop(new.asset, None)
        said = {
            "asset": _short(new.asset),
            "our_after": new.support.value,
            "our_reason": new.reason,
        }
        if old is None:
            yield OFFERED.format(**said)
        elif old.support is not new.support:
            yield SUPPORT.format(**said, our_before=old.support.value)
        elif (old.reason, old.because) != (new.reason, new.because):
            yield SUPPORT_REASON.format(**said)
        elif old.verdict != new.verdict:
            yield SUPPORT_NEWER.format(**said)
    for gone in known.values():
        yield NO_LONGER_OFFERED.format(asset=_short(gone.asset), our_before=gone.support.value)


def _short(asset: str) -> str:
    return asset[:_SHORT]


def _lists(before: Verdict | ClaimVerdict, after: Verdict | ClaimVerdict) -> Iterator[str]:
    pairs = (
        (before.could_not_be_confirmed, after.could_not_be_confirmed, UNCONFIRMED, NOT_UNCONFIRMED),
        (before.would_settle_it, after.would_settle_it, SETTLES, NO_LONGER_SETTLES),
    )
    for old, new, added, gone in pairs:
        yield from (added.format(our_what=what) for what in new if what not in old)
        yield from (gone.format(our_what=what) for what in old if what not in new)
