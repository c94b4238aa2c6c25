"""The originals beside a ledger, held against what the log says of them: stored, or destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from sqlalchemy import Connection, select

from db.exhibits import exhibits
from db.models import custody
from db.place import Place
from db.reading import Reader
from db.store import kept_path, store_path
from forensics.model import Sha256

STORED, DESTROYED = "stored", "destroyed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """What lies in the evidence store.

    Attributes:
        folder: The store.
        sound: How many originals have the bytes that they are named after.
        missing: SHA-256 of those that were stored, by the log, and are not there.
        changed: SHA-256 of those whose bytes are others now, or cannot be read.
        destroyed: SHA-256 of those that were destroyed, by the log, and are there; and of pictures that
            analyses made of them.
        unexpected: Paths below the folder of which the log says nothing.
    """

    folder: Path
    sound: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    destroyed: tuple[str, ...]
    unexpected: tuple[str, ...]

    @property
    def as_recorded(self) -> bool:
        """Whether the store holds what the log says, and nothing else."""
        return not (self.missing or self.changed or self.destroyed or self.unexpected)


def last_said(connection: Connection) -> dict[Sha256, str]:
    """Returns what the log says last of each original: "stored" or "destroyed"."""
    rows = connection.execute(
        select(custody.c.sha256, custody.c.event)
        .where(custody.c.event.in_([STORED, DESTROYED]))
        .order_by(custody.c.entry)
    )
    return {Sha256(sha256): event for sha256, event in rows}


def left_over(connection: Connection, place: Place) -> tuple[Sha256, ...]:
    """Returns the originals that were destroyed, by the log, and are still there."""
    store = store_path(place)
    return tuple(
        sha256
        for sha256, event in sorted(last_said(connection).items())
        if event == DESTROYED and kept_path(store, sha256).exists()
    )


def look_through(place: Place) -> Originals:
    """Hashes every original that is kept beside a ledger.

    Raises:
        LedgerError: There is no ledger that could be read.
    """
    store = store_path(place)
    with Reader.open(place) as reader, reader.snapshot() as connection:
        said, shown = last_said(connection), exhibits(connection)
    there = {path.relative_to(store): path for path in store.rglob("*") if not path.is_dir()}
    sound = 0
    missing: list[str] = []
    changed: list[str] = []
    destroyed: list[str] = []
    for sha256, event in sorted(said.items()):
        path = there.pop(kept_path(store, sha256).relative_to(store), None)
        if path is not None and event == DESTROYED:
            destroyed.append(sha256)
        elif path is not None and _sha256(path) == sha256:
            sound += 1
        elif path is not None:
            changed.append(sha256)
        elif event == STORED:
            missing.append(sha256)
    for sha256, assets in sorted(shown.items()):  # what analyses made of an original lies beside it
        path = there.pop(kept_path(store, sha256).relative_to(store), None)
        if path is not None and all(said.get(asset) == DESTROYED for asset in assets):
            destroyed.append(sha256)
        elif path is not None and _sha256(path) != sha256:
            changed.append(sha256)
    return Originals(
        folder=store,
        sound=sound,
        missing=tuple(missing),
        changed=tuple(changed),
        destroyed=tuple(destroyed),
        unexpected=tuple(sorted(map(str, there))),
    )


def _sha256(path: Path) -> str | None:
    """Returns the SHA-256 of a plain file; None of anything else, and of what cannot be read."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
