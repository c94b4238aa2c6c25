"""Deleting what may tell about a person: disclosed values, and stored originals. Every proof keeps holding.

The log keeps the commitments, and an entry that says what was deleted and why. The bytes themselves are
overwritten in the file, which is then written anew without them; what a disk, a snapshot or a backup keeps
of earlier states is out of this program's reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from sqlalchemy import Connection, and_, delete, select

from db import originals, store
from db.batch import Batch
from db.exhibits import exhibits_of
from db.head import log_size
from db.ledger import SqlLedger
from db.models import custody, disclosure, log_entry
from db.projections import subject_of
from db.reading import Reader
from db.rotation import check_reason
from forensics.errors import LedgerError, UsageError
from forensics.ledger.acts import REDACTION
from forensics.ledger.entry import read_entry
from forensics.model import Receipt, Sha256


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Value:
    """A value that an entry commits to.

    Attributes:
        entry: Whose.
        key: Under which name.
    """

    entry: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """What was deleted.

    Attributes:
        keys: Of the values of the entry that was named.
        same: Where the same values stood as well, value by value.
        everywhere: Those were deleted too.
        bundles: Entries that record bundles which had taken any of the deleted values along.
        evidence: The original that was removed, or None.
        left_over: Other originals that were destroyed, by the log, and are still there: a removal was cut
            short, or a copy was put back.
        receipt: Of the entries that record it; None where it was recorded before, and only done again.
    """

    keys: tuple[str, ...]
    same: tuple[tuple[Value, ...], ...]
    everywhere: bool
    bundles: tuple[int, ...]
    evidence: Sha256 | None
    left_over: tuple[Sha256, ...]
    receipt: Receipt | None


def redact(
    ledger: SqlLedger,
    entry: int | None,
    *,
    reason: str,
    keys: Sequence[str] = (),
    everywhere: bool = False,
    evidence: Sha256 | None = None,
) -> Redacted:
    """Deletes disclosed values of an entry, a stored original, or both, and records that it was done.

    What a run before could not finish, a further one with the same arguments does.

    Args:
        ledger: Where.
        entry: Whose values; None: none.
        reason: Why, as it will stand in the log for ever: it must not repeat what is deleted.
        keys: Which values; empty: all that are left.
        everywhere: Delete the same values wherever else they are disclosed.
        evidence: The original to be removed as well.

    Raises:
        UsageError: There is no such entry, value or original, or no reason.
        LedgerError: It could not be done completely; says what is left to do.
    """
    check_reason(reason)
    size = None if evidence is None else _size(ledger, evidence)
    recorded: list[int] = []
    gone: tuple[str, ...] = ()
    same: tuple[tuple[Value, ...], ...] = ()
    bundles: tuple[int, ...] = ()
    with ledger.batch() as batch:
        connection = batch.connection
        if entry is not None:
            gone = _named(batch, entry, keys)
            same = _same(connection, entry, gone)
            values = [Value(entry=entry, key=key) for key in gone]
            values += chain.from_iterable(same) if everywhere else ()
            bundles = _left_with(batch, {value.entry for value in values})
            recorded += _delete(batch, values, reason)
        if evidence is not None and originals.last_said(connection).get(evidence) != "destroyed":
            payload = {"event": "destroyed", "sha256": evidence, "size": size, "reason": reason}
            recorded.append(batch.add("custody", payload, subject_of(evidence)))
        if recorded:
            batch.seal()
    if evidence is not None:
        with Reader.open(ledger.path) as reader, reader.snapshot() as named:
            # An original of its own is not removed for being named by another one's outcome.
            shown = exhibits_of(named, evidence) - set(originals.last_said(named))
        for sha256 in (evidence, *sorted(shown)):
            store.remove(store.store_path(ledger.path), sha256)
    if entry is not None:
        ledger.wipe()
    with Reader.open(ledger.path) as reader, reader.snapshot() as after:
        left_over = originals.left_over(after, ledger.path)
    return Redacted(
        keys=gone,
        same=same,
        everywhere=everywhere,
        bundles=bundles,
        evidence=evidence,
        left_over=left_over,
        receipt=ledger.receipt(batch, tuple(recorded)) if recorded else None,
    )


def _named(batch: Batch, entry: int, keys: Sequence[str]) -> tuple[str, ...]:
    """Returns the keys of the values that were asked for and are still there."""
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
    return tuple(key for key in there if not keys or key in keys)


def _same(connection: Connection, entry: int, keys: Sequence[str]) -> tuple[tuple[Value, ...], ...]:
    """Returns where the values of an entry are disclosed as well, value by value."""
    here = and_(disclosure.c.entry == entry, disclosure.c.key.in_(keys))
    values = connection.execute(select(disclosure.c.value).where(here)).scalars().all()
    rows = connection.execute(
        select(disclosure.c.entry, disclosure.c.key, disclosure.c.value)
        .where(disclosure.c.value.in_(values), ~here)
        .order_by(disclosure.c.entry, disclosure.c.key)
    )
    found: dict[str, list[Value]] = {}
    for row in rows:
        found.setdefault(row.value, []).append(Value(entry=row.entry, key=row.key))
    return tuple(map(tuple, found.values()))


def _delete(batch: Batch, values: Iterable[Value], reason: str) -> list[int]:
    """Deletes values, and adds an entry for each entry that loses some; returns the new entries."""
    added = []
    for entry, group in groupby(sorted(values), key=lambda value: value.entry):
        keys = [value.key for value in group]
        batch.connection.execute(
            delete(disclosure).where(disclosure.c.entry == entry, disclosure.c.key.in_(keys))
        )
        added.append(batch.add(REDACTION, {"entry": entry, "keys": keys, "reason": reason}))
    return added


def _left_with(batch: Batch, entries: set[int]) -> tuple[int, ...]:
    """Returns the entries that record bundles which took disclosed values of any of these entries along."""
    if not entries:
        return ()
    subjects = {index: said.subject for index in entries if (said := batch.entry(index))}
    exported = (
        select(log_entry.c.idx, log_entry.c.body)
        .join(custody, custody.c.entry == log_entry.c.idx)
        .where(custody.c.event == "exported", custody.c.entry > min(entries))
        .order_by(log_entry.c.idx)
    )
    found = []
    for index, body in batch.connection.execute(exported):
        payload = read_entry(body).payload
        if payload.get("what") != "bundle" or payload.get("personal") is not True:
            continue
        assets = {subject_of(name) for name in payload.get("assets", [])}
        if any(
            entry < payload["entries"] and (not assets or subject in assets)
            for entry, subject in subjects.items()
        ):
            found.append(index)
    return tuple(found)


def _size(ledger: SqlLedger, evidence: Sha256) -> int:
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
