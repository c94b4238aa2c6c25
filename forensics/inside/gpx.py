"""GPX: waypoints, routes and tracks of satellite receivers. Source: the GPX 1.1 schema, topografix.com."""

from __future__ import annotations

from typing import Final

from forensics.inside.gathered import MAX_LISTED, Gathered, number, places
from forensics.inside.making import part
from forensics.inside.markup import Texts, comments, local, read_markup, space
from forensics.inside.window import Window
from forensics.model import Part

_POINTS: Final = frozenset({"wpt", "rtept", "trkpt"})
_GROUPS: Final = {"wpt": "Waypoint", "rte": "Route", "trk": "Track"}
_MAX_COMMENTS: Final = 20
_HEAD: Final = {
    "name": ("Title", "name of the file's content"),
    "desc": ("Description", ""),
    "keywords": ("Keywords", ""),
    "time": ("CreationDate", "when the file was made, as its writer states"),
}
_FREE: Final = {
    "name": "Name",
    "desc": "Description",
    "cmt": "Comment",
    "src": "Source",
    "type": "Type",
}


def read_gpx(window: Window) -> Part:
    """Reads a GPX document.

    Returns:
        "GPX" with "Version", "creator" (the program), what its metadata state, counts, extent, times, and
        under "Places" the first waypoints, routes and tracks one by one.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    handler = _Gpx(window)
    trouble = read_markup(window, handler)
    counts = (("wpt", "Waypoints"), ("rte", "Routes"), ("trk", "Tracks"), ("trkseg", "Segments"))
    return part(
        window,
        "GPX",
        start=0,
        size=window.size,
        meaning="places and tracks of a satellite receiver or a program, as their author wrote them",
        trouble=trouble,
        parts=(
            *handler.head,
            *(part(window, n, handler.counts[k]) for k, n in counts if handler.counts[k]),
            *handler.all.parts(window),
            *places(window, handler.listed),
            *(
                part(window, "Extension", uri, meaning=f"{n} elements of another vocabulary")
                for uri, n in handler.foreign.items()
            ),
            *comments(window, handler.comments),
        ),
    )


class _Gpx:
    """Told of one document."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._path: list[str] = []
        self._texts = Texts()
        self._space = ""
        self._group: list[Part] = []
        self._own = Gathered()
        self.all = Gathered()
        self.head: list[Part] = []
        self.listed: list[Part] = []
        self.comments: list[str] = []
        self.counts = {"wpt": 0, "rte": 0, "trk": 0, "trkseg": 0}
        self.foreign: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if not self._path:
            self._root(tag, attributes)
        elif space(tag) != self._space:
            name = f"{{{name}}}"  # of another vocabulary: none of the names below
            if len(self.foreign) < MAX_LISTED or space(tag) in self.foreign:
                self.foreign[space(tag)] = self.foreign.get(space(tag), 0) + 1
        self._path.append(name)
        self._texts.begin()
        if name in self.counts:
            self.counts[name] += 1
        if name in _GROUPS and len(self._path) == 2:
            self._group, self._own = [], Gathered()
        if name == "trkseg":
            self.all.begin_run()
            self._own.begin_run()
        if name in _POINTS:
            longitude, latitude = number(attributes.get("lon")), number(attributes.get("lat"))
            if longitude is not None and latitude is not None:
                self.all.position(longitude, latitude)
                self._own.position(longitude, latitude)
        elif self._path[1:2] == ["metadata"] or len(self._path) == 2:
            self._metadata(name, attributes)

    def _root(self, tag: str, attributes: dict[str, str]) -> None:
        self._space = space(tag)
        window = self._window
        if "version" in attributes:
            self.head.append(part(window, "Version", attributes["version"]))
        if "creator" in attributes:
            self.head.append(
                part(window, "creator", attributes["creator"], meaning="what wrote the file")
            )
        if self._space:
            self.head.append(part(window, "Namespace", self._space))

    def _metadata(self, name: str, attributes: dict[str, str]) -> None:
        window = self._window
        if name == "bounds":
            sides = (("West", "lon"), ("South", "lat"), ("East", "lon"), ("North", "lat"))
            edges = tuple(
                part(window, n, value, personal=True)
                for n, key in sides
                if (value := attributes.get(("min" if n in {"West", "South"} else "max") + key))
            )
            self.head.append(
                part(window, "Bounds", meaning="degrees, as the writer states them", parts=edges)
            )
        elif name == "link" and attributes.get("href"):
            self.head.append(part(window, "Link", attributes["href"]))
        elif name == "email":
            address = f"{attributes.get('id', '')}@{attributes.get('domain', '')}"
            self.head.append(part(window, "Email", address, personal=True))
        elif name == "copyright":
            who = attributes.get("author", "")
            self.head.append(part(window, "Copyright", who, personal=True))

    def end(self) -> None:
        text, path = self._texts.finish(), tuple(self._path)
        self._path.pop()
        name = path[-1]
        if path[-2:-1] and path[-2] in _POINTS and name in {"time", "ele"}:
            self._of_point(name, text)
        if text and (path[1:2] == ("metadata",) or len(path) == 2):
            self._stated(path, name, text)
        elif text and len(path) == 3 and path[1] in _GROUPS and name in _FREE and self._room:
            self._group.append(part(self._window, _FREE[name], text, personal=True))
        if len(path) == 2 and name in _GROUPS and len(self.listed) < MAX_LISTED:
            own = (*self._group, *self._own.parts(self._window))
            self.listed.append(part(self._window, _GROUPS[name], parts=own))

    @property
    def _room(self) -> bool:
        return len(self._group) < MAX_LISTED and len(self.listed) < MAX_LISTED

    def _of_point(self, name: str, text: str) -> None:
        if name == "time":
            self.all.time(text)
            self._own.time(text)
        elif (height := number(text)) is not None:
            self.all.height(height)
            self._own.height(height)

    def _stated(self, path: tuple[str, ...], name: str, text: str) -> None:
        inside = path[2:-1] if path[1] == "metadata" else path[1:-1]
        if not inside and name in _HEAD:
            named, meaning = _HEAD[name]
            personal = named != "CreationDate"
            self.head.append(part(self._window, named, text, meaning=meaning, personal=personal))
        elif (inside == ("author",) and name == "name") or (not inside and name == "author"):
            self.head.append(part(self._window, "Author", text, personal=True))
        elif inside == ("copyright",) and name in {"year", "license"}:
            self.head.append(part(self._window, f"Copyright {name}", text))
        elif not inside and name == "email":
            self.head.append(part(self._window, "Email", text, personal=True))

    def data(self, text: str) -> None:
        self._texts.add(text)

    def comment(self, text: str) -> None:
        if len(self.comments) < _MAX_COMMENTS:
            self.comments.append(text)

    def start_ns(self, prefix: str, uri: str) -> None:
        """Namespaces are counted where they are used."""
