"""XMP: a packet of RDF/XML as a tree of properties, and packets found in files that have no place for one.

Sources: ISO 16684-1:2019 (XMP part 1: data model, RDF serialisation), W3C RDF/XML Syntax for what the older
writers produce. Only the part of RDF that XMP allows is read; of the rest, it is said that it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from forensics.codec import well_formed
from forensics.inside.making import kept
from forensics.inside.window import MAX_DEPTH, MAX_TEXT, Window
from forensics.inside.xmp_names import MEANINGS, META, PREFIXES, RDF, XML, is_personal
from forensics.inside.xmp_tree import Name, Node, Tree, decoded, fill
from forensics.model.part import Part

MAX_PACKET: Final = 32 << 20
"""Bytes read of one packet; depth maps can take several MB of an extended one."""
MAX_PACKETS: Final = 64
"""Packets looked for in one file."""

_CHUNK = 1 << 20
_MARKS = re.compile(rb"<\?xpacket (?:begin=|end=['\"][rw]['\"] ?\?>)|<(/?)x:x(?:mp|ap)meta[ >]")
_LONGEST_MARK = 32
_WRAPPERS = ("xmpmeta", "xapmeta")


def read_xmp(window: Window) -> Part:
    """Reads one packet, with or without its `<?xpacket?>` wrapper.

    Returns:
        "XMP", with one part for each property, named "prefix:Name". Arrays hold "1", "2"…; structures
        hold their fields; a qualifier stands among what its property holds. What stands behind a defect
        is not read; `trouble` says so.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    window.allowance.keep()
    data = window.read(0, MAX_PACKET)
    text, trouble = decoded(data)
    if window.size > MAX_PACKET:
        trouble = f"Only the first {MAX_PACKET} of its {window.size} bytes were read."
    tree = Tree()
    trouble = fill(text, tree) or tree.trouble or trouble
    if tree.full or window.size > MAX_PACKET:
        window.allowance.reach(f"A packet of XMP was read only in part: {trouble}")
    reading = _Reading(window, tree.prefixes)
    spare = window.allowance.closings
    parts = kept(reading.packet(tree.root))
    if window.allowance.closings < spare:
        trouble = trouble or window.allowance.reached
    if not parts and not trouble:
        trouble = None if tree.described else "No rdf:RDF element is in it, so it states nothing."
    return Part(
        name="XMP",
        at=window.at,
        size=None if window.at is None else window.size,
        meaning="metadata as properties, in RDF/XML",
        trouble=trouble,
        parts=parts,
    )


def find_packets(window: Window, *, limit: int | None = None) -> Iterator[Window]:
    """Yields a window on each packet in UTF-8 that is marked as one, in stored order.

    For formats without a place for XMP of their own, as ISO 16684-1 section 7.6 foresees. A packet
    without an end is taken to reach as far as is read of one.

    Args:
        window: What is searched.
        limit: Bytes searched; by default all of it.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    end = window.size if limit is None else min(limit, window.size)
    start, closing, found = -1, b"", 0
    for at, after, mark in _marks(window, end):
        wrapped = mark.startswith(b"<?xpacket begin")
        if wrapped and start >= 0:  # the one before has no end
            yield window.inner(start, min(at - start, MAX_PACKET))
            start, found = -1, found + 1
        if start < 0 and (wrapped or mark.startswith(b"<x:")):
            start, closing = at, b"<?xpacket end" if wrapped else b"</x:"
        elif start >= 0 and mark.startswith(closing):
            yield window.inner(start, after - start)
            start, found = -1, found + 1
        if found >= MAX_PACKETS:
            return
    if start >= 0:
        yield window.inner(start, min(end - start, MAX_PACKET))


def _marks(window: Window, end: int) -> Iterator[tuple[int, int, bytes]]:
    """Where each mark of a packet stands: first byte, byte after it, its bytes."""
    at, seen, carried = 0, 0, b""
    while at < end:
        chunk = window.read(at, min(_CHUNK, end - at))
        if not chunk:
            return
        data = carried + chunk
        base = at - len(carried)
        for match in _MARKS.finditer(data):
            if base + match.start() >= seen:
                seen = base + match.end()
                yield base + match.start(), seen, match.group()
        at += len(chunk)
        carried = data[-_LONGEST_MARK:]


class _Reading:
    """Turns elements into parts, by the productions of ISO 16684-1 section 7."""

    def __init__(self, window: Window, prefixes: dict[str, str]) -> None:
        self._window = window
        self._prefixes = prefixes

    def packet(self, root: Node) -> Iterator[Part]:
        """The properties of every description in the packet, and the toolkit that wrote it."""
        waiting = list(reversed(root.nodes))
        while waiting:
            node = waiting.pop()
            if node.name == (RDF, "RDF"):
                for description in node.nodes:
                    yield from self._fields(description, personal=False, depth=1)
                continue
            if node.name[0] == META and node.name[1] in _WRAPPERS:
                toolkit = node.get(META, "xmptk") or node.get(META, "xaptk")
                if toolkit:
                    yield self._leaf("x:xmptk", toolkit, personal=False)
            waiting.extend(reversed(node.nodes))

    def _fields(self, node: Node, *, personal: bool, depth: int) -> Iterator[Part]:
        """Properties written as attributes, then those written as elements."""
        for (namespace, local), value in node.attributes:
            if namespace == RDF and local == "about" and value.strip() in {"", "uuid:"}:
                continue
            if (namespace, local) in _SYNTAX:
                continue
            yield self._leaf(self._named((namespace, local)), value, personal=personal)
        for child in node.nodes:
            yield self._property(child, self._named(child.name), personal=personal, depth=depth)

    def _property(self, node: Node, name: str, *, personal: bool, depth: int) -> Part:
        personal = personal or is_personal(name) if ":" in name else personal
        if depth > MAX_DEPTH - self._window.depth:
            return self._leaf(
                name, None, personal=personal, trouble="It is nested deeper than is read."
            )
        if (literal := node.get(RDF, "parseType")) in {"Literal", "Collection"}:
            return self._leaf(
                name,
                None,
                personal=personal,
                trouble=f"It is of RDF's kind {literal}, which XMP forbids.",
            )
        inner = node.nodes[0] if len(node.nodes) == 1 else None
        if inner is not None and inner.name in _ARRAYS:
            return self._array(node, inner, name, personal=personal, depth=depth)
        described = inner is not None and inner.name == (RDF, "Description")
        own = node if not described else Node(node.name, node.attributes)
        fields = [*kept(self._fields(own, personal=personal, depth=depth + 1))]
        if described and inner is not None:
            fields += kept(self._fields(inner, personal=personal, depth=depth + 1))
        value: int | str | None
        value, trouble = _value(node)
        worth = next((f for f in fields if f.name == "rdf:value"), None)
        if worth is not None:  # the other fields qualify this value
            fields.remove(worth)
            value, trouble = worth.value, worth.trouble
        elif node.nodes or node.get(RDF, "parseType") == "Resource" or (fields and not value):
            value, trouble = None, None
        return self._holding(
            name, fields, value=value, personal=personal, trouble=trouble, meaning=_language(node)
        )

    def _array(self, node: Node, inner: Node, name: str, *, personal: bool, depth: int) -> Part:
        items = kept(
            self._property(item, str(number), personal=personal, depth=depth + 1)
            for number, item in enumerate(inner.nodes, 1)
        )
        fields = self._fields(Node(node.name, node.attributes), personal=personal, depth=depth)
        return self._holding(name, [*items, *fields], personal=personal, meaning=_language(node))

    def _leaf(
        self, name: str, value: str | None, *, personal: bool, trouble: str | None = None
    ) -> Part:
        if value is not None:
            value, cut = _cut(value, len(value))
            trouble = trouble or cut
        return self._holding(
            name, [], value=value, personal=personal or is_personal(name), trouble=trouble
        )

    def _holding(
        self,
        name: str,
        parts: list[Part],
        *,
        value: int | str | None = None,
        personal: bool,
        trouble: str | None = None,
        meaning: str = "",
    ) -> Part:
        self._window.allowance.keep()
        return Part(
            name=name,
            value=value,
            meaning=MEANINGS.get(name, "") or meaning,
            trouble=trouble,
            personal=personal,
            parts=tuple(parts),
        )

    def _named(self, name: Name) -> str:
        """The prefix in use for the namespace, else the one that the packet uses, and the name."""
        namespace, local = name
        prefix = (
            PREFIXES.get(namespace)
            or PREFIXES.get(namespace + "/")
            or self._prefixes.get(namespace)
        )
        local = well_formed(local[:MAX_TEXT])
        if prefix:
            return f"{prefix[:MAX_TEXT]}:{local}"
        return f"{namespace[:MAX_TEXT]}:{local}" if namespace else local


_ARRAYS = {(RDF, "Bag"), (RDF, "Seq"), (RDF, "Alt")}
_SYNTAX = {
    (RDF, "parseType"),
    (RDF, "resource"),
    (RDF, "ID"),
    (RDF, "nodeID"),
    (RDF, "datatype"),
    (XML, "lang"),
    (XML, "space"),
    (XML, "base"),
    ("", "about"),
}


def _language(node: Node) -> str:
    language = node.get(XML, "lang")
    if not language:
        return ""
    return (
        "the text for every language without its own"
        if language == "x-default"
        else f"language {language[:16]}"
    )


def _value(node: Node) -> tuple[str | None, str | None]:
    """The text or address that an element states, cut to what is kept, and what is to be said of that."""
    address = node.get(RDF, "resource")
    if address is not None:
        return _cut(address, len(address))
    text = "".join(node.text)
    if node.nodes and not text.strip():
        return None, None
    return _cut(text, node.length)


def _cut(text: str, length: int) -> tuple[str, str | None]:
    if length > MAX_TEXT:
        return well_formed(
            text[:MAX_TEXT]
        ), f"Only the first {MAX_TEXT} of {length} characters are kept."
    return well_formed(text), None
