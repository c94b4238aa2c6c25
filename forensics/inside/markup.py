"""Reads an XML document as a stream of events, with bounds: no tree is built, nothing outside it is fetched.

Entities are refused, but for short texts that stand for themselves: drawing programs shorten the names of
namespaces with them. Source: XML 1.0 (fifth edition); parsing is expat's, guarded by defusedxml.
"""

from __future__ import annotations

from typing import Any, Final, Protocol
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from forensics.errors import LimitExceeded
from forensics.inside.making import part
from forensics.inside.window import MAX_TEXT, Window
from forensics.model import Part

MAX_MARKUP: Final = 64 << 20
"""Bytes read of one document."""
MAX_ELEMENTS: Final = 1_000_000
MAX_ENTITIES: Final = 100
MAX_ENTITY: Final = 100
"""Characters that an entity may stand for."""
MAX_WITH_ENTITIES: Final = 8 << 20
"""Bytes read of a document that declares entities: each reference can be this much longer than it looks."""
MAX_NESTING: Final = 500
"""Elements in elements that are followed."""
_CHUNK = 1 << 20


class Handler(Protocol):
    """What is told of a document, in its order. Names of elements and attributes are "{namespace}name"."""

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        """An element begins."""

    def end(self) -> None:
        """The innermost element ends."""

    def data(self, text: str, /) -> None:
        """Some of an element's text."""

    def comment(self, text: str, /) -> None:
        """A comment."""

    def start_ns(self, prefix: str, uri: str, /) -> None:
        """The next element declares a namespace."""


class _EnoughError(Exception):
    """A bound is reached; the message says which."""


class _Counted:
    """Hands events on while they are within bounds."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.data, self.comment = handler.data, handler.comment
        self._elements = self._depth = 0
        self.entities = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MAX_ELEMENTS:
            raise _EnoughError(f"Only its first {MAX_ELEMENTS} elements were read.")
        if self._depth > MAX_NESTING:
            raise _EnoughError(f"Its elements are nested more than {MAX_NESTING} deep.")
        self._handler.start(tag, attributes)

    def end(self, _tag: str) -> None:
        self._depth -= 1
        self._handler.end()

    def start_ns(self, prefix: str, uri: str) -> None:
        self._handler.start_ns(prefix or "", uri or "")

    def entity(self, _name: str, is_parameter: int, value: str | None, *_: object) -> None:
        self.entities += 1
        plain = value is not None and not is_parameter and "&" not in value and "%" not in value
        if not plain or len(value or "") > MAX_ENTITY or self.entities > MAX_ENTITIES:
            raise _EnoughError(
                "It declares entities that stand for much text or for other files; they are not followed."
            )


def read_markup(window: Window, handler: Handler) -> str | None:
    """Reads a document to its end, or as far as its bounds and its defects let it.

    Args:
        window: The document.
        handler: Told of what is in it.

    Returns:
        What is wrong with it, or which limit was met, one sentence; None where nothing is.
    """
    counted = _Counted(handler)
    parser: Any = DefusedXMLParser(target=counted, forbid_entities=False)
    parser.parser.EntityDeclHandler = counted.entity
    at, end = 0, min(window.size, MAX_MARKUP)
    try:
        while at < end:
            if counted.entities and at >= MAX_WITH_ENTITIES:
                return f"It declares entities; only its first {at} bytes were read."
            parser.feed(window.read(at, min(_CHUNK, end - at)))
            at += _CHUNK
        if end < window.size:
            return window.allowance.reach(
                f"Only the first {MAX_MARKUP} of its {window.size} bytes were read."
            )
        parser.close()
    except _EnoughError as error:
        return window.allowance.reach(str(error))
    except LimitExceeded as error:
        return str(error)
    except ParseError as error:
        line, column = error.position
        return f"It is not well-formed at line {line}, column {column}; what follows was not read."
    except DefusedXmlException:
        return "It asks for another file, which is not opened; what follows was not read."
    except (LookupError, ValueError, UnicodeError):
        return "It states an encoding that is not known here; it was not read."
    return None


class Texts:
    """Collects the text of the elements that are open, each cut where it is longer than is kept."""

    def __init__(self) -> None:
        self._open: list[list[str]] = []

    def begin(self) -> None:
        """An element begins."""
        self._open.append([])

    def add(self, text: str) -> None:
        """Text of the innermost element; nothing where it has more than is kept already."""
        if self._open:
            kept = self._open[-1]
            if len(kept) <= MAX_TEXT:
                kept.append(text[: MAX_TEXT + 1])

    def finish(self) -> str:
        """The innermost element ends; returns its own text without surrounding space."""
        if not self._open:
            return ""
        return "".join(self._open.pop()).strip()


def local(tag: str) -> str:
    """Returns the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def space(tag: str) -> str:
    """Returns the namespace of an element or attribute; empty where it has none."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def comments(window: Window, texts: list[str]) -> tuple[Part, ...]:
    """Returns a document's comments: programs leave their names in them."""
    return tuple(
        part(window, "Remark", text.strip(), meaning="a comment in the document, not shown by it")
        for text in texts
    )
