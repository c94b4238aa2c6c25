"""The signature schemes: which codes are made of a picture, and within how many bits they count as alike.

A scheme's name carries a version, because only codes made in the same way compare. The radii and the
least qualities are measured by `bench/copies.py`; `docs/analyses/earlier-copies.md` gives the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from forensics.model.sample import Signature
from forensics.signatures.pdq import luminance, pdq
from forensics.signatures.perceptual import phash


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How the codes of one scheme are compared.

    Attributes:
        width: Bytes of a code.
        radius: Codes that differ in at most this many bits are asked for; two such pairs, distinct
            and in line in time, make a copy.
        alone: A pair counts on its own, without others in line, only within this many bits.
        distinct: Two pictures of one asset are told apart from this many bits on: more than `radius`,
            so that one picture with some noise in it is not two.
        least_quality: A picture of lower quality has too little in it and is never searched for.
    """

    width: int
    radius: int
    alone: int
    distinct: int
    least_quality: int


PDQ = "pdq/1"
PHASH = "phash64/1"

SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        PDQ: Scheme(width=32, radius=31, alone=31, distinct=32, least_quality=5),
        PHASH: Scheme(width=8, radius=8, alone=2, distinct=9, least_quality=10),
    }
)
"""Every scheme that is made and searched, the more trusted first."""


def sign(pixels: NDArray[np.uint8], time: Fraction) -> tuple[Signature, ...]:
    """Returns the signatures of one picture, one for each scheme, in the order of `SCHEMES`.

    Both carry PDQ's quality: how much the picture changes from place to place, 0 for a flat one.

    Args:
        pixels: RGB, shape (height, width, 3), display orientation, at least 1 × 1. Pictures of one
            asset and of its copies should be reduced alike (512 pixels on the long side).
        time: Where the picture stands in its asset, in seconds.
    """
    luma = luminance(pixels)
    code, quality = pdq(luma)
    return (
        Signature(scheme=PDQ, code=code, quality=quality, time=time),
        Signature(
            scheme=PHASH, code=phash(np.rint(luma).astype(np.uint8)), quality=quality, time=time
        ),
    )


def differing_bits(one: bytes, other: bytes) -> int:
    """Returns how many bits differ between two codes of the same width."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
