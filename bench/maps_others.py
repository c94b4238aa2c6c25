"""Maps by other people's software, with what is known of them, for `maps.py --others FOLDER`.

    python bench/maps_others.py FOLDER --node FOLDER_WITH_NODE_MODULES

It runs where these are installed, none of which the project needs otherwise: cartopy, matplotlib, geopandas,
basemap, vl-convert-python and pyproj from PyPI; d3-geo, world-atlas 2.0.2, topojson-client, leaflet, ol and
echarts from npm; a Chromium. What is missing is left out and said. Projections, layout and lettering are the
programs' own; towns are GeoNames'.
"""

from __future__ import annotations

# ruff: noqa: PLC0415 - programs that are not installed are left out
import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from maps_towns import towns

Truth = dict[str, Any]
Town = tuple[str, float, float]
VIEWS: Final = {
    # West, south, east, north; language; fewest rank.
    "north": ((26.0, 52.0, 42.0, 60.5), 0, 2),
    "south": ((27.0, 43.5, 41.0, 50.8), 1, 2),
    "east": ((32.0, 46.0, 41.5, 53.0), 2, 1),
    "wide": ((17.0, 42.0, 47.0, 61.0), 2, 2),
}


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
    return dict(json.loads(_node(script, node)))


def _node(script: str, node: Path) -> str:
    program = shutil.which("node")
    if program is None:
        raise FileNotFoundError("node")
    run = subprocess.run(
        [program, "-e", script],
        cwd=node,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return run.stdout


def _towns(view: str) -> list[Town]:
    (west, south, east, north), language, rank = VIEWS[view]
    edge = 0.04 * (east - west)
    return [
        (t.names[language], t.lon, t.lat)
        for t in towns()
        if t.rank >= rank
        and west + edge < t.lon < east - 3 * edge
        and south + edge < t.lat < north - edge
    ]


def _apart(named: Sequence[Town], pixels: Sequence[Sequence[float]]) -> list[int]:
    """Which towns to name so that names of 130 by 22 pixels stay apart."""
    kept: list[int] = []
    for index in range(len(named)):
        x, y = pixels[index]
        if all(abs(x - pixels[k][0]) > 135 or abs(y - pixels[k][1]) > 22 for k in kept):
            kept.append(index)
    return kept


def _truth(
    named: Sequence[Town],
    pixels: Sequence[Sequence[float]],
    projection: str,
    size: tuple[int, int],
    view: str,
    forward: Callable[[np.ndarray], np.ndarray],
) -> Truth:
    """What the bench is told. Points of the ground are random ones of the view that the picture shows."""
    (west, south, east, north), _, _ = VIEWS[view]
    at = np.random.default_rng(5).uniform((west, south), (east, north), (400, 2))
    shown = forward(at)
    inside = np.all((shown > 4) & (shown < np.array(size) - 4), axis=1)
    points = np.column_stack((at, shown))[inside][:50]
    return {
        "projection": projection,
        "ground": points.tolist(),
        "names": [
            {"texts": [name], "lon": lon, "lat": lat, "x": float(x), "y": float(y), "right": True}
            for (name, lon, lat), (x, y) in zip(named, pixels, strict=True)
        ],
    }


def _matplotlib(
    axes: Any, figure: Any, path: Path, view: str, projection: str, transform: Any
) -> Truth:
    """Names towns on matplotlib's axes, and saves."""
    named = _towns(view)
    figure.canvas.draw()
    height = figure.canvas.get_width_height()[1]
    dpi = figure.dpi

    def forward(points: np.ndarray) -> np.ndarray:
        # Pixels are counted from the middle of the first; matplotlib's from its corner.
        flat = axes.transData.transform(transform(points))
        return np.column_stack((flat[:, 0] - 0.5, height - flat[:, 1] - 0.5))

    where = forward(np.array([(lon, lat) for _, lon, lat in named]))
    kept = _apart(named, where.tolist())
    data = transform(np.array([(named[i][1], named[i][2]) for i in kept]))
    axes.plot(data[:, 0], data[:, 1], "o", color="k", markersize=4, linestyle="none")
    for (x, y), i in zip(data.tolist(), kept, strict=True):
        axes.annotate(named[i][0], (x, y), textcoords="offset points", xytext=(5, 3), fontsize=9)
    figure.savefig(path, dpi=dpi)
    size = figure.canvas.get_width_height()
    return _truth([named[i] for i in kept], where[kept].tolist(), projection, size, view, forward)


def _cartopy(view: str, projection: str) -> Callable[..., Truth]:
    def draw(path: Path, shapes: dict[str, Any], _: Path) -> Truth:
        import cartopy.crs as ccrs
        import matplotlib as mpl

        mpl.use("Agg")
        import matplotlib.pyplot as plt
        from shapely.geometry import shape

        (west, south, east, north), _language, _rank = VIEWS[view]
        middle, flat = (west + east) / 2, ccrs.PlateCarree()
        crs = {
            "plate carrée": lambda: flat,
            "mercator": ccrs.Mercator,
            "lambert": lambda: ccrs.LambertConformal(middle, 50, standard_parallels=(45, 58)),
            "stereographic": lambda: ccrs.Stereographic(50, middle),
        }[projection]()
        figure = plt.figure(figsize=(12, 9), dpi=100)
        axes = figure.add_subplot(1, 1, 1, projection=crs)
        axes.set_extent((west, east, south, north), flat)
        axes.add_geometries(
            [shape(f["geometry"]) for f in shapes["features"]],
            flat,
            facecolor="#f4efe2",
            edgecolor="#777777",
        )
        axes.set_facecolor("#cfe2f3")
        axes.gridlines(draw_labels=True, linewidth=0.4)
        return _matplotlib(
            axes,
            figure,
            path,
            view,
            projection,
            lambda p: crs.transform_points(flat, p[:, 0], p[:, 1])[:, :2],
        )

    return draw


def _geopandas(path: Path, shapes: dict[str, Any], _: Path) -> Truth:
    import geopandas
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    (west, south, east, north), _language, _rank = VIEWS["south"]
    frame = geopandas.GeoDataFrame.from_features(shapes["features"], crs=4326)
    figure, axes = plt.subplots(figsize=(12, 9), dpi=110)
    frame.cx[west:east, south:north].plot(ax=axes, column="name", cmap="Pastel1", edgecolor="white")
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    return _matplotlib(axes, figure, path, "south", "equirectangular", lambda p: p)


def _basemap(view: str, projection: str) -> Callable[..., Truth]:
    def draw(path: Path, _shapes: dict[str, Any], _: Path) -> Truth:
        import matplotlib as mpl

        mpl.use("Agg")
        import matplotlib.pyplot as plt
        from mpl_toolkits.basemap import Basemap

        (west, south, east, north), _language, _rank = VIEWS[view]
        figure, axes = plt.subplots(figsize=(12, 10), dpi=100)
        wide = 111e3 * (east - west) * math.cos(math.radians((south + north) / 2))
        middle = {"lon_0": (west + east) / 2, "lat_0": (south + north) / 2}
        corners = {
            "llcrnrlon": west,
            "llcrnrlat": south,
            "urcrnrlon": east,
            "urcrnrlat": north,
        }
        size = {"width": wide, "height": 111e3 * (north - south), **middle}
        more = {
            "merc": corners,
            "lcc": {**size, "lat_1": south, "lat_2": north},
            "aea": {**size, "lat_1": south, "lat_2": north},
        }
        base = Basemap(projection=projection, resolution="l", ax=axes, **more[projection])
        base.drawcoastlines(linewidth=0.6)
        base.drawcountries()
        base.fillcontinents(color="#e9dcc0", lake_color="#99bbdd", zorder=0)
        base.drawmapboundary(fill_color="#99bbdd")
        return _matplotlib(
            axes,
            figure,
            path,
            view,
            projection,
            lambda p: np.column_stack(base(p[:, 0], p[:, 1])),
        )

    return draw


def _d3(view: str, projection: str) -> Callable[..., Truth]:
    """d3-geo makes the paths and points; Chromium shows the SVG."""

    def draw(path: Path, _shapes: dict[str, Any], node: Path) -> Truth:
        (west, south, east, north), _language, _rank = VIEWS[view]
        named = _towns(view)
        at = np.random.default_rng(5).uniform((west, south), (east, north), (400, 2))
        asked = json.dumps([[lon, lat] for _, lon, lat in named] + at.tolist())
        middle = (west + east) / 2
        script = f"""
import('d3-geo').then(d3 => {{
  const t=require('topojson-client'), w=require('world-atlas/countries-50m.json');
  const ring={{type:'MultiPoint',coordinates:[[{west},{south}],[{east},{south}],[{east},{north}],
    [{west},{north}],[{middle},{north}],[{middle},{south}]]}};
  let p=d3.{projection}();
  if(p.parallels) p=p.parallels([{south},{north}]);
  p=p.rotate([{-middle},0]);
  if({json.dumps(projection)}==='geoAzimuthalEqualArea') p=p.rotate([{-middle},{-(south + north) / 2}]);
  p=p.fitExtent([[10,10],[1190,890]],ring).clipExtent([[0,0],[1200,900]]);
  const g=d3.geoPath(p), f=t.feature(w,w.objects.countries).features;
  process.stdout.write(JSON.stringify([f.map(x=>g(x)).filter(Boolean),
    g(d3.geoGraticule10()), {asked}.map(x=>p(x))]));
}})"""
        lands, graticule, points = json.loads(_node(script, node))
        kept = _apart(named, points)
        parts = [f'<path d="{d}" fill="#e7e3d4" stroke="#8a8a8a"/>' for d in lands]
        parts.append(f'<path d="{graticule}" fill="none" stroke="#cccccc" stroke-width=".6"/>')
        for i in kept:
            x, y = points[i]
            parts.append(
                f'<circle cx="{x}" cy="{y}" r="4" fill="#b11"/><text x="{x + 8}" y="{y + 5}"'
                f' font-family="sans-serif" font-size="15">{named[i][0]}</text>'
            )
        page = (
            '<body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg" width="1200"'
            f' height="900" style="background:#cfe6ee">{"".join(parts)}</svg>'
        )
        _chromium(page, path, node)
        known = {tuple(p): xy for p, xy in zip(at.tolist(), points[len(named) :], strict=True)}
        return _truth(
            [named[i] for i in kept],
            [(points[i][0] - 0.5, points[i][1] - 0.5) for i in kept],
            projection,
            (1200, 900),
            view,
            lambda p: np.array([known[tuple(q)] for q in p.tolist()]) - 0.5,
        )

    return draw


def _mercator(points: np.ndarray, zoom: float, centre: tuple[float, float]) -> np.ndarray:
    """Web Mercator's pixels in a window of 1200 by 900 around a centre."""

    def world(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        scale = 256 * 2**zoom
        up = np.arcsinh(np.tan(np.radians(lat)))
        return np.column_stack((scale * (lon / 360 + 0.5), scale * (0.5 - up / (2 * np.pi))))

    middle = world(np.array([centre[0]]), np.array([centre[1]]))
    return world(points[:, 0], points[:, 1]) - middle + (600, 450)


def _web(view: str, zoom: float, library: str) -> Callable[..., Truth]:
    """Leaflet or OpenLayers draw in Chromium, without tiles."""

    def draw(path: Path, shapes: dict[str, Any], node: Path) -> Truth:
        (west, south, east, north), _language, _rank = VIEWS[view]
        centre = ((west + east) / 2, (south + north) / 2)
        named = _towns(view)
        where = _mercator(np.array([(lon, lat) for _, lon, lat in named]), zoom, centre)
        seen = np.all((where > 10) & (where < (1070, 890)), axis=1)
        kept = [i for i in _apart(named, where.tolist()) if seen[i]]
        given = json.dumps([named[i] for i in kept])
        page = PAGES[library]
        for key, value in (
            ("NODE", node.resolve().as_uri() + "/node_modules"),
            ("SHAPES", json.dumps(shapes)),
            ("TOWNS", given),
            ("CENTRE", json.dumps(centre)),
            ("ZOOM", str(zoom)),
        ):
            page = page.replace(f"@{key}@", value)
        _chromium(page, path, node)
        return _truth(
            [named[i] for i in kept],
            (where[kept] - 0.5).tolist(),
            "mercator",
            (1200, 900),
            view,
            lambda p: _mercator(p, zoom, centre) - 0.5,
        )

    return draw


PAGES: Final = {
    "leaflet": """<meta charset=utf-8><link rel=stylesheet href="@NODE@/leaflet/dist/leaflet.css">
<script src="@NODE@/leaflet/dist/leaflet.js"></script>
<style>body{margin:0}#m{width:1200px;height:900px;background:#aad3df}
.t{background:none;border:0;box-shadow:none;font:14px sans-serif;padding:0 0 0 2px}.t:before{display:none}
</style><div id=m></div><script>
const c=@CENTRE@, m=L.map('m',{zoomSnap:0,fadeAnimation:false,zoomAnimation:false})
  .setView([c[1],c[0]],@ZOOM@);
L.geoJSON(@SHAPES@,{style:{color:'#9b7bb0',weight:1.5,fillColor:'#f2efe9',fillOpacity:1}}).addTo(m);
for(const [n,x,y] of @TOWNS@) L.circleMarker([y,x],{radius:4,color:'#222',weight:1,fillColor:'#fff',
  fillOpacity:1}).addTo(m).bindTooltip(n,{permanent:true,direction:'right',className:'t',offset:[4,0]});
L.control.scale().addTo(m);</script>""",
    "ol": """<meta charset=utf-8><link rel=stylesheet href="@NODE@/ol/ol.css">
<script src="@NODE@/ol/dist/ol.js"></script>
<style>body{margin:0}#m{width:1200px;height:900px;background:#223}</style><div id=m></div><script>
const f=new ol.format.GeoJSON(), p={featureProjection:'EPSG:3857'};
const land=new ol.layer.Vector({source:new ol.source.Vector({features:f.readFeatures(@SHAPES@,p)}),
 style:new ol.style.Style({fill:new ol.style.Fill({color:'#334'}),
 stroke:new ol.style.Stroke({color:'#889',width:1})})});
const s=new ol.source.Vector();
for(const [n,x,y] of @TOWNS@){const q=new ol.Feature(new ol.geom.Point(ol.proj.fromLonLat([x,y])));
 q.setStyle(new ol.style.Style({image:new ol.style.Circle({radius:4,
 fill:new ol.style.Fill({color:'#fd4'})}),
 text:new ol.style.Text({text:n,font:'15px sans-serif',textAlign:'left',offsetX:8,
 fill:new ol.style.Fill({color:'#fff'}),stroke:new ol.style.Stroke({color:'#000',width:3})})}));
 s.addFeature(q);}
new ol.Map({target:'m',layers:[land,new ol.layer.Vector({source:s,declutter:false})],
 view:new ol.View({center:ol.proj.fromLonLat(@CENTRE@),zoom:@ZOOM@,constrainResolution:false})});
</script>""",
}


def _vega(path: Path, shapes: dict[str, Any], _: Path) -> Truth:
    """Vega-Lite draws by vl-convert; towns are where Mercator's formula has them at its scale."""
    import vl_convert

    (west, south, east, north), _language, _rank = VIEWS["east"]
    centre = ((west + east) / 2, (south + north) / 2)
    scale = 5200.0

    def forward(points: np.ndarray) -> np.ndarray:
        up = np.arcsinh(np.tan(np.radians(points[:, 1])))
        middle = math.asinh(math.tan(math.radians(centre[1])))
        x = scale * np.radians(points[:, 0] - centre[0]) + 550
        return np.column_stack((x - 0.5, 450 - scale * (up - middle) - 0.5))

    named = _towns("east")
    where = forward(np.array([(lon, lat) for _, lon, lat in named]))
    seen = np.all((where > 10) & (where < (980, 880)), axis=1)
    kept = [i for i in _apart(named, where.tolist()) if seen[i]]
    values = [{"name": named[i][0], "lon": named[i][1], "lat": named[i][2]} for i in kept]
    place = {"longitude": {"field": "lon", "type": "quantitative"}}
    place["latitude"] = {"field": "lat", "type": "quantitative"}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 1100,
        "height": 900,
        "padding": 0,
        "projection": {
            "type": "mercator",
            "center": list(centre),
            "scale": scale,
            "translate": [550, 450],
        },
        "layer": [
            {
                "data": {"values": shapes["features"]},
                "mark": {"type": "geoshape", "fill": "#dfe8d8", "stroke": "#ffffff", "clip": True},
            },
            {
                "data": {"values": values},
                "mark": {"type": "circle", "size": 60, "color": "#204060", "opacity": 1},
                "encoding": place,
            },
            {
                "data": {"values": values},
                "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 15},
                "encoding": {**place, "text": {"field": "name"}},
            },
        ],
    }
    path.write_bytes(vl_convert.vegalite_to_png(spec, scale=1))
    return _truth(
        [named[i] for i in kept],
        where[kept].tolist(),
        "mercator",
        (1100, 900),
        "east",
        forward,
    )


def _chromium(page: str, path: Path, node: Path) -> None:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise FileNotFoundError("chromium")
    with tempfile.TemporaryDirectory(dir=node) as folder:
        html = Path(folder) / "page.html"
        html.write_text(page, "utf-8")
        subprocess.run(
            [
                program,
                *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *("--allow-file-access-from-files", "--virtual-time-budget=8000"),
                f"--user-data-dir={folder}/profile",
                "--window-size=1200,900",
                f"--screenshot={path.resolve()}",
                html.as_uri(),
            ],
            capture_output=True,
            check=True,
            timeout=90,
        )


def _all() -> Iterator[tuple[str, Callable[..., Truth]]]:
    yield "cartopy, plate carrée 1", _cartopy("north", "plate carrée")
    yield "cartopy, Mercator 1", _cartopy("south", "mercator")
    yield "cartopy, Lambert conic 1", _cartopy("wide", "lambert")
    yield "cartopy, stereographic 1", _cartopy("north", "stereographic")
    yield "geopandas 1", _geopandas
    yield "basemap, Mercator 1", _basemap("north", "merc")
    yield "basemap, Lambert conic 1", _basemap("wide", "lcc")
    yield "basemap, Albers conic 1", _basemap("wide", "aea")
    yield "d3-geo, Mercator 1", _d3("east", "geoMercator")
    yield "d3-geo, conformal conic 1", _d3("north", "geoConicConformal")
    yield "d3-geo, azimuthal 1", _d3("wide", "geoAzimuthalEqualArea")
    yield "Leaflet 1", _web("north", 6.1, "leaflet")
    yield "Leaflet 2", _web("south", 6.4, "leaflet")
    yield "OpenLayers 1", _web("east", 6.9, "ol")
    yield "OpenLayers 2", _web("wide", 5.2, "ol")
    yield "Vega-Lite 1", _vega


DRAWERS: Final = tuple(_all())

if __name__ == "__main__":
    main()
