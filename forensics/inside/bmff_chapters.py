"""Chapters that a movie keeps as the samples of a text track (QuickTime File Format, "Chapter lists")."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.media.boxtext import old_text
from forensics.model import Box, Part

MAX_CHAPTERS: Final = 500
_TABLE: Final = 1 << 20
"""Bytes read of one table."""


def read_chapters(window: Window, root: Box) -> Iterator[Part]:
    """Yields "chapters" for each track that others refer to as theirs.

    Args:
        window: The file.
        root: Its boxes.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    tracks = [box for path, box in root.walk() if path == "moov/trak"]
    wanted: set[str] = set()
    for track in tracks:
        reference = track.find("tref/chap")
        if reference is not None:
            wanted.update(str(reference.fields.get("tracks", "")).split(","))
    for track in tracks:
        header, handler = track.find("tkhd"), track.find("mdia/hdlr")
        if header is None or handler is None or str(header.fields.get("track")) not in wanted:
            continue
        if handler.fields.get("handler") not in ("text", "sbtl"):
            continue
        parts = tuple(_texts(window, track))
        yield part(
            window,
            "chapters",
            start=track.offset,
            size=track.size,
            meaning="chapters, as the samples of a text track",
            parts=parts,
        )


def _texts(window: Window, track: Box) -> Iterator[Part]:
    header = track.find("mdia/mdhd")
    scale = header.fields.get("timescale", 0) if header else 0
    ticks = 0
    for (at, size), lasts in zip(_samples(window, track), _durations(window, track), strict=False):
        data = window.read(at, min(size, 1 << 16))
        length = int.from_bytes(data[:2], "big")
        seconds = f"{ticks / scale:.3f} s" if isinstance(scale, int) and scale else f"{ticks} ticks"
        yield part(
            window,
            "chapter",
            old_text(data[2 : 2 + length], 0),
            start=at,
            size=size,
            meaning=f"from {seconds} on",
        )
        ticks += lasts


def _table(window: Window, track: Box, name: str) -> bytes:
    box = track.find(f"mdia/minf/stbl/{name}")
    return window.read(box.offset + box.header, min(box.size - box.header, _TABLE)) if box else b""


def _rows(data: bytes, form: str, at: int = 8) -> list[tuple[int, ...]]:
    width = struct.calcsize(form)
    stated = int.from_bytes(data[at - 4 : at], "big")
    count = min(stated, (len(data) - at) // width) if len(data) >= at else 0
    return [struct.unpack_from(form, data, at + i * width) for i in range(count)]


def _durations(window: Window, track: Box) -> Iterator[int]:
    for count, lasts in _rows(_table(window, track, "stts"), ">II"):
        for _ in range(min(count, MAX_CHAPTERS)):
            yield lasts


def _sizes(window: Window, track: Box) -> list[int]:
    data = _table(window, track, "stsz")
    if len(data) < 12:
        return []
    same, count = struct.unpack_from(">II", data, 4)
    if same:
        return [same] * min(count, MAX_CHAPTERS)
    return [size for (size,) in _rows(data, ">I", 12)[:MAX_CHAPTERS]]


def _samples(window: Window, track: Box) -> Iterator[tuple[int, int]]:
    """Where each sample stands and how long it is (ISO/IEC 14496-12 sections 8.7.4, 8.7.5)."""
    sizes = iter(_sizes(window, track))
    wide = _rows(_table(window, track, "co64"), ">Q")
    chunks = wide or _rows(_table(window, track, "stco"), ">I")
    runs = _rows(_table(window, track, "stsc"), ">III")
    per = 1
    for number, (at,) in enumerate(chunks[:MAX_CHAPTERS], 1):
        while runs and runs[0][0] <= number:
            per = runs.pop(0)[1]
        place = at
        for _ in range(min(per, MAX_CHAPTERS)):
            size = next(sizes, None)
            if size is None:
                return
            yield place, size
            place += size
