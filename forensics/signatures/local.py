"""Local codes: 256 bits for each of some hundred places of a picture, by which parts of it are found again.

Two schemes, each 300 codes at most, spread over the picture so that a caption or one busy corner cannot
use them all up: places are ranked within the cells of a grid, and every cell's first comes before any
cell's second.

- "orb-grid/1": E. Rublee et al., "ORB: an efficient alternative to SIFT or SURF" (2011).
- "sift-grid/1": D. Lowe, "Distinctive image features from scale-invariant keypoints" (2004), as two bits a
  dimension: above the median of that dimension over many pictures, and above its third quartile. The
  square root of R. Arandjelović and A. Zisserman, "Three things everyone should know to improve object
  retrieval" (2012), is taken first.

A code is carried with the place, size and angle of what it describes (`forensics.model.LocalCodes`), which
alone suggest how one picture lies on the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.model.sample import LocalCodes, Look

ORB_GRID = "orb-grid/1"
SIFT_GRID = "sift-grid/1"
POINT_BYTES = 6
CODE_BYTES = 32
BUDGET = 300
"""Codes of one picture under one scheme, at most."""
THUMBNAIL_SIDE = 160

_CELLS = 8
_SMALLEST = 24
"""Pictures with a side below this many pixels have no local codes."""
_SMALL = 256
_SIFT_SIDE = 320
"""SIFT reads the picture at this many pixels on the long side; it begins at twice that."""
_ORB_CANDIDATES = 2000
_SIZE_STEPS = 16
_DIMENSIONS = 128
_BINS = 8
_SPANS = 4


def local_codes(pixels: NDArray[np.uint8], time: Fraction) -> tuple[LocalCodes, LocalCodes]:
    """Returns the codes of a picture under both schemes, ORB first.

    Args:
        pixels: RGB, shape (height, width, 3), usually 512 pixels on the long side.
        time: Where the picture stands in its asset, in seconds.
    """
    grey = _grey(pixels)
    return _orb(grey, time), _sift(grey, time)


def mirrored_codes(
    pixels: NDArray[np.uint8], local: Sequence[LocalCodes]
) -> tuple[LocalCodes, ...]:
    """Returns what `local_codes` gives for the picture mirrored left to right (SIFT: very nearly).

    SIFT's codes of a mirrored picture are the same bits in another order, so that only ORB reads it.

    Args:
        pixels: The picture as it is.
        local: Its codes, as `local_codes` made them.
    """
    return tuple(
        _orb(np.ascontiguousarray(_grey(pixels)[:, ::-1]), codes.time)
        if codes.scheme == ORB_GRID
        else _mirrored_sift(codes)
        for codes in local
    )


def look(pixels: NDArray[np.uint8], time: Fraction) -> Look:
    """Returns what is kept of a picture: both schemes' codes and a thumbnail."""
    height, width = pixels.shape[:2]
    return Look(
        time=time,
        width=width,
        height=height,
        thumbnail=thumbnail(pixels),
        local=local_codes(pixels, time),
    )


def thumbnail(pixels: NDArray[np.uint8]) -> bytes:
    """Returns the picture as JPEG, at most `THUMBNAIL_SIDE` pixels on the long side."""
    small = resized(pixels, THUMBNAIL_SIDE)
    done, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 75]
    )
    if not done:  # pragma: no cover - the encoder is built in and takes every RGB picture
        raise AssertionError("the JPEG encoder refused a picture")
    return jpeg.tobytes()


def resized(pixels: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
    """Returns the picture reduced to `long_side` pixels on the long side; smaller ones as they are."""
    height, width = pixels.shape[:2]
    if max(height, width) <= long_side:
        return np.ascontiguousarray(pixels)
    scale = long_side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(np.asarray(pixels), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _enlarged(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Returns small pictures at twice their size: the detectors pass over their smallest details."""
    if max(grey.shape) >= _SMALL:
        return grey
    twice = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return np.asarray(twice, dtype=np.uint8)


def _orb(grey: NDArray[np.uint8], time: Fraction) -> LocalCodes:
    if min(grey.shape) < _SMALLEST:
        return _packed(ORB_GRID, time, grey.shape, grey.shape, [], _NO_CODES)
    shape, grey = grey.shape, _enlarged(grey)
    orb = cv2.ORB.create(nfeatures=_ORB_CANDIDATES, edgeThreshold=16, fastThreshold=8)
    found = orb.detect(grey, None)
    chosen = [found[k] for k in _spread(found, grey.shape)]
    described = orb.compute(grey, chosen) if chosen else ([], None)
    bits = _NO_CODES if described[1] is None else np.asarray(described[1], dtype=np.uint8)
    return _packed(ORB_GRID, time, shape, grey.shape, described[0], bits)


def _sift(grey: NDArray[np.uint8], time: Fraction) -> LocalCodes:
    if min(grey.shape) < _SMALLEST:
        return _packed(SIFT_GRID, time, grey.shape, grey.shape, [], _NO_CODES)
    small = resized(_enlarged(grey), _SIFT_SIDE)
    sift = cv2.SIFT.create(contrastThreshold=0.03, enable_precise_upscale=True)
    # All at once: describing them costs less than reading the picture a second time.
    found, described = sift.detectAndCompute(small, None)
    if not found:
        return _packed(SIFT_GRID, time, grey.shape, small.shape, [], _NO_CODES)
    chosen = _spread(found, small.shape)
    bits = _binary(np.asarray(described, dtype=np.float32)[chosen])
    return _packed(SIFT_GRID, time, grey.shape, small.shape, [found[k] for k in chosen], bits)


def _spread(found: Sequence[cv2.KeyPoint], shape: tuple[int, ...]) -> list[int]:
    """Returns which of the places found, at most `BUDGET`: every cell's strongest, every second, ..."""
    if not found:
        return []
    height, width = shape[:2]
    x, y = np.asarray(cv2.KeyPoint.convert(found), dtype=np.float64).T
    cell = (y * _CELLS / height).astype(np.int64) * _CELLS + (x * _CELLS / width).astype(np.int64)
    strength = -np.array([point.response for point in found])
    # A total order, so that neither threads nor a sort decides which places are kept.
    ties = [np.array([point.angle for point in found]), np.array([point.size for point in found])]
    order = np.lexsort((*ties, x, y, strength, cell))
    inside = cell[order]
    rank = np.empty(len(found), dtype=np.int64)
    rank[order] = np.arange(len(found)) - np.searchsorted(inside, inside)
    chosen: list[int] = np.lexsort((*ties, x, y, strength, rank))[:BUDGET].tolist()
    return chosen


def _packed(
    scheme: str,
    time: Fraction,
    shape: tuple[int, ...],
    read: tuple[int, ...],
    points: Sequence[cv2.KeyPoint],
    codes: NDArray[np.uint8],
) -> LocalCodes:
    """Returns the codes in the form of `LocalCodes`; points refer to the picture of shape `read`."""
    height, width = shape[:2]
    table = np.array(
        [(*point.pt, point.size, point.angle) for point in points], dtype=np.float64
    ).reshape(-1, 4)
    scale = np.array([read[1], read[0]])
    at = np.clip(np.rint((table[:, :2] + 0.5) / scale * 65535), 0, 65535).astype(">u2")
    grown = table[:, 2] * width / read[1]
    size = np.clip(np.rint(np.log2(np.maximum(grown, 1)) * _SIZE_STEPS), 0, 255)
    angle = np.rint(table[:, 3] * 256 / 360).astype(np.int64) % 256
    packed = np.empty((len(table), POINT_BYTES), dtype=np.uint8)
    packed[:, :4] = at.view(np.uint8).reshape(-1, 4)
    packed[:, 4] = size
    packed[:, 5] = angle
    return LocalCodes(
        scheme=scheme,
        time=time,
        width=width,
        height=height,
        points=packed.tobytes(),
        codes=codes.tobytes(),
    )


_NO_CODES: NDArray[np.uint8] = np.empty((0, CODE_BYTES), dtype=np.uint8)


def _binary(described: NDArray[np.float32]) -> NDArray[np.uint8]:
    ordered = np.sort(described, axis=1)
    median = ordered[:, 64, None]
    upper = ordered[:, 96, None]
    return np.packbits(np.hstack([described > median, described > upper]), axis=1)


def _mirrored_sift(codes: LocalCodes) -> LocalCodes:
    points = np.frombuffer(codes.points, dtype=np.uint8).reshape(-1, POINT_BYTES).copy()
    across = 65535 - points[:, :2].copy().view(">u2").astype(np.int64)
    points[:, :2] = across.astype(">u2").view(np.uint8)
    points[:, 5] = (128 - points[:, 5].astype(np.int64)) % 256
    bits = np.unpackbits(np.frombuffer(codes.codes, dtype=np.uint8).reshape(-1, CODE_BYTES), axis=1)
    return LocalCodes(
        scheme=codes.scheme,
        time=codes.time,
        width=codes.width,
        height=codes.height,
        points=points.tobytes(),
        codes=np.packbits(bits[:, _mirror_order()], axis=1).tobytes(),
    )


@lru_cache(maxsize=1)
def _mirror_order() -> NDArray[np.int64]:
    """Returns where each bit of a mirrored picture's code stands in the code of the picture itself.

    Along the angle of the place a mirror changes nothing, across it everything changes sides: of the
    4 × 4 fields the rows change places, and of the 8 directions each becomes its negative.
    """
    row, column, direction = np.meshgrid(
        np.arange(_SPANS), np.arange(_SPANS), np.arange(_BINS), indexing="ij"
    )
    source = ((_SPANS - 1 - row) * _SPANS + column) * _BINS + (-direction) % _BINS
    order = source.ravel()
    return np.concatenate([order, order + _DIMENSIONS])
