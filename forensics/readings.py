"""What is read from a file before anything is concluded: its bytes, one decode pass, its signatures.

Everything that opens an asset begins here: a check, a search that records nothing, and the archive.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from forensics.codec import revive, well_formed
from forensics.errors import ForensicsError, LimitExceeded
from forensics.media.intake import Received, take_in
from forensics.media.limits import Limits
from forensics.media.prepared import Prepared
from forensics.media.worker import Watch, Worker
from forensics.model import Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file that was taken in and decoded once.

    Attributes:
        taken: The bytes, and what they look like.
        prepared: The working copy.
        asset: What is known of it now.
        folder: Scratch folder that holds both; gone when the reading is over.
    """

    taken: Received
    prepared: Prepared
    asset: Asset
    folder: Path


@contextmanager
def read(
    source: Path | BinaryIO,
    *,
    worker: Worker,
    limits: Limits,
    name: str | None = None,
    quick: bool = False,
    watch: Watch | None = None,
) -> Iterator[Reading]:
    """Takes in a file and decodes it once, into a scratch folder that lasts as long as the context.

    Args:
        source: A path, or an open binary stream.
        worker: Reads the media, under limits.
        limits: For the worker.
        name: File name as received; by default the path's last part.
        quick: Of videos take only the keyframes.
        watch: Told of progress.

    Raises:
        IntakeError: The file could not be taken in.
    """
    with TemporaryDirectory(prefix="forensics-") as scratch:
        folder = Path(scratch)
        taken = take_in(source, folder, name=name)
        prepared = _prepare(taken, folder, worker, limits, quick, watch)
        asset = Asset(
            sha256=taken.sha256,
            size=taken.size,
            kind=prepared.kind,
            mime=taken.identity.mime,
            name=well_formed(taken.name),
            probe=prepared.probe,
            blake2b=taken.blake2b,
        )
        yield Reading(taken=taken, prepared=prepared, asset=asset, folder=folder)


def _prepare(
    taken: Received,
    folder: Path,
    worker: Worker,
    limits: Limits,
    quick: bool,
    watch: Watch | None,
) -> Prepared:
    """Probes and decodes; a worker that died leaves an asset without a probe, and the check goes on."""
    identity = taken.identity
    assert identity.kind is not None  # noqa: S101 - intake refuses the others
    try:
        answer = worker.call(
            "forensics.media.prepare:prepare",
            deadline=limits.seconds,
            watch=watch,
            folder=str(folder),
            kind=identity.kind.value,
            mime=identity.mime,
            demuxer=identity.demuxer,
            pixel_limit=limits.pixels,
            seconds=limits.seconds - 1,
            quick=quick,
        )
        return revive(answer, Prepared)
    except ForensicsError as error:
        prepared = Prepared(
            kind=identity.kind,
            probe=None,
            plan=None,
            samples=(),
            trouble=str(error),
            limited=isinstance(error, LimitExceeded),
        )
        prepared.save(folder)
        return prepared
