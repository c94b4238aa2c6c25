"""Appends what a person decided, signed with that person's own key, beside what the machine said.

The signature binds the commitments to the person's words, so it is made while the entry is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.ledger import SqlLedger
from forensics.errors import UsageError
from forensics.ledger.decision import DECISION, signed_payload
from forensics.ledger.note import Signer, parse_vkey
from forensics.model import Receipt, Recorded

WORDS = "words"
"""Key of the commitment to what the person says."""


def decide(
    ledger: SqlLedger,
    signer: Signer,
    on: Recorded,
    said: Mapping[str, Any],
    *,
    words: str,
    supersedes: int | None = None,
) -> Receipt:
    """Records a decision on an entry.

    Args:
        ledger: Where it stands.
        signer: The person's key.
        on: The entry that is decided on.
        said: `decision`, and what goes with it; no personal value.
        words: Why, in the person's words; kept apart, so that they can be deleted.
        supersedes: An earlier decision of the same person on the same entry, or None.

    Raises:
        UsageError: The key is one of the log's own.
        LedgerError: Nothing was recorded; says why and what to do.
    """
    if signer.verifier.public == parse_vkey(ledger.vkey).public:
        raise UsageError(
            "a decision is signed by a person, and the key given is that of the ledger",
            hint="`forensics ledger keys new FILE NAME` makes a key of one's own.",
        )
    with ledger.batch() as batch:
        commitments = batch.commit({WORDS: words})
        statement = {
            **said,
            "entry": on.index,
            "leaf": on.leaf,
            "words": {"commitment": WORDS},
        }
        payload = signed_payload(
            signer,
            ledger.origin,
            statement,
            subject=on.subject,
            commitments=commitments,
            supersedes=supersedes,
        )
        entry = batch.add(DECISION, payload, on.subject, commitments, supersedes)
        batch.seal()
    return ledger.receipt(batch, (entry,))
