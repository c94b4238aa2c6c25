"""A map graphic read by itself, for a person who works on it. Nothing is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from forensics.codec import plain, revive
from forensics.context import ScratchContext
from forensics.errors import MediaError, UsageError
from forensics.maps.asset import Given, read_asset
from forensics.maps.drawn import base_map
from forensics.media.limits import Limits
from forensics.media.worker import Watch, Worker
from forensics.model import Asset, MediaKind
from forensics.model.map import MapReading
from forensics.readings import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A map and the file it is in.

    Attributes:
        asset: The file.
        picture: Which of its pages or pictures, from 0.
        reading: What was read.
        svg: The same on a neutral base map; empty where the map is not placed.
    """

    asset: Asset
    picture: int
    reading: MapReading
    svg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    picture: int
    reading: MapReading
    svg: str


def map_of(
    source: Path | BinaryIO,
    *,
    worker: Worker,
    limits: Limits,
    given: Given,
    watch: Watch | None = None,
) -> Mapped:
    """Takes a file in, decodes it and reads the map in it.

    Args:
        source: A path, or an open binary stream.
        worker: Reads the media, under limits.
        limits: For the worker.
        given: What a person adds.
        watch: Told of progress.

    Raises:
        IntakeError: The file could not be taken in.
        NotFitting: It holds no map as far as could be told.
        MediaError: It could not be decoded or read.
        UsageError: A label lies outside of the picture, or there is no such picture.
    """
    with read(source, worker=worker, limits=limits, watch=watch) as taken:
        if not taken.prepared.samples:
            raise MediaError(taken.prepared.trouble or "The file holds no picture.")
        kind, samples = taken.asset.kind, taken.prepared.samples
        picture = given.picture or 0  # labels are of the first one unless another is named
        if picture >= len(samples):
            said = f"--picture is {picture + 1}: expected at most {len(samples)}, the pictures of the file."
            raise UsageError(said)
        if kind is not MediaKind.VIDEO:  # whose pictures are small until they are decoded again
            _refuse_outside(given, samples[picture].width, samples[picture].height)
        answer = worker.call(
            "forensics.mapping:read_task",
            watch=watch,
            asset=plain(taken.asset),
            folder=str(taken.folder),
            given=plain(given),
            seconds=limits.seconds - 1,
        )
        found = revive(answer, _Answer)
        _refuse_outside(given, found.reading.width, found.reading.height)
        return Mapped(
            asset=taken.asset, picture=found.picture, reading=found.reading, svg=found.svg
        )


def read_task(asset: Any, folder: str, given: Any, seconds: float) -> Any:
    """Worker task: reads the map in a prepared asset and returns it as JSON values."""
    subject = revive(asset, Asset)
    context = ScratchContext(subject, Path(folder), name="map", seconds=seconds)
    found = read_asset(subject, context, revive(given, Given))
    placement = found.reading.placement
    svg = base_map(found.reading) if placement and placement.placed else ""
    return plain(_Answer(picture=found.picture, reading=found.reading, svg=svg))


def _refuse_outside(given: Given, width: int, height: int) -> None:
    """Refuses labels that are not on the picture: a slip of the keyboard."""
    for label in given.labels:
        if not (0 <= label.x < width and 0 <= label.y < height):
            raise UsageError(
                f"The label {label.text!r} is at {label.x:g},{label.y:g}: expected a point of the"
                f" picture, which is {width} × {height} pixels.",
                hint="Count from the upper left corner, x to the right and y down.",
            )
