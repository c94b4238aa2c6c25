"""The vocabulary of a verification: grades, the parts of a ledger, and what is wrong with one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Grade(StrEnum):
    """What a log was found to be; each includes what stands below it."""

    BROKEN = "broken"
    INTEGRITY_ONLY = "integrity only"
    """It holds together, under a key that only it names: whoever made the file could have made that too."""
    SIGNED = "signed"
    """Every checkpoint is signed with the key that the verifier was told by other means."""
    WITNESSED = "witnessed"
    """Signed, and cosigned by as many witnesses as the verifier's policy asks for."""
    TIMESTAMPED = "timestamped"
    """Signed, and seen by an authority that the verifier trusts to tell the time."""


class Part(StrEnum):
    """Which part of a ledger a problem lies in."""

    LOG = "log"
    SCHEMA = "schema"
    PROJECTION = "projection"
    DISCLOSURE = "disclosure"
    ATTACHMENT = "attachment"
    FOREIGN = "other desks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that contradicts the log.

    Attributes:
        part: Where it lies.
        entry: First bad entry; the first of a range where only the range is known; None outside the log.
        what: One sentence.
    """

    part: Part
    entry: int | None
    what: str


Stored: TypeAlias = tuple[int, bytes | None, bytes | None]
"""One entry as it is stored: its index, its body, and the tree's nodes beside it, if there are any.

Where a bundle leaves the body out, it is None, and the leaf hash alone stands in the place of the nodes."""


class Bad(Exception):  # noqa: N818 - ends a pass over a log, and never leaves `verify_log`
    """The first thing in a log that does not hold.

    Attributes:
        problem: What it is.
    """

    def __init__(self, entry: int | None, what: str) -> None:
        super().__init__(what)
        self.problem = Problem(part=Part.LOG, entry=entry, what=what)


def entries_named(first: int, last: int) -> str:
    """Returns how a sentence speaks of a range of entries."""
    return f"entry {first}" if first == last else f"entries {first}–{last}"
