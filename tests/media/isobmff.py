"""Boxes by hand: a tiny builder, and two rewrites that lay an MP4 file out as telephones do."""

from __future__ import annotations

import struct
from collections.abc import Iterator

CONTAINERS = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"))
CREATED = 3_800_000_000
"""Seconds since 1904: 2024-05-31T11:33:20Z."""

Node = tuple[bytes, "bytes | list[Node]"]


def box(kind: bytes, *parts: bytes) -> bytes:
    payload = b"".join(parts)
    return struct.pack(">I4s", 8 + len(payload), kind) + payload


def full(kind: bytes, *parts: bytes, version: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24), *parts)


def ftyp(major: bytes = b"isom", minor: int = 512, *brands: bytes) -> bytes:
    return box(b"ftyp", major, struct.pack(">I", minor), *brands)


def hdlr(handler: bytes, name: bytes, component: bytes = b"\0\0\0\0", vendor: bytes = b"") -> bytes:
    return full(b"hdlr", component, handler, vendor.ljust(4, b"\0"), bytes(8), name)


def counted(name: bytes) -> bytes:
    return bytes([len(name)]) + name


def keyed(values: dict[bytes, bytes], *, quicktime: bool) -> bytes:
    """A `meta` box with `mdta` keys."""
    names = b"".join(struct.pack(">I4s", 8 + len(key), b"mdta") + key for key in values)
    items = b"".join(
        box(struct.pack(">I", i), box(b"data", struct.pack(">II", 1, 0), value))
        for i, value in enumerate(values.values(), 1)
    )
    inner = (
        hdlr(b"mdta", b""),
        full(b"keys", struct.pack(">I", len(values)), names),
        box(b"ilst", items),
    )
    return box(b"meta", *inner) if quicktime else full(b"meta", *inner)


def bodies(data: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """Types, places of the payloads, and payloads of well-formed boxes."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        yield kind, start, data[start : at + size]
        at += size


def parse(data: bytes) -> Iterator[Node]:
    for kind, _, body in bodies(data):
        yield kind, list(parse(body)) if kind in CONTAINERS else body


def join(nodes: list[Node]) -> bytes:
    return b"".join(
        box(kind, body if isinstance(body, bytes) else join(body)) for kind, body in nodes
    )


def as_apple(data: bytes) -> bytes:
    """Lays a file out as an iPhone's camera does: same samples, another writer's habits."""
    names = {b"vide": b"Core Media Video", b"soun": b"Core Media Audio"}
    meta = keyed(
        {
            b"com.apple.quicktime.make": b"Apple",
            b"com.apple.quicktime.model": b"iPhone 13 Pro",
            b"com.apple.quicktime.software": b"17.5.1",
        },
        quicktime=True,
    )

    def change(kind: bytes, body: bytes, parent: bytes) -> Iterator[bytes]:
        if kind == b"hdlr" and parent == b"mdia":
            name = names.get(body[8:12], b"Core Media Metadata")
            yield hdlr(body[8:12], counted(name), b"mhlr", b"appl")
        elif kind == b"dinf":
            yield hdlr(b"url ", counted(b"Core Media Data Handler"), b"dhlr", b"appl")
            yield box(kind, body)
        elif kind != b"udta":
            yield box(kind, body)

    return _written(data, ftyp(b"qt  ", 0, b"qt  ") + box(b"wide"), change, meta)


def as_android(data: bytes) -> bytes:
    """Lays a file out as Android's MPEG4Writer does."""
    names = {b"vide": b"VideoHandle\0", b"soun": b"SoundHandle\0"}
    meta = keyed({b"com.android.version": b"14"}, quicktime=False)

    def change(kind: bytes, body: bytes, parent: bytes) -> Iterator[bytes]:
        if kind == b"hdlr":
            yield hdlr(body[8:12], names.get(body[8:12], b"MetadHandle\0"))
        elif kind not in (b"udta", b"sgpd", b"sbgp", b"sdtp"):
            yield box(kind, body)

    return _written(data, ftyp(b"mp42", 0, b"isom", b"mp42"), change, meta, sizes_first=True)


def _written(data, head, change, meta, *, sizes_first: bool = False) -> bytes:
    start, media = next((at, body) for kind, at, body in bodies(data) if kind == b"mdat")
    movie = next(body for kind, body in parse(data) if kind == b"moov")
    shift = len(head) + 8 - start

    def written(nodes: list[Node], parent: bytes) -> bytes:
        if sizes_first and parent == b"stbl":
            order = (b"stsd", b"stts", b"ctts", b"stss", b"stsz", b"stsc", b"stco", b"co64")
            nodes = sorted(
                (n for n in nodes if n[0] in order), key=lambda node: order.index(node[0])
            )
        parts = []
        for kind, body in nodes:
            if not isinstance(body, bytes):
                parts.append(box(kind, written(body, kind)))
                continue
            new = body
            if kind in (b"mvhd", b"tkhd", b"mdhd") and body[0] == 0:
                new = body[:4] + struct.pack(">II", CREATED, CREATED) + body[12:]
            elif kind in (b"stco", b"co64"):
                new = _shifted(kind, body, shift)
            parts.extend(change(kind, new, parent))
        return b"".join(parts)

    return head + box(b"mdat", media) + box(b"moov", written(movie, b"moov"), meta)


def _shifted(kind: bytes, body: bytes, shift: int) -> bytes:
    (count,) = struct.unpack_from(">I", body, 4)
    form = f">{count}{'I' if kind == b'stco' else 'Q'}"
    places = struct.unpack_from(form, body, 8)
    return body[:8] + struct.pack(form, *(place + shift for place in places))
