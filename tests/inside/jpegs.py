"""JPEG files and blocks built for tests: by Pillow's encoder, and byte by byte around it."""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Sequence

import numpy as np
from PIL import Image

from forensics.model import Part


def scene(width: int = 64, height: int = 48, seed: int = 1) -> Image.Image:
    """A picture of smooth patches in which every place looks different."""
    rng = np.random.default_rng(seed)
    patches = Image.fromarray(rng.integers(20, 235, (6, 8, 3), dtype=np.uint8))
    return patches.resize((width, height), Image.Resampling.BICUBIC)


def saved(picture: Image.Image | None = None, **options: object) -> bytes:
    stream = io.BytesIO()
    (picture or scene()).save(stream, "JPEG", **options)
    return stream.getvalue()


def tiny() -> bytes:
    """The shortest picture that Pillow makes: eight grey pixels each way, tables made for it."""
    return saved(scene(8, 8).convert("L"), quality=20, optimize=True)


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def app(number: int, payload: bytes) -> bytes:
    return segment(0xE0 + number, payload)


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """The stream with segments put behind SOI."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def packet(*attributes: tuple[str, str, str]) -> bytes:
    """An XMP packet: prefix and name, namespace, value."""
    said = "".join(f' xmlns:{n.split(":")[0]}="{space}" {n}="{v}"' for n, space, v in attributes)
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{said}/></rdf:RDF></x:xmpmeta>'
    ).encode()


def xmp(*attributes: tuple[str, str, str]) -> bytes:
    return app(1, b"http://ns.adobe.com/xap/1.0/\0" + packet(*attributes))


def extended_xmp(whole: bytes, step: int) -> list[bytes]:
    """The segments of an extended packet, in order."""
    name = hashlib.md5(whole).hexdigest().upper().encode()
    head = b"http://ns.adobe.com/xmp/extension/\0" + name
    return [
        app(1, head + struct.pack(">II", len(whole), at) + whole[at : at + step])
        for at in range(0, len(whole), step)
    ]


def icc_pieces(profile: bytes, step: int) -> list[bytes]:
    pieces = [profile[at : at + step] for at in range(0, len(profile), step)]
    return [
        app(2, b"ICC_PROFILE\0" + bytes((number, len(pieces))) + piece)
        for number, piece in enumerate(pieces, start=1)
    ]


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def superbox(kind: str, label: str, *boxes: bytes) -> bytes:
    identity = kind.encode().ljust(4)[:4] + bytes.fromhex("00110010800000aa00389b71")
    return box(b"jumb", box(b"jumd", identity + b"\3" + label.encode() + b"\0") + b"".join(boxes))


def jumbf_pieces(whole: bytes, step: int) -> list[bytes]:
    """APP11 segments; every piece repeats the box's header."""
    body = whole[8:]
    return [
        app(11, b"JP" + struct.pack(">HI", 1, number) + whole[:8] + body[at : at + step])
        for number, at in enumerate(range(0, len(body), step), start=1)
    ]


def data_set(record: int, number: int, value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, number, len(value)) + value


def resource(number: int, value: bytes, name: bytes = b"", kind: bytes = b"8BIM") -> bytes:
    named = bytes((len(name),)) + name
    named += b"\0" * (len(named) % 2)
    return (
        kind
        + struct.pack(">H", number)
        + named
        + struct.pack(">I", len(value))
        + value
        + (b"\0" * (len(value) % 2))
    )


def mpf_block(entries: Sequence[tuple[int, int, int]], order: str = ">") -> bytes:
    """The index of several pictures: attributes, size and offset of each."""
    table = b"".join(struct.pack(order + "IIIHH", a, s, o, 0, 0) for a, s, o in entries)
    fields = struct.pack(order + "HHI4s", 0xB000, 7, 4, b"0100")
    fields += struct.pack(order + "HHII", 0xB001, 4, 1, len(entries))
    fields += struct.pack(order + "HHII", 0xB002, 7, len(table), 8 + 2 + 36 + 4)
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8)
    return head + struct.pack(order + "H", 3) + fields + struct.pack(order + "I", 0) + table


def with_pictures(first: bytes, others: Sequence[tuple[int, bytes]]) -> bytes:
    """A file with an index of further pictures behind its end: their kinds and streams."""
    size = len(app(2, b"MPF\0" + mpf_block([(0, 0, 0)] * (1 + len(others)))))
    end = len(first) + size
    header = 2 + 4 + 4
    entries = [(0x030000, end, 0)]
    for kind, stream in others:
        entries.append((kind, len(stream), end - header))
        end += len(stream)
    return with_segments(first, app(2, b"MPF\0" + mpf_block(entries))) + b"".join(
        stream for _, stream in others
    )


def samsung(*blocks: tuple[str, bytes]) -> bytes:
    """Samsung's blocks with their directory."""
    out, places = b"", []
    for name, data in blocks:
        body = struct.pack("<HHI", 0, 0x0A01, len(name)) + name.encode() + data
        places.append((len(out), len(body)))
        out += body
    directory = b"SEFH" + struct.pack("<II", 106, len(blocks))
    for at, size in places:
        directory += struct.pack("<HHII", 0, 0x0A01, len(out) - at, size)
    return out + directory + struct.pack("<I", len(directory)) + b"SEFT"


def exif_block(thumbnail: bytes) -> bytes:
    """A TIFF structure whose second directory holds a JPEG thumbnail."""
    first = struct.pack(">H", 1) + struct.pack(">HHII", 0x0112, 3, 1, 1 << 16)
    start = 8 + len(first) + 4
    second = struct.pack(">H", 2)
    data = start + 2 + 24 + 4
    second += struct.pack(">HHII", 0x0201, 4, 1, data)
    second += struct.pack(">HHII", 0x0202, 4, 1, len(thumbnail))
    return b"MM\0*\0\0\0\x08" + first + struct.pack(">I", start) + second + bytes(4) + thumbnail


def exif(thumbnail: bytes) -> bytes:
    return app(1, b"Exif\0\0" + exif_block(thumbnail))


def names(part: Part) -> list[str]:
    return [inner.name for inner in part.parts]


def troubles(part: Part) -> list[str]:
    return [p.trouble for p in (part, *(p for _, p in part.walk())) if p.trouble]
