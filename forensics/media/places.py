"""Is a text or an archive places and tracks as data? Decided by how it begins, and for archives how it ends.

Sources: RFC 7946 (GeoJSON), OGC 12-007r2 (KML 2.3 and KMZ), GPX 1.1 schema, Esri's world files (six lines of
numbers), PKWARE's APPNOTE.TXT (zip).
"""

from __future__ import annotations

import math
import re
from typing import Final

GEOJSON: Final = "application/geo+json"
KML: Final = "application/vnd.google-earth.kml+xml"
KMZ: Final = "application/vnd.google-earth.kmz"
GPX: Final = "application/gpx+xml"
WORLD_FILE: Final = "text/x-world-file"

NAMES: Final = {GEOJSON: "GeoJSON", KML: "KML", KMZ: "KMZ", GPX: "GPX", WORLD_FILE: "World file"}
LABELS: Final = {
    GEOJSON: "GeoJSON places",
    KML: "KML places",
    KMZ: "KMZ places",
    GPX: "GPX tracks",
    WORLD_FILE: "world file of a map",
}
ROOTS: Final = {"kml": KML, "gpx": GPX}
"""Media type by the name of an XML document's first element."""

TAIL: Final = 256 * 1024
"""Bytes of an archive's end that `is_kmz` wants: the list of its members."""

_WORLD_FILE_LONGEST = 1024
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)
_TOKEN = re.compile(r'\s*("[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+)', re.DOTALL)
_CONTENT: Final = {
    "FeatureCollection": "features",
    "Feature": "geometry",
    "GeometryCollection": "geometries",
    **dict.fromkeys(
        ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
        "coordinates",
    ),
}
"""Member that each type of GeoJSON object must have (RFC 7946 section 3)."""
_OTHER_ARCHIVES = {"[content_types].xml", "mimetype", "meta-inf/manifest.mf"}
"""Members that mark office documents, books and programs."""


def is_geojson(text: str) -> bool:
    """Whether a text begins as a GeoJSON object: a known type, and what objects of that type hold.

    Args:
        text: The beginning; what it must hold may lie behind it only where it is cut off.
    """
    if not text.lstrip().startswith("{"):
        return False
    depth, key, before, kind = 0, "", "", ""
    keys: set[str] = set()
    position = 0
    while found := _TOKEN.match(text, position):
        mark, position = found[1], found.end()
        if mark in {"{", "["}:
            depth += 1
        elif mark in {"}", "]"}:
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and mark == ":":
            key = before[1:-1]
            keys.add(key)
        elif depth == 1 and before == ":" and key == "type":
            kind = mark[1:-1]
        before = mark
    if not kind and depth:  # some writers put the type last
        return "features" in keys and re.search(r'"type"\s*:\s*"Feature"', text) is not None
    return kind in _CONTENT and (depth > 0 or _CONTENT[kind] in keys)


def is_world_file(text: str) -> bool:
    """Whether a whole text is six lines of one number each, of which the first four span a plane."""
    if len(text) > _WORLD_FILE_LONGEST:
        return False
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) != 6 or not all(_NUMBER.fullmatch(line) for line in lines):
        return False
    a, d, b, e, c, f = (float(line) for line in lines)
    return all(map(math.isfinite, (a, b, c, d, e, f))) and a * e != b * d


def is_kmz(head: bytes, tail: bytes) -> bool:
    """Whether a zip archive is a KMZ: it has a KML document beside no mark of another kind of archive.

    Args:
        head: The archive's first bytes.
        tail: Its last bytes; where its list of members does not lie in them, the head decides.
    """
    names = {name.lower() for name in _listed(tail) or _local(head)}
    return not names & _OTHER_ARCHIVES and any(
        name.endswith(".kml") and "/" not in name for name in names
    )


def _listed(tail: bytes) -> list[str]:
    """Names in the central directory, where it lies in `tail` (APPNOTE sections 4.3.12 and 4.3.16)."""
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 > len(tail):
        return []
    at = end - int.from_bytes(tail[end + 12 : end + 16], "little")
    names: list[str] = []
    while at >= 0 and at + 46 <= end and tail[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = (
            int.from_bytes(tail[at + o : at + o + 2], "little") for o in (28, 30, 32)
        )
        names.append(tail[at + 46 : at + 46 + name].decode("utf-8", "replace"))
        at += 46 + name + extra + comment
    return names


def _local(head: bytes) -> list[str]:
    """Names before the members that lie in `head`, as far as one leads to the next (section 4.3.7)."""
    names: list[str] = []
    at = 0
    while at + 30 <= len(head) and head[at : at + 4] == b"PK\x03\x04":
        packed = int.from_bytes(head[at + 18 : at + 22], "little")
        name, extra = (int.from_bytes(head[at + o : at + o + 2], "little") for o in (26, 28))
        names.append(head[at + 30 : at + 30 + name].decode("utf-8", "replace"))
        if head[at + 6] & 8:  # its size stands behind it
            break
        at += 30 + name + extra + packed
    return names
