"""A verdict walked back to what it rests on, as JSON ("forensics/explain/1"), with every rule."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from forensics.codec import plain
from forensics.model import Reason
from forensics.verdict.explain import (
    Evidence,
    Explained,
    ExplainedPillar,
    Silent,
    Spoke,
)
from forensics.verdict.explain_claim import ExplainedClaim
from forensics.verdict.turning import Turn

SCHEMA = "forensics/explain/1"


def explanation(made: Explained | ExplainedClaim) -> dict[str, Any]:
    """Returns an explanation as JSON values."""
    if isinstance(made, ExplainedClaim):
        assets = [
            {
                "asset": lent.asset,
                "support": lent.support.value,
                "reason": lent.reason,
                "because": [_reason(reason) for reason in lent.because],
                "verdict": lent.verdict,
                "explained": None if its_own is None else _asset(its_own),
            }
            for lent, its_own in made.assets
        ]
        about = {"case": made.case, "claim": made.verdict.claim}
        common = _common(made)
        for one, shown in zip(made.pillars, common["pillars"], strict=True):
            shown["turned_by"] = [_turn(turn) for turn in made.turns[one.pillar]]
        return {"schema": SCHEMA, **about, **common, "assets": assets}
    return {"schema": SCHEMA, **_asset(made)}


def to_json(made: Explained | ExplainedClaim) -> str:
    """Returns an explanation as one JSON document, the same bytes for the same explanation."""
    return json.dumps(explanation(made), indent=2, ensure_ascii=False)


def _asset(made: Explained) -> dict[str, Any]:
    return {"asset": made.asset, **_common(made)}


def _common(made: Explained | ExplainedClaim) -> dict[str, Any]:
    return {
        "entry": made.entry,
        "ruleset": made.verdict.ruleset,
        "repeats": made.repeats,
        "verifiability": made.verdict.verifiability.value,
        "because": made.verdict.because,
        "pillars": [_pillar(one) for one in made.pillars],
        "would_settle_it": list(made.verdict.would_settle_it),
    }


def _pillar(one: ExplainedPillar) -> dict[str, Any]:
    return {
        "pillar": one.pillar.value,
        "status": one.status,
        "reasons": [_reason(reason) for reason in one.reasons],
        "spoke": [
            {**_rule(rule), "decides": rule.decides, "rests_on": _evidence(rule.evidence)}
            for rule in one.spoke
        ],
        "silent": [
            {
                **_rule(rule),
                "would_change_it": rule.changes,
                "missing": [plain(missing) for missing in rule.missing],
                "stopped_by": _evidence(rule.stopped_by),
                "nothing_that_moves": rule.inert,
            }
            for rule in one.silent
        ],
        "examined_by": [plain(examiner) for examiner in one.examiners],
    }


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "asset": turn.asset,
        "verdict": turn.entry,
        "to": turn.to.value,
        "rule": None if turn.rule is None else turn.rule.rule,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"text": reason.text, "rule": reason.rule, "findings": list(reason.findings)}


def _rule(rule: Spoke | Silent) -> dict[str, Any]:
    return {"rule": rule.rule, "status": rule.status, "reason": rule.reason}


def _evidence(evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    return [
        {
            "finding": one.reference,
            "entry": one.entry,
            "statement": one.finding.statement,
            "direction": one.finding.direction.value,
            "diagnostic": one.finding.diagnostic.value,
            "moves": one.moves,
            "question": None if one.finding.question is None else one.finding.question.id,
            "measurements": [
                {k: v for k, v in plain(m).items() if k != "personal" and v is not None}
                for m in one.finding.measurements
            ],
            "caveats": [plain(caveat) for caveat in one.finding.caveats],
        }
        for one in evidence
    ]


def schema() -> Mapping[str, Any]:
    """Returns the JSON Schema of an explanation."""
    text = (resources.files(__package__) / "schema" / "explain-1.schema.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found
