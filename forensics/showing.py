"""The pictures of a case: exhibits as they were kept, frames and copies from the kept originals.

Where an original is not kept here, the reduced pictures that the ledger holds are shown. What cannot be shown
is left out; a report's words do not depend on it. Nothing is recorded: whoever has the ledger makes the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from forensics.cases.judging import known_since, offered_for
from forensics.claims.sky_pictures import sky_pictures
from forensics.errors import ForensicsError
from forensics.gallery import COPIES, frames, kept_looks, of_copies, reduced, shown
from forensics.media.limits import Limits
from forensics.media.worker import Watch, Worker
from forensics.model import Case, CaseAsset, CopyIndex, Exhibit, Outcome, Picture, Sha256
from forensics.readings import read

FRAMES = 6
"""Frames of each asset."""


class Store(CopyIndex, Protocol):
    """A ledger with its evidence store, read only."""

    def kept(self, sha256: Sha256) -> Path | None:
        """Returns where the bytes of an asset are stored, or None if they were not kept."""
        ...


def case_pictures(
    case: Case, store: Store, worker: Worker, limits: Limits, watch: Watch | None = None
) -> dict[Sha256, tuple[Picture, ...]]:
    """Returns the pictures of each asset of a case, by asset."""
    return {
        asset.asset.sha256: (
            *_seen(asset, store, worker, limits, watch),
            *_exhibits(asset, store),
            *_sky(case, asset),
        )
        for asset in case.assets
    }


def _seen(
    asset: CaseAsset, store: Store, worker: Worker, limits: Limits, watch: Watch | None
) -> tuple[Picture, ...]:
    """Frames, and copies beside them; of an original that is not kept, its reduced pictures."""
    original = store.kept(asset.asset.sha256)
    if original is None:
        return tuple(_reduced(asset, store, worker, "Reduced: the original is not kept here."))
    try:
        with read(original, worker=worker, limits=limits, watch=watch) as reading:
            wanted = [c.asset.sha256 for c in asset.copies[:COPIES] if c.frames is not None]
            opened = {one: path for one in wanted if (path := store.kept(one)) is not None}
            looks = kept_looks(asset.copies, opened, store)
            return (
                *frames(reading.prepared, reading.folder, worker, FRAMES),
                *of_copies(
                    asset.copies, reading.prepared, reading.folder, worker, opened, looks, limits
                ),
            )
    except ForensicsError:
        return tuple(_reduced(asset, store, worker, "Reduced: the original could not be read."))


def _reduced(asset: CaseAsset, store: Store, worker: Worker, caption: str) -> Iterator[Picture]:
    probe = asset.asset.probe
    length = (probe.duration if probe else None) or Fraction(0)
    times = [length * i / FRAMES for i in range(FRAMES)]
    with TemporaryDirectory(prefix="forensics-") as scratch:
        for number, look in enumerate(store.looks(asset.asset.sha256, times)):
            with suppress(ForensicsError):
                yield from reduced(look, Path(scratch), f"frame/{number}", caption, worker)


def _exhibits(asset: CaseAsset, store: Store) -> Iterator[Picture]:
    for outcome, exhibit in _of(asset):
        path = store.kept(Sha256(exhibit.sha256))
        with suppress(OSError):
            data = path.read_bytes() if path is not None else b""
            if sha256(data).hexdigest() == exhibit.sha256:
                yield shown(outcome, exhibit, data)


def _of(asset: CaseAsset) -> Iterator[tuple[Outcome, Exhibit]]:
    for recorded in asset.outcomes:
        for finding in recorded.outcome.findings:
            for exhibit in finding.exhibits:
                yield recorded.outcome, exhibit


def _sky(case: Case, asset: CaseAsset) -> Iterator[Picture]:
    """Of what people read off the sky: as it was tested, against the first claim."""
    claim = offered_for(case, asset)[0]
    yield from sky_pictures(
        asset.asset.sha256,
        None if claim is None else claim.claim,
        case.observations,
        known_since(asset, claim),
    )
