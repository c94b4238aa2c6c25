"""Worker tasks: what a report shows of a copy where the pictures were laid over each other."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.copies.confirm import thumbnail_pixels
from forensics.errors import MediaError
from forensics.media.prepare import load_samples
from forensics.media.prepared import load

SIDE = 480
"""Pixels on the longer side."""
_QUALITY = 85
_BORDER = (255, 176, 0)


def reduced_picture(folder: str, thumbnail: str, name: str) -> Any:
    """Writes the reduced picture that the ledger keeps of another asset; returns {path, width, height}.

    Args:
        folder: Scratch folder.
        thumbnail: JPEG, base64; it may come from another desk.
        name: Of the file.

    Raises:
        MediaError: It is no picture, or larger than one that is kept.
    """
    pixels = thumbnail_pixels(b64decode(thumbnail))
    return _write(np.ascontiguousarray(pixels[..., ::-1]), Path(folder) / f"{name}.jpg")


def overlay_picture(folder: str, index: int, other: str, placement: list[str], name: str) -> Any:
    """Writes the other asset's picture laid on a sample; returns {path, width, height}.

    The sample is seen in red, the other in green and blue, both as brightness: grey where they agree,
    coloured where they do not. A line marks the other's edge.

    Args:
        folder: Scratch folder with the working copy.
        index: Of the sample.
        other: File name of the other asset's picture in the scratch folder.
        placement: `Copy.placement`, nine ratios "n/d".
        name: Of the file to write.

    Raises:
        MediaError: The pictures could not be read.
    """
    both = _laid(Path(folder), index, other, placement)
    mine, laid = (cv2.cvtColor(one, cv2.COLOR_BGR2GRAY) for one in (both.mine, both.theirs))
    inside, matrix, (width, height) = both.inside, both.matrix, both.size
    shown = np.stack([mine] * 3, axis=-1) // 2
    # BGR: what only the other has is cyan, what only this one has is red.
    shown[inside] = np.stack([laid, laid, mine], axis=-1)[inside]
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    moved = np.asarray(cv2.perspectiveTransform(corners, matrix), np.float64)
    edge = np.rint(moved).clip(-4000, 4000).astype(np.int32)
    cv2.polylines(shown, [edge], isClosed=True, color=_BORDER[::-1], thickness=1)
    return _write(np.asarray(shown, np.uint8), Path(folder) / f"{name}.jpg")


def laid_picture(folder: str, index: int, other: str, placement: list[str], name: str) -> Any:
    """Writes the other asset's picture, moved into the frame of a sample; returns {path, width, height}.

    Where the other has nothing, the sample is seen, paled. The arguments are `overlay_picture`'s.
    """
    both = _laid(Path(folder), index, other, placement)
    paled = (both.mine // 4 + 160).astype(np.uint8)
    shown = np.where(both.inside[..., None], both.theirs, paled)
    return _write(np.asarray(shown, np.uint8), Path(folder) / f"{name}.jpg")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Both:
    """Two pictures in one frame, BGR, shape (height, width, 3).

    Attributes:
        mine: The sample.
        theirs: The other, laid on it.
        inside: Where the other has pixels, shape (height, width).
        matrix: Of the other's pixels to the frame's, 3 × 3.
        size: Width and height of the other before it was laid.
    """

    mine: NDArray[np.uint8]
    theirs: NDArray[np.uint8]
    inside: NDArray[np.bool_]
    matrix: NDArray[np.float64]
    size: tuple[int, int]


def _laid(work: Path, index: int, other: str, placement: list[str]) -> _Both:
    samples = load_samples(work, load(work))
    mine = np.ascontiguousarray(samples.pixels(index)[..., ::-1])
    theirs = cv2.imread(str(work / Path(other).name), cv2.IMREAD_COLOR)
    if theirs is None:
        raise MediaError("The picture of the other asset cannot be read.")
    scale = SIDE / max(mine.shape[:2])
    size = (max(1, round(mine.shape[1] * scale)), max(1, round(mine.shape[0] * scale)))
    shares = np.array([float(Fraction(text)) for text in placement]).reshape(3, 3)
    width, height = theirs.shape[1], theirs.shape[0]
    matrix = np.diag([size[0], size[1], 1.0]) @ shares @ np.diag([1 / width, 1 / height, 1.0])
    whole = np.full((height, width), 255, np.uint8)
    return _Both(
        mine=np.asarray(cv2.resize(mine, size, interpolation=cv2.INTER_AREA), np.uint8),
        theirs=np.asarray(cv2.warpPerspective(theirs, matrix, size), np.uint8),
        inside=np.asarray(cv2.warpPerspective(whole, matrix, size) >= 128),
        matrix=matrix,
        size=(width, height),
    )


def _write(picture: NDArray[np.uint8], path: Path) -> dict[str, Any]:
    cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return {"path": str(path), "width": picture.shape[1], "height": picture.shape[0]}
