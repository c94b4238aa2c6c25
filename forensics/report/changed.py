"""What is different since, on a terminal: only that, and what could not be looked at."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from forensics.language import say, say_many, told
from forensics.report.clean import visible
from forensics.report.page import ACCENT, QUIET, STRONG, Page


def print_changed(
    name: str,
    changed: Sequence[str],
    console: Console,
    *,
    missed: Sequence[str] = (),
    entries: Sequence[int] = (),
) -> None:
    """Prints what is different.

    Args:
        name: Of the case or the asset.
        changed: One sentence each.
        console: Where to.
        missed: What could not be looked at, one sentence each.
        entries: Indices of what was written.
    """
    page = Page(console)
    if changed:
        heading = say_many(
            "{name}: {n} thing is different.",
            "{name}: {n} things are different.",
            len(changed),
            name=visible(name, 80),
        )
        page.line(heading, style=STRONG, indent=0)
    else:
        page.line(say("{name}: nothing is different.", name=visible(name, 80)), indent=0)
    for sentence in changed:
        page.beside("- ", told(visible(sentence)))
    for sentence in missed:
        page.beside("- ", told(visible(sentence)), style=ACCENT)
    if entries:
        span = f"{entries[0]}" if len(entries) == 1 else f"{entries[0]} to {entries[-1]}"
        page.line(say("Written: entries {entries}.", entries=span), style=QUIET)
