"""Whose turn is it to append? A file lock beside the ledger, for fairness.

SQLite alone keeps appends apart (BEGIN IMMEDIATE), but lets a busy writer starve the others; the kernel
hands this lock round. Where there is no `flock` (Windows) the ledger is as correct without it. A process
that ends in any way gives the lock back. A server has a lock of its own (`db.postgres`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.place import Place, Server

if sys.platform != "win32":
    import fcntl


def lock_path(ledger: Path) -> Path:
    """Returns where the lock of a ledger lies."""
    return ledger.with_name(ledger.name + ".lock")


@contextmanager
def turn(ledger: Place) -> Iterator[None]:
    """Waits for this process's turn; holds it until the end of the block.

    Raises:
        OSError: The lock file can be neither made nor opened.
    """
    if sys.platform == "win32" or isinstance(ledger, Server):
        yield
        return
    fd = os.open(lock_path(ledger), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
