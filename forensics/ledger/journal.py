"""Which journal may a ledger file use under which SQLite?"""

from __future__ import annotations

from typing import TypeAlias

Version: TypeAlias = tuple[int, int, int]


def wal_is_safe(version: Version) -> bool:
    """Tells whether a version of SQLite is free of the WAL-reset bug.

    With two or more connections, 3.7.0 to 3.51.2 can lose a transaction when the write-ahead log is reset
    (fixed in 3.51.3; the fix is also in 3.44.6 and 3.50.7).
    """
    if version < (3, 7, 0) or version >= (3, 51, 3):
        return True
    return (3, 44, 6) <= version < (3, 45, 0) or (3, 50, 7) <= version < (3, 51, 0)


def journal_mode(version: Version) -> str:
    """Returns the journal that a ledger uses under a version of SQLite."""
    return "wal" if wal_is_safe(version) else "truncate"
