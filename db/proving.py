"""What leaves a ledger for others: checkpoints with their cosignatures, proofs, requests to a witness."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, select

from db import attachments
from db.attachments import COSIGNATURE
from db.head import last_note, log_size, node_reader
from db.models import log_checkpoint, log_entry
from forensics.errors import LedgerBroken, LedgerError, UsageError
from forensics.ledger import merkle
from forensics.ledger.proof import Proof, make_proof
from forensics.ledger.witness import Request


def latest_size(connection: Connection) -> int:
    """Returns how many entries the last checkpoint signs.

    Raises:
        LedgerError: Nothing was recorded yet.
    """
    last = last_note(connection)
    if last is None:
        raise LedgerError("there is no checkpoint: nothing was recorded in this ledger yet")
    return last[0]


def checkpoint(connection: Connection, size: int | None = None) -> str:
    """Returns a signed checkpoint with the cosignatures that are kept beside the log.

    Args:
        connection: To the ledger.
        size: How many entries it signs; None: the last one.

    Raises:
        UsageError: There is no checkpoint of that size.
        LedgerError: Nothing was recorded yet.
    """
    wanted = latest_size(connection) if size is None else size
    lines = attachments.of_size(connection, wanted, COSIGNATURE)
    return log_note(connection, wanted) + "".join(line.data.decode() for line in lines)


def log_note(connection: Connection, size: int) -> str:
    """Returns the checkpoint that signs `size` entries, with the log's signature alone.

    Raises:
        UsageError: There is none of that size.
    """
    note = connection.execute(
        select(log_checkpoint.c.note).where(log_checkpoint.c.size == size)
    ).scalar_one_or_none()
    if note is None:
        raise UsageError(
            f"there is no checkpoint of {size} entries",
            hint="`forensics ledger log --type checkpoint` lists the sizes.",
        )
    return str(note)


def prove(
    connection: Connection, index: int, size: int | None = None, *, with_body: bool = True
) -> Proof:
    """Makes the proof of an entry.

    Args:
        connection: To the ledger.
        index: The entry.
        size: Of the checkpoint that it is proven in. None: the largest that a witness cosigned and that
            covers the entry; else the last one.
        with_body: Let the proof carry the entry.

    Raises:
        UsageError: There is no such entry or checkpoint, or no checkpoint covers the entry yet.
    """
    body = connection.execute(
        select(log_entry.c.body).where(log_entry.c.idx == index)
    ).scalar_one_or_none()
    if body is None:
        raise UsageError(
            f"there is no entry {index}: the ledger has {log_size(connection)} entries, from 0"
        )
    if size is None:
        cosigned = [n for n in attachments.sizes(connection, COSIGNATURE) if n > index]
        size = cosigned[-1] if cosigned else latest_size(connection)
    if index >= size:
        raise UsageError(
            f"entry {index} is not among the {size} entries that the checkpoint signs",
            hint="Choose a larger checkpoint with --size; the last entry is signed by the next append.",
        )
    note = checkpoint(connection, size)
    nodes = node_reader(connection, partial(merkle.inclusion_proof, index, size))
    return make_proof(index, note, nodes, bytes(body) if with_body else None)


def request(connection: Connection, old: int, size: int | None = None) -> Request:
    """Makes the request that a witness answers, for a checkpoint of ours.

    Args:
        connection: To the ledger.
        old: Size of the checkpoint that the witness cosigned last; 0 if none.
        size: Of the checkpoint; None: the last one.

    Raises:
        UsageError: There is no such checkpoint.
        LedgerBroken: The witness holds more entries than there are.
    """
    wanted = latest_size(connection) if size is None else size
    if not 0 <= old <= wanted:
        raise LedgerBroken(
            f"the witness holds {old} entries of this log, and the last checkpoint signs only {wanted}",
            hint="If the witness said so, this ledger was cut or is an old copy: go back to a newer one.",
        )
    make = partial(merkle.consistency_proof, old, wanted)
    proof = make(node_reader(connection, make)) if old else []
    return Request(old=old, proof=tuple(proof), checkpoint=log_note(connection, wanted))
