"""Storing what shows that a checkpoint existed at some time, and logging that it was stored.

A token or stamp is found its place by what it commits to: the checkpoint's note as the log alone signed it.
So it does not matter how much was appended since the query was made.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db import attachments
from db.attachments import Attachment
from db.batch import Batch
from db.head import last_note
from db.ledger import SqlLedger
from db.models import log_checkpoint
from forensics.errors import LedgerError
from forensics.ledger.anchors import ANCHOR, OTS, RFC3161, Anchor, read_anchor, trouble_with
from forensics.ledger.note import parse_checkpoint, parse_note, to_base64
from forensics.ledger.opentimestamps import StampError, read_stamp
from forensics.ledger.timestamps import SHA2, TimestampError, imprinted, verify_token
from forensics.model import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """What was stored: the anchor, and the receipt of its entry."""

    anchor: Anchor
    receipt: Receipt


def to_stamp(connection: Connection) -> tuple[int, bytes]:
    """Returns (size, note) of the last checkpoint: the exact bytes that are to be stamped.

    Raises:
        LedgerError: There is none.
    """
    last = last_note(connection)
    if last is None:
        raise LedgerError(
            "the ledger is empty: there is no checkpoint to be stamped",
            hint="Record something first; `forensics check` does.",
        )
    return last[0], last[1].encode()


def keep_token(ledger: SqlLedger, token: bytes, tsa: str, roots_pem: bytes | None) -> Anchored:
    """Verifies a time-stamp token, stores it, and logs an `anchor` entry; all or nothing.

    Args:
        ledger: Where.
        token: DER.
        tsa: Address of the authority; "" where the token was carried by hand.
        roots_pem: Certificates that are trusted; None: the authority's signature is not verified.

    Raises:
        TimestampError: It is no token, is over no checkpoint of this ledger, or does not hold.
    """
    algorithm, digest = imprinted(token)
    with ledger.batch() as batch:
        size, note = _stamped(batch.connection, SHA2.get(algorithm, ""), digest)
        found = verify_token(token, note, roots_pem)
        if trouble := trouble_with(found):
            raise TimestampError(f"nothing was stored: {trouble}")
        payload = {
            "kind": RFC3161,
            "tsa": tsa or found.tsa,
            "token": hashlib.sha256(token).hexdigest(),
            "gen_time": found.gen_time,
            "serial": found.serial,
            "policy": found.policy,
        }
        name = tsa or found.tsa or "an authority without a name"
        entry = _keep(batch, size, note, RFC3161, name, token, payload)
    anchor = read_anchor(size, RFC3161, name, token, note, roots_pem)
    return Anchored(anchor=anchor, receipt=ledger.receipt(batch, (entry,)))


def keep_stamp(ledger: SqlLedger, data: bytes) -> Anchored:
    """Stores an OpenTimestamps proof and logs an `anchor` entry; a later one for the same note replaces it.

    Raises:
        StampError: It is no proof, or is over no checkpoint of this ledger.
    """
    stamp = read_stamp(data)
    with ledger.batch() as batch:
        try:
            size, note = _stamped(batch.connection, stamp.algorithm, stamp.digest)
        except TimestampError as error:
            raise StampError(str(error), hint=error.hint) from error
        state = "in a block" if stamp.blocks else "submitted"
        payload = {"kind": OTS, "stamp": hashlib.sha256(data).hexdigest(), "state": state}
        entry = _keep(batch, size, note, OTS, "OpenTimestamps", data, payload)
    anchor = read_anchor(size, OTS, "OpenTimestamps", data, note, None)
    return Anchored(anchor=anchor, receipt=ledger.receipt(batch, (entry,)))


def anchors(connection: Connection, roots_pem: bytes | None = None) -> list[Anchor]:
    """Returns everything that shows when a checkpoint existed, by size."""
    found = []
    for kind in (RFC3161, OTS):
        for size in attachments.sizes(connection, kind):
            note = _note(connection, size)
            found += [
                read_anchor(size, kind, a.name, a.data, note, roots_pem)
                for a in attachments.of_size(connection, size, kind)
            ]
    return sorted(found, key=lambda anchor: (anchor.size, anchor.kind, anchor.name))


def _keep(
    batch: Batch, size: int, note: bytes, kind: str, name: str, data: bytes, payload: dict[str, str]
) -> int:
    added = Attachment(size=size, kind=kind, name=name, at=batch.at, data=data)
    attachments.add(batch.connection, added)
    root = to_base64(parse_checkpoint(parse_note(note).text).root)
    entry = batch.add(ANCHOR, {"size": size, "root": root, **payload})
    batch.seal()
    return entry


def _stamped(connection: Connection, algorithm: str, digest: bytes) -> tuple[int, bytes]:
    """Finds the checkpoint that a digest is over, newest first."""
    if algorithm in ("sha256", "sha384", "sha512"):
        query = select(log_checkpoint).order_by(log_checkpoint.c.size.desc())
        for row in connection.execute(query).yield_per(100):
            note = row.note.encode()
            if hashlib.new(algorithm, note).digest() == digest:
                return row.size, note
    raise TimestampError(
        f"it is over no checkpoint of this ledger: no note has the digest {digest.hex()}",
        hint="Write the query with --query-out: it is over the last checkpoint as the log signed it.",
    )


def _note(connection: Connection, size: int) -> bytes:
    query = select(log_checkpoint.c.note).where(log_checkpoint.c.size == size)
    return (connection.execute(query).scalar_one_or_none() or "").encode()
