"""What both a ledger that records and one that is only read can search."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from fractions import Fraction
from typing import Self

from sqlalchemy import Connection, Engine

from db import index, looks, reading, schema
from db.codes import LOCAL_WIDTH, Kind
from db.place import Place
from db.reading import Reader
from db.segments import Held, refreshed
from forensics.errors import LedgerError
from forensics.model import Hit, KnownAsset, Look, Sha256, Vote


class Searching:
    """Implements `forensics.model.CopyIndex` over an engine; what was read of the index is kept.

    Attributes:
        path: Of the ledger.
    """

    path: Place
    _engine: Engine

    def __init__(self) -> None:
        self._indexes: dict[tuple[Kind, str], Held] = {}
        self._indexing = threading.Lock()

    def nearest(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[Hit]:
        """Returns every signature of `scheme` within `radius` bits of any code: by query, asset, time."""
        if not codes:
            return []
        with reading.snapshot(self._engine, self.path) as connection:
            held = self._refreshed(connection, Kind.PICTURES, scheme, len(codes[0]))
            return index.nearest(connection, held, codes, radius)

    def spread(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[int]:
        """Returns in how many assets each code has a signature within the radius."""
        if not codes:
            return []
        with reading.snapshot(self._engine, self.path) as connection:
            held = self._refreshed(connection, Kind.PICTURES, scheme, len(codes[0]))
            return index.spread(connection, held, codes, radius)

    def votes(
        self,
        scheme: str,
        pictures: Sequence[bytes],
        radius: int,
        *,
        limit: int,
        without: Sha256 | None = None,
    ) -> list[Vote]:
        """Returns which known pictures share most local codes with each picture asked for."""
        if not any(pictures):
            return []
        with reading.snapshot(self._engine, self.path) as connection:
            held = self._refreshed(connection, Kind.PLACES, scheme, LOCAL_WIDTH)
            return index.votes(connection, held, pictures, radius, limit, without)

    def looks(self, asset: Sha256, times: Sequence[Fraction]) -> list[Look]:
        """Returns what is kept of the pictures nearest to some times, each once, in order of time."""
        with reading.snapshot(self._engine, self.path) as connection:
            return looks.looks(connection, asset, times)

    def same_stream(self, scheme: str, digests: Sequence[str]) -> list[tuple[str, Sha256]]:
        """Returns (digest, asset) for every known asset that has one of the stream digests."""
        with reading.snapshot(self._engine, self.path) as connection:
            return index.same_stream(connection, scheme, digests)

    def known(self, sha256: Sha256) -> KnownAsset | None:
        """Returns what is known of an asset, or None if it was never met."""
        with reading.snapshot(self._engine, self.path) as connection:
            return reading.known(connection, sha256)

    def extent(self, schemes: Sequence[str], without: Sha256) -> tuple[int, int]:
        """Returns (signatures, assets) in the index, leaving out one asset."""
        with reading.snapshot(self._engine, self.path) as connection:
            return index.extent(connection, schemes, without)

    def _refreshed(self, connection: Connection, kind: Kind, scheme: str, width: int) -> Held:
        """Returns the index as of now; of several threads one brings it up to date."""
        with self._indexing:
            held = refreshed(connection, self._indexes.get((kind, scheme)), kind, scheme, width)
            self._indexes[kind, scheme] = held
            return held

    def _forget_index(self) -> None:
        with self._indexing:
            self._indexes.clear()


class SearchReader(Searching, Reader):
    """A ledger opened for reading only, that can be searched as well; it writes nothing at all."""

    def __init__(self, path: Place, engine: Engine, meta: dict[str, str]) -> None:
        Reader.__init__(self, path, engine, meta)
        Searching.__init__(self)

    @classmethod
    def open(cls, path: Place) -> Self:
        """Opens a ledger for searching; needs no key, and writes nothing.

        Raises:
            LedgerError: There is none, it cannot be opened, or an older program made it.
        """
        opened = super().open(path)
        with opened.snapshot() as connection:
            version = schema.check(connection, path)
        if version < schema.SCHEMA:
            opened.close()
            raise LedgerError(
                f"the ledger {path} has the schema {version}; it can be searched from "
                f"{schema.SCHEMA} on",
                hint="Run `forensics ledger rebuild`, which brings it up to date.",
            )
        return opened
