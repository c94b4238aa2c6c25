"""What a file carries, as a tree: every holder of the format and every field in it, where it lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that a file carries, and what lies inside it.

    Attributes:
        name: What the format calls it ("APP1", "Make", "moov"): a name, never a sentence. It comes from
            the file or from a specification, so it is as hostile as any other text.
        value: Text or whole number as stated; None for what only holds others.
        at: Offset of its first byte in the file; None inside something that was packed.
        size: Bytes in the file; None where `at` is.
        meaning: What it says, for a person, in one sentence or phrase; empty where the name does.
        trouble: What is wrong with it or could not be read, one sentence, or None.
        personal: It may name or locate a person.
        parts: What lies inside, in stored order.
    """

    name: str
    value: int | str | None = None
    at: int | None = None
    size: int | None = None
    meaning: str = ""
    trouble: str | None = None
    personal: bool = False
    parts: tuple[Part, ...] = ()

    def walk(self) -> Iterator[tuple[tuple[str, ...], Part]]:
        """Yields every part below this one with the names on the way to it, in stored order."""
        stack: list[tuple[tuple[str, ...], Part]] = [((p.name,), p) for p in reversed(self.parts)]
        while stack:
            path, part = stack.pop()
            yield path, part
            stack.extend(((*path, p.name), p) for p in reversed(part.parts))

    def all(self, *path: str) -> Iterator[Part]:
        """Yields the parts whose way from this one ends in `path`, at any depth, in stored order."""
        for way, part in self.walk():
            if way[-len(path) :] == path:
                yield part

    def first(self, *path: str) -> Part | None:
        """Returns the first of `all`, or None."""
        return next(self.all(*path), None)

    def text(self, *path: str) -> str:
        """Returns the value of the first part at `path` that has one, as text; empty where none has."""
        return next((str(p.value) for p in self.all(*path) if p.value is not None), "")
