"""What is kept of one picture of a film: counts from motion vectors, noise, brightness, change.

libavcodec hands out motion vectors, not the types of macroblocks (`AVMotionVector` in libavutil). What is
known from them: in a picture that is predicted, a macroblock without any vector is coded on its own (intra);
one with a single vector of 0 stood still or was skipped, which of both is not told. Noise: J. Immerkær, Fast
noise variance estimation, 1996, made robust.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

RECORD: Final = np.dtype(
    [
        ("time", "<i8"),
        ("type", "S1"),
        ("key", "?"),
        ("broken", "?"),
        ("size", "<u4"),
        ("blocks", "<i4"),
        ("intra", "<i4"),
        ("still", "<i4"),
        ("whole", "<i4"),
        ("inter", "<i4"),
        ("band", "<f4"),
        ("motion", "<f4"),
        ("step", "<f4"),
        ("noise", "<f4"),
        ("mean", "<f4"),
        ("change", "<f4"),
    ]
)
"""One picture, in order of showing.

time: ticks of the film's base from the start of the stream. type: "I", "P", "B", "S" or "?". key: it can be
decoded on its own. broken: the decoder repaired it. size: bytes of its packet, 0 where unknown. blocks:
macroblocks of 16 x 16 pixels. intra, still, whole, inter: how many of them are coded on their own; have one
vector and that is 0 (or were skipped); have one vector that is not 0; are predicted otherwise; -1 where the
codec tells no vectors. band: largest share of a column or row of macroblocks that is coded on its own, 0
where no vectors are told. motion: mean length of the vectors by area, pixels, NaN where there are none. step:
mean quantiser (of H.264: QP), NaN where it is not told. noise: standard deviation, grey levels of 255. mean:
of brightness. change: mean absolute difference of brightness to the picture before, on the same places as
noise; NaN for the first and where sizes differ.
"""

EXPORTING: Final = frozenset({"h264", "mpeg4", "mpeg1video", "mpeg2video", "h263", "flv1"})
"""Codecs whose decoders in libavcodec hand out all motion vectors."""

BLOCK: Final = 16
TILE: Final = 32
TILES: Final = 5
"""Places in a row and in a column at which noise and change are measured."""

FINE: Final = 4
"""Rows and columns of a large picture that are enough for one of a small picture."""

_LOWER_HALF: Final = 0.32466
"""Mean of the lower half of absolute values of a standard normal distribution."""
_GAIN: Final = 6.0
"""Immerkær's mask times white noise of 1."""
_LEVELS: Final = 8 * 255 + 1

_HEAD: Final = struct.Struct("@IxxxxNNii8i")
"""AVVideoEncParams: count, offset and size of blocks, type, quantiser, its differences by plane and kind."""


def vectors_counted(codec: str) -> bool:
    """Returns whether motion vectors of a codec are told, so that their lack says something."""
    return codec in EXPORTING


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """One picture measured: its record, the small picture, and what the next is compared with."""

    record: NDArray[np.void]
    luma: NDArray[np.uint8]
    tiles: NDArray[np.int16]

    @classmethod
    def of(
        cls,
        frame: Any,
        plane: NDArray[np.uint8],
        shape: tuple[int, int],
        *,
        before: NDArray[np.int16] | None,
        time: int,
        type: bytes,  # noqa: A002 - the field's name
        size: int,
        vectors: bool,
    ) -> Self:
        """Measures a decoded picture.

        Args:
            frame: As PyAV gives it.
            plane: Its brightness, (height, width).
            shape: Rows and columns of the small picture.
            before: `tiles` of the picture before.
            time: Ticks.
            type: "I", "P", "B", "S" or "?".
            size: Bytes of its packet.
            vectors: Whether its codec tells motion vectors.
        """
        luma = reduced_to(plane, shape)
        tiles = tiled(plane)
        height, width = plane.shape
        found, quantiser = _side_data(frame)
        counts, band, motion = (-1, -1, -1, -1), 0.0, float("nan")
        if vectors:
            counts, band, motion = blocks_counted(found, width, height)
        change = float("nan")
        if before is not None and before.shape == tiles.shape:
            change = float(np.abs(tiles - before).mean())
        record = np.array(
            (
                time,
                type,
                bool(frame.key_frame),
                bool(frame.is_corrupt),
                min(size, 2**32 - 1),
                _grid(width) * _grid(height),
                *counts,
                band,
                motion,
                quantiser,
                noise(tiles),
                float(luma.mean()),
                change,
            ),
            RECORD,
        )
        return cls(record=record, luma=luma, tiles=tiles)


def _grid(length: int) -> int:
    return -(-length // BLOCK)


def reduced_to(plane: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Returns a plane reduced to rows and columns, by means of areas.

    Of a large plane a narrow margin is left out, evenly on both sides, so that each area is as large as every
    other; and of its rows not all are taken, but as many of one field as of the other. Both make it fast.
    """
    down, step, top = _spread(plane.shape[0], shape[0], thin=True)
    across, _, left = _spread(plane.shape[1], shape[1], thin=False)
    taken = plane[top : top + down : step, left : left + across]
    return np.asarray(cv2.resize(taken, shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)


def _spread(length: int, parts: int, *, thin: bool) -> tuple[int, int, int]:
    """How much of a length is taken in equal parts, in which steps, and from where on."""
    each = length // parts
    if each < FINE:
        return length, 1, 0
    steps = range(1, each // FINE + 1, 2) if thin else (1,)
    step = max(s for s in steps if each // s * s * 10 >= each * 9)
    taken = each // step * step * parts
    return taken, step, (length - taken) // 2


def _side_data(frame: Any) -> tuple[NDArray[Any] | None, float]:
    """Motion vectors, and the mean quantiser, where the decoder gives them."""
    vectors, quantiser = None, float("nan")
    for one in frame.side_data:
        if one.type.name == "MOTION_VECTORS":
            vectors = one.to_ndarray()
        elif one.type.name == "VIDEO_ENC_PARAMS":
            quantiser = mean_quantiser(bytes(one))
    return vectors, quantiser


def blocks_counted(
    vectors: NDArray[Any] | None, width: int, height: int
) -> tuple[tuple[int, int, int, int], float, float]:
    """Counts macroblocks by what their motion vectors say.

    Args:
        vectors: As PyAV gives them (`AVMotionVector`); None where a picture has none.
        width: Of the picture, pixels.
        height: Of the picture, pixels.

    Returns:
        Macroblocks (intra, still, whole, inter) and the largest band as in `RECORD`; mean length of the
        vectors, pixels, or NaN.
    """
    across, down = _grid(width), _grid(height)
    blocks = across * down
    if vectors is None or not len(vectors):
        return (blocks, 0, 0, 0), 1.0, float("nan")
    column = np.minimum(np.maximum(vectors["dst_x"], 0) // BLOCK, across - 1)
    row = np.minimum(np.maximum(vectors["dst_y"], 0) // BLOCK, down - 1)
    place = row.astype(np.int32) * across + column
    met = np.bincount(place, minlength=blocks)
    area = vectors["w"].astype(np.int32) * vectors["h"]
    single = (area == BLOCK * BLOCK) & (met[place] == 1)
    x, y = vectors["motion_x"].astype(np.float32), vectors["motion_y"].astype(np.float32)
    length = np.sqrt(x * x + y * y) / np.maximum(vectors["motion_scale"], 1)
    intra = blocks - int(np.count_nonzero(met))
    alone = int(np.count_nonzero(single))
    still = int(np.count_nonzero(single & (length == 0)))
    motion = float((length * area).sum() / max(int(area.sum()), 1))
    own = (met == 0).reshape(down, across)
    band = max(float(own.mean(axis=0).max()), float(own.mean(axis=1).max()))
    return (intra, still, alone - still, blocks - intra - alone), band, motion


def mean_quantiser(data: bytes) -> float:
    """Returns the mean quantiser that a decoder tells of a picture (`AVVideoEncParams`); NaN if it is odd."""
    if len(data) < _HEAD.size:
        return float("nan")
    count, offset, size, _, quantiser, *_ = _HEAD.unpack_from(data)
    if not count:
        return float(quantiser)
    if size < 20 or size % 4 or offset % 4 or offset + count * size > len(data):
        return float("nan")
    blocks = np.frombuffer(data, np.int32, count * size // 4, offset).reshape(count, -1)
    return float(quantiser + blocks[:, 4].mean())


def tiled(plane: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Returns tiles spread evenly over a picture, shape (tiles, rows, columns)."""
    height, width = plane.shape
    rows, columns = min(TILE, height), min(TILE, width)
    tops = sorted({(height - rows) * (2 * k + 1) // (2 * TILES) for k in range(TILES)})
    lefts = sorted({(width - columns) * (2 * k + 1) // (2 * TILES) for k in range(TILES)})
    return np.stack([plane[y : y + rows, x : x + columns] for y in tops for x in lefts]).astype(
        np.int16
    )


def noise(tiles: NDArray[np.int16]) -> float:
    """Returns the standard deviation of noise in tiles, grey levels; 0 where they are too small.

    The second difference along both axes takes even and sloping brightness away. Of what is left, the lower
    half is taken as noise, for edges are in the upper.
    """
    if min(tiles.shape[1:]) < 3:
        return 0.0
    rows = tiles[:, 2:] + tiles[:, :-2] - 2 * tiles[:, 1:-1]
    left = np.abs(rows[:, :, 2:] + rows[:, :, :-2] - 2 * rows[:, :, 1:-1])
    counts = np.bincount(left.ravel(), minlength=_LEVELS)
    half = left.size / 2
    taken = np.minimum(np.cumsum(counts), half)
    lower = np.diff(taken, prepend=0)
    return float((lower * np.arange(len(lower))).sum() / half / _LOWER_HALF / _GAIN)
