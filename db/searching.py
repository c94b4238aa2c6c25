"""What both a ledger that records and one that is only read can search."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Self, TypeVar

from sqlalchemy import Connection, Engine

from db import index, looks, reading, schema, sounds
from db.casefile import CaseReading
from db.codes import LOCAL_WIDTH, Kind, schemes_of
from db.indexfiles import Files, Held
from db.place import Place
from db.reading import Reader
from db.segments import refreshed
from forensics.errors import LedgerError
from forensics.index.postings import Postings
from forensics.model import Hit, KnownAsset, Look, Sha256, Vote

Answer = TypeVar("Answer")


class Searching:
    """Implements `forensics.model.CopyIndex` over an engine; what was read of the index is kept.

    Attributes:
        path: Of the ledger.
    """

    path: Place
    _engine: Engine
    _writes_index = False
    """Whether the files of the index may be written."""

    def __init__(self) -> None:
        self._indexes: dict[tuple[Kind, str], Held] = {}
        self._sounds: dict[str, sounds.Held] = {}
        self._indexing = threading.Lock()

    def nearest(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[Hit]:
        """Returns every signature of `scheme` within `radius` bits of any code: by query, asset, time."""
        if not codes:
            return []
        with reading.snapshot(self._engine, self.path) as connection:
            return self._ask(
                connection,
                Held(kind=Kind.PICTURES, scheme=scheme, width=len(codes[0])),
                lambda held: index.nearest(connection, held, codes, radius),
            )

    def spread(self, scheme: str, codes: Sequence[bytes], radius: int) -> list[int]:
        """Returns in how many assets each code has a signature within the radius."""
        if not codes:
            return []
        with reading.snapshot(self._engine, self.path) as connection:
            return self._ask(
                connection,
                Held(kind=Kind.PICTURES, scheme=scheme, width=len(codes[0])),
                lambda held: index.spread(connection, held, codes, radius),
            )

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
            return self._ask(
                connection,
                Held(kind=Kind.PLACES, scheme=scheme, width=LOCAL_WIDTH),
                lambda held: index.votes(connection, held, pictures, radius, limit, without),
            )

    def looks(self, asset: Sha256, times: Sequence[Fraction]) -> list[Look]:
        """Returns what is kept of the pictures nearest to some times, each once, in order of time."""
        with reading.snapshot(self._engine, self.path) as connection:
            return looks.looks(connection, asset, times)

    def sounds(self, scheme: str) -> Postings:
        """Returns the codes of sound of all known assets, sorted to be looked up."""
        files = Files.of(self.path, writes=self._writes_index)
        with reading.snapshot(self._engine, self.path) as connection, self._indexing:
            held = sounds.refreshed(connection, scheme, self._sounds.get(scheme), files)
            self._sounds[scheme] = held
            return held.postings

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

    def _ask(
        self, connection: Connection, wanted: Held, question: Callable[[Held], list[Answer]]
    ) -> list[Answer]:
        """Answers from the index as of now; from one made anew where its files are damaged."""
        files = Files.of(self.path, writes=self._writes_index)
        try:
            return question(self._refreshed(connection, wanted, files))
        except (IndexError, ValueError, MemoryError):
            # Places that do not exist, runs of negative length or without end: files can hold such.
            self._forget_index()
            with suppress(OSError):
                files.clear()
            nowhere = Files(folder=files.folder / "none", writes=False)
            return question(refreshed(connection, None, wanted, nowhere))

    def _refreshed(self, connection: Connection, wanted: Held, files: Files) -> Held:
        """Returns the index as of now; of several threads one brings it up to date."""
        key = wanted.kind, wanted.scheme
        with self._indexing:
            held = refreshed(connection, self._indexes.get(key), wanted, files)
            self._indexes[key] = held
            return held

    def _forget_index(self) -> None:
        with self._indexing:
            self._indexes.clear()
            self._sounds.clear()

    def _remake_index(self) -> None:
        """Throws the files of the index away and makes those of the larger schemes again."""
        self._forget_index()
        files = Files.of(self.path, writes=self._writes_index)
        files.clear()
        with reading.snapshot(self._engine, self.path) as connection:
            for kind in Kind:
                for scheme, width in schemes_of(connection, kind):
                    self._refreshed(connection, Held(kind=kind, scheme=scheme, width=width), files)
            for scheme in sounds.schemes_of(connection):
                sounds.refreshed(connection, scheme, None, files)


class SearchReader(Searching, CaseReading, Reader):
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
