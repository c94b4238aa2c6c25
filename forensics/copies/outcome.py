"""What the search for earlier copies amounts to, in the form that the verdict and every report read.

Matching says that two assets share pictures. It does not say which came first: that is known, if at all,
from where and when each was published, and is tested against a claim elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from forensics.model.asset import Asset, MediaKind
from forensics.model.copy import Copy, CopySpan, Relation, Searched
from forensics.model.finding import (
    Caveat,
    Diagnostic,
    Direction,
    Finding,
    Measurement,
    Pillar,
    Quantity,
    Where,
)
from forensics.model.outcome import Outcome, Ran
from forensics.model.questions import SEEN_BEFORE

NAME = "earlier-copies"
VERSION = 1
EXAMINES = (Pillar.PROVENANCE, Pillar.DATE)

QUANTITIES = (
    Quantity(key="asset", unit="text", meaning="First 12 digits of the other asset's SHA-256."),
    Quantity(key="asset-sha256", unit="text", meaning="The other asset's SHA-256."),
    Quantity(key="relation", unit="text", meaning="How the two assets are alike."),
    Quantity(
        key="first-seen", unit="time", meaning="When this ledger first recorded the other asset."
    ),
    Quantity(
        key="spans", unit="text", meaning="Where the two agree, in seconds from the start of each."
    ),
    Quantity(key="pairs", unit="count", meaning="How many pairs of sampled pictures agree."),
    Quantity(
        key="distance",
        unit="bits",
        meaning="Median of the differing bits over the pairs that agree; 0 for equal streams.",
    ),
    Quantity(key="scheme", unit="text", meaning="What was compared, with its version."),
    Quantity(key="transform", unit="text", meaning="What was done to the pictures, in words."),
    Quantity(
        key="name", unit="text", meaning="The other asset's file name as received.", personal=True
    ),
    Quantity(key="signatures", unit="count", meaning="Signatures of other assets in the index."),
    Quantity(key="assets", unit="count", meaning="Other assets in the index."),
    Quantity(key="queries", unit="count", meaning="Signatures of this asset that were asked for."),
    Quantity(
        key="skipped",
        unit="count",
        meaning="Sampled pictures with too little in them to be searched for.",
    ),
    Quantity(
        key="schemes", unit="text", meaning="Schemes compared, each with the bits that may differ."
    ),
)

CAVEATS = (
    Caveat(
        id="missed-edits",
        text=(
            "Codes of whole pictures miss copies that were cropped, mirrored, rotated, framed, shown "
            "inside another picture or filmed from a screen, and passages too short to hold two distinct "
            "sampled pictures. Sound is compared only as a coded stream."
        ),
    ),
    Caveat(
        id="same-scene",
        text=(
            "Two recordings of one scene from one viewpoint, taken at different times, can agree as a copy "
            "does. Compare the pairs of pictures by eye."
        ),
    ),
    Caveat(
        id="earliest-found",
        text=(
            "Only what this ledger has met is searched. The earliest copy found is not the earliest that "
            "exists, and none found does not show that there is none."
        ),
    ),
    Caveat(
        id="which-first",
        text=(
            "Agreement does not say which of two assets came first: the one met later may be the source "
            "of the other."
        ),
    ),
    Caveat(
        id="common-material",
        text=(
            "Stock footage, idents, maps and agency pictures are used by many. Sharing them says where "
            "pictures come from, not that a report about them is wrong. Silent tracks of equal length "
            "can be bit for bit the same without a common source."
        ),
    ),
)

_SHORT = 12
_SAID = 10
"""Passages said in the sentence; a report's list of copies has all of them."""


def as_outcome(
    copies: Sequence[Copy], searched: Searched, asset: Asset, received_at: str
) -> Outcome:
    """Returns the outcome "earlier-copies".

    Args:
        copies: As found, strongest first.
        searched: What was looked through.
        asset: The asset in hand.
        received_at: RFC 3339 time at which it was first received here.

    Returns:
        One `copy-found` for each copy; `nothing-searchable` where no picture could be asked with;
        `no-copy` where pictures were asked with and nothing was found.
    """
    findings = [_copy_found(copy, received_at) for copy in copies]
    if not searched.queries:
        findings.append(_nothing_searchable(searched, asset))
    elif not copies:
        findings.append(_no_copy(searched))
    return Outcome(
        analysis=NAME,
        version=VERSION,
        examines=EXAMINES,
        result=Ran(findings=tuple(findings)),
        parameters={
            f"radius {scheme}": f"{radius} bits"
            for scheme, radius in zip(searched.schemes, searched.radius, strict=True)
        },
    )


def _copy_found(copy: Copy, received_at: str) -> Finding:
    earlier = copy.asset.first_seen <= received_at  # RFC 3339 in UTC sorts as text
    after = "" if earlier else ", after this one"
    streams = copy.relation is Relation.SAME_STREAM
    counted = (
        "" if streams else "; {pairs} pairs of pictures agree, {distance} bits apart at the median"
    )
    where = " ({spans})" if copy.spans else ""
    values = (
        _text("asset", copy.asset.sha256[:_SHORT]),
        _text("asset-sha256", copy.asset.sha256),
        _text("relation", copy.relation.value),
        Measurement(key="first-seen", value=copy.asset.first_seen, unit="time"),
        *_passages(copy.spans),
        *(() if streams else (_count("pairs", copy.pairs),)),
        Measurement(key="distance", value=copy.distance, unit="bits"),
        _text("scheme", copy.scheme),
        _text("transform", copy.transform),
        Measurement(key="name", value=copy.asset.name, unit="text", personal=True),
    )
    return Finding(
        id="copy-found",
        template=(
            f"Another asset, {{asset}}, first met here at {{first-seen}}{after}, carries "
            f"{_shared(copy)}{where}{counted}. Change between them: {{transform}}."
        ),
        measurements=values,
        question=SEEN_BEFORE,
        direction=Direction.SUPPORTS_H1 if earlier else Direction.NEUTRAL,
        # That the two agree is seen; which of them came first is not.
        diagnostic=Diagnostic.UNKNOWN,
        caveats=CAVEATS,
    )


def _shared(copy: Copy) -> str:
    return (
        "a coded stream of this one"
        if copy.relation is Relation.SAME_STREAM
        else "the same pictures"
    )


def _no_copy(searched: Searched) -> Finding:
    return Finding(
        id="no-copy",
        template=(
            "No copy was found among {signatures} signatures of {assets} other assets, compared with "
            "{queries} signatures of this one by {schemes}; an earlier copy elsewhere is not excluded. "
            "Sampled pictures with too little in them, left out: {skipped}."
        ),
        measurements=_extent(searched),
        question=SEEN_BEFORE,
        direction=Direction.NEUTRAL,
        diagnostic=Diagnostic.UNKNOWN,
        caveats=CAVEATS,
    )


def _nothing_searchable(searched: Searched, asset: Asset) -> Finding:
    why = (
        "Sound is compared only by its coded stream"
        if asset.kind is MediaKind.AUDIO
        else "No sampled picture of this asset has enough in it to be searched for ({skipped} left out)"
    )
    return Finding(
        id="nothing-searchable",
        template=f"{why}: beyond equal coded streams, nothing was looked for among {{assets}} other assets.",
        measurements=_extent(searched),
        question=SEEN_BEFORE,
        direction=Direction.NEUTRAL,
        diagnostic=Diagnostic.NO,
        caveats=CAVEATS,
    )


def _extent(searched: Searched) -> tuple[Measurement, ...]:
    schemes = (
        f"{scheme} (up to {radius} bits)"
        for scheme, radius in zip(searched.schemes, searched.radius, strict=True)
    )
    return (
        _count("signatures", searched.signatures),
        _count("assets", searched.assets),
        _count("queries", searched.queries),
        _count("skipped", searched.skipped),
        _text("schemes", " and ".join(schemes)),
    )


def _passages(spans: Sequence[CopySpan]) -> list[Measurement]:
    said = [_span(span) for span in spans[:_SAID]]
    more = len(spans) - len(said)
    return [*said, _text("spans", f"{more} more")] if more else said


def _span(span: CopySpan) -> Measurement:
    here, there = (
        f"{_seconds(side.start)} to {_seconds(side.end)} s"
        if side.start != side.end
        else f"{_seconds(side.start)} s"
        for side in (span.query, span.copy)
    )
    return Measurement(
        key="spans",
        value=f"{here} here is {there} there",
        unit="text",
        where=Where(start=span.query.start, end=span.query.end),
    )


def _seconds(value: Fraction) -> str:
    """Returns seconds to the nearest tenth, "12.3"; exact halves go to the even tenth."""
    tenths = round(value * 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def _text(key: str, value: str) -> Measurement:
    return Measurement(key=key, value=value, unit="text")


def _count(key: str, value: int) -> Measurement:
    return Measurement(key=key, value=value, unit="count")
