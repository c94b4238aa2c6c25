"""EXIF: what a camera or program states in a block of TIFF structure.

CIPA DC-008-2023 (EXIF 3.0) section 4.6, TIFF 6.0. exifread reads the fields and the maker notes; the
walker in `forensics.inside.ifd` says where each lies, reads what exifread does not, and is compared with
it. Values are as stated; what tables and units make of them is in `meaning`.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from fractions import Fraction
from typing import BinaryIO, Final, cast

from forensics.codec import well_formed
from forensics.inside.exifvalues import (
    EXTRA_GPS_NAMES,
    EXTRA_NAMES,
    angle,
    explain,
    personal,
    render,
    short,
    text_of,
)
from forensics.inside.ifd import (
    EXIF_POINTER,
    GPS_POINTER,
    INTEROP_POINTER,
    MAKER_NOTE,
    SUB_IFDS,
    Directory,
    Field,
    Values,
    read_directories,
)
from forensics.inside.window import MAX_TEXT, Window
from forensics.media.exif import Tag, read_tags, tag_name
from forensics.model import Part

MAX_IN_MEMORY: Final = 1 << 20
"""Bytes of a structure that are handed to exifread at once; of longer ones it gets what it asks for."""

_NOTE_BYTES: Final = 64
"""What exifread is told of the length of maker notes: it reads them byte by byte, for their first 14."""
_POINTERS: Final = (EXIF_POINTER, GPS_POINTER, INTEROP_POINTER, SUB_IFDS, MAKER_NOTE)
_JPEG_AT, _JPEG_SIZE, _STRIPS, _STRIP_SIZES, _SUBFILE = 0x0201, 0x0202, 0x0111, 0x0117, 0x00FE


def read_exif_part(window: Window, *, pages: bool = False) -> Part:
    r"""Reads a block of TIFF structure.

    Args:
        window: What follows "Exif\0\0" in a JPEG segment, a PNG eXIf chunk, or a whole TIFF file; a
            window that still begins with "Exif\0\0" is taken too.
        pages: Directories after the first are pages unless they say otherwise, as in a TIFF file.

    Returns:
        "EXIF" with the directories "Image", "EXIF", "GPS", "Interoperability", "Thumbnail" (its place
        that of the picture, where it is a JPEG picture), "SubIFD 0" and on, "IFD 2" and on, and
        "MakerNote" as far as they are there; their fields are named as exifread names them.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    if window.read(0, 6) == b"Exif\0\0":
        window = window.inner(6)
    directories, trouble = read_directories(window)
    window.allowance.keep()
    if not directories:
        return Part(name="EXIF", at=window.at, size=window.size, trouble=trouble)
    field = _notes(directories)
    tags, unread = read_tags(_stream(window, field))
    known = {(_group(t.group), t.number, t.at): t for t in tags}
    parts = [_holder(d, window, known, pages=pages) for d in directories]
    notes = [t for t in tags if t.group == "MakerNote"]
    if field is not None:
        parts.append(_maker_note(field, notes, window))
    return Part(
        name="EXIF",
        at=window.at,
        size=window.size,
        meaning=_ORDERS.get(window.read(0, 2), ""),
        trouble=trouble or unread,
        parts=tuple(parts),
    )


_ORDERS: Final = {b"II": "Little-endian", b"MM": "Big-endian"}


def _notes(directories: Iterable[Directory]) -> Field | None:
    return next(
        (f for d in directories if d.name == "EXIF" for f in d.fields if f.tag == MAKER_NOTE), None
    )


def _group(name: str) -> str:
    """The walker's name of a directory that exifread names `name`."""
    if name == "Thumbnail":
        return "IFD 1"
    return name.removeprefix("EXIF ").replace("SubIFD", "SubIFD ") if "SubIFD" in name else name


def _holder(
    directory: Directory, window: Window, known: dict[tuple[str, int, int], Tag], *, pages: bool
) -> Part:
    name = _holder_name(directory, pages=pages)
    at, size = directory.at, directory.size
    meaning, trouble = "", directory.trouble
    picture = _picture(directory)
    fields = [
        _field(directory, f, known.get((directory.name, f.tag, f.at)), window)
        for f in directory.fields
        if f.tag not in _POINTERS
    ]
    if name == "Thumbnail":
        if picture and window.read(picture[0], 2) == b"\xff\xd8":
            (at, size), meaning = picture, "A JPEG picture"
            if at + size > window.size:
                trouble = (
                    trouble or f"It states {size} bytes of picture; {window.size - at} are there."
                )
        elif picture:
            trouble = trouble or "It states a JPEG picture where none begins."
    elif picture and window.read(picture[0], 2) == b"\xff\xd8":
        window.allowance.keep()
        fields.append(_part_at(window, *picture, name="Preview", meaning="A JPEG picture"))
    window.allowance.keep()
    return _part_at(
        window, at, size, name=name, meaning=meaning or _place(fields, name), trouble=trouble,
        personal=name == "GPS", parts=tuple(fields),
    )  # fmt: skip


def _holder_name(directory: Directory, *, pages: bool) -> str:
    if not directory.name.startswith("IFD "):
        return directory.name
    number = int(directory.name[4:])
    small = directory.field(_JPEG_AT) or (directory.number(_SUBFILE) or 0) & 1
    if number == 1 and (small or not pages):
        return "Thumbnail"
    return f"Page {number + 1}" if pages and not small else directory.name


def _picture(directory: Directory) -> tuple[int, int] | None:
    """Where the directory says that a JPEG picture of its own lies, and its size."""
    at, size = directory.number(_JPEG_AT), directory.number(_JPEG_SIZE)
    if at is None and (directory.number(_SUBFILE) or 0) & 1:
        offsets, sizes = directory.field(_STRIPS), directory.field(_STRIP_SIZES)
        if offsets and sizes and offsets.count == sizes.count == 1:
            at, size = directory.number(_STRIPS), directory.number(_STRIP_SIZES)
    return (at, size) if at and size else None


def _part_at(window: Window, at: int, size: int, **rest: object) -> Part:
    """A part of the window; it has no place in the file where the window has none, or where it is outside."""
    inside = window.at is not None and 0 <= at <= window.size
    return Part(
        at=window.at + at if inside and window.at is not None else None,
        size=min(size, window.size - at) if inside else None,
        **rest,  # type: ignore[arg-type]
    )


def _name(group: str, number: int) -> str:
    extra = (
        EXTRA_GPS_NAMES if group == "GPS" else {} if group == "Interoperability" else EXTRA_NAMES
    )
    return tag_name(group, number) or extra.get(number) or f"Tag 0x{number:04X}"


def _field(directory: Directory, field: Field, tag: Tag | None, window: Window) -> Part:
    name = _name(directory.name, field.tag)
    trouble = field.trouble
    values = text_of(name, field.kind, field.values)
    if tag is not None and field.whole and values is field.values:
        theirs: Values = tag.values
        if theirs and theirs != (tuple(values) if isinstance(values, bytes) else values):
            if render(name, theirs) != render(name, values):
                trouble = trouble or "Two readers of this field disagree on its value."
        elif theirs and not isinstance(values, bytes):
            values = theirs
    value = render(name, values)
    others = {_name(directory.name, f.tag): f.values for f in directory.fields}
    meaning = _looked_up(tag, value) or explain(name, values, others)
    if value is None and not meaning:
        what = "bytes" if isinstance(values, bytes) else "numbers"
        meaning = f"{field.count} {what}" if field.count else "Empty"
    window.allowance.keep()
    value, cut = short(value)
    return _part_at(
        window, field.at, field.size, name=name, value=value, meaning=meaning,
        trouble=trouble or cut, personal=directory.name == "GPS" or personal(name),
    )  # fmt: skip


def _looked_up(tag: Tag | None, value: int | str | None) -> str:
    """What exifread's tables say of a whole number, where they say more than the number."""
    if tag is None or not isinstance(value, int) or tag.meaning == str(value):
        return ""
    return well_formed(tag.meaning[:MAX_TEXT])


def _maker_note(field: Field, tags: list[Tag], window: Window) -> Part:
    """The holder of what exifread knows of the maker's own fields."""
    parts = []
    for tag in tags:
        window.allowance.keep()
        values = tag.values
        single = isinstance(values, tuple) and len(values) == 1 and isinstance(values[0], int)
        value = render(tag.name, values)
        if tag.meaning and not single:
            value, meaning = tag.meaning, ""
        else:
            meaning = _looked_up(tag, value)
        if value is None:
            meaning = meaning or "Many numbers"
        value, cut = short(value)
        name = well_formed(tag.name)
        parts.append(
            Part(name=name, value=value, meaning=meaning, trouble=cut, personal=personal(name))
        )
    window.allowance.keep()
    begins = field.values[:12] if isinstance(field.values, bytes) else b""
    maker = "".join(chr(b) for b in begins.split(b"\0", 1)[0] if 0x20 <= b < 0x7F)
    return _part_at(
        window, field.at, field.size, name="MakerNote", trouble=field.trouble, parts=tuple(parts),
        meaning="The maker's own fields" + (f", beginning “{maker}”" if len(maker) > 3 else ""),
    )  # fmt: skip


def _place(fields: Iterable[Part], name: str) -> str:
    """Latitude and longitude of a GPS directory in degrees, or an empty text."""
    if name != "GPS":
        return ""
    found = coordinates(Part(name="EXIF", parts=(Part(name="GPS", parts=tuple(fields)),)))
    return (
        ""
        if found is None
        else f"{float(found[0]):.6f}, {float(found[1]):.6f} (latitude, longitude)"
    )


def coordinates(exif: Part) -> tuple[Fraction, Fraction] | None:
    """Returns the place that an "EXIF" part states.

    Returns:
        Degrees north and east, or None where it states none that lies on Earth with its directions.
    """
    found = []
    for name, negative, positive, limit in (
        ("Latitude", "S", "N", 90),
        ("Longitude", "W", "E", 180),
    ):
        size = angle(exif.text("GPS", f"GPS{name}"))
        side = exif.text("GPS", f"GPS{name}Ref").strip().upper()
        if size is None or size > limit or side not in (negative, positive):
            return None
        found.append(-size if side == negative else size)
    return found[0], found[1]


def _stream(window: Window, note: Field | None) -> BinaryIO:
    """The structure as exifread is handed it, with a short length of maker notes."""
    stated = struct.calcsize("I")
    place = -1
    if note is not None and note.count > _NOTE_BYTES:
        place = note.entry + stated
    order = "<" if window.read(0, 2) == b"II" else ">"
    patch = struct.pack(order + "I", _NOTE_BYTES)
    if window.size > MAX_IN_MEMORY:
        return cast("BinaryIO", _Far(window, place, patch))
    data = bytearray(window.read())
    if place >= 0:
        data[place : place + stated] = patch
    return io.BytesIO(data)


class _Far:
    """A long structure, read through its window in pages; what lies at `place` is replaced by `patch`."""

    def __init__(self, window: Window, place: int, patch: bytes) -> None:
        self._window = window
        self._place, self._patch = place, patch
        self._at = 0
        self._page, self._begins = b"", 0

    def seek(self, at: int, whence: int = 0) -> int:
        self._at = at if whence == 0 else at + (self._at if whence == 1 else self._window.size)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, count: int = -1) -> bytes:
        at = self._at
        left = max(0, self._window.size - at)
        count = left if count < 0 else min(count, left)
        if at == self._place and count == len(self._patch):
            data = self._patch
        elif count > _PAGE:
            data = self._window.read(at, count)
        else:
            if not self._begins <= at <= at + count <= self._begins + len(self._page):
                self._page, self._begins = self._window.read(at, 2 * _PAGE), at
            data = self._page[at - self._begins : at - self._begins + count]
        self._at += len(data)
        return data


_PAGE: Final = 4096
