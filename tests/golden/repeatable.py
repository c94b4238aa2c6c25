"""A clock and chance that are the same in every run."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256


class Chance:
    """Bytes that are the same in every run."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, size: int) -> bytes:
        self._count += 1
        return (sha256(str(self._count).encode()).digest() * (size // 32 + 1))[:size]


def noon() -> datetime:
    return datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
