"""What the entries in a bundle say: of themselves, of each other, and of what lies beside them.

They are read on their way to the verification of the log. What breaks a rule is kept, and told only once the
log itself holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.errors import LedgerError
from forensics.ledger import bundle as names
from forensics.ledger.acts import (
    Earlier,
    Frames,
    check_against,
    check_named,
    concerns,
    own_decision,
)
from forensics.ledger.bundle import Bundle, BundleError
from forensics.ledger.decision import Decided
from forensics.ledger.entry import CHECKPOINT, commitment, read_entry
from forensics.ledger.merkle import leaf_hash
from forensics.ledger.note import parse_checkpoint, parse_note
from forensics.ledger.verify import Stored, Verification


@dataclass(slots=True)
class Said:
    """What is gathered in one pass over the entries.

    Attributes:
        bodies: How many bodies are here.
        assets: SHA-256 of every asset that an entry is about.
        first_bad: The first entry that breaks a rule, and how; None if none does.
    """

    bodies: int = 0
    assets: set[str] = field(default_factory=set)
    first_bad: tuple[int, str] | None = None
    frames: Frames = field(default_factory=Frames)
    speaking: dict[int, list[int]] = field(default_factory=dict)
    """Entries that speak of earlier ones, and of which."""

    def wrong(self, index: int, what: str) -> None:
        """Keeps the first entry that breaks a rule: it is named only if the log itself holds."""
        if self.first_bad is None or index < self.first_bad[0]:
            self.first_bad = (index, what)


def committed(bundle: Bundle) -> dict[tuple[int, str], str]:
    """Returns the commitment that each disclosed value gives, by entry and key."""
    given: dict[tuple[int, str], str] = {}
    for one in bundle.disclosures():
        place = (one.entry, one.key)
        if place in given:
            raise BundleError(f"the value {one.key!r} is disclosed twice", one.entry)
        given[place] = commitment(one.salt, one.value)
    return given


def gather(bundle: Bundle, disclosed: dict[tuple[int, str], str], found: Said) -> Iterator[Stored]:
    """Passes the entries on, and reads each on the way; takes out of `disclosed` what agrees."""
    repeated = _to_repeat(bundle)
    for index, body, leaf in bundle.entries():
        if body is not None:
            found.bodies += 1
            try:
                entry = read_entry(body)
                found.frames.take(index, entry.type, entry.at, entry.actor)
                if concerns(entry.type, entry.supersedes):
                    found.speaking[index] = check_named(index, entry)
            except LedgerError as error:
                found.wrong(index, str(error))
            else:
                if entry.subject and entry.subject.startswith("sha256:"):
                    found.assets.add(entry.subject.removeprefix("sha256:"))
                note = entry.payload.get("note") if entry.type == CHECKPOINT else None
                if repeated.get(index, {note}) == {note}:
                    repeated.pop(index, None)
                for key, expected in entry.commitments.items():
                    given = disclosed.pop((index, key), expected)
                    if given != expected:
                        raise BundleError(
                            f"the value disclosed as {key!r} is not the one that entry {index} commits "
                            f"to: expected {expected}, found {given}",
                            index,
                        )
        yield index, body, leaf
    if repeated:
        size = min(repeated)
        found.wrong(
            size, "it does not repeat, byte for byte, the checkpoint of its size in the bundle"
        )


def _to_repeat(bundle: Bundle) -> dict[int, set[str]]:
    """Returns the checkpoints in the bundle that an entry in it has to repeat byte for byte, by size."""
    found = {size: {bundle.note(size)} for size in bundle.sizes}
    if earlier := bundle.since():
        found.setdefault(parse_checkpoint(parse_note(earlier[0]).text).size, set()).add(earlier[0])
    if len(found.pop(bundle.size)) > 1:  # which no entry here repeats
        raise BundleError(f"{names.SINCE_NOTE} is not the bundle's own checkpoint of that size")
    return found


def check_acts(bundle: Bundle, found: Said, log: Verification) -> tuple[Decided, ...]:
    """Checks what entries say of others, in a second pass over those; returns the decisions that hold.

    Raises:
        BundleError: One breaks a rule; the first that does is named.
    """
    wanted = {named for each in found.speaking.values() for named in each}
    earlier: dict[int, Earlier] = {}
    decided: list[Decided] = []
    for index, body, leaf in bundle.entries() if found.speaking else ():
        try:
            if index in wanted:
                entry = None if body is None else read_entry(body)
                hashed = leaf or b"" if body is None else leaf_hash(body)
                earlier[index] = Earlier(leaf=hashed, entry=entry)
            if body is not None and index in found.speaking:
                one = check_against(index, read_entry(body), earlier.__getitem__, log.origin)
                decided += [] if one is None else [one]
        except LedgerError as error:
            found.wrong(index, str(error))
    for wrong in (found.frames.strange_actor(log.keys), own_decision(decided, log.keys)):
        if wrong:
            found.wrong(*wrong)
    if found.first_bad:
        index, what = found.first_bad
        raise BundleError(f"entry {index} is not as it has to be: {what}", index)
    return tuple(decided)
