"""The ledger's signing key: a file beside the ledger, never in it."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from db.place import Place, beside
from forensics.errors import LedgerError


class KeyMissing(LedgerError):  # noqa: N818 - names what was found
    """There is no signing key beside the ledger."""


class KeyUnfit(LedgerError):  # noqa: N818 - names what was found
    """The signing key cannot be used, or is not that of this ledger."""


def key_path(ledger: Place) -> Path:
    """Returns where the key of a ledger lies: `case.sqlite` → `case.sqlite.key`."""
    file = beside(ledger)
    return file.with_name(file.name + ".key")


def make_key(path: Path, seed: bytes) -> Ed25519PrivateKey:
    """Makes the key of a new ledger from 32 random bytes, readable by its owner only (PEM, PKCS #8).

    Raises:
        KeyUnfit: There is a key already, perhaps of a ledger that was moved away.
        OSError: It cannot be written.
    """
    key = Ed25519PrivateKey.from_private_bytes(seed)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyUnfit(
            f"there is a signing key at {path}, but no ledger beside it",
            hint="Put the ledger back beside its key; or move the key aside to begin a new ledger.",
        ) from None
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(fd)
    except BaseException:
        path.unlink()  # half a key is none, and would stand in the way of the next
        raise
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """Reads the key of a ledger.

    Raises:
        KeyMissing: There is none.
        KeyUnfit: It is not an Ed25519 key in PEM form, or cannot be read.
    """
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        raise KeyMissing(
            f"the signing key {path} is not there, so nothing can be recorded",
            hint="Put the key back beside the ledger. Reading and verifying work without it.",
        ) from None
    except OSError as error:
        raise KeyUnfit(f"the signing key {path} cannot be read: {error.strerror}") from error
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnfit(
            f"{path} is not an Ed25519 private key in PEM form", hint="Put the right key back."
        )
    return key
