"""Zip files put together by hand."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable

FILES = {"bundle/a.txt": b"alpha", "bundle/b/c.txt": b"gamma " * 100, "bundle/empty": b""}


def made(
    files: dict[str, bytes] | None = None, change: Callable[[zipfile.ZipInfo], None] | None = None
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in (FILES if files is None else files).items():
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            if change:
                change(info)
            archive.writestr(info, data)
    return buffer.getvalue()


def patched(data: bytes, sign: bytes, offset: int, value: bytes, which: int = 0) -> bytes:
    """Writes over a field of the header that begins with `sign`."""
    place = -1
    for _ in range(which + 1):
        place = data.index(sign, place + 1)
    return data[: place + offset] + value + data[place + offset + len(value) :]


CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
