"""A report as JSON: the shape "forensics/report/1" that other tools rely on.

Numbers are whole; a time or a rate is a ratio "n/d" of seconds or pictures per second, a decimal is
text; there are no floats. Text from a file is exact, with one exception that JSON forces: a lone
surrogate (a byte of a file name that is not UTF-8) is no Unicode text and stands as "⟨U+DCFF⟩". What
does not apply is left out, except where the schema says that null means "could not be had".
The schema is `forensics/report/schema/report-1.schema.json` (JSON Schema 2020-12).
"""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import orjson

from forensics.errors import ForensicsError
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
    Report,
    SamplePlan,
    Searched,
    SearchReport,
    Span,
    Tool,
    Verdict,
    Where,
)
from forensics.report.assets import as_ratio, in_order, of_asset, present
from forensics.report.words import ratio

SCHEMA = "forensics/report/1"

_SURROGATE = re.compile("[\ud800-\udfff]")
SAFE_INTEGER = 2**53
"""Beyond this, many JSON readers lose digits (RFC 8259, section 6): such a number is text."""


def document(report: Report) -> dict[str, Any]:
    """Returns the report as JSON values: objects, lists, text, whole numbers, booleans, None."""
    value = {
        "schema": SCHEMA,
        "tool": of_tool(report.tool),
        "asset": of_asset(report.asset),
        "plan": _plan(report.plan) if report.plan else None,
        "outcomes": [_outcome(outcome) for outcome in report.outcomes],
        "copies": [_copy(copy) for copy in report.copies],
        "searched": _searched(report.searched) if report.searched else None,
        "met": report.met and _met(report.met),
        "verdict": _verdict(report.verdict),
        "ledger": {
            "path": report.receipt.ledger,
            "origin": report.receipt.origin,
            "entries": list(report.receipt.entries),
            "at": report.receipt.at,
            "size": report.receipt.size,
            "root": report.receipt.root,
            "checkpoint": report.receipt.checkpoint,
        },
    }
    carried: dict[str, Any] = _carried(value)
    return carried


def to_json(report: Report) -> bytes:
    """Returns the document as indented UTF-8 JSON that ends with a line break."""
    return orjson.dumps(document(report), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def to_jsonl(report: Report) -> bytes:
    """Returns the document as one line of UTF-8 JSON, its line break included."""
    return one_line(document(report))


def one_line(value: Any) -> bytes:
    """Returns a document as one line of UTF-8 JSON, its line break included.

    What some readers take for the end of a line (U+0085, U+2028, U+2029) is written as an escape.
    """
    data = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    for mark in ("\u0085", "\u2028", "\u2029"):  # they can only stand in texts
        data = data.replace(mark.encode(), b"\\u%04x" % ord(mark))
    return data


def search_json(found: SearchReport) -> bytes:
    """Returns what a search that recorded nothing came to ("forensics/search/1"), as indented JSON.

    `asset`, `copies`, `searched` and `met` are as in a report.
    """
    value = {
        "schema": "forensics/search/1",
        "tool": of_tool(found.tool),
        "asset": of_asset(found.asset),
        "plan": _plan(found.plan) if found.plan else None,
        "copies": [_copy(copy) for copy in found.copies],
        "searched": _searched(found.searched) if found.searched else None,
        "outcome": _outcome(found.outcome),
        "ledger": found.ledger,
        "met": found.met and _met(found.met),
    }
    return orjson.dumps(_carried(value), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def refusal(name: str, error: ForensicsError, *, line: bool) -> bytes:
    """Returns the document for a file that could not be taken in ("forensics/refusal/1")."""
    found = {
        "schema": "forensics/refusal/1",
        "name": name,
        "error": str(error),
        "hint": error.hint,
        "exit_code": error.exit_code,
    }
    if line:
        return one_line(_carried(found))
    return orjson.dumps(_carried(found), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def schema(name: str = "report-1") -> dict[str, Any]:
    """Returns the JSON Schema that every report follows, or (`"search-1"`) that of a search.

    The latter refers to the former, whose name is `urn:forensics:report:1`.
    """
    folder = resources.files("forensics.report") / "schema"
    value: dict[str, Any] = orjson.loads((folder / f"{name}.schema.json").read_bytes())
    return value


def _carried(value: Any) -> Any:
    """Returns `value` with each lone surrogate, which UTF-8 cannot carry, written out."""
    match value:
        case str():
            return _SURROGATE.sub(lambda m: f"⟨U+{ord(m[0]):04X}⟩", value)
        case dict():
            return {_carried(key): _carried(item) for key, item in value.items()}
        case list():
            return [_carried(item) for item in value]
    return value


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


def _plan(plan: SamplePlan) -> dict[str, Any]:
    return {
        "keyframes": plan.keyframes,
        "every": as_ratio(plan.every),
        "limit": plan.limit,
        "long_side": plan.long_side,
        "note": plan.note,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "analysis": outcome.analysis,
        "version": outcome.version,
        "status": outcome.status,
        **present({"why": outcome.why}),
        "examines": [pillar.value for pillar in outcome.examines],
        "viewing_aid": outcome.viewing_aid,
        "parameters": in_order(outcome.parameters),
        "findings": [_finding(finding) for finding in outcome.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
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


def _appearance(appearance: Appearance) -> dict[str, Any]:
    return {
        "what": appearance.what,
        "at": appearance.at,
        **present({"url": appearance.url, "publisher": appearance.publisher}),
        "by": appearance.by,
    }


def _met(known: KnownAsset) -> dict[str, Any]:
    return {
        "name": known.name,
        "first_seen": known.first_seen,
        "appearances": [_appearance(a) for a in known.appearances],
    }


def _copy(copy: Copy) -> dict[str, Any]:
    frames = copy.frames
    return {
        "relation": copy.relation.value,
        "asset": copy.asset.sha256,
        "kind": copy.asset.kind.value,
        "name": copy.asset.name,
        "first_seen": copy.asset.first_seen,
        "appearances": [_appearance(a) for a in copy.asset.appearances],
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


def _searched(searched: Searched) -> dict[str, Any]:
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


def _reasons(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    return [{"text": r.text, "rule": r.rule, "findings": list(r.findings)} for r in reasons]


def _verdict(verdict: Verdict) -> dict[str, Any]:
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
                "reasons": _reasons(given[pillar].reasons),
            }
            for pillar in five
        },
        "integrity": {
            "phrase": verdict.integrity.phrase.value,
            "reasons": _reasons(verdict.integrity.reasons),
        },
        **present({"claim": verdict.claim and _claim(verdict.claim)}),
        "could_not_be_confirmed": list(verdict.could_not_be_confirmed),
        "would_settle_it": list(verdict.would_settle_it),
    }


def _claim(claim: Claim) -> dict[str, Any]:
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
                },
                "source": claim.source,
            }
        ),
    }
