"""Small XML documents that cameras write (Sony's NonRealTimeMeta, spherical video) as trees of parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from forensics.inside.making import part
from forensics.inside.window import MAX_DEPTH, Window
from forensics.model import Part

MAX_XML: Final = 1 << 20
"""Bytes read of one document."""
_DEEP: Final = 200
"""Elements in elements that are handed to the parser."""
_PERSONAL: Final = ("serial", "owner", "name", "gps", "latitude", "longitude", "creator", "umid")


def read_xml(window: Window) -> Part:
    """Returns "XML" with a part for each element, its attributes among its parts.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    data = window.read(0, MAX_XML).rstrip(b"\0").lstrip()
    trouble = f"Only the first {MAX_XML} bytes were read." if window.size > MAX_XML else None
    parts: tuple[Part, ...] = ()
    if data.count(b"<") > 4 * _DEEP and _nested(data):
        trouble = "Its elements are nested deeper than is read."
    else:
        try:
            root = fromstring(data, forbid_dtd=True)
            parts = (_element(window, root, window.depth),)
        except DefusedXmlException:
            trouble = "It declares a document type or entities; it was not read."
        except (ParseError, ValueError, LookupError):
            trouble = trouble or "It is not well-formed XML; it was not read."
    return part(
        window, "XML", start=0, size=window.size, meaning="XML", trouble=trouble, parts=parts
    )


def _nested(data: bytes) -> bool:
    """Whether elements stand deeper than is read: an upper bound by counting tags."""
    depth = 0
    for piece in data.split(b"<")[1:]:
        if piece[:1] in (b"?", b"!"):
            continue
        if piece[:1] == b"/":
            depth -= 1
        elif b"/>" not in piece:
            depth += 1
        if depth > _DEEP:
            return True
    return False


def _element(window: Window, element: Element, depth: int) -> Part:
    name = _local(element.tag)
    text = (element.text or "").strip()
    if depth >= MAX_DEPTH:
        return part(window, name, trouble="Its elements are nested deeper than is read.")
    return part(
        window,
        name,
        text or None,
        personal=_personal(name),
        parts=tuple(_inside(window, element, depth)),
    )


def _inside(window: Window, element: Element, depth: int) -> Iterator[Part]:
    for name, value in element.attrib.items():
        local = _local(name)
        yield part(window, local, value, personal=_personal(local))
    for child in element:
        yield _element(window, child, depth + 1)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _personal(name: str) -> bool:
    lower = name.lower()
    return lower != "modelname" and any(part in lower for part in _PERSONAL)
