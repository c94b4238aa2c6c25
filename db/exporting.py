"""Exporting: the log as it stands under its last checkpoint, as a bundle for outsiders.

The bundle follows from the ledger's state and the options alone, byte for byte. That it left is recorded
after it was written, so its own entry is not in it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from db import attachments
from db.attachments import COSIGNATURE, OTS, RFC3161
from db.files import digest as digest_of
from db.files import parts_of, sync
from db.head import last_note, read_node
from db.ledger import SqlLedger
from db.models import asset, disclosure, log_checkpoint, log_entry
from db.projections import subject_of
from db.reading import Reader
from db.store import kept_path, store_path
from forensics.errors import LedgerBroken, LedgerError, UsageError
from forensics.ledger import bundle as names
from forensics.ledger.acts import REDACTION
from forensics.ledger.anchors import ANCHOR
from forensics.ledger.bag import Content, write_bag
from forensics.ledger.bundle import open_bundle
from forensics.ledger.canonical import canonical_bytes
from forensics.ledger.entry import CHECKPOINT, CREATED, read_entry
from forensics.ledger.instructions import instructions
from forensics.ledger.keychain import KEY_CHANGED
from forensics.ledger.merkle import HASH_SIZE, consistency_proof, root_at
from forensics.ledger.note import parse_checkpoint, parse_note
from forensics.ledger.policy import parse_policy
from forensics.ledger.witness import Request
from forensics.model import Draft, Receipt, Sha256

ALWAYS = (CREATED, CHECKPOINT, KEY_CHANGED, ANCHOR, REDACTION)
"""Entries about the log itself: every bundle has their bodies, so that nobody takes what was deleted for what
is withheld."""
_FETCH = 1000
_UNFIT = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a bundle is to hold beside the log.

    Attributes:
        assets: Only the bodies about these; empty: all.
        evidence: The originals as well.
        personal: The values that are still disclosed as well.
        reports: Files to be added.
        since: An earlier bundle of the same log.
        policy: A policy file to be added.
    """

    assets: tuple[Sha256, ...] = ()
    evidence: bool = False
    personal: bool = True
    reports: tuple[Path, ...] = ()
    since: Path | None = None
    policy: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written.

    Attributes:
        path: The bundle.
        sha256: Of the whole file.
        size: Of the file, in bytes.
        entries: How many entries its checkpoint signs.
        bodies: How many of them are in it with their bodies.
        originals: SHA-256 of each original in it.
        receipt: Of the entries that record the export.
    """

    path: Path
    sha256: str
    size: int
    entries: int
    bodies: int
    originals: tuple[str, ...]
    receipt: Receipt


def export(ledger: SqlLedger, target: Path, wanted: Wanted) -> Exported:
    """Writes a bundle and records that it left.

    Raises:
        UsageError: The target is there already, or the options ask for something that is not there.
        LedgerError: It could not be written or recorded; then nothing is left behind.
    """
    if target.exists():
        raise UsageError(f"{target} is there already", hint="Name another file for the bundle.")
    if not target.parent.is_dir():
        raise UsageError(
            f"there is no folder {target.parent}", hint="Make it, or name another file."
        )
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with Reader.open(ledger.path) as reader, reader.snapshot() as connection:
            made = _Bundle(connection, reader, store_path(ledger.path), wanted)
            digest, size = _write(made, part, target)
        receipt = ledger.append(made.drafts(digest, size))
        with _explained(target):
            part.replace(target)
            sync(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return Exported(
        path=target,
        sha256=digest,
        size=size,
        entries=made.size,
        bodies=made.bodies,
        originals=tuple(made.originals),
        receipt=receipt,
    )


def _write(made: _Bundle, part: Path, target: Path) -> tuple[str, int]:
    """Writes a bundle to a file of its own; returns its SHA-256 and size."""
    with _explained(target), part.open("w+b") as file:
        digests = write_bag(file, made.contents(), made.info)
        made.check_evidence(digests)
        file.flush()
        os.fsync(file.fileno())
        return digest_of(file)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    """Says that it is the bundle, not the ledger, that could not be written.

    Raises:
        LedgerError: Instead of the error that came.
    """
    try:
        yield
    except OSError as error:
        raise LedgerError(
            f"the bundle {target} could not be written: {error.strerror or error}",
            hint="Check the path, its permissions and the space left on the disk.",
        ) from error


class _Bundle:
    """Gathers a bundle's content within one view of the ledger."""

    def __init__(self, connection: Connection, reader: Reader, store: Path, wanted: Wanted) -> None:
        last = last_note(connection)
        if last is None:
            raise LedgerError("the ledger is empty: there is nothing to export")
        self.size, self.note = last
        self.bodies = 0
        self.originals: dict[str, Path] = {}
        self._connection = connection
        self._reader = reader
        self._wanted = wanted
        self._chosen = self._choose() if wanted.assets else None
        if wanted.evidence:
            self._find_originals(store)
        at = reader.entry(self.size).entry.at
        self.info = {
            "External-Identifier": f"{reader.origin}@{self.size}",
            "External-Description": f"Entries 0 to {self.size - 1} of the log {reader.origin}",
            "Bagging-Date": at[:10],
            "Checkpoint-Time": at,
        }

    def contents(self) -> list[Content]:
        """Returns all files."""
        contents = [
            self._entries(),
            *self._checkpoints(),
            _whole(names.KEY, f"{self._reader.vkey}\n".encode()),
        ]
        since = None
        if self._chosen is not None:
            length = self.size * (2 * HASH_SIZE + 1)
            contents.append(Content(name=names.LEAVES, size=length, chunks=self._leaves()))
        if self._wanted.since is not None:
            since, files = self._continues(self._wanted.since)
            contents += files
        if self._wanted.personal and (disclosed := b"".join(self._disclosed())):
            contents.append(_whole(names.DISCLOSURES, disclosed))
        if self._wanted.policy is not None:
            policy = self._wanted.policy.read_bytes()
            parse_policy(policy)
            contents.append(_whole(names.POLICY, policy))
        contents += _reports(self._wanted.reports)
        contents += [
            Content(name=names.EVIDENCE + name, size=path.stat().st_size, chunks=parts_of(path))
            for name, path in self.originals.items()
        ]
        files_there = {content.name for content in contents}
        text = instructions(self._reader.origin, self.size, files_there, since=since)
        return [*contents, _whole(names.INSTRUCTIONS, text.encode())]

    def check_evidence(self, digests: dict[str, str]) -> None:
        """Checks that each original that was packed has the bytes it is named after."""
        for name, path in self.originals.items():
            if (found := digests[names.EVIDENCE + name]) != name:
                raise LedgerBroken(
                    f"the kept file {path} no longer has the bytes it is named after: "
                    f"expected {name}, found {found}",
                    hint="Note that it was changed, move it aside, and export again.",
                )

    def drafts(self, digest: str, size: int) -> list[Draft]:
        """Returns the entries that record the export: of the bundle, and of each original in it."""
        assets = self._wanted.assets
        bundle = {
            "event": "exported",
            "sha256": digest,
            "size": size,
            "what": "bundle",
            "entries": self.size,
            "bodies": self.bodies,
            "root": parse_checkpoint(parse_note(self.note).text).root.hex(),
            "assets": list(assets),
            "personal": self._wanted.personal,
        }
        subject = subject_of(assets[0]) if len(assets) == 1 else None
        return [
            Draft(type="custody", subject=subject, payload=bundle),
            *(
                Draft(
                    type="custody",
                    subject=subject_of(name),
                    payload={
                        "event": "exported",
                        "sha256": name,
                        "size": path.stat().st_size,
                        "bundle": digest,
                    },
                )
                for name, path in self.originals.items()
            ),
        ]

    def _choose(self) -> set[int]:
        """Returns the entries whose bodies are wanted."""
        subjects = {subject_of(name) for name in self._wanted.assets}
        needles = [f'"subject":"{subject}"'.encode() for subject in subjects]
        needles += [f'"type":"{type_}"'.encode() for type_ in ALWAYS]
        chosen, met = set(), set()
        for index, body in self._rows(log_entry.c.idx, log_entry.c.body):
            if any(needle in body for needle in needles):
                entry = read_entry(body)
                if entry.type in ALWAYS or entry.subject in subjects:
                    chosen.add(index)
                    met.add(entry.subject)
        if missing := sorted(subjects - met):
            raise UsageError(
                f"no entry is about {missing[0]}",
                hint="`forensics ledger log` lists what is there.",
            )
        return chosen

    def _find_originals(self, store: Path) -> None:
        known = self._connection.execute(select(asset.c.sha256).order_by(asset.c.sha256)).scalars()
        for name in self._wanted.assets or known:
            path = kept_path(store, name)
            if path.exists():
                self.originals[name] = path

    def _rows(self, *columns: ColumnElement[Any]) -> Iterator[tuple[int, bytes]]:
        query = select(*columns).where(log_entry.c.idx < self.size).order_by(log_entry.c.idx)
        rows = self._connection.execute(query).yield_per(_FETCH)
        return ((index, data) for index, data in rows)

    def _entries(self) -> Content:
        length = self._connection.execute(
            select(func.sum(func.length(log_entry.c.body) + 20))
        ).scalar_one()

        def lines() -> Iterator[bytes]:
            for index, body in self._rows(log_entry.c.idx, log_entry.c.body):
                if self._chosen is None or index in self._chosen:
                    self.bodies += 1
                    yield b"%d\t%b\n" % (index, body)

        return Content(name=names.ENTRIES, size=int(length), chunks=lines())

    def _leaves(self) -> Iterator[bytes]:
        for _, nodes in self._rows(log_entry.c.idx, log_entry.c.nodes):
            yield nodes[:HASH_SIZE].hex().encode() + b"\n"

    def _checkpoints(self) -> Iterator[Content]:
        """Yields the last checkpoint, and those to which somebody attached something."""
        kinds = (COSIGNATURE, RFC3161, OTS)
        attached = {size for kind in kinds for size in attachments.sizes(self._connection, kind)}
        for size in sorted({self.size, *(s for s in attached if s <= self.size)}):
            note = self._connection.execute(
                select(log_checkpoint.c.note).where(log_checkpoint.c.size == size)
            ).scalar_one_or_none()
            if note is None:
                raise LedgerBroken(f"something is attached to size {size}, which has no checkpoint")
            folder = f"{names.CHECKPOINTS}{size}/"
            yield _whole(folder + names.NOTE, note.encode())
            of_size = {kind: attachments.of_size(self._connection, size, kind) for kind in kinds}
            if lines := b"".join(one.data for one in of_size[COSIGNATURE]):
                yield _whole(folder + names.COSIGNED, note.encode() + lines)
            for number, one in enumerate(of_size[RFC3161], 1):
                yield _whole(f"{folder}rfc3161-{number}.tsr", one.data)
            for number, one in enumerate(of_size[OTS], 1):
                yield _whole(f"{folder}ots-{number}.ots", one.data)

    def _continues(self, path: Path) -> tuple[int, list[Content]]:
        """Proves that this log continues an earlier bundle."""
        with path.open("rb") as file:
            earlier = open_bundle(file)
            note = earlier.note(earlier.size)
        old = parse_checkpoint(parse_note(note).text)

        def node(level: int, position: int) -> bytes:
            return read_node(self._connection, level, position)

        if old.origin != self._reader.origin:
            raise UsageError(
                f"{path} is of the log {old.origin!r}, expected {self._reader.origin!r}",
                hint="Name an earlier bundle of this ledger.",
            )
        if old.size > self.size or root_at(old.size, node) != old.root:
            raise LedgerBroken(
                f"this log does not continue the bundle {path}: its {old.size} entries are not the "
                f"first of the {self.size} here",
                hint="Run `forensics ledger verify --bundle` with it, which names the first bad entries.",
            )
        proof = Request(
            old=old.size,
            proof=tuple(consistency_proof(old.size, self.size, node)),
            checkpoint=self.note,
        )
        return old.size, [
            _whole(names.SINCE_NOTE, note.encode()),
            _whole(names.SINCE_PROOF, proof.text.encode()),
        ]

    def _disclosed(self) -> Iterator[bytes]:
        rows = self._connection.execute(
            select(disclosure)
            .where(disclosure.c.entry < self.size)
            .order_by(disclosure.c.entry, disclosure.c.key)
        )
        for row in rows:
            if self._chosen is None or row.entry in self._chosen:
                one = {
                    "entry": row.entry,
                    "key": row.key,
                    "salt": row.salt.hex(),
                    "value": row.value,
                }
                yield canonical_bytes(one) + b"\n"


def _reports(paths: Sequence[Path]) -> Iterator[Content]:
    """Yields reports under their own names, as far as these are letters, digits, `.`, `_` and `-`."""
    for number, path in enumerate(paths, 1):
        if not path.is_file():
            raise UsageError(f"there is no report at {path}")
        name = f"{names.REPORTS}{number}-{_UNFIT.sub('_', path.name)[-100:]}"
        yield Content(name=name, size=path.stat().st_size, chunks=parts_of(path))


def _whole(name: str, data: bytes) -> Content:
    return Content(name=name, size=len(data), chunks=[data])
