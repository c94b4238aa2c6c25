"""A sample: one decoded picture with its exact time; and the signature made from it."""

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
