"""The ledger that a check writes to: entries appended all or nothing, each append signed."""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, insert

from db import attachments, index, keys, projections, reading, schema, store
from db.attachments import Attachment
from db.errors import LedgerMissing, explained
from db.head import Head, last_note, log_size, read_head
from db.lock import turn
from db.models import disclosure, ledger_meta, log_checkpoint, log_entry
from db.session import writing_engine
from forensics.errors import LedgerError
from forensics.ledger.entry import (
    CHECKPOINT,
    CREATED,
    FORMAT,
    SALT_SIZE,
    Entry,
    commitment,
    entry_bytes,
)
from forensics.ledger.merkle import Frontier, leaf_hash
from forensics.ledger.note import Checkpoint, Signer, check_name, sign
from forensics.model import Draft, Hit, KnownAsset, Receipt, Sha256

RESERVED = frozenset({CREATED, CHECKPOINT})
"""Entry types that only the ledger itself writes."""

_INSERT_ENTRIES = insert(log_entry)
_INSERT_CHECKPOINT = insert(log_checkpoint)
_INSERT_DISCLOSURES = insert(disclosure)


def utc_now() -> datetime:
    """Returns the time by this machine's clock."""
    return datetime.now(UTC)


class SqlLedger:
    """A ledger in one SQLite file, with its signing key and its evidence store beside it.

    Implements `forensics.model.Ledger`. One object may be used by several threads, and several processes
    may append to one file.
    """

    def __init__(
        self,
        path: Path,
        engine: Engine,
        signer: Signer,
        *,
        clock: Callable[[], datetime],
        entropy: Callable[[int], bytes],
    ) -> None:
        self.path = path
        self.origin = signer.name
        self.vkey = signer.verifier.vkey
        self._engine = engine
        self._signer = signer
        self._clock = clock
        self._entropy = entropy
        self._thread = threading.Lock()
        self._head: Head | None = None
        self._codes: dict[str, index.Codes] = {}

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = True,
        origin: str | None = None,
        clock: Callable[[], datetime] = utc_now,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> Self:
        """Opens a ledger for recording, and makes it if it is not there.

        Args:
            path: The SQLite file.
            create: Make it if it is missing.
            origin: Name of a new log, a schema-less URL such as "desk.example/video"; None lets one be drawn.
            clock: The only source of time.
            entropy: The only source of randomness: keys, salts, drawn names.

        Raises:
            LedgerError: It cannot be opened or made; says why and what to do.
        """
        fresh = not path.exists() or path.stat().st_size == 0
        if fresh and not create:
            raise LedgerMissing(
                f"there is no ledger at {path}",
                hint="Check the path; `forensics check` makes a ledger where there is none.",
            )
        if origin is not None:
            check_name(origin)
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
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
        with self._thread, explained(self.path), turn(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            known, self._head = self._head, None
            with connection.begin():
                batch = _Batch(self._read_head(connection, known), self._signer, self._now())
                if batch.start == 0:
                    batch.add(CREATED, _genesis(self._signer))
                first = batch.size
                for draft in drafts:
                    batch.add_draft(draft, self._entropy)
                note, root = batch.seal()
                batch.write(connection)
            self._head = batch.head
        return Receipt(
            entries=tuple(range(first, first + len(drafts))),
            at=batch.at,
            size=batch.signed,
            root=base64.b64encode(root).decode("ascii"),
            checkpoint=note,
            ledger=str(self.path),
            origin=self.origin,
        )

    def attach(self, added: Attachment) -> None:
        """Stores what somebody attached to a checkpoint, such as a cosignature; no entry is made.

        Raises:
            LedgerError: It cannot be stored.
        """
        with self._thread, explained(self.path), turn(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            with connection.begin():
                attachments.add(connection, added)

    def nearest(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[Hit]:
        """Returns every signature of `scheme` within `radius` bits of any code: by query, asset, time."""
        with self._reading() as connection:
            held = self._codes.get(scheme)
            if held is None or held.size != log_size(connection):
                held = self._codes[scheme] = index.read_codes(connection, scheme)
            return index.nearest(connection, held, scheme, codes, radius)

    def same_stream(self, scheme: str, digests: Sequence[str]) -> list[tuple[str, Sha256]]:
        """Returns (digest, asset) for every known asset that has one of the stream digests."""
        with self._reading() as connection:
            return index.same_stream(connection, scheme, digests)

    def known(self, sha256: Sha256) -> KnownAsset | None:
        """Returns what is known of an asset, or None if it was never met."""
        with self._reading() as connection:
            return reading.known(connection, sha256)

    def extent(self, schemes: Sequence[str], without: Sha256) -> tuple[int, int]:
        """Returns (signatures, assets) in the index, leaving out one asset."""
        with self._reading() as connection:
            return index.extent(connection, schemes, without)

    def disclosed(self, entry: int) -> dict[str, str]:
        """Returns the values that an entry commits to and that were not deleted since, by key."""
        with self._reading() as connection:
            return reading.disclosed(connection, entry)

    def rebuild(self) -> int:
        """Makes the projections again from the log; returns how many entries it has.

        Raises:
            LedgerError: An entry cannot be read; nothing was changed.
        """
        with self._thread, explained(self.path), turn(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            with connection.begin():
                self._codes.clear()
                return projections.rebuild(connection)

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading.snapshot(self._engine, self.path)

    def _now(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _read_head(self, connection: Connection, known: Head | None) -> Head:
        """Returns the head; a head that this object wrote is trusted while nobody else appended."""
        if known is not None and (known.size - 1, known.note) == last_note(connection):
            return known
        return read_head(connection, self.path, self._signer.verifier)


class _Batch:
    """The rows of one append: entries, their checkpoint, and the entry that repeats it."""

    def __init__(self, head: Head, signer: Signer, at: str) -> None:
        self.start = head.size
        self.at = at
        self.signed = 0
        self._signer = signer
        self._actor = signer.verifier.short
        self._frontier = Frontier(head.size, head.peaks)
        self._entries: list[Entry] = []
        self._rows: list[dict[str, Any]] = []
        self._disclosures: list[dict[str, Any]] = []
        self._note = ""

    @property
    def size(self) -> int:
        return self._frontier.size

    @property
    def head(self) -> Head:
        return Head(size=self.size, peaks=tuple(self._frontier.peaks), note=self._note)

    def add_draft(self, draft: Draft, entropy: Callable[[int], bytes]) -> None:
        """Adds an entry, its personal values replaced by commitments."""
        if draft.supersedes is not None and not 0 <= draft.supersedes < self.size:
            raise LedgerError(
                f"entry {self.size} cannot supersede entry {draft.supersedes}: there is none"
            )
        commitments = {}
        for key, value in draft.personal.items():
            salt = entropy(SALT_SIZE)
            commitments[key] = commitment(salt, value)
            self._disclosures.append({"entry": self.size, "key": key, "salt": salt, "value": value})
        self.add(draft.type, draft.payload, draft.subject, commitments, draft.supersedes)

    def add(
        self,
        type_: str,
        payload: Mapping[str, Any],
        subject: str | None = None,
        commitments: Mapping[str, str] | None = None,
        supersedes: int | None = None,
    ) -> None:
        """Adds an entry."""
        entry = Entry(
            type=type_,
            at=self.at,
            actor=self._actor,
            subject=subject,
            payload=payload,
            commitments=commitments or {},
            supersedes=supersedes,
        )
        body = entry_bytes(entry)
        idx = self.size
        nodes = b"".join(self._frontier.add(leaf_hash(body)))
        self._entries.append(entry)
        self._rows.append({"idx": idx, "nodes": nodes, "body": body})

    def seal(self) -> tuple[str, bytes]:
        """Signs the tree so far and adds the entry that repeats the checkpoint; returns (note, root)."""
        self.signed, root = self.size, self._frontier.root()
        head = Checkpoint(origin=self._signer.name, size=self.signed, root=root)
        self._note = sign(head.text, [self._signer])
        encoded = base64.b64encode(root).decode("ascii")
        self.add(CHECKPOINT, {"size": self.signed, "root": encoded, "note": self._note})
        return self._note, root

    def write(self, connection: Connection) -> None:
        """Inserts everything."""
        connection.execute(_INSERT_ENTRIES, self._rows)
        connection.execute(_INSERT_CHECKPOINT, {"size": self.signed, "note": self._note})
        if self._disclosures:
            connection.execute(_INSERT_DISCLOSURES, self._disclosures)
        for idx, entry in enumerate(self._entries, self.start):
            projections.apply(connection, idx, entry)


def _genesis(signer: Signer) -> dict[str, str]:
    return {"format": FORMAT, "origin": signer.name, "vkey": signer.verifier.vkey}


def _is_behind(engine: Engine, path: Path) -> bool:
    """Tells whether a file still has to be made into a ledger or brought to the newest schema."""
    with engine.connect() as connection:
        return schema.is_empty(connection) or schema.check(connection, path) < schema.SCHEMA


def _make_or_upgrade(
    engine: Engine, path: Path, origin: str | None, entropy: Callable[[int], bytes]
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


def _signer(engine: Engine, path: Path, origin: str | None) -> Signer:
    with engine.connect() as connection:
        meta = reading.said_of_itself(connection)
    name, vkey = meta.get("origin", ""), meta.get("vkey", "")
    if origin is not None and origin != name:
        raise LedgerError(
            f"the ledger {path} has the name {name!r}, not {origin!r}",
            hint="A ledger keeps the name it was made with; leave the name out, or use another file.",
        )
    key_file = keys.key_path(path)
    signer = Signer(name=name, private=keys.read_key(key_file))
    if signer.verifier.vkey != vkey:
        raise keys.KeyUnfit(
            f"{key_file} is not the key of this ledger: expected {vkey}, found {signer.verifier.vkey}",
            hint="Put the right key back beside the ledger.",
        )
    return signer
