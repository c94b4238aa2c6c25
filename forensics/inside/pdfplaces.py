"""Where on a map the pages of a PDF lie: viewports with a measure (GeoPDF) and OGC's registration.

Sources: ISO 32000-2:2020 section 12.10 (geospatial features; before that Adobe's extension level 3),
OGC 08-139r3 (PDF georegistration encoding: LGIDict).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from forensics.inside.gathered import decimal
from forensics.inside.making import part
from forensics.inside.pdffile import PdfFile
from forensics.inside.pdfobjects import text
from forensics.inside.window import Window
from forensics.model import Part

MAX_VIEWPORTS: Final = 200
_MAX_PAGES: Final = 200
_MAX_POINTS: Final = 200


def places(window: Window, file: PdfFile, pages: Sequence[int]) -> Iterator[Part]:
    """Yields "Viewport" and "LGIDict" parts, in order of pages.

    Args:
        window: The file.
        file: Its objects.
        pages: Numbers of its page objects, in order.
    """
    left = MAX_VIEWPORTS
    for index, number in enumerate(pages[:_MAX_PAGES], 1):
        found = file.object(number)
        page = found.value if found else None
        for name, key, read in (("Viewport", "VP", _viewport), ("LGIDict", "LGIDict", _registered)):
            value = file.get(page, key)
            for one in value if isinstance(value, list) else [value] if value else []:
                each = file.of(one)
                if isinstance(each, dict) and left:
                    left -= 1
                    yield part(
                        window,
                        name,
                        text(file.of(each.get("Name") or each.get("Description"))),
                        meaning=f"page {index}",
                        personal=True,
                        parts=tuple(read(window, file, each)),
                    )


def _viewport(window: Window, file: PdfFile, value: dict[str, Any]) -> Iterator[Part]:
    if box := _numbers(file, value.get("BBox")):
        yield part(window, "Box", " ".join(box), meaning="on the page, in points")
    measure = file.of(value.get("Measure"))
    if not isinstance(measure, dict):
        return
    kind = text(file.of(measure.get("Subtype")))
    yield part(window, "Measure", kind, meaning="GEO: on the earth" if kind == "GEO" else "")
    points = [float(v) for v in _numbers(file, measure.get("GPTS"))]
    if len(points) >= 4:
        south, north = min(points[::2]), max(points[::2])
        west, east = min(points[1::2]), max(points[1::2])
        sides = (("West", west), ("South", south), ("East", east), ("North", north))
        yield part(
            window,
            "Extent",
            meaning="smallest and largest longitude and latitude, in degrees as stated",
            personal=True,
            parts=tuple(part(window, n, decimal(v), personal=True) for n, v in sides),
        )
    for key, meaning in (("GCS", "system of coordinates"), ("DCS", "system for display")):
        yield from _system(window, file, measure.get(key), key, meaning)


def _system(window: Window, file: PdfFile, value: Any, name: str, meaning: str) -> Iterator[Part]:
    system = file.of(value)
    if not isinstance(system, dict):
        return
    code, words = file.of(system.get("EPSG")), text(file.of(system.get("WKT")))
    facts = [("EPSG", code if isinstance(code, int) else None), ("WKT", words)]
    yield part(
        window,
        name,
        text(file.of(system.get("Type"))),
        meaning=meaning,
        parts=tuple(part(window, n, v) for n, v in facts if v is not None),
    )


def _registered(window: Window, file: PdfFile, value: dict[str, Any]) -> Iterator[Part]:
    for key in ("Type", "Version", "Description"):
        said = text(file.of(value.get(key)))
        if said:
            yield part(window, key, said, personal=key == "Description")
    for key in ("CTM", "Neatline"):
        if numbers := _numbers(file, value.get(key)):
            yield part(window, key, " ".join(numbers), personal=True)
    projection = file.of(value.get("Projection"))
    if isinstance(projection, dict):
        facts = [(k, _said(file.of(v))) for k, v in list(projection.items())[:40]]
        parts = tuple(part(window, k, v) for k, v in facts if v is not None)
        yield part(window, "Projection", parts=parts)
    rows = file.of(value.get("Registration"))
    if isinstance(rows, list):
        points = [" ".join(_numbers(file, row)) for row in rows[:_MAX_POINTS]]
        yield part(
            window,
            "Registration",
            len(rows),
            meaning="points of the page and where they lie",
            parts=tuple(part(window, "Point", p, personal=True) for p in points if p),
        )


def _said(value: Any) -> int | str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        return decimal(value)
    return value if isinstance(value, int) else text(value)


def _numbers(file: PdfFile, value: Any) -> list[str]:
    """The numbers of an array, which OGC's form may state as strings; empty where it is none."""
    listed = file.of(value)
    if not isinstance(listed, list):
        return []
    found: list[str] = []
    for one in listed[:_MAX_POINTS]:
        said = _said(file.of(one))
        try:
            found.append(decimal(float(said if said is not None else "")))
        except ValueError:
            return []
    return found
