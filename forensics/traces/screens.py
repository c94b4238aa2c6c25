"""What in a picture's waves, and in how a video's brightness runs, is as of a filmed screen.

Bands that roll through a video come of a light that flickers while the sensor is read row by row: a screen's
backlight, and lamps on the mains as well. They run in one direction at one pace, in the left of the picture
as in the right, and know nothing of what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forensics.traces.moire import SIDE, Box, Looked, Wave

Floats = NDArray[np.floating]

TURNED: Final = 0.5
"""How far the colours of a screen's wave are from rising and falling together, at least."""
FINEST: Final = 4.5
"""Pixels of the shortest period whose colours are trusted: sensors see each colour in every other place."""
FEWEST: Final = 12
"""Tiles in which a screen's wave is found, at least."""
PART: Final = 0.08
"""Share of all tiles in which a screen's wave is found, at least."""
THROUGHOUT: Final = 0.5
"""Share of all tiles in which each of two waves is found, if a regular pattern is to be told of."""
WEAK: Final = 20.0
"""A wave of so much less power than the strongest may be what the sensor's colours make of that one."""
ASIDE: Final = 20.0
"""Degrees by which the directions of two waves differ, at least."""

PICTURES: Final = 64
"""Pictures one after the other in which rolling bands are looked for."""
FEWEST_PICTURES: Final = 48
_SLOWEST: Final = 3
"""Places of the spectrum of time: rounds that the bands make within the pictures, at least."""
_MOST_BANDS: Final = 4
_SHARE: Final = 0.35
"""Share that the bands have in all that changes in time, at least."""
_ONE_WAY: Final = 5.0
"""Power of the bands by that of bands in the other direction, at least."""
_PHASE: Final = 0.8
"""How well left, middle and right agree on where the bands are, 0 to 1, at least."""
_WEAKEST: Final = 0.004
"""Amplitude of the brightness's logarithm, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Bands of brightness that roll through a video.

    Attributes:
        high: How many lie in the picture's height.
        rounds: How often a place becomes brighter and darker within the pictures looked at.
        upwards: They run upwards.
        depth: Their amplitude, as a share of the brightness.
    """

    high: int
    rounds: int
    upwards: bool
    depth: float


def raster(looked: Looked) -> tuple[Wave, ...]:
    """Returns the waves that are as of a screen's stripes of red, green and blue, the largest first.

    Those stripes run in one direction; cloth in squares of several colours has a wave across that is alike.
    """
    wide = [wave for wave in looked.waves if _large(wave, looked)]
    strongest = max((wave.power for wave in wide), default=0.0)
    turned = [
        wave
        for wave in wide
        if wave.turned >= TURNED and wave.period >= FINEST and wave.power * WEAK >= strongest
    ]
    return tuple(wave for wave in turned if not any(_squares(wave, other) for other in turned))


def throughout(looked: Looked) -> tuple[Wave, ...]:
    """Returns two waves of different directions that run through most of the picture, or none."""
    count = looked.rows * looked.columns
    wide = [wave for wave in looked.waves if len(wave.tiles) >= max(FEWEST, THROUGHOUT * count)]
    for wave in wide[1:]:
        apart = abs(wave.direction - wide[0].direction)
        if min(apart, 180 - apart) >= ASIDE:
            return wide[0], wave
    return ()


def around(waves: tuple[Wave, ...], looked: Looked) -> Box:
    """Returns the box around all tiles of some waves: x, y, width, height."""
    corners = np.array([looked.corners[tile] for wave in waves for tile in wave.tiles])
    left, top = (int(v) for v in corners.min(axis=0))
    right, bottom = (int(v) + SIDE for v in corners.max(axis=0))
    return left, top, right - left, bottom - top


def rolling(rows: Floats) -> Bands | None:
    """Returns the bands that roll through pictures one after the other, or None.

    Args:
        rows: Mean brightness of each row in the left, middle and right third of each picture, 0 to 255,
            shape (pictures, 3, rows).
    """
    count, _, height = rows.shape
    if count < FEWEST_PICTURES or height < 8 * _MOST_BANDS:
        return None
    logs = np.log(rows.astype(float) + 8.0)
    changing = logs - logs.mean(axis=0)
    changing -= changing.mean(axis=2, keepdims=True)
    window = np.hanning(count)[:, None, None] * np.hanning(height)[None, None, :]
    spectra = np.fft.fft2(changing * window, axes=(0, 2)).transpose(1, 0, 2)
    powers = np.abs(spectra) ** 2
    # Each wave stands twice in the spectrum of real values: the half of falling rows is enough.
    powers[:, :, height // 2 :] = 0
    wanted = powers.sum(axis=0)
    wanted[:_SLOWEST] = wanted[count - _SLOWEST + 1 :] = 0
    wanted[:, 0] = wanted[:, _MOST_BANDS + 1 :] = 0
    round_, high = (int(v) for v in np.unravel_index(int(wanted.argmax()), wanted.shape))
    if not wanted[round_, high] > 0:
        return None
    near = [(round_ + k) % count for k in (-1, 0, 1)]
    wide = slice(max(0, high - 1), high + 2)
    opposite = [-k % count for k in near]
    share = (powers[:, near, wide].sum(axis=(1, 2)) / powers[:, 1:].sum(axis=(1, 2))).min()
    one_way = (powers[:, near, wide].sum() + 1e-12) / (powers[:, opposite, wide].sum() + 1e-12)
    at = spectra[:, round_, high]
    agreed = abs((at / np.maximum(np.abs(at), 1e-12)).mean())
    depth = 2 * float(np.abs(at).mean()) / (window.sum())
    if share < _SHARE or one_way < _ONE_WAY or agreed < _PHASE or depth < _WEAKEST:
        return None
    upwards = round_ < count / 2
    return Bands(
        high=high, rounds=min(round_, count - round_), upwards=upwards, depth=round(depth, 4)
    )


def _squares(one: Wave, other: Wave) -> bool:
    """Whether two waves are across each other and alike otherwise."""
    across = abs(abs(one.direction - other.direction) - 90) < 8
    return (
        across
        and abs(np.log(one.period / other.period)) < 0.08
        and abs(np.log(one.power / other.power)) < np.log(4)
    )


def _large(wave: Wave, looked: Looked) -> bool:
    return len(wave.tiles) >= max(FEWEST, PART * looked.rows * looked.columns)
