"""Places and tracks as data: which reader for which format, KMZ archives, world files.

Sources: OGC 12-007r2 section 7 (KMZ), Esri's documentation of world files; the others in their modules.
"""

from __future__ import annotations

from typing import Final

from forensics.inside.geojson import read_geojson
from forensics.inside.gpx import read_gpx
from forensics.inside.kml import read_kml
from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.inside.zipped import Member, members, unpack
from forensics.media.identify import HEAD, identify
from forensics.media.places import GEOJSON, GPX, KML, KMZ, TAIL, WORLD_FILE
from forensics.model import Part

MAX_DOCUMENTS: Final = 10
"""KML documents read of one archive."""

_WORLD: Final = (
    ("A", "width of a picture element along the map's x axis"),
    ("D", "turn: change along y for a step to the right"),
    ("B", "turn: change along x for a step down"),
    ("E", "height of a picture element along the map's y axis, negative where north is up"),
    ("C", "x of the centre of the first picture element"),
    ("F", "y of the centre of the first picture element"),
)


def read_geo(window: Window) -> Part:
    """Reads places of any format that is taken in.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    tail = window.read(max(0, window.size - TAIL), TAIL)
    mime = identify(window.read(0, HEAD), tail).mime
    readers = {
        GEOJSON: read_geojson,
        KML: read_kml,
        KMZ: read_kmz,
        GPX: read_gpx,
        WORLD_FILE: read_world_file,
    }
    if mime in readers:
        return readers[mime](window)
    return part(
        window,
        "Places",
        start=0,
        size=window.size,
        trouble="It is none of GeoJSON, KML, KMZ, GPX and world files.",
    )


def read_kmz(window: Window) -> Part:
    """Reads a KMZ: a zip archive with a KML document, and the pictures and models that it shows.

    Returns:
        "KMZ" with one "Member" each; KML documents hold "KML". The document that a map program shows is the
        first one in the list. Of the other members name, size and stated date are shown.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    listed, trouble = members(window)
    parts: list[Part] = []
    read = 0
    for member in listed:
        document = member.name.lower().endswith(".kml") and read < MAX_DOCUMENTS
        read += document
        parts.append(_member(window, member, document=document))
    return part(
        window,
        "KMZ",
        start=0,
        size=window.size,
        meaning="an archive of places and what is shown with them",
        trouble=trouble,
        parts=tuple(parts),
    )


def _member(window: Window, member: Member, *, document: bool) -> Part:
    inside: tuple[Part, ...] = ()
    trouble = None
    if document:
        data, trouble = unpack(window, member)
        inside = (read_kml(window.unpacked(data)),) if data else ()
    facts: tuple[tuple[str, int | str, str], ...] = (
        ("Size", member.size, "bytes, unpacked"),
        ("Changed", member.changed, "local time without a zone, as stated"),
        ("Packed on", member.system, ""),
    )
    lies = window.inner(member.at, member.packed)
    return part(
        lies,
        "Member",
        member.name,
        start=0,
        size=lies.size,
        meaning="" if document else "not examined here",
        trouble=trouble,
        parts=(*(part(window, n, v, meaning=m) for n, v, m in facts if v != ""), *inside),
    )


def read_world_file(window: Window) -> Part:
    """Reads six lines of numbers: how a picture of the same name lies on a map.

    Returns:
        "World file" with "A", "D", "B", "E", "C", "F", in stored order.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    lines = window.read(0, HEAD).decode("latin-1").split()
    numbers = tuple(
        part(window, name, value, meaning=meaning, personal=name in {"C", "F"})
        for (name, meaning), value in zip(_WORLD, lines, strict=False)
    )
    trouble = None
    if len(lines) != len(_WORLD):
        trouble = f"A world file has {len(_WORLD)} numbers; this one has {len(lines)}."
    return part(
        window,
        "World file",
        start=0,
        size=window.size,
        meaning="how a picture of the same name lies on a map; in which system of coordinates is not said",
        trouble=trouble,
        parts=numbers,
    )
