"""A passage of the file in hand, decoded more closely than it was sampled."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.errors import MediaError
from forensics.media.identify import HEAD, identify
from forensics.media.passage import Timed, passage
from forensics.media.prepare import main_picture_stream
from forensics.media.prepared import load

_EARLIER = Fraction(12)
"""Seconds by which decoding begins earlier where a container led to the next keyframe (MPEG-TS does)."""


def between(
    work: Path, start: Fraction, end: Fraction, every: Fraction, long_side: int, seconds: float
) -> list[tuple[Fraction, NDArray[np.uint8]]]:
    """Returns the pictures of a passage, grey, each with its time in seconds.

    Args:
        work: Holds the working copy and the file.
        start: Seconds from the start of the stream; not negative.
        end: The same.
        every: Seconds between pictures, at least.
        long_side: Pixels on the longer side, at most.
        seconds: Wall-clock limit of each of at most two attempts.

    Raises:
        LimitExceeded: Decoding did not end in time.
        MediaError: The file holds no moving pictures, or could not be decoded there.
    """
    prepared = load(work)
    stream = main_picture_stream(prepared.probe) if prepared.probe else None
    with (work / "asset").open("rb") as file:
        demuxer = identify(file.read(HEAD)).demuxer
    if stream is None or demuxer is None:
        raise MediaError("The file holds no moving pictures.")
    found: list[Timed] = []
    for earlier in (Fraction(0), _EARLIER):
        first = max(Fraction(0), start - earlier)
        found = passage(
            work,
            demuxer,
            stream,
            start=first,
            every=every,
            limit=int((end - first) / every) + 1,
            long_side=long_side,
            seconds=seconds,
        )
        if found and found[0][0] <= start + 2 * every:
            break
    # Few pictures a second lead far beyond, and a container that cannot be sought in anywhere.
    return [
        (at, np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8))
        for at, pixels in found
        if start - every / 2 <= at <= end + every / 2
    ]
