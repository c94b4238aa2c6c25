"""A sample: one decoded picture with its exact time; and what is made from it to find copies by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePlan:
    """Which pictures were taken from an asset; recorded with every result that rests on them.

    Attributes:
        keyframes: Every picture that can be decoded on its own is taken.
        every: One more picture in each such span of seconds; None for stills.
        limit: No more than this many pictures.
        long_side: Pictures are reduced to this many pixels on the longer side; None: full size.
        note: What made the plan differ from the usual one, a sentence; empty when nothing did.
    """

    keyframes: bool
    every: Fraction | None
    limit: int
    long_side: int | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Where one picture of the working copy stands in the asset.

    Attributes:
        index: Position in the working copy, from 0.
        time: Seconds from the start of the asset; 0 for a still, the page number for a document.
        keyframe: It could be decoded on its own.
        width: Pixels in the working copy.
        height: Pixels in the working copy.
    """

    index: int
    time: Fraction
    keyframe: bool
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A short code of one picture, by which copies of it are found.

    Attributes:
        scheme: Name and version, "pdq/1"; only equal schemes compare.
        code: Fixed width for a scheme.
        quality: 0 to 100: how much there was in the picture to tell it from others.
        time: Seconds from the start of the asset.
    """

    scheme: str
    code: bytes
    quality: int
    time: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCodes:
    """Codes of many small places of one picture, by which parts of it are found.

    Attributes:
        scheme: Name and version, "orb-grid/1"; only equal schemes compare.
        time: Seconds from the start of the asset.
        width: Pixels of the picture that the points refer to.
        height: Pixels of the picture that the points refer to.
        points: 6 bytes a point: x and y (each big-endian, 16 bits, in 65535ths of width and height),
            size (8 bits: sixteenths of an octave above one pixel), angle (8 bits: 256ths of a turn,
            clockwise as seen, from the direction of growing x).
        codes: 32 bytes a point, in the same order.
    """

    scheme: str
    time: Fraction
    width: int
    height: int
    points: bytes
    codes: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is kept of one picture, so that a copy of it can be confirmed without the original.

    Attributes:
        time: Seconds from the start of the asset.
        width: Pixels of the picture that the thumbnail was made from.
        height: Pixels of the picture that the thumbnail was made from.
        thumbnail: The picture, reduced, as JPEG.
        local: Its local codes, one value for each scheme.
    """

    time: Fraction
    width: int
    height: int
    thumbnail: bytes
    local: tuple[LocalCodes, ...]
