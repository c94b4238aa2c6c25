"""The evidence store: the bytes that were examined, read-only, under their digest.

`case.sqlite` keeps them in `case.evidence/ab/<sha256>`, where ab are the first two digits. What is there
already is kept: it is hashed again, and refused if it no longer has the digest that it is named after.
"""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO

from db.files import parts, sync
from db.place import Place, beside
from forensics.errors import LedgerBroken, LedgerError


def store_path(ledger: Place) -> Path:
    """Returns the folder of a ledger's evidence."""
    return beside(ledger).with_suffix(".evidence")


def kept_path(store: Path, digest: str) -> Path:
    """Returns where the bytes with a digest lie, or would lie."""
    return store / digest[:2] / digest


def keep(store: Path, source: Path, digest: str) -> Path:
    """Copies a file into the store, whole or not at all; returns where it lies.

    Raises:
        LedgerError: The file cannot be read or copied, or does not have the digest.
        LedgerBroken: The store holds other bytes under this digest.
    """
    target = kept_path(store, digest)
    try:
        if target.exists():
            _check_kept(target, digest)
        else:
            _copy(source, target, digest)
    except OSError as error:
        raise LedgerError(
            f"{source} could not be kept in {store}: {error.strerror or error}",
            hint="Make room or allow writing there; or use --no-keep, which records the file only.",
        ) from error
    return target


def remove(store: Path, digest: str) -> None:
    """Removes the bytes with a digest.

    Raises:
        LedgerError: They are still there.
    """
    target = kept_path(store, digest)
    try:
        target.unlink(missing_ok=True)
    except OSError as error:
        raise LedgerError(
            f"the original {target} is recorded as destroyed but could not be removed: "
            f"{error.strerror or error}",
            hint="Remove the file by hand.",
        ) from error
    sync(target.parent)


def _copy(source: Path, target: Path, digest: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        source.open("rb") as reader,
        tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as writer,
    ):
        part = Path(writer.name)
        try:
            found = _hash(reader, writer)
            _check_copied(source, digest, found)
            writer.flush()
            os.fchmod(writer.fileno(), 0o444)
            os.fsync(writer.fileno())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    sync(target.parent)
    sync(target.parent.parent)


def _check_kept(target: Path, digest: str) -> None:
    with target.open("rb") as reader:
        found = _hash(reader, None)
    if found != digest:
        raise LedgerBroken(
            f"the kept file {target} no longer has the bytes it is named after: "
            f"expected {digest}, found {found}",
            hint="Move it aside, note that it was changed, and check the file again.",
        )


def _check_copied(source: Path, digest: str, found: str) -> None:
    if found != digest:
        raise LedgerError(
            f"{source} changed while it was being kept: expected {digest}, found {found}",
            hint="Check the file again once nothing writes to it.",
        )


def _hash(reader: BinaryIO, writer: IO[bytes] | None) -> str:
    digest = sha256()
    for chunk in parts(reader):
        digest.update(chunk)
        if writer is not None:
            writer.write(chunk)
    return digest.hexdigest()
