"""The ledger that a check writes to: entries appended all or nothing, each append signed."""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, insert

from db import (
    attachments,
    keys,
    reading,
    rebuilding,
    rotation,
    schema,
    session,
    store,
)
from db.attachments import Attachment
from db.batch import Batch
from db.casefile import CaseReading
from db.errors import LedgerMissing, explained
from db.head import Head, last_note, read_head
from db.lock import turn
from db.models import ledger_meta
from db.place import Place, beside
from db.searching import Searching
from db.session import is_there, writing_engine
from forensics.errors import LedgerError
from forensics.ledger.entry import CHECKPOINT, CREATED
from forensics.ledger.keychain import KEY_CHANGED
from forensics.ledger.note import Signer, check_name
from forensics.model import Draft, KnownAsset, Receipt, Sha256

RESERVED = frozenset({CREATED, CHECKPOINT, KEY_CHANGED})
"""Entry types that only the ledger itself writes."""


def utc_now() -> datetime:
    """Returns the time by this machine's clock."""
    return datetime.now(UTC)


class SqlLedger(Searching, CaseReading):
    """A ledger in one SQLite file or on a PostgreSQL server; its key and its evidence store lie beside it.

    Implements `forensics.model.Ledger`. One object may be used by several threads, and several processes
    may append to one file.
    """

    _writes_index = True

    def __init__(
        self,
        path: Place,
        engine: Engine,
        signer: Signer,
        *,
        clock: Callable[[], datetime],
        entropy: Callable[[int], bytes],
    ) -> None:
        super().__init__()
        self.path = path
        self.origin = signer.name
        self._engine = engine
        self._signer = signer
        self._clock = clock
        self._entropy = entropy
        self._thread = threading.Lock()
        self._head: Head | None = None

    @classmethod
    def open(
        cls,
        path: Place,
        *,
        create: bool = True,
        origin: str | None = None,
        clock: Callable[[], datetime] = utc_now,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> Self:
        """Opens a ledger for recording, and makes it if it is not there.

        Args:
            path: The SQLite file, or the database on a server.
            create: Make it if it is missing.
            origin: Name of a new log, a schema-less URL such as "desk.example/video"; None lets one be drawn.
            clock: The only source of time.
            entropy: The only source of randomness: keys, salts, drawn names.

        Raises:
            LedgerError: It cannot be opened or made; says why and what to do.
        """
        if origin is not None:
            check_name(origin)
        fresh = not is_there(path)
        if fresh and not create:
            raise LedgerMissing(
                f"there is no ledger at {path}",
                hint="Check the path; `forensics check` makes a ledger where there is none.",
            )
        with explained(path):
            beside(path).parent.mkdir(parents=True, exist_ok=True)
            engine = writing_engine(path, create=create)
            try:
                if fresh or _is_behind(engine, path):
                    _make_or_upgrade(engine, path, origin, entropy)
                # Where two processes make it at once, the first one's name stands.
                signer = _signer(engine, path, None if fresh else origin)
            except BaseException:
                engine.dispose()
                raise
        return cls(path, engine, signer, clock=clock, entropy=entropy)

    @property
    def vkey(self) -> str:
        """The key that signs now, as it is told to others."""
        return self._signer.verifier.vkey

    def close(self) -> None:
        """Closes the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def keep(self, path: Path, sha256: Sha256) -> Path:
        """Stores the bytes read-only under their digest; returns where. Keeps what is there already.

        Raises:
            LedgerError: They cannot be stored, or are not those of the digest.
        """
        return store.keep(store.store_path(self.path), path, sha256)

    def kept(self, sha256: Sha256) -> Path | None:
        """Returns where the bytes of an asset are stored, or None if they were not kept."""
        path = store.kept_path(store.store_path(self.path), sha256)
        return path if path.exists() else None

    def append(self, drafts: Sequence[Draft]) -> Receipt:
        """Appends entries in order, signs a checkpoint, and logs the checkpoint; all or nothing.

        Raises:
            LedgerError: Nothing was recorded; says why and what to do.
        """
        if not drafts:
            raise LedgerError("there is nothing to record: no entry was given")
        for draft in drafts:
            if draft.type in RESERVED:
                raise LedgerError(
                    f"entries of the type {draft.type!r} are written by the ledger itself"
                )
        with self.batch() as batch:
            entries = tuple(batch.add_draft(draft) for draft in drafts)
            batch.seal()
        return self.receipt(batch, entries)

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """Opens an append: what is done in the block, and on its connection, happens all or not at all.

        Raises:
            LedgerError: Nothing was recorded; says why and what to do.
        """
        with self._thread, explained(self.path), turn(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            known, self._head = self._head, None
            with connection.begin():
                head = self._read_head(connection, known)
                batch = Batch(connection, head, self._signer, self._now(), self._entropy)
                yield batch
            if batch.note:
                self._head = batch.head

    def receipt(self, batch: Batch, entries: tuple[int, ...]) -> Receipt:
        """Returns what the ledger answers to an append."""
        return Receipt(
            entries=entries,
            at=batch.at,
            size=batch.signed,
            root=base64.b64encode(batch.root).decode("ascii"),
            checkpoint=batch.note,
            ledger=str(self.path),
            origin=self.origin,
        )

    def change_key(self, reason: str, *, destroy_old: bool) -> Receipt:
        """Lets the key name a successor; from the next append on only that one signs.

        Args:
            reason: Why, as it will stand in the log.
            destroy_old: Destroy the old private key instead of keeping it under another name.

        Raises:
            LedgerError: The key is as it was; says why and what to do.
        """
        with self.batch() as batch:
            entry, successor = rotation.change(batch, self.path, self._entropy, reason, destroy_old)
        with explained(self.path), turn(self.path), self._engine.connect() as connection:
            rotation.settle(connection, self.path)
        self._signer = successor
        return self.receipt(batch, (entry,))

    def attach(self, added: Attachment) -> None:
        """Stores what somebody attached to a checkpoint, such as a cosignature; no entry is made.

        Raises:
            LedgerError: It cannot be stored.
        """
        with self._thread, explained(self.path), turn(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            with connection.begin():
                attachments.add(connection, added)

    def own(self, sha256: Sha256) -> KnownAsset | None:
        """Returns what is known of an asset that was received here; None if it never was."""
        with self._reading() as connection:
            return reading.own(connection, sha256)

    def listed_in(self, sha256: Sha256) -> set[Sha256]:
        """Returns the assets that were recorded from a list of hashes, named by its SHA-256."""
        with self._reading() as connection:
            return reading.listed_in(connection, sha256)

    def disclosed(self, entry: int) -> dict[str, str]:
        """Returns the values that an entry commits to and that were not deleted since, by key."""
        with self._reading() as connection:
            return reading.disclosed(connection, entry)

    def wipe(self) -> None:
        """Writes the database anew without what was deleted from it, and empties its journal.

        Raises:
            LedgerError: Bytes of deleted values may still be there; says what to do.
        """
        with self._thread, explained(self.path), turn(self.path):
            session.wipe(self._engine, self.path)

    def rebuild(self) -> int:
        """Makes the projections again from the log; returns how many entries it has.

        Raises:
            LedgerError: An entry cannot be read; nothing was changed.
        """
        with self._thread, explained(self.path), turn(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            with connection.begin():
                count = rebuilding.tables(connection)
        self._remake_index()
        return count

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading.snapshot(self._engine, self.path)

    def _now(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _read_head(self, connection: Connection, known: Head | None) -> Head:
        """Returns the head; a head that this object wrote is trusted while nobody else appended."""
        if known is not None and (known.size - 1, known.note) == last_note(connection):
            return known
        # Somebody else appended, and may have changed the key.
        self._signer = rotation.present_signer(connection, self.path, self._signer)
        return read_head(connection, self.path, self._signer.verifier)


def _is_behind(engine: Engine, path: Place) -> bool:
    """Tells whether a file still has to be made into a ledger or brought to the newest schema."""
    with engine.connect() as connection:
        return schema.is_empty(connection) or schema.check(connection, path) < schema.SCHEMA


def _make_or_upgrade(
    engine: Engine, path: Place, origin: str | None, entropy: Callable[[int], bytes]
) -> None:
    key_file = None
    with turn(path), engine.connect() as plain:
        connection = plain.execution_options(immediate=True)
        try:
            with connection.begin():
                fresh = schema.is_empty(connection)
                if not fresh:
                    schema.check(connection, path)
                schema.upgrade(connection)
                if fresh:
                    name = origin or f"unnamed/{entropy(8).hex()}"
                    key = keys.make_key(keys.key_path(path), entropy(32))
                    key_file = keys.key_path(path)
                    vkey = Signer(name=name, private=key).verifier.vkey
                    rows = [{"key": "origin", "value": name}, {"key": "vkey", "value": vkey}]
                    connection.execute(insert(ledger_meta), rows)
        except BaseException:
            if key_file is not None:
                key_file.unlink()
            raise


def _signer(engine: Engine, path: Place, origin: str | None) -> Signer:
    with engine.connect() as connection:
        meta = reading.said_of_itself(connection)
    name = meta.get("origin", "")
    if origin is not None and origin != name:
        raise LedgerError(
            f"the ledger {path} has the name {name!r}, not {origin!r}",
            hint="A ledger keeps the name it was made with; leave the name out, or use another file.",
        )
    with explained(path), turn(path), engine.connect() as connection:
        rotation.settle(connection, path)
        return rotation.present_signer(connection, path, None)
