"""Whose quantisation tables are these, and what quality do they stand for?

A JPEG encoder chooses its tables; the standard only gives examples (ITU-T T.81 annex K, tables K.1 and
K.2). The Independent JPEG Group's encoder scales those by a quality from 1 to 100 (jcparam.c); ffmpeg's
scales the default intra matrix of MPEG-1 (ISO/IEC 11172-2, 2.4.3.2); Photoshop and camera makers use tables
of their own. Which tables a file has says who saved it last, and nothing about earlier savings.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final, cast

from PIL.JpegPresets import presets

ZIGZAG: Final = (
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15,
    23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
)  # fmt: skip
"""Row-by-row place of each stored value (T.81 figure A.6)."""

LUMA: Final = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
"""T.81 table K.1, row by row."""

CHROMA: Final = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
    *([99] * 32),
)  # fmt: skip
"""T.81 table K.2, row by row."""

MOZJPEG: Final = (
    16, 16, 16, 18, 25, 37, 56, 85, 16, 17, 20, 27, 34, 40, 53, 75,
    16, 20, 24, 31, 43, 62, 91, 135, 18, 27, 31, 40, 53, 74, 106, 156,
    25, 34, 43, 53, 69, 94, 131, 189, 37, 40, 62, 74, 94, 124, 169, 238,
    56, 53, 91, 106, 131, 169, 226, 311, 85, 75, 135, 156, 189, 238, 311, 418,
)  # fmt: skip
"""N. Robidoux's table for ImageMagick, the default of mozjpeg for brightness and colour, row by row."""

MPEG1: Final = (
    8, 16, 19, 22, 26, 27, 29, 34, 16, 16, 22, 24, 27, 29, 34, 37,
    19, 22, 26, 27, 29, 34, 34, 38, 22, 22, 26, 27, 29, 34, 37, 40,
    22, 26, 27, 29, 32, 35, 40, 48, 26, 27, 29, 32, 35, 40, 48, 58,
    26, 27, 29, 34, 38, 46, 56, 69, 27, 29, 35, 38, 46, 56, 69, 83,
)  # fmt: skip
"""The default intra matrix of ISO/IEC 11172-2, row by row."""

NEAR: Final = 1
"""A table of which no value differs by more than this from an IJG table is called near it."""

Table = tuple[int, ...]


_BASES: Final = (("IJG luma", LUMA), ("IJG chroma", CHROMA), ("mozjpeg", MOZJPEG))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What one quantisation table is like.

    Attributes:
        quality: Quality (1 to 100) of the nearest scaled table.
        base: What that one is scaled from: "IJG luma" (K.1), "IJG chroma" (K.2) or "mozjpeg".
        far: Largest difference of one value; 0 where it is that table.
        family: Who else uses exactly this table, as a phrase; empty where nobody known does.
    """

    quality: int
    base: str
    far: int
    family: str = ""

    @property
    def exact(self) -> bool:
        """Whether all 64 values are equal."""
        return self.far == 0

    @property
    def sentence(self) -> str:
        """A phrase for a person."""
        own = f"; {self.family}" if self.family else ""
        if self.exact:
            return f"Equals the {self.base} table at quality {self.quality}{own}"
        if self.far <= NEAR:
            near = f"the {self.base} table at quality {self.quality}"
            return f"No value is more than {self.far} from {near}{own}"
        return (
            f"Not the IJG's nor mozjpeg's; on average as coarse as the {self.base} table at quality "
            f"{self.quality}{own}"
        )


def in_rows(stored: Sequence[int]) -> Table:
    """Returns 64 values in zigzag order row by row."""
    rows = [0] * 64
    for place, value in zip(ZIGZAG, stored, strict=True):
        rows[place] = value
    return tuple(rows)


def scaled(quality: int, base: Table = LUMA, most: int = 255) -> Table:
    """Returns `base` for a quality of 1 to 100 (IJG, jcparam.c: jpeg_quality_scaling)."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return tuple(min(most, max(1, (value * scale + 50) // 100)) for value in base)


def ffmpeg(scale: int) -> Table:
    """Returns the table that ffmpeg's mjpeg encoder makes of a quantiser scale (ff_convert_matrix)."""
    return (8, *(min(255, max(1, (value * scale) >> 3)) for value in MPEG1[1:]))


@lru_cache(maxsize=256)
def estimate(table: Table, *, chroma: bool = False) -> Estimate:
    """Says what one table of 64 values, row by row, is like.

    Args:
        table: The values.
        chroma: It is used for colour; of equal tables the one made for that is named.
    """
    family = family_of(table)
    wanted = "IJG chroma" if chroma else "IJG luma"
    if kinds := _exact().get(table):
        base = wanted if wanted in kinds else next(iter(kinds))
        return Estimate(quality=kinds[base], base=base, far=0, family=family)
    numbers = CHROMA if chroma else LUMA
    most = 255 if max(table) < 256 else 0xFFFF
    scales = [value / base for value, base in zip(table, numbers, strict=True)]
    share = sum(scales) / len(scales)
    about = round(100 - 50 * share) if share < 1 else round(50 / share)
    # The mean is off by a few steps where the table was rounded or limited otherwise.
    nearby = range(max(1, about - 3), min(100, about + 3) + 1)
    far, quality = min((max(map(_apart, table, scaled(q, numbers, most))), q) for q in nearby)
    if far > NEAR:
        quality = max(1, min(100, about))
        far = max(map(_apart, table, scaled(quality, numbers, most)))
    return Estimate(quality=quality, base=wanted, far=far, family=family)


def _apart(one: int, other: int) -> int:
    return abs(one - other)


@cache
def _exact() -> dict[Table, dict[str, int]]:
    """Every scaled table of 8-bit values: what it can be scaled from, with the highest quality for it."""
    found: dict[Table, dict[str, int]] = {}
    for name, base in _BASES:
        for quality in range(100, 0, -1):
            found.setdefault(scaled(quality, base), {}).setdefault(name, quality)
    return found


def digest(table: Table) -> str:
    """Returns the SHA-256 of 64 values, row by row, 16-bit big-endian: the name of a table."""
    return hashlib.sha256(b"".join(value.to_bytes(2, "big") for value in table)).hexdigest()


def family_of(table: Table) -> str:
    """Returns who is known to use exactly this table, as a phrase; empty where nobody is."""
    if scale := _ffmpeg().get(table):
        return f"equals the table of ffmpeg's JPEG encoder at scale {scale}"
    return _known().get(digest(table), "") or _presets().get(table, "")


@cache
def _ffmpeg() -> dict[Table, int]:
    return {ffmpeg(scale): scale for scale in range(31, 0, -1)}


@cache
def _presets() -> dict[Table, str]:
    """Photoshop's tables as published with Pillow (PIL.JpegPresets)."""
    found: dict[Table, str] = {}
    for name, preset in presets.items():
        for table in cast("dict[str, list[list[int]]]", preset)["quantization"]:
            setting = name.replace("_", " ").replace("web", "save for web")
            found.setdefault(tuple(table), f"equals a table of Photoshop ({setting})")
    return found


@cache
def _known() -> dict[str, str]:
    """Phrases by digest, from the table of what was measured."""
    text = resources.files("forensics.inside").joinpath("data/quantisation.toml").read_text("utf-8")
    return {entry["table"]: entry["says"] for entry in tomllib.loads(text)["known"]}
