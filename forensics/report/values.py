"""Model values as JSON values, in the shape that every document of ours gives them.

Numbers are whole; a time or a rate is a ratio "n/d", a decimal is text; there are no floats. What does not
apply is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forensics.model import (
    Appearance,
    Claim,
    Copy,
    Exhibit,
    Finding,
    KnownAsset,
    Measurement,
    Outcome,
    Pillar,
    Reason,
    SamplePlan,
    Searched,
    Span,
    Tool,
    Verdict,
    Where,
)
from forensics.report.assets import as_ratio, in_order, present
from forensics.report.figures import ratio

SAFE_INTEGER = 2**53
"""Beyond this, many JSON readers lose digits (RFC 8259, section 6): such a number is text."""


def of_tool(tool: Tool) -> dict[str, Any]:
    """Returns what made a document, as JSON values."""
    return {
        "name": tool.name,
        "version": tool.version,
        "decoder": tool.decoder,
        "libraries": in_order(tool.libraries),
    }


def _span(value: Span) -> dict[str, str]:
    return {"start": ratio(value.start), "end": ratio(value.end)}


def of_plan(plan: SamplePlan) -> dict[str, Any]:
    """Returns which pictures were taken."""
    return {
        "keyframes": plan.keyframes,
        "every": as_ratio(plan.every),
        "limit": plan.limit,
        "long_side": plan.long_side,
        "note": plan.note,
    }


def of_outcome(outcome: Outcome) -> dict[str, Any]:
    """Returns what became of an analysis, with its findings."""
    return {
        "analysis": outcome.analysis,
        "version": outcome.version,
        "status": outcome.status,
        **present({"why": outcome.why}),
        "examines": [pillar.value for pillar in outcome.examines],
        "viewing_aid": outcome.viewing_aid,
        "parameters": in_order(outcome.parameters),
        "findings": [of_finding(finding) for finding in outcome.findings],
    }


def of_finding(finding: Finding) -> dict[str, Any]:
    """Returns one thing that an analysis saw, with everything that it rests on."""
    question = finding.question
    strength = finding.strength
    return {
        "id": finding.id,
        "statement": finding.statement,
        "question": question
        and {
            "id": question.id,
            "pillar": question.pillar.value,
            "h1": question.h1,
            "h2": question.h2,
        },
        "direction": finding.direction.value,
        "strength": {
            "word": strength.word,
            "scale": strength.scale,
            "calibration": strength.calibration,
        }
        if strength
        else {},
        "diagnostic": finding.diagnostic.value,
        "measurements": [_measurement(m) for m in finding.measurements],
        "exhibits": [_exhibit(e) for e in finding.exhibits],
        "caveats": [{"id": c.id, "text": c.text} for c in finding.caveats],
    }


def _measurement(measurement: Measurement) -> dict[str, Any]:
    value = measurement.value
    if isinstance(value, int) and abs(value) > SAFE_INTEGER:
        value = str(value)
    return {
        "key": measurement.key,
        "value": value,
        "unit": measurement.unit,
        **present({"where": measurement.where and _where(measurement.where)}),
        "personal": measurement.personal,
    }


def _where(where: Where) -> dict[str, Any]:
    return present(
        {
            "start": as_ratio(where.start),
            "end": as_ratio(where.end),
            "region": list(where.region) if where.region else None,
            "offset": where.offset,
            "field": where.field,
        }
    )


def _exhibit(exhibit: Exhibit) -> dict[str, Any]:
    return {
        "id": exhibit.id,
        "caption": exhibit.caption,
        "mime": exhibit.mime,
        "sha256": exhibit.sha256,
        "width": exhibit.width,
        "height": exhibit.height,
    }


def of_appearance(appearance: Appearance) -> dict[str, Any]:
    """Returns where and when an asset was seen."""
    return {
        "what": appearance.what,
        "at": appearance.at,
        **present({"url": appearance.url, "publisher": appearance.publisher}),
        "by": appearance.by,
    }


def of_known(known: KnownAsset) -> dict[str, Any]:
    """Returns what is on record of an asset."""
    return {
        "name": known.name,
        "first_seen": known.first_seen,
        "appearances": [of_appearance(a) for a in known.appearances],
    }


def of_copy(copy: Copy) -> dict[str, Any]:
    """Returns another asset that shares pictures or sound."""
    frames = copy.frames
    return {
        "relation": copy.relation.value,
        "asset": copy.asset.sha256,
        "kind": copy.asset.kind.value,
        "name": copy.asset.name,
        "first_seen": copy.asset.first_seen,
        "appearances": [of_appearance(a) for a in copy.asset.appearances],
        "spans": [{"query": _span(s.query), "copy": _span(s.copy)} for s in copy.spans],
        "transform": copy.transform,
        "distance": copy.distance,
        "pairs": copy.pairs,
        "scheme": copy.scheme,
        "tiles": copy.tiles,
        "agree": copy.agree,
        "part": copy.part,
        "placement": [ratio(number) for number in copy.placement],
        **present({"frames": frames and {"query": ratio(frames[0]), "copy": ratio(frames[1])}}),
    }


def of_searched(searched: Searched) -> dict[str, Any]:
    """Returns what a search looked through."""
    return {
        "signatures": searched.signatures,
        "assets": searched.assets,
        "schemes": list(searched.schemes),
        "radius": list(searched.radius),
        "queries": searched.queries,
        "skipped": searched.skipped,
        "common": searched.common,
        "compared": searched.compared,
        "sounds": searched.sounds,
        "listened": searched.listened,
        "notes": list(searched.notes),
    }


def of_reasons(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Returns why a status was given."""
    return [{"text": r.text, "rule": r.rule, "findings": list(r.findings)} for r in reasons]


def of_verdict(verdict: Verdict) -> dict[str, Any]:
    """Returns a verdict on an asset."""
    given = {p.pillar: p for p in verdict.pillars}
    five = [pillar for pillar in Pillar if pillar is not Pillar.INTEGRITY]
    return {
        "ruleset": verdict.ruleset,
        "verifiability": verdict.verifiability.value,
        "about": verdict.about,
        "because": verdict.because,
        "pillars": {
            pillar.value: {
                "status": given[pillar].status.value,
                "reasons": of_reasons(given[pillar].reasons),
            }
            for pillar in five
        },
        "integrity": {
            "phrase": verdict.integrity.phrase.value,
            "reasons": of_reasons(verdict.integrity.reasons),
        },
        **present({"claim": verdict.claim and of_claim(verdict.claim)}),
        "could_not_be_confirmed": list(verdict.could_not_be_confirmed),
        "would_settle_it": list(verdict.would_settle_it),
    }


def of_claim(claim: Claim) -> dict[str, Any]:
    """Returns what is claimed."""
    place = claim.place
    return {
        "statement": claim.statement,
        "by": claim.by,
        **present(
            {
                "first_said_at": claim.first_said_at,
                "released_at": claim.released_at,
                "event_from": claim.event_from,
                "event_to": claim.event_to,
                "place": place
                and {
                    "name": place.name,
                    **present({"lat": place.lat, "lon": place.lon, "radius_km": place.radius_km}),
                    **({"area": [list(corner) for corner in place.area]} if place.area else {}),
                },
                "source": claim.source,
                "said_where": claim.said_where,
                "event_zone": claim.event_zone,
                "counts": [{"what": c.what, "count": c.number} for c in claim.counts] or None,
            }
        ),
    }
