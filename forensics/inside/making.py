"""Makes the parts that readers hand back: one place that counts them, places them and cuts their texts."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from forensics.codec import well_formed
from forensics.errors import LimitExceeded
from forensics.inside.window import MAX_TEXT, Window
from forensics.model import Part


def part(
    window: Window,
    name: str,
    value: int | str | None = None,
    *,
    start: int | None = None,
    size: int | None = None,
    meaning: str = "",
    trouble: str | None = None,
    personal: bool = False,
    parts: tuple[Part, ...] = (),
) -> Part:
    """Returns a part that lies `start` bytes into the window and ends with it, texts cut at `MAX_TEXT`.

    What holds parts that were kept is kept with them; its trouble names the limit, where one was met.

    Raises:
        LimitExceeded: The file holds more parts than are kept, and this one holds none.
    """
    try:
        window.allowance.keep()
    except LimitExceeded as error:
        if not parts:
            raise
        trouble = trouble or str(error)
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            trouble = trouble or f"The text is longer than the {MAX_TEXT} characters that are kept."
        value = well_formed(value[:MAX_TEXT])
    at = None
    if window.at is not None and start is not None:  # no part lies outside what was read
        start = max(0, min(start, window.size))
        at = window.at + start
        size = None if size is None else max(0, min(size, window.size - start))
    return Part(
        name=well_formed(name[:MAX_TEXT]),
        value=value,
        at=at,
        size=None if at is None else size,
        meaning=meaning,
        trouble=trouble,
        personal=personal,
        parts=parts,
    )


def kept(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Returns the parts that a reader makes, up to where it meets a limit of the whole file.

    The limit stands in the allowance, so that what holds the parts, and the file, can name it.
    """
    found: list[Part] = []
    with suppress(LimitExceeded):
        found.extend(parts)
    return tuple(found)


def sentence(text: str) -> str:
    """Returns text with a capital at its start."""
    return text[:1].upper() + text[1:]


def utf8(data: bytes) -> str:
    """Returns UTF-8 text; as Latin-1 where it is not UTF-8. What follows a NUL is left out."""
    data = data.split(b"\0", 1)[0]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def latin1(data: bytes) -> str:
    """Returns Latin-1 text up to the first NUL."""
    return data.split(b"\0", 1)[0].decode("latin-1")


def utf16(data: bytes, order: str = "big") -> str:
    """Returns UTF-16 text up to the first NUL character; what is not UTF-16 is replaced."""
    text = data.decode("utf-16-be" if order == "big" else "utf-16-le", "replace")
    return text.split("\0", 1)[0]
