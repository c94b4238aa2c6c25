"""EXIF as stated by a picture. The only module that imports exifread.

exifread raises on some damaged files; here that becomes a clear `MediaError`, never an empty answer. It
does not find the block of every WebP and HEIC file that others read; there Pillow finds it.
"""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import BinaryIO

import exifread

from forensics.errors import MediaError
from forensics.media.identify import HEAD, identify
from forensics.media.stills import exif_block

MAX_TEXT = 1024
"""Characters kept of one value."""

MAX_FIELDS = 2000
_WRAPPED = {
    "image/webp",
    "image/avif",
    "image/heic",
    "image/heif",
    "image/heic-sequence",
    "image/heif-sequence",
}

logging.getLogger("exifread").setLevel(
    logging.CRITICAL
)  # it logs hostile text; outcomes say what failed


def read_exif(path: Path) -> dict[str, str]:
    """Returns EXIF fields by "IFD Name" ("Image Make", "GPS GPSLatitude"), in stored order.

    Values are as exifread prints them, cut at `MAX_TEXT` characters. Binary blocks (thumbnail, maker
    notes) are left out. Empty where the file carries no EXIF.

    Raises:
        MediaError: There is an EXIF block, and it cannot be read.
    """
    with path.open("rb") as stream:
        fields, trouble = _fields(stream)
    if not fields and (block := _block(path)):
        fields, trouble = _fields(io.BytesIO(block))
    if trouble:
        raise MediaError(f"The EXIF block cannot be read: {type(trouble).__name__}.") from trouble
    return fields


def _fields(stream: BinaryIO) -> tuple[dict[str, str], Exception | None]:
    """The fields, or what went wrong."""
    try:
        tags = exifread.process_file(stream, details=False, strict=False, extract_thumbnail=False)
        fields = {
            name: str(tag)[:MAX_TEXT]
            for name, tag in list(tags.items())[:MAX_FIELDS]
            if not isinstance(tag, bytes)
        }
    except Exception as error:  # noqa: BLE001 - damaged blocks make exifread raise anything
        return {}, error
    return fields, None


def _block(path: Path) -> bytes:
    """The block of a format that wraps it in boxes or chunks of its own, as Pillow finds it."""
    with path.open("rb") as stream:
        mime = identify(stream.read(HEAD)).mime
    return exif_block(path, mime) if mime in _WRAPPED else b""
