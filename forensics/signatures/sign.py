"""Makes the signatures of one picture, one for each scheme of `forensics.signatures.schemes`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from forensics.model.sample import Signature
from forensics.signatures.pdq import SMALLEST, TURNS, dihedral, luminance, quality_of, reduced
from forensics.signatures.perceptual import phash
from forensics.signatures.schemes import PDQ, PHASH
from forensics.signatures.signed import Asked
from forensics.signatures.trim import trimmed


def sign(
    pixels: NDArray[np.uint8], time: Fraction
) -> tuple[tuple[Signature, ...], tuple[Asked, ...]]:
    """Returns the signatures of one picture, in the order of `SCHEMES`, and the codes to ask with.

    Both carry PDQ's quality: how much the picture changes from place to place, 0 for a flat one.

    Args:
        pixels: RGB, shape (height, width, 3), display orientation, at least 1 × 1. Pictures of one
            asset and of its copies should be reduced alike (512 pixels on the long side).
        time: Where the picture stands in its asset, in seconds.
    """
    luma = luminance(pixels)
    turns = dihedral(luma)
    quality = quality_of(reduced(luma)) if min(luma.shape) >= SMALLEST else 0
    made = (
        Signature(scheme=PDQ, code=turns[0], quality=quality, time=time),
        Signature(
            scheme=PHASH, code=phash(np.rint(luma).astype(np.uint8)), quality=quality, time=time
        ),
    )
    asked = [
        Asked(scheme=one.scheme, time=time, code=one.code, quality=quality, turned="")
        for one in made
    ]
    asked += _turned(turns, quality, time, "")
    inner = trimmed(pixels)
    if inner is not None and min(inner.shape[:2]) >= SMALLEST:
        luma = luminance(inner)
        turns = dihedral(luma)
        rest = quality_of(reduced(luma))
        asked.append(
            Asked(scheme=PDQ, time=time, code=turns[0], quality=rest, turned="borders added")
        )
        asked += _turned(turns, rest, time, ", borders added")
    return made, tuple(asked)


def _turned(turns: Sequence[bytes], quality: int, time: Fraction, more: str) -> list[Asked]:
    """Returns the codes of a picture laid down in the seven other ways."""
    return [
        Asked(scheme=PDQ, time=time, code=code, quality=quality, turned=f"{turned}{more}")
        for code, turned in zip(turns[1:], TURNS[1:], strict=True)
    ]
