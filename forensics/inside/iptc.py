"""IPTC-IIM: caption, by-line, dates and places as news desks have written them since 1991.

IPTC-NAA Information Interchange Model, version 4.2, chapters 1 (data sets) and 5 to 6 (their meaning).
"""

from __future__ import annotations

from typing import Final

from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.model import Part

MAX_SETS: Final = 2000
_MARK: Final = 0x1C
_UTF8: Final = b"\x1b%G"
"""ISO 2022 escape sequence that 1:90 states for UTF-8."""

_ENVELOPE: Final = {
    0: "EnvelopeRecordVersion",
    5: "Destination",
    20: "FileFormat",
    22: "FileVersion",
    30: "ServiceIdentifier",
    40: "EnvelopeNumber",
    50: "ProductID",
    60: "EnvelopePriority",
    70: "DateSent",
    80: "TimeSent",
    90: "CodedCharacterSet",
    100: "UniqueObjectName",
    120: "ARMIdentifier",
    122: "ARMVersion",
}
_APPLICATION: Final = {
    0: "ApplicationRecordVersion",
    3: "ObjectTypeReference",
    4: "ObjectAttributeReference",
    5: "ObjectName",
    7: "EditStatus",
    8: "EditorialUpdate",
    10: "Urgency",
    12: "SubjectReference",
    15: "Category",
    20: "SupplementalCategories",
    22: "FixtureIdentifier",
    25: "Keywords",
    26: "ContentLocationCode",
    27: "ContentLocationName",
    30: "ReleaseDate",
    35: "ReleaseTime",
    37: "ExpirationDate",
    38: "ExpirationTime",
    40: "SpecialInstructions",
    42: "ActionAdvised",
    45: "ReferenceService",
    47: "ReferenceDate",
    50: "ReferenceNumber",
    55: "DateCreated",
    60: "TimeCreated",
    62: "DigitalCreationDate",
    63: "DigitalCreationTime",
    65: "OriginatingProgram",
    70: "ProgramVersion",
    75: "ObjectCycle",
    80: "By-line",
    85: "By-lineTitle",
    90: "City",
    92: "Sub-location",
    95: "Province-State",
    100: "Country-PrimaryLocationCode",
    101: "Country-PrimaryLocationName",
    103: "OriginalTransmissionReference",
    105: "Headline",
    110: "Credit",
    115: "Source",
    116: "CopyrightNotice",
    118: "Contact",
    120: "Caption-Abstract",
    121: "LocalCaption",
    122: "Writer-Editor",
    125: "RasterizedCaption",
    130: "ImageType",
    131: "ImageOrientation",
    135: "LanguageIdentifier",
    184: "JobID",
    185: "MasterDocumentID",
    186: "ShortDocumentID",
    187: "UniqueDocumentID",
    188: "OwnerID",
    200: "ObjectPreviewFileFormat",
    201: "ObjectPreviewFileVersion",
    202: "ObjectPreviewData",
    221: "Prefs",
    225: "ClassifyState",
    228: "SimilarityIndex",
    230: "DocumentNotes",
    231: "DocumentHistory",
    232: "ExifCameraInfo",
}
_NAMES: Final = {1: _ENVELOPE, 2: _APPLICATION}
_NUMBERS: Final = {(1, 0), (1, 20), (1, 22), (1, 122), (2, 0), (2, 200), (2, 201)}
_BINARY: Final = {(2, 125), (2, 202)}
_PERSONAL: Final = {
    *(
        (2, n)
        for n in (5, 25, 26, 27, 40, 80, 85, 90, 92, 95, 100, 101, 103, 105, 110, 115, 116, 118)
    ),
    *((2, n) for n in (120, 121, 122, 184, 188, 230, 231)),
}


def read_iptc(window: Window) -> Part:
    """Reads a block of data sets: a part "IPTC" with a part for each, named as IIM names it.

    Text is UTF-8 where 1:90 says so or the bytes are UTF-8, and Latin-1 otherwise.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    data = window.read()
    sets: list[Part] = []
    trouble = None
    position = 0
    while position < len(data):
        if data[position] != _MARK:
            rest = data[position:]
            if rest.strip(b"\0"):
                trouble = f"{len(rest)} bytes at its end are not data sets."
            break
        if len(sets) == MAX_SETS:
            trouble = f"It holds more than the {MAX_SETS} data sets that are read."
            break
        if position + 5 > len(data):
            trouble = "Its last data set is cut off."
            break
        record, number = data[position + 1], data[position + 2]
        start, size = _extent(data, position)
        wrong = None
        if start + size > len(data):
            wrong = f"It states {size} bytes; {max(0, len(data) - start)} are left."
            size = max(0, len(data) - start)
        sets.append(_data_set(window, record, number, start, data[start : start + size], wrong))
        position = start + size
    return part(
        window,
        "IPTC",
        start=0,
        size=window.size,
        meaning="Caption, credit, dates and places in the way of news desks (IPTC-IIM)",
        trouble=trouble,
        parts=tuple(sets),
    )


def _extent(data: bytes, position: int) -> tuple[int, int]:
    """Where the value begins, and its stated size: two bytes, or as many as they say (IIM 1.5)."""
    size = int.from_bytes(data[position + 3 : position + 5], "big")
    if not size & 0x8000:
        return position + 5, size
    count = size & 0x7FFF
    start = position + 5 + count
    return start, int.from_bytes(data[position + 5 : start], "big")


def _data_set(
    window: Window, record: int, number: int, start: int, data: bytes, trouble: str | None
) -> Part:
    name = _NAMES.get(record, {}).get(number, f"{record}:{number}")
    value: int | str | None
    meaning = "" if name != f"{record}:{number}" else "Not named by IIM 4.2"
    if (record, number) in _BINARY:
        value = None
    elif (record, number) in _NUMBERS:
        value = int.from_bytes(data[:8], "big")
    elif (record, number) == (1, 90):
        value = "UTF-8" if data == _UTF8 else data[:32].hex(" ")
    elif record in _NAMES or data.isascii():
        value = _text(data)
    else:
        value, meaning = None, "Binary, not named by IIM 4.2"
    return part(
        window,
        name,
        value,
        start=start,
        size=len(data),
        meaning=meaning,
        trouble=trouble,
        personal=(record, number) in _PERSONAL,
    )


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8").rstrip("\0")
    except UnicodeDecodeError:
        return data.decode("latin-1").rstrip("\0")
