"""What a check writes into the ledger: one draft for each act, in the order in which they happened.

Values that may tell about a private person are taken out of the payload and handed over apart, so that the
log keeps a commitment to them and they can be deleted later. `docs/ledger-format.md` lists the types.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from forensics.codec import plain, ratio
from forensics.media.intake import Received
from forensics.model import (
    Appearance,
    Asset,
    Copy,
    Draft,
    Finding,
    LocalCodes,
    Look,
    Outcome,
    SamplePlan,
    Searched,
    Sha256,
    Signature,
    Tool,
    Verdict,
)
from forensics.signatures.signed import Heard

_STREAM_FACTS = (
    "index",
    "type",
    "codec",
    "digest",
    "digest_scheme",
    "coded_digest",
    "coded_digest_scheme",
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

LOCAL_WIDTH = 32
"""Bytes of a local code."""
_PART = 8 * 2**20
"""Bytes of local codes and points in one entry: a third more as base64, and a body holds 16 MiB."""


def received(asset: Asset, taken: Received, *, kept: bool) -> list[Draft]:
    """Receipt and custody of an asset."""
    probe = asset.probe
    payload: dict[str, Any] = {
        "size": asset.size,
        "blake2b": asset.blake2b or None,
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
        "blake2b": taken.blake2b,
        "size": taken.size,
    }
    return [
        _draft("asset-received", asset, _present(payload), {"name": asset.name}),
        _draft("custody", asset, custody),
    ]


def accessed(originals: Mapping[Sha256, Path], asset: Asset) -> list[Draft]:
    """Custody of the originals that are opened again, to be shown beside an asset in its report."""
    why = f"shown beside sha256:{asset.sha256} in a report"
    return [opened(sha256, path, why) for sha256, path in originals.items()]


def opened(sha256: Sha256, path: Path, why: str) -> Draft:
    """Custody of an original that is opened again.

    Args:
        sha256: Which.
        path: Where it is kept.
        why: What for, in a few words.
    """
    payload = {"event": "accessed", "sha256": sha256, "size": path.stat().st_size, "why": why}
    return Draft(type="custody", subject=f"sha256:{sha256}", payload=payload)


def appeared(sha256: Sha256, appearance: Appearance) -> Draft:
    """Where an asset was seen, on somebody's word."""
    return Draft(type="appearance", subject=f"sha256:{sha256}", payload=_present(plain(appearance)))


def examined(asset: Asset, outcomes: Sequence[Outcome], tool: Tool) -> list[Draft]:
    """One entry for each analysis, whatever became of it."""
    return [examination(f"sha256:{asset.sha256}", outcome, tool) for outcome in outcomes]


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


def looked(asset: Asset, looks: Sequence[Look], plan: SamplePlan | None) -> list[Draft]:
    """One entry for the reduced pictures, and for each local scheme as many as its codes need.

    The pictures themselves may show a person: the log only commits to them.

    Args:
        asset: Whose pictures they are.
        looks: What is kept of each, in order of time.
        plan: Which pictures were taken.
    """
    if not looks:
        return []
    keys = [f"thumbnails/{i}" for i in range(len(looks))]
    payload = {
        "plan": plain(plan),
        "times": [ratio(look.time) for look in looks],
        "sizes": [[look.width, look.height] for look in looks],
        "thumbnails": [{"commitment": key} for key in keys],
    }
    pictures = {key: _base64([look.thumbnail]) for key, look in zip(keys, looks, strict=True)}
    drafts = [_draft("looks", asset, payload, pictures)]
    local = sorted((one for look in looks for one in look.local), key=lambda one: one.scheme)
    for scheme, group in groupby(local, key=lambda one: one.scheme):
        for part, mine in enumerate(_parts(group)):
            payload = {
                "scheme": scheme,
                "width": LOCAL_WIDTH,
                "plan": plain(plan),
                "times": [ratio(one.time) for one in mine],
                "counts": [len(one.codes) // LOCAL_WIDTH for one in mine],
                "sizes": [[one.width, one.height] for one in mine],
                "points": _base64([one.points for one in mine]),
                "codes": _base64([one.codes for one in mine]),
            }
            drafts.append(
                _draft("signatures", asset, {**payload, "part": part} if part else payload)
            )
    return drafts


def heard(asset: Asset, sound: Heard | None) -> list[Draft]:
    """One entry for the codes of the main sound track, if there is one that could be heard."""
    if sound is None or sound.codes is None:
        return []
    codes = sound.codes
    payload = {
        "scheme": codes.scheme,
        "step": ratio(codes.step),
        "seconds": ratio(sound.seconds),
        "codes": _base64([codes.codes]),
        "plain": _base64([codes.plain]),
    }
    return [_draft("signatures", asset, payload)]


def _parts(pictures: Iterable[LocalCodes]) -> Iterator[list[LocalCodes]]:
    """Divides local codes so that each part fits into the body of an entry."""
    part: list[LocalCodes] = []
    size = 0
    for one in pictures:
        more = len(one.codes) + len(one.points)
        if part and size + more > _PART:
            yield part
            part, size = [], 0
        part.append(one)
        size += more
    if part:
        yield part


def _base64(parts: Iterable[bytes]) -> str:
    return b64encode(b"".join(parts)).decode("ascii")


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
            "tiles": c.tiles,
            "agree": c.agree,
            "frames": plain(c.frames),
            "more": plain(c.more),
            "placement": plain(c.placement),
            "part": c.part,
        }
        for c in copies
    ]
    return [_draft("search", asset, {"searched": plain(searched), "copies": found})]


def judged(asset: Asset, verdict: Verdict, tool: Tool) -> Draft:
    """The machine's verdict on a file by itself."""
    return _draft("verdict", asset, {**plain(verdict), "made_with": plain(tool)})


def examination(
    subject: str, outcome: Outcome, tool: Tool, about: Mapping[str, Any] | None = None
) -> Draft:
    """One analysis, whatever became of it.

    Args:
        subject: What it was about: "sha256:…", or "case:…" where it was about several assets.
        outcome: What became of it.
        tool: What made it.
        about: More keys of the payload: the case and the claims that it was made for.
    """
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
            **(about or {}),
        }
    )
    return Draft(type="outcome", subject=subject, payload=payload, personal=personal)


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
