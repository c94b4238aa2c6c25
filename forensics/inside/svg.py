"""SVG: what made a drawing, what it states, and what in it is text, picture, link or script.

Sources: W3C SVG 1.1 and SVG 2; the namespaces of Inkscape and Illustrator. Nothing is drawn, run or fetched.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections import Counter
from typing import Final
from urllib.parse import unquote_to_bytes
from xml.sax.saxutils import escape, quoteattr

from forensics.inside.making import part
from forensics.inside.markup import Texts, comments, local, read_markup, space
from forensics.inside.window import MAX_TEXT, Window
from forensics.inside.xmp import read_xmp
from forensics.model import Part

SVG: Final = "http://www.w3.org/2000/svg"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
INKSCAPE: Final = "http://www.inkscape.org/namespaces/inkscape"
SODIPODI: Final = "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
MAX_LISTED: Final = 200
"""Things of one sort that are listed."""
MAX_RDF: Final = 4 << 20
"""Characters of metadata that are read."""
_MAX_COMMENTS: Final = 20
_STATED: Final = ("width", "height", "viewBox", "version", "baseProfile")
_WORDS: Final = frozenset({"text", "tspan", "textPath", "tref", "title", "desc"})
_TITLES: Final = {"title": "Title", "desc": "Description"}
_PROGRAM = re.compile(
    r"(?i)(?:generator|generated|created|made|drawn|exported|produced)\b.{0,20}?\b(?:by|with|from|:)?"
)
_FAMILY = re.compile(r"font-family\s*:\s*([^;}\"]{1,200})")
_STYLE_LINK = re.compile(
    r"(?:@import\s{0,9}(?:url\(\s{0,9})?|url\(\s{0,9})[\"']?([^\"')\s;]{1,2000})"
)
_DATA = re.compile(r"\s*data:([^;,]{0,100})((?:;[^;,]{0,100}){0,5}?)(;base64)?,", re.IGNORECASE)


def read_svg(window: Window) -> Part:
    """Reads an SVG document.

    Returns:
        "SVG" with its stated size, "Program" (as comments and attributes name it), "XMP" (its RDF), titles,
        "Text", "Fonts", "Pictures" (embedded ones hold "Preview"), "Links", "Scripts", what is hidden, and
        counts of elements.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    handler = _Svg(window)
    trouble = read_markup(window, handler)
    return part(
        window,
        "SVG",
        start=0,
        size=window.size,
        trouble=trouble,
        parts=tuple(handler.parts()),
    )


class _Svg:
    """Told of one document."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._path: list[str] = []
        self._texts = Texts()
        self._rdf: _Rdf | None = None
        self._waiting: list[tuple[str, str]] = []
        self._prefixes: dict[str, str] = {}
        self._hidden: list[int] = []
        self._elements: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._listed: dict[str, list[Part]] = {}
        self._families: dict[str, None] = {}
        self._spaces: dict[str, None] = {}
        self._comments: list[str] = []
        self._head: list[Part] = []
        self._titles: list[Part] = []
        self._metadata: list[Part] = []

    def parts(self) -> list[Part]:
        """What was found, by sort."""
        window = self._window
        meanings = {
            "Text": "as the drawing states it; what it shows may be another",
            "Hidden": "elements that are not shown",
            "Pictures": "pictures in the drawing",
            "Scripts": "run by browsers, never here",
        }
        found = [*self._head, *self._programs(), *self._metadata, *self._titles]
        found += [part(window, "Namespace", uri) for uri in self._spaces]
        if self._families:
            each = tuple(part(window, "Font", name) for name in self._families)
            found.append(part(window, "Fonts", len(each), parts=each))
        for sort in ("Text", "Hidden", "Pictures", "Links", "Scripts"):
            if count := self._counts[sort]:
                trouble = (
                    None if count <= MAX_LISTED else f"Only the first {MAX_LISTED} are listed."
                )
                listed = tuple(self._listed.get(sort, ()))
                found.append(
                    part(
                        window,
                        sort,
                        count,
                        meaning=meanings.get(sort, ""),
                        trouble=trouble,
                        parts=listed,
                    )
                )
        if self._elements:
            common = sorted(self._elements.items(), key=lambda item: (-item[1], item[0]))[:40]
            each = tuple(part(window, name, count) for name, count in common)
            found.append(part(window, "Elements", sum(self._elements.values()), parts=each))
        return [*found, *comments(window, self._comments)]

    def _programs(self) -> list[Part]:
        return [
            part(self._window, "Program", text.strip()[:MAX_TEXT], meaning="named in a comment")
            for text in self._comments
            if _PROGRAM.match(text.strip()[:200])
        ]

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        name, uri = local(tag), space(tag)
        if self._rdf is not None:
            self._rdf.start(tag, attributes, self._take_waiting())
        elif uri == RDF and name == "RDF":
            self._rdf = _Rdf(self._prefixes)
            self._rdf.start(tag, attributes, self._take_waiting())
        self._take_waiting()
        self._path.append(name if uri in {SVG, ""} else f"{{{uri}}}{name}")
        self._texts.begin()
        if len(self._elements) < 1000 or name in self._elements:
            self._elements[name] += 1
        if len(self._path) == 1:
            self._root(attributes)
        if self._rdf is None:
            self._attributes(name, attributes)
        if uri == SODIPODI and name == "namedview":
            self._view(attributes)

    def _root(self, attributes: dict[str, str]) -> None:
        window = self._window
        self._head += [part(window, k, attributes[k]) for k in _STATED if k in attributes]
        version = attributes.get(f"{{{INKSCAPE}}}version")
        if version:
            self._head.append(
                part(window, "Program", f"Inkscape {version}", meaning="named by an attribute")
            )
        for key, meaning in (
            (f"{{{SODIPODI}}}docname", "name of the file when it was saved"),
            (f"{{{INKSCAPE}}}export-filename", "where a picture of it was written"),
        ):
            if key in attributes:
                self._head.append(
                    part(window, local(key), attributes[key], meaning=meaning, personal=True)
                )

    def _view(self, attributes: dict[str, str]) -> None:
        """Inkscape's window: the layer that was edited last, and units."""
        keys = ("document-units", "current-layer", "window-width", "window-height")
        facts = [(k, attributes.get(f"{{{INKSCAPE}}}{k}")) for k in keys]
        self._head.append(
            part(
                self._window,
                "namedview",
                meaning="how the drawing stood in the editor",
                parts=tuple(part(self._window, k, v) for k, v in facts if v),
            )
        )

    def _attributes(self, name: str, attributes: dict[str, str]) -> None:
        style = attributes.get("style", "")
        hidden = (
            "display:none" in style.replace(" ", "")[:MAX_TEXT]
            or attributes.get("display") == "none"
            or attributes.get("visibility") == "hidden"
            or attributes.get("opacity") in {"0", "0.0"}
        )
        if hidden and name not in {"metadata", "defs"}:
            label = attributes.get(f"{{{INKSCAPE}}}label") or attributes.get("id")
            self._keep("Hidden", part(self._window, name, label, personal=True))
        self._style(style)
        if "font-family" in attributes:
            self._family(attributes["font-family"])
        for key, value in attributes.items():
            short = local(key)
            if short.startswith("on") and "{" not in key:
                self._keep(
                    "Scripts", part(self._window, short, value[:MAX_TEXT], meaning=f"on {name}")
                )
            elif short in {"href", "src"}:
                self._reference(name, value)

    def _reference(self, name: str, value: str) -> None:
        address = value.strip()
        if name in {"image", "feImage"} or address[:5].lower() == "data:":
            self._picture(name, address)
        elif address[:11].lower() == "javascript:":
            self._keep("Scripts", part(self._window, "href", address, meaning=f"on {name}"))
        elif name == "script":
            self._keep("Scripts", part(self._window, "script", address, meaning="not fetched"))
        elif address and not address.startswith("#"):
            self._keep("Links", part(self._window, name, address, meaning="not opened"))

    def _picture(self, name: str, address: str) -> None:
        stated = _DATA.match(address[:1000])
        if not stated:
            self._keep(
                "Pictures", part(self._window, name, address, meaning="elsewhere; not opened")
            )
            return
        data, trouble = _unpacked(address[stated.end() :], base64=bool(stated[3]))
        inner = self._window.unpacked(data)
        preview = part(inner, "Preview", len(data), meaning="bytes, unpacked", trouble=trouble)
        kind = stated[1] or "text/plain"
        self._keep(
            "Pictures", part(self._window, name, kind, meaning="in the drawing", parts=(preview,))
        )

    def _style(self, text: str) -> None:
        for found in _FAMILY.finditer(text):
            self._family(found[1])
        for found in _STYLE_LINK.finditer(text):
            if not found[1].startswith(("#", "data:")):
                self._keep("Links", part(self._window, "style", found[1], meaning="not opened"))

    def _family(self, text: str) -> None:
        for name in text.split(",")[:20]:
            plain = name.strip().strip("'\"").strip()
            if plain and len(self._families) < MAX_LISTED:
                self._families[plain[:200]] = None

    def end(self) -> None:
        text, name = self._texts.finish(), self._path.pop()
        if self._rdf is not None:
            if self._rdf.end():
                self._metadata.append(read_xmp(self._window.unpacked(self._rdf.text())))
                self._rdf = None
        elif text and name in _TITLES and len(self._path) == 1:
            if len(self._titles) < len(_TITLES):
                self._titles.append(part(self._window, _TITLES[name], text, personal=True))
        elif text and name in _WORDS:
            self._keep("Text", part(self._window, name, text, personal=True))
        elif name == "style":
            self._style(text)
        elif text and name == "script":
            self._keep("Scripts", part(self._window, "script", text))

    def _keep(self, sort: str, made: Part) -> None:
        self._counts[sort] += 1
        if self._counts[sort] <= MAX_LISTED:
            self._listed.setdefault(sort, []).append(made)

    def data(self, text: str, /) -> None:
        self._texts.add(text)
        if self._rdf is not None:
            self._rdf.data(text)

    def comment(self, text: str, /) -> None:
        if len(self._comments) < _MAX_COMMENTS:
            self._comments.append(text)

    def start_ns(self, prefix: str, uri: str, /) -> None:
        self._waiting.append((prefix, uri))
        if len(self._prefixes) < 1000:
            self._prefixes.setdefault(uri, prefix)
        if uri and len(self._spaces) < 50:
            self._spaces[uri] = None

    def _take_waiting(self) -> list[tuple[str, str]]:
        taken, self._waiting = self._waiting, []
        return taken


class _Rdf:
    """A drawing's metadata, written as a document of its own: their prefixes are declared around them."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefixes = dict(prefixes)
        self._pieces: list[str] = []
        self._open: list[str] = []
        self._size = 0
        self._number = 0

    def start(self, tag: str, attributes: dict[str, str], declared: list[tuple[str, str]]) -> None:
        for prefix, uri in declared:
            self._prefixes.setdefault(uri, prefix)
        spaces: dict[str, str] = {}
        name = self._named(tag, spaces)
        given = [(self._named(key, spaces), value) for key, value in attributes.items()]
        said = [(f"xmlns:{prefix}", uri) for uri, prefix in spaces.items()]
        written = "".join(f" {key}={quoteattr(value)}" for key, value in [*said, *given])
        self._write(f"<{name}{written}>")
        self._open.append(name)

    def _named(self, tag: str, spaces: dict[str, str]) -> str:
        uri = space(tag)
        if not uri:
            return local(tag)
        if uri == "http://www.w3.org/XML/1998/namespace":
            return f"xml:{local(tag)}"
        if uri not in spaces:
            wanted = self._prefixes.get(uri, "")
            while not wanted or wanted in spaces.values():
                self._number += 1
                wanted = f"n{self._number}"
            spaces[uri] = wanted
        return f"{spaces[uri]}:{local(tag)}"

    def data(self, text: str) -> None:
        self._write(escape(text))

    def end(self) -> bool:
        """Ends the innermost element; says whether it was the outermost."""
        self._write(f"</{self._open.pop()}>")
        return not self._open

    def _write(self, text: str) -> None:
        self._size += len(text)
        if self._size <= MAX_RDF:
            self._pieces.append(text)

    def text(self) -> bytes:
        """What was written, cut where it is longer than is read."""
        return "".join(self._pieces).encode("utf-8", "replace")


def _unpacked(text: str, *, base64: bool) -> tuple[bytes, str | None]:
    if not base64:
        return unquote_to_bytes(text), None
    plain = "".join(text.split()) if "%" not in text else unquote_to_bytes(text).decode("latin-1")
    try:
        return b64decode(plain + "=" * (-len(plain) % 4)), None
    except (ValueError, binascii.Error):
        return b"", "It is not written in base64 as it says."
