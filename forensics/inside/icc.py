"""ICC profile: which colours the numbers of a picture stand for, and who wrote the description.

ICC.1:2022 (profile version 4.4), sections 7.2 (header), 7.3 (tag table) and 10 (tag types).
"""

from __future__ import annotations

import hashlib
import struct
from typing import Final

from forensics.inside.making import latin1, part, utf16
from forensics.inside.window import Window
from forensics.model import Part

HEADER: Final = 128
MAX_TAGS: Final = 200
MAX_LANGUAGES: Final = 100
MAX_TAG: Final = 1 << 16
"""Bytes looked at of one tag; longer ones are tables of colours."""
_CLASSES: Final = {
    "scnr": "input device",
    "mntr": "display",
    "prtr": "output device",
    "link": "link of two devices",
    "spac": "colour space",
    "abst": "abstract",
    "nmcl": "named colours",
}
_PLATFORMS: Final = {
    "APPL": "Apple",
    "MSFT": "Microsoft",
    "SGI ": "Silicon Graphics",
    "SUNW": "Sun Microsystems",
}
_INTENTS: Final = (
    "perceptual",
    "relative colorimetric",
    "saturation",
    "absolute colorimetric",
)
_TAGS: Final = {
    "desc": "Description",
    "cprt": "Copyright",
    "dmnd": "Device maker",
    "dmdd": "Device model",
    "vued": "Viewing conditions",
    "calt": "Time of calibration",
    "targ": "Characterisation target",
    "wtpt": "White point",
    "bkpt": "Black point",
    "rXYZ": "Red primary",
    "gXYZ": "Green primary",
    "bXYZ": "Blue primary",
    "rTRC": "Red tone curve",
    "gTRC": "Green tone curve",
    "bTRC": "Blue tone curve",
    "kTRC": "Grey tone curve",
    "chad": "Adaptation of the white point",
    "cicp": "Coding points (ITU-T H.273)",
    "A2B0": "Device to profile colours",
    "B2A0": "Profile to device colours",
}


def read_icc(window: Window) -> Part:
    """Reads a profile: a part "ICC" with the fields of its header and a part for each tag.

    The profile's own digest, where it states one, is compared (7.2.18).

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    data = window.read()
    stated = int.from_bytes(data[:4], "big")
    trouble = None
    if len(data) < HEADER or data[36:40] != b"acsp":
        trouble = "It does not begin like an ICC profile."
    elif stated != len(data):
        trouble = f"It states {stated} bytes; {len(data)} are there."
    return part(
        window,
        "ICC",
        start=0,
        size=window.size,
        meaning="Colour profile (ICC.1)",
        trouble=trouble,
        parts=()
        if trouble and len(data) < HEADER
        else (*_header(window, data), *_tags(window, data)),
    )


def _header(window: Window, data: bytes) -> tuple[Part, ...]:
    def field(
        name: str,
        start: int,
        size: int,
        value: int | str,
        meaning: str = "",
        trouble: str | None = None,
    ) -> Part:
        return part(window, name, value, start=start, size=size, meaning=meaning, trouble=trouble)

    def code(start: int) -> str:
        return data[start : start + 4].rstrip(b"\0 ").decode("latin-1")

    platform = data[40:44].decode("latin-1")
    intent = int.from_bytes(data[64:68], "big")
    kind = data[12:16].decode("latin-1")
    found = [
        field("ProfileCMMType", 4, 4, code(4), "Colour management module preferred"),
        field("ProfileVersion", 8, 4, f"{data[8]}.{data[9] >> 4}.{data[9] & 15}"),
        field("ProfileClass", 12, 4, code(12), _CLASSES.get(kind, "").capitalize()),
        field("ColorSpaceData", 16, 4, code(16), "Colour model of the numbers"),
        field("ProfileConnectionSpace", 20, 4, code(20)),
        _time(window, "ProfileDateTime", data[24:36], 24),
        field("PrimaryPlatform", 40, 4, code(40), _PLATFORMS.get(platform, "")),
        field("DeviceManufacturer", 48, 4, code(48)),
        field("DeviceModel", 52, 4, code(52)),
        field(
            "RenderingIntent",
            64,
            4,
            intent,
            _INTENTS[intent].capitalize() if intent < len(_INTENTS) else "",
        ),
        field("ProfileCreator", 80, 4, code(80), "Program or maker that wrote the profile"),
    ]
    if any(data[84:100]):
        found.append(_identity(window, data))
    return tuple(found)


def _identity(window: Window, data: bytes) -> Part:
    """The stated digest: MD5 with flags, intent and digest set to zero."""
    stripped = bytearray(data)
    stripped[44:48] = stripped[64:68] = bytes(4)
    stripped[84:100] = bytes(16)
    holds = hashlib.md5(stripped, usedforsecurity=False).digest() == data[84:100]
    return part(
        window,
        "ProfileID",
        data[84:100].hex(),
        start=84,
        size=16,
        meaning="Digest of the profile, as stated" + ("; it holds" if holds else ""),
        trouble=None
        if holds
        else "The profile was changed after this digest was made, or it was made otherwise.",
    )


def _time(window: Window, name: str, data: bytes, start: int) -> Part:
    year, month, day, hour, minute, second = struct.unpack(">6H", data)
    return part(
        window,
        name,
        f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z",
        start=start,
        size=12,
        meaning="When the profile was made; it tells nothing of the picture",
    )


def _tags(window: Window, data: bytes) -> tuple[Part, ...]:
    if len(data) < HEADER + 4:
        return ()
    count = int.from_bytes(data[HEADER : HEADER + 4], "big")
    found: list[Part] = []
    for index in range(min(count, MAX_TAGS)):
        entry = data[HEADER + 4 + 12 * index : HEADER + 16 + 12 * index]
        if len(entry) < 12:
            found.append(
                part(window, "tags", trouble=f"{count} tags are stated; {index} are there.")
            )
            return tuple(found)
        found.append(_tag(window, data, entry))
    if count > MAX_TAGS:
        found.append(
            part(window, "tags", trouble=f"{count} tags are stated; the first {MAX_TAGS} are read.")
        )
    return tuple(found)


def _tag(window: Window, data: bytes, entry: bytes) -> Part:
    name = entry[:4].decode("latin-1")
    start, size = struct.unpack(">II", entry[4:])
    there = max(0, min(size, len(data) - start))
    body = data[start : start + min(there, MAX_TAG)]
    trouble = None if there == size else f"It states {size} bytes; {there} are there."
    kind = body[:4].decode("latin-1")
    value: int | str | None = None
    parts: tuple[Part, ...] = ()
    if kind == "text":
        value = latin1(body[8:])
    elif kind == "desc" and len(body) >= 12:
        length = int.from_bytes(body[8:12], "big")
        value = latin1(body[12 : 12 + length])
    elif kind == "mluc":
        parts = _languages(window, body, start)
        value = parts[0].value if len(parts) == 1 else None
        parts = parts if len(parts) > 1 else ()
    elif kind == "XYZ " and len(body) >= 20:
        value = " ".join(f"{v / 65536:.4f}" for v in struct.unpack(">3i", body[8:20]))
    elif kind == "curv" and len(body) >= 12:
        value = _curve(body)
    elif kind == "sig ":
        value = latin1(body[8:12])
    return part(
        window,
        name,
        value,
        start=start,
        size=there,
        meaning=_TAGS.get(name, "") + ("" if value is not None or parts else f" ({kind})"),
        trouble=trouble,
        parts=parts,
    )


def _curve(body: bytes) -> str:
    count = int.from_bytes(body[8:12], "big")
    if count == 0:
        return "straight"
    if count == 1 and len(body) >= 14:
        return f"gamma {int.from_bytes(body[12:14], 'big') / 256:.3f}"
    return f"{count} points"


def _languages(window: Window, body: bytes, start: int) -> tuple[Part, ...]:
    """The texts of a multi-localised text (10.15), one part a language."""
    if len(body) < 16:
        return ()
    count, step = struct.unpack(">II", body[8:16])
    found = []
    for index in range(min(count, MAX_LANGUAGES)):
        record = body[16 + index * step : 28 + index * step]
        if step < 12 or len(record) < 12:
            break
        length, offset = struct.unpack(">II", record[4:])
        found.append(
            part(
                window,
                record[:4].decode("latin-1").strip("\0") or "text",
                utf16(body[offset : offset + length]),
                start=start + offset,
                size=len(body[offset : offset + length]),
            )
        )
    return tuple(found)
