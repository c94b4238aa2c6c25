"""What is written about a case: one draft for each act. `docs/ledger-format.md`, section 7, lists the types.

What a person says in their own words, and who says it, is handed over apart, so that the log only commits to
it and it can be deleted. What is said in public (a claim, its author, an address) stands in the entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from forensics import record
from forensics.codec import plain, ratio
from forensics.model import (
    Claim,
    ClaimVerdict,
    Diagnostic,
    Draft,
    Outcome,
    Pillar,
    Recorded,
    Seen,
    Sha256,
    Tool,
    Verdict,
)

OPENED = "case-opened"
CLAIM = "claim"
OFFERED = "evidence-offered"
OBSERVATION = "observation"
NOTE = "note"
OUTSIDE = "outside-search"
OUTCOME = "outcome"
VERDICT = "verdict"
CLAIM_VERDICT = "claim-verdict"
RECHECK = "recheck"

CHECKED, RECHECKED, REEVALUATED = "checked", "recheck", "re-evaluated"
"""Why a verdict was made."""
FOUND, NOTHING = "found", "nothing-found"
"""What a search elsewhere came to."""


def subject(case: str) -> str:
    """Returns the name under which entries speak of a case."""
    return f"case:{case}"


def asset_subject(sha256: Sha256) -> str:
    """Returns the name under which entries speak of an asset."""
    return f"sha256:{sha256}"


def opened(case: str, *, title: str, by: str) -> Draft:
    """A case begins."""
    return _draft(OPENED, subject(case), {}, {"title": title, "by": by})


def claimed(
    case: str, number: int, claim: Claim, *, by: str, supersedes: int | None = None
) -> Draft:
    """A claim is taken into a case.

    Args:
        case: Its id.
        number: From 1; a later entry with the same number corrects the earlier one.
        claim: What is claimed.
        by: Who records it; who makes the claim, it says itself.
        supersedes: The entry that it corrects.
    """
    payload = {"number": number, **_present(plain(claim))}
    return _draft(CLAIM, subject(case), payload, {"recorded_by": by}, supersedes)


def offered(
    case: str,
    asset: Sha256,
    *,
    claims: Sequence[int] = (),
    released_at: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    by: str,
) -> Draft:
    """An asset is offered as evidence of claims; none named: of all of the case."""
    payload = {
        "case": case,
        "claims": list(claims),
        "released_at": released_at,
        "url": url,
        "publisher": publisher,
    }
    return _draft(OFFERED, asset_subject(asset), payload, {"by": by})


def observed(
    case: str,
    asset: Sha256,
    kind: Seen,
    values: Mapping[str, str],
    *,
    time: Fraction | None = None,
    words: str = "",
    by: str,
) -> Draft:
    """A person read something off an asset."""
    payload = {"case": case, "kind": kind.value, "values": dict(values), "time": _ratio(time)}
    return _draft(OBSERVATION, asset_subject(asset), payload, {"by": by, "words": words})


def withdrawn(of: Recorded, *, reason: str, by: str) -> Draft:
    """An offer, an observation or a note counts no more, and nothing takes its place.

    Args:
        of: The entry that is withdrawn, which names its case.
        reason: Why.
        by: Who withdraws it.
    """
    payload = {"case": of.payload["case"], "withdrawn": True}
    personal = {"reason": reason, "by": by}
    return _draft(of.type, of.subject or "", payload, personal, of.index)


def noted(
    case: str,
    *,
    pillar: Pillar,
    diagnostic: Diagnostic,
    text: str,
    reason: str,
    by: str,
    asset: Sha256 | None = None,
) -> Draft:
    """A person adds context, about the case or about one asset of it."""
    about = subject(case) if asset is None else asset_subject(asset)
    payload = {"case": case, "pillar": pillar.value, "diagnostic": diagnostic.value}
    return _draft(NOTE, about, payload, {"text": text, "reason": reason, "by": by})


def asked_elsewhere(
    asset: Sha256,
    *,
    engine: str,
    asked_at: str,
    found: bool,
    by: str,
    case: str | None = None,
    url: str | None = None,
    crop: str | None = None,
    time: Fraction | None = None,
) -> Draft:
    """A person searched with a picture of an asset elsewhere."""
    payload = {
        "case": case,
        "engine": engine,
        "asked_at": asked_at,
        "answer": FOUND if found else NOTHING,
        "url": url,
        "crop": crop,
        "time": _ratio(time),
    }
    return _draft(OUTSIDE, asset_subject(asset), payload, {"by": by})


def examined(
    case: str, outcome: Outcome, tool: Tool, *, asset: Sha256 | None, claim: int | None = None
) -> Draft:
    """An outcome that was made for a case: of one of its assets, or of several against each other."""
    about = subject(case) if asset is None else asset_subject(asset)
    return record.examination(about, outcome, tool, _present({"case": case, "claim": claim}))


def judged(
    case: str,
    asset: Sha256,
    verdict: Verdict,
    tool: Tool,
    *,
    claim: int | None = None,
    supersedes: int | None = None,
    why: str = CHECKED,
    changes: Sequence[str] = (),
) -> Draft:
    """The machine's verdict on an asset of a case.

    Args:
        case: Its id.
        asset: Which.
        verdict: What is said.
        tool: What made it.
        claim: Number of the claim that it was judged against; None: the file itself was judged.
        supersedes: The verdict on the same asset, case and claim that it takes the place of.
        why: `CHECKED`, `RECHECKED` or `REEVALUATED`.
        changes: What is different from the verdict before, one sentence each.
    """
    payload = {
        **plain(verdict),
        "made_with": plain(tool),
        "case": case,
        **_present({"claim_number": claim}),
        "why": why,
        "changes": list(changes),
    }
    return Draft(type=VERDICT, subject=asset_subject(asset), payload=payload, supersedes=supersedes)


def claim_judged(
    case: str,
    verdict: ClaimVerdict,
    tool: Tool,
    *,
    supersedes: int | None = None,
    why: str = CHECKED,
    changes: Sequence[str] = (),
) -> Draft:
    """The machine's verdict on a claim; the arguments are those of `judged`."""
    payload = {
        **plain(verdict),
        "made_with": plain(tool),
        "why": why,
        "changes": list(changes),
    }
    return Draft(type=CLAIM_VERDICT, subject=subject(case), payload=payload, supersedes=supersedes)


def rechecked(
    case: str, *, since: int, looked: Sequence[str], changed: Sequence[str], tool: Tool
) -> Draft:
    """A case was looked at again.

    Args:
        case: Its id.
        since: Index of the first entry that was not there the last time.
        looked: What was looked at, one sentence each.
        changed: What is different, one sentence each; empty: nothing is.
        tool: What looked.
    """
    payload = {
        "since": since,
        "looked": list(looked),
        "changed": list(changed),
        "made_with": plain(tool),
    }
    return Draft(type=RECHECK, subject=subject(case), payload=payload)


def _ratio(value: Fraction | None) -> str | None:
    return None if value is None else ratio(value)


def _present(data: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in data.items() if v is not None}


def _draft(
    kind: str,
    about: str,
    payload: Mapping[str, Any],
    personal: Mapping[str, str],
    supersedes: int | None = None,
) -> Draft:
    """A draft whose payload refers to each personal value that is not empty."""
    said = {key: value for key, value in personal.items() if value}
    refers = {key: {"commitment": key} for key in said}
    return Draft(
        type=kind,
        subject=about,
        payload={**_present(payload), **refers},
        personal=said,
        supersedes=supersedes,
    )
