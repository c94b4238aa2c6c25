"""EXIF: what a camera or program states in a block of TIFF structure.

CIPA DC-008-2023 (EXIF 3.0) section 4.6, TIFF 6.0. exifread reads the fields and the maker notes; the
walker in `forensics.inside.ifd` says where each lies, reads what exifread does not, and is compared with
it. Values are as stated; what tables and units make of them is in `meaning`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final, TypedDict

from forensics.codec import well_formed
from forensics.inside.exifstream import stream, turned_notes
from forensics.inside.exifvalues import (
    EXTRA_GPS_NAMES,
    EXTRA_NAMES,
    angle,
    explain,
    personal,
    render,
    text_of,
)
from forensics.inside.ifd import (
    EXIF_POINTER,
    GPS_POINTER,
    INTEROP_POINTER,
    MAKER_NOTE,
    OVERLAPPING,
    SUB_IFDS,
    Directory,
    Field,
    Values,
    read_directories,
)
from forensics.inside.makernotes import read_notes
from forensics.inside.making import kept, part
from forensics.inside.window import MAX_TEXT, Window
from forensics.media.exif import Tag, read_tags, tag_name
from forensics.model import Part

Known = Mapping[tuple[str, int, int], Tag]
"""exifread's fields by directory, number and place."""

_POINTERS: Final = (EXIF_POINTER, GPS_POINTER, INTEROP_POINTER, SUB_IFDS, MAKER_NOTE)
_JPEG_AT, _JPEG_SIZE, _STRIPS, _STRIP_SIZES, _SUBFILE = 0x0201, 0x0202, 0x0111, 0x0117, 0x00FE
_ORDERS: Final = {b"II": "Little-endian", b"MM": "Big-endian"}
_BIG: Final = (b"+\0", b"\0+")
"""The version of BigTIFF, which exifread takes for TIFF."""
_JPEG: Final = b"\xff\xd8"


def read_exif_part(window: Window, *, pages: bool = False) -> Part:
    r"""Reads a block of TIFF structure.

    Args:
        window: What follows "Exif\0\0" in a JPEG segment, a PNG eXIf chunk, or a whole TIFF file; a
            window that still begins with "Exif\0\0" is taken too.
        pages: Directories after the first are pages unless they say otherwise, as in a TIFF file.

    Returns:
        "EXIF" with the directories "Image", "EXIF", "GPS", "Interoperability", "Thumbnail" (its place
        that of the picture, where that is JPEG), "SubIFD 0" and on, "IFD 2" or "Page 2" and on, and
        "MakerNote", as far as they are there; fields are named as exifread names them. A JPEG picture
        of another directory than "Thumbnail" is a part "Preview" in it.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    if window.read(0, 6) == b"Exif\0\0":
        window = window.inner(6)
    directories, trouble = read_directories(window)
    parts: list[Part] = []
    if directories:
        note = _note(directories)
        own = read_notes(window, note) if note else None
        tags, unread = (
            ((), trouble) if trouble == OVERLAPPING else _tags(window, note, notes=own is None)
        )
        trouble = trouble or unread
        known = {(_walked(t.group), t.number, t.at): t for t in tags}
        parts = [*kept(_holder(window, d, known, pages=pages) for d in directories)]
        if note is not None:
            held = kept(_note_field(window, t) for t in tags if t.group == "MakerNote")
            parts.append(_maker_note(window, note, held if own is None else own))
    return part(
        window,
        "EXIF",
        start=0,
        size=window.size,
        meaning=_ORDERS.get(window.read(0, 2), ""),
        trouble=trouble,
        parts=tuple(parts),
    )


def coordinates(exif: Part) -> tuple[Fraction, Fraction] | None:
    """Returns the place that an "EXIF" part states.

    Returns:
        Degrees north and east, or None where it states none that lies on Earth with its directions.
    """
    return _coordinates({p.name: p for p in exif.all("GPS") for p in p.parts})


def field_name(group: str, number: int) -> str:
    """Returns the name of a field in a directory: exifread's, another standard's, or "Tag 0x…"."""
    extra = EXTRA_GPS_NAMES if group == "GPS" else EXTRA_NAMES
    if group == "Interoperability":
        extra = {}
    return tag_name(group, number) or extra.get(number) or f"Tag 0x{number:04X}"


def _note(directories: Iterable[Directory]) -> Field | None:
    found = (d.field(MAKER_NOTE) for d in directories if d.name == "EXIF")
    return next((field for field in found if field), None)


def _tags(window: Window, note: Field | None, *, notes: bool) -> tuple[tuple[Tag, ...], str | None]:
    """What exifread reads, maker notes in their own byte order, and what it could not read."""
    if window.read(2, 2) in _BIG:
        return (), None
    turned = turned_notes(window, note) if note else None
    tags, trouble = read_tags(stream(window, note), notes=notes and turned is None)
    if turned is not None:
        apart, unread = read_tags(turned, notes=True)
        tags += tuple(tag for tag in apart if tag.group == "MakerNote")
        trouble = trouble or unread
    return tags, trouble


def _walked(group: str) -> str:
    """The walker's name of the directory that exifread names `group`."""
    if group == "Thumbnail":
        return "IFD 1"
    return group.removeprefix("EXIF ").replace("SubIFD", "SubIFD ") if "SubIFD" in group else group


def _holder(window: Window, directory: Directory, known: Known, *, pages: bool) -> Part:
    name = _holder_name(directory, pages=pages)
    values = {field_name(directory.name, f.tag): f.values for f in directory.fields}
    fields = [
        *kept(
            _field(window, directory, f, known.get((directory.name, f.tag, f.at)), values)
            for f in directory.fields
            if f.tag not in _POINTERS
        )
    ]
    at, size, meaning, trouble = directory.at, directory.size, "", directory.trouble
    picture = _picture(directory)
    if picture and window.read(picture[0], 2) != _JPEG:
        picture = None
        if name == "Thumbnail":
            trouble = trouble or "It states a JPEG picture at a place where none begins."
    if picture and name == "Thumbnail":
        (at, size), meaning = picture, "A JPEG picture"
        if at + size > window.size:
            trouble = f"It states {size} bytes of picture; {window.size - at} of them are there."
    elif picture:
        fields.append(
            part(window, "Preview", **_placed(window, *picture), meaning="A JPEG picture")
        )
    if name == "GPS":
        place = _coordinates({p.name: p for p in fields})
        if place:
            meaning = f"{float(place[0]):.6f}, {float(place[1]):.6f} (latitude, longitude)"
    return part(
        window,
        name,
        **_placed(window, at, size),
        meaning=meaning,
        trouble=trouble,
        personal=name == "GPS",
        parts=tuple(fields),
    )


def _holder_name(directory: Directory, *, pages: bool) -> str:
    if not directory.name.startswith("IFD "):
        return directory.name
    number = int(directory.name[4:])
    small = directory.field(_JPEG_AT) or (directory.number(_SUBFILE) or 0) & 1
    if number == 1 and (small or not pages):
        return "Thumbnail"
    return f"Page {number + 1}" if pages and not small else directory.name


def _picture(directory: Directory) -> tuple[int, int] | None:
    """Where the directory says that a picture of its own lies, and its size."""
    at, size = directory.number(_JPEG_AT), directory.number(_JPEG_SIZE)
    if at is None and (directory.number(_SUBFILE) or 0) & 1:
        offsets, sizes = directory.field(_STRIPS), directory.field(_STRIP_SIZES)
        if offsets and sizes and offsets.count == sizes.count == 1:
            at, size = directory.number(_STRIPS), directory.number(_STRIP_SIZES)
    return (at, size) if at and size and at > 0 and size > 0 else None


class _Place(TypedDict, total=False):
    start: int
    size: int


def _placed(window: Window, at: int, size: int) -> _Place:
    """Where a part lies, unless what states it points outside the window."""
    return {"start": at, "size": min(size, window.size - at)} if 0 <= at <= window.size else {}


def _field(
    window: Window,
    directory: Directory,
    field: Field,
    tag: Tag | None,
    beside: Mapping[str, Values],
) -> Part:
    name = field_name(directory.name, field.tag)
    trouble = field.trouble
    values = text_of(name, field.kind, field.values)
    if tag is not None and field.whole and values is field.values and tag.values:
        theirs: Values = tag.values
        own = tuple(values) if isinstance(values, bytes) else values
        if theirs != own and render(name, theirs) != render(name, own):
            trouble = trouble or "Two readers of this field disagree on its value."
        values = theirs
    value = render(name, values)
    meaning = _looked_up(tag, value) or explain(name, values, beside)
    if value is None and not meaning:
        what = "bytes" if field.kind in (1, 6, 7) else "numbers"
        meaning = f"{field.count} {what}" if field.count else "Empty"
    return part(
        window,
        name,
        value,
        **_placed(window, field.at, field.size),
        meaning=meaning,
        trouble=trouble,
        personal=directory.name == "GPS" or personal(name),
    )


def _looked_up(tag: Tag | None, value: int | str | None) -> str:
    """What exifread's tables say of a whole number, where they say more than the number."""
    if tag is None or not isinstance(value, int) or tag.meaning == str(value):
        return ""
    return well_formed(tag.meaning[:MAX_TEXT])


def _maker_note(window: Window, field: Field, parts: tuple[Part, ...]) -> Part:
    """The holder of the maker's own fields; exifread does not say where in it they lie."""
    begins = field.values[:12] if isinstance(field.values, bytes) else b""
    maker = begins.split(b"\0", 1)[0]
    known = len(maker) > 3 and all(0x20 <= byte < 0x7F for byte in maker)
    return part(
        window,
        "MakerNote",
        **_placed(window, field.at, field.size),
        meaning="The maker's own fields" + (f", marked “{maker.decode()}”" if known else ""),
        trouble=field.trouble,
        parts=parts,
    )


def _note_field(window: Window, tag: Tag) -> Part:
    value = render(tag.name, tag.values)
    meaning = _looked_up(tag, value)
    if tag.meaning and not isinstance(value, int):
        value = tag.meaning
    if value is None:
        meaning = f"{len(tag.values)} numbers" if tag.values else "Not shown: many numbers, or none"
    return part(window, tag.name, value, meaning=meaning, personal=personal(tag.name))


def _coordinates(fields: Mapping[str, Part]) -> tuple[Fraction, Fraction] | None:
    found = []
    for name, positive, negative, limit in (
        ("Latitude", "N", "S", 90),
        ("Longitude", "E", "W", 180),
    ):
        stated, side = fields.get(f"GPS{name}"), fields.get(f"GPS{name}Ref")
        size = angle(str(stated.value)) if stated else None
        way = str(side.value).strip().upper() if side else ""
        if size is None or size > limit or way not in (negative, positive):
            return None
        found.append(-size if way == negative else size)
    return found[0], found[1]
