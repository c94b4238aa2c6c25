"""JUMBF: boxes with labels, in which content credentials (C2PA) and others are kept.

ISO/IEC 19566-5 (JUMBF) sections 4 and 5; C2PA specification 2.1, section 11.1. Only the order of the boxes is
read here: what a manifest says, and whether it holds, is for the C2PA reader.
"""

from __future__ import annotations

from typing import Final

from forensics.inside.making import part, utf8
from forensics.inside.window import MAX_TEXT, Window
from forensics.model import Part

MAX_BOXES: Final = 2000
C2PA: Final = bytes.fromhex("63327061 0011 0010 8000 00aa00389b71")
_KINDS: Final = {
    b"c2pa": "Manifest store of content credentials",
    b"c2ma": "Manifest",
    b"c2um": "Update manifest",
    b"c2as": "Assertions",
    b"c2cl": "Claim",
    b"c2cs": "Signature of the claim",
    b"c2vc": "Credentials",
    b"json": "JSON",
    b"cbor": "CBOR",
    b"jp2c": "Coded picture",
    b"uuid": "UUID",
}
_ENDING: Final = bytes.fromhex("0011 0010 8000 00aa00389b71")


def read_jumbf(window: Window) -> Part:
    """Reads one superbox: a part "C2PA" for a store of content credentials, else "JUMBF".

    Every superbox within is a part named by its label, every other box by its type.

    Raises:
        LimitExceeded: The file's allowance is spent.
    """
    left = [MAX_BOXES]
    parts = _boxes(window, left)
    trouble = None if left[0] > 0 else f"It holds more than the {MAX_BOXES} boxes that are read."
    store = parts[0] if len(parts) == 1 and parts[0].name == "c2pa" else None
    if store:
        trouble = trouble or store.trouble
    return part(
        window,
        "C2PA" if store else "JUMBF",
        start=0,
        size=window.size,
        meaning="Content credentials: statements signed by whoever made or changed the file"
        if store
        else "Boxes with labels (ISO/IEC 19566-5)",
        trouble=trouble,
        parts=store.parts if store else parts,
    )


def _boxes(window: Window, left: list[int]) -> tuple[Part, ...]:
    found: list[Part] = []
    position = 0
    while position < window.size and left[0] > 0:
        left[0] -= 1
        head = window.read(position, 16)
        size = int.from_bytes(head[:4], "big")
        start = 8
        if size == 1:
            size, start = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = window.size - position
        if len(head) < 8 or size < start:
            found.append(
                part(window, "boxes", trouble=f"{window.size - position} bytes are not a box.")
            )
            break
        there = min(size, window.size - position)
        trouble = None if there == size else f"It states {size} bytes; {there} are there."
        name = head[4:8].decode("latin-1")
        body = window.inner(position + start, there - start)
        if name == "jumb" and not window.too_deep:
            name, meaning, parts, wrong = _superbox(body, left)
            found.append(
                part(
                    window, name, start=position, size=there, meaning=meaning,
                    trouble=trouble or wrong, parts=parts,
                )
            )  # fmt: skip
        else:
            if name == "jumb":
                trouble = "It lies deeper than boxes are read."
            text = utf8(body.read(0, 4 * MAX_TEXT)) if name == "json" else None
            found.append(
                part(
                    window, name, text, start=position, size=there, trouble=trouble,
                    meaning=f"{there - start} bytes", personal=text is not None,
                )
            )  # fmt: skip
        position += there
    return tuple(found)


def _superbox(body: Window, left: list[int]) -> tuple[str, str, tuple[Part, ...], str | None]:
    """Name, meaning, content and trouble: the first box describes it (5.2) by UUID, toggles and label."""
    head = body.read(0, 8)
    described = head[4:8] == b"jumd"
    length = int.from_bytes(head[:4], "big") if described else 0
    description = body.read(8, min(max(0, length - 8), 4096))
    label = utf8(description[17:]) if len(description) > 17 and description[16] & 2 else ""
    kind = description[:4] if description[4:16] == _ENDING else b""
    inside = body.inner(length) if described else body
    name = "c2pa" if description[:16] == C2PA else label or "jumb"
    trouble = None if described else "It does not begin with its description."
    return name, _KINDS.get(kind, ""), _boxes(inside, left), trouble
