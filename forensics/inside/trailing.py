"""What stands behind the end of a file's format, and what it looks like."""

from __future__ import annotations

from typing import Final

from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.model import Part

_HEADS: Final = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"%PDF", "a PDF document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"RIFF", "a RIFF file"),
    (b"ID3", "an ID3 tag"),
    (b"<?x", "XML"),
    (b"\x1aE\xdf\xa3", "a Matroska file"),
)
_TAILS: Final = (
    (b"8db42d694ccc418790edff439fe026bf", "metadata of an Insta360 camera"),
    (b"SEFT", "data of a Samsung device"),
)
_LOOK: Final = 4096


def read_trailing(window: Window) -> Part:
    """Returns "trailing data": where it is, how long, and what its first and last bytes look like."""
    head, tail = window.read(0, _LOOK), window.read(max(0, window.size - _LOOK))
    looks = next((name for mark, name in _HEADS if head.startswith(mark)), "")
    looks = next((name for mark, name in _TAILS if tail.endswith(mark)), looks)
    if not looks and head[4:8] in (b"ftyp", b"moov", b"mdat"):
        looks = "another MP4 file"
    if not looks and not any(head) and not any(tail):
        looks = "zeros" if window.size <= 2 * _LOOK else "zeros, at its beginning and its end"
    return part(
        window,
        "trailing data",
        start=0,
        size=window.size,
        meaning=f"looks like {looks}" if looks else "of no known form",
        trouble=f"{window.size} bytes stand behind the end of the format.",
    )
