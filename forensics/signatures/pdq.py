"""PDQ: 256 bits of a picture that survive scaling, re-encoding and small changes of tone.

Source: Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm" (2019),
and the constants that its published hashes imply. The picture's luminance is smoothed by two passes of
a box filter in each direction (together a tent), sampled at 64 × 64 points and transformed by a cosine
transform, of which the 16 × 16 lowest frequencies without the constant ones are kept; each bit says
whether a coefficient lies above their median.

Smoothing, cut off at the edges, and sampling are one linear map for each direction, so they are held as
a sparse 64-row matrix. A picture of any size goes through it whole, without a coarser reduction first:
that is how the published hashes of large pictures were made by the reference library. (Its
command-line tool first picks pixels down to 512 × 512, which moves up to ten bits.)
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

BITS = 256
SMALLEST = 5
"""Pictures with a side below this many pixels have no code: all bits 0, quality 0."""

_GRID = 64
_KEPT = 16
_FINE = 2.0**16
_COARSE = 2.0**10
"""Grey levels are rounded to the fine fraction, coefficients to the coarse one: neither the order of a
sum, which differs between processors, nor single precision in the input then decides a bit, and a
coefficient that is zero by symmetry is exactly zero."""

# BT.601 in thousandths: sums of whole numbers below 2^24 are exact in single precision.
_LUMA = np.array([299, 587, 114], dtype=np.float32)


def luminance(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Returns the luminance (BT.601 weights) of an RGB picture.

    Args:
        pixels: Shape (height, width, 3).

    Returns:
        Shape (height, width), 0 to 255, correctly rounded and so the same on every machine.
    """
    return (pixels.astype(np.float32) @ _LUMA) / np.float32(1000)


def pdq(luma: NDArray[np.float32] | NDArray[np.uint8]) -> tuple[bytes, int]:
    """Returns the PDQ code of a picture and its quality.

    Args:
        luma: Luminance, shape (height, width), 0 to 255.

    Returns:
        32 bytes, in the order in which the reference prints them in hexadecimal (highest frequency
        first), and the reference's quality, 0 to 100, from the gradients of the 64 × 64 picture.
    """
    if min(luma.shape) < SMALLEST:
        return bytes(BITS // 8), 0
    small = reduced(luma)
    return code_of(coefficients(small)), quality_of(small)


def reduced(luma: NDArray[np.float32] | NDArray[np.uint8]) -> NDArray[np.float64]:
    """Returns luminance smoothed and sampled at 64 × 64 points, each side at least `SMALLEST`."""
    height, width = luma.shape
    rows = _tent(height) @ luma.astype(np.float64)
    both = (_tent(width) @ np.ascontiguousarray(rows.T)).T
    small: NDArray[np.float64] = np.rint(both * _FINE) / _FINE
    return small


def coefficients(small: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the 16 × 16 lowest non-constant cosine coefficients of a 64 × 64 picture.

    The eight turns and mirror images of a picture have the same coefficients up to sign and
    transposition, so their codes need no second reading of the picture.
    """
    basis = _basis()
    return np.rint(basis @ small @ basis.T * _COARSE) / _COARSE


def code_of(block: NDArray[np.float64]) -> bytes:
    """Returns the 32 bytes of a 16 × 16 block: which coefficients exceed the lower median."""
    flat = block.ravel()
    above = flat > np.partition(flat, BITS // 2 - 1)[BITS // 2 - 1]
    return np.packbits(above[::-1]).tobytes()


TURNS = (
    "as it is",
    "turned by 90 degrees",
    "turned by 180 degrees",
    "turned by 270 degrees",
    "mirrored",
    "mirrored and turned by 90 degrees",
    "mirrored and turned by 180 degrees",
    "mirrored and turned by 270 degrees",
)
"""The eight ways to lay a picture down, clockwise, mirrored left to right first; order of `dihedral`."""


def dihedral(luma: NDArray[np.float32] | NDArray[np.uint8]) -> tuple[bytes, ...]:
    """Returns the codes of the picture laid down in each of the eight ways, in the order of `TURNS`.

    They are what `pdq` gives for the picture so turned. Transposing needs no second reading; the smoothing
    is not quite symmetric, so that mirroring does.

    Args:
        luma: Luminance, shape (height, width), 0 to 255.
    """
    if min(luma.shape) < SMALLEST:
        return (bytes(BITS // 8),) * len(TURNS)
    same, across, down, both = (
        coefficients(reduced(luma[rows, columns]))
        for rows in (slice(None), slice(None, None, -1))
        for columns in (slice(None), slice(None, None, -1))
    )
    blocks = (same, down.T, both, across.T, across, both.T, down, same.T)
    return tuple(code_of(block) for block in blocks)


def quality_of(small: NDArray[np.float64]) -> int:
    """Returns the reference's quality of a 64 × 64 picture: 0 for a flat one, at most 100.

    Differences of neighbours count in whole hundredths of the range, so that fine noise adds nothing.
    """
    steps = sum(
        int(np.abs(np.trunc(np.diff(small, axis=axis) * 100 / 255)).sum()) for axis in (0, 1)
    )
    return min(100, steps // 90)


@lru_cache(maxsize=32)
def _tent(length: int) -> Any:
    """Returns the sparse (64, length) matrix that smooths one direction twice and samples it.

    The box that stands on position i spans [i + half - full, i + half - 1], cut off at the ends, where
    full = ⌈length / 128⌉ and half = ⌊(full + 2) / 2⌋; the mean is over what is left of it.
    """
    full = -(-length // (2 * _GRID))
    half = (full + 2) // 2
    at = np.arange(length)
    left = np.maximum(at + half - full, 0)
    right = np.minimum(at + half, length)  # one past the end
    weight = 1.0 / (right - left)
    rows, columns, values = [], [], []
    for row in range(_GRID):
        centre = (2 * row + 1) * length // (2 * _GRID)
        inner = np.arange(left[centre], right[centre])
        first, last = int(left[inner[0]]), int(right[inner[-1]])
        # The second pass's box over the first pass's boxes, by their steps up and down.
        edges = np.zeros(last - first + 1)
        np.add.at(edges, left[inner] - first, weight[inner])
        np.subtract.at(edges, right[inner] - first, weight[inner])
        values.append(np.cumsum(edges[:-1]) * weight[centre])
        columns.append(np.arange(first, last))
        rows.append(np.full(last - first, row))
    return csr_array(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=(_GRID, length),
    )


@lru_cache(maxsize=1)
def _basis() -> NDArray[np.float64]:
    """Returns the (16, 64) rows 1 to 16 of the orthonormal cosine transform (type II)."""
    frequency = np.arange(1, _KEPT + 1)[:, None]
    position = 2 * np.arange(_GRID)[None, :] + 1
    basis: NDArray[np.float64] = np.sqrt(2 / _GRID) * np.cos(
        np.pi / (2 * _GRID) * frequency * position
    )
    return basis
