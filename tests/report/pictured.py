"""Digests and pictures of which every byte is known."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable

Draw = Callable[[str, int, int], bytes]
"""Makes a PNG of (picture id, width, height)."""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def tiny_png(seed: str, width: int = 8, height: int = 6) -> bytes:
    """Returns a grey PNG, stored without compression: the same bytes from every zlib."""
    width, height = 8, 6
    rows = hashlib.shake_128(seed.encode()).digest(width * height)
    raw = b"".join(b"\0" + rows[y * width : (y + 1) * width] for y in range(height))
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(raw), len(raw) ^ 0xFFFF) + raw
    stored += struct.pack(">I", zlib.adler32(raw))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", stored) + chunk(b"IEND", b"")
    )
