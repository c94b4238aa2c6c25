"""Codes of sound: 32 bits for each eighth of a second, by which the same recording is found again.

Sound is reduced to levels, in half decibels, of 104 bands of a twenty-fourth of an octave, 32 times a
second. A code looks at 1 s of them: how the differences between nine broad neighbouring bands rise and
fall, told by the signs of eight differences under four shapes in time. Volume cancels out, and so does
whatever colours the whole recording alike. After J. Haitsma and T. Kalker, "A Highly Robust Audio
Fingerprinting System" (ISMIR 2002), whose codes are signs of differences too, and the description of
Chromaprint (L. Lalinsky, 2011); the broader bands and longer shapes are chosen by
`bench/copies_sound.py`.

Speed and pitch are undone on the levels: they are read at other times and in shifted bands, so that the
sound is transformed once and only once. All arithmetic after the levels is on whole numbers, which
single precision holds exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.index.postings import unpacked

SCHEME = "sound/1"
RATE = 8000
"""Samples a second of the sound that levels are made of."""
HOP = 250
FRAMES = RATE // HOP
"""Rows of levels a second."""
WINDOW = 2048
PER_OCTAVE = 24
LOWEST = 187.5
"""Hertz of the first band."""
BANDS = 104
MARGIN = 10
"""Bands kept on each side so that sound played a third faster or slower can be read."""
_WIDE, _GROUPS = 9, 9
_PATCH = 32
_AROUND, _BLOCK = 64, 1 << 13
"""Rows around a block that are read with it, and rows that are coded at once, to bound memory."""
STEP = Fraction(1, 8)
"""Seconds between codes."""
ROWS = 4
"""Rows of levels between codes."""
REACH = Fraction((_PATCH - 1) * HOP + WINDOW, RATE)
"""Seconds of sound that one code looks at, from its own time on."""

_FULL = 240
"""Level of a sine at full scale."""
_RANGE = 70
"""Half decibels below the loudest band of the last and next half second at which all is silence."""
_SILENT = 60
"""Level of the loudest band (90 dB below full scale) under which nothing is heard."""
_BARE = 10
"""Bands within `_RANGE` of the loudest that there must be; a bare tone has fewer."""
STEADY, _STILL, _EVEN = 6.0, 2.0, 5.0
"""Mean strength of a code's differences under which the sound is steady: noise, applause, rain; under which
it stands still, as hum does, and says nothing, where the level of all bands also deviates by less than the
third. All in half decibels. Chance makes each noise differ from every other, if little:
`forensics.copies.sound` asks for more where sound is steady."""

Sound = NDArray[np.float32]
Levels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundCodes:
    """The codes of one sound track.

    Attributes:
        scheme: Name and version; only equal schemes compare.
        step: Seconds from one code to the next; the first stands at 0 and looks `REACH` ahead.
        codes: 4 bytes a code, little-endian.
        plain: One bit a code, first highest, filled up with ones: set where the sound is silent, stands
            still or is a bare tone, and says nothing of where it is from.
    """

    scheme: str
    step: Fraction
    codes: bytes
    plain: bytes

    def array(self) -> NDArray[np.uint32]:
        """Returns the codes as numbers, shape (n,)."""
        return unpacked(self.codes, self.plain)[0]

    def telling(self) -> NDArray[np.bool_]:
        """Returns which codes say something, shape (n,)."""
        return unpacked(self.codes, self.plain)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Levels read at one speed and pitch, with the strength behind each bit.

    Attributes:
        codes: Shape (n,).
        strength: How far each bit is from turning over, half decibels, shape (n, 32), first bit highest.
        telling: Which codes say something, shape (n,).
    """

    codes: NDArray[np.uint32]
    strength: NDArray[np.float32]
    telling: NDArray[np.bool_]


def fingerprint(samples: Sound) -> SoundCodes:
    """Returns the codes of mono sound at `RATE`, ±1 at full scale; shorter than `REACH`: no codes."""
    return encode(levels([samples]))


def levels(blocks: Iterable[Sound]) -> Levels:
    """Returns the levels of mono sound at `RATE` given in blocks of any lengths, shape (rows, BANDS)."""
    parts = list(_levels(blocks))
    return np.concatenate(parts) if parts else np.zeros((0, BANDS), np.uint8)


def encode(heard: Levels) -> SoundCodes:
    """Returns the codes of levels as they are: what the ledger keeps."""
    reading = read(heard, ROWS)
    return SoundCodes(
        scheme=SCHEME,
        step=STEP,
        codes=reading.codes.astype("<u4").tobytes(),
        plain=(~np.packbits(reading.telling)).astype(np.uint8).tobytes(),
    )


def read(
    heard: Levels, rows: int, *, tempo: float = 1.0, pitch: float = 0.0, start: float = 0.0,
    seconds: float = math.inf,
) -> Reading:  # fmt: skip
    """Returns the codes that the sound had before it was played `tempo` times as fast.

    Args:
        heard: Levels, shape (n, BANDS).
        rows: Rows of restored levels between codes.
        tempo: How many times as fast it is now.
        pitch: By how many bands of `PER_OCTAVE` it is higher now, within ± `MARGIN`.
        start: Where to begin, in rows of restored levels.
        seconds: How much restored sound to read.
    """
    length = min(len(heard) * tempo - start, seconds * FRAMES)
    parts: list[tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.bool_]]] = []
    first = 0.0
    while not parts or length - first >= _PATCH:
        # The loudest moments around a row decide what counts as silence there: hence the margins.
        before = min(first, _AROUND)
        part = _read(
            _restored(
                heard,
                tempo,
                pitch,
                start + first - before,
                min(length - first, _BLOCK + _PATCH - rows + _AROUND) + before,
            ),
            rows,
        )
        skipped = int(before) // rows
        kept = slice(skipped, skipped + _BLOCK // rows)
        parts.append((part.codes[kept], part.strength[kept], part.telling[kept]))
        first += _BLOCK
    codes, strength, telling = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Reading(codes=codes, strength=strength, telling=telling)


def _read(loud: NDArray[np.float32], rows: int) -> Reading:
    """Returns the codes of restored levels."""
    count = (len(loud) - _PATCH) // rows + 1
    if count <= 0:
        return Reading(
            codes=np.zeros(0, np.uint32),
            strength=np.zeros((0, 32), np.float32),
            telling=np.zeros(0, bool),
        )
    peak = loud.max(axis=1)
    floor = _running_max(peak, _PATCH // 2) - 16 * _RANGE
    above = (loud > floor[:, None]).sum(axis=1)
    loud = np.maximum(loud, floor[:, None])
    groups = loud[:, : _WIDE * _GROUPS].reshape(len(loud), _GROUPS, _WIDE).sum(axis=2)
    differences = np.diff(groups, axis=1)
    patches = np.lib.stride_tricks.sliding_window_view(differences, _PATCH, axis=0)[::rows]
    shapes, norm = _shapes()
    values = (patches @ shapes).transpose(0, 2, 1).reshape(count, 32)
    strength = np.abs(values) / (norm * 16 * _WIDE)
    bits = np.packbits(values > 0, axis=1)
    windows = np.lib.stride_tricks.sliding_window_view
    quiet = windows(peak, _PATCH)[::rows].max(axis=1) < 16 * _SILENT
    bare = np.median(windows(above, _PATCH)[::rows], axis=1) < _BARE
    still = strength.mean(axis=1) < _STILL
    still &= windows(loud.mean(axis=1), _PATCH)[::rows].std(axis=1) < 16 * _EVEN
    return Reading(
        codes=bits.view(">u4").ravel().astype(np.uint32),
        strength=strength.astype(np.float32),
        telling=~(quiet | bare | still),
    )


def _restored(
    heard: Levels, tempo: float, pitch: float, start: float, length: float
) -> NDArray[np.float32]:
    """Returns levels at 16 times the scale, read between rows and bands; shape (rows, coded bands)."""
    count = int(length)
    if count <= 0:
        return np.zeros((0, BANDS - 2 * MARGIN), np.float32)
    at = (np.arange(count) + start) / tempo
    row = at.astype(np.int64)
    part = np.rint(16 * (at - row)).astype(np.float32)[:, None]
    first, last = int(row[0]), min(int(row[-1]) + 2, len(heard))
    known = heard[first:last].astype(np.float32)
    row -= first
    after = np.minimum(row + 1, last - first - 1)
    shift = math.floor(pitch)
    near = round(16 * (pitch - shift))
    low = MARGIN + shift
    width = BANDS - 2 * MARGIN
    band = np.pad(known, ((0, 0), (1, 2)), mode="edge")[:, low + 1 :]
    known = band[:, :width] * (16 - near) + band[:, 1 : width + 1] * near
    restored: NDArray[np.float32] = np.floor((known[row] * (16 - part) + known[after] * part) / 16)
    return restored


def _levels(blocks: Iterable[Sound]) -> Iterator[Levels]:
    """Yields rows as they become known; keeps no more than a block and a window."""
    left = np.zeros(0, np.float32)
    for block in blocks:
        for start in range(0, len(block), 1 << 18):
            left = np.concatenate([left, block[start : start + (1 << 18)]])
            count = (len(left) - WINDOW) // HOP + 1
            if count > 0:
                yield _spectrum(left, count)
                left = left[count * HOP :]


def _spectrum(samples: Sound, count: int) -> Levels:
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP][:count]
    sound = np.nan_to_num(frames, nan=0.0, posinf=1.0, neginf=-1.0) * np.hanning(WINDOW + 1)[:-1]
    power = np.abs(np.fft.rfft(sound, axis=1)) ** 2
    energy = (_bank() @ power.T).T / (WINDOW**2 / 16)
    found: Levels = np.clip(np.rint(20 * np.log10(energy + 1e-12)) + _FULL, 0, 255).astype(np.uint8)
    return found


@lru_cache(maxsize=1)
def _bank() -> Any:
    """Returns the sparse (BANDS, bins) matrix of triangles, each at least one bin wide to each side."""
    # Only the worker makes levels; who compares codes need not wait for the import.
    from scipy.sparse import csr_array  # noqa: PLC0415 - slow to load

    centres = LOWEST * 2 ** (np.arange(BANDS) / PER_OCTAVE)
    width = np.maximum(centres * (2 ** (1 / PER_OCTAVE) - 1), RATE / WINDOW)
    bins = np.fft.rfftfreq(WINDOW, 1 / RATE)
    weights = np.maximum(0, 1 - np.abs(bins[None, :] - centres[:, None]) / width[:, None])
    return csr_array(weights / weights.sum(axis=1, keepdims=True))


@lru_cache(maxsize=1)
def _shapes() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Returns four shapes in time as whole numbers, shape (_PATCH, 4), and the norm of each bit."""
    wave = (np.arange(_PATCH) + 0.5) / _PATCH
    half = np.where(np.abs(wave - 0.5) < 0.25, np.sin(4 * np.pi * wave), 0)
    columns = [np.sin(2 * np.pi * wave), np.cos(2 * np.pi * wave), np.sin(4 * np.pi * wave), half]
    shapes = np.rint(12 * np.stack(columns, axis=1)).astype(np.float32)
    return shapes, np.repeat(np.sqrt((shapes**2).sum(axis=0)), _GROUPS - 1).astype(np.float32)


def _running_max(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    padded = np.pad(values, reach, mode="edge")
    highest: NDArray[np.float32] = np.lib.stride_tricks.sliding_window_view(
        padded, 2 * reach + 1
    ).max(axis=1)
    return highest
