"""The sound of an asset: its main track, decoded once, mono, block by block. Runs in a worker.

No more than one decoded frame is held, whatever the length.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from forensics.media.probe import open_container
from forensics.media.worker import report_progress

MAX_FAILURES = 1000
"""Frames that may fail to decode before the rest is left."""
_GAP = Fraction(1, 10)
"""Seconds without sound, by the container's times, that are filled with silence."""


class Track:
    """The main sound track: the one with most packets that can be decoded, the first of equals.

    Attributes:
        found: There is one; known once `blocks` has begun.
        samples: How many were yielded so far.
    """

    def __init__(self, path: Path, demuxer: str, *, rate: int, limit: int) -> None:
        """Names the file, the one demuxer that may open it, samples a second, and most seconds."""
        self._path = path
        self._demuxer = demuxer
        self._rate = rate
        self._limit = limit * rate
        self._failures = 0
        self._cut = False
        self.found = False
        self.samples = 0

    def notes(self) -> tuple[str, ...]:
        """Returns what was left out or went wrong so far."""
        notes = []
        if self._cut:
            notes.append(f"Only the first {self._limit // self._rate} s of the sound were heard.")
        if self._failures:
            notes.append(f"The sound's decoder failed {self._failures} times.")
        return tuple(notes)

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Yields mono sound, ±1 at full scale, silence where the container has a gap."""
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
                    resampler, shape = av.AudioResampler("flt", "mono", self._rate), now
                assert resampler is not None  # noqa: S101 - made with the first frame
                yield from self._silence(frame, start)
                for part in resampler.resample(frame):
                    yield from self._cut_off(part.to_ndarray().ravel().astype(np.float32))
                if self.samples >= self._limit:
                    self._cut = True
                    return
                report_progress("listening", self.samples / self._rate / length if length else 0.0)
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
        due = int((frame.pts * Fraction(frame.time_base) - start) * self._rate)
        missing = min(due, self._limit) - self.samples
        if missing > _GAP * self._rate:
            while missing > 0:
                yield from self._cut_off(np.zeros(min(missing, self._rate), np.float32))
                missing -= self._rate

    def _cut_off(self, part: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        part = part[: max(0, self._limit - self.samples)]
        self.samples += len(part)
        if len(part):
            yield part
