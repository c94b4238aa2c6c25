"""Does what a file states of its device fit its lens, its size, its tables, and the copies of its fields?

Sources: CIPA DC-008 section 4.6.5 (PixelXDimension and PixelYDimension are those of the compressed picture,
so that a device states the size that it writes), the Metadata Working Group's guidelines 2.0 section 5 and
the IPTC Photo Metadata Standard (which fields of EXIF, IPTC and XMP are copies of one another; those of IPTC
are cut to 32 bytes or fewer), `forensics.inside.quantisation` for tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from forensics.inside.quantisation import Table, estimate
from forensics.inside.summary import Fact
from forensics.model import Part

PADDING: Final = 16
"""Pixels that a stored picture may differ from the stated one: encoders fill up blocks, cameras cut them."""
_COPIES: Final = (
    ("make", "Image Make", "tiff:Make"),
    ("model", "Image Model", "tiff:Model"),
    ("make", "com.apple.quicktime.make", "©mak"),
    ("model", "com.apple.quicktime.model", "©mod"),
    ("lens", "EXIF LensModel", "exifEX:LensModel"),
    ("orientation", "Image Orientation", "tiff:Orientation"),
    ("place-name", "IPTC Sub-location", "Iptc4xmpCore:Location"),
    ("place-name", "IPTC City", "photoshop:City"),
    ("place-name", "IPTC Province-State", "photoshop:State"),
    ("place-name", "IPTC Country-PrimaryLocationName", "photoshop:Country"),
)
_MAKERS: Final[Mapping[str, str]] = {
    "canon": "canon",
    "nikon": "nikon",
    "iphone": "apple",
    "ipad": "apple",
    "olympus": "olympus",
    "pentax": "pentax|ricoh|asahi",
    "fujifilm": "fuji",
    "kodak": "kodak",
    "galaxy": "samsung",
    "pixel": "google",
    "leica": "leica|panasonic",
    "hasselblad": "hasselblad|dji",
}
"""First words of models that one maker uses, and how its name is written."""
_PHONE_LENS: Final = re.compile(
    r"(?P<model>(?:iPhone|iPad|Pixel)\b.*?) (?:back|front|rear)\b", re.IGNORECASE | re.ASCII
)
"""iPhones and Pixels name themselves in the name of their lens."""
_SIZES: Final = (
    ("EXIF", "ExifImageWidth", "ExifImageLength"),
    ("XMP", "exif:PixelXDimension", "exif:PixelYDimension"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """Two statements that do not fit each other.

    Attributes:
        what: Role of both, "lens" or "size".
        one: Field and value.
        other: Field and value.
    """

    what: str
    one: tuple[str, str]
    other: tuple[str, str]


def copies_apart(facts: Sequence[Fact]) -> Iterator[Mismatch]:
    """Yields copies of one field that say different things."""
    for role, first, second in _COPIES:
        one, other = _value(facts, first), _value(facts, second)
        if one and other and not _alike(one, other):
            yield Mismatch(what=role, one=(first, one), other=(second, other))


def device_apart(facts: Sequence[Fact]) -> Iterator[Mismatch]:
    """Yields a lens that names another device, and a model that another maker uses."""
    for make_field, model_field, lens_field in (
        ("Image Make", "Image Model", "EXIF LensModel"),
        ("tiff:Make", "tiff:Model", "exifEX:LensModel"),
        (
            "com.apple.quicktime.make",
            "com.apple.quicktime.model",
            "com.apple.quicktime.camera.lens_model",
        ),
    ):
        make, model, lens = (_value(facts, f) for f in (make_field, model_field, lens_field))
        named = _PHONE_LENS.match(lens)
        if model and named and not _alike(named["model"], model, exactly=True):
            yield Mismatch(what="lens", one=(model_field, model), other=(lens_field, lens))
        first = re.split(r"[\s\d_-]", model.lower(), maxsplit=1)[0] if model else ""
        if make and first in _MAKERS and not re.search(_MAKERS[first], make.lower()):
            yield Mismatch(what="make", one=(make_field, make), other=(model_field, model))


def size_apart(tree: Part, width: int, height: int) -> Mismatch | None:
    """Returns the size that EXIF, or else XMP, states where the picture has another, lying or standing.

    Args:
        tree: What the file carries.
        width: Of the stored picture, in pixels.
        height: Likewise.
    """
    for block, across, down in _SIZES:
        stated = [_number(tree, block, name) for name in (across, down)]
        if not all(stated):
            continue
        apart = max(
            abs(a - b) for a, b in zip(sorted(stated), sorted((width, height)), strict=True)
        )
        if apart <= PADDING:
            return None
        return Mismatch(
            what="size",
            one=(f"{block} {across}".removeprefix("XMP "), f"{stated[0]} × {stated[1]}"),
            other=("picture", f"{width} × {height}"),
        )
    return None


def foreign_tables(tree: Part) -> str:
    """Returns whose quantisation tables the picture has where they are known and no device's, or nothing.

    The tables of the Independent JPEG Group and of mozjpeg are used by devices and programs alike.
    """
    for outer in tree.parts:
        if outer.name != "JPEG":
            continue
        for held in outer.parts:
            for table in held.parts if held.name == "DQT" else ():
                numbers = _table(table)
                found = estimate(numbers) if numbers else None
                if found and not found.exact and re.search("Photoshop|ffmpeg", found.family):
                    return found.family.partition("equals ")[2]
    return ""


def _table(part: Part) -> Table:
    words = str(part.value or "").split()
    if len(words) != 64 or not all(w.isascii() and w.isdigit() for w in words):
        return ()
    return tuple(int(w) for w in words)


def _value(facts: Sequence[Fact], field: str) -> str:
    return next((f.value for f in facts if f.field == field), "")


def _number(tree: Part, block: str, name: str) -> int:
    """A number that the file states of its own picture, not of one embedded in it; 0 for none."""
    for path, part in tree.walk():
        if path[-1] == name and block in path and {"Thumbnail", "Preview"}.isdisjoint(path):
            text = str(part.value or "").strip()
            return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0
    return 0


def _alike(one: str, other: str, *, exactly: bool = False) -> bool:
    """Whether two texts say the same, but for case, spaces, letters beyond ASCII, and where one is cut."""
    a, b = (" ".join(text.casefold().split()) for text in (one, other))
    if a == b:
        return True
    if not (a.isascii() and b.isascii()):
        return not exactly  # IPTC often does not say which character set it is in
    return not exactly and (a.startswith(b) or b.startswith(a))
