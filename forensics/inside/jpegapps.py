r"""What lies in the application segments of a JPEG file, apart from the blocks with readers of their own.

JFIF 1.02 (ITU-T T.871) sections 10.1 to 10.6; Adobe Technical Note 5116, section 18 (APP14); the "Ducky"
block of Photoshop's "Save for Web" as its files show it. `SIGNATURES` names the others by how they begin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from forensics.inside.making import latin1, part, utf8, utf16
from forensics.inside.window import Window
from forensics.model import Part

_UNITS: Final = {0: "a ratio only", 1: "pixels per inch", 2: "pixels per centimetre"}
_TRANSFORMS: Final = {0: "None: RGB or CMYK", 1: "YCbCr", 2: "YCCK"}

SIGNATURES: Final[tuple[tuple[int, bytes, str, str], ...]] = (
    (0, b"AVI1", "AVI1", "One picture of a Motion JPEG video"),
    (0, b"Ocad", "Ocad", "Photobucket's note"),
    (1, b"FLIR\0", "FLIR", "Thermal data of a FLIR camera"),
    (1, b"PARROT", "Parrot", "Data of a Parrot drone"),
    (1, b"QVCI\0", "QVCI", "Data of a Casio camera"),
    (2, b"FPXR\0", "FPXR", "FlashPix streams"),
    (2, b"urn:iso:std:iso:ts:21496:-1\0", "ISO 21496-1", "Description of an HDR gain map"),
    (3, b"Meta\0", "Meta", "Kodak's metadata"),
    (3, b"META\0", "Meta", "Kodak's metadata"),
    (3, b"Stim\0", "Stim", "Stereoscopic picture"),
    (3, b"_JPSJPS_", "JPS", "Stereoscopic picture (JPS)"),
    (3, b"DJI", "DJI", "Data of a DJI drone"),
    (
        4,
        b"SCALADO\0",
        "Scalado",
        "Index of Scalado's camera software, used by several phone makers",
    ),
    (4, b"QCDA", "Qualcomm", "Dual camera data of a Qualcomm camera"),
    (4, b"FPXR\0", "FPXR", "FlashPix streams"),
    (5, b"RMETA\0", "RMETA", "Ricoh's metadata"),
    (5, b"ssuniqueid\0", "SamsungUniqueID", "Number that a Samsung phone gives the picture"),
    (6, b"EPPIM\0", "EPPIM", "Toshiba's PrintIM"),
    (6, b"NITF\0", "NITF", "National imagery transmission format"),
    (6, b"HP_TDHD\0", "HP_TDHD", "Hewlett-Packard's metadata"),
    (6, b"GoPro\0", "GoPro", "Telemetry of a GoPro camera (GPMF)"),
    (6, b"DTAT\0", "DTAT", "Data of a DJI drone"),
    (7, b"PENTAX \0", "Pentax", "Maker notes of a Pentax camera"),
    (7, b"RICOH\0", "Ricoh", "Maker notes of a Ricoh camera"),
    (7, b"HUAWEI\0", "Huawei", "Maker notes of a Huawei phone"),
    (7, b"\x1aQualcomm Camera Attributes", "Qualcomm", "Attributes of a Qualcomm camera"),
    (8, b"SPIFF\0", "SPIFF", "Still picture interchange file format (ITU-T T.84)"),
    (9, b"Media Jukebox\0", "MediaJukebox", "Note of the program Media Jukebox"),
    (11, b"HDR_RI ", "JPEG-HDR", "Ratio image of JPEG-HDR"),
    (12, b"OLYMPUS OPTICAL", "PictureInfo", "Olympus's metadata"),
    (13, b"Adobe_CM\0", "Adobe_CM", "Adobe's colour management"),
    (15, b"Q ", "GraphicConverter", "Quality as GraphicConverter states it"),
)
"""Segment number, how it begins, name, meaning."""


def read_named(window: Window, number: int) -> Part:
    """Names the block of an application segment by how it begins; keeps a text where it is one."""
    head = window.read(0, 64)
    for segment, start, name, meaning in SIGNATURES:
        if segment == number and head.startswith(start):
            rest = window.read(len(start), 256).strip(b"\0")
            readable = name in {"GraphicConverter", "Ocad", "SamsungUniqueID"} and rest.isascii()
            return part(
                window,
                name,
                latin1(rest) if readable else None,
                start=0,
                size=window.size,
                meaning=meaning,
                personal=name == "SamsungUniqueID",
            )
    data = window.read(0, 4096)
    text = data.rstrip(b"\0\r\n ")
    if text and all(32 <= byte < 127 or byte in b"\t\r\n" for byte in text):
        return part(
            window, "Text", latin1(text), start=0, size=window.size, personal=True,
            meaning="Text in a segment of no known kind",
        )  # fmt: skip
    if not window.size:
        return part(window, "Empty", start=0, size=0, meaning="A segment without content")
    known = head.split(b"\0", 1)[0]
    name = (
        latin1(known)
        if 2 < len(known) < 40 and known.isascii() and known.decode().isprintable()
        else ""
    )
    return part(
        window, name or "Unknown", start=0, size=window.size, meaning="A block of no known kind"
    )


def read_jfif(window: Window) -> Part:
    r"""Reads what begins with "JFIF\0"."""
    data = window.read(0, 14)
    if len(data) < 14:
        return part(window, "JFIF", start=0, size=window.size, trouble="It is cut off.")
    across, down, width, height = (
        int.from_bytes(data[8:10], "big"),
        int.from_bytes(data[10:12], "big"),
        data[12],
        data[13],
    )
    parts = [
        part(window, "JFIFVersion", f"{data[5]}.{data[6]:02}", start=5, size=2),
        part(window, "ResolutionUnit", data[7], start=7, size=1, meaning=_units(data[7])),
        part(window, "XResolution", across, start=8, size=2, meaning=_units(data[7])),
        part(window, "YResolution", down, start=10, size=2, meaning=_units(data[7])),
    ]
    if width and height:
        parts.append(_pixels(window.inner(14), width, height, 3))
    return part(
        window, "JFIF", start=0, size=window.size, parts=tuple(parts),
        meaning="JPEG file interchange format (ITU-T T.871)",
    )  # fmt: skip


def _units(code: int) -> str:
    return _UNITS.get(code, "Unit not defined").capitalize()


def _pixels(window: Window, width: int, height: int, depth: int) -> Part:
    size = width * height * depth
    return part(
        window,
        "Thumbnail",
        start=0,
        size=min(size, window.size),
        meaning=f"{width} × {height} pixels of "
        + ("RGB" if depth == 3 else "a palette of 256 colours"),
        trouble=None if window.size >= size else f"It takes {size} bytes; {window.size} are there.",
        parts=(
            part(window, "Width", width, meaning="Pixels"),
            part(window, "Height", height, meaning="Pixels"),
        ),
    )


def read_jfxx(window: Window) -> Part:
    r"""Reads what begins with "JFXX\0": a thumbnail as JPEG, with a palette, or as RGB."""
    data = window.read(5, 3)
    parts: tuple[Part, ...] = ()
    trouble = None
    if data[:1] == b"\x10":
        inside = window.inner(6)
        parts = (part(inside, "Thumbnail", start=0, size=inside.size, meaning="A JPEG picture"),)
    elif data[:1] in {b"\x11", b"\x13"} and len(data) == 3:
        palette = data[0] == 0x11
        inside = window.inner(8 + 768 * palette)
        parts = (_pixels(inside, data[1], data[2], 1 if palette else 3),)
    else:
        trouble = "It holds no kind of thumbnail that is defined."
    return part(
        window, "JFXX", start=0, size=window.size, trouble=trouble, parts=parts,
        meaning="Extension of JFIF: a thumbnail",
    )  # fmt: skip


def read_adobe(window: Window) -> Part:
    """Reads what begins with "Adobe" in APP14."""
    data = window.read(0, 12)
    if len(data) < 12:
        return part(window, "Adobe", start=0, size=window.size, trouble="It is cut off.")
    return part(
        window,
        "Adobe",
        start=0,
        size=window.size,
        meaning="Written by Adobe's encoders and by others that state the colour transform",
        parts=(
            part(window, "DCTEncodeVersion", int.from_bytes(data[5:7], "big"), start=5, size=2),
            part(window, "APP14Flags0", int.from_bytes(data[7:9], "big"), start=7, size=2),
            part(window, "APP14Flags1", int.from_bytes(data[9:11], "big"), start=9, size=2),
            part(
                window,
                "ColorTransform",
                data[11],
                start=11,
                size=1,
                meaning=_TRANSFORMS.get(data[11], "Not defined"),
            ),
        ),
    )


def read_ducky(window: Window) -> Part:
    """Reads what begins with "Ducky" in APP12: fields of a code, a length and a value each."""
    data = window.read(0, 1 << 16)
    parts: list[Part] = []
    position = 5
    while position + 4 <= len(data) and len(parts) < 16:
        code = int.from_bytes(data[position : position + 2], "big")
        size = int.from_bytes(data[position + 2 : position + 4], "big")
        value = data[position + 4 : position + 4 + size]
        if code == 0:
            break
        name = {1: "Quality", 2: "Comment", 3: "Copyright"}.get(code, str(code))
        parts.append(
            part(
                window,
                name,
                int.from_bytes(value[:4], "big") if code == 1 else utf16(value[4:]),
                start=position,
                size=4 + len(value),
                meaning="From 0 to 100, as set in the dialogue" if code == 1 else "",
                personal=code != 1,
            )
        )
        position += 4 + size
    return part(
        window, "Ducky", start=0, size=window.size, parts=tuple(parts),
        meaning="Photoshop's “Save for Web” wrote the file, or a program that kept this block",
    )  # fmt: skip


def read_picture_info(window: Window) -> Part:
    """Reads the text of older cameras in APP12 ("[picture info]" and others)."""
    return part(
        window, "PictureInfo", utf8(window.read()), start=0, size=window.size, personal=True,
        meaning="Settings as cameras wrote them before EXIF",
    )  # fmt: skip


OWN: Final[tuple[tuple[int, bytes, Callable[[Window], Part]], ...]] = (
    (0, b"JFIF\0", read_jfif),
    (0, b"JFXX\0", read_jfxx),
    (12, b"Ducky", read_ducky),
    (12, b"[picture info]", read_picture_info),
    (14, b"Adobe", read_adobe),
)
"""Segment number, how it begins, reader of the whole payload."""
