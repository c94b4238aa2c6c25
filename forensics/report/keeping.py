"""What the owner of a ledger did to it, for a person: its keys, proofs of time, and what was deleted.

The values come from `db`, which this layer does not know: they are described by protocols.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.text import Text

from forensics.ledger.anchors import Anchor
from forensics.model import Receipt
from forensics.report.clean import visible


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


def print_redacted(
    entry: int | None,
    keys: Sequence[str],
    evidence: str | None,
    receipt: Receipt | None,
    console: Console,
) -> None:
    """Prints what was deleted, and what this cannot reach."""
    for line in _redacted(entry, keys, evidence, receipt):
        console.print(Text(visible(line, 2000)), soft_wrap=True)


def _redacted(
    entry: int | None, keys: Sequence[str], evidence: str | None, receipt: Receipt | None
) -> Iterator[str]:
    if keys:
        yield f"Deleted from entry {entry}: {', '.join(keys)}. Its commitments stay, and every proof."
    elif entry is not None:
        yield f"Entry {entry} discloses no such value any more; the file was written anew without it."
    if evidence:
        yield f"Removed the original {evidence}."
    if receipt:
        yield _recorded(receipt)
    yield "Copies of the ledger, bundles, reports and backups made before still hold what was deleted."


def _recorded(receipt: Receipt) -> str:
    entries = ", ".join(map(str, receipt.entries))
    word = "entry" if len(receipt.entries) == 1 else "entries"
    return f"Recorded in {word} {entries}."
