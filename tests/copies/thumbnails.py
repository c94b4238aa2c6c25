"""Thumbnails as another desk may send them: each is named for its defect."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

import numpy as np
from PIL import Image

from forensics.signatures.local import look
from tests.copies.pictures import scene


def coded(pixels: np.ndarray, form: str) -> bytes:
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, form)
    return stream.getvalue()


def with_segment(thumbnail: bytes, marker: int, data: bytes) -> bytes:
    segment = bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2, "big") + data
    return thumbnail[:2] + segment + thumbnail[2:]


GOOD = look(scene(1), Fraction(0)).thumbnail
NO_THUMBNAILS = {
    "deleted": b"",
    "cut-off-in-its-header": GOOD[:40],
    "noise": bytes(range(256)) * 4,
    "png": coded(scene(1)[:90, :160], "PNG"),
    "larger-than-any-that-is-kept": coded(np.zeros((40, 513, 3), np.uint8), "JPEG"),
    "states-65535-by-65535-pixels": GOOD.replace(
        len(scene(1)[:90]).to_bytes(2, "big") + (160).to_bytes(2, "big"), b"\xff" * 4, 1
    ),
    "mpo-with-a-broken-index": with_segment(
        GOOD, 0xE2, b"MPF\0II*\0\x08\0\0\0\x01\0\x01\xb0\x04\0\x01\0\0\0\x02" + bytes(7)
    ),
}
