"""Bundles that left, held against the ledger: their checkpoints, and the record of their leaving."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from db import attachments, files
from db.attachments import COSIGNATURE
from db.models import custody, log_entry
from db.place import Place
from db.reading import Reader
from db.verifying import verify
from forensics.errors import LedgerBroken, LedgerError, UsageError
from forensics.ledger.audit import audit
from forensics.ledger.bundle import open_bundle
from forensics.ledger.entry import read_entry
from forensics.ledger.note import parse_vkey
from forensics.ledger.verify import Verification, read_held

_LOOKED = 200
"""Records of exports that are looked at, the last ones."""
_NAMED = 5
"""Sizes that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A bundle that left.

    Attributes:
        path: The file.
        sha256: Of the whole file.
        size: How many entries its checkpoint signs.
        notes: The checkpoints in it, by rising size.
    """

    path: Path
    sha256: str
    size: int
    notes: tuple[str, ...]


def read_left(path: Path) -> Left:
    """Reads the checkpoints of a bundle.

    Raises:
        LedgerBroken: The bundle itself is broken.
        UsageError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            try:
                bundle = open_bundle(file)
            except LedgerBroken as error:
                raise LedgerBroken(f"the bundle {path} is broken itself: {error}") from error
            result = audit(bundle)
            if result.problem is not None:
                raise LedgerBroken(f"the bundle {path} is broken itself: {result.problem}")
            return Left(
                path=path,
                sha256=files.digest(file)[0],
                size=bundle.size,
                notes=tuple(bundle.held()),
            )
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def verify_against(
    place: Place,
    *,
    vkey: str | None,
    notes: list[str],
    bundles: list[Left],
    roots_pem: bytes | None = None,
) -> Verification:
    """Verifies a ledger, with what left it in hand.

    Args:
        place: The ledger.
        vkey: Its key, as the verifier was told it.
        notes: Checkpoints that were kept elsewhere.
        bundles: Bundles that were kept elsewhere.
        roots_pem: Certificates of time-stamping authorities that are trusted, PEM.

    Raises:
        LedgerError: There is no ledger that could be read.
        NoteError: The key or a checkpoint is not one at all.
        UsageError: A bundle or a checkpoint is of another log.
    """
    held = [*notes, *(note for bundle in bundles for note in bundle.notes)]
    _check_origins(place, vkey, held)
    result = verify(place, vkey=vkey, held=held, roots_pem=roots_pem)
    if result.problems:
        return result
    said = [*(_departure(place, bundle) for bundle in bundles), *_elsewhere(place, result.anchored)]
    return replace(result, remarks=(*result.remarks, *said))


def _elsewhere(place: Place, given: int) -> Iterator[str]:
    """Says, by the log's own word, who else may hold later checkpoints than those that were given."""
    with Reader.open(place) as reader, reader.snapshot() as connection:
        bodies = connection.execute(
            select(log_entry.c.body)
            .join(custody, custody.c.entry == log_entry.c.idx)
            .where(custody.c.event == "exported")
            .order_by(log_entry.c.idx.desc())
            .limit(_LOOKED)
        ).scalars()
        left = {int(p.get("entries", 0)) for p in (read_entry(body).payload for body in bodies)}
        seen = set(attachments.sizes(connection, COSIGNATURE))
    for sizes, who in ((left, "bundles left with"), (seen, "witnesses cosigned")):
        if later := sorted(size for size in sizes if size > given)[-_NAMED:]:
            what = ", ".join(map(str, later))
            yield f"By the log's own word {who} the first {what} entries: whoever holds one can be asked."


def _check_origins(place: Place, vkey: str | None, held: list[str]) -> None:
    """Checks that what was kept elsewhere is of this log, or of the one that is expected here."""
    first = select(log_entry.c.body).where(log_entry.c.idx == 0)
    try:
        with Reader.open(place) as reader, reader.snapshot() as connection:
            body = connection.execute(first).scalar()
        origin = read_entry(body or b"").payload.get("origin")
    except LedgerError:
        return  # `verify` says what is wrong
    expected = {origin} if vkey is None else {origin, parse_vkey(vkey).name}
    for checkpoint, _ in read_held(held):
        if checkpoint.origin not in expected:
            raise UsageError(
                f"a bundle or checkpoint that you gave is of the log {checkpoint.origin!r}, and the ledger "
                f"{place} is of {origin!r}: nothing was compared",
                hint="Give what left this ledger. If it should be that log, another one lies in its place.",
            )


def _departure(place: Place, bundle: Left) -> str:
    with Reader.open(place) as reader, reader.snapshot() as connection:
        entry = connection.execute(
            select(custody.c.entry).where(
                custody.c.sha256 == bundle.sha256, custody.c.event == "exported"
            )
        ).scalar()
    if entry is None:
        return (
            f"No entry records that the bundle {bundle.path.name} left this ledger, as one should from "
            f"entry {bundle.size} on: those entries may have been cut or written anew since."
        )
    return f"Entry {entry} records that the bundle {bundle.path.name} left."
