"""KML: places, paths and pictures laid over a map. Source: OGC 12-007r2 (KML 2.3) and Google's extensions.

Nothing that a document points to is fetched: links are named.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from forensics.inside.gathered import MAX_LISTED, Gathered, number, places
from forensics.inside.making import part
from forensics.inside.markup import Texts, comments, local, read_markup, space
from forensics.inside.window import Window
from forensics.model import Part

ATOM: Final = "http://www.w3.org/2005/Atom"
MAX_LINKS: Final = 200
_MAX_COMMENTS: Final = 20
_MAX_COORDINATES: Final = 32 << 20
"""Characters of one list of coordinates."""
_FEATURES: Final = (
    *("Document", "Folder", "Placemark", "GroundOverlay", "ScreenOverlay", "PhotoOverlay"),
    *("NetworkLink", "Tour"),
)
_SHAPES: Final = frozenset({"Point", "LineString", "LinearRing", "Polygon", "Model", "Track"})
_TIMES: Final = {"when": "When", "begin": "Begin", "end": "End"}
_FREE: Final = {
    "name": "Name",
    "description": "Description",
    "address": "Address",
    "Snippet": "Snippet",
}
_HEAD: Final = {"name": "Title", "description": "Description", "address": "Address"}
_SIDES: Final = {"west": "West", "south": "South", "east": "East", "north": "North"}
_CONTAINERS: Final = frozenset({"Document", "Folder"})


def read_kml(window: Window) -> Part:
    """Reads a KML document.

    Returns:
        "KML" with its namespaces, title, author, counts of features and geometries, extent, times, the
        first features one by one under "Places", and every link ("Link") up to `MAX_LINKS`.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    handler = _Kml(window)
    trouble = read_markup(window, handler)
    features = sum(handler.counts.values())
    return part(
        window,
        "KML",
        start=0,
        size=window.size,
        meaning="places for a map program, as their author wrote them",
        trouble=trouble,
        parts=(
            *(part(window, "Namespace", uri) for uri in handler.spaces),
            *handler.head,
            part(
                window,
                "Features",
                features,
                parts=tuple(part(window, k, n) for k, n in sorted(handler.counts.items())),
            ),
            *handler.all.parts(window),
            *places(window, handler.listed),
            *handler.links,
            *comments(window, handler.comments),
        ),
    )


class _Kml:
    """Told of one document."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._path: list[str] = []
        self._texts = Texts()
        self._coordinates: list[str] | None = None
        self._length = 0
        self._own: list[list[Part]] = []
        self._linked: set[str] = set()
        self._box: dict[str, float] = {}
        self._data = ""
        self.all = Gathered()
        self.counts: Counter[str] = Counter()
        self.spaces: list[str] = []
        self.head: list[Part] = []
        self.listed: list[Part] = []
        self.links: list[Part] = []
        self.comments: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = f"atom:{local(tag)}" if space(tag) == ATOM else local(tag)
        self._path.append(name)
        self._texts.begin()
        if name in _FEATURES:
            self.counts[name] += 1
            self._own.append([])
        elif name in _SHAPES:
            self.all.shapes[name] += 1
            self.all.begin_run()
        elif name == "coordinates":
            self._coordinates, self._length = [], 0
        elif name == "LatLonBox":
            self._box = {}
        elif name in {"Data", "SimpleData"}:
            self._data = attributes.get("name", "")
        elif name == "atom:link":
            self._link(attributes.get("href", ""), "a page that the document names")
        elif name == "SchemaData" and attributes.get("schemaUrl", "#")[:1] != "#":
            self._link(attributes["schemaUrl"], "a description of its data")

    def end(self) -> None:
        text, path = self._texts.finish(), tuple(self._path)
        self._path.pop()
        name = path[-1]
        if name == "coordinates":
            self._positions("".join(self._coordinates or ()))
            self._coordinates = None
        elif name == "coord":
            self._position(text.split())
        elif name in _TIMES:
            self._time(name, text)
        elif name == "href" or (name == "styleUrl" and not text.startswith("#")):
            self._link(text, f"in {path[-2]}" if path[1:] else "")
        elif name == "atom:name" and "atom:author" in path:
            self.head.append(part(self._window, "Author", text, personal=True))
        elif name in {"atom:email", "atom:generator"}:
            named = "Email" if name == "atom:email" else "generator"
            self.head.append(part(self._window, named, text, personal=named == "Email"))
        elif name in _SIDES and path[-2:-1] == ("LatLonBox",):
            if (value := number(text)) is not None:
                self._keep(_SIDES[name], text)
                self._box[name] = value
        elif name in _FREE and path[-2:-1] and path[-2] in _FEATURES and text:
            self._named(path, name, text)
        elif name in {"value", "SimpleData"} and text:
            self._keep(self._data or "Data", text)
        elif name == "LatLonBox" and self._box.keys() == _SIDES.keys():
            self.all.box(*(self._box[side] for side in _SIDES))
        if name in _FEATURES:
            self._finish(name)

    def _named(self, path: tuple[str, ...], name: str, text: str) -> None:
        """A feature's own words; those of the outermost document are the file's."""
        if len(path) <= 3 and path[-2] in _CONTAINERS and name in _HEAD:
            self.head.append(part(self._window, _HEAD[name], text, personal=True))
        else:
            self._keep(_FREE[name], text)

    def _finish(self, name: str) -> None:
        own = self._own.pop()
        if (name not in _CONTAINERS or own) and len(self.listed) < MAX_LISTED:
            self.listed.append(part(self._window, name, parts=tuple(own)))

    def _keep(
        self, name: str, value: int | str, *, meaning: str = "", personal: bool = True
    ) -> None:
        """Makes a part of a feature that is listed; of the others none is made, so none is counted."""
        if self._own and len(self._own[-1]) < MAX_LISTED and len(self.listed) < MAX_LISTED:
            made = part(self._window, name, value, meaning=meaning, personal=personal)
            self._own[-1].append(made)

    def _time(self, name: str, text: str) -> None:
        self.all.time(text)
        if "Track" not in self._path:
            self.all.begin_run()
            self._keep(_TIMES[name], text, personal=False)

    def _positions(self, text: str) -> None:
        count, first = 0, ""
        for found in re.finditer(r"\S+", text):
            if self._position(found[0].split(",")):
                count, first = count + 1, first or found[0]
        if "Point" in self._path and count:
            self._keep("Position", first)
        elif count:
            self._keep(self._path[-1], count, meaning="positions", personal=False)

    def _position(self, values: list[str]) -> bool:
        """Counts "longitude,latitude[,height]"; says whether it is one."""
        if not 2 <= len(values) <= 3:
            return False
        longitude, latitude = number(values[0]), number(values[1])
        if longitude is None or latitude is None:
            return False
        self.all.position(longitude, latitude, number(values[2]) if len(values) > 2 else None)
        return True

    def _link(self, address: str, meaning: str) -> None:
        if address and address not in self._linked and len(self.links) < MAX_LINKS:
            self._linked.add(address)
            said = f"{meaning}; not opened" if meaning else "not opened"
            self.links.append(part(self._window, "Link", address, meaning=said))

    def data(self, text: str) -> None:
        if self._coordinates is not None:
            if self._length < _MAX_COORDINATES:
                self._coordinates.append(text)
                self._length += len(text)
        else:
            self._texts.add(text)

    def comment(self, text: str) -> None:
        if len(self.comments) < _MAX_COMMENTS:
            self.comments.append(text)

    def start_ns(self, _prefix: str, uri: str) -> None:
        if uri and uri not in self.spaces and len(self.spaces) < MAX_LISTED:
            self.spaces.append(uri)
