"""pHash: 64 bits of a picture, from the cosine transform of a 32 × 32 reduction of it.

Source: imagehash (`phash`, hash size 8), after C. Zauner, "Implementation and Benchmarking of Perceptual
Image Hash Functions" (2010). It keeps the lowest 8 × 8 frequencies, constant ones included, and so sees
coarse shading that PDQ leaves out; being short, it is trusted less.
"""

from __future__ import annotations

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

BITS = 64


def phash(luma: NDArray[np.uint8]) -> bytes:
    """Returns the pHash of a picture as 8 bytes, row by row, first bit highest.

    Args:
        luma: Luminance, shape (height, width).
    """
    bits = imagehash.phash(Image.fromarray(luma), hash_size=8).hash
    return np.packbits(np.asarray(bits, dtype=bool).ravel()).tobytes()
