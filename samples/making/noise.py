"""Random fields with a natural look: seeded tiles of spectral noise and how to read them."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

Field = NDArray[np.float32]


def tile(*, seed: int, size: int = 512, slope: float = 1.6) -> Field:
    """Make a seamless square tile of noise whose amplitude falls with frequency.

    Args:
        seed: Names the tile; the same seed gives the same tile.
        size: Edge in samples.
        slope: Exponent of the fall: 0 is white, 1 is rough, 2 is smooth as clouds.

    Returns:
        A `size` by `size` field of mean 0 and standard deviation 1.
    """
    white = np.random.default_rng(seed).standard_normal((size, size))
    fx = np.fft.fftfreq(size)
    radius = np.hypot(fx[:, None], fx[None, :])
    radius[0, 0] = 1.0
    spectrum = np.fft.fft2(white) * radius**-slope
    spectrum[0, 0] = 0.0
    field = np.fft.ifft2(spectrum).real
    return np.asarray(field / field.std(), dtype=np.float32)


def sample(field: Field, u: Field, v: Field) -> Field:
    """Read a tile at real-valued places; the tile repeats for ever.

    Args:
        field: A tile.
        u: Columns, in samples of the tile; any shape of two axes.
        v: Rows, of the same shape.

    Returns:
        Interpolated values in the shape of `u`.
    """
    # One row and column are repeated so that interpolation crosses the seam of the tile.
    seamless = np.pad(field, ((0, 1), (0, 1)), mode="wrap")
    size = field.shape[0]
    return np.asarray(
        cv2.remap(
            seamless,
            np.mod(u, size).astype(np.float32),
            np.mod(v, size).astype(np.float32),
            cv2.INTER_LINEAR,
        ),
        dtype=np.float32,
    )


def smoothstep(low: float, high: float, x: Field) -> Field:
    """Rise from 0 to 1 between two values, with no corner at either end."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), dtype=np.float32)


def soften(field: MatLike, sigma: float) -> Field:
    """Blur a field with a Gaussian of `sigma` samples."""
    return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma), dtype=np.float32)
