"""Pictures that other formats carry, found by the bytes that they begin with."""

from __future__ import annotations

from typing import Final

from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.model import Part

_SIGNATURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")


def preview(window: Window, *, name: str = "Preview", within: int = 0) -> Part | None:
    """Returns the picture that begins in the window's first bytes and reaches to its end, or None.

    Args:
        window: Where it is looked for.
        name: "Preview" or "Thumbnail".
        within: How far in it may begin, bytes.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    head = window.read(0, within + 8)
    starts = [at for mark in _SIGNATURES if 0 <= (at := head.find(mark)) <= within]
    if not starts:
        return None
    at = min(starts)
    return part(window, name, start=at, size=window.size - at, meaning="embedded picture")
