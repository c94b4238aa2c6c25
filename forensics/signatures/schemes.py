"""The signature schemes: which codes are made of a picture, and within how many bits they count as alike.

A scheme's name carries a version, because only codes made in the same way compare. The radii and the
least qualities are measured by `bench/copies.py`; `docs/analyses/earlier-copies.md` gives the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalScheme:
    """How the local codes of one scheme vote.

    Attributes:
        radius: Codes that differ in at most this many bits may show the same place.
        least: A picture with fewer codes has too little in it and does not vote.
        votes: Codes that a known picture must share with one in hand before the two are compared.
    """

    radius: int
    least: int
    votes: int


ORB_GRID = "orb-grid/1"
SIFT_GRID = "sift-grid/1"

LOCAL: Mapping[str, LocalScheme] = MappingProxyType(
    {
        ORB_GRID: LocalScheme(radius=48, least=12, votes=4),
        SIFT_GRID: LocalScheme(radius=48, least=12, votes=4),
    }
)
"""Every scheme of local codes; a vote is only a guess, which registering the pictures confirms or not."""


def differing_bits(one: bytes, other: bytes) -> int:
    """Returns how many bits differ between two codes of the same width."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
