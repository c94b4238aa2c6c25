"""Maps by programs for Python: cartopy, geopandas, basemap and Vega-Lite."""

from __future__ import annotations

# ruff: noqa: PLC0415 - programs that are not installed are left out
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from maps_others_ground import VIEWS, Truth, apart, towns_of, truth_of


def _matplotlib(
    axes: Any, figure: Any, path: Path, view: str, projection: str, transform: Any
) -> Truth:
    """Names towns on matplotlib's axes, and saves."""
    named = towns_of(view)
    figure.canvas.draw()
    height = figure.canvas.get_width_height()[1]
    dpi = figure.dpi

    def forward(points: np.ndarray) -> np.ndarray:
        # Pixels are counted from the middle of the first; matplotlib's from its corner.
        flat = axes.transData.transform(transform(points))
        return np.column_stack((flat[:, 0] - 0.5, height - flat[:, 1] - 0.5))

    where = forward(np.array([(lon, lat) for _, lon, lat in named]))
    kept = apart(named, where.tolist())
    data = transform(np.array([(named[i][1], named[i][2]) for i in kept]))
    axes.plot(data[:, 0], data[:, 1], "o", color="k", markersize=4, linestyle="none")
    for (x, y), i in zip(data.tolist(), kept, strict=True):
        axes.annotate(named[i][0], (x, y), textcoords="offset points", xytext=(5, 3), fontsize=9)
    figure.savefig(path, dpi=dpi)
    size = figure.canvas.get_width_height()
    return truth_of([named[i] for i in kept], where[kept].tolist(), projection, size, view, forward)


def cartopy_map(view: str, projection: str) -> Callable[..., Truth]:
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


def geopandas_map(path: Path, shapes: dict[str, Any], _: Path) -> Truth:
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


def basemap_map(view: str, projection: str) -> Callable[..., Truth]:
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


def vega_map(path: Path, shapes: dict[str, Any], _: Path) -> Truth:
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

    named = towns_of("east")
    where = forward(np.array([(lon, lat) for _, lon, lat in named]))
    seen = np.all((where > 10) & (where < (980, 880)), axis=1)
    kept = [i for i in apart(named, where.tolist()) if seen[i]]
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
    return truth_of(
        [named[i] for i in kept],
        where[kept].tolist(),
        "mercator",
        (1100, 900),
        "east",
        forward,
    )
