"""Makers' own fields in forms that exifread takes for others: Casio, Olympus, Panasonic, Pentax, Sony.

Each is a TIFF directory behind a mark; what its offsets are counted from differs. Marks, offsets and
names are those that ExifTool's documentation of maker notes publishes. Only fields that say which device,
lens, program or person it was are named; the rest is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from forensics.inside.exifvalues import personal, render, text_of
from forensics.inside.ifd import Directory, Field, read_directory
from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.model import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How a maker writes: the directory is `start` bytes into the note.

    `own` says that offsets are counted from the note's beginning; `order` is the byte order where the
    form fixes it, or None where it is that of the block. `names` are the fields that are shown, `below`
    the names of those in a directory that a field points to.
    """

    start: int
    own: bool = False
    order: str | None = None
    names: Mapping[int, str]
    below: Mapping[int, Mapping[int, str]]


_OLYMPUS: Final = {0x0207: "CameraType", 0x0209: "CameraID", 0x0404: "SerialNumber"}
_OLYMPUS_BELOW: Final = {
    0x2010: {
        0x0100: "CameraType2", 0x0101: "SerialNumber", 0x0102: "InternalSerialNumber",
        0x0104: "BodyFirmwareVersion", 0x0201: "LensType", 0x0202: "LensSerialNumber",
        0x0203: "LensModel", 0x0204: "LensFirmwareVersion",
    },
}  # fmt: skip
_PANASONIC: Final = {
    0x0002: "FirmwareVersion", 0x0025: "InternalSerialNumber", 0x0026: "PanasonicExifVersion",
    0x0051: "LensType", 0x0052: "LensSerialNumber", 0x0053: "AccessoryType",
    0x0054: "AccessorySerialNumber", 0x0065: "Title", 0x0067: "Location", 0x0069: "LocationCountry",
    0x006B: "LocationState", 0x006D: "LocationCity", 0x006F: "LocationLandmark",
}  # fmt: skip
_PENTAX: Final = {
    0x0005: "PentaxModelID", 0x0006: "Date", 0x0007: "Time", 0x003F: "LensType",
    0x0215: "CameraInfo", 0x0229: "SerialNumber", 0x0023: "HometownCity", 0x0024: "DestinationCity",
}  # fmt: skip
_SONY: Final = {
    0x2031: "SerialNumber", 0xB001: "SonyModelID", 0xB027: "LensID", 0xB02A: "LensSpec",
    0xB020: "CreativeStyle", 0x2027: "FocusLocation",
}  # fmt: skip
_CASIO: Final = {0x3006: "HometownCity"}

_FORMS: Final = (
    (b"QVC\0", _Form(start=6, names=_CASIO, below={})),
    (b"OLYMPUS\0II", _Form(start=12, own=True, order="<", names=_OLYMPUS, below=_OLYMPUS_BELOW)),
    (b"OLYMPUS\0MM", _Form(start=12, own=True, order=">", names=_OLYMPUS, below=_OLYMPUS_BELOW)),
    (b"OM SYSTEM\0\0\0II", _Form(start=16, own=True, order="<", names=_OLYMPUS, below=_OLYMPUS_BELOW)),
    (b"Panasonic\0", _Form(start=12, names=_PANASONIC, below={})),
    (b"AOC\0II", _Form(start=6, order="<", names=_PENTAX, below={})),
    (b"AOC\0MM", _Form(start=6, order=">", names=_PENTAX, below={})),
    (b"PENTAX \0II", _Form(start=10, own=True, order="<", names=_PENTAX, below={})),
    (b"PENTAX \0MM", _Form(start=10, own=True, order=">", names=_PENTAX, below={})),
    (b"SONY DSC \0", _Form(start=12, names=_SONY, below={})),
    (b"SONY CAM \0", _Form(start=12, names=_SONY, below={})),
)  # fmt: skip


def read_notes(window: Window, note: Field) -> tuple[Part, ...] | None:
    """Reads maker notes of a form that is known here.

    Args:
        window: The whole TIFF structure.
        note: The field of the maker notes.

    Returns:
        Their fields, a JPEG picture among them as "Preview"; None where exifread is to read them.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    begins = note.values if isinstance(note.values, bytes) else b""
    form = next((form for mark, form in _FORMS if begins.startswith(mark)), None)
    if form is None:
        return None
    order = form.order or ("<" if window.read(0, 2) == b"II" else ">")
    counted = window.inner(note.at) if form.own else window
    at = form.start if form.own else note.at + form.start
    directory = read_directory(counted, at, order, "MakerNote")
    parts = list(_fields(counted, directory, form.names))
    for tag, names in form.below.items():
        start = _start(directory, tag)
        if start is not None:
            parts.extend(
                _fields(counted, read_directory(counted, start, order, "MakerNote"), names)
            )
    if directory.trouble:
        parts.append(part(window, "directory", trouble=directory.trouble))
    return tuple(parts)


def _start(directory: Directory, tag: int) -> int | None:
    """Where the directory that a field holds or points to begins."""
    field = directory.field(tag)
    if field is None:
        return None
    return directory.number(tag) if field.kind in (4, 13) and field.count == 1 else field.at


def _fields(window: Window, directory: Directory, names: Mapping[int, str]) -> Iterator[Part]:
    hidden = 0
    for field in directory.fields:
        name = names.get(field.tag)
        if window.read(field.at, 3) == b"\xff\xd8\xff" and field.size > 100:
            yield _part(window, field, "Preview", None, "A JPEG picture")
        elif name is None:
            hidden += 1
        else:
            value = render(name, text_of(name, field.kind, field.values))
            yield _part(window, field, name, value.strip() if isinstance(value, str) else value, "")
    if hidden:
        yield part(window, "other fields", hidden, meaning="Fields that are not shown")


def _part(window: Window, field: Field, name: str, value: int | str | None, meaning: str) -> Part:
    inside = 0 <= field.at <= window.size
    return part(
        window,
        name,
        value,
        start=field.at if inside else None,
        size=field.size if inside else None,
        meaning=meaning if value is not None or meaning else f"{field.count} numbers",
        trouble=field.trouble,
        personal=personal(name) or "City" in name,
    )
