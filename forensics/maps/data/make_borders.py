"""Makes `borders.bin.xz` from Natural Earth's countries, as the npm package world-atlas carries them.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python forensics/maps/data/make_borders.py package/countries-10m.json

One line of JSON says what it is, which arcs form the rings of which country and how many points each arc
has; the points follow as 32-bit differences (x, y), little-endian, in steps of the stated scale. Same
input, same file, byte for byte.
"""

from __future__ import annotations

import json
import lzma
import sys
from pathlib import Path
from typing import Any

import numpy as np

MIN_POINTS = 4
"""Fewer points than this enclose nothing: islets that rounding has flattened."""

OUT = Path(__file__).parent / "borders.bin.xz"


def main(source: Path) -> None:
    topology = json.loads(source.read_text("utf-8"))
    arcs = [np.array(arc, np.int32).reshape(-1, 2) for arc in topology["arcs"]]
    countries = [
        {
            "name": shape["properties"]["name"],
            "polygons": [
                polygon
                for polygon in (
                    shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
                )
                if sum(len(arcs[i if i >= 0 else ~i]) for i in polygon[0]) > MIN_POINTS
            ],
        }
        for shape in topology["objects"]["countries"]["geometries"]
        if shape.get("arcs")
    ]
    _follow_68_262(countries, arcs, topology["transform"])
    head = {
        "name": "Natural Earth countries, 1:10,000,000",
        "version": "4.1.0, from world-atlas 2.0.2",
        "source": "https://www.naturalearthdata.com",
        "licence": "public domain",
        "borders": "as land is in fact controlled, by Natural Earth's policy of 2018; but Crimea with"
        " Ukraine, as in resolution 68/262 of the UN General Assembly",
        "scale": topology["transform"]["scale"],
        "translate": topology["transform"]["translate"],
        "countries": sorted(countries, key=lambda country: str(country["name"])),
        "lengths": [len(arc) for arc in arcs],
    }
    data = json.dumps(head, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    points = np.concatenate(arcs).astype("<i4").tobytes()
    OUT.write_bytes(lzma.compress(data + points, preset=9 | lzma.PRESET_EXTREME))
    print(f"{OUT.name}: {len(countries)} countries, {OUT.stat().st_size:,} bytes")


def _follow_68_262(countries: list[Any], arcs: list[Any], transform: Any) -> None:
    """Moves the polygons that lie in the rectangle around Crimea from Russia to Ukraine."""
    by_name = {country["name"]: country["polygons"] for country in countries}

    def inside(polygon: list[list[int]]) -> bool:
        steps = [np.cumsum(arcs[i if i >= 0 else ~i], axis=0) for i in polygon[0]]
        points = np.concatenate(steps) * transform["scale"] + transform["translate"]
        west, south = points.min(axis=0)
        east, north = points.max(axis=0)
        return bool(west > 32 and east < 36.7 and south > 44.2 and north < 46.4)

    moved = [polygon for polygon in by_name["Russia"] if inside(polygon)]
    if not moved:
        raise SystemExit("No polygon of Russia lies around Crimea: the source has changed.")
    by_name["Ukraine"] += moved
    by_name["Russia"][:] = [polygon for polygon in by_name["Russia"] if polygon not in moved]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
