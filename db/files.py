"""Bytes of files: in parts, their SHA-256, and a folder's entries made to last."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

_PART = 1 << 20


def parts(file: BinaryIO) -> Iterator[bytes]:
    """Yields a file's bytes from where it stands."""
    while part := file.read(_PART):
        yield part


def parts_of(path: Path) -> Iterator[bytes]:
    """Yields the bytes of a file at a path, which is opened when they are asked for."""
    with path.open("rb") as file:
        yield from parts(file)


def digest(file: BinaryIO) -> tuple[str, int]:
    """Returns (SHA-256 in hexadecimal, size in bytes) of a whole file."""
    file.seek(0)
    found, size = sha256(), 0
    for part in parts(file):
        found.update(part)
        size += len(part)
    return found.hexdigest(), size


def sync(folder: Path) -> None:
    """Makes renames in a folder last, where the system lets a folder be synced."""
    try:
        fd = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
