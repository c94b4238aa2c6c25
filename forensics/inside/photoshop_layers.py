"""Photoshop's layers as TIFF files carry them: their names, places, and what kind each is.

Adobe Photoshop File Formats Specification (November 2019), "Layer info" and "Additional layer information";
Adobe, "TIFF Technical Notes" (2002), tag 37724 ImageSourceData. The order of bytes is that of the TIFF file.
"""

from __future__ import annotations

import struct
from typing import Final

from forensics.inside.making import part, utf8, utf16
from forensics.inside.window import Window
from forensics.model import Part

MAX_BLOCKS: Final = 200
MAX_LAYERS: Final = 1000
MAX_CHANNELS: Final = 64
MAX_EXTRA: Final = 1 << 16
"""Bytes looked at of what belongs to one layer; longer ones hold patterns and settings of text."""

_START: Final = b"Adobe Photoshop Document Data Block\0"
_SIGNS: Final = {b"8BIM": ">", b"MIB8": "<"}
_LAYERS: Final = (b"Layr", b"Lr16", b"Lr32")
_KINDS: Final = {
    b"TySh": "Text",
    b"tySh": "Text",
    b"SoLd": "Placed picture",
    b"PlLd": "Placed picture",
    b"SoCo": "Fill",
    b"GdFl": "Fill",
    b"PtFl": "Fill",
    b"levl": "Adjustment",
    b"curv": "Adjustment",
    b"hue2": "Adjustment",
    b"lsct": "Group",
}
_BLOCKS: Final = {
    b"Layr": "Layers",
    b"Lr16": "Layers",
    b"Lr32": "Layers",
    b"LMsk": "Mask",
    b"Patt": "Patterns",
    b"FMsk": "FilterMask",
    b"Anno": "Annotations",
    b"lnkD": "LinkedPictures",
    b"lnk2": "LinkedPictures",
}


def read_photoshop_layers(window: Window) -> Part:
    """Reads the value of tag 37724: a part "PhotoshopLayers" with a part for each block and layer.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    found: list[Part] = []
    trouble = None
    position = len(_START)
    if window.read(0, position) != _START:
        trouble, position = "It does not begin as Photoshop's document data do.", window.size
    while position + 12 <= window.size:
        head = window.read(position, 12)
        order = _SIGNS.get(head[:4])
        if order is None or len(found) == MAX_BLOCKS:
            trouble = f"{window.size - position} bytes at its end are not read as blocks."
            break
        key = head[4:8] if order == ">" else head[7:3:-1]
        size = struct.unpack(order + "I", head[8:])[0]
        there = min(size, window.size - position - 12)
        body = window.inner(position + 12, there)
        layers = _layers(body, order) if key in _LAYERS else ()
        name = _BLOCKS.get(key, key.decode("latin-1"))
        found.append(
            part(
                window,
                name,
                len(layers) if key in _LAYERS else None,
                start=position,
                size=12 + there,
                meaning="Layers, from the lowest up" if key in _LAYERS else "",
                trouble=None if there == size else f"It states {size} bytes; {there} are there.",
                parts=layers,
            )
        )
        position += 12 + there + -there % 4
    return part(
        window,
        "PhotoshopLayers",
        start=0,
        size=window.size,
        meaning="The document as Photoshop keeps it, layers included",
        trouble=trouble,
        parts=tuple(found),
    )


def _layers(body: Window, order: str) -> tuple[Part, ...]:
    count = abs(int.from_bytes(body.read(0, 2), "big" if order == ">" else "little", signed=True))
    found: list[Part] = []
    position = 2
    while len(found) < min(count, MAX_LAYERS):
        head = body.read(position, 18)
        channels = struct.unpack(order + "H", head[16:])[0] if len(head) == 18 else MAX_CHANNELS + 1
        if channels > MAX_CHANNELS:
            found.append(
                part(body, "Layer", trouble=f"{count} layers are stated; {len(found)} can be read.")
            )
            break
        top, left, bottom, right = struct.unpack(order + "4i", head[:16])
        start = position + 18 + 6 * channels
        rest = body.read(start, 16)
        if len(rest) < 16 or rest[:4] not in _SIGNS:
            found.append(
                part(body, "Layer", start=position, size=18, trouble="Its record is damaged.")
            )
            break
        size = struct.unpack(order + "I", rest[12:])[0]
        name, kind = _extra(body.read(start + 16, min(size, MAX_EXTRA)), order)
        hidden = ", hidden" if rest[10] & 2 else ""
        found.append(
            part(
                body,
                "Layer",
                name,
                start=position,
                size=start + 16 + size - position,
                meaning=f"{kind or 'Picture'}{hidden}; {right - left} × {bottom - top} at {left}, {top}",
                personal=True,
            )
        )
        position = start + 16 + size
    if count > MAX_LAYERS:
        found.append(part(body, "Layer", trouble=f"Of {count} layers {MAX_LAYERS} are read."))
    return tuple(found)


def _extra(data: bytes, order: str) -> tuple[str, str]:
    """Name and kind of a layer: a short name after two blocks, then further blocks by their keys."""
    position = 0
    for _ in range(2):  # mask, blending ranges
        if position + 4 > len(data):
            return "", ""
        position += 4 + struct.unpack_from(order + "I", data, position)[0]
    length = data[position] if position < len(data) else 0
    name, kind = utf8(data[position + 1 : position + 1 + length]), ""
    position += (1 + length + 3) // 4 * 4
    while position + 12 <= len(data) and data[position : position + 4] in _SIGNS:
        key = data[position + 4 : position + 8]
        key = key if order == ">" else key[::-1]
        size = struct.unpack_from(order + "I", data, position + 8)[0]
        if key == b"luni" and position + 16 <= len(data):
            count = struct.unpack_from(order + "I", data, position + 12)[0]
            text = data[position + 16 : position + 16 + 2 * count]
            name = utf16(text, "big" if order == ">" else "little") or name
        kind = _KINDS.get(key, kind)
        position += 12 + size + size % 2
    return name, kind
