"""Reads the samples of a plain MP4 file, so that they can be written again in another container."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One track as its decoder needs it.

    Attributes:
        kind: `vide` or `soun`.
        timescale: Ticks per second.
        entry: The sample entry (`avc1`, `mp4a`) with its boxes.
        samples: Coded samples in decoding order.
        ticks: Duration of each sample.
        keys: Numbers, from 1, of samples that decode alone; empty when all do.
        size: Width and height in pixels; zero for sound.
    """

    kind: str
    timescale: int
    entry: bytes
    samples: tuple[bytes, ...]
    ticks: tuple[int, ...]
    keys: tuple[int, ...]
    size: tuple[int, int]


def boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Walk the boxes of one level: ISO/IEC 14496-12, 4.2.

    Raises:
        ValueError: A box says it is shorter than its own header, or longer than the data.
    """
    at = 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        if size < head or at + size > len(data):
            raise ValueError(f"box {name!r} at {at}: size {size} does not fit {len(data)} bytes")
        yield name.decode("latin-1"), data[at + head : at + size]
        at += size


def find(data: bytes, path: str) -> bytes:
    """Give the first box on a path such as `mdia/minf/stbl`.

    Raises:
        KeyError: There is none.
    """
    for step in path.split("/"):
        for name, body in boxes(data):
            if name == step:
                data = body
                break
        else:
            raise KeyError(f"no box {step} on the path {path}")
    return data


def read(path: Path) -> tuple[Track, ...]:
    """Read every track of an MP4 file that is not fragmented."""
    data = path.read_bytes()
    return tuple(_track(data, body) for name, body in boxes(find(data, "moov")) if name == "trak")


def _track(data: bytes, trak: bytes) -> Track:
    table = find(trak, "mdia/minf/stbl")
    sizes = _sizes(find(table, "stsz"))
    ticks = [t for n, t in _pairs(find(table, "stts")) for _ in range(n)]
    try:
        sync = find(table, "stss")
        keys = struct.unpack_from(f">{struct.unpack_from('>I', sync, 4)[0]}I", sync, 8)
    except KeyError:
        keys = ()
    tkhd = find(trak, "tkhd")
    width, height = struct.unpack_from(">II", tkhd, len(tkhd) - 8)
    return Track(
        kind=find(trak, "mdia/hdlr")[8:12].decode("ascii"),
        timescale=struct.unpack_from(">I", find(trak, "mdia/mdhd"), 12)[0],
        entry=find(table, "stsd")[8:],
        samples=tuple(data[o : o + n] for o, n in zip(_offsets(table, sizes), sizes, strict=True)),
        ticks=tuple(ticks),
        keys=keys,
        size=(width >> 16, height >> 16),
    )


def _sizes(stsz: bytes) -> list[int]:
    one, count = struct.unpack_from(">II", stsz, 4)
    return [one] * count if one else list(struct.unpack_from(f">{count}I", stsz, 12))


def _pairs(stts: bytes) -> list[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", stts, 4)
    return [struct.unpack_from(">II", stts, 8 + 8 * k) for k in range(count)]


def _offsets(table: bytes, sizes: list[int]) -> list[int]:
    """Work out where each sample lies, from chunks and samples per chunk."""
    stco, stsc = find(table, "stco"), find(table, "stsc")
    (count,) = struct.unpack_from(">I", stco, 4)
    chunks = struct.unpack_from(f">{count}I", stco, 8)
    (runs,) = struct.unpack_from(">I", stsc, 4)
    firsts = [struct.unpack_from(">III", stsc, 8 + 12 * k) for k in range(runs)]
    offsets: list[int] = []
    for k, start in enumerate(chunks, start=1):
        at = start
        per_chunk = next(n for first, n, _ in reversed(firsts) if first <= k)
        for _ in range(per_chunk):
            offsets.append(at)
            at += sizes[len(offsets) - 1]
    return offsets
