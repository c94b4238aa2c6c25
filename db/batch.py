"""The rows of one append: entries, their checkpoint, and the entry that repeats it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from db.driver import Insert
from db.head import Head
from db.models import disclosure, log_checkpoint, log_entry
from db.projections import Projector
from forensics.errors import LedgerError
from forensics.ledger.entry import (
    CHECKPOINT,
    CREATED,
    FORMAT,
    SALT_SIZE,
    Entry,
    check_supersedes,
    commitment,
    entry_bytes,
    read_entry,
)
from forensics.ledger.merkle import Frontier, leaf_hash
from forensics.ledger.note import Checkpoint, Signer, sign
from forensics.model import Draft

_INSERT_ENTRIES = Insert(log_entry)
_INSERT_CHECKPOINT = Insert(log_checkpoint)
_INSERT_DISCLOSURES = Insert(disclosure)


class Batch:
    """One append in the making, within the transaction that is open on its connection.

    Args:
        connection: Where it will be written.
        head: Where the log stands.
        signer: Who signs, and who acts.
        at: RFC 3339 time of the entries.
        entropy: Where salts come from.
    """

    def __init__(
        self,
        connection: Connection,
        head: Head,
        signer: Signer,
        at: str,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.connection = connection
        self.start = head.size
        self.at = at
        self.signer = signer
        self.signed = 0
        self.root = b""
        self.note = ""
        self._entropy = entropy
        self._actor = signer.verifier.short
        self._frontier = Frontier(head.size, head.peaks)
        self._entries: list[Entry] = []
        self._rows: list[dict[str, Any]] = []
        self._disclosures: list[dict[str, Any]] = []
        if self.start == 0:
            self.add(CREATED, _genesis(signer))

    @property
    def size(self) -> int:
        """How many entries the log will have; the index of the next."""
        return self._frontier.size

    @property
    def head(self) -> Head:
        """Where the log stands once it is written."""
        return Head(size=self.size, peaks=tuple(self._frontier.peaks), note=self.note)

    def add_draft(self, draft: Draft) -> int:
        """Adds an entry, its personal values replaced by commitments; returns its index.

        Raises:
            LedgerError: It supersedes an entry that it may not.
        """
        commitments = self.commit(draft.personal)
        return self.add(draft.type, draft.payload, draft.subject, commitments, draft.supersedes)

    def commit(self, personal: Mapping[str, str]) -> dict[str, str]:
        """Keeps personal values of the entry that is added next; returns the commitments to them."""
        commitments = {}
        for key, value in personal.items():
            salt = self._entropy(SALT_SIZE)
            commitments[key] = commitment(salt, value)
            self._disclosures.append({"entry": self.size, "key": key, "salt": salt, "value": value})
        return commitments

    def add(
        self,
        type_: str,
        payload: Mapping[str, Any],
        subject: str | None = None,
        commitments: Mapping[str, str] | None = None,
        supersedes: int | None = None,
    ) -> int:
        """Adds an entry; returns its index."""
        entry = Entry(
            type=type_,
            at=self.at,
            actor=self._actor,
            subject=subject,
            payload=payload,
            commitments=commitments or {},
            supersedes=supersedes,
        )
        idx = self.size
        if supersedes is not None:
            check_supersedes(idx, entry, self.entry(supersedes))
        body = entry_bytes(entry)
        nodes = b"".join(self._frontier.add(leaf_hash(body)))
        self._entries.append(entry)
        self._rows.append({"idx": idx, "nodes": nodes, "body": body})
        return idx

    def seal(self, successor: Signer | None = None) -> None:
        """Signs the tree so far, adds the entry that repeats the checkpoint, and writes everything.

        Args:
            successor: A new key that an entry before has named; it signs as well.
        """
        self.signed, self.root = self.size, self._frontier.root()
        head = Checkpoint(origin=self.signer.name, size=self.signed, root=self.root)
        self.note = sign(head.text, [self.signer, *([successor] if successor else [])])
        encoded = base64.b64encode(self.root).decode("ascii")
        self.add(CHECKPOINT, {"size": self.signed, "root": encoded, "note": self.note})
        self._write()

    def _write(self) -> None:
        connection = self.connection
        _INSERT_ENTRIES(connection, self._rows)
        _INSERT_CHECKPOINT(connection, [{"size": self.signed, "note": self.note}])
        if self._disclosures:
            _INSERT_DISCLOSURES(connection, self._disclosures)
        projector = Projector(connection)
        for idx, entry in enumerate(self._entries, self.start):
            projector.take(idx, entry)
        projector.flush()

    def entry(self, index: int) -> Entry | None:
        """Returns an entry of the log or of this batch; None if there is none.

        Raises:
            LedgerError: It cannot be read.
        """
        if self.start <= index < self.size:
            return self._entries[index - self.start]
        body = self.connection.execute(
            select(log_entry.c.body).where(log_entry.c.idx == index)
        ).scalar_one_or_none()
        try:
            return None if body is None else read_entry(body)
        except LedgerError as error:
            raise LedgerError(f"entry {index} cannot be read: {error}") from error


def _genesis(signer: Signer) -> dict[str, str]:
    return {"format": FORMAT, "origin": signer.name, "vkey": signer.verifier.vkey}
