"""TIFF files: their directories as EXIF, and what other standards put into fields of them.

TIFF 6.0 (Adobe, 1992), BigTIFF, TIFF/EP; XMP in field 700 (ISO 16684-3), IPTC in 33723, Photoshop's
resources in 34377, an ICC profile in 34675 (ICC.1 annex B.4), GeoTIFF. DNG and most raw formats of
cameras are TIFF files too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from forensics.inside.exif import read_exif_part
from forensics.inside.geotiff import geotiff_part
from forensics.inside.icc import read_icc
from forensics.inside.ifd import Directory, read_directories
from forensics.inside.iptc import read_iptc
from forensics.inside.making import kept, part
from forensics.inside.photoshop import read_photoshop
from forensics.inside.photoshop_layers import read_photoshop_layers
from forensics.inside.window import Window
from forensics.inside.xmp import read_xmp
from forensics.model import Part

MAX_BLOCKS: Final = 64
"""Blocks of other standards read of one file: each page may have its own."""

_BLOCKS: Final[Mapping[int, Callable[[Window], Part]]] = {
    0x02BC: read_xmp,
    0x83BB: read_iptc,
    0x8649: read_photoshop,
    0x8773: read_icc,
    0x935C: read_photoshop_layers,
}


def read_tiff(window: Window) -> Part:
    """Reads a TIFF file.

    Returns:
        "TIFF" with "EXIF" (`forensics.inside.exif.read_exif_part`) and "XMP", "IPTC", "Photoshop",
        "ICC", "PhotoshopLayers" and "GeoTIFF" as far as they are there, in the order of the pages that
        carry them.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    exif = read_exif_part(window.inner(0), pages=True)
    directories, _ = read_directories(window)
    pages = [d for d in directories if d.name == "Image" or d.name.startswith("IFD ")]
    kind = "BigTIFF" if window.read(2, 2) in (b"+\0", b"\0+") else "TIFF"
    pictures = f"{len(pages)} pictures" if len(pages) > 1 else "1 picture"
    return part(
        window,
        "TIFF",
        start=0,
        size=window.size,
        meaning=f"{kind}, {pictures}" if pages else "",
        trouble=None if directories else exif.trouble,
        parts=(exif, *kept(_blocks(window, directories))),
    )


def _blocks(window: Window, directories: tuple[Directory, ...]) -> Iterator[Part]:
    seen: set[int] = set()
    for directory in directories:
        for field in directory.fields:
            read = _BLOCKS.get(field.tag)
            if read is None or not field.size or field.at in seen or len(seen) >= MAX_BLOCKS:
                continue
            seen.add(field.at)
            yield read(window.inner(field.at, field.size))
        placed = geotiff_part(window, directory)
        if placed is not None:
            yield placed
