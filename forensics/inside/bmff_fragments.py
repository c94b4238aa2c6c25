"""How long a fragmented movie is, by its fragments (ISO/IEC 14496-12:2022 sections 8.8.7, 8.8.8, 8.8.12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.model import Box, Part

MAX_BOXES: Final = 100_000
MAX_FRAGMENT: Final = 1 << 20
"""Bytes read of one fragment."""
MAX_FRAGMENTS: Final = 32 << 20
"""Bytes read of all fragments together."""
MAX_TRACKS: Final = 64
_BASE, _INDEX, _LASTS = 0x1, 0x2, 0x8


def read_lengths(window: Window, root: Box) -> Iterator[Part]:
    """Yields "track" for each track in fragments, with the ticks at which its last sample ends.

    Args:
        window: The file.
        root: Its boxes, for timescales and for what samples last by default.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    scales, usual = _scales(root), _usual(window, root)
    ends: dict[int, int] = {}
    for fragment in _fragments(window):
        for kind, at, end in _boxes(fragment, 8, len(fragment)):
            if kind == b"traf":
                _track(fragment, at, end, usual, ends)
    for track, ticks in sorted(ends.items()):
        scale = scales.get(track, 0)
        said = f"its last sample ends at {ticks / scale:.3f} s" if scale else f"{ticks} ticks"
        yield part(window, "track", track, meaning=said)


def _scales(root: Box) -> dict[int, int]:
    found = {}
    for path, box in root.walk():
        header, media = box.find("tkhd"), box.find("mdia/mdhd")
        if path == "moov/trak" and header is not None and media is not None:
            found[int(header.fields.get("track", 0))] = int(media.fields.get("timescale", 0))
    return found


def _usual(window: Window, root: Box) -> dict[int, int]:
    found = {}
    for path, box in root.walk():
        if path == "moov/mvex/trex":
            data = window.read(box.offset + box.header, 16)
            if len(data) == 16:
                track, _, lasts = struct.unpack_from(">III", data, 4)
                found[track] = lasts
    return found


def _fragments(window: Window) -> Iterator[bytes]:
    at, left = 0, MAX_FRAGMENTS
    for _ in range(MAX_BOXES):
        head = window.read(at, 16)
        if len(head) < 8:
            return
        size, kind = struct.unpack_from(">I4s", head)
        if size == 1 and len(head) == 16:
            (size,) = struct.unpack_from(">Q", head, 8)
        if size < 8:
            return
        if kind == b"moof" and left > 0:
            left -= min(size, MAX_FRAGMENT)
            yield window.read(at, min(size, MAX_FRAGMENT))
        at += size


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, first byte of the payload and end of each box that lies whole in a stretch."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < 8 or at + size > end:
            return
        yield kind, at + 8, at + size
        at += size


def _track(data: bytes, at: int, end: int, usual: dict[int, int], ends: dict[int, int]) -> None:
    track = lasts = 0
    ticks: int | None = None
    for kind, start, stop in _boxes(data, at, end):
        try:
            if kind == b"tfhd":
                flags, track = struct.unpack_from(">II", data, start)
                lasts = usual.get(track, 0)
                place = start + 8 + 8 * bool(flags & _BASE) + 4 * bool(flags & _INDEX)
                if flags & _LASTS:
                    (lasts,) = struct.unpack_from(">I", data, place)
            elif kind == b"tfdt":
                (ticks,) = struct.unpack_from(">Q" if data[start] else ">I", data, start + 4)
            elif kind == b"trun":
                ticks = (ends.get(track, 0) if ticks is None else ticks) + _run(
                    data, start, stop, lasts
                )
        except struct.error:
            return
    if ticks is not None and (track in ends or len(ends) < MAX_TRACKS):
        ends[track] = max(ends.get(track, 0), ticks)


def _run(data: bytes, start: int, stop: int, lasts: int) -> int:
    """Ticks that the samples of a run last together."""
    flags, count = struct.unpack_from(">II", data, start)
    if not flags & 0x100:
        return int(count) * lasts
    place = start + 8 + 4 * bool(flags & 1) + 4 * bool(flags & 4)
    width = 4 * (flags >> 8 & 0xF).bit_count()
    full = max(0, min(count, (stop - place) // width))
    return sum(int(struct.unpack_from(">I", data, place + i * width)[0]) for i in range(full))
