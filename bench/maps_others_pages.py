"""Maps by programs for pages, shown by a Chromium: d3-geo, Leaflet and OpenLayers."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from maps_others_ground import VIEWS, Truth, apart, node_says, towns_of, truth_of


def d3_map(view: str, projection: str) -> Callable[..., Truth]:
    """d3-geo makes the paths and points; Chromium shows the SVG."""

    def draw(path: Path, _shapes: dict[str, Any], node: Path) -> Truth:
        (west, south, east, north), _language, _rank = VIEWS[view]
        named = towns_of(view)
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
        lands, graticule, points = json.loads(node_says(script, node))
        kept = apart(named, points)
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
        return truth_of(
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


def web_map(view: str, zoom: float, library: str) -> Callable[..., Truth]:
    """Leaflet or OpenLayers draw in Chromium, without tiles."""

    def draw(path: Path, shapes: dict[str, Any], node: Path) -> Truth:
        (west, south, east, north), _language, _rank = VIEWS[view]
        centre = ((west + east) / 2, (south + north) / 2)
        named = towns_of(view)
        where = _mercator(np.array([(lon, lat) for _, lon, lat in named]), zoom, centre)
        seen = np.all((where > 10) & (where < (1070, 890)), axis=1)
        kept = [i for i in apart(named, where.tolist()) if seen[i]]
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
        return truth_of(
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
