"""Vorbis comments, as Ogg, FLAC and Matroska carry them, and pictures in them.

Xiph.Org, "Ogg Vorbis I format specification: comment field and header specification"; RFC 9639 section 8.6
and 8.8 (FLAC); RFC 7845 section 5.2 (Opus).
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator
from typing import Final

from forensics.inside.making import part
from forensics.inside.window import MAX_TEXT, Window
from forensics.model import Part

MAX_COMMENTS: Final = 2000
MAX_PICTURE: Final = 16 << 20
_PERSONAL: Final = (
    "ARTIST",
    "AUTHOR",
    "COMMENT",
    "COMPOSER",
    "CONTACT",
    "COPYRIGHT",
    "DESCRIPTION",
    "EMAIL",
    "LOCATION",
    "ORGANIZATION",
    "OWNER",
    "PERFORMER",
    "TITLE",
)
KINDS: Final = {
    0: "other",
    1: "icon of 32 by 32 pixels",
    2: "icon",
    3: "front cover",
    4: "back cover",
    5: "leaflet",
    6: "medium",
    7: "lead artist",
    8: "artist",
    10: "band",
    13: "place of recording",
    14: "during recording",
    16: "still of a video",
    17: "a bright coloured fish",
}
"""Kinds of pictures in FLAC and ID3 (RFC 9639 table 13)."""


def read_comments(window: Window) -> Iterator[Part]:
    """Yields "vendor" and a part for each comment, named as it names itself in capitals.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    size = int.from_bytes(window.read(0, 4), "little")
    vendor = window.read(4, min(size, 4 * MAX_TEXT))
    cut = size > window.size - 4
    yield part(
        window,
        "vendor",
        vendor.decode("utf-8", "replace"),
        start=4,
        size=min(size, max(0, window.size - 4)),
        meaning="library that coded the sound or wrote the comments",
        trouble="It states more bytes than there are." if cut else None,
    )
    at = 4 + size
    count = int.from_bytes(window.read(at, 4), "little")
    at += 4
    for number in range(min(count, MAX_COMMENTS + 1)):
        if number == MAX_COMMENTS or at + 4 > window.size:
            yield part(
                window,
                "unread",
                trouble=f"{count} comments are stated; {number} of them were read.",
            )
            return
        length = int.from_bytes(window.read(at, 4), "little")
        inner = window.inner(at + 4, length)
        yield _comment(inner, cut=at + 4 + length > window.size)
        at += 4 + length


def _comment(window: Window, *, cut: bool) -> Part:
    data = window.read(0, 5 * MAX_TEXT)
    raw, _, value = data.partition(b"=")
    name = raw[:256].decode("utf-8", "replace").upper()
    trouble = "It states more bytes than there are." if cut else None
    if name == "METADATA_BLOCK_PICTURE":
        return _base64_picture(window, len(raw) + 1)
    return part(
        window,
        name,
        value.decode("utf-8", "replace"),
        start=0,
        size=window.size,
        trouble=trouble,
        personal=any(word in name for word in _PERSONAL),
    )


def _base64_picture(window: Window, start: int) -> Part:
    """RFC 7845 section 5.2.1.3 and others: a FLAC picture block in base 64."""
    try:
        data = b64decode(window.read(start, MAX_PICTURE), validate=True)
    except (binascii.Error, ValueError):
        return part(
            window,
            "METADATA_BLOCK_PICTURE",
            start=0,
            size=window.size,
            trouble="It is not in base 64, or longer than is read.",
        )
    return part(
        window,
        "METADATA_BLOCK_PICTURE",
        start=0,
        size=window.size,
        meaning="a picture in base 64",
        parts=tuple(read_picture(window.unpacked(data))),
    )


def read_picture(window: Window) -> Iterator[Part]:
    """Yields what a picture block states (RFC 9639 section 8.8), and "Preview" for the picture itself.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    at = 0

    def number() -> int:
        nonlocal at
        at += 4
        return int.from_bytes(window.read(at - 4, 4), "big")

    def text() -> str:
        nonlocal at
        size = number()
        at += size
        return window.read(at - size, min(size, 4 * MAX_TEXT)).decode("utf-8", "replace")

    kind = number()
    yield part(window, "type", kind, meaning=KINDS.get(kind, ""))
    yield part(window, "mime", text())
    if description := text():
        yield part(window, "description", description, personal=True)
    for name in ("width", "height", "depth", "colours"):
        found = number()
        unit = {"depth": "bits a pixel", "colours": "colours of the palette"}.get(name, "pixels")
        yield part(window, name, found, meaning=unit)
    size = number()
    yield part(
        window,
        "Preview",
        start=at,
        size=max(0, min(size, window.size - at)),
        meaning="embedded picture",
        trouble="It states more bytes than there are." if at + size > window.size else None,
    )


def read_private(window: Window) -> Iterator[Part]:
    """Yields the comments in a track's private data, where Matroska keeps Vorbis and Theora headers.

    The three headers stand behind their count and the lengths of the first two in Xiph lacing.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    head = window.read(0, 1024)
    if head[:1] == b"\x02":
        sizes: list[int] = []
        at, size = 1, 0
        while len(sizes) < 2 and at < len(head):
            size += head[at]
            if head[at] < 255:
                sizes.append(size)
                size = 0
            at += 1
        if len(sizes) == 2:
            comments = window.inner(at + sizes[0], sizes[1])
            if comments.read(0, 7) in (b"\x03vorbis", b"\x81theora"):
                yield from read_comments(comments.inner(7))
    elif head[:4] == b"fLaC":
        from forensics.inside.flac import read_blocks  # noqa: PLC0415 - flac reads comments by this

        yield from read_blocks(window.inner(4))
