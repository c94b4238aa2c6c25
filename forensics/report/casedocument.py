"""A case as JSON: the shape "forensics/case/1". `schema/case-1.schema.json` states it.

In the manner of `forensics.report.document`. It is in English whatever language a page is in: other programs
read it, and every sentence in it is found in the entries that it names.
"""

from __future__ import annotations

from typing import Any

import orjson

from forensics.model import (
    Case,
    CaseAsset,
    CaseReport,
    ClaimVerdict,
    Head,
    HumanDecision,
    Note,
    Observation,
    Offer,
    OutsideSearch,
    RecordedClaimVerdict,
    RecordedOutcome,
    RecordedVerdict,
    Stated,
)
from forensics.report.assets import as_ratio, of_asset, present
from forensics.report.document import carried
from forensics.report.values import (
    of_appearance,
    of_claim,
    of_copy,
    of_outcome,
    of_reasons,
    of_searched,
    of_tool,
    of_verdict,
)

SCHEMA = "forensics/case/1"


def case_document(report: CaseReport) -> dict[str, Any]:
    """Returns a case as JSON values: objects, lists, text, whole numbers, booleans, None."""
    value = {
        "schema": SCHEMA,
        "tool": of_tool(report.tool),
        "case": _case(report.case),
        "ledger": of_head(report.head),
    }
    exact: dict[str, Any] = carried(value)
    return exact


def case_json(report: CaseReport) -> bytes:
    """Returns the document as indented UTF-8 JSON that ends with a line break."""
    return orjson.dumps(
        case_document(report), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def of_head(head: Head) -> dict[str, Any]:
    """Returns the state of a ledger that a document was made from."""
    return {
        "path": head.ledger,
        "origin": head.origin,
        "vkey": head.vkey,
        "size": head.size,
        "root": head.root,
        "checkpoint": head.checkpoint,
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "title": case.title,
        "opened": _stated(case.opened),
        "claims": [
            {"number": c.number, "claim": of_claim(c.claim), **_stated(c.stated)}
            for c in case.claims
        ],
        "verdicts": [_claim_verdict(one) for one in case.verdicts],
        "assets": [_asset(one) for one in case.assets],
        "outcomes": [_outcome(one) for one in case.outcomes],
        "observations": [_observation(one) for one in case.observations],
        "notes": [_note(one) for one in case.notes],
        "decisions": [_decision(one) for one in case.decisions],
        "entries": list(case.entries),
        "size": case.size,
    }


def _stated(stated: Stated) -> dict[str, Any]:
    return {"entry": stated.entry, "at": stated.at, "by": stated.by}


def _asset(one: CaseAsset) -> dict[str, Any]:
    return {
        "asset": of_asset(one.asset),
        "received_at": one.received_at,
        "offers": [_offer(offer) for offer in one.offers],
        "outcomes": [_outcome(outcome) for outcome in one.outcomes],
        "copies": [of_copy(copy) for copy in one.copies],
        "searched": of_searched(one.searched) if one.searched else None,
        "verdicts": [_verdict(verdict) for verdict in one.verdicts],
        "appearances": [of_appearance(appearance) for appearance in one.appearances],
        "outside": [_outside(asked) for asked in one.outside],
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "claims": list(offer.claims),
        **present(
            {"released_at": offer.released_at, "url": offer.url, "publisher": offer.publisher}
        ),
        **_stated(offer.stated),
    }


def _outcome(recorded: RecordedOutcome) -> dict[str, Any]:
    return {
        "entry": recorded.entry,
        **present({"claim": recorded.claim}),
        **of_outcome(recorded.outcome),
    }


def _verdict(recorded: RecordedVerdict) -> dict[str, Any]:
    return {
        "entry": recorded.entry,
        "at": recorded.at,
        **present({"claim": recorded.claim, "supersedes": recorded.supersedes}),
        "why": recorded.why,
        "changes": list(recorded.changes),
        "verdict": of_verdict(recorded.verdict),
    }


def _claim_verdict(recorded: RecordedClaimVerdict) -> dict[str, Any]:
    return {
        "entry": recorded.entry,
        "at": recorded.at,
        **present({"supersedes": recorded.supersedes}),
        "why": recorded.why,
        "changes": list(recorded.changes),
        **_on_claim(recorded.verdict),
    }


def _on_claim(verdict: ClaimVerdict) -> dict[str, Any]:
    return {
        "claim": verdict.claim,
        "ruleset": verdict.ruleset,
        "verifiability": verdict.verifiability.value,
        "because": verdict.because,
        "pillars": {
            pillar.pillar.value: {
                "status": pillar.status.value,
                "reasons": of_reasons(pillar.reasons),
            }
            for pillar in verdict.pillars
        },
        "assets": [
            {
                "asset": one.asset,
                "verdict": one.verdict,
                "support": one.support.value,
                "reason": one.reason,
                "because": of_reasons(one.because),
            }
            for one in verdict.assets
        ],
        "could_not_be_confirmed": list(verdict.could_not_be_confirmed),
        "would_settle_it": list(verdict.would_settle_it),
    }


def _observation(one: Observation) -> dict[str, Any]:
    return {
        "asset": one.asset,
        "kind": one.kind.value,
        "values": dict(sorted(one.values.items())),
        **present({"time": as_ratio(one.time)}),
        "words": one.words,
        **_stated(one.stated),
    }


def _note(one: Note) -> dict[str, Any]:
    return {
        **present({"asset": one.asset}),
        "pillar": one.pillar.value,
        "diagnostic": one.diagnostic.value,
        "text": one.text,
        "reason": one.reason,
        **_stated(one.stated),
    }


def _outside(one: OutsideSearch) -> dict[str, Any]:
    return {
        "engine": one.engine,
        "asked_at": one.asked_at,
        "answer": "found" if one.found else "nothing-found",
        **present({"url": one.url, "crop": one.crop, "time": as_ratio(one.time)}),
        **_stated(one.stated),
    }


def _decision(one: HumanDecision) -> dict[str, Any]:
    return {
        "on": one.on,
        "outcome": one.outcome,
        "pillars": {pillar.value: status.value for pillar, status in one.pillars.items()},
        "words": one.words,
        **present({"category": one.category}),
        "key": one.key,
        **_stated(one.stated),
    }
