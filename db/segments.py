"""The index of one scheme, kept up with the log: a few large segments in files, what came since in memory."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from sqlalchemy import Connection, select

from db.codes import Batch, Kind, group, joined, live, picked, read, total_of, width_of
from db.head import log_size
from db.indexfiles import Files, Held, Segment, sort
from db.models import log_checkpoint
from forensics.index import frames, local

MOST = 1 << 24
"""Codes in one segment."""
FILED = 1 << 16
"""From so many codes in memory on they are written to files: fewer are sooner read than found."""
_PARTS = 8
"""Segments in memory before they are joined."""


def refreshed(
    connection: Connection,
    held: Held | None,
    wanted: Held,
    files: Files,
) -> Held:
    """Returns the codes of a scheme as of now, and writes them to files where they have become many.

    Args:
        connection: The ledger, within one view of it.
        held: As of earlier; None: nothing was read yet.
        wanted: Says of which kind and scheme, and the bytes in a code where this ledger has none to tell.
        files: Where the index lies.

    Raises:
        LedgerBroken: The tables contradict themselves or the log.
    """
    size = log_size(connection)
    if held is not None and held.size == size and held.width == wanted.width:
        return held
    kind, scheme = wanted.kind, wanted.scheme
    width = width_of(connection, kind, scheme) or wanted.width
    wanted = replace(wanted, width=width, stride=_stride(connection, kind, scheme, width))
    if held is None or not _continues(held, wanted, size):
        held = files.load(wanted, lambda at: checkpoint_at(connection, at)) or wanted
    batches = list(read(connection, kind, scheme, width, held.size, MOST))
    filed = [one for one in held.segments if one.file is not None]
    loose = [one for one in held.segments if one.file is None]
    waiting = [*(one.batch for one in loose), *batches]
    held = replace(held, size=size)
    if sum(len(batch.words) for batch in waiting) >= FILED:
        with files.turn() as mine:
            stored = _stored(connection, held, filed, list(waiting), files) if mine else None
        if stored is not None:
            return stored
    if len(waiting) > _PARTS:
        return replace(held, segments=(*filed, sort(held, joined(waiting))))
    return replace(held, segments=(*held.segments, *(sort(held, batch) for batch in batches)))


def checkpoint_at(connection: Connection, size: int) -> str | None:
    """Returns the SHA-256 of the checkpoint that is the last entry of a log of some size, hexadecimal."""
    query = select(log_checkpoint.c.note).where(log_checkpoint.c.size == size - 1)
    note = connection.execute(query).scalar_one_or_none()
    return None if note is None else sha256(note.encode()).hexdigest()


def _stride(connection: Connection, kind: Kind, scheme: str, width: int) -> int:
    if kind is Kind.PICTURES:
        return frames.BITS
    return local.stride_for(total_of(connection, kind, scheme, width))


def _continues(held: Held, wanted: Held, size: int) -> bool:
    """Tells whether what is held only lacks what came since."""
    return (held.width, held.stride) == (wanted.width, wanted.stride) and held.size <= size


def _stored(
    connection: Connection,
    held: Held,
    filed: list[Segment],
    waiting: list[Batch],
    files: Files,
) -> Held | None:
    """Writes what is in memory to files; None where that cannot be done.

    Segments at the end that are not much larger are written anew together with it, so that there are never
    many: their number grows with the logarithm of the codes.
    """
    checkpoint = checkpoint_at(connection, held.size)
    there = files.load(held, lambda at: checkpoint_at(connection, at))
    if there is None:  # the files that are mapped were removed
        waiting = [*(one.batch for one in filed), *waiting]
        filed = []
    elif there.filed != held.filed:
        # Another process wrote since: what it has need not be held in memory any more.
        filed = list(there.segments)
        waiting = list(read(connection, held.kind, held.scheme, held.width, there.size, MOST))
    number = sum(len(batch.words) for batch in waiting)
    while filed and len(filed[-1]) < 2 * number and len(filed[-1]) + number <= MOST:
        last = filed.pop()
        number += len(last)
        waiting.insert(0, _counting(connection, held, last.batch))
    batches = [joined(waiting)] if waiting and number <= MOST else waiting
    try:
        return files.store(held, filed, batches, checkpoint or "")
    except OSError:
        return None


def _counting(connection: Connection, held: Held, batch: Batch) -> Batch:
    """Returns the groups of a batch that were not replaced."""
    groups = [group(batch.groups, batch.origins, number) for number in range(len(batch.groups))]
    counting = live(connection, held.kind, held.scheme, groups)
    return picked(batch, [one in counting for one in groups])
