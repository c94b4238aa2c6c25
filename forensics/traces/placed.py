"""Where a place of one picture lies in another, how it is written, and whether places touch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forensics.model import Asset, MediaKind, Sample, StreamType

Region = tuple[int, int, int, int]


def in_full(box: Region, asset: Asset, sample: Sample) -> Region | None:
    """Returns a box of a sampled picture in pixels of the full one, upright; None where its size is unknown.

    Args:
        box: x, y, width, height in pixels of the sample.
        asset: Says how large its pictures are; those of stills are sampled in full.
        sample: The picture that the box refers to.
    """
    if asset.kind is not MediaKind.VIDEO:
        return box
    streams = [
        s for s in (asset.probe.streams if asset.probe else ()) if s.type is StreamType.VIDEO
    ]
    stream = max(streams, key=lambda s: s.packets or 0, default=None)
    if stream is None or not stream.width or not stream.height:
        return None
    width, height = stream.width, stream.height
    if stream.rotation % 180:
        width, height = height, width
    left, top = box[0] * width // sample.width, box[1] * height // sample.height
    right = min(width, -(-(box[0] + box[2]) * width // sample.width))
    bottom = min(height, -(-(box[1] + box[3]) * height // sample.height))
    return left, top, max(1, right - left), max(1, bottom - top)


def written(box: Region) -> str:
    """Returns a box as it is written in findings: its size in pixels, then where its corner lies."""
    x, y, wide, high = box
    return f"{wide}×{high} px at {x}, {y}"


def listed(boxes: Sequence[Region], most: int) -> str:
    """Returns boxes one after the other, `most` of them at most; that there are more is shown."""
    left = ("…",) if len(boxes) > most else ()
    return "; ".join((*map(written, boxes[:most]), *left))


def scaled(box: Region, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Region:
    """Returns a box of a picture as a box of the same picture in another size; at least a pixel."""
    scale = after.shape[1] / before.shape[1]
    left, top, wide, high = (round(value * scale) for value in box)
    return left, top, max(1, wide), max(1, high)


def touch(one: Region, other: Region) -> bool:
    """Whether two boxes share a pixel."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return across > 0 and down > 0
