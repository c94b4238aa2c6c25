"""Where the first samples of a track stand, by its tables."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from forensics.inside.window import Window
from forensics.model import Box

MAX_SAMPLES: Final = 500
_TABLE: Final = 1 << 20
"""Bytes read of one table."""


def _table(window: Window, track: Box, name: str) -> bytes:
    box = track.find(f"mdia/minf/stbl/{name}")
    return window.read(box.offset + box.header, min(box.size - box.header, _TABLE)) if box else b""


def _rows(data: bytes, form: str, at: int = 8) -> list[tuple[int, ...]]:
    width = struct.calcsize(form)
    stated = int.from_bytes(data[at - 4 : at], "big")
    count = min(stated, (len(data) - at) // width) if len(data) >= at else 0
    return [struct.unpack_from(form, data, at + i * width) for i in range(count)]


def durations(window: Window, track: Box) -> Iterator[int]:
    """Yields the ticks that each sample lasts (ISO/IEC 14496-12 section 8.6.1.2)."""
    for count, lasts in _rows(_table(window, track, "stts"), ">II"):
        for _ in range(min(count, MAX_SAMPLES)):
            yield lasts


def _sizes(window: Window, track: Box) -> list[int]:
    data = _table(window, track, "stsz")
    if len(data) < 12:
        return []
    same, count = struct.unpack_from(">II", data, 4)
    if same:
        return [same] * min(count, MAX_SAMPLES)
    return [size for (size,) in _rows(data, ">I", 12)[:MAX_SAMPLES]]


def samples(window: Window, track: Box) -> Iterator[tuple[int, int]]:
    """Yields where each sample stands and how long it is (ISO/IEC 14496-12 sections 8.7.3 to 8.7.5)."""
    sizes = iter(_sizes(window, track))
    wide = _rows(_table(window, track, "co64"), ">Q")
    chunks = wide or _rows(_table(window, track, "stco"), ">I")
    runs = _rows(_table(window, track, "stsc"), ">III")
    per = 1
    for number, (at,) in enumerate(chunks[:MAX_SAMPLES], 1):
        while runs and runs[0][0] <= number:
            per = runs.pop(0)[1]
        place = at
        for _ in range(min(per, MAX_SAMPLES)):
            size = next(sizes, None)
            if size is None:
                return
            yield place, size
            place += size
