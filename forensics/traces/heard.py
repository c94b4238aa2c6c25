"""The main sound track as analyses of sound want it: how it is coded, and its samples at its own rate.

How much an edit can show depends on how the sound is coded, so the coding is put into one of a few classes,
for each of which is measured what is found.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from forensics.media.identify import identify_file
from forensics.media.probe import open_container
from forensics.media.sound import Track

LOSSLESS: Final = frozenset({"flac", "alac", "wavpack", "tta", "ape", "mlp", "truehd", "shorten"})
WHOLE, AAC, AAC_LOW, MP3, OPUS, OTHER = (
    "lossless coding",
    "AAC from 96 kbit/s",
    "AAC below 96 kbit/s",
    "MP3",
    "Opus",
    "another coding",
)
"""Classes of coding; rates are those of one channel."""
MOST_RATE, LEAST_RATE = 48_000, 8_000
"""Samples a second; sound at other rates is resampled to the nearer of them."""
LOUDEST: Final = 16.0
_ENOUGH = 96_000
_MOST_PACKETS = 5_000_000

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The main sound track of a file.

    Attributes:
        path: The file.
        demuxer: The one that may open it.
        rate: Samples a second at which it is read.
        resampled: Its own rate is another one.
        coding: Class of coding.
    """

    path: Path
    demuxer: str
    rate: int
    resampled: bool
    coding: str

    def track(self, seconds: int, rate: int | None = None) -> Track:
        """Returns its reader, mono, at `rate` or its own, for the first `seconds`."""
        return Track(self.path, self.demuxer, rate=rate or self.rate, limit=seconds)


def main_track(path: Path) -> Heard | None:
    """Returns the track with most packets, the first of equals; None where there is no sound.

    Raises:
        MediaError: The container cannot be read.
    """
    demuxer = identify_file(path).demuxer
    if demuxer is None:
        return None
    with open_container(path, demuxer) as container:
        streams = {s.index: s for s in container.streams.audio if getattr(s, "codec_context", None)}
        if not streams:
            return None
        packets, size, ticks = (dict.fromkeys(streams, 0) for _ in range(3))
        with contextlib.suppress(av.error.FFmpegError, ValueError):
            for seen, packet in enumerate(container.demux(list(streams.values()))):
                if packet.size:
                    packets[packet.stream_index] += 1
                    size[packet.stream_index] += packet.size
                    ticks[packet.stream_index] += packet.duration or 0
                if seen >= _MOST_PACKETS:
                    break
        index = max(packets, key=lambda one: (packets[one], -one))
        stream = streams[index]
        own = stream.rate or MOST_RATE
        seconds = float(ticks[index] * (stream.time_base or 0))
        channels = max(1, stream.channels)
        each = 8 * size[index] / seconds / channels if seconds else 0.0
        name = stream.codec_context.name
    rate = min(max(own, LEAST_RATE), MOST_RATE)
    return Heard(
        path=path,
        demuxer=demuxer,
        rate=rate,
        resampled=rate != own,
        coding=coding_class(name, each),
    )


def gathered(blocks: Iterable[Sound], count: int) -> Iterator[Sound]:
    """Yields blocks of `count` samples to twice as many, the last as it is, from blocks of any lengths.

    Decoders hand out some 20 ms at a time, which is slow to work on; much at once takes memory. Samples that
    are no numbers become silence, and those beyond all measure are held to `LOUDEST`.
    """
    kept: list[Sound] = []
    held = 0
    for block in blocks:
        for start in range(0, len(block), count):
            kept.append(block[start : start + count])
            held += len(kept[-1])
            if held >= count:
                yield _numbers(np.concatenate(kept))
                kept, held = [], 0
    if kept:
        yield _numbers(np.concatenate(kept))


def checked(blocks: Iterable[Sound], check: Callable[[], None]) -> Iterator[Sound]:
    """Yields blocks as they come; `check` is called at each and may raise to stop."""
    for block in blocks:
        check()
        yield block


def _numbers(block: Sound) -> Sound:
    return np.clip(np.nan_to_num(block, nan=0.0), -LOUDEST, LOUDEST)


def coding_class(codec: str, rate: float) -> str:
    """Returns the class of a coding.

    Args:
        codec: The decoder's name.
        rate: Bits a second of one channel.
    """
    if codec.startswith("pcm_") or codec in LOSSLESS:
        return WHOLE
    if codec.startswith("aac"):
        return AAC if rate >= 0.9 * _ENOUGH else AAC_LOW
    if codec.startswith("mp3"):
        return MP3
    if "opus" in codec:
        return OPUS
    return OTHER
