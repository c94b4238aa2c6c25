"""schema.org: a phrase and no rating value; a MediaReview only where a person chose a category."""

from __future__ import annotations

import json
from dataclasses import replace

from forensics.exports.reviews import reviews_json
from forensics.model import CaseReport
from tests.report.cased import digest, report

SIX = {
    "OriginalMediaContent",
    "DecontextualizedContent",
    "EditedOrCroppedContent",
    "TransformedContent",
    "StagedContent",
    "SatireOrParodyContent",
}


def graph(made: CaseReport) -> list[dict]:
    document = json.loads(reviews_json(made))
    assert document["@context"] == "https://schema.org"
    return document["@graph"]


def test_a_claim_review_says_a_phrase_and_no_number():
    review = next(one for one in graph(report()) if one["@type"] == "ClaimReview")
    assert review["reviewRating"]["alternateName"] == "Not verifiable from this material"
    assert not {"ratingValue", "bestRating", "worstRating"} & set(review["reviewRating"])
    assert review["itemReviewed"]["@type"] == "Claim"
    (media,) = review["itemReviewed"]["appearance"]
    assert media["sha256"] == digest("video")
    named = {one["propertyID"]: one["value"] for one in review["identifier"]}
    assert named["entry"] == "60"
    assert named["ledger root"] == "AAAA"
    assert "verify" in named["verify"]


def test_a_media_review_carries_the_persons_category_and_the_digest():
    made = graph(report())
    review = next(one for one in made if one["@type"] == "MediaReview")
    assert review["mediaAuthenticityCategory"] in SIX
    assert review["author"]["name"] == "editor+1a2b3c4d"
    (media,) = review["itemReviewed"]["mediaItemAppearance"]
    assert media["sha256"] == digest("video")
    (claim,) = review["associatedClaimReview"]
    assert claim["@id"] in {one["@id"] for one in made}


def test_without_a_persons_category_there_is_no_media_review():
    made = report()
    (decision,) = made.case.decisions
    for kept in (
        (),
        (replace(decision, category=None),),
        (replace(decision, outcome="withdrawn"),),
    ):
        case = replace(made.case, decisions=kept)
        assert {one["@type"] for one in graph(replace(made, case=case))} == {"ClaimReview"}


def test_the_last_decision_of_a_key_counts():
    made = report()
    (decision,) = made.case.decisions
    later = replace(decision, category="StagedContent", stated=replace(decision.stated, entry=70))
    case = replace(made.case, decisions=(decision, later))
    (review,) = (one for one in graph(replace(made, case=case)) if one["@type"] == "MediaReview")
    assert review["mediaAuthenticityCategory"] == "StagedContent"


def test_the_same_bytes():
    assert reviews_json(report()) == reviews_json(report())
