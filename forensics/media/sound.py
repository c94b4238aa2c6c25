"""The sound of an asset: its main track decoded once, mono, and reduced to levels. Runs in a worker.

Levels are left in the scratch folder, for the search at other speeds and pitches; the codes that the
ledger keeps are the answer. Memory holds one decoded frame and the levels, 12 MB an hour.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from forensics.codec import plain
from forensics.errors import MediaError
from forensics.media.probe import open_container
from forensics.media.worker import report_progress
from forensics.signatures.sound import BANDS, RATE, Levels, SoundCodes, encode, levels

LEVELS = "sound-levels.npy"
MAX_SECONDS = 4 * 3600
MAX_FAILURES = 1000
"""Frames that may fail to decode before the rest is left."""
_GAP = Fraction(1, 10)
"""Seconds without sound, by the container's times, that are filled with silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of an asset.

    Attributes:
        codes: None where there is no sound track.
        seconds: How much of the track was heard.
        notes: What was left out or went wrong, one sentence each.
    """

    codes: SoundCodes | None
    seconds: Fraction
    notes: tuple[str, ...] = ()


def hear(folder: str, demuxer: str, limit: int = MAX_SECONDS) -> Any:
    """Worker task: reads `folder/asset`, leaves its levels, and returns `Heard` as JSON values.

    Args:
        folder: The scratch folder.
        demuxer: The one demuxer that may open the asset.
        limit: Seconds after which the rest is left out.

    Raises:
        MediaError: The container cannot be read.
    """
    work = Path(folder)
    track = Track(work / "asset", demuxer, limit)
    heard = levels(track.blocks())
    np.save(work / LEVELS, heard, allow_pickle=False)
    return plain(
        Heard(
            codes=encode(heard) if track.found else None,
            seconds=Fraction(track.samples, RATE),
            notes=track.notes(),
        )
    )


def load_levels(folder: Path) -> Levels:
    """Returns the levels that `hear` left, memory-mapped.

    Raises:
        MediaError: They are not what they should be.
    """
    try:
        found = np.load(folder / LEVELS, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise MediaError("The working copy of the sound cannot be read.") from error
    if found.dtype != np.uint8 or found.ndim != 2 or found.shape[1] != BANDS:
        raise MediaError("The working copy of the sound is not what it should be.")
    levels_: Levels = found
    return levels_


class Track:
    """The main sound track: the one with most packets that can be decoded, the first of equals."""

    def __init__(self, path: Path, demuxer: str, limit: int) -> None:
        self._path = path
        self._demuxer = demuxer
        self._limit = limit * RATE
        self._failures = 0
        self._cut = False
        self.found = False
        self.samples = 0

    def notes(self) -> tuple[str, ...]:
        """Returns what was left out or went wrong so far."""
        notes = []
        if self._cut:
            notes.append(f"Only the first {self._limit // RATE} s of the sound were heard.")
        if self._failures:
            notes.append(f"The sound's decoder failed {self._failures} times.")
        return tuple(notes)

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Yields mono sound at `RATE`, ±1 at full scale, silence where the container has a gap."""
        index = self._main()
        if index is None:
            return
        self.found = True
        with open_container(self._path, self._demuxer) as container:
            stream = container.streams[index]
            length = float(container.duration or 0) / av.time_base
            start = Fraction(container.start_time or 0, av.time_base)
            resampler = None
            shape: tuple[Any, ...] = ()
            for frame in self._frames(container, stream):
                now = (frame.format.name, frame.layout.name, frame.sample_rate)
                if now != shape:  # a stream may change its mind on the way
                    resampler, shape = av.AudioResampler("flt", "mono", RATE), now
                assert resampler is not None  # noqa: S101 - made with the first frame
                yield from self._silence(frame, start)
                for part in resampler.resample(frame):
                    yield from self._cut_off(part.to_ndarray().ravel().astype(np.float32))
                if self.samples >= self._limit:
                    self._cut = True
                    return
                report_progress("listening", self.samples / RATE / length if length else 0.0)
            if resampler is not None:
                for part in resampler.resample(None):
                    yield from self._cut_off(part.to_ndarray().ravel().astype(np.float32))

    def _main(self) -> int | None:
        with open_container(self._path, self._demuxer) as container:
            counts = {
                stream.index: 0
                for stream in container.streams.audio
                if getattr(stream, "codec_context", None)  # none where libav has no decoder
            }
            if len(counts) < 2:
                return next(iter(counts), None)
            with contextlib.suppress(av.error.FFmpegError, ValueError):
                for packet in container.demux():
                    if packet.size and packet.stream_index in counts:
                        counts[packet.stream_index] += 1
            return max(counts, key=lambda index: (counts[index], -index))

    def _frames(self, container: Any, stream: Any) -> Iterator[Any]:
        packets = container.demux(stream)
        while self._failures < MAX_FAILURES:
            try:
                packet = next(packets, None)
            except (av.error.FFmpegError, ValueError):
                self._failures += 1
                return
            if packet is None:
                return
            try:
                yield from packet.decode()
            except (av.error.FFmpegError, ValueError):
                self._failures += 1

    def _silence(self, frame: Any, start: Fraction) -> Iterator[NDArray[np.float32]]:
        if frame.pts is None or not frame.time_base:
            return
        due = int((frame.pts * Fraction(frame.time_base) - start) * RATE)
        missing = min(due, self._limit) - self.samples
        if missing > _GAP * RATE:
            while missing > 0:
                yield from self._cut_off(np.zeros(min(missing, RATE), np.float32))
                missing -= RATE

    def _cut_off(self, part: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        part = part[: max(0, self._limit - self.samples)]
        self.samples += len(part)
        if len(part):
            yield part
