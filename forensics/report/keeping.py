"""What the owner of a ledger did to it, for a person: its keys, proofs of time, and what was deleted.

The values come from `db`, which this layer does not know: they are described by protocols.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.text import Text

from forensics.ledger.anchors import Anchor
from forensics.model import Receipt
from forensics.report.clean import visible

NAMED = 20
"""Places of one value that are named."""


class Key(Protocol):
    """One of a ledger's keys."""

    @property
    def vkey(self) -> str:
        """As it is told to others."""
        ...

    @property
    def entries(self) -> str:
        """Which entries were appended under it."""
        ...

    @property
    def file(self) -> Path | None:
        """Where its private half lies; None if it is not here."""
        ...

    @property
    def reason(self) -> str:
        """Why it was replaced; "" for the key that signs."""
        ...


class Value(Protocol):
    """A value that an entry commits to."""

    @property
    def entry(self) -> int:
        """Whose."""
        ...

    @property
    def key(self) -> str:
        """Under which name."""
        ...


class Redacted(Protocol):
    """What was deleted."""

    @property
    def keys(self) -> Sequence[str]:
        """Of the values of the entry that was named."""
        ...

    @property
    def same(self) -> Sequence[Sequence[Value]]:
        """Where the same values stood as well, value by value."""
        ...

    @property
    def everywhere(self) -> bool:
        """Those were deleted too."""
        ...

    @property
    def bundles(self) -> Sequence[int]:
        """Entries that record bundles which had taken any of it along."""
        ...

    @property
    def evidence(self) -> str | None:
        """The original that was removed."""
        ...

    @property
    def left_over(self) -> Sequence[str]:
        """Originals that were destroyed, by the log, and are still there."""
        ...

    @property
    def receipt(self) -> Receipt | None:
        """Of the entries that record it."""
        ...


def print_keys(keys: Sequence[Key], console: Console) -> None:
    """Prints the key that signs, in full on one line, and then those before it."""
    *past, present = keys
    _say(console, "signs", present)
    for key in reversed(past):
        console.print()
        _say(console, "signed", key)


def _say(console: Console, word: str, key: Key) -> None:
    where = visible(str(key.file), 400) if key.file else "not here"
    lines = [("key", key.vkey), (word, key.entries), ("private half", where)]
    if key.reason:
        lines.append(("replaced", key.reason))
    for name, value in lines:
        console.print(Text(f"{name:13} {visible(value, 2000)}"), soft_wrap=True)


def print_anchored(anchor: Anchor, receipt: Receipt, console: Console) -> None:
    """Prints what a proof of time shows and where it was recorded."""
    console.print(Text(visible(anchor.sentence, 2000)), soft_wrap=True)
    console.print(Text(_recorded(receipt)), soft_wrap=True)


def print_redacted(entry: int | None, done: Redacted, console: Console) -> None:
    """Prints what was deleted, where it still stands, and what this cannot reach."""
    for line in _redacted(entry, done):
        console.print(Text(visible(line, 2000)), soft_wrap=True)


def _redacted(entry: int | None, done: Redacted) -> Iterator[str]:
    if done.keys:
        keys = ", ".join(done.keys)
        yield f"Deleted from entry {entry}: {keys}. Its commitments stay, and every proof."
    elif entry is not None:
        yield f"Entry {entry} discloses no such value any more; the file was written anew without it."
    for group in done.same:
        where = ", ".join(f"entry {one.entry} ({one.key})" for one in group[:NAMED])
        where += f" and {len(group) - NAMED} more" if len(group) > NAMED else ""
        if done.everywhere:
            yield f"Deleted the same value from {where}."
        else:
            yield f"The same value is still disclosed by {where}. To delete it there too:"
            key = shlex.quote(group[0].key)
            yield f'  forensics ledger redact {group[0].entry} --key {key} --everywhere --reason "…"'
    if done.evidence:
        before = "" if done.receipt else " That it was destroyed was recorded before."
        yield f"Removed the original {done.evidence}.{before}"
    if done.receipt:
        yield _recorded(done.receipt)
    if done.bundles:
        numbers = ", ".join(map(str, done.bundles))
        yield f"Bundles took what was deleted along, as recorded in {_entries(done.bundles)} {numbers}."
    for name in done.left_over:
        yield f"The original {name} is recorded as destroyed and is still there. To remove it:"
        yield f'  forensics ledger redact --evidence {name} --reason "…"'
    yield "Copies of the ledger, bundles, reports and backups made before still hold what was deleted."


def print_made(keys: Sequence[Key], ledger: str, originals: str, console: Console) -> None:
    """Prints what a new ledger is made of, and what to do with it."""
    for line in (f"Made the ledger {ledger}", f"originals go to {originals}", ""):
        console.print(Text(visible(line, 2000)), soft_wrap=True)
    print_keys(keys, console)
    console.print()
    console.print(
        Text(
            "Give the key to those who verify, in another way than the ledger. Keep a copy of its private "
            "half where nobody else can read it: without it nothing more can be recorded here."
        )
    )


def _recorded(receipt: Receipt) -> str:
    return f"Recorded in {_entries(receipt.entries)} {', '.join(map(str, receipt.entries))}."


def _entries(numbers: Sequence[int]) -> str:
    return "entry" if len(numbers) == 1 else "entries"
