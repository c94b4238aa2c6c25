"""GeoJSON: features with geometries and properties. Source: RFC 7946; members of the older form are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from forensics.inside.gathered import MAX_LISTED, Gathered, places
from forensics.inside.making import part
from forensics.inside.window import MAX_TEXT, Window
from forensics.model import Part

MAX_GEOJSON: Final = 48 << 20
"""Bytes read of one document: its values take about twenty times that in memory."""
MAX_PROPERTIES: Final = 40
"""Properties shown of one feature, and of one document."""
MAX_DEEP: Final = 100
"""Collections in collections, and lists in lists of coordinates."""
_NOT_FOREIGN: Final = frozenset(
    {"type", "features", "bbox", "geometry", "properties", "geometries"}
)
_NAMES: Final = ("name", "title", "Name", "NAME", "label")
_TIMES: Final = (
    "time",
    "timestamp",
    "date",
    "datetime",
    "created",
    "updated",
    "when",
    "start",
    "end",
)
_RENAMED: Final = {"name": "Title", "description": "Description", "attribution": "Copyright"}


def read_geojson(window: Window) -> Part:
    """Reads a GeoJSON text.

    Returns:
        "GeoJSON" with its type, the members around its features by their own names ("generator"), how many
        features and geometries of which type there are, extent, times, and under "Places" the first features
        with their properties.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    root, trouble = _parsed(window)
    parts: list[Part] = []
    if isinstance(root, dict):
        parts += _document(window, root)
    elif trouble is None:
        trouble = "It is not an object, so it is no GeoJSON."
    return part(
        window,
        "GeoJSON",
        start=0,
        size=window.size,
        meaning="places as data, as their author wrote them",
        trouble=trouble,
        parts=tuple(parts),
    )


def _parsed(window: Window) -> tuple[Any, str | None]:
    if window.size > MAX_GEOJSON:
        return None, f"It has {window.size} bytes; at most {MAX_GEOJSON} are read."
    try:
        return json.loads(window.read()), None
    except json.JSONDecodeError as error:
        return None, f"It is no JSON text from character {error.pos} on, and was not read."
    except UnicodeDecodeError:
        return None, "It is neither UTF-8 nor UTF-16, so it is no JSON text."
    except ValueError:
        return None, "It states a whole number of more digits than are read."
    except RecursionError:
        return None, "It is nested deeper than is read."


def _document(window: Window, root: dict[str, Any]) -> Iterator[Part]:
    kind = root.get("type")
    yield part(window, "Type", kind if isinstance(kind, str) else None)
    yield from _foreign(window, root)
    stated = _bounds(window, root.get("bbox"))
    if stated:
        yield stated
    features = root.get("features") if kind == "FeatureCollection" else [root]
    gathered, names, trouble = Gathered(), dict[str, int](), None
    if not isinstance(features, list):
        features, trouble = [], "It states no list of features."
    for feature in features:
        _count(gathered, feature)
        for key in _properties(feature) if len(names) < 1000 else ():
            names[key] = names.get(key, 0) + 1
    if kind == "FeatureCollection":
        yield part(window, "Features", len(features), trouble=trouble)
    yield from gathered.parts(window)
    if names:
        shown = tuple(part(window, k, n) for k, n in list(names.items())[:MAX_PROPERTIES])
        yield part(
            window, "Properties", len(names), meaning="how many features state each", parts=shown
        )
    if kind not in {"FeatureCollection", "Feature"}:
        return
    yield from places(window, [_feature(window, one) for one in features[:MAX_LISTED]])


def _foreign(window: Window, root: dict[str, Any]) -> Iterator[Part]:
    """Members that RFC 7946 does not define, in stored order: programs leave their names in them."""
    foreign = [(k, v) for k, v in root.items() if k not in _NOT_FOREIGN and k != "coordinates"]
    for key, value in foreign[:MAX_PROPERTIES]:
        yield part(
            window,
            _RENAMED.get(key, key),
            _text(value),
            meaning=f"the member {key!r}" if key in _RENAMED else "",
            personal=key != "generator",
        )


def _feature(window: Window, feature: object) -> Part:
    if not isinstance(feature, dict):
        return part(window, "Feature", trouble="It is not an object.")
    properties = _properties(feature)
    name = next((properties[k] for k in _NAMES if k in properties), feature.get("id"))
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    own = Gathered()
    _count(own, feature)
    return part(
        window,
        "Feature",
        None if name is None else _text(name),
        meaning=kind[:40] if isinstance(kind, str) else "",
        personal=True,
        parts=(
            *(part(window, k, _text(v), personal=True) for k, v in properties.items()),
            *(p for p in own.parts(window) if p.name == "Extent"),
        ),
    )


def _properties(feature: object) -> dict[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return dict(list(found.items())[:MAX_PROPERTIES]) if isinstance(found, dict) else {}


def _count(gathered: Gathered, feature: object) -> None:
    """Counts a feature's geometries, positions and times; a bare geometry is its own."""
    if not isinstance(feature, dict):
        return
    gathered.begin_run()
    for key, value in _properties(feature).items():
        if isinstance(value, str) and key.lower() in _TIMES:
            gathered.time(value[:64])
    bare = feature.get("type") != "Feature"
    pending: list[tuple[Any, int]] = [(feature if bare else feature.get("geometry"), 0)]
    while pending:
        geometry, depth = pending.pop()
        if not isinstance(geometry, dict) or depth > MAX_DEEP:
            continue
        kind = geometry.get("type")
        gathered.shapes[kind[:40] if isinstance(kind, str) else "(no type)"] += 1
        inner = geometry.get("geometries")
        if isinstance(inner, list):
            pending.extend((one, depth + 1) for one in inner)
        _positions(gathered, geometry.get("coordinates"))


def _positions(gathered: Gathered, coordinates: object) -> None:
    pending: list[object] = [coordinates]
    while pending:
        value = pending.pop()
        if not isinstance(value, list) or not value:
            continue
        if isinstance(value[0], list):
            pending.extend(value)
        elif len(value) >= 2 and all(_is_number(v) for v in value[:2]):
            height = float(value[2]) if len(value) > 2 and _is_number(value[2]) else None
            gathered.position(float(value[0]), float(value[1]), height)


def _is_number(value: object) -> bool:
    """Whether a value is a number that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e300


def _bounds(window: Window, value: object) -> Part | None:
    if not isinstance(value, list) or len(value) not in {4, 6}:
        return None
    names: tuple[str, ...] = ("West", "South", "East", "North")
    if len(value) == 6:
        names = ("West", "South", "Lowest", "East", "North", "Highest")
    sides = tuple(
        part(window, n, _text(v), personal=True) for n, v in zip(names, value, strict=True)
    )
    return part(window, "Bounds", meaning="as the writer states them", parts=sides)


def _text(value: object) -> str:
    """A value as the text states it; of a list or an object no more than is kept of a text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        written: list[str] = []
        kept = 0
        try:
            for piece in json.JSONEncoder(ensure_ascii=False).iterencode(value):
                written.append(piece)
                kept += len(piece)
                if kept > MAX_TEXT:
                    break
        except RecursionError:  # what was read may still be nested deeper than can be written
            written.append("…")
        return "".join(written)
    return json.dumps(value)
