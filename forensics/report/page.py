"""A page of a terminal: paragraphs and labelled lines, wrapped, with nothing after their ends.

It reads the same without colour, through a pipe and at 60 columns: weight and one accent only repeat what
the words say.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

ACCENT = "bold magenta"
"""The one accent: something speaks against what is stated."""
STRONG = "bold"
QUIET = "dim"

_WIDEST = 100
"""Columns beyond which lines become hard to read."""
_NARROWEST = 40
"""Columns below which the terminal wraps: labels and text no longer fit side by side."""
_LABEL = 12


class Page:
    """Prints paragraphs and labelled lines, wrapped to the width, with nothing after their ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.width = max(_NARROWEST, min(console.width, _WIDEST))

    def print(self, row: Text) -> None:
        """Prints a row as it is, however long."""
        row.rstrip()
        self._console.print(row, soft_wrap=True, highlight=False)

    def wrap(self, text: Text, used: int) -> list[Text]:
        """Returns the rows of `text` where `used` columns of the page are taken."""
        return list(text.wrap(self._console, max(self.width - used, 12), overflow="fold"))

    def heading(self, text: str) -> None:
        """Prints a heading after an empty line."""
        self._console.print()
        self.print(Text(text, style=STRONG))

    def gap(self) -> None:
        """Prints an empty line."""
        self._console.print()

    def line(self, text: Text | str, *, style: str = "", indent: int = 2) -> None:
        """Prints a paragraph."""
        for row in self.wrap(_text(text, style), indent):
            self.print(Text(" " * indent).append_text(row))

    def beside(
        self, lead: Text | str, text: Text | str, *, style: str = "", indent: int = 2
    ) -> None:
        """Prints `text` after `lead`, its further lines below its first."""
        lead = Text(" " * indent).append_text(_text(lead))
        hang = cell_len(lead.plain)
        for row in self.wrap(_text(text, style), hang):
            self.print(lead.append_text(row))
            lead = Text(" " * hang)

    def command(self, lead: Text, text: str) -> None:
        """Prints a command on one line of its own, however long, so that it can be copied."""
        self.print(Text("  ").append_text(lead).append(text))


def _text(value: Text | str, style: str = "") -> Text:
    return value if isinstance(value, Text) else Text(value, style=style)


def label(name: str) -> Text:
    """Returns the name of what stands beside it, as wide as all of them."""
    return Text(name + " " * max(1 if name else 0, _LABEL - cell_len(name)), style=QUIET)
