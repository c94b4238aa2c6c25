"""Which entries are found by their case or their asset, and what the table says of them."""

from __future__ import annotations

from typing import Any

from forensics.ledger.entry import Entry

OPENED = "case-opened"
FILED = frozenset(
    {
        "asset-received",
        OPENED,
        "claim",
        "claim-verdict",
        "decision",
        "evidence-offered",
        "note",
        "observation",
        "outcome",
        "outside-search",
        "recheck",
        "search",
        "verdict",
    }
)
"""Types of the entries that are found by their case or their asset."""


def row(index: int, entry: Entry) -> dict[str, Any] | None:
    """Returns the row of an entry; None where it is not looked for."""
    if entry.type not in FILED or entry.subject is None:
        return None
    named = entry.payload.get("case")
    return {
        "entry": index,
        "subject": entry.subject,
        "case_id": named if isinstance(named, str) else None,
        "type": entry.type,
    }
