"""Messages with named places: filling them, and finding the message that a filled sentence was made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

_PLACE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_.-]*)\}")

OURS = "our_"
"""A place whose name begins so holds a word of ours, which is said in the language as well."""


def pieces(message: str) -> Iterator[tuple[str, str | None]]:
    """Yields the literal texts of a message, each with the name of the place behind it, if any."""
    literal, end = "", 0
    for found in _PLACE.finditer(message):
        literal += message[end : found.start()]
        end = found.end()
        if found[1] is None:
            literal += found[0][0]
        else:
            yield literal, found[1]
            literal = ""
    if rest := literal + message[end:]:
        yield rest, None


def places(message: str) -> frozenset[str]:
    """Returns the names of the places of a message."""
    return frozenset(name for _, name in pieces(message) if name is not None)


def fill(message: str, values: Mapping[str, Any], as_text: Callable[[Any], str] = str) -> str:
    """Returns a message with its places filled. Values are put in as they are: nothing in them is read.

    Raises:
        KeyError: A place has no value.
    """
    out = []
    for literal, name in pieces(message):
        out.append(literal)
        if name is not None:
            out.append(as_text(values[name]))
    return "".join(out)


@lru_cache(maxsize=4096)
def pattern(message: str) -> re.Pattern[str]:
    """Returns what a sentence looks like that this message was filled to."""
    out, seen = [], dict[str, int]()
    for literal, name in pieces(message):
        out.append(re.escape(literal))
        if name in seen:
            out.append(f"(?P=v{seen[name]})")
        elif name is not None:
            seen[name] = len(seen)
            out.append(f"(?P<v{seen[name]}>.*?)")
    return re.compile("".join(out), re.DOTALL)


def values_in(message: str, text: str) -> dict[str, str] | None:
    """Returns the values that fill `message` to `text`; None where none do."""
    found = pattern(message).fullmatch(text)
    if found is None:
        return None
    names = dict.fromkeys(name for _, name in pieces(message) if name is not None)
    return dict(zip(names, found.groups(), strict=True))
