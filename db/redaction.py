"""Deleting what may tell about a person: disclosed values, and stored originals. Every proof keeps holding.

The log keeps the commitments, and an entry that says what was deleted and why. The bytes themselves are
overwritten in the file, which is then written anew without them; what a disk, a snapshot or a backup keeps
of earlier states is out of this program's reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from db import store
from db.batch import Batch
from db.head import log_size
from db.ledger import SqlLedger
from db.models import disclosure
from db.projections import subject_of
from db.rules import REDACTION
from forensics.errors import LedgerError, UsageError
from forensics.model import Receipt, Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """What was deleted.

    Attributes:
        keys: Of the values.
        evidence: The original that was removed, or None.
        receipt: Of the entries that record it; None where the values were deleted before, and the file was
            only written anew.
    """

    keys: tuple[str, ...]
    evidence: Sha256 | None
    receipt: Receipt | None


def redact(
    ledger: SqlLedger,
    entry: int | None,
    *,
    reason: str,
    keys: Sequence[str] = (),
    evidence: Sha256 | None = None,
) -> Redacted:
    """Deletes disclosed values of an entry, a stored original, or both, and records that it was done.

    Args:
        ledger: Where.
        entry: Whose values; None: none.
        reason: Why, as it will stand in the log for ever: it must not repeat what is deleted.
        keys: Which values; empty: all that are left.
        evidence: The original to be removed as well.

    Raises:
        UsageError: There is no such entry, value or original.
        LedgerError: It could not be done completely; says what is left to do.
    """
    kept = None if evidence is None else _original(ledger, evidence)
    recorded: list[int] = []
    with ledger.batch() as batch:
        gone = () if entry is None else _delete(batch, entry, keys)
        if gone:
            payload = {"entry": entry, "keys": list(gone), "reason": reason}
            recorded.append(batch.add(REDACTION, payload))
        if evidence is not None and kept is not None:
            payload = {"event": "destroyed", "sha256": evidence, "size": kept, "reason": reason}
            recorded.append(batch.add("custody", payload, subject_of(evidence)))
        if recorded:
            batch.seal()
    if evidence is not None:
        store.remove(store.store_path(ledger.path), evidence)
    if entry is not None:
        ledger.wipe()
    receipt = ledger.receipt(batch, tuple(recorded)) if recorded else None
    return Redacted(keys=gone, evidence=evidence, receipt=receipt)


def _delete(batch: Batch, entry: int, keys: Sequence[str]) -> tuple[str, ...]:
    connection = batch.connection
    query = select(disclosure.c.key).where(disclosure.c.entry == entry)
    there = sorted(connection.execute(query).scalars())
    said = batch.entry(entry)
    committed = sorted(said.commitments) if said else []
    if not committed:
        size = log_size(connection)
        what = "commits to no value" if said else f"is not there: the ledger has {size}"
        raise UsageError(f"entry {entry} {what}, so nothing can be deleted")
    if unknown := sorted(set(keys) - set(committed)):
        raise UsageError(
            f"entry {entry} commits to no value {', '.join(map(repr, unknown))}",
            hint=f"It commits to {', '.join(committed)}.",
        )
    gone = tuple(key for key in there if not keys or key in keys)
    connection.execute(
        delete(disclosure).where(disclosure.c.entry == entry, disclosure.c.key.in_(gone))
    )
    return gone


def _original(ledger: SqlLedger, evidence: Sha256) -> int:
    """Returns the size of an original that is kept."""
    path = ledger.kept(evidence)
    if path is None:
        raise UsageError(
            f"the original {evidence} is not kept beside this ledger, so it cannot be removed"
        )
    try:
        return path.stat().st_size
    except OSError as error:
        raise LedgerError(f"the original {path} cannot be read: {error.strerror}") from error
