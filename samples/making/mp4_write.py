"""Writes an MP4 file as a phone's recorder does: samples first, then the tables, then the tags.

The order of boxes and the names of the handlers follow what recorders on Android phones write.
Maker and model are invented, so that no product is accused of anything.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from making.mp4_read import Track, boxes

EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
MOVIE_SCALE = 1000
CHUNK_SECONDS = 0.5
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
HANDLERS = {"vide": b"VideoHandle\0", "soun": b"SoundHandle\0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """What the recorder states about itself.

    Attributes:
        make: Maker.
        model: Model.
        software: Version of the system software.
        created: When the recording began.
        local_time: The same, as the phone prints it with its offset.
        rate: Frames per second stated as the capture rate.
    """

    make: str
    model: str
    software: str
    created: datetime
    local_time: str
    rate: float


def write(tracks: tuple[Track, ...], phone: Phone) -> bytes:
    """Lay out a whole file: ftyp, mdat, moov.

    Args:
        tracks: Video and sound, as read from another file.
        phone: What to state.

    Returns:
        The bytes of the file.
    """
    head = box("ftyp", b"mp42" + struct.pack(">I", 0) + b"isommp42")
    payload, layout = _interleave(tracks, len(head) + 8)
    created = int((phone.created - EPOCH).total_seconds())
    seconds = max(sum(t.ticks) / t.timescale for t in tracks)
    mvhd = struct.pack(">IIIII", 0, created, created, MOVIE_SCALE, round(seconds * MOVIE_SCALE))
    mvhd += struct.pack(">IHxx8x", 0x10000, 0x100) + MATRIX + bytes(24)
    mvhd += struct.pack(">I", len(tracks) + 1)
    traks = [_trak(k + 1, t, layout[k], created) for k, t in enumerate(tracks)]
    moov = box("moov", box("mvhd", mvhd), _user_data(phone), _meta(phone), *traks)
    return head + box("mdat", payload) + moov


def box(name: str, *parts: bytes) -> bytes:
    """Wrap parts in a box with a 32-bit size."""
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name.encode("latin-1") + body


def _interleave(
    tracks: tuple[Track, ...], start: int
) -> tuple[bytes, tuple[list[tuple[int, int]], ...]]:
    """Order the samples in chunks of half a second, the tracks in turn.

    Returns:
        The payload of mdat, and for each track its chunks as (offset, number of samples).
    """
    groups = []
    for k, track in enumerate(tracks):
        clock, chunks = 0, dict[int, list[bytes]]()
        for data, ticks in zip(track.samples, track.ticks, strict=True):
            chunks.setdefault(int(clock / track.timescale / CHUNK_SECONDS), []).append(data)
            clock += ticks
        groups += [(slot, k, samples) for slot, samples in chunks.items()]
    layout = tuple(list[tuple[int, int]]() for _ in tracks)
    parts, at = list[bytes](), start
    for _, k, samples in sorted(groups, key=lambda g: g[:2]):
        layout[k].append((at, len(samples)))
        parts += samples
        at += sum(map(len, samples))
    return b"".join(parts), layout


def _trak(number: int, track: Track, chunks: list[tuple[int, int]], created: int) -> bytes:
    video = track.kind == "vide"
    ticks = sum(track.ticks)
    length = round(ticks / track.timescale * MOVIE_SCALE)
    tkhd = struct.pack(">IIIIII8x", 7, created, created, number, 0, length)
    tkhd += struct.pack(">hhHxx", 0, 0, 0 if video else 0x100) + MATRIX
    tkhd += struct.pack(">II", track.size[0] << 16, track.size[1] << 16)
    mdhd = struct.pack(">IIIIIHH", 0, created, created, track.timescale, ticks, 0x15C7, 0)
    hdlr = struct.pack(">II", 0, 0) + track.kind.encode("ascii") + bytes(12) + HANDLERS[track.kind]
    media = box("vmhd", struct.pack(">I8x", 1)) if video else box("smhd", bytes(8))
    dinf = box("dinf", box("dref", struct.pack(">II", 0, 1), box("url ", struct.pack(">I", 1))))
    minf = box("minf", media, dinf, _table(track, chunks))
    return box("trak", box("tkhd", tkhd), box("mdia", box("mdhd", mdhd), box("hdlr", hdlr), minf))


def _table(track: Track, chunks: list[tuple[int, int]]) -> bytes:
    runs = [(len(list(same)), value) for value, same in groupby(track.ticks)]
    changes = [(k + 1, n) for k, (_, n) in enumerate(chunks) if k == 0 or chunks[k - 1][1] != n]
    sizes = [len(s) for s in track.samples]
    parts = [
        box("stsd", struct.pack(">II", 0, 1), _entry(track)),
        _list("stts", [v for run in runs for v in run], 2),
    ]
    if track.keys:
        parts.append(_list("stss", list(track.keys), 1))
    parts.append(box("stsz", struct.pack(f">III{len(sizes)}I", 0, 0, len(sizes), *sizes)))
    parts.append(_list("stsc", [v for first, n in changes for v in (first, n, 1)], 3))
    parts.append(_list("stco", [offset for offset, _ in chunks], 1))
    return box("stbl", *parts)


def _list(name: str, values: list[int], width: int) -> bytes:
    """Write a full box that is a count and rows of 32-bit numbers."""
    return box(name, struct.pack(f">II{len(values)}I", 0, len(values) // width, *values))


def _entry(track: Track) -> bytes:
    """Write the sample entry again, without what only an encoder on a computer puts there."""
    ((name, body),) = boxes(track.entry)
    fixed = 78 if track.kind == "vide" else 28
    head = bytearray(body[:fixed])
    if track.kind == "vide":
        # The name of the compressor, a Pascal string of 32 bytes: recorders leave it empty.
        head[42:74] = bytes(32)
    kept = [box(n, b) for n, b in boxes(body[fixed:]) if n in ("avcC", "colr", "pasp", "esds")]
    return box(name, bytes(head), *kept)


def _user_data(phone: Phone) -> bytes:
    """Write QuickTime's user data: maker, model, software, day."""
    tags = (
        ("\xa9mak", phone.make),
        ("\xa9mod", phone.model),
        ("\xa9swr", phone.software),
        ("\xa9day", phone.local_time),
    )
    texts = [(name, text.encode("utf-8")) for name, text in tags]
    return box("udta", *(box(n, struct.pack(">HH", len(t), 0x15C7), t) for n, t in texts))


def _meta(phone: Phone) -> bytes:
    """Write the key and value list that recorders on Android phones write beside it."""
    items = (
        (b"com.android.version", 1, b"14"),
        (b"com.android.manufacturer", 1, phone.make.encode()),
        (b"com.android.model", 1, phone.model.encode()),
        (b"com.android.capture.fps", 23, struct.pack(">f", phone.rate)),
    )
    hdlr = box("hdlr", struct.pack(">II", 0, 0) + b"mdta" + bytes(13))
    keys = struct.pack(">II", 0, len(items)) + b"".join(box("mdta", key) for key, _, _ in items)
    values = []
    for k, (_, kind, value) in enumerate(items, start=1):
        data = box("data", struct.pack(">II", kind, 0), value)
        values.append(struct.pack(">II", 8 + len(data), k) + data)
    return box("meta", hdlr, box("keys", keys), box("ilst", *values))
