"""The XML of an XMP packet as a tree of elements, as far as it can be read, with bounds.

Source: ISO 16684-1:2019 section 7.3: packets are Unicode text without a document type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from forensics.inside.window import MAX_DEPTH, MAX_TEXT
from forensics.inside.xmp_names import RDF

MAX_NODES: Final = 20_000
"""Elements and attributes read of one packet."""
MAX_XML_DEPTH: Final = 3 * MAX_DEPTH
"""Elements in elements: each level of properties takes up to three of them."""

_CHUNK = 1 << 20
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BOMS = (
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
Name = tuple[str, str]
"""Namespace and local name."""


def decoded(data: bytes) -> tuple[str, str | None]:
    """Text that expat takes, and what had to be replaced for that.

    Writers pad with zero bytes, and put bytes of other encodings and control characters into values.
    """
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    if encoding == "utf-8":
        data = data.strip(b"\x00")
    trouble = None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        if encoding == "utf-8":
            trouble = "Some bytes are not UTF-8 and were replaced."
    clean, replaced = _NOT_XML.subn("\ufffd", text)
    if replaced:
        trouble = trouble or "It holds control characters that XML forbids; they were replaced."
    return clean[max(0, clean.find("<")) :], trouble


class _Stop(Exception):  # noqa: N818 - ends the reading, and nothing else
    """The packet holds more than is read of one."""


@dataclass(slots=True)
class Node:
    """An element as far as it was read."""

    name: Name
    attributes: list[tuple[Name, str]]
    text: list[str] = field(default_factory=list)
    length: int = 0
    nodes: list[Node] = field(default_factory=list)

    def get(self, namespace: str, local: str) -> str | None:
        """Returns the value of an attribute, or None."""
        return next((v for n, v in self.attributes if n == (namespace, local)), None)


class Tree:
    """What expat calls; holds what was read when an error ends the reading."""

    def __init__(self) -> None:
        self.root = Node(("", ""), [])
        self.prefixes: dict[str, str] = {}
        self.described = False
        self.full = False
        self.trouble: str | None = None
        self._open = [self.root]
        self._left = MAX_NODES
        self._below = 0

    def start_ns(self, prefix: str | None, uri: str) -> None:
        """Keeps the first prefix that the packet has for a namespace."""
        if len(self.prefixes) < MAX_NODES:
            self.prefixes.setdefault(uri or "", prefix or "")

    def end_ns(self, prefix: str | None) -> None:
        """Nothing: a name keeps its namespace."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Opens an element; those too deep are only counted."""
        self._left -= 1 + len(attributes)
        if self._left < 0:
            raise _Stop
        if self._below or len(self._open) > MAX_XML_DEPTH:
            self._below += 1
            self.full = True
            self.trouble = "Elements nested deeper than is read were left out."
            return
        node = Node(_split(tag), [(_split(k), v) for k, v in attributes.items()])
        self.described = self.described or node.name == (RDF, "RDF")
        self._open[-1].nodes.append(node)
        self._open.append(node)

    def end(self, _: str) -> None:
        """Closes the last element that was opened."""
        if self._below:
            self._below -= 1
        else:
            self._open.pop()

    def data(self, text: str) -> None:
        """Keeps text of the open element, up to what is kept of one."""
        node = self._open[-1]
        if node.length <= MAX_TEXT and not self._below:
            node.text.append(text)
        node.length += len(text)

    def close(self) -> None:
        """Nothing is built at the end."""


def _split(tag: str) -> Name:
    """A name as ElementTree writes it, "{namespace}local", apart."""
    namespace, closed, local = tag.rpartition("}")
    return (namespace[1:], local) if closed else ("", tag)


def fill(text: str, tree: Tree) -> str | None:
    """Fills the tree as far as the text allows; returns what ended it early."""
    parser: Any = DefusedXMLParser(target=tree, forbid_dtd=True)
    try:
        for start in range(0, len(text), _CHUNK):
            parser.feed(text[start : start + _CHUNK])
        parser.close()
    except _Stop:
        tree.full = True
        return f"It holds more than {MAX_NODES} elements and attributes; the rest was not read."
    except DefusedXmlException:
        return "It declares a document type or entities, which XMP forbids; the rest was not read."
    except ParseError as error:
        line, column = error.position
        return (
            f"It is not well-formed XML at line {line}, column {column + 1}; the rest was not read."
        )
    return None
