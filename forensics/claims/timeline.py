"""What is on record of a case, in order: event, claim, releases, files' own dates, appearances, receipt.

A time without a zone lies in an interval; it is put in order by its earliest instant and shown as it was
stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from forensics.model import Case, CaseAsset, Finding, Sha256
from forensics.model.moment import Moment, read_moment


class When(StrEnum):
    """What happened, or is said to have happened, at a time."""

    EVENT_BEGINS = "event-begins"
    EVENT_ENDS = "event-ends"
    SAID = "first-said"
    RELEASED = "released"
    STATED = "stated"
    """By a file, of its recording."""
    SEEN = "seen"
    """Published, captured by an archive or listed: it or another asset with the same material."""
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """Something at a time.

    Attributes:
        at: When.
        what: What.
        claim: Number of the claim that it belongs to, or None.
        asset: The asset that it belongs to, or None.
        other: Another asset with the same material, where that was seen; else None.
        entry: Index of the entry that says so, or None where it is read from an outcome.
    """

    at: Moment
    what: When
    claim: int | None = None
    asset: Sha256 | None = None
    other: Sha256 | None = None
    entry: int | None = None


def timeline(case: Case) -> tuple[Instant, ...]:
    """Returns everything that has a time, in order; the order of assets and claims decides nothing."""
    found = {*_claimed(case), *(one for asset in case.assets for one in _of_asset(asset))}
    return tuple(sorted(found, key=_order))


def stated_times(asset: CaseAsset) -> tuple[Moment, ...]:
    """Returns the times of recording that a file states: of capture, or where it has none of creation."""
    told = [m for f in findings(asset, "metadata", "dates-stated") for m in f.measurements]
    keys = {"captured", "satellite"}
    if not any(m.key == "captured" for m in told):
        keys.add("created")
    moments = (read_moment(str(m.value)) for m in told if m.key in keys)
    return tuple(m for m in moments if m is not None)


def findings(asset: CaseAsset, analysis: str, id: str) -> Sequence[Finding]:  # noqa: A002 - the model's word
    """Returns the findings of a kind that the newest outcome of an analysis has."""
    return [
        f
        for one in asset.outcomes
        if one.outcome.analysis == analysis
        for f in one.outcome.findings
        if f.id == id
    ]


def _claimed(case: Case) -> Iterator[Instant]:
    for one in case.claims:
        for what, text in (
            (When.EVENT_BEGINS, one.claim.event_from),
            (When.EVENT_ENDS, one.claim.event_to),
            (When.SAID, one.claim.first_said_at),
            (When.RELEASED, one.claim.released_at),
        ):
            at = read_moment(text) if text else None
            if at:
                yield Instant(at=at, what=what, claim=one.number, entry=one.stated.entry)


def _of_asset(asset: CaseAsset) -> Iterator[Instant]:
    sha256 = asset.asset.sha256
    for offer in asset.offers:
        at = read_moment(offer.released_at) if offer.released_at else None
        if at:
            yield Instant(at=at, what=When.RELEASED, asset=sha256, entry=offer.stated.entry)
    for moment in stated_times(asset):
        yield Instant(at=moment, what=When.STATED, asset=sha256)
    for appearance in asset.appearances:
        at = read_moment(appearance.at)
        if at and appearance.what != "received":
            yield Instant(at=at, what=When.SEEN, asset=sha256)
    for copy in asset.copies:
        for appearance in copy.asset.appearances:
            at = read_moment(appearance.at)
            if at and appearance.what != "received":
                yield Instant(at=at, what=When.SEEN, asset=sha256, other=copy.asset.sha256)
    received = read_moment(asset.received_at)
    if received:
        yield Instant(at=received, what=When.RECEIVED, asset=sha256)


def _order(one: Instant) -> tuple[object, ...]:
    return (
        one.at.earliest,
        one.at.latest,
        list(When).index(one.what),
        one.claim or 0,
        one.asset or "",
        one.other or "",
        one.entry or 0,
        one.at.text,
    )
