"""What a check writes into the ledger: one draft for each act, in the order in which they happened.

Values that may tell about a private person are taken out of the payload and handed over apart, so that the
log keeps a commitment to them and they can be deleted later. `docs/ledger-format.md` lists the types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from forensics.codec import plain, ratio
from forensics.media.intake import Received
from forensics.model import (
    Asset,
    Claim,
    Copy,
    Draft,
    Finding,
    Outcome,
    SamplePlan,
    Searched,
    Sha256,
    Signature,
    Tool,
    Verdict,
)

_STREAM_FACTS = (
    "index",
    "type",
    "codec",
    "digest",
    "digest_scheme",
    "width",
    "height",
    "rotation",
    "time_base",
    "frame_rate",
    "duration",
    "packets",
    "keyframes",
    "sample_rate",
    "channels",
    "profile",
)
"""Tags are left out: the metadata analysis reports them, and marks what is personal."""

EXACT = 2**53
"""Whole numbers beyond this are text in an entry: other readers of JSON would round them."""


def received(asset: Asset, taken: Received, *, kept: bool) -> list[Draft]:
    """Receipt and custody of an asset."""
    probe = asset.probe
    payload: dict[str, Any] = {
        "size": asset.size,
        "kind": asset.kind.value,
        "mime": asset.mime,
        "streams": [_present({k: plain(s)[k] for k in _STREAM_FACTS}) for s in asset.streams],
    }
    if probe is not None:
        payload["container"] = probe.container
        if probe.duration is not None:
            payload["duration"] = ratio(probe.duration)
    custody = {
        "event": "stored" if kept else "not-kept",
        "sha256": taken.sha256,
        "size": taken.size,
    }
    return [
        _draft("asset-received", asset, payload, {"name": asset.name}),
        _draft("custody", asset, custody),
    ]


def accessed(originals: Mapping[Sha256, Path], asset: Asset) -> list[Draft]:
    """Custody of the originals that are opened again, to be shown beside an asset in its report."""
    drafts = []
    for sha256, path in originals.items():
        payload = {
            "event": "accessed",
            "sha256": sha256,
            "size": path.stat().st_size,
            "why": f"shown beside sha256:{asset.sha256} in a report",
        }
        drafts.append(Draft(type="custody", subject=f"sha256:{sha256}", payload=payload))
    return drafts


def examined(asset: Asset, outcomes: Sequence[Outcome], tool: Tool) -> list[Draft]:
    """One entry for each analysis, whatever became of it."""
    return [_outcome(asset, outcome, tool) for outcome in outcomes]


def signed(asset: Asset, signatures: Sequence[Signature], plan: SamplePlan | None) -> list[Draft]:
    """One entry for each signature scheme, from which the copy index can be made again."""
    drafts = []
    by_scheme = sorted(
        signatures, key=lambda s: s.scheme
    )  # stable: time order stays within a scheme
    for scheme, group in groupby(by_scheme, key=lambda s: s.scheme):
        mine = list(group)
        payload = {
            "scheme": scheme,
            "width": len(mine[0].code),
            "plan": plain(plan),
            "times": [ratio(s.time) for s in mine],
            "qualities": [s.quality for s in mine],
            "codes": b"".join(s.code for s in mine).hex(),
        }
        drafts.append(_draft("signatures", asset, payload))
    return drafts


def sought(asset: Asset, copies: Sequence[Copy], searched: Searched | None) -> list[Draft]:
    """The search for earlier copies, with what was looked through."""
    if searched is None:
        return []
    found = [
        {
            "relation": c.relation.value,
            "asset": c.asset.sha256,
            "spans": plain(c.spans),
            "transform": c.transform,
            "distance": c.distance,
            "pairs": c.pairs,
            "scheme": c.scheme,
        }
        for c in copies
    ]
    return [_draft("search", asset, {"searched": plain(searched), "copies": found})]


def judged(asset: Asset, claim: Claim | None, verdict: Verdict, tool: Tool) -> list[Draft]:
    """The claim, where one was given, and the machine's verdict."""
    claims = [_draft("claim", asset, _present(plain(claim)))] if claim else []
    return [*claims, _draft("verdict", asset, {**plain(verdict), "made_with": plain(tool)})]


def _outcome(asset: Asset, outcome: Outcome, tool: Tool) -> Draft:
    personal: dict[str, str] = {}
    payload = _present(
        {
            "analysis": outcome.analysis,
            "version": outcome.version,
            "status": outcome.status,
            "why": outcome.why,
            "examines": [p.value for p in outcome.examines],
            "viewing_aid": outcome.viewing_aid,
            "parameters": dict(outcome.parameters),
            "findings": [
                _finding(f, f"findings/{i}", personal) for i, f in enumerate(outcome.findings)
            ],
            "made_with": plain(tool),
        }
    )
    return _draft("outcome", asset, payload, personal)


def _finding(finding: Finding, place: str, personal: dict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = plain(finding)
    if finding.question:
        data["question"] = finding.question.id
    for i, (m, shown) in enumerate(zip(finding.measurements, data["measurements"], strict=True)):
        del shown["personal"]
        if isinstance(m.value, int) and abs(m.value) > EXACT:
            shown["value"] = str(m.value)
        if m.personal:
            key = f"{place}/measurements/{i}/value"
            personal[key] = str(m.value)
            shown["value"] = {"commitment": key}
    data["measurements"] = [_present(m) for m in data["measurements"]]
    data["exhibits"] = [{k: v for k, v in e.items() if k != "path"} for e in data["exhibits"]]
    return _present(data)


def _present(data: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in data.items() if v is not None}


def _draft(
    kind: str, asset: Asset, payload: Mapping[str, Any], personal: Mapping[str, str] | None = None
) -> Draft:
    return Draft(
        type=kind, subject=f"sha256:{asset.sha256}", payload=payload, personal=personal or {}
    )
