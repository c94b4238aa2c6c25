"""Cosine coefficients of a picture's blocks of 8 × 8 pixels, on any grid.

The transform is that of ITU-T T.81, A.3.3, without the shift of the mean by 128.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIDE: Final = 8
PLACES: Final = (
    1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,
)  # fmt: skip
"""The frequencies that are looked at, row by row: those of an 8 × 8 block next to the mean, in zigzag
order."""

ROWS: Final = 64
"""Rows of blocks that are transformed at a time."""

DARK: Final = 0.75
BRIGHT: Final = 254.25
"""Pixels beyond these may have been clipped: what rounding did to them is not what it does elsewhere."""


def _basis() -> NDArray[np.float32]:
    place = np.arange(SIDE)
    rows = np.cos((2 * place[None, :] + 1) * place[:, None] * math.pi / 16) / 2
    rows[0] /= math.sqrt(2)
    return rows.astype(np.float32)


DCT: Final = _basis()
"""The orthonormal DCT-II of eight values; one row for each frequency."""


def coefficients(light: NDArray[np.floating], x: int = 0, y: int = 0) -> NDArray[np.float32]:
    """Returns the coefficients at `PLACES` of every whole block that is not clipped.

    Blocks that are constant along an axis (flat, drawn) are left out: they say nothing about rounding.

    Args:
        light: Brightness, 0 to 255, shape (height, width).
        x: Column at which the first block begins, 0 to 7.
        y: Row at which it does.

    Returns:
        Shape (blocks, len(PLACES)).
    """
    down, across = ((side - first) // SIDE for side, first in zip(light.shape, (y, x), strict=True))
    made = [np.zeros((0, len(PLACES)), np.float32)]
    for top in range(0, max(0, down) if across > 0 else 0, ROWS):
        rows = min(ROWS, down - top)
        first = y + top * SIDE
        part = light[first : first + rows * SIDE, x : x + across * SIDE].astype(np.float32)
        blocks = part.reshape(rows, SIDE, across, SIDE).swapaxes(1, 2).reshape(-1, SIDE, SIDE)
        least, most = blocks.min((1, 2)), blocks.max((1, 2))
        level = (np.ptp(blocks, axis=1).max(1) == 0) | (np.ptp(blocks, axis=2).max(1) == 0)
        blocks = blocks[(least > DARK) & (most < BRIGHT) & ~level]
        turned = DCT @ blocks @ DCT.T
        made.append(turned.reshape(-1, SIDE * SIDE)[:, PLACES])
    return np.concatenate(made)
