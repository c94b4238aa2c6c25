"""Lines along which two sounds may agree: one known asset, one speed, one pitch, one offset.

The sound in hand is read at a grid of speeds and pitches, and every code looked up. Each pair votes, part
by part of the sound in hand; the lines with most votes are looked at, and the promising ones are drawn
exactly, on the levels, by trying nearby speeds, pitches and offsets.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from forensics.index.postings import Postings, look_up
from forensics.signatures.sound import (
    FRAMES,
    MARGIN,
    PER_OCTAVE,
    ROWS,
    STEADY,
    Levels,
    Reading,
    read,
)

_TEMPI = tuple(1.04**k for k in range(-8, 9))
_PITCHES = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""In bands: a twenty-fourth of an octave, 2.9 %."""
_SPEEDS = tuple(1.02**k for k in range(-14, 15))
"""Speed and pitch changed together, as by playing at another rate."""
_HALF = ROWS // 2
"""Rows between codes of the sound in hand, which is read twice as densely as the known."""
_PART = 12 * FRAMES // _HALF
"""Codes of the sound in hand that vote together; parts overlap by half."""
_FLIPS = 3
"""Least certain bits of a key that are tried both ways."""
_BIN = 4
"""Votes are counted for windows of offsets two bins wide; in codes of the sound in hand."""
_LEAST_VOTES = 2
_EACH, _LINES = 3, 60
"""Lines that are looked at for each part: of one asset, and of all."""
_CERTAIN = 16.0
"""Half decibels from which on a bit counts in full."""
_GOOD = 4 * FRAMES // ROWS
"""Known codes over which a line must be promising: 4 s."""
_STRETCH, _FULL = 60 * FRAMES, 10
"""Rows that are looked up at once, and stretches on which every speed and pitch is tried."""
_PROMISING = 0.40
"""Mean agreement over a stretch, from -1 to 1 with 0 for chance, below which a line is dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Which known code stands at each moment of the sound in hand.

    Attributes:
        asset: Number of the asset in the postings.
        tempo: How many times as fast the sound in hand is played.
        pitch: By how many bands it is higher.
        offset: Place, between codes, of what is heard at restored time 0.
    """

    asset: int
    tempo: float
    pitch: float
    offset: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """What lies along a line, one value for each known code.

    Attributes:
        first: Place of the first.
        agreement: From -1 to 1, 0 for chance, shape (n,).
        telling: Whether both sides say something, shape (n,).
        steady: Whether the sound in hand is steady there, as noise is, shape (n,).
    """

    first: int
    agreement: NDArray[np.float32]
    telling: NDArray[np.bool_]
    steady: NDArray[np.bool_]


def variants() -> list[tuple[float, float]]:
    """Returns the (tempo, pitch) at which the sound in hand is read."""
    grid = list(product(_TEMPI, _PITCHES))
    for speed in _SPEEDS:
        pitch = PER_OCTAVE * math.log2(speed)
        if max(_PITCHES) + 0.5 < abs(pitch) <= MARGIN:
            grid.append((speed, pitch))
    return grid


def lines(heard: Levels, known: Postings, without: int | None) -> Iterator[tuple[Line, slice]]:
    """Yields promising lines with the known places that they were found by, most votes first.

    Args:
        heard: Levels of the sound in hand.
        known: What is known.
        without: Number of an asset that is left out.
    """
    for first, full in _stretches(len(heard)):
        grid = variants() if full else [(1.0, 0.0)]
        part = heard[first : first + _STRETCH + _PART * _HALF // 2]
        if not read(part, _HALF).telling.any():
            continue
        readings = [read(part, _HALF, tempo=tempo, pitch=pitch) for tempo, pitch in grid]
        for variant, asset, rows, offset in _voted(readings, known, without):
            tempo, pitch = grid[variant]
            found = _glance(readings[variant], known, asset, rows, offset)
            if found is not None:
                lag, places = found
                start = lag / 2 - first * tempo / ROWS
                yield Line(asset=asset, tempo=tempo, pitch=pitch, offset=start), places


def _stretches(length: int) -> list[tuple[int, bool]]:
    """Returns where each minute begins, in rows, and whether every speed and pitch is tried on it.

    Of long sound, that is done for `_FULL` minutes, evenly spread; a line found there is followed through
    the whole.
    """
    starts = range(0, max(1, length), _STRETCH)
    apart = max(1, math.ceil(len(starts) / _FULL))
    return [(first, number % apart == 0) for number, first in enumerate(starts)]


def along(heard: Levels, known: Postings, line: Line, within: slice | None = None) -> Along:
    """Returns how well both sides agree along a line, within some known places or everywhere."""
    start, end = int(known.starts[line.asset]), int(known.starts[line.asset + 1])
    if within is not None:
        start, end = max(start, within.start), min(end, within.stop)
    first = max(start, math.ceil(line.offset))
    reading = read(
        heard,
        ROWS,
        tempo=line.tempo,
        pitch=line.pitch,
        start=ROWS * (first - line.offset),
        seconds=(end - first + FRAMES / ROWS) * ROWS / FRAMES,
    )
    count = max(0, min(end - first, len(reading.codes)))
    there = slice(first, first + count)
    return Along(
        first=first,
        agreement=agreement(reading.codes[:count], reading.strength[:count], known.codes[there]),
        telling=reading.telling[:count] & known.telling[there],
        steady=reading.strength[:count].mean(axis=1) < STEADY,
    )


def drawn(heard: Levels, known: Postings, rough: Line, places: slice) -> Line:
    """Returns the line near a rough one that agrees best over some known places."""
    for tempi, pitches, shifts in (
        ((-0.04, -0.02, 0.0, 0.02, 0.04), (-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0)),
        ((-0.01, 0.0, 0.01), (-0.5, 0.0, 0.5), (-0.5, 0.0, 0.5)),
    ):
        rough = _best(heard, known, rough, places, product(tempi, pitches, shifts))
    return rough


def settled(heard: Levels, known: Postings, line: Line, places: slice) -> Line:
    """Returns a drawn line, its speed told as finely as the length of some known places allows."""
    unit = 1 / max(1, places.stop - places.start)
    tempi = (-unit, -unit / 2, 0.0, unit / 2, unit)
    return _best(heard, known, line, places, product(tempi, (-0.25, 0.0, 0.25), (-0.25, 0.0, 0.25)))


def _best(
    heard: Levels,
    known: Postings,
    centre: Line,
    places: slice,
    changes: Iterable[tuple[float, float, float]],
) -> Line:
    """Returns the best of some lines, by change of tempo and pitch, and places to either side."""
    middle = (places.start + places.stop) / 2
    best, reached = centre, _over(heard, known, centre, places)
    for change, higher, shift in changes:
        # What is heard at the middle of the stretch stays there, but for the shift.
        line = replace(
            centre,
            tempo=centre.tempo * (1 + change),
            pitch=centre.pitch + higher,
            offset=middle - (middle - centre.offset) * (1 + change) + shift,
        )
        if abs(line.pitch) <= MARGIN:
            value = _over(heard, known, line, places)
            if value > reached:
                best, reached = line, value
    return best


def agreement(
    codes: NDArray[np.uint32], strength: NDArray[np.float32], others: NDArray[np.uint32]
) -> NDArray[np.float32]:
    """Returns 1 where all bits agree, -1 where none does; uncertain bits count for less."""
    differ = np.unpackbits((codes ^ others).astype(">u4").view(np.uint8).reshape(-1, 4), axis=1)
    weight = np.minimum(strength, _CERTAIN)
    wrong = (weight * differ).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-3)
    agree: NDArray[np.float32] = (1 - 2 * wrong).astype(np.float32)
    return agree


def _over(heard: Levels, known: Postings, line: Line, places: slice) -> float:
    seen = along(heard, known, line, places)
    # The whole stretch divides: a line that runs out of the sound gains nothing by it.
    return float((seen.agreement * seen.telling).sum() / max(1, places.stop - places.start))


def _voted(
    readings: list[Reading], known: Postings, without: int | None
) -> list[tuple[int, int, slice, int]]:
    """Returns (variant, asset, codes of a part, lowest offset) of the lines with most votes."""
    cells: list[NDArray[np.int64]] = []
    for variant, reading in enumerate(readings):
        row, place = _pairs(reading, known)
        if without is not None:
            other = (place < known.starts[without]) | (place >= known.starts[without + 1])
            row, place = row[other], place[other]
        if len(row):
            cells.append(_counted(variant, row, 2 * place - row))
    table = np.concatenate(cells) if cells else np.zeros((0, 4), np.int64)
    votes, variant, part, window = table.T
    # Any place of the window tells the asset, save at the seam of two.
    middle = (window + 1) * _BIN + (2 * part + 1) * _PART // 4
    asset = np.clip(
        np.searchsorted(known.starts, middle // 2, "right") - 1, 0, len(known.assets) - 1
    )
    order = np.lexsort((window, variant, asset, -votes, part))
    taken: dict[int, int] = {}
    taken_of: dict[tuple[int, int], int] = {}
    chosen: list[tuple[int, int, int, slice, int]] = []
    for i in order.tolist():
        here, whose = int(part[i]), int(asset[i])
        if taken.get(here, 0) >= _LINES or taken_of.get((here, whose), 0) >= _EACH:
            continue
        taken[here] = taken.get(here, 0) + 1
        taken_of[here, whose] = taken_of.get((here, whose), 0) + 1
        rows = slice(here * _PART // 2, here * _PART // 2 + _PART)
        chosen.append((int(votes[i]), int(variant[i]), whose, rows, int(window[i]) * _BIN))
    chosen.sort(key=lambda line: (-line[0], line[1:3], line[3].start, line[4]))
    return [line[1:] for line in chosen]


def _pairs(reading: Reading, known: Postings) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Returns (code of the sound in hand, place) of every pair with equal keys, flips included."""
    rows = np.flatnonzero(reading.telling)
    weakest = np.argsort(reading.strength[rows, : known.key_bits], axis=1, kind="stable")[
        :, :_FLIPS
    ]
    flips = np.uint32(1) << (31 - weakest).astype(np.uint32)
    probes = reading.codes[rows][:, None]
    for bit in range(_FLIPS):
        probes = np.concatenate([probes, probes ^ flips[:, bit : bit + 1]], axis=1)
    at, place = look_up(known, probes.ravel())
    return rows[at // (1 << _FLIPS)], place


def _counted(variant: int, row: NDArray[np.int64], offset: NDArray[np.int64]) -> NDArray[np.int64]:
    """Returns (votes, variant, part, window) of every window with enough votes of distinct codes."""
    half = row // (_PART // 2)
    bins = offset // _BIN
    low = int(bins.min()) - 1
    span = int(bins.max()) - low + 1
    limit = int(row.max()) + 1
    keys = np.concatenate(
        [
            ((part * span + (window - low)) * limit + row)[part >= 0]
            for part in (half, half - 1)
            for window in (bins, bins - 1)
        ]
    )
    keys.sort()
    distinct = keys[np.diff(keys, prepend=-1) > 0] // limit
    edges = np.flatnonzero(np.diff(distinct, prepend=-1, append=-1))
    cells, votes = distinct[edges[:-1]], np.diff(edges)
    enough = votes >= _LEAST_VOTES
    cells, votes = cells[enough], votes[enough]
    return np.stack(
        [votes, np.full(len(votes), variant), cells // span, cells % span + low], axis=1
    ).astype(np.int64)


def _glance(
    reading: Reading, known: Postings, asset: int, rows: slice, offset: int
) -> tuple[int, slice] | None:
    """Returns the best offset of a window, twice the known codes, and the places where it is good."""
    start, end = int(known.starts[asset]), int(known.starts[asset + 1])
    best: tuple[float, int, slice] | None = None
    for lag in range(offset, offset + 2 * _BIN):
        row = np.arange(max(rows.start, 2 * start - lag), min(rows.stop, len(reading.codes)))
        row = row[(row + lag) % 2 == 0]
        place = (row + lag) // 2
        row, place = row[place < end], place[place < end]
        if len(row) < _GOOD // 2:
            continue
        agree = agreement(reading.codes[row], reading.strength[row], known.codes[place])
        agree = agree * (reading.telling[row] & known.telling[place])
        width = min(_GOOD, len(agree))
        means = np.convolve(agree, np.ones(width, np.float32) / width, "valid")
        peak = int(means.argmax())
        if best is None or means[peak] > best[0]:
            low = int(place[peak])
            best = (float(means[peak]), lag, slice(low, low + width))
    return None if best is None or best[0] < _PROMISING else best[1:]
