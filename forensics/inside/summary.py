"""What a file states of its device, dates, place, programs and people, wherever its format keeps that.

One table says which field of which format states what. All of it is the file's own word.

Sources: CIPA DC-008 (EXIF), ISO 16684-1 and Adobe's XMP specification part 2, IPTC-IIM 4.2 and the IPTC Photo
Metadata Standard, the PNG specification section 11.3.3, ISO/IEC 14496-12, Apple's QuickTime File Format and
metadata keys, Android's media metadata, RFC 9559 (Matroska), ID3v2.4, the Vorbis comment field names,
ISO 32000-1 section 14.3.3, EBU Tech 3285, GPX 1.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from forensics.inside.encoders import areas, encoders
from forensics.inside.generators import generator_statements
from forensics.inside.places import FIELDS, places, satellite_time
from forensics.model import Part

MAX_AREAS: Final = 20
"""Areas that are told; a PDF can hold any number of maps."""
MAX_HISTORY: Final = 200
"""Steps of a history that are told; the tree has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that a field states.

    Attributes:
        role: What it is about: one of `ROLES`.
        field: The field, as its format names it, with the block that it stands in.
        value: As stated.
        zone: For a date, its zone where the format keeps it in a field of its own.
        personal: It may name or locate a person.
    """

    role: str
    field: str
    value: str
    zone: str | None = None
    personal: bool = False


_TABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "make": (
        "Image Make",
        "tiff:Make",
        "com.apple.quicktime.make",
        "com.android.manufacturer",
        "make",
        "©mak",
        "MAKE",
    ),
    "model": (
        "Image Model",
        "tiff:Model",
        "com.apple.quicktime.model",
        "com.android.model",
        "model",
        "©mod",
        "MODEL",
    ),
    "lens": (
        "EXIF LensModel",
        "exifEX:LensModel",
        "aux:Lens",
        "com.apple.quicktime.camera.lens_model",
    ),
    "serial": (
        "EXIF BodySerialNumber",
        "EXIF LensSerialNumber",
        "MakerNote SerialNumber",
        "aux:SerialNumber",
        "exifEX:BodySerialNumber",
    ),
    "software": (
        "Image Software",
        "Image ProcessingSoftware",
        "xmp:CreatorTool",
        "tiff:Software",
        "tiff:software",
        "pdf:Producer",
        "IPTC OriginatingProgram",
        "com.apple.quicktime.software",
        "software",
        "encoder",
        "Software",
        "Producer",
        "Creator",
        "©swr",
        "©too",
        "©enc",
        "MuxingApp",
        "WritingApp",
        "ENCODER",
        "VORBIS_COMMENT vendor",
        "comments vendor",
        "TSSE",
        "TENC",
        "ISFT",
        "creator",
        "generator",
        "Program",
    ),
    "captured": (
        "EXIF DateTimeOriginal",
        "exif:DateTimeOriginal",
        "photoshop:DateCreated",
        "IPTC DateCreated",
        "com.apple.quicktime.creationdate",
        "DATE_RECORDED",
        "IDIT",
    ),
    "digitized": (
        "EXIF DateTimeDigitized",
        "exif:DateTimeDigitized",
        "IPTC DigitalCreationDate",
        "DATE_DIGITIZED",
    ),
    "created": (
        "xmp:CreateDate",
        "mvhd creation",
        "creation_time",
        "CREATION_TIME",
        "©day",
        "dc:date",
        "CreationDate",
        "Creation Time",
        "DateUTC",
        "ICRD",
        "TDRC",
        "TDEN",
        "date",
        "DATE",
    ),
    "modified": (
        "Image DateTime",
        "xmp:ModifyDate",
        "xmp:MetadataDate",
        "tiff:DateTime",
        "mvhd modification",
        "ModDate",
        "tIME",
    ),
    "orientation": ("Image Orientation", "tiff:Orientation"),
    "altitude": ("GPS GPSAltitude", "exif:GPSAltitude"),
    "place-name": (
        "IPTC Sub-location",
        "IPTC City",
        "IPTC Province-State",
        "IPTC Country-PrimaryLocationName",
        "Iptc4xmpCore:Location",
        "photoshop:City",
        "photoshop:State",
        "photoshop:Country",
        "com.apple.quicktime.location.name",
    ),
    "author": (
        "Image Artist",
        "EXIF CameraOwnerName",
        "dc:creator",
        "tiff:Artist",
        "aux:OwnerName",
        "IPTC By-line",
        "artist",
        "author",
        "Author",
        "ARTIST",
        "TPE1",
        "IART",
        "©ART",
        "©aut",
        "com.apple.quicktime.author",
        "com.apple.quicktime.artist",
    ),
    "rights": (
        "Image Copyright",
        "dc:rights",
        "IPTC CopyrightNotice",
        "IPTC Credit",
        "photoshop:Credit",
        "Copyright",
        "COPYRIGHT",
        "TCOP",
        "ICOP",
        "©cpy",
        "copyright",
        "cprt",
    ),
    "source": (
        "IPTC Source",
        "photoshop:Source",
        "dc:source",
        "Source",
    ),
    "description": (
        "Image ImageDescription",
        "EXIF UserComment",
        "dc:title",
        "dc:description",
        "tiff:ImageDescription",
        "photoshop:Headline",
        "IPTC ObjectName",
        "IPTC Headline",
        "IPTC Caption-Abstract",
        "title",
        "Title",
        "TITLE",
        "TIT2",
        "INAM",
        "©nam",
        "comment",
        "Comment",
        "COMMENT",
        "COMM",
        "ICMT",
        "©cmt",
        "Description",
        "ilst description",
        "desc",
        "©des",
        "Subject",
        "DESCRIPTION",
    ),
    "origin": ("Iptc4xmpExt:DigitalSourceType",),
}
ROLES: Final = (
    *_TABLE,
    "satellite",
    "place",
    "encoder",
    "area",
    "history",
    "generator",
    "credential",
)
DATES: Final = ("captured", "digitized", "created", "modified", "satellite")
_PERSONAL: Final = frozenset(
    {"serial", "author", "description", "place", "place-name", "altitude", "rights", "source"}
)
_ROLE: Final = {field: role for role, names in _TABLE.items() for field in names}
_ZONES: Final = {
    "EXIF DateTimeOriginal": "EXIF OffsetTimeOriginal",
    "EXIF DateTimeDigitized": "EXIF OffsetTimeDigitized",
    "Image DateTime": "EXIF OffsetTime",
}
_CLOCKS: Final = {
    "IPTC DateCreated": "IPTC TimeCreated",
    "IPTC DigitalCreationDate": "IPTC DigitalCreationTime",
}
_BESIDE: Final = frozenset({*_ZONES.values(), *_CLOCKS.values(), *FIELDS})
"""Fields that are read together with others."""
_ANSWERS: Final = frozenset({"integrity", "signature", "signer trust"})
_BLANK: Final = {"", "unknown", "none", "n/a"}
ASIDE: Final = frozenset(
    {
        *("Preview", "Thumbnail", "Attachments", "C2PA"),
        *("Elements", "Places", "Generations", "Object metadata", "Streams"),
    }
)
"""What lies in these speaks of another picture, place, document or saving, or repeats another part."""


def summarise(tree: Part) -> tuple[Fact, ...]:
    """Returns what a file states, by role in the order of `ROLES`, then by field as the table has them."""
    values: dict[str, list[str]] = {}
    for name, value in _fields(tree):
        values.setdefault(name, []).append(value)
    return (
        *facts_of(values),
        *(Fact(role="encoder", field=f, value=v) for f, v in dict.fromkeys(encoders(tree))),
        *(
            Fact(role="area", field=f, value=v, personal=True)
            for f, v in islice(dict.fromkeys(areas(tree)), MAX_AREAS)
        ),
        *_history(tree),
        *_generators(tree),
        *_credentials(tree),
    )


def facts_of(values: Mapping[str, Sequence[str]]) -> Iterator[Fact]:
    """Yields what fields state, given their values by the names of the table; blank ones state nothing."""
    clean = {
        name: [v for v in (text.strip().strip("\0").strip() for text in texts) if _says(v)]
        for name, texts in values.items()
    }
    values = {name: texts for name, texts in clean.items() if texts}
    first = {name: texts[0] for name, texts in values.items()}
    for role, names in _TABLE.items():
        for field in names:
            for value in dict.fromkeys(values.get(field, ())):
                clock = first.get(_CLOCKS.get(field, ""), "")
                yield _fact(
                    role,
                    field,
                    f"{value} {clock}" if clock else value,
                    first.get(_ZONES.get(field, "")),
                )
    if satellite := satellite_time(first):
        yield _fact("satellite", "GPS GPSDate", satellite, "Z")
    for north, east, field in places(first):
        yield _fact("place", field, f"{north}, {east}")


def _says(value: str) -> bool:
    return value.lower() not in _BLANK


def _fact(role: str, field: str, value: str, zone: str | None = None) -> Fact:
    return Fact(role=role, field=field, value=value, zone=zone, personal=role in _PERSONAL)


def _fields(tree: Part) -> Iterator[tuple[str, str]]:
    """Every field with a value that the table knows, by the table's name, in stored order.

    "Image Make" for a tag of EXIF, "dc:creator" for a property of XMP or an item of a plain list of it,
    "IPTC By-line"; "mvhd creation" or "Producer" for others.
    """
    for path, part in tree.walk():
        if part.value is None or not ASIDE.isdisjoint(path[:-1]):
            continue
        if "XMP" in path:
            names: tuple[str, ...] = (_property(path[path.index("XMP") + 1 :]),)
        else:
            names = (" ".join(path[-3:]), " ".join(path[-2:]), path[-1])
        for name in names:
            if name in _ROLE or name in _BESIDE:
                yield name, str(part.value)
                break


def _property(path: Sequence[str]) -> str:
    """The property that a value of XMP belongs to; none where it lies in a structure."""
    return path[0] if path and not any(":" in step for step in path[1:]) else ""


def _history(tree: Part) -> Iterator[Fact]:
    """Each step of an XMP history, as one line."""
    steps = [step for events in tree.all("xmpMM:History") for step in events.parts]
    for step in steps[:MAX_HISTORY]:
        said = {p.name.removeprefix("stEvt:"): str(p.value) for p in step.parts if p.value}
        text = said.get("action", "step")
        text += f" by {said['softwareAgent']}" if "softwareAgent" in said else ""
        text += f" at {said['when']}" if "when" in said else ""
        yield Fact(role="history", field="xmpMM:History", value=text)


def _generators(tree: Part) -> Iterator[Fact]:
    """What the file says of generative systems."""
    for said in generator_statements(tree):
        field = " ".join(said.field.split(" / ")[-2:])
        yield Fact(role="generator", field=field, value=said.value, personal=said.personal)


def _credentials(tree: Part) -> Iterator[Fact]:
    """The three answers on content credentials, where they were read and checked."""
    for block in tree.parts:
        for part in block.parts if block.name == "C2PA" else ():
            if part.name in _ANSWERS and part.value is not None:
                yield Fact(role="credential", field=f"C2PA {part.name}", value=str(part.value))
