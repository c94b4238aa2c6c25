"""What was verified of a log, and what was not; also in words, for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.ledger.anchors import Anchor
from forensics.ledger.decision import Decided
from forensics.ledger.findings import Grade, Part, Problem, entries_named
from forensics.ledger.keychain import KeyRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was verified, and what was not.

    Attributes:
        grade: What the log was found to be.
        size: How many entries were read; where it is broken, up to the first bad one.
        root: Root over them.
        origin: The log's name, by its first entry.
        key: Short form of the key that signs it now; None where there is none.
        pinned: A key was given, and is one of the log's: none was taken on the log's word alone.
        checkpoints: How many signed checkpoints hold.
        signed: Size that the last of them signs.
        anchored: Size of the largest checkpoint that is held elsewhere and agrees; 0 if there is none.
        keys: The log's keys in turn, and which entries were appended under each.
        anchors: What is stored to show when checkpoints existed.
        decided: Decisions of people that hold, each under the key that its entry names.
        problems: What is wrong, the log's first bad entry first; empty unless broken.
        remarks: What an auditor may want to look at; nothing that breaks the log.
    """

    grade: Grade
    size: int
    root: bytes
    origin: str
    key: str | None
    pinned: bool
    checkpoints: int
    signed: int
    anchored: int
    keys: tuple[KeyRange, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    decided: tuple[Decided, ...] = ()
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def first_bad(self) -> int | None:
        """The first bad entry, where one is known."""
        return next((p.entry for p in self.problems if p.entry is not None), None)

    @property
    def timestamped(self) -> int:
        """Size of the largest checkpoint whose time an authority under a given root vouches for."""
        return max((anchor.size for anchor in self.anchors if anchor.holds), default=0)

    @property
    def open_to_change(self) -> tuple[int, int] | None:
        """First and last entry that the owner could still cut or rewrite unseen; None if there is none."""
        return (self.anchored, self.size - 1) if self.anchored < self.size else None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The result in words, for a person."""
        return tuple(_sentences(self))


def _times(found: Verification) -> Iterator[str]:
    """The furthest-reaching proof of time of each kind, and each that shows nothing."""
    anchors = sorted(found.anchors, key=lambda anchor: anchor.size)
    yield from (anchor.sentence for anchor in anchors if anchor.trouble)
    sound = [anchor for anchor in anchors if not anchor.trouble]
    groups = (
        [anchor for anchor in sound if anchor.holds],
        [anchor for anchor in sound if anchor.token and not anchor.holds],
        [anchor for anchor in sound if anchor.stamp],
    )
    yield from (group[-1].sentence for group in groups if group)
    if 0 < found.timestamped < found.size:
        rest = entries_named(found.timestamped, found.size - 1).capitalize()
        yield f"{rest} came later; no verified token shows when."


def _signed_by(part: KeyRange) -> str:
    if part.last is None:
        return f"The entries from {part.first} on were appended under {part.verifier.short}."
    entries = entries_named(part.first, part.last).capitalize()
    return f"{entries} were appended under {part.verifier.short}, which named the next key."


def _sentences(found: Verification) -> Iterator[str]:
    if found.grade is Grade.BROKEN:
        for problem in found.problems:
            place = "" if problem.entry is None else f", first at entry {problem.entry}"
            yield f"Broken ({problem.part}{place}): {problem.what}."
        first = found.problems[0]
        if first.part is Part.LOG and first.entry is not None and first.entry < found.signed:
            yield f"The first {found.signed} entries agree with a signed checkpoint: its key signed this."
        elif first.part is Part.LOG:
            yield (
                f"Before that, the first {found.signed} entries agree with a signed checkpoint."
                if found.signed
                else "No signed checkpoint before that holds."
            )
        else:
            yield f"The log itself holds: its {found.size} entries agree with its checkpoints."
        return
    if not found.size:
        yield "The ledger is empty: nothing was recorded in it yet."
        return
    many = f"the {found.checkpoints} checkpoints among them, each"
    signed = many if found.checkpoints > 1 else "the checkpoint among them,"
    by = "the log's key of that time" if len(found.keys) > 1 else found.key
    yield f"All {found.size} entries agree with each other and with {signed} signed by {by}."
    yield from map(_signed_by, found.keys if len(found.keys) > 1 else ())
    if not found.pinned:
        yield (
            "Only the file itself names that key, and whoever made the file could have chosen it: "
            "compare it with the key that the owner told you, and verify with that."
        )
    if found.anchored:
        yield f"They also agree with a checkpoint of {found.anchored} entries that is held elsewhere."
    if open_ := found.open_to_change:
        later = "later checkpoint" if found.anchored else "checkpoint"
        yield (
            f"{entries_named(*open_).capitalize()} could still be cut or rewritten by the owner: "
            f"you gave no {later} that was kept elsewhere."
        )
    yield from _times(found)
    yield from found.remarks
