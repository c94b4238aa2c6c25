"""APE tags at the end of sound files (wiki.hydrogenaud.io, "APEv2 specification")."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from forensics.inside.making import part, utf8
from forensics.inside.pictured import preview
from forensics.inside.window import MAX_TEXT, Window
from forensics.model import Part

MAX_ITEMS: Final = 1000
_FOOTER: Final = 32
_NAMED: Final = (
    "artist",
    "author",
    "comment",
    "composer",
    "copyright",
    "title",
    "conductor",
    "file",
)


def read_ape(window: Window) -> Part | None:
    """Reads the tag whose footer ends the window, if there is one.

    Returns:
        "APE" with a part for each item, or None.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    foot = window.read(window.size - _FOOTER, _FOOTER)
    if foot[:8] != b"APETAGEX":
        return None
    version, size, count, flags = struct.unpack_from("<IIII", foot, 8)
    start = window.size - size
    trouble = None
    if size < _FOOTER or start < 0:
        trouble = f"It states {size} bytes, which cannot be."
        start = max(0, start)
    items = window.inner(start, window.size - _FOOTER - start)
    head = _FOOTER if flags & 1 << 31 and window.read(start - _FOOTER, 8) == foot[:8] else 0
    return part(
        window,
        "APE",
        start=start - head,
        size=window.size - start + head,
        meaning="tags about the sound",
        trouble=trouble,
        parts=(
            part(window, "version", version, meaning="thousandths"),
            *(() if trouble else _items(items, count)),
        ),
    )


def _items(window: Window, count: int) -> Iterator[Part]:
    at = 0
    for _ in range(min(count, MAX_ITEMS)):
        head = window.read(at, 8 + 256)
        key, ended, _ = head[8:].partition(b"\0")
        if not ended:
            yield part(window, "unread", start=at, trouble="There is no item where one has to be.")
            return
        size, flags = struct.unpack_from("<II", head)
        inner = window.inner(at + 9 + len(key), size)
        cut = (
            f"It states {size} bytes, but only {inner.size} are left."
            if inner.size < size
            else None
        )
        name = key.decode("latin-1")
        text = flags >> 1 & 3 != 1
        data = inner.read(0, 4 * MAX_TEXT)
        binary = None if text else preview(inner, within=256)
        yield part(
            window,
            name,
            utf8(data) if text else None,
            start=at,
            size=9 + len(key) + inner.size,
            meaning="" if text else f"{size} bytes that are no text",
            trouble=cut,
            personal=any(word in name.lower() for word in _NAMED),
            parts=(binary,) if binary else (),
        )
        at += 9 + len(key) + size
