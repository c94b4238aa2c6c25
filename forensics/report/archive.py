"""What became of files that were taken into the archive, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from forensics.report.clean import visible

if TYPE_CHECKING:
    from forensics.archive import Registered
    from forensics.hashlists.taking import Source, Taken
    from forensics.model import Appearance, Receipt, Sha256


@dataclass(slots=True, kw_only=True)
class Tally:
    """How many files came to what."""

    total: int
    new: int = 0
    known: int = 0
    refused: int = 0

    def show(self, console: Console) -> None:
        """Prints one line; nothing for a single file, which has its own."""
        if self.total > 1:
            console.print(
                Text(
                    f"{self.total:,} files: {self.new:,} registered, {self.known:,} known already, "
                    f"{self.refused:,} refused."
                )
            )


def show_registered(file: Path, done: Registered, tally: Tally, console: Console) -> None:
    """Prints what became of one file, and counts it."""
    place = (
        f"[{tally.new + tally.known + tally.refused + 1}/{tally.total}] " if tally.total > 1 else ""
    )
    if done.receipt is None:
        tally.known += 1
        became = "registered already"
    elif not done.new:
        tally.known += 1
        became = f"known already; appearance recorded as entry {done.receipt.entries[-1]}"
    else:
        tally.new += 1
        first, last = done.receipt.entries[0], done.receipt.entries[-1]
        became = f"registered, entries {first} to {last}"
        if done.unsigned:
            became = (
                f"registered without all signatures, entries {first} to {last}: no search will find it by "
                f"what cannot be read. {visible(done.unsigned, 500)}"
            )
    line = f"{place}{visible(str(file), 200)}: {became} (sha256:{done.sha256[:12]})"
    if done.notes:
        line += f". It may be damaged or cut off: {visible(' '.join(done.notes), 500)}"
    console.print(Text(line), soft_wrap=True)


def show_appearance(
    sha256: Sha256, seen: Appearance, receipt: Receipt | None, console: Console
) -> None:
    """Prints what was recorded of where an asset was seen."""
    by = visible(seen.by, 200)
    where = f" at {visible(seen.url, 500)}" if seen.url else ""
    whose = f" by {visible(seen.publisher, 200)}" if seen.publisher else ""
    done = "Recorded already" if receipt is None else f"Recorded as entry {receipt.entries[-1]}"
    line = f"{done}: sha256:{sha256[:12]} {seen.what} {seen.at}{where}{whose}, as {by} says."
    console.print(Text(line), soft_wrap=True)


def show_taken(taken: Taken, source: Source, console: Console) -> None:
    """Prints what became of a list of hashes."""
    whose = visible(source.publisher, 200)
    if taken.receipt is None:
        said = (
            f"Recorded already: all {taken.known:,} assets of the list sha256:{taken.sha256[:12]}."
        )
    else:
        size = taken.receipt.size
        said = (
            f"Recorded {taken.new:,} asset{'' if taken.new == 1 else 's'} of the list"
            f" sha256:{taken.sha256[:12]}, as {whose} says; the "
            f"record has {size:,} entries."
        )
        if taken.known:
            said += f" {taken.known:,} more occur in it twice, or were recorded from it before."
    console.print(Text(said), soft_wrap=True)
    console.print(
        Text("They are compared by codes of whole pictures only: nothing else of them is here.")
    )
