"""Regular patterns that run through a picture, as the pixels of a photographed screen leave them.

A screen's pixels form a raster. In a photograph it shows itself where it is coarser than the sensor's, and
else as what two rasters make together: moiré. Either is a peak of the spectrum that moves little from one
place of the picture to the next, whatever is shown there (K. Patel et al., "Live Face
Video vs. Spoof Face Video: Use of Moiré Patterns to Detect Replay Video Attacks", ICB 2015, tell filmed
screens by their moiré). Cloth, blinds, fences, façades and halftone prints have
peaks as well. What sets screens apart is colour: the stripes of their pixels shine red, green and blue
side by side, so that the three waves are a third of a turn apart. The waves of any pattern of two colours go
up and down together, also after a sensor with one colour a place has mixed them up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Box = tuple[int, int, int, int]

SIDE: Final = 128
"""Pixels on a side of the tiles whose spectra are taken."""
MOST_TILES: Final = 14
"""Tiles beside each other, at most; larger pictures are looked at in places evenly spread."""
LEAST: Final = 2.5 * SIDE
"""Pixels of the shorter side, below which there are too few tiles."""
PEAK: Final = 30.0
"""A peak's power by that of its surroundings; noise reaches it once in e^30 places."""
RIDGE: Final = 10.0
"""A peak's power by that along any line through it, such as edges draw."""
COARSEST: Final = 20.0
"""Pixels of the longest period looked for."""
_MOVES: Final = 2.5
"""Places of the spectrum by which a peak may move from a tile to the next."""
_MOST_PEAKS: Final = 6
_FLOOR: Final = 200.0
"""Power below which nothing is told from rounding."""
_LOG_MEAN: Final = 0.5772
"""Mean logarithm of the power of noise below the logarithm of its mean (Euler's constant)."""
_HALF: Final = SIDE // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """A peak that several neighbouring tiles share.

    Attributes:
        tiles: Row and column of each tile.
        period: Median of its periods, pixels.
        direction: Median of the directions in which it repeats, degrees, 0 to 180.
        turned: How far red, green and blue are from rising and falling together, 0 to 1, median.
        power: Median of its power by that of the surroundings.
        colour: Found in the differences of colour; else in the brightness.
        moves: Places of the spectrum by which the tiles' peaks spread, the greatest of both directions.
        best: The tile in which it is strongest.
    """

    tiles: tuple[tuple[int, int], ...]
    period: float
    direction: float
    turned: float
    power: float
    colour: bool
    moves: float
    best: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was looked at, and what was found.

    Attributes:
        waves: The largest first.
        rows: Tiles below each other.
        columns: Tiles beside each other.
        corners: Left and top pixel of each tile, shape (rows, columns, 2).
    """

    waves: tuple[Wave, ...]
    rows: int
    columns: int
    corners: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Peak:
    tile: tuple[int, int]
    place: tuple[int, int]
    colour: bool
    power: float
    turned: float


def look(rgb: Pixels, check: Callable[[], None] = lambda: None) -> Looked:
    """Returns the waves of a picture, RGB, of shape (height, width, 3); none where it is too small."""
    height, width = rgb.shape[:2]
    if min(height, width) < LEAST:
        return Looked(waves=(), rows=0, columns=0, corners=np.zeros((0, 0, 2), np.int64))
    tops, lefts = _spread(height), _spread(width)
    corners = np.stack(np.meshgrid(lefts, tops), axis=2)
    peaks: list[_Peak] = []
    for row, top in enumerate(tops):
        check()
        for column, left in enumerate(lefts):
            tile = rgb[top : top + SIDE, left : left + SIDE]
            peaks += _peaks(np.asarray(tile, np.float32), (row, column))
    waves = sorted(_waves(peaks), key=lambda wave: (-len(wave.tiles), -wave.power))
    return Looked(waves=tuple(waves), rows=len(tops), columns=len(lefts), corners=corners)


def _spread(length: int) -> NDArray[np.int64]:
    count = min(MOST_TILES, max(1, 2 * (length // SIDE) - 1))
    return np.linspace(0, length - SIDE, count).round().astype(np.int64)


_WINDOW: Final = np.outer(np.hanning(SIDE), np.hanning(SIDE)).astype(np.float32)
_ROWS, _COLUMNS = np.mgrid[-_HALF:_HALF, 0 : _HALF + 1]
_FAR: Final = np.hypot(_ROWS, _COLUMNS)
_ALONG_AXIS: Final = (np.abs(_ROWS) <= 1) | (_COLUMNS <= 1)
_OF_BLOCKS: Final = (np.minimum(_ROWS % 16, -_ROWS % 16) <= 1) & (
    np.minimum(_COLUMNS % 16, -_COLUMNS % 16) <= 1
)
_WANTED: Final = (_FAR >= SIDE / COARSEST) & ~(_ALONG_AXIS & _OF_BLOCKS)
"""Not what repeats after 8 pixels along an axis, as the blocks of JPEG do."""
_STEPS: Final = np.concatenate([np.arange(-10, -2), np.arange(3, 11)])
_ANGLES: Final = np.arange(8)[:, None] * np.pi / 8
_DOWN: Final = np.rint(_STEPS * np.sin(_ANGLES)).astype(np.int64)
_ACROSS: Final = np.rint(_STEPS * np.cos(_ANGLES)).astype(np.int64)


def _peaks(tile: Floats, at: tuple[int, int]) -> list[_Peak]:
    """Returns the peaks of a tile's spectrum: of its brightness, and of its differences of colour."""
    bands = [
        np.fft.fftshift(np.fft.rfft2((tile[:, :, k] - tile[:, :, k].mean()) * _WINDOW), axes=0)
        for k in range(3)
    ]
    red, green, blue = bands
    bright = 0.299 * red + 0.587 * green + 0.114 * blue
    found: list[_Peak] = []
    for colour, powers in (
        (False, _power(bright)),
        (True, np.asarray((_power(red - bright) + _power(blue - bright)) / 2, np.float32)),
    ):
        for row, column, power in _outstanding(powers):
            waves = np.array([band[row, column] for band in bands])
            place = (row - _HALF, column)
            found.append(_Peak(at, place, colour, power, _turned(waves)))
    return found


def _power(spectrum: NDArray[np.complexfloating]) -> Floats:
    return np.asarray(np.abs(spectrum) ** 2, np.float32)


def _outstanding(powers: Floats) -> list[tuple[int, int, float]]:
    """Returns row, column and power by the surroundings of the strongest peaks, strongest first."""
    logs = np.log(powers + _FLOOR).astype(np.float32)
    wide = np.asarray(cv2.boxFilter(logs, -1, (15, 15), normalize=False))
    near = np.asarray(cv2.boxFilter(logs, -1, (5, 5), normalize=False))
    usual = (wide - near) / (15 * 15 - 5 * 5) + _LOG_MEAN
    above = logs - usual
    top = (logs >= np.asarray(cv2.dilate(logs, np.ones((5, 5), np.uint8)))) & _WANTED
    places = np.argwhere(top & (above > np.log(PEAK)))
    strongest = sorted(places.tolist(), key=lambda p: (-float(above[p[0], p[1]]), p))
    strongest = strongest[: 4 * _MOST_PEAKS]
    if not strongest:
        return []
    rows, columns = (np.array(side) for side in zip(*strongest, strict=True))
    # The spectrum of real values is the same through its middle, and periodic.
    whole = np.concatenate([logs, np.roll(logs[::-1], 1, axis=0)[:, -2:0:-1]], axis=1)
    down = (rows[:, None, None] + _DOWN) % SIDE
    across = (columns[:, None, None] + _ACROSS) % SIDE
    lines = whole[down, across].mean(axis=2).max(axis=1)
    stands = logs[rows, columns] - lines - _LOG_MEAN > np.log(RIDGE)
    return [
        (int(row), int(column), float(np.exp(above[row, column])))
        for row, column in zip(rows[stands], columns[stands], strict=True)
    ][:_MOST_PEAKS]


def _turned(waves: NDArray[np.complexfloating]) -> float:
    """Returns 0 for three waves that rise and fall together or against each other, 1 for thirds of a turn."""
    spread = np.linalg.svd(np.stack([waves.real, waves.imag]), compute_uv=False)
    return float(spread[1] / max(spread[0], 1e-9))


def _apart(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Places between two peaks of spectra of real values, which are periodic."""
    best = np.inf
    for sign in (1, -1):
        down = (one[0] - sign * other[0] + _HALF) % SIDE - _HALF
        across = (one[1] - sign * other[1] + _HALF) % SIDE - _HALF
        best = min(best, float(np.hypot(down, across)))
    return best


def _waves(peaks: list[_Peak]) -> list[Wave]:
    """Joins peaks of neighbouring tiles that lie close to each other, one of each tile."""
    by_tile: dict[tuple[tuple[int, int], bool], list[_Peak]] = {}
    for peak in peaks:
        by_tile.setdefault((peak.tile, peak.colour), []).append(peak)
    left = dict.fromkeys(sorted(peaks, key=lambda p: (-p.power, p.tile, p.place)))
    waves = []
    while left:
        first = next(iter(left))
        family = {first.tile: first}
        edge = [first]
        while edge:
            peak = edge.pop(0)
            for down in (-1, 0, 1):
                for across in (-1, 0, 1):
                    tile = (peak.tile[0] + down, peak.tile[1] + across)
                    if tile in family:
                        continue
                    near = [
                        other
                        for other in by_tile.get((tile, peak.colour), [])
                        if other in left and _apart(peak.place, other.place) <= _MOVES
                    ]
                    if near:
                        family[tile] = min(near, key=lambda p: _apart(peak.place, p.place))
                        edge.append(family[tile])
        for peak in family.values():
            del left[peak]
        if len(family) >= 3:
            waves.append(_wave(tuple(family.values())))
    return waves


def _wave(family: tuple[_Peak, ...]) -> Wave:
    places = np.array([peak.place for peak in family], float)
    first = places[0]
    # A peak and the one opposite are the same: each is taken on the side of the first.
    ahead = np.where((places @ first < 0)[:, None], -places, places)
    middle = np.median(ahead, axis=0)
    return Wave(
        tiles=tuple(sorted(peak.tile for peak in family)),
        period=SIDE / max(1.0, float(np.hypot(*middle))),
        direction=float(np.degrees(np.arctan2(middle[0], middle[1])) % 180),
        turned=float(np.median([peak.turned for peak in family])),
        power=float(np.median([peak.power for peak in family])),
        colour=family[0].colour,
        moves=float(np.ptp(ahead, axis=0).max()),
        best=max(family, key=lambda peak: peak.power).tile,
    )
