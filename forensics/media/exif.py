"""EXIF as stated by a picture. The only module that imports exifread.

exifread raises on some damaged blocks; here that becomes a sentence beside what could be read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO, Final

import exifread
from exifread.tags import exif as names

from forensics.errors import LimitExceeded

MAX_READS: Final = 20_000
"""Reads of a block: exifread makes one for every number, and trusts the counts that a block states.

Blocks of cameras take up to 2,500.
"""
MAX_BYTES: Final = 64 << 20
logging.getLogger("exifread").setLevel(
    logging.CRITICAL
)  # it logs hostile text; outcomes say what failed


Number = int | float | Fraction | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One field as exifread reads it.

    Attributes:
        group: Its directory as exifread names it ("Image", "EXIF", "MakerNote").
        name: Its name; "Tag 0x…" where exifread knows none.
        number: Its number; 0 for what lies within another field.
        values: Text, or numbers, of which a ratio without a value is its text ("0/0").
        meaning: What exifread's tables say of the value; empty where they say nothing.
        at: Where in the block its value begins; within maker notes often counted from elsewhere.
    """

    group: str
    name: str
    number: int
    values: str | tuple[Number, ...]
    meaning: str
    at: int


def read_tags(block: BinaryIO, *, notes: bool) -> tuple[tuple[Tag, ...], str | None]:
    """Reads every field of a TIFF structure.

    Args:
        block: From the byte order mark on.
        notes: Maker notes, too.

    Returns:
        The fields in the order in which exifread meets them, and what kept it from reading all of
        them, or None. Reads are bounded: a block that states more values than `MAX_READS` gives none.
    """
    trouble = None
    for details in (True, False) if notes else (False,):
        try:
            found: Mapping[str, Any] = exifread.process_file(
                _Counted(block),  # type: ignore[arg-type]  # only read, seek and tell are called
                details=details,
                strict=False,
                extract_thumbnail=False,
            )
            return tuple(_tags(found)), trouble
        except Exception as error:  # noqa: BLE001 - damaged blocks make exifread raise anything
            what = "the block" if not details else "the maker notes"
            trouble = f"exifread could not read {what}: {_reason(error)}."
    return (), trouble


def tag_name(group: str, number: int) -> str:
    """Returns exifread's name of a field outside maker notes, or an empty text."""
    tables = {"GPS": names.GPS_TAGS, "Interoperability": names.INTEROP_TAGS}
    entry = tables.get(group, names.EXIF_TAGS).get(number)
    return str(entry[0]) if entry else ""


class _Counted:
    """A file that ends an endless reading."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._reads = MAX_READS
        self._bytes = MAX_BYTES
        self.seek, self.tell = file.seek, file.tell

    def read(self, count: int = -1) -> bytes:
        data = self._file.read(count)
        self._reads -= 1
        self._bytes -= len(data)
        if self._reads < 0 or self._bytes < 0:
            raise LimitExceeded("It states more values than are read.")
        return data


def _reason(error: Exception) -> str:
    return (
        "it states more values than are read"
        if isinstance(error, LimitExceeded)
        else type(error).__name__
    )


def _tags(found: Mapping[str, Any]) -> Iterable[Tag]:
    for key, tag in found.items():
        group, name = _split(key)
        values = _numbers(tag.values)
        meaning = str(tag.printable) if tag.prefer_printable else ""
        yield Tag(
            group=group,
            name=name,
            number=tag.tag,
            values=values,
            meaning=meaning,
            at=tag.field_offset,
        )


def _split(key: str) -> tuple[str, str]:
    """The two names in "Image Make", "IFD 2 Make", "EXIF SubIFD0 Make", "MakerNote Tag 0x0001"."""
    first, _, rest = key.partition(" ")
    second, _, last = rest.partition(" ")
    if last and (first == "IFD" or second.startswith("SubIFD")):
        return f"{first} {second}", last
    return first, rest


def _numbers(values: Any) -> str | tuple[Number, ...]:
    """What exifread gives as text, bytes, a number, or a list of whole numbers, ratios, 1-tuples."""
    if isinstance(values, str):
        return values
    if isinstance(values, bytes):
        return values.decode("latin-1")
    return tuple(_number(v) for v in (values if isinstance(values, list | tuple) else [values]))


def _number(value: Any) -> Number:
    if isinstance(value, tuple) and len(value) == 1:
        return _number(value[0])
    if isinstance(value, Fraction):  # exifread's Ratio, which may have a zero below the line
        return Fraction(*value.as_integer_ratio()) if value.denominator else f"{value.numerator}/0"
    return value if isinstance(value, int | float) else str(value)
