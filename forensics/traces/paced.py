"""Grey pictures from the middle of a video, at an even pace: a clock's seconds need more than are sampled."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.media.identify import identify_file
from forensics.media.passage import passage
from forensics.media.prepare import main_picture_stream
from forensics.model import Asset, Context

STEP: Final = Fraction(1, 5)
PICTURES: Final = 60
SIDE: Final = 960
SECONDS: Final = 120.0

Timed = tuple[Fraction, NDArray[np.uint8]]
"""Seconds from the start, and a picture."""


def grey_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns an RGB picture, shape (height, width, 3), in grey, shape (height, width)."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def paced(asset: Asset, context: Context) -> list[Timed]:
    """Returns up to `PICTURES` grey pictures, `STEP` seconds apart, around the middle; none without a video.

    Raises:
        LimitExceeded: Decoding did not end in time.
        MediaError: The video could not be decoded.
    """
    stream = main_picture_stream(asset.probe) if asset.probe else None
    demuxer = identify_file(context.path).demuxer if stream else None
    if stream is None or demuxer is None:
        return []
    seen = context.scratch / "asset"
    if not seen.exists():
        seen.symlink_to(context.path)
    length = (asset.probe.duration if asset.probe else None) or Fraction(0)
    found = passage(
        context.scratch,
        demuxer,
        stream,
        start=max(Fraction(0), length / 2 - PICTURES * STEP / 2),
        every=STEP,
        limit=PICTURES,
        long_side=SIDE,
        seconds=SECONDS,
    )
    return [(at, grey_of(picture)) for at, picture in found]
