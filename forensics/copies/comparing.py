"""What the search asks of whoever can look at the pictures themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from forensics.copies.confirmed import (
    Comparison,
    Confirmed,
    Course,
    Followed,
    Moved,
    Moving,
)
from forensics.model import Look


class Compare(Protocol):
    """What is done with the pictures themselves, in the worker; known ones are named by their place."""

    def register(
        self, looks: Sequence[Look], pairs: Sequence[Comparison]
    ) -> Sequence[Confirmed | None]:
        """Returns what registering each pair came to; None where nothing speaks for a relation."""
        ...

    def motion(self, looks: Sequence[Look], pairs: Sequence[Moving]) -> Sequence[Moved | None]:
        """Returns how far each pair agrees where something moves; None where that could not be seen."""
        ...

    def follow(self, looks: Sequence[Look], courses: Sequence[Course]) -> Sequence[Followed | None]:
        """Returns how far each course is taken by both; None where that could not be seen."""
        ...
