"""HEIF, HEIC and AVIF: the boxes, and the items they list: pictures, EXIF, XMP, thumbnails, maps of depth.

ISO/IEC 23008-12:2022 (HEIF), section 6.6 on what one picture is to another; annex A on EXIF and XMP;
AVIF 1.1 (AOMedia); Apple's and ISO 21496-1's gain maps by the names of their auxiliary type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from forensics.inside.bmff import read_bmff
from forensics.inside.exif import read_exif_part
from forensics.inside.heifitems import Item, Items, Property, read_items
from forensics.inside.icc import read_icc
from forensics.inside.jumbf import read_jumbf
from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.inside.xmp import read_xmp
from forensics.media.boxes import walk_boxes
from forensics.model import Part

MAX_SHOWN: Final = 256
"""Items that become parts; the rest are counted."""
MAX_JOINED: Final = 64 << 20
"""Bytes put together of one item that lies in several places."""

_CODINGS: Final = {
    "hvc1": "HEVC", "hev1": "HEVC", "av01": "AV1", "avc1": "H.264", "jpeg": "JPEG", "vvc1": "VVC",
    "lhv1": "layered HEVC", "j2k1": "JPEG 2000", "grid": "a grid of tiles", "iden": "another picture, turned",
    "iovl": "pictures laid over one another", "tmap": "tone mapping of another picture", "unci": "uncoded",
    "mski": "a mask",
}  # fmt: skip
_AUXILIARY: Final = (
    ("hdrgainmap", "Gain map for brighter displays"),
    (":tmap", "Gain map for brighter displays"),
    ("auxid:2", "Map of depth"),
    ("aux:depth", "Map of depth"),
    ("disparity", "Map of depth"),
    ("auxid:1", "Transparency"),
    ("auxiliary:alpha", "Transparency"),
    ("portraiteffectsmatte", "Mask of a person"),
    ("semanticskinmatte", "Mask of skin"),
    ("semanticskymatte", "Mask of sky"),
    ("semantichairmatte", "Mask of hair"),
    ("semanticteethmatte", "Mask of teeth"),
    ("semanticglassesmatte", "Mask of glasses"),
    ("aux:styledeltamap", "Map of a style"),
    ("linearthumbnail", "Thumbnail for styles"),
)
_COLOURS: Final = {1: "BT.709", 9: "BT.2020", 12: "Display P3"}
_TRANSFERS: Final = {1: "BT.709", 8: "linear", 13: "sRGB", 16: "PQ", 18: "HLG"}


def read_heif(window: Window) -> Part:
    """Reads a HEIF file.

    Returns:
        "HEIF" with its boxes (`forensics.inside.bmff`) and "Items": "Picture" (the primary one first in
        `meaning`), "Thumbnail", "Auxiliary picture", "EXIF", "XMP", "C2PA" and other items. The tiles of
        a grid are counted in it.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    boxes = read_bmff(window)
    root = walk_boxes(window)
    meta = root.find("meta") if root else None
    parts = boxes.parts
    trouble = boxes.trouble
    if meta is not None:
        items = read_items(window, meta)
        shown = tuple(_Reader(window, items).parts())
        parts += (
            part(
                window,
                "Items",
                meaning=f"{len(items.all)} items",
                trouble=items.trouble,
                parts=shown,
            ),
        )
    elif root is not None:
        trouble = trouble or "It has no list of items, so what it holds is not known."
    return part(window, "HEIF", start=0, size=window.size, trouble=trouble, parts=parts)


class _Reader:
    """Makes the parts of the items of one file."""

    def __init__(self, window: Window, items: Items) -> None:
        self._window = window
        self._items = items
        self._tiles = {
            number
            for item in items.all
            if item.kind == "grid"
            for number in item.links.get("dimg", ())
            if number != items.primary
        }
        self._profiles: set[int] = set()

    def parts(self) -> Iterator[Part]:
        shown = 0
        for item in self._items.all:
            if item.number in self._tiles:
                continue
            shown += 1
            if shown <= MAX_SHOWN:
                yield self._item(item)
        if shown > MAX_SHOWN:
            yield part(self._window, "items", meaning=f"{shown - MAX_SHOWN} more, not shown")

    def _item(self, item: Item) -> Part:
        if item.kind == "Exif":
            return read_exif_part(self._exif(item))
        if item.kind == "mime" and item.content == "application/rdf+xml":
            return read_xmp(self._bytes(item))
        if item.kind == "mime" and item.content in (
            "application/c2pa",
            "application/x-c2pa-manifest-store",
        ):
            return read_jumbf(self._bytes(item))
        if item.kind in _CODINGS:
            return self._picture(item)
        name = item.content or item.name or item.kind
        return self._place(item, "Item", name, f"Item of type {item.kind.strip()}", ())

    def _picture(self, item: Item) -> Part:
        said = list(self._stated(item))
        sizes = {p.name: str(p.value) for p in said if p.name in ("Size", "Crop")}
        size = sizes.get("Crop", sizes.get("Size"))
        coding = _CODINGS[item.kind]
        tiles = len(item.links.get("dimg", ()))
        how = f"{coding}, {tiles} of them" if item.kind == "grid" else coding
        rest = tuple(p for p in said if p.name != "Size" or p.value != size)
        if "thmb" in item.links:
            return self._place(item, "Thumbnail", size, f"Coded as {how}", rest)
        kind = next((str(p.value) for p in said if p.name == "AuxiliaryType"), None)
        if "auxl" in item.links or kind is not None:
            lower = (kind or "").lower()
            what = next((name for mark, name in _AUXILIARY if mark in lower), "Of another kind")
            return self._place(item, "Auxiliary picture", size, f"{what}; coded as {how}", rest)
        if item.kind == "tmap":
            return self._place(
                item, "Gain map", size, "How to brighten the picture (ISO 21496-1)", rest
            )
        first = "The primary picture" if item.number == self._items.primary else "A further picture"
        return self._place(item, "Picture", size, f"{first}; coded as {how}", rest)

    def _place(
        self, item: Item, name: str, value: str | None, meaning: str, parts: tuple[Part, ...]
    ) -> Part:
        window = self._window
        at = item.extents[0][0] if item.extents else None
        over = any(start + size > window.size for start, size in item.extents)
        whole = len(item.extents) == 1 and at is not None and not over
        return part(
            window,
            name,
            value,
            start=at if whole else None,
            size=item.size if whole else None,
            meaning=meaning + ("; in several places" if len(item.extents) > 1 else ""),
            trouble="Its bytes are stated beyond the end of the file." if over else None,
            parts=parts,
        )

    def _bytes(self, item: Item) -> Window:
        if len(item.extents) == 1:
            return self._window.inner(*item.extents[0])
        joined = bytearray()
        for start, size in item.extents:
            joined += self._window.read(start, min(size, MAX_JOINED - len(joined)))
        return self._window.unpacked(bytes(joined))

    def _exif(self, item: Item) -> Window:
        """Annex A.2.1: four bytes say how far behind them the header is; some writers count otherwise."""
        window = self._bytes(item)
        head = window.read(0, 256)
        start = 4 + int.from_bytes(head[:4], "big")
        if head[start : start + 2] not in (b"II", b"MM"):
            found = [at for at in (head.find(b"II*\0"), head.find(b"MM\0*")) if at >= 0]
            start = min(found, default=start)
        return window.inner(start)

    def _stated(self, item: Item) -> Iterator[Part]:
        for stated in item.properties:
            if stated.kind == "colr":  # many items share one profile, which is shown once
                if stated.at in self._profiles:
                    continue
                self._profiles.add(stated.at)
            body = self._window.inner(stated.at, stated.size)
            found = _property(body, stated)
            if found is not None:
                yield found


def _property(body: Window, stated: Property) -> Part | None:
    """What one property says of its picture; ISO/IEC 23008-12 section 6.5."""
    data = body.read(0, 256)
    kind = stated.kind
    if kind == "ispe" and len(data) >= 12:
        return part(body, "Size", f"{_number(data, 4)} x {_number(data, 8)}", meaning="pixels")
    if kind == "irot" and data:
        turn = (data[0] & 3) * 90
        return part(body, "Rotation", turn, meaning="degrees anticlockwise, to be shown upright")
    if kind == "imir" and data:
        axis = "left and right" if data[0] & 1 else "top and bottom"
        return part(body, "Mirroring", data[0] & 1, meaning=f"{axis} change places")
    if kind == "auxC":
        text = data[4:].split(b"\0", 1)[0].decode("utf-8", "replace")
        return part(body, "AuxiliaryType", text)
    if kind == "pixi" and len(data) > 5:
        return part(
            body, "Depth", " ".join(map(str, data[5 : 5 + data[4]])), meaning="bits a channel"
        )
    if kind == "colr" and data[:4] in (b"prof", b"rICC"):
        return read_icc(body.inner(4))
    if kind == "colr" and data[:4] == b"nclx" and len(data) >= 11:
        codes = [int.from_bytes(data[at : at + 2], "big") for at in (4, 6, 8)]
        names = (_COLOURS.get(codes[0]), _TRANSFERS.get(codes[1]))
        known = ", ".join(name for name in names if name)
        meaning = "Primaries, transfer, matrix as ITU-T H.273 numbers them" + (
            f": {known}" if known else ""
        )
        return part(body, "Colours", " ".join(map(str, codes)), meaning=meaning)
    if kind == "clap" and len(data) >= 16:
        width, height = (_fraction(data, at) for at in (0, 8))
        return part(
            body, "Crop", f"{width} x {height}", meaning="pixels of the coded that are shown"
        )
    if kind == "udes":
        texts = data[4:].split(b"\0")[1:3]
        return part(
            body,
            "Description",
            " ".join(t.decode("utf-8", "replace") for t in texts),
            personal=True,
        )
    return None


def _fraction(data: bytes, at: int) -> str:
    over, under = _number(data, at), _number(data, at + 4)
    return f"{over / under:g}" if under else f"{over}/0"


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
