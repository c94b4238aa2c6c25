"""Pictures of a video from a time on, each with the time at which it really stands.

Only what comes shortly before is decoded as well, where the container can be sought in. Not every one can:
whoever asks has to look at the times of what came back.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forensics.errors import MediaError
from forensics.media import ffmpeg
from forensics.media.prepare import reduced
from forensics.media.probe import open_container
from forensics.model import Stream

Timed = tuple[Fraction, NDArray[np.uint8]]


def passage(
    folder: Path,
    demuxer: str,
    stream: Stream,
    *,
    start: Fraction,
    every: Fraction | None,
    limit: int,
    long_side: int,
    seconds: float,
) -> list[Timed]:
    """Returns pictures from `start` on, in order, with their times in seconds from the start of the stream.

    Args:
        folder: Holds the file as "asset"; "passage.rgb" and "passage.txt" are written there.
        demuxer: The one demuxer that may open it.
        stream: The moving picture.
        start: Seconds from the start of the stream.
        every: One picture in each such span of seconds; None: all.
        limit: No more than this many.
        long_side: Pixels on the longer side, at most; RGB, shape (height, width, 3).
        seconds: Wall-clock limit.

    Raises:
        LimitExceeded: It did not end in time.
        MediaError: The stream states no size, or could not be decoded.
    """
    if not stream.width or not stream.height:
        raise MediaError("The video states no size of its pictures.")
    with open_container(folder / "asset", demuxer) as container:
        zero = Fraction(container.start_time or 0, 1_000_000)  # ffmpeg seeks from there
    first = stream.start or Fraction(0)
    width, height = reduced(stream.width, stream.height, stream.rotation, long_side)
    pixels, times = folder / "passage.rgb", folder / "passage.txt"
    ffmpeg.decode(
        folder / "asset",
        demuxer,
        ffmpeg.Reduction(
            stream=stream.index,
            keyframes=False,
            every=every,
            limit=limit,
            width=width,
            height=height,
            start=max(Fraction(0), start + first - zero),
        ),
        pixels=pixels,
        times=times,
        seconds=seconds,
    )
    raw = np.fromfile(pixels, np.uint8)
    size = width * height * 3
    shaped = raw[: len(raw) // size * size].reshape(-1, height, width, 3)
    found = []
    for line, picture in zip(times.read_text().splitlines(), shaped, strict=False):
        ticks, _, base = line.partition(" ")
        found.append((int(ticks) * Fraction(base) - first, picture))
    return found
