"""The copies of the drone case, and the verdict on it."""

from __future__ import annotations

from fractions import Fraction

from forensics.model import (
    Appearance,
    Claim,
    Copy,
    CopySpan,
    Integrity,
    IntegrityPhrase,
    KnownAsset,
    MediaKind,
    Pillar,
    PillarVerdict,
    Place,
    Reason,
    Relation,
    Sha256,
    Span,
    Status,
    Verdict,
    Verifiability,
)
from tests.report.pictured import digest


def copy() -> Copy:
    return Copy(
        relation=Relation.COPY,
        asset=KnownAsset(
            sha256=Sha256(digest("earlier")),
            kind=MediaKind.VIDEO,
            name="упавший дрон август.mp4",
            first_seen="2025-08-14T09:30:00Z",
            appearances=(
                Appearance(
                    what="published",
                    at="2025-08-12T18:04:00Z",
                    url="https://video.example/watch?v=8Jx2",
                    publisher="North District Channel",
                    by="desk@archive.example",
                ),
                Appearance(what="received", at="2025-08-14T09:30:00Z", by="forensics"),
            ),
        ),
        spans=(
            CopySpan(
                query=Span(start=Fraction(0), end=Fraction(6)),
                copy=Span(start=Fraction(41, 5), end=Fraction(71, 5)),
            ),
            CopySpan(
                query=Span(start=Fraction(13, 2), end=Fraction(25, 2)),
                copy=Span(start=Fraction(26), end=Fraction(32)),
            ),
        ),
        transform="scaled to 0.67, cropped at the right and below",
        distance=14,
        pairs=12,
        scheme="pdq/1",
        frames=(Fraction(1041, 200), Fraction(2681, 200)),
    )


def scene() -> Copy:
    return Copy(
        relation=Relation.SAME_SCENE,
        asset=KnownAsset(
            sha256=Sha256(digest("scene")),
            kind=MediaKind.IMAGE,
            name="snowfield.jpg",
            first_seen="2025-11-02T10:00:00Z",
            appearances=(Appearance(what="received", at="2025-11-02T10:00:00Z", by="forensics"),),
        ),
        spans=(),
        transform="none seen",
        distance=27,
        pairs=1,
        scheme="phash/1",
    )


def reason(text: str, rule: str, *findings: str) -> Reason:
    return Reason(text=text, rule=rule, findings=findings)


def verdict() -> Verdict:
    def pillar(name: Pillar, status: Status, *reasons: Reason) -> PillarVerdict:
        return PillarVerdict(pillar=name, status=status, reasons=reasons)

    return Verdict(
        ruleset="forensics-rules/1",
        verifiability=Verifiability.NOT_VERIFIABLE,
        about="claim",
        because=(
            "The footage was seen months before the stated night, so it does not support the claim, "
            "and nothing else here bears on the event."
        ),
        pillars=(
            pillar(
                Pillar.PROVENANCE,
                Status.CONTRADICTED,
                reason(
                    "An earlier, longer copy of the same pictures is known.",
                    "copy-precedes",
                    "earlier-copies/earlier-copy",
                ),
                reason(
                    "The container was written by software, not by the named device.",
                    "re-muxed",
                    "container-structure/re-muxed",
                ),
            ),
            pillar(
                Pillar.SOURCE,
                Status.UNDETERMINED,
                reason(
                    "A device is named, which would be expected either way.",
                    "device-is-not-diagnostic",
                    "metadata/device-named",
                ),
            ),
            pillar(
                Pillar.DATE,
                Status.CONTRADICTED,
                reason(
                    "A copy was first seen before the stated time of the event.",
                    "copy-precedes-event",
                    "earlier-copies/earlier-copy",
                    "metadata/written-at",
                ),
            ),
            pillar(
                Pillar.LOCATION,
                Status.UNDETERMINED,
                reason(
                    "A place is stated, and nothing in the pictures was found that tests it.",
                    "place-untested",
                    "metadata/place-stated",
                ),
            ),
            pillar(
                Pillar.MOTIVATION,
                Status.NOT_EXAMINED,
                reason("Only a person can set this.", "motivation-by-person"),
            ),
        ),
        integrity=Integrity(
            phrase=IntegrityPhrase.INCONSISTENT,
            reasons=(
                reason(
                    "The container was written again after the recording.",
                    "re-muxed",
                    "container-structure/re-muxed",
                ),
            ),
        ),
        claim=Claim(
            statement=(
                "Ninety-one attack drones were launched from the Sumy and Chernihiv regions "
                "towards Valdai, and this one was brought down there."
            ),
            by="Ministry of Defence",
            first_said_at="2025-12-29T12:00:00Z",
            released_at="2025-12-31T08:00:00Z",
            event_from="2025-12-28T16:00:00Z",
            event_to="2025-12-29T04:00:00Z",
            place=Place(name="Valdai", lat="57.98", lon="33.25", radius_km="40"),
            source="The ministry's channel",
        ),
        could_not_be_confirmed=(
            "Where the footage was recorded.",
            "When the footage was recorded.",
            "Who built or launched the drone: its type can be built from parts on sale.",
        ),
        would_settle_it=(
            "The first file from the recording device, with its metadata.",
            "The flight recorder of the drone, or its launch coordinates.",
            "Other footage of the same site from the same night.",
        ),
    )
