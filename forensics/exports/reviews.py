"""A case as schema.org's ClaimReview and MediaReview, in JSON-LD, bound to the files by their SHA-256.

A ClaimReview says the headline as a phrase; no rating value is given, since a verdict has none. A
MediaReview is written only where a person chose a category in a signed decision: schema.org has none for
"cannot be verified", and none is ever derived from the machine's verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forensics.exports.jsonld import dumped, present
from forensics.model import (
    Case,
    CaseAsset,
    CaseReport,
    ClaimVerdict,
    Head,
    HumanDecision,
    MediaKind,
    Pillar,
    Verifiability,
)
from forensics.report.casefacts import ClaimView, views

_HEADLINES = {
    Verifiability.CONTRADICTED: "Contradicted",
    Verifiability.NOT_VERIFIABLE: "Not verifiable from this material",
    Verifiability.PARTLY_CORROBORATED: "Partly corroborated",
    Verifiability.CORROBORATED: "Corroborated",
}
_TYPES = {
    MediaKind.VIDEO: "VideoObject",
    MediaKind.IMAGE: "ImageObject",
    MediaKind.AUDIO: "AudioObject",
}


def reviews_json(report: CaseReport) -> bytes:
    """Returns the reviews of a case as one JSON-LD document."""
    return dumped({"@context": "https://schema.org", "@graph": list(_reviews(report))})


def _reviews(report: CaseReport) -> Iterator[dict[str, Any]]:
    case, head = report.case, report.head
    for view in views(case):
        if view.standing is not None:
            yield _claim_review(case, view, head)
    for asset in case.assets:
        for decision in _categorised(case, asset):
            yield _media_review(case, asset, decision, head)


def _claim_review(case: Case, view: ClaimView, head: Head) -> dict[str, Any]:
    claim, standing = view.claim.claim, view.standing
    assert standing is not None  # noqa: S101 - the caller has seen to it
    verdict = standing.verdict
    media = [
        {"@id": _media_id(case, asset, decision)}
        for asset in view.assets
        for decision in _categorised(case, asset)
    ]
    return present(
        {
            "@type": "ClaimReview",
            "@id": _claim_id(case, view.claim.number),
            "claimReviewed": claim.statement,
            "datePublished": standing.at,
            "author": _author(head),
            "itemReviewed": present(
                {
                    "@type": "Claim",
                    "text": claim.statement,
                    "author": {"@type": "Thing", "name": claim.by},
                    "datePublished": claim.first_said_at,
                    "firstAppearance": claim.said_where
                    and {"@type": "CreativeWork", "url": claim.said_where},
                    "appearance": [_media(asset) for asset in view.assets] or None,
                }
            ),
            "reviewRating": {
                "@type": "Rating",
                "alternateName": _HEADLINES[verdict.verifiability],
                "ratingExplanation": verdict.because,
            },
            "reviewBody": _body(view, verdict),
            "associatedMediaReview": media or None,
            "identifier": _identifiers(head, standing.entry),
        }
    )


def _media_review(
    case: Case, asset: CaseAsset, decision: HumanDecision, head: Head
) -> dict[str, Any]:
    numbers = {v.claim for v in asset.verdicts if v.entry == decision.on and v.claim is not None}
    claims = [{"@id": _claim_id(case, number)} for number in sorted(numbers)]
    date = decision.pillars.get(Pillar.DATE)
    earliest = _earliest(asset)
    return present(
        {
            "@type": "MediaReview",
            "@id": _media_id(case, asset, decision),
            "datePublished": decision.stated.at,
            "author": {"@type": "Person", "name": decision.key},
            "mediaAuthenticityCategory": decision.category,
            "originalMediaContextDescription": decision.words or None,
            "originalMediaLink": earliest,
            "itemReviewed": {"@type": "MediaReviewItem", "mediaItemAppearance": [_media(asset)]},
            "reviewAspect": None if date is None else f"date: {date.value}",
            "associatedClaimReview": claims or None,
            "identifier": _identifiers(head, decision.stated.entry),
        }
    )


def _media(asset: CaseAsset) -> dict[str, Any]:
    offer = asset.offers[0] if asset.offers else None
    return present(
        {
            "@type": _TYPES.get(asset.asset.kind, "MediaObject"),
            "@id": f"urn:sha256:{asset.asset.sha256}",
            "name": asset.asset.name,
            "sha256": asset.asset.sha256,
            "contentSize": str(asset.asset.size),
            "encodingFormat": asset.asset.mime,
            "contentUrl": offer.url if offer else None,
            "uploadDate": offer.released_at if offer else None,
            "publisher": offer.publisher and {"@type": "Organization", "name": offer.publisher}
            if offer
            else None,
        }
    )


def _categorised(case: Case, asset: CaseAsset) -> list[HumanDecision]:
    """The decisions that stand on verdicts of an asset and name a category: of each key the last."""
    mine = {verdict.entry for verdict in asset.verdicts}
    last = {one.key: one for one in case.decisions if one.on in mine}
    return [one for one in last.values() if one.category and one.outcome != "withdrawn"]


def _earliest(asset: CaseAsset) -> str | None:
    """Where the same material was seen first, of what is on record and has an address."""
    seen = [(a.at, a.url) for copy in asset.copies for a in copy.asset.appearances if a.url]
    return min(seen)[1] if seen else None


def _author(head: Head) -> dict[str, Any]:
    return {"@type": "Organization", "name": head.origin}


def _identifiers(head: Head, entry: int) -> list[dict[str, str]]:
    """Where the same is recorded, and how it is verified."""
    values = {
        "ledger": head.origin,
        "ledger key": head.vkey,
        "ledger size": str(head.size),
        "ledger root": head.root,
        "entry": str(entry),
        "verify": f"forensics ledger verify; forensics ledger show {entry}",
    }
    return [
        {"@type": "PropertyValue", "propertyID": key, "value": value}
        for key, value in values.items()
        if value
    ]


def _body(view: ClaimView, verdict: ClaimVerdict) -> str:
    """What each file lends, then the two lists."""
    parts = []
    for asset in view.assets:
        if lent := view.lends(asset):
            why = " ".join(reason.text for reason in lent.because)
            parts.append(f"{asset.asset.name}: {lent.reason} {why}".rstrip())
    if verdict.could_not_be_confirmed:
        parts.append(f"Could not be confirmed: {'; '.join(verdict.could_not_be_confirmed)}.")
    if verdict.would_settle_it:
        parts.append(f"Would settle it: {'; '.join(verdict.would_settle_it)}.")
    return " ".join(parts)


def _claim_id(case: Case, number: int) -> str:
    return f"urn:forensics:claim-review:{case.id}:{number}"


def _media_id(case: Case, asset: CaseAsset, decision: HumanDecision) -> str:
    return f"urn:forensics:media-review:{case.id}:{asset.asset.sha256}:{decision.stated.entry}"
