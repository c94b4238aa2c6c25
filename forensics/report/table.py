"""Plain tables: one line a row, nothing after its end, so that they can be read and searched alike."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text


def print_table(
    rows: Sequence[Sequence[str]],
    console: Console,
    *,
    header: Sequence[str] = (),
    right: frozenset[int] = frozenset(),
) -> None:
    """Prints rows in columns; the last column is never padded or cut.

    Args:
        rows: Cells, already made visible.
        console: Where.
        header: Names of the columns, or none.
        right: Columns whose cells stand to the right.
    """
    every = [header, *rows] if header else list(rows)
    widths = [max(map(cell_len, column)) for column in zip(*every, strict=True)]
    for number, row in enumerate(every):
        padded = [
            " " * (width - cell_len(cell)) + cell
            if place in right
            else cell + " " * (width - cell_len(cell))
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        line = "  ".join(padded).rstrip()
        console.print(Text(line, style="bold" if header and not number else ""), soft_wrap=True)
