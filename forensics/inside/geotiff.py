"""GeoTIFF: where on Earth the pixels of a TIFF picture lie, as it states.

OGC 19-008r4 (GeoTIFF 1.1): key directory (section 7.1), raster to model (7.2), key names (annex B and the
requirements of section 7). Codes of coordinate systems are EPSG's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from forensics.inside.exifvalues import plain
from forensics.inside.ifd import Directory, Values
from forensics.inside.making import part
from forensics.inside.window import Window
from forensics.model import Part

MAX_KEYS: Final = 256
MAX_TIEPOINTS: Final = 64

_KEYS, _DOUBLES, _TEXTS = 0x87AF, 0x87B0, 0x87B1
_SCALE, _TIEPOINTS, _TRANSFORMATION = 0x830E, 0x8482, 0x85D8
_GDAL, _NO_DATA = 0xA480, 0xA481

_NAMES: Final = {
    1024: "GTModelTypeGeoKey", 1025: "GTRasterTypeGeoKey", 1026: "GTCitationGeoKey",
    2048: "GeodeticCRSGeoKey", 2049: "GeodeticCitationGeoKey", 2050: "GeodeticDatumGeoKey",
    2051: "PrimeMeridianGeoKey", 2052: "GeogLinearUnitsGeoKey", 2053: "GeogLinearUnitSizeGeoKey",
    2054: "GeogAngularUnitsGeoKey", 2055: "GeogAngularUnitSizeGeoKey", 2056: "EllipsoidGeoKey",
    2057: "EllipsoidSemiMajorAxisGeoKey", 2058: "EllipsoidSemiMinorAxisGeoKey",
    2059: "EllipsoidInvFlatteningGeoKey", 2060: "GeogAzimuthUnitsGeoKey",
    2061: "PrimeMeridianLongitudeGeoKey", 2062: "GeogTOWGS84GeoKey", 3072: "ProjectedCRSGeoKey",
    3073: "ProjectedCitationGeoKey", 3074: "ProjectionGeoKey", 3075: "ProjMethodGeoKey",
    3076: "ProjLinearUnitsGeoKey", 3077: "ProjLinearUnitSizeGeoKey", 3078: "ProjStdParallel1GeoKey",
    3079: "ProjStdParallel2GeoKey", 3080: "ProjNatOriginLongGeoKey", 3081: "ProjNatOriginLatGeoKey",
    3082: "ProjFalseEastingGeoKey", 3083: "ProjFalseNorthingGeoKey",
    3084: "ProjFalseOriginLongGeoKey", 3085: "ProjFalseOriginLatGeoKey",
    3086: "ProjFalseOriginEastingGeoKey", 3087: "ProjFalseOriginNorthingGeoKey",
    3088: "ProjCenterLongGeoKey", 3089: "ProjCenterLatGeoKey", 3090: "ProjCenterEastingGeoKey",
    3091: "ProjCenterNorthingGeoKey", 3092: "ProjScaleAtNatOriginGeoKey",
    3093: "ProjScaleAtCenterGeoKey", 3094: "ProjAzimuthAngleGeoKey",
    3095: "ProjStraightVertPoleLongGeoKey", 4096: "VerticalGeoKey",
    4097: "VerticalCitationGeoKey", 4098: "VerticalDatumGeoKey", 4099: "VerticalUnitsGeoKey",
}  # fmt: skip
_CODES: Final = {
    (1024, 1): "Projected coordinates",
    (1024, 2): "Geographic coordinates: latitude and longitude",
    (1024, 3): "Coordinates from the centre of Earth",
    (1025, 1): "A coordinate means the area of a pixel",
    (1025, 2): "A coordinate means a point",
}
_EPSG: Final = (2048, 2050, 2051, 2052, 2054, 2056, 2060, 3072, 3074, 3076, 4096, 4098, 4099)
_WELL_KNOWN: Final = {
    4326: "WGS 84", 4258: "ETRS89", 4269: "NAD83", 3857: "WGS 84 / Pseudo-Mercator",
    4284: "Pulkovo 1942", 6258: "ETRS89", 6326: "WGS 84", 9001: "metre", 9102: "degree", 8901: "Greenwich",
    7030: "WGS 84",
}  # fmt: skip
_OWN_CODE: Final = 32767


def geotiff_part(window: Window, directory: Directory) -> Part | None:
    """Returns "GeoTIFF" with its keys and how pixels are placed; None where the directory has neither.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    parts = [*_keys(window, directory), *_placing(window, directory)]
    if not parts:
        return None
    field = directory.field(_KEYS)
    trouble = None if field else "It places pixels, but states no keys that say on what."
    return part(
        window,
        "GeoTIFF",
        start=field.at if field else None,
        size=field.size if field else None,
        meaning="Where on Earth the pixels lie, as stated",
        trouble=trouble,
        parts=tuple(parts),
    )


def _numbers(directory: Directory, tag: int) -> tuple[int | float, ...]:
    field = directory.field(tag)
    values: Values = field.values if field else ()
    return (
        tuple(v for v in values if isinstance(v, int | float)) if isinstance(values, tuple) else ()
    )


def _keys(window: Window, directory: Directory) -> Iterator[Part]:
    """Section 7.1.2: four numbers an entry: key, where its value stands, how many, value or index."""
    numbers = [int(v) for v in _numbers(directory, _KEYS)]
    doubles = _numbers(directory, _DOUBLES)
    texts = directory.field(_TEXTS)
    text = texts.values if texts and isinstance(texts.values, str) else ""
    stated = numbers[3] if len(numbers) > 3 else 0
    for index in range(4, 4 * min(stated, MAX_KEYS, len(numbers) // 4 - 1) + 4, 4):
        key, place, count, value = numbers[index : index + 4]
        name = _NAMES.get(key, f"Key {key}")
        found: int | str | None = None
        trouble = None
        if place == 0:
            found = value
        elif place == _TEXTS:
            found = text[value : value + count].rstrip("|\0")
        elif place == _DOUBLES:
            found = " ".join(plain(v) for v in doubles[value : value + count])
        elif place == _KEYS:
            found = " ".join(map(str, numbers[value : value + count]))
        if found in (None, "") and count:
            trouble = f"Its value should stand in field {place} at {value}, where there is none."
        yield part(window, name, found, meaning=_meaning(key, found), trouble=trouble)
    if numbers and stated > max(0, len(numbers) // 4 - 1):
        yield part(
            window,
            "GeoKeyDirectory",
            trouble=f"It states {stated} keys; {max(0, len(numbers) // 4 - 1)} are there.",
        )


def _meaning(key: int, value: int | str | None) -> str:
    if not isinstance(value, int):
        return ""
    if (key, value) in _CODES:
        return _CODES[key, value]
    if value == _OWN_CODE:
        return "Defined in the file itself"
    if key not in _EPSG or not value:
        return ""
    known = _WELL_KNOWN.get(value) or _zone(value)
    return f"EPSG:{value}" + (f", {known}" if known else "")


def _zone(code: int) -> str:
    """UTM zones on WGS 84, which EPSG numbers in order."""
    if 32601 <= code <= 32660:
        return f"WGS 84 / UTM zone {code - 32600}N"
    return f"WGS 84 / UTM zone {code - 32700}S" if 32701 <= code <= 32760 else ""


def _placing(window: Window, directory: Directory) -> Iterator[Part]:
    """Section 7.2: what a pixel measures, and which pixels lie at which coordinates."""
    scale = _numbers(directory, _SCALE)
    if scale:
        yield part(
            window,
            "ModelPixelScale",
            _joined(scale),
            meaning="Units of the map in one pixel: x, y, z",
        )
    points = _numbers(directory, _TIEPOINTS)
    for index in range(0, 6 * min(len(points) // 6, MAX_TIEPOINTS), 6):
        yield part(
            window,
            "ModelTiepoint",
            _joined(points[index : index + 6]),
            meaning="Pixel (column, row, layer), then its place (x, y, z)",
        )
    matrix = _numbers(directory, _TRANSFORMATION)
    if matrix:
        yield part(
            window,
            "ModelTransformation",
            _joined(matrix[:16]),
            meaning="Matrix from pixels to places, by rows",
        )
    for tag, name in ((_GDAL, "GDALMetadata"), (_NO_DATA, "GDALNoData")):
        field = directory.field(tag)
        if field and isinstance(field.values, str):
            yield part(window, name, field.values.strip())


def _joined(numbers: Iterable[int | float]) -> str:
    return " ".join(plain(n) for n in numbers)
