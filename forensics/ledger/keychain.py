"""Which key signs which part of a log: followed from the first entry through each change of keys.

The old key signs an entry of the type `key-changed` that names its successor; the checkpoint after it carries
both signatures; from then on the new key signs alone. A key that no predecessor named signs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from forensics.ledger.entry import Entry
from forensics.ledger.note import (
    Checkpoint,
    NoteError,
    Verifier,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verify_note,
)

KEY_CHANGED = "key-changed"
"""Type of the entry by which a key names its successor."""
KEY_CHANGED_TAIL = b'"type":"key-changed","v":1}'
"""How such an entry's body ends, and no other body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRange:
    """The part of a log that one key signs.

    Attributes:
        verifier: The key.
        first: First entry that was appended under it.
        last: The entry that repeats the last checkpoint that it signs; None: it still signs.
    """

    verifier: Verifier
    first: int
    last: int | None = None


def change_payload(old: Verifier, new: Verifier, reason: str, *, destroy: bool) -> dict[str, str]:
    """Returns the payload of a `key-changed` entry."""
    kept = "destroyed" if destroy else "kept"
    return {"old": old.vkey, "new": new.vkey, "reason": reason, "old_private_key": kept}


class Keychain:
    """The keys of one log, in the order in which they signed."""

    def __init__(self, first: Verifier) -> None:
        self.ranges = [KeyRange(verifier=first, first=0)]
        self._named: Verifier | None = None

    @property
    def current(self) -> Verifier:
        """The key that signs now."""
        return self.ranges[-1].verifier

    def change(self, entry: Entry) -> None:
        """Takes an entry by which the key names its successor.

        Raises:
            NoteError: It is not the log's key that speaks, or it names no fit key.
        """
        old, new = _named(entry.payload, "old"), _named(entry.payload, "new")
        if old != self.current or entry.actor != self.current.short:
            raise NoteError(
                f"another key than the log's names a successor: expected {self.current.short}, "
                f"found {old.short}"
            )
        if new.name != old.name:
            raise NoteError(f"the new key has the name {new.name!r}, expected {old.name!r}")
        if self._named is not None:
            raise NoteError("a second new key is named before both keys signed a checkpoint")
        if any(new == past.verifier for past in self.ranges):
            raise NoteError(f"the new key {new.short} signed this log before")
        self._named = new

    def open(self, text: str) -> Checkpoint:
        """Verifies the next checkpoint; where a new key was just named, both must have signed it.

        Raises:
            NoteError: Malformed, or not signed as it has to be.
        """
        note = parse_note(text)
        verify_note(note, [self.current])
        if self._named is not None:
            verify_note(note, [self._named])
        return parse_checkpoint(note.text)

    def pass_on(self, size: int) -> None:
        """Lets a key that was named sign from here on; `size` is that of the checkpoint both signed."""
        if self._named is not None:
            self.ranges[-1] = replace(self.ranges[-1], last=size)
            self.ranges.append(KeyRange(verifier=self._named, first=size + 1))
            self._named = None

    def check_held(self, text: str) -> None:
        """Checks that a checkpoint of the present size, held elsewhere, is signed by the key of that size.

        Raises:
            NoteError: It is not.
        """
        verify_note(parse_note(text), [self.current, *([self._named] if self._named else [])])

    def knows(self, verifier: Verifier) -> bool:
        """Tells whether a key is one of the log's."""
        return any(verifier == past.verifier for past in self.ranges)

    def signed_by_any(self, text: str) -> bool:
        """Tells whether a note is signed by any of the log's keys."""
        try:
            verify_note(parse_note(text), [past.verifier for past in self.ranges])
        except NoteError:
            return False
        return True


def _named(payload: Mapping[str, Any], key: str) -> Verifier:
    return parse_vkey(str(payload.get(key)))
