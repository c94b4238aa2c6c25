"""The brightness of a picture as its file stores it: before turning, and without the way through RGB."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forensics.inside.quantisation import Table
from forensics.traces.coefficients import SIDE


def of_jpeg(path: Path, shape: tuple[int, ...]) -> tuple[NDArray[np.float32], Table] | None:
    """Returns Y of a JPEG file, rounded by its decoder and nothing else, and the table of its steps.

    Args:
        path: The file.
        shape: Height and width of the picture as it was decoded and turned.

    Returns:
        None: it is damaged, of another size, not in YCbCr or grey, or its table cannot be read.
    """
    try:
        with Image.open(path, formats=("JPEG",)) as picture:
            tables = getattr(picture, "quantization", {})
            layers = getattr(picture, "layer", [])
            size = (picture.height, picture.width)
            plain = picture.mode == "L" or (
                picture.mode == "RGB" and picture.info.get("adobe_transform", 1) == 1
            )
            if not plain or size not in {shape, shape[::-1]} or not layers:
                return None
            table = tuple(tables.get(layers[0][3], ()))
            if len(table) != SIDE * SIDE or min(table) < 1:
                return None
            picture.draft("L", size[::-1])
            return np.asarray(picture.convert("L"), np.float32), table
    except (OSError, ValueError, SyntaxError, IndexError, Image.DecompressionBombError):
        return None


LOSSLESS: Final = frozenset({"image/png", "image/bmp", "image/tiff"})
"""Kinds of files that store pictures without loss, whatever came before."""


def is_lossless_webp(path: Path) -> bool:
    """Whether a WebP picture is coded without loss (RFC 9649, section 2.6: a plain file's first chunk)."""
    with path.open("rb") as file:
        return file.read(16)[8:] == b"WEBPVP8L"
