"""EXIF as stated by a picture. The only module that imports exifread.

exifread raises on some damaged files; here that becomes a clear `MediaError`, never an empty answer.
"""

from __future__ import annotations

import logging
from pathlib import Path

import exifread

from forensics.errors import MediaError

MAX_TEXT = 1024
"""Characters kept of one value."""

MAX_FIELDS = 2000

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
    try:
        with path.open("rb") as stream:
            tags = exifread.process_file(
                stream, details=False, strict=False, extract_thumbnail=False
            )
        return {
            name: str(tag)[:MAX_TEXT]
            for name, tag in list(tags.items())[:MAX_FIELDS]
            if not isinstance(tag, bytes)
        }
    except Exception as error:
        raise MediaError(f"The EXIF block cannot be read: {type(error).__name__}.") from error
