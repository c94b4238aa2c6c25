"""One reading of every picture of a video: a small record of each, kept in the scratch folder.

Analyses of the course of a video need every picture, and decoding is what costs. So it is done once: a record
of fixed size (`RECORD`) and a small picture of its brightness are written for each picture as it comes, and
read back as memory maps. What is kept in memory does not grow with the length. How much is decoded is settled
by a budget in pixels, not by the clock, so that the same file gives the same film.

Runs in a worker. Pictures are taken as coded, not turned upright.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from forensics.errors import ForensicsError, LimitExceeded, MediaError
from forensics.media.filmed import RECORD, Measured, vectors_counted
from forensics.media.identify import identify_file
from forensics.media.prepare import main_picture_stream
from forensics.media.prepared import Prepared
from forensics.media.probe import NO_TIME, open_container
from forensics.media.stills import refuse_if_large
from forensics.model import Stream

SIDE: Final = 64
"""Pixels of a small picture's longer side."""

BUDGET: Final = 16_000_000_000
"""Pixels that are decoded at most, about a minute's work of one processor in 2026; counted as `cost` says."""
PICTURE_COST, BYTE_COST = 250_000, 16
"""What one picture and one byte of its coding cost beside its pixels, in pixels."""

PIXEL_LIMIT: Final = 120_000_000
MOST_ERRORS: Final = 200
"""Packets in a row that give no picture but an error, after which reading stops."""
MOST_WAITING: Final = 256
"""Packets whose picture is still to come."""
THREADS: Final = 4
COLLECTED: Final = 8
"""Pictures after which memory is given back."""

_RECORDS, _LUMA, _STATED = "film.records", "film.luma", "film.json"
FILES: Final = frozenset({_RECORDS, _LUMA, _STATED})
"""What a film leaves in the scratch folder."""
_TYPES: Final = {1: b"I", 2: b"P", 3: b"B", 4: b"S", 5: b"I", 6: b"P", 7: b"B"}
"""libavutil's AVPictureType; SI, SP and BI count as what they are kinds of."""
_EIGHT_BITS: Final = frozenset(
    f"{family}{kind}p" for family in ("yuv", "yuvj") for kind in ("420", "422", "444", "440")
) | {"gray", "nv12", "nv21", "nv16"}
"""Formats of pixels whose first plane is the brightness, a byte each."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredFilm:
    """`forensics.model.ports.Film` over a scratch folder."""

    stream: int
    codec: str
    width: int
    height: int
    base: Fraction
    vectors: bool
    covered: Fraction
    whole: bool
    notes: tuple[str, ...]
    records: NDArray[np.void]
    luma: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.records)

    def time(self, index: int) -> Fraction:
        """Returns when picture `index` is shown, in seconds from the start of the stream."""
        return int(self.records["time"][index]) * self.base


def cost(width: int, height: int, size: int) -> int:
    """Returns what decoding a picture is counted as.

    Args:
        width: Pixels.
        height: Pixels.
        size: Bytes of its packet.
    """
    return width * height + BYTE_COST * size + PICTURE_COST


def load_film(
    folder: Path, prepared: Prepared, check: Callable[[], None], *, budget: int = BUDGET
) -> StoredFilm:
    """Returns the film of the working copy in a scratch folder; reads it first if nobody has.

    Args:
        folder: Holds the file as "asset"; the film is left there for everyone.
        prepared: What a reading of the file came to.
        check: Called at each picture; may raise `LimitExceeded`.
        budget: Pixels that are decoded at most.

    Raises:
        LimitExceeded: Reading was stopped before its end, now or when somebody else asked.
        MediaError: There are no moving pictures, or none could be decoded.
    """
    kept = folder / _STATED
    if not kept.exists():
        # Should the decoder take the whole worker with it, the next who asks learns so from this.
        _keep(
            kept, {"stopped": "Every picture was to be read once, and that did not come to an end."}
        )
        try:
            _keep(kept, _read(folder, prepared, check, budget))
        except LimitExceeded as error:
            _keep(kept, {"stopped": str(error)})
            raise
        except ForensicsError as error:
            _keep(kept, {"trouble": str(error)})
            raise
    said = json.loads(kept.read_text())
    if "stopped" in said:
        raise LimitExceeded(said["stopped"])
    if "trouble" in said:
        raise MediaError(said["trouble"])
    return _load(folder, said)


def _keep(path: Path, said: dict[str, Any]) -> None:
    """Writes it whole or not at all, should the worker be ended in the middle."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(said))
    unfinished.replace(path)


def _load(folder: Path, said: dict[str, Any]) -> StoredFilm:
    rows, columns = said.pop("shape")
    for key in ("base", "covered"):
        said[key] = Fraction(said[key])
    return StoredFilm(
        **said | {"notes": tuple(said["notes"])},
        records=np.memmap(folder / _RECORDS, RECORD, "r"),
        luma=np.memmap(folder / _LUMA, np.uint8, "r").reshape(-1, rows, columns),
    )


def _read(
    folder: Path, prepared: Prepared, check: Callable[[], None], budget: int
) -> dict[str, Any]:
    stream = main_picture_stream(prepared.probe) if prepared.probe else None
    demuxer = identify_file(folder / "asset").demuxer
    if prepared.trouble or stream is None or demuxer is None:
        raise MediaError(prepared.trouble or "The file holds no moving pictures.")
    with (
        open_container(folder / "asset", demuxer) as container,
        (folder / _RECORDS).open("wb") as records,
        (folder / _LUMA).open("wb") as luma,
    ):
        reading = _Reading(container, stream, budget)
        with _collected() as collect:
            for number, measured in enumerate(reading.pictures()):
                check()
                records.write(measured.record.tobytes())
                luma.write(measured.luma.tobytes())
                if number % COLLECTED == 0:
                    collect()
    return reading.stated()


@contextlib.contextmanager
def _collected() -> Iterator[Callable[[], object]]:
    """Lets only what is made within be looked through for garbage, which makes that cheap.

    A picture of PyAV whose side data were looked at refers to itself, so that it stays until garbage is
    collected: by itself that comes after a hundred pictures and more, hundreds of megabytes.
    """
    gc.freeze()
    try:
        yield gc.collect
    finally:
        gc.unfreeze()


class _Reading:
    """One pass over a stream: what it has seen so far, and no more than it needs to go on."""

    def __init__(self, container: av.container.InputContainer, stream: Stream, budget: int) -> None:
        self._container = container
        self._from = container.streams.video[_place(container, stream.index)]
        self._stated = stream
        self._left = budget
        self._base = Fraction(self._from.time_base or Fraction(1, 90_000))
        self._start: int | None = None
        if stream.start is not None:
            self._start = round(stream.start / self._base)
        self._last: int | None = None
        self._step = 1
        self._sizes: dict[int, int] = {}
        self._count = self._errors = self._untimed = 0
        self._whole, self._stopped, self._resized = True, False, False
        self._shape: tuple[int, int] = (0, 0)
        self._tiles: NDArray[np.int16] | None = None
        context = self._from.codec_context
        context.options = {"flags2": "+export_mvs", "export_side_data": "mvs+venc_params"}
        context.thread_type = "AUTO"
        context.thread_count = min(THREADS, os.cpu_count() or 1)
        self.codec = str(context.codec.canonical_name)
        self.vectors = vectors_counted(self.codec)

    def pictures(self) -> Iterator[Measured]:
        """Yields each picture's record and small picture, until the end or the end of the budget."""
        in_row = 0
        for packet in self._packets():
            if packet is not None:
                self._left -= BYTE_COST * packet.size
                self._expect(packet)
            try:
                frames = self._from.codec_context.decode(packet)
            except (av.error.FFmpegError, ValueError):
                self._errors += 1
                in_row += 1
                if in_row >= MOST_ERRORS:
                    self._stopped, self._whole = True, False
                    return
                continue
            for frame in frames:
                in_row = 0
                if self._left <= 0:
                    self._whole = False
                    return
                self._left -= cost(frame.width, frame.height, 0)
                yield self._measured(frame)

    def stated(self) -> dict[str, Any]:
        """Returns what a film says beside its arrays.

        Raises:
            MediaError: There was no picture.
        """
        if not self._count or self._start is None or self._last is None:
            raise MediaError("No picture could be decoded from the video.")
        ended = (self._last + self._step) * self._base
        rows, columns = self._shape
        return {
            "stream": self._stated.index,
            "codec": self.codec,
            "width": self._stated.width or 0,
            "height": self._stated.height or 0,
            "base": str(self._base),
            "vectors": self.vectors,
            "covered": str(ended),
            "whole": self._whole,
            "notes": self._notes(f"{float(ended):.0f}"),
            "shape": [rows, columns],
        }

    def _notes(self, seconds: str) -> list[str]:
        """Returns sentences on what was not read as it stands, each of which a report shows."""
        errors, untimed = self._errors, self._untimed
        notes = {
            f"Packets of the pictures that could not be decoded: {errors}.": errors,
            f"Reading stopped where {MOST_ERRORS} packets in a row could not be decoded.": (
                self._stopped
            ),
            f"Pictures without a time of their own, put after the one before: {untimed}.": untimed,
            "Its pictures change their size on the way.": self._resized,
            f"Only the first {seconds} s were read: decoding all of it takes too long.": (
                not self._whole and not self._stopped
            ),
        }
        return [note for note, holds in notes.items() if holds]

    def _packets(self) -> Iterator[Any]:
        """Yields packets, and None at the end: the decoder then hands out what it still holds."""
        try:
            for packet in self._container.demux(self._from):
                if packet.size:
                    yield packet
        except (av.error.FFmpegError, ValueError):
            self._errors += 1
        yield None

    def _expect(self, packet: Any) -> None:
        """Keeps the size of a packet until its picture comes; its time tells which."""
        when = packet.pts if packet.pts is not None else packet.dts
        if when is not None:
            self._sizes[when] = self._sizes.get(when, 0) + packet.size
        while len(self._sizes) > MOST_WAITING:
            del self._sizes[next(iter(self._sizes))]

    def _measured(self, frame: Any) -> Measured:
        refuse_if_large(frame.width, frame.height, PIXEL_LIMIT)
        plane = _brightness(frame)
        if not self._count:
            self._shape = small_shape(frame.width, frame.height)
        if (frame.width, frame.height) != (self._stated.width, self._stated.height):
            self._resized = True
        when = frame.pts if frame.pts is not None else frame.dts
        measured = Measured.of(
            frame,
            plane,
            self._shape,
            before=self._tiles,
            time=self._ticks(when, frame.duration),
            type=_TYPES.get(int(frame.pict_type), b"?"),
            size=self._sizes.pop(when, 0) if when is not None else 0,
            vectors=self.vectors,
        )
        self._tiles = measured.tiles
        self._count += 1
        return measured

    def _ticks(self, when: int | None, duration: int | None) -> int:
        """Ticks from the start of the stream; never running backwards."""
        if self._start is None:
            self._start = when or 0
        stated = when - self._start if when is not None else NO_TIME
        if self._last is not None and stated <= self._last:
            stated = self._last + self._step
            self._untimed += 1
        elif stated == NO_TIME:
            stated = 0
            self._untimed += 1
        self._step = max(1, duration or self._step)
        self._last = stated
        return stated


def small_shape(width: int, height: int) -> tuple[int, int]:
    """Returns rows and columns of a small picture, `SIDE` on the longer side; never enlarged."""
    by = min(1.0, SIDE / max(width, height))
    return max(1, round(height * by)), max(1, round(width * by))


def _place(container: av.container.InputContainer, index: int) -> int:
    """Returns which of the moving pictures of a container has an index.

    Raises:
        MediaError: The container, read anew, has none with that index.
    """
    places = [stream.index for stream in container.streams.video]
    if index not in places:
        raise MediaError(
            f"Moving pictures were expected in stream {index}, where the file was read before, "
            "and are not there now: the file may be damaged or may have changed."
        )
    return places.index(index)


def _brightness(frame: Any) -> NDArray[np.uint8]:
    """The plane of brightness, 8 bits, shape (height, width); a view of the decoder's where it can be."""
    if frame.format.name not in _EIGHT_BITS:
        frame = frame.reformat(format="gray")
    plane = frame.planes[0]
    whole = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return whole[: frame.height, : frame.width]
