"""Programs that the coded streams and credentials of a file name, and the areas that its places cover.

They are the file's own word. A stream keeps the name of its encoder when another program wraps it anew:
these stand beside the programs that the container names, and no analysis takes them for the last writer.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.model import Part

_SIDES = ("West", "South", "East", "North")


def encoders(tree: Part) -> Iterator[tuple[str, str]]:
    """Yields where a program is named, and its name, in stored order."""
    for path, part in tree.walk():
        value = "" if part.value is None else str(part.value).strip()
        if not value:
            continue
        if path[-1] == "compressor" and "stsd" in path:
            yield "stsd compressor", value
        elif path[0] == "Streams" and path[2:3] == ("Messages",):
            if path[3:] == ("first sound",):
                yield "Streams first sound", value
            elif len(path) == 5 and path[-1] == "version":  # of x264 and x265
                yield "Streams message", value
        elif path[:2] == ("C2PA", "manifest") and path[2:3] == ("claim_generator",):
            yield "C2PA claim_generator", value


def areas(tree: Part) -> Iterator[tuple[str, str]]:
    """Yields the field and the sides of each area that all positions together cover, in degrees."""
    for path, part in tree.walk():
        if path[-1] != "Extent" or "Places" in path:
            continue
        sides = [part.text(side) for side in _SIDES]
        if all(sides):
            west, south, east, north = sides
            yield " ".join(path[-2:]), f"{south} to {north} north, {west} to {east} east"
