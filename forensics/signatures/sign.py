"""Makes the signatures of one picture, one for each scheme of `forensics.signatures.schemes`."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from forensics.model.sample import Signature
from forensics.signatures.pdq import luminance, pdq
from forensics.signatures.perceptual import phash
from forensics.signatures.schemes import PDQ, PHASH


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
