"""RIFF files (WebP, AVI, WAV): the tree of their chunks and lists, and what they state.

RIFF (Microsoft and IBM, 1991); RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088) for files over 4 GB; AVI
files of several RIFF chunks (OpenDML 1.02). Sources of what single chunks state are named in
`forensics.inside.riffchunks`.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from forensics.codec import well_formed
from forensics.inside.exif import read_exif_part
from forensics.inside.icc import read_icc
from forensics.inside.id3 import read_id3
from forensics.inside.jumbf import read_jumbf
from forensics.inside.making import kept, part, utf8
from forensics.inside.riffchunks import (
    INFO,
    MEANINGS,
    PERSONAL_ROWS,
    PUBLIC_INFO,
    STATED,
    Rows,
    picture_format,
    sound_format,
)
from forensics.inside.trailing import read_trailing
from forensics.inside.window import MAX_TEXT, Window
from forensics.inside.xmp import read_xmp
from forensics.model import Part

MAX_CHUNKS: Final = 20_000
"""Chunks whose headers are read."""
MAX_ALIKE: Final = 32
"""Chunks of one type in one list that are shown each; the rest are counted."""
MAX_DATA: Final = 4 << 20
"""Bytes read of one chunk that is text."""

_HEAD: Final = 8
_FORMS: Final = (b"RIFF", b"RF64", b"BW64", b"RIFX")
_LISTS: Final = (b"RIFF", b"RF64", b"BW64", b"LIST")
_UNKNOWN_SIZE: Final = 0xFFFFFFFF
_READERS: Final[Mapping[str, Callable[[Window], Part]]] = {
    "EXIF": read_exif_part,
    "XMP ": read_xmp,
    "_PMX": read_xmp,
    "ICCP": read_icc,
    "id3 ": read_id3,
    "ID3 ": read_id3,
    "C2PA": read_jumbf,
}
_TEXTS: Final = ("iXML", "axml", "IDIT", "strn", "afsp")
_DATES: Final = "IDIT"


def read_riff(window: Window) -> Part:
    """Reads a RIFF file.

    Returns:
        "RIFF", its value the form ("WEBP", "AVI ", "WAVE"), with a part for each chunk, named by its
        type; chunks that hold metadata of another standard are "EXIF", "XMP", "ICC", "ID3" and "C2PA".
        Lists are named "LIST INFO" and the like and hold theirs; what lies within `movi` is not read.
        Further RIFF chunks follow as parts, and "trailing data".

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    head = window.read(0, 12)
    if head[:4] not in _FORMS or len(head) < 12 or head[:4] == b"RIFX":
        trouble = "It does not begin with a RIFF header of 12 bytes in little-endian order."
        return part(window, "RIFF", start=0, size=window.size, trouble=trouble)
    return _Reader(window).file(head)


class _Reader:
    """One pass over one file."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._left = MAX_CHUNKS
        self._stream = ""
        self._data_size: int | None = None

    def file(self, head: bytes) -> Part:
        window = self._window
        parts: list[Part] = []
        at, trouble = 0, None
        while window.read(at, 4) in _FORMS and self._left:
            size = int.from_bytes(window.read(at + 4, 4), "little")
            if size == _UNKNOWN_SIZE and head[:4] != b"RIFF":
                size = window.size - _HEAD
            there = min(size, window.size - at - _HEAD)
            if there < size:
                trouble = f"It states {size} bytes; {there} of them are in the file."
            inner = kept(self._chunks(window.inner(at + _HEAD + 4, max(0, there - 4))))
            if at == 0:
                parts.extend(inner)
            else:
                name = _code(window.read(at + _HEAD, 4))
                parts.append(
                    part(window, f"RIFF {name}", start=at, size=there + _HEAD, parts=inner)
                )
            at += _HEAD + there + there % 2
        if not self._left:
            trouble = window.allowance.reach(
                f"It has more than {MAX_CHUNKS} chunks; the rest was not read."
            )
        elif at < window.size:
            parts.append(read_trailing(window.inner(at)))
        return part(
            window,
            "RIFF",
            _code(head[8:12]),
            start=0,
            size=window.size,
            meaning=_code(head[:4]) if head[:4] != b"RIFF" else "",
            trouble=trouble,
            parts=tuple(parts),
        )

    def _chunks(self, window: Window) -> Iterator[Part]:
        """The chunks in a window, whose window is that of the list's content."""
        seen: Counter[str] = Counter()
        at = 0
        while at + _HEAD <= window.size and self._left:
            self._left -= 1
            raw, size = struct.unpack("<4sI", window.read(at, _HEAD))
            if not any(raw):
                break
            if raw == b"data" and size == _UNKNOWN_SIZE and self._data_size is not None:
                size = self._data_size
            there = min(size, window.size - at - _HEAD)
            wrong = f"It states {size} bytes; {there} are there." if there < size else None
            body = window.inner(at + _HEAD, there)
            name = f"LIST {_code(body.read(0, 4))}" if raw in _LISTS else _code(raw)
            seen[name] += 1
            if seen[name] <= MAX_ALIKE:
                yield self._chunk(window, name, at, body, wrong)
            elif name in _READERS or name in _TEXTS or name.startswith("LIST INFO"):
                window.allowance.reach(f"Only the first {MAX_ALIKE} chunks “{name}” were read.")
            at += _HEAD + there + there % 2
        for name, count in seen.items():
            if count > MAX_ALIKE:
                yield part(window, name, meaning=f"{count - MAX_ALIKE} more of them, not shown")

    def _chunk(self, window: Window, name: str, at: int, body: Window, wrong: str | None) -> Part:
        value: int | str | None = None
        meaning = MEANINGS.get(name, "")
        parts: tuple[Part, ...] = ()
        personal = False
        if name.startswith("LIST ") and len(name) == 9:
            if name == "LIST INFO":
                parts = kept(self._info(body.inner(4)))
            elif body.too_deep:
                wrong = "Lists are nested deeper than is read."
            elif name != "LIST movi":
                parts = kept(self._chunks(body.inner(4)))
        elif name in _READERS:
            found = _READERS[name](body)
            return replace(found, trouble=wrong or found.trouble)
        elif name in _TEXTS:
            value, personal = _text(body), name not in (_DATES, "strn")
            meaning = meaning or "Date of recording"
        elif name == "JUNK":
            value = _readable(body.read(0, 256))
        else:
            rows, wrong = self._stated(name, body, wrong)
            parts = tuple(
                part(body, row, said, meaning=means, personal=row in PERSONAL_ROWS)
                for row, said, means in rows
            )
        return part(
            window,
            name,
            value,
            start=at,
            size=body.size + _HEAD,
            meaning=meaning,
            trouble=wrong,
            personal=personal,
            parts=parts,
        )

    def _stated(self, name: str, body: Window, wrong: str | None) -> tuple[Rows, str | None]:
        read = STATED.get(name)
        if name == "strf":
            read = {"vids": picture_format, "auds": sound_format}.get(self._stream)
        try:
            if name == "ds64":
                self._data_size = struct.unpack_from("<Q", body.read(8, 8))[0]
                return [("DataSize", self._data_size, "bytes of samples")], wrong
            if read is None:
                return [], wrong
            data = body.read(0, MAX_DATA)
            if name == "strh":
                self._stream = data[:4].decode("latin-1")
            return read(data), wrong
        except (struct.error, IndexError):
            return [], wrong or f"Its {body.size} bytes are too few for what it has to state."

    def _info(self, window: Window) -> list[Part]:
        """An INFO list: every chunk is a text."""
        found: list[Part] = []
        at = 0
        while at + _HEAD <= window.size and self._left:
            self._left -= 1
            raw, size = struct.unpack("<4sI", window.read(at, _HEAD))
            if not any(raw):
                break
            name, there = _code(raw), min(size, window.size - at - _HEAD)
            found.append(
                part(
                    window,
                    name,
                    _text(window.inner(at + _HEAD, there)),
                    start=at,
                    size=there + _HEAD,
                    meaning=INFO.get(name, ""),
                    trouble=f"It states {size} bytes; {there} are there." if there < size else None,
                    personal=name not in PUBLIC_INFO,
                )
            )
            at += _HEAD + there + there % 2
        return found


def _text(window: Window) -> str:
    return utf8(window.read(0, 4 * MAX_TEXT + 4)).strip("\r\n ")


def _code(raw: bytes) -> str:
    return well_formed(raw.decode("latin-1"))


def _readable(data: bytes) -> str | None:
    """A text that a program left in filler, where it begins with one."""
    text = data.split(b"\0", 1)[0].rstrip()
    return (
        text.decode("ascii")
        if len(text) >= 6 and text.isascii() and text.decode().isprintable()
        else None
    )
