"""What a person may decide on a verdict: it stands, another status takes its place, or nothing is said.

The machine's verdict stays as it is beside it. Of schema.org's categories exactly those of a MediaReview can
be chosen, and only here: there is none for "cannot be verified", and none is ever derived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from forensics.cases import entries
from forensics.errors import UsageError
from forensics.model import Pillar, Recorded, Status

CATEGORIES = (
    "OriginalMediaContent",
    "DecontextualizedContent",
    "EditedOrCroppedContent",
    "TransformedContent",
    "StagedContent",
    "SatireOrParodyContent",
)
"""schema.org, `mediaAuthenticityCategory`."""
UPHELD, CHANGED, WITHDRAWN = "upheld", "changed", "withdrawn"

_PILLARS = [p.value for p in Pillar if p is not Pillar.INTEGRITY]


def decision_on(
    verdict: Recorded,
    statuses: Sequence[str],
    *,
    category: str | None = None,
    uphold: bool = False,
    withdraw: bool = False,
) -> dict[str, Any]:
    """Returns what a person decided, as it stands in the signed statement.

    Args:
        verdict: The entry that is decided on.
        statuses: "pillar=status" of each pillar that the person judges.
        category: A MediaReview category, or None.
        uphold: The verdict stands.
        withdraw: Nothing is said in its place.

    Raises:
        UsageError: It is none of what may be decided, or several at once.
    """
    pillars = dict(_status(text) for text in statuses)
    if len(pillars) != len(statuses):
        raise UsageError("--status names a pillar twice: give each once.")
    if uphold + withdraw + bool(pillars) != 1:
        raise UsageError(
            "decide one thing: --status for each pillar that is judged otherwise, --uphold, or --withdraw."
        )
    said: dict[str, Any] = {"decision": UPHELD if uphold else WITHDRAWN if withdraw else CHANGED}
    if pillars:
        said["pillars"] = pillars
    if category is not None:
        said["category"] = _category(verdict, category, withdraw=withdraw)
    return said


def earlier_decision(about: Iterable[Recorded], on: int, vkey: str) -> int | None:
    """Returns the entry of the last decision that a key made on an entry, or None.

    Args:
        about: Entries about the same subject, oldest first.
        on: Index of the entry that is decided on.
        vkey: The key.
    """
    found = None
    for entry in about:
        statement = entry.payload.get("statement")
        if (
            entry.type == "decision"
            and isinstance(statement, dict)
            and statement.get("entry") == on
            and entry.payload.get("vkey") == vkey
        ):
            found = entry.index
    return found


def _status(text: str) -> tuple[str, str]:
    pillar, _, status = text.partition("=")
    if pillar == Pillar.INTEGRITY:
        raise UsageError(
            "integrity is measured on the file, and no person's status is recorded for it",
            hint=f"Decide on one of {', '.join(_PILLARS)}; say the rest in --words.",
        )
    if pillar not in _PILLARS or status not in set(Status):
        raise UsageError(
            f"--status is {text!r}: expected pillar=status",
            hint=f"Pillars: {', '.join(_PILLARS)}. Statuses: {', '.join(Status)}.",
        )
    return pillar, status


def _category(verdict: Recorded, category: str, *, withdraw: bool) -> str:
    if category not in CATEGORIES:
        raise UsageError(
            f"--category is {category!r}, which is none of a MediaReview",
            hint=f"Choose one of {', '.join(CATEGORIES)}; for what cannot be verified there is none.",
        )
    if withdraw:
        raise UsageError(
            "a decision that withdraws a verdict says nothing in its place: no --category."
        )
    if verdict.type != entries.VERDICT:
        raise UsageError(
            "a MediaReview is about media, and the verdict named is about a claim",
            hint="Decide on the verdict of an asset; `forensics explain CLAIM` names their entries.",
        )
    return category
