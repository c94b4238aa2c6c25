"""Maps by other people's software, with what is known of them, for `maps.py --others FOLDER`.

    python bench/maps_others.py FOLDER --node FOLDER_WITH_NODE_MODULES

It runs where these are installed, none of which the project needs otherwise: cartopy, matplotlib, geopandas,
basemap, vl-convert-python and pyproj from PyPI; d3-geo, world-atlas 2.0.2, topojson-client, leaflet, ol and
echarts from npm; a Chromium. What is missing is left out and said. Projections, layout and lettering are the
programs' own; towns are GeoNames'.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from maps_others_ground import Truth, node_says
from maps_others_pages import d3_map, web_map
from maps_others_python import basemap_map, cartopy_map, geopandas_map, vega_map


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--node", type=Path, required=True)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    shapes = _countries(options.node)
    for name, draw in DRAWERS:
        path = options.folder / f"{name.replace(' ', '-')}.png"
        if path.with_suffix(".json").exists():
            continue
        try:
            truth = draw(path, shapes, options.node)
        except (ImportError, OSError, subprocess.SubprocessError) as error:
            print(f"{name}: left out, {type(error).__name__}: {str(error)[:300]}", file=sys.stderr)
            continue
        truth = {"style": name.rsplit(" ", 1)[0], "tracks": [], "marks": [], **truth}
        path.with_suffix(".json").write_text(json.dumps(truth, ensure_ascii=False), "utf-8")
        print(name, len(truth["names"]), "names", file=sys.stderr)


def _countries(node: Path) -> dict[str, Any]:
    """Natural Earth's countries as GeoJSON, by topojson-client."""
    script = (
        "const t=require('topojson-client'),w=require('world-atlas/countries-50m.json');"
        "process.stdout.write(JSON.stringify(t.feature(w,w.objects.countries)))"
    )
    return dict(json.loads(node_says(script, node)))


def _all() -> Iterator[tuple[str, Callable[..., Truth]]]:
    yield "cartopy, plate carrée 1", cartopy_map("north", "plate carrée")
    yield "cartopy, Mercator 1", cartopy_map("south", "mercator")
    yield "cartopy, Lambert conic 1", cartopy_map("wide", "lambert")
    yield "cartopy, stereographic 1", cartopy_map("north", "stereographic")
    yield "geopandas 1", geopandas_map
    yield "basemap, Mercator 1", basemap_map("north", "merc")
    yield "basemap, Lambert conic 1", basemap_map("wide", "lcc")
    yield "basemap, Albers conic 1", basemap_map("wide", "aea")
    yield "d3-geo, Mercator 1", d3_map("east", "geoMercator")
    yield "d3-geo, conformal conic 1", d3_map("north", "geoConicConformal")
    yield "d3-geo, azimuthal 1", d3_map("wide", "geoAzimuthalEqualArea")
    yield "Leaflet 1", web_map("north", 6.1, "leaflet")
    yield "Leaflet 2", web_map("south", 6.4, "leaflet")
    yield "OpenLayers 1", web_map("east", 6.9, "ol")
    yield "OpenLayers 2", web_map("wide", 5.2, "ol")
    yield "Vega-Lite 1", vega_map


DRAWERS: Final = tuple(_all())
if __name__ == "__main__":
    main()
