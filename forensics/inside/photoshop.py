"""Photoshop image resources: what Photoshop, and programs like it, keep beside a picture.

Adobe Photoshop File Formats Specification (November 2019), "Image resource blocks". Found in JPEG
segments APP13, TIFF tag 34377 and PSD files.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from forensics.inside.exif import read_exif_part
from forensics.inside.icc import read_icc
from forensics.inside.iptc import read_iptc
from forensics.inside.making import latin1, part, utf8, utf16
from forensics.inside.window import Window
from forensics.inside.xmp import read_xmp
from forensics.model import Part

MAX_RESOURCES: Final = 1000
MAX_NAMES: Final = 1000
"""Names or addresses read of one resource."""
_SIGNATURES: Final = (b"8BIM", b"PHUT", b"AgHg", b"DCSR", b"MeSa")
_IPTC, _DIGEST = 0x0404, 0x0425
WRITTEN_AGAIN: Final = (
    "Digest of the IPTC block; the block was written again after it by another program"
)
"""Meaning of a digest that does not fit its block."""
_THUMBNAILS: Final = (0x0409, 0x040C)
_NAMES: Final = {
    0x03E9: "MacintoshPrintInfo",
    0x03EA: "MacintoshPageFormat",
    0x03ED: "ResolutionInfo",
    0x03EE: "AlphaChannelsNames",
    0x03F0: "Caption",
    0x03F1: "BorderInformation",
    0x03F2: "BackgroundColor",
    0x03F3: "PrintFlags",
    0x03F4: "GrayscaleHalftoning",
    0x03F5: "ColorHalftoning",
    0x03F6: "DuotoneHalftoning",
    0x03F7: "GrayscaleTransfer",
    0x03F8: "ColorTransferFunctions",
    0x03FD: "EPSOptions",
    0x03FE: "QuickMaskInformation",
    0x0400: "LayerStateInformation",
    0x0401: "WorkingPath",
    0x0402: "LayersGroupInformation",
    0x0404: "IPTC-NAA",
    0x0405: "RawImageMode",
    0x0406: "JPEGQuality",
    0x0408: "GridAndGuides",
    0x0409: "ThumbnailResource",
    0x040A: "CopyrightFlag",
    0x040B: "URL",
    0x040C: "ThumbnailResource",
    0x040D: "GlobalAngle",
    0x040F: "ICCProfile",
    0x0410: "Watermark",
    0x0411: "ICCUntagged",
    0x0412: "EffectsVisible",
    0x0413: "SpotHalftone",
    0x0414: "DocumentIDSeed",
    0x0415: "UnicodeAlphaNames",
    0x0416: "IndexedColorTableCount",
    0x0417: "TransparencyIndex",
    0x0419: "GlobalAltitude",
    0x041A: "Slices",
    0x041B: "WorkflowURL",
    0x041C: "JumpToXPEP",
    0x041D: "AlphaIdentifiers",
    0x041E: "URLList",
    0x0421: "VersionInfo",
    0x0422: "EXIFData1",
    0x0423: "EXIFData3",
    0x0424: "XMPMetadata",
    0x0425: "CaptionDigest",
    0x0426: "PrintScale",
    0x0428: "PixelAspectRatio",
    0x0429: "LayerComps",
    0x042D: "LayerSelectionIDs",
    0x0430: "LayerGroupsEnabledID",
    0x0432: "MeasurementScale",
    0x0433: "TimelineInformation",
    0x0434: "SheetDisclosure",
    0x0436: "OnionSkins",
    0x0438: "CountInformation",
    0x043A: "PrintInformation",
    0x043B: "PrintStyle",
    0x0BB7: "ClippingPathName",
    0x1B58: "ImageReadyVariables",
    0x1B59: "ImageReadyDataSets",
    0x1F40: "LightroomWorkflow",
    0x2710: "PrintFlagsInformation",
}
_FLAGS: Final = (0x040A, 0x0410, 0x0411, 0x0412)
_NUMBERS: Final = (0x040D, 0x0414, 0x0416, 0x0417, 0x0419)
_WRITERS: Final = {
    b"8BIM": "",
    b"PHUT": "of PhotoDeluxe",
    b"AgHg": "of an Agfa program",
    b"DCSR": "of an unnamed program",
    b"MeSa": "of ImageReady",
}
_FORMATS: Final = {0: "standard", 1: "optimised", 0x101: "progressive"}


def read_photoshop(window: Window) -> Part:
    """Reads a sequence of image resources: a part "Photoshop" with a part for each of them.

    IPTC, EXIF, XMP, ICC and the thumbnail are read as what they are. The digest of the IPTC block that
    Photoshop keeps is compared with the block: they differ where another program wrote the block later.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    found: list[Part] = []
    trouble = None
    caption: bytes | None = None
    position = 0
    while position < window.size:
        if len(found) == MAX_RESOURCES:
            trouble = f"It holds more than the {MAX_RESOURCES} resources that are read."
            break
        head = window.read(position, 6 + 256 + 4 + 1)
        if len(head) < 12 or head[:4] not in _SIGNATURES:
            if head.strip(b"\0"):
                trouble = f"{window.size - position} bytes at its end are not image resources."
            break
        name_end = 7 + head[6] + (1 + head[6]) % 2
        size = int.from_bytes(head[name_end : name_end + 4], "big")
        start = position + name_end + 4
        there = max(0, min(size, window.size - start))
        wrong = None if there == size else f"It states {size} bytes; {there} are there."
        number = int.from_bytes(head[4:6], "big")
        body = window.inner(start, there)
        if number == _IPTC:
            caption = body.read()
        writer = _WRITERS[head[:4]]
        found.append(_resource(body, number, utf8(head[7 : 7 + head[6]]), writer, wrong, caption))
        position = start + there + there % 2
    return part(
        window,
        "Photoshop",
        start=0,
        size=window.size,
        meaning="Image resources as Photoshop and programs like it keep them",
        trouble=trouble,
        parts=tuple(found),
    )


def _resource(
    body: Window,
    number: int,
    own_name: str,
    writer: str,
    trouble: str | None,
    caption: bytes | None,
) -> Part:
    name = _NAMES.get(
        number, "PathInformation" if 0x07D0 <= number <= 0x0BB6 else f"0x{number:04X}"
    )
    value: int | str | None = None
    meaning = ""
    parts: tuple[Part, ...] = ()
    if number == _DIGEST:
        value, meaning = _caption_digest(body.read(0, 16), caption)
    elif number in _READ:
        parts = (_READ[number](body),)
    elif number in _THUMBNAILS:
        parts = tuple(_thumbnail(body, number))
    elif number in _SAYS:
        value, meaning = _SAYS[number](body.read(0, 4096))
    elif number in _FLAGS:
        value = int.from_bytes(body.read(0, 1), "big")
        meaning = "Yes" if value else "No"
    elif number in _NUMBERS:
        value = int.from_bytes(body.read(0, 4), "big", signed=True)
    elif number in _TEXTS:
        value = utf8(body.read(0, 8192))
    elif number in _LISTS:
        parts = tuple(islice(_LISTS[number](body), MAX_NAMES))
    if own_name:
        meaning = f"{meaning}; named “{own_name[:255]}”" if meaning else f"Named “{own_name[:255]}”"
    if writer:
        meaning = f"{meaning}; a resource {writer}" if meaning else f"A resource {writer}"
    return part(
        body, name, value, start=0, size=body.size, meaning=meaning, trouble=trouble,
        personal=number in _PERSONAL, parts=parts,
    )  # fmt: skip


_TEXTS: Final = (0x040B, 0x0BB7, 0x1B58, 0x1F40)
_PERSONAL: Final = (0x03F0, 0x040B, 0x041B, 0x041E)


def _caption_digest(stated: bytes, caption: bytes | None) -> tuple[str, str]:
    """The MD5 of the IPTC block as it was when Photoshop last wrote it."""
    text = stated.hex()
    if not any(stated):
        return text, "All zero: the IPTC block was not there, or its digest was not made"
    if stated == hashlib.md5(b"", usedforsecurity=False).digest():
        return text, "Digest of nothing: there was no IPTC block when Photoshop wrote it"
    if caption is None:
        return text, "Digest of an IPTC block that this file no longer carries before it"
    if hashlib.md5(caption, usedforsecurity=False).digest() == stated:
        return text, "Digest of the IPTC block; it holds"
    return text, WRITTEN_AGAIN


def _quality(data: bytes) -> tuple[int | None, str]:
    """Quality as Photoshop's dialogue shows it, 0 to 12; stored from -4 to 8."""
    if len(data) < 4:
        return None, ""
    quality, form = struct.unpack(">hH", data[:4])
    return quality + 4, f"Photoshop's quality from 0 to 12; {_FORMATS.get(form, f'format {form}')}"


def _resolution(data: bytes) -> tuple[str | None, str]:
    if len(data) < 16:
        return None, ""
    across, unit, _, down = struct.unpack(">IHHI", data[:12])
    return f"{across / 65536:g} × {down / 65536:g}", (
        "Pixels per inch; shown per centimetre" if unit == 2 else "Pixels per inch"
    )


def _version(data: bytes) -> tuple[str | None, str]:
    """Version, whether there is a flattened picture, and the names of writer and reader."""
    if len(data) < 9:
        return None, ""
    names, position = [], 5
    for _ in range(2):
        count = int.from_bytes(data[position : position + 4], "big")
        names.append(utf16(data[position + 4 : position + 4 + 2 * count]))
        position += 4 + 2 * min(count, len(data))
    return names[0], f"Program that wrote it; made to be read by {names[1]}"


def _aspect(data: bytes) -> tuple[str | None, str]:
    if len(data) < 12:
        return None, ""
    return f"{struct.unpack('>d', data[4:12])[0]:g}", "Width to height of a pixel"


def _slices(data: bytes) -> tuple[str | None, str]:
    """Versions 6 to 8 begin with a rectangle and the document's name as it was when it was sliced."""
    if len(data) < 24:
        return None, ""
    version, top, left, bottom, right, count = struct.unpack(">I4iI", data[:24])
    if version != 6:
        return None, f"Slices of version {version}"
    return utf16(data[24 : 24 + 2 * count]), (
        f"Name of the document, {right - left} × {bottom - top} pixels when this was written"
    )


_SAYS: Final[dict[int, Callable[[bytes], tuple[int | str | None, str]]]] = {
    0x03ED: _resolution,
    0x03F0: lambda data: (latin1(data[1 : 1 + data[0]]) if data else None, "Caption"),
    0x0406: _quality,
    0x041A: _slices,
    0x0421: _version,
    0x0428: _aspect,
}


_READ: Final[dict[int, Callable[[Window], Part]]] = {
    _IPTC: read_iptc,
    0x040F: read_icc,
    0x0422: read_exif_part,
    0x0423: read_exif_part,
    0x0424: read_xmp,
}


def _thumbnail(body: Window, number: int) -> Iterator[Part]:
    """A header of 28 bytes, then a JPEG picture (form 1) or rows of RGB (form 0)."""
    head = body.read(0, 28)
    if len(head) < 28:
        yield part(body, "Thumbnail", trouble="Its header is cut off.")
        return
    form, width, height, row, _, packed, bits, _ = struct.unpack(">6I2H", head)
    colours = "; red and blue are exchanged, as Photoshop 4 wrote it" if number == 0x0409 else ""
    picture = body.inner(28)
    yield part(
        picture,
        "Thumbnail",
        start=0,
        size=picture.size,
        meaning=(
            f"JPEG, {width} × {height} pixels"
            if form == 1
            else f"{width} × {height} pixels, {row} bytes a row"
        )
        + colours,
        trouble=None
        if form != 1 or packed <= picture.size
        else f"It states {packed} bytes; {picture.size} are there.",
        parts=(
            part(body, "Width", width, start=4, size=4),
            part(body, "Height", height, start=8, size=4),
            part(body, "BitsPerPixel", bits, start=24, size=2),
            part(body, "ChannelOrder", "BGR" if number == 0x0409 else "RGB"),
        ),
    )


def _names(body: Window) -> Iterator[Part]:
    """Pascal strings one after another: the names of alpha channels."""
    data, position = body.read(0, 1 << 16), 0
    while position < len(data):
        size = data[position]
        yield part(
            body,
            "Name",
            utf8(data[position + 1 : position + 1 + size]),
            start=position,
            size=1 + size,
        )
        position += 1 + size


def _unicode_names(body: Window) -> Iterator[Part]:
    data, position = body.read(0, 1 << 16), 0
    while position + 4 <= len(data):
        size = 2 * int.from_bytes(data[position : position + 4], "big")
        text = data[position + 4 : position + 4 + size]
        yield part(body, "Name", utf16(text), start=position, size=4 + len(text))
        position += 4 + size


def _addresses(body: Window) -> Iterator[Part]:
    """A count; then for each address four bytes, an id, and a Unicode string."""
    data, position = body.read(0, 1 << 16), 4
    for _ in range(int.from_bytes(data[:4], "big")):
        if position + 12 > len(data):
            return
        size = 2 * int.from_bytes(data[position + 8 : position + 12], "big")
        text = data[position + 12 : position + 12 + size]
        yield part(body, "URL", utf16(text), start=position, size=12 + len(text), personal=True)
        position += 12 + size


_LISTS: Final[dict[int, Callable[[Window], Iterator[Part]]]] = {
    0x03EE: _names,
    0x0415: _unicode_names,
    0x041E: _addresses,
}
