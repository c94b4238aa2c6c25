"""FLAC: every metadata block (RFC 9639 section 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from forensics.inside.making import latin1, part
from forensics.inside.vorbis import read_comments, read_picture
from forensics.inside.window import Window
from forensics.model import Part

MAX_BLOCKS: Final = 1000
_NAMES: Final = {
    0: "STREAMINFO",
    1: "PADDING",
    2: "APPLICATION",
    3: "SEEKTABLE",
    4: "VORBIS_COMMENT",
    5: "CUESHEET",
    6: "PICTURE",
}
_MEANINGS: Final = {
    "PADDING": "padding",
    "SEEKTABLE": "index for seeking",
    "VORBIS_COMMENT": "comments",
    "CUESHEET": "parts of a disc",
    "PICTURE": "picture",
}


def read_flac(window: Window) -> Part:
    """Reads the metadata blocks of a file that begins with "fLaC", or with an ID3 tag before it.

    Returns:
        "FLAC" with a part for each block.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    from forensics.inside.id3 import read_id3, tag_size  # noqa: PLC0415 - rarely wanted

    start = tag_size(window)
    parts = [read_id3(window)] if start else []
    fits = window.read(start, 4) == b"fLaC"
    if fits:
        parts += read_blocks(window.inner(start + 4))
    return part(
        window,
        "FLAC",
        start=0,
        size=window.size,
        meaning="metadata blocks of a FLAC file",
        trouble=None if fits else 'The mark "fLaC" is not where it has to be.',
        parts=tuple(parts),
    )


def read_blocks(window: Window) -> Iterator[Part]:
    """Yields a part for each metadata block.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    at = 0
    for _ in range(MAX_BLOCKS):
        head = window.read(at, 4)
        if len(head) < 4:
            yield part(window, "unread", trouble="The last metadata block is missing.")
            return
        kind, size = head[0] & 0x7F, int.from_bytes(head[1:], "big")
        inner = window.inner(at + 4, size)
        name = _NAMES.get(kind, f"block {kind}")
        cut = at + 4 + size > window.size
        yield part(
            window,
            name,
            start=at,
            size=4 + inner.size,
            meaning=_MEANINGS.get(name, ""),
            trouble=f"It states {size} bytes, but only {inner.size} are left." if cut else None,
            parts=tuple(_block(name, inner)),
        )
        at += 4 + size
        if head[0] & 0x80 or cut:
            return
    yield part(window, "unread", trouble=f"Only the first {MAX_BLOCKS} metadata blocks were read.")


def _block(name: str, window: Window) -> Iterator[Part]:
    if name == "STREAMINFO":
        yield from _stream(window)
    elif name == "VORBIS_COMMENT":
        yield from read_comments(window)
    elif name == "PICTURE":
        yield from read_picture(window)
    elif name == "APPLICATION":
        yield part(window, "application", latin1(window.read(0, 4)), start=0, size=4)
    elif name == "SEEKTABLE":
        yield part(window, "points", window.size // 18)
    elif name == "CUESHEET":
        yield part(window, "catalogue", latin1(window.read(0, 128)), meaning="number of the disc")


def _stream(window: Window) -> Iterator[Part]:
    """RFC 9639 section 8.2."""
    data = window.read(0, 34)
    if len(data) < 34:
        yield part(window, "unread", trouble="It is shorter than the 34 bytes that it has to have.")
        return
    packed = int.from_bytes(data[10:18], "big")
    rate, samples = packed >> 44, packed & (1 << 36) - 1
    yield part(window, "rate", rate, meaning="samples per second")
    yield part(window, "channels", (packed >> 41 & 7) + 1)
    yield part(window, "depth", (packed >> 36 & 31) + 1, meaning="bits of a sample")
    said = f"{samples / rate:.3f} s" if rate and samples else "unknown"
    yield part(window, "samples", samples, meaning=said)
    if any(data[18:]):
        yield part(window, "md5", data[18:].hex(), meaning="MD5 of the sound before it was coded")
    else:
        yield part(
            window, "md5", meaning="not stated: the writer did not finish, or did not compute it"
        )
