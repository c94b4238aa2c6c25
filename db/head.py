"""The head of the log: where the next entry goes, checked against the last signed checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from db.driver import driver_cursor, on_sqlite, selecting
from db.models import log_checkpoint, log_entry
from db.place import Place
from forensics.errors import LedgerBroken, LedgerError
from forensics.ledger import merkle
from forensics.ledger.entry import is_checkpoint, read_entry
from forensics.ledger.merkle import HASH_SIZE, Frontier, NodeReader
from forensics.ledger.note import Verifier, open_checkpoint

_LAST_NOTE = selecting(
    select(log_checkpoint.c.size, log_checkpoint.c.note)
    .order_by(log_checkpoint.c.size.desc())
    .limit(1)
)

_NODES = on_sqlite(select(log_entry.c.nodes).where(log_entry.c.idx == bindparam("idx")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The state of the log between two appends.

    Attributes:
        size: How many entries; 0 before the first append.
        peaks: Roots of the complete subtrees at its edge, largest first.
        note: The last checkpoint, which signs all but the last entry; None before the first append.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()
    note: str | None = None


def log_size(connection: Connection) -> int:
    """Returns how many entries the log has."""
    last = connection.execute(select(func.max(log_entry.c.idx))).scalar_one()
    return 0 if last is None else int(last) + 1


def last_note(connection: Connection) -> tuple[int, str] | None:
    """Returns (size, note) of the last checkpoint."""
    for size, note in _LAST_NOTE(connection):
        return size, note
    return None


def read_node(connection: Connection, level: int, position: int) -> bytes:
    """Returns the hash of a complete node; it lies with the entry that completed it.

    Raises:
        LedgerBroken: It is not there.
    """
    index = ((position + 1) << level) - 1
    nodes = connection.execute(
        select(log_entry.c.nodes).where(log_entry.c.idx == index)
    ).scalar_one_or_none()
    return _node(nodes, level, position)


def node_reader(connection: Connection, ask: Callable[[NodeReader], object]) -> NodeReader:
    """Returns the reader of those nodes that `ask` reads; on a server all are fetched by one query.

    Args:
        connection: To the ledger.
        ask: Makes a proof; is called once with a reader that gives zeros, to learn what it reads.
    """
    if cursor := driver_cursor(connection):
        return partial(_read_node, cursor)
    wanted: list[tuple[int, int]] = []

    def remember(level: int, position: int) -> bytes:
        wanted.append((level, position))
        return bytes(HASH_SIZE)

    ask(remember)
    ends = {((position + 1) << level) - 1 for level, position in wanted}
    rows = connection.execute(
        select(log_entry.c.idx, log_entry.c.nodes).where(log_entry.c.idx.in_(ends))
    )
    stored = {row.idx: row.nodes for row in rows}
    return lambda level, position: _node(stored.get(((position + 1) << level) - 1), level, position)


def _read_node(cursor: Any, level: int, position: int) -> bytes:
    """Reads a node by the driver: some twenty such queries make a proof, in a tenth of a millisecond."""
    cursor.execute(_NODES, (((position + 1) << level) - 1,))
    (nodes,) = cursor.fetchone() or (None,)
    return _node(nodes, level, position)


def _node(nodes: bytes | None, level: int, position: int) -> bytes:
    node = (nodes or b"")[level * HASH_SIZE : (level + 1) * HASH_SIZE]
    if len(node) != HASH_SIZE:
        index = ((position + 1) << level) - 1
        raise LedgerBroken(f"entry {index} lacks the tree's node of level {level}")
    return bytes(node)


def read_head(connection: Connection, path: Place, verifier: Verifier) -> Head:
    """Reads the head, so that nothing is ever signed which contradicts the last checkpoint.

    Raises:
        LedgerBroken: The log does not lead to its last checkpoint.
    """
    size, last = log_size(connection), last_note(connection)
    if size == 0 and last is None:
        return Head()
    if last is None or last[0] != size - 1:
        signed = "none" if last is None else f"one at size {last[0]}"
        raise _broken(path, f"{size} entries end without their checkpoint: there is {signed}")
    signed_size, note = last
    try:
        checkpoint = open_checkpoint(note, [verifier])
    except LedgerError as error:
        raise _broken(path, f"the last checkpoint cannot be trusted: {error}") from error
    edge = merkle.peak_nodes(signed_size)
    node = node_reader(connection, lambda read: [read(*peak) for peak in edge])
    frontier = Frontier(signed_size, [node(*peak) for peak in edge])
    if (checkpoint.origin, checkpoint.size) != (verifier.name, signed_size):
        raise _broken(path, f"the last checkpoint is not of {verifier.name} at {signed_size}")
    if checkpoint.root != frontier.root():
        raise _broken(
            path,
            f"the entries no longer lead to the checkpoint at size {signed_size}: "
            f"expected the root {checkpoint.root.hex()}, found {frontier.root().hex()}",
        )
    body = connection.execute(
        select(log_entry.c.body).where(log_entry.c.idx == signed_size)
    ).scalar_one()
    if not is_checkpoint(body) or read_entry(body).payload.get("note") != note:
        raise _broken(path, f"entry {signed_size} does not repeat the last checkpoint")
    frontier.add(merkle.leaf_hash(body))
    return Head(size=size, peaks=tuple(frontier.peaks), note=note)


def _broken(path: Place, what: str) -> LedgerBroken:
    return LedgerBroken(
        f"nothing was recorded in {path}: {what}",
        hint="Run `forensics ledger verify`, which names the first bad entry.",
    )
