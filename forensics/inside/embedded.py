"""Thumbnails and previews within a file: which there are, and their pixels."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forensics.errors import LimitExceeded, MediaError
from forensics.model import Part

NAMES: Final = ("Thumbnail", "Preview")
MAX_PIXELS: Final = 24_000_000
MAX_BYTES: Final = 32 << 20
MAX_EMBEDDED: Final = 6
"""Embedded pictures that are looked at."""

_HOLDERS: Final = ("EXIF", "Photoshop", "JFIF", "JFXX")


def embedded(root: Part) -> Iterator[tuple[str, Part]]:
    """Yields the thumbnails and previews in a tree that lie in the file as they are, with their holder.

    Pictures within embedded pictures are left out, and each place is given once.
    """
    seen: set[int] = set()
    for way, found in root.walk():
        inner = any(name in NAMES or name in {"Picture", "Gain map", "Video"} for name in way[:-1])
        if found.name not in NAMES or found.at is None or not found.size or inner:
            continue
        if found.at not in seen and len(seen) < MAX_EMBEDDED:
            seen.add(found.at)
            around = (root.name, *way[:-1])
            yield next((name for name in around if name in _HOLDERS), around[-1]), found


def cut_out(path: Path, found: Part) -> NDArray[np.uint8]:
    """Decodes an embedded picture: JPEG, or rows of RGB whose size the part states.

    Returns:
        RGB, shape (height, width, 3).

    Raises:
        MediaError: It cannot be decoded.
        LimitExceeded: It is too large.
    """
    if found.at is None or not found.size:
        raise MediaError("It does not lie in the file as it is.")
    if found.size > MAX_BYTES:
        raise LimitExceeded(
            f"The embedded picture has {found.size} bytes: at most {MAX_BYTES} are read."
        )
    with path.open("rb") as file:
        file.seek(found.at)
        data = file.read(found.size)
    width, height = (_number(found, name) for name in ("Width", "Height"))
    if width and height and len(data) == 3 * width * height:
        return np.frombuffer(data, np.uint8).reshape(height, width, 3)
    if not data.startswith(b"\xff\xd8"):
        raise MediaError("It is stored neither as JPEG nor as rows of RGB.")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise LimitExceeded(
                    f"The embedded picture is {picture.width} × {picture.height} pixels: at most "
                    f"{MAX_PIXELS} are decoded."
                )
            pixels = np.asarray(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise MediaError(
            f"The embedded picture cannot be decoded: {type(error).__name__}."
        ) from error
    exchanged = any(part.name == "ChannelOrder" and part.value == "BGR" for part in found.parts)
    return np.ascontiguousarray(pixels[:, :, ::-1]) if exchanged else pixels


def _number(found: Part, name: str) -> int:
    return next((p.value for p in found.parts if p.name == name and isinstance(p.value, int)), 0)
