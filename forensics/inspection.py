"""Everything that one file carries, before anything is concluded from it. Nothing is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from forensics.codec import revive, well_formed
from forensics.errors import ForensicsError
from forensics.inside.summary import Fact, summarise
from forensics.media.intake import take_in
from forensics.media.worker import Worker
from forensics.model import MediaKind, Part, Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What one file carries.

    Attributes:
        name: File name as received.
        size: Bytes.
        kind: By content.
        mime: Media type, by content.
        label: What it is, for a person.
        sha256: Of the bytes as they were read.
        blake2b: BLAKE2b-512 of the same bytes, hexadecimal.
        stated: What it states of its device, dates, place, programs and people.
        tree: Everything; its trouble says why nothing could be read, where nothing could.
    """

    name: str
    size: int
    kind: MediaKind
    mime: str
    label: str
    sha256: Sha256
    blake2b: str
    stated: tuple[Fact, ...]
    tree: Part


def inspect(source: Path | BinaryIO, *, worker: Worker, name: str | None = None) -> Inspection:
    """Takes a file in and reads all that it carries.

    Args:
        source: A path, or an open binary stream.
        worker: Reads the file, under limits.
        name: File name as received; by default the path's last part.

    Raises:
        IntakeError: The file could not be taken in.
    """
    with TemporaryDirectory(prefix="forensics-") as scratch:
        taken = take_in(source, Path(scratch), name=name)
        identity = taken.identity
        assert identity.kind is not None  # noqa: S101 - intake refuses the others
        try:
            answer = worker.call("forensics.inside.task:tree", path=str(taken.path))
            tree = revive(answer, Part)
        except ForensicsError as error:
            tree = Part(name="File", at=0, size=taken.size, trouble=str(error))
        return Inspection(
            name=well_formed(taken.name),
            size=taken.size,
            kind=identity.kind,
            mime=identity.mime,
            label=identity.label,
            sha256=taken.sha256,
            blake2b=taken.blake2b,
            stated=summarise(tree),
            tree=tree,
        )
