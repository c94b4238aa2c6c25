"""Everything that a file carries, as one tree: the readers that fit it, each with its own part.

A reader that gives up leaves what was wrong in its place; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from forensics.errors import ForensicsError, NotFitting
from forensics.inside.window import Window
from forensics.media.identify import Identity
from forensics.media.places import LABELS
from forensics.model import MediaKind, Part

SEARCHED = 64 << 20
"""Bytes of a file without a reader of its own that are searched for packets of XMP."""

Reader = Callable[[Window], Part]

_HEIF = ("heic", "heif", "heic-sequence", "heif-sequence", "avif")
_MOVIES = ("video/mp4", "video/quicktime", "audio/mp4")
_READERS: Mapping[str, str] = {
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/gif": "gif",
    "image/tiff": "tiff",
    "image/webp": "riff",
    **{f"image/{name}": "heif" for name in _HEIF},
    "video/x-msvideo": "riff",
    "audio/wav": "riff",
    **dict.fromkeys(_MOVIES, "bmff"),
    "video/x-matroska": "matroska",
    "video/webm": "matroska",
    "video/mp2t": "mpegts",
    "audio/mpeg": "mp3",
    "audio/flac": "flac",
    "audio/ogg": "ogg",
    "application/pdf": "pdf",
    "image/svg+xml": "svg",
    **dict.fromkeys(LABELS, "geo"),
}
"""Module and function of the reader for each media type; imported when a file of that type is read."""


def read_file(path: Path, identity: Identity, scratch: Path | None = None) -> Part:
    """Reads everything that a file carries beside what it shows.

    Args:
        path: The file; it is only read.
        identity: What it is, by its content.
        scratch: Folder in which this program has left what a check read of its packets, if it did.

    Returns:
        "File", with a part for each reader that fits. Its trouble says which limit was met first, or
        why a reader failed: what is not in the tree may then still be in the file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        window = Window(file, size=size)
        parts = list(_by_format(window, identity))
        unread = window.allowance.reached or next((p.trouble for p in parts if _failed(p)), None)
    if any(_may_be_signed(part) for part in parts):
        parts.extend(_read("C2PA", lambda: _credentials(path, identity.mime)))
    demuxer = identity.demuxer
    if demuxer is not None and identity.kind in {MediaKind.VIDEO, MediaKind.AUDIO}:
        parts.extend(_read("Streams", lambda: _streams(path, demuxer, scratch)))
    return Part(
        name="File",
        at=0,
        size=size,
        meaning=identity.label,
        trouble=unread,
        parts=tuple(parts),
    )


def _by_format(window: Window, identity: Identity) -> Iterator[Part]:
    name = _READERS.get(identity.mime)
    if name is None:
        yield from _read("XMP", lambda: _loose(window))
    else:
        yield from _read(name.upper(), lambda: [_reader(name)(window)])


def _reader(name: str) -> Reader:
    reader: Reader = getattr(import_module(f"forensics.inside.{name}"), f"read_{name}")
    return reader


def _loose(window: Window) -> Iterator[Part]:
    """XMP packets, which stand in the clear in formats that have no reader here."""
    from forensics.inside.xmp import find_packets, read_xmp  # noqa: PLC0415 - when they are wanted

    return map(read_xmp, find_packets(window, limit=SEARCHED))


def _failed(part: Part) -> bool:
    """Whether a reader left nothing but what was wrong; its own parts always lie somewhere."""
    return part.trouble is not None and part.at is None and not part.parts


def _may_be_signed(tree: Part) -> bool:
    return any(
        p.name == "C2PA" or (p.name == "uuid" and "C2PA" in p.meaning) for _, p in tree.walk()
    )


def _credentials(path: Path, mime: str) -> Iterator[Part]:
    """What content credentials say, and whether they hold."""
    from forensics.inside.credentials import read_credentials, trust_list  # noqa: PLC0415 - as above

    with suppress(NotFitting):
        if found := read_credentials(path, mime, trust_list()):
            yield found.part


def _streams(path: Path, demuxer: str, scratch: Path | None) -> Iterator[Part]:
    """The coded streams: what a check has read of them, or one pass over the packets."""
    from forensics.inside.coded import read_coded, read_prepared  # noqa: PLC0415 - loads libav

    known = read_prepared(scratch) if scratch is not None else None
    yield known if known is not None else read_coded(path, demuxer)


def _read(name: str, read: Callable[[], Iterable[Part]]) -> Iterator[Part]:
    """What a reader gives, or the part that says why it gave nothing."""
    try:
        yield from read()
    except ForensicsError as error:
        yield Part(name=name, trouble=str(error))
    except Exception as error:  # noqa: BLE001 - one reader's defect must not hide what others read
        yield Part(name=name, trouble=f"Reading it failed: {type(error).__name__}.")
