"""How a file stores its picture: the last coding; its brightness before turning and the way through RGB."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forensics.inside.quantisation import Table, estimate
from forensics.traces.coefficients import SIDE
from forensics.traces.grid import ZERO, rounding

LOSSLESS: Final = frozenset({"image/png", "image/bmp", "image/tiff"})
"""Kinds of files that store pictures without loss, whatever came before."""

UNREADABLE: Final = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What opening a damaged JPEG file may raise."""

OTHER: Final = "other coding"

STIRRED: Final = 90
"""Last quality from which on zeros of earlier savings are sought that it only stirred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """The last coding of a picture.

    Attributes:
        quality: The class of it that calibration tells apart.
        said: A phrase for it.
        zero: A cosine coefficient smaller than this counts as zero after it, grey levels.
    """

    quality: str
    said: str
    zero: float = ZERO


def coding(path: Path, mime: str) -> Coding:
    """Returns the last coding of a picture.

    Raises:
        UNREADABLE: One of these; it is said to be a JPEG file, and cannot be read as one.
    """
    if mime in LOSSLESS or (mime == "image/webp" and is_lossless_webp(path)):
        return Coding(quality="lossless", said="stored without loss")
    if mime != "image/jpeg":
        return Coding(quality=OTHER, said="stored with loss, but not as JPEG")
    with Image.open(path, formats=("JPEG",)) as picture:
        tables = getattr(picture, "quantization", {})
    if 0 not in tables or len(tables[0]) != SIDE * SIDE or min(tables[0]) < 1:
        return Coding(quality=OTHER, said="stored as JPEG with tables that cannot be read")
    quality = estimate(tuple(tables[0])).quality
    return Coding(
        quality=quality_class(quality),
        said=f"last saved as JPEG at a quality of about {quality}",
        zero=max(ZERO, rounding(tables[0])) if quality >= STIRRED else ZERO,
    )


def quality_class(quality: int) -> str:
    """Returns the class of a JPEG quality (1 to 100) that calibration tells apart."""
    edges = ((98, "q98-100"), (95, "q95-97"), (90, "q90-94"))
    return next((name for least, name in edges if quality >= least), "below q90")


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
    except (*UNREADABLE, IndexError):
        return None


def is_lossless_webp(path: Path) -> bool:
    """Whether a WebP picture is coded without loss (RFC 9649, section 2.6: a plain file's first chunk)."""
    with path.open("rb") as file:
        return file.read(16)[8:] == b"WEBPVP8L"
