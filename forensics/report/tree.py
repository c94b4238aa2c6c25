"""A tree of parts as rows to be shown: long lists folded with counts, trouble never folded away.

What is left out is counted where it would stand; JSON carries the whole tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len
from rich.text import Text

from forensics.model import Part
from forensics.report.clean import visible
from forensics.report.page import ACCENT, QUIET, Page
from forensics.report.words import count

ALIKE = 4
"""Parts of one name in a row beyond which the rest is counted."""
KEPT = 3
"""How many of them are shown then."""
MOST = 60
"""Parts within one part beyond which the rest is counted."""
VALUE = 300
"""Characters of a value that are shown, unless all are wanted."""

PERSONAL = "(personal)"
"""Stands behind what may name or locate a person."""

_NAME = 28
"""Columns of names beyond which values no longer stand below one another."""
_ROOM = 30
"""Columns that a value has at least before it moves to the left."""
_WITH_PLACES = 72
"""Columns from which offsets and sizes are shown."""
_DEEPEST = 12
"""Steps beyond which deeper parts are not set in further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a tree.

    Attributes:
        depth: 0 for what lies directly inside the root.
        part: What is shown; None where parts were left out.
        column: Characters of the longest short name beside it.
        said: What was left out, in words; empty where `part` is.
    """

    depth: int
    part: Part | None
    column: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What one reader gave, for a page that folds it.

    Attributes:
        part: Its root.
        rows: What is shown of it.
        total: How many parts there are in all.
        amiss: How many of them have trouble.
        cut: Rows left out at the end.
    """

    part: Part
    rows: tuple[Row, ...]
    total: int
    amiss: int
    cut: int


def sections(tree: Part, limit: int = 3000) -> list[Section]:
    """Returns what each reader gave, of each at most `limit` rows."""
    found = []
    for part in tree.parts:
        every = tuple(rows(part))
        inner = [p for _, p in part.walk()]
        found.append(
            Section(
                part=part,
                rows=every[:limit],
                total=len(inner),
                amiss=sum(bool(p.trouble) for p in (part, *inner)),
                cut=max(0, len(every) - limit),
            )
        )
    return found


def rows(tree: Part, *, whole: bool = False) -> Iterator[Row]:
    """Yields the rows of everything inside `tree`, in stored order.

    Args:
        tree: The root, which has no row itself.
        whole: Leave nothing out.
    """
    stack = list(reversed(list(_level(tree.parts, 0, whole))))
    while stack:
        row = stack.pop()
        yield row
        if row.part is not None:
            stack.extend(reversed(list(_level(row.part.parts, row.depth + 1, whole))))


def troubles(tree: Part) -> Iterator[tuple[str, str]]:
    """Yields what is wrong, in stored order: the way to the part, made visible, and the sentence."""
    if tree.trouble:
        yield "the file", visible(tree.trouble, VALUE)
    for path, part in tree.walk():
        if part.trouble:
            yield " › ".join(visible(name, 60) for name in path), visible(part.trouble, VALUE)


def _level(parts: Sequence[Part], depth: int, whole: bool) -> Iterator[Row]:
    lengths = [cell_len(visible(p.name, 80)) for p in parts]
    column = max((length for length in lengths if length <= _NAME), default=0)
    for shown, folded, named in _picked(parts, whole):
        for part in shown:
            yield Row(depth=depth, part=part, column=column)
        amiss = [p for p in folded if _amiss(p)]
        for part in amiss[:KEPT]:
            yield Row(depth=depth, part=part, column=column)
        if more := len(folded) - len(amiss[:KEPT]):
            told = f"… {count(more, 'more part')}{named}"
            if wrong := len(amiss) - len(amiss[:KEPT]):
                told += f", {wrong:,} of them with trouble"
            yield Row(depth=depth, part=None, column=column, said=told)


def _picked(
    parts: Sequence[Part], whole: bool
) -> Iterator[tuple[Sequence[Part], Sequence[Part], str]]:
    """Yields what is shown, what is folded behind it, and what the folded parts are called."""
    if whole:
        yield parts, (), ""
        return
    shown = 0
    for name, run in groupby(parts[:MOST], key=lambda p: p.name):
        alike = list(run)
        shown += len(alike)
        if shown == len(parts[:MOST]):  # the run may go on past what is shown
            while shown < len(parts) and parts[shown].name == name:
                alike.append(parts[shown])
                shown += 1
        keep = len(alike) if len(alike) <= ALIKE else KEPT
        yield alike[:keep], alike[keep:], f" named {visible(name, 60)}"
    yield (), parts[shown:], ""


def _amiss(part: Part) -> bool:
    return bool(part.trouble) or any(p.trouble for _, p in part.walk())


def value(part: Part, limit: int = VALUE) -> str:
    """Returns a part's value on one line, made visible; empty where it only holds others."""
    if isinstance(part.value, int):
        return f"{part.value}"
    return "" if part.value is None else visible(part.value, limit)


def said(part: Part, limit: int = VALUE) -> str:
    """Returns a part's value and what it means, as one text."""
    return " · ".join(t for t in (value(part, limit), visible(part.meaning, limit)) if t)


def print_tree(page: Page, tree: Part, *, whole: bool = False) -> None:
    """Prints everything inside `tree`: where it lies, how long it is, its name, value and meaning."""
    every = list(rows(tree, whole=whole))
    limit = 100_000 if whole else VALUE
    places = _places(page, every)
    if places:
        page.line(Text(f"{'offset':>{places[0]}}  {'size':>{places[1]}}", style=QUIET))
    for row in every:
        _print_row(page, row, places, limit)


def _places(page: Page, every: Sequence[Row]) -> tuple[int, int] | None:
    """Columns of offsets and of sizes; None where there are none, or no room."""
    if page.width < _WITH_PLACES or not any(r.part and r.part.at is not None for r in every):
        return None
    at = max(len(_number(r.part.at)) for r in every if r.part)
    size = max(len(_number(r.part.size)) for r in every if r.part)
    return max(at, len("offset")), max(size, len("size"))


def _number(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _print_row(page: Page, row: Row, places: tuple[int, int] | None, limit: int) -> None:
    lead = Text()
    part = row.part
    if places:
        at, size = (part.at, part.size) if part else (None, None)
        where = f"{_number(at):>{places[0]}}  {_number(size):>{places[1]}}  "
        lead.append(where, style=QUIET)
    lead.append("  " * min(row.depth, _DEEPEST))
    if part is None:
        page.beside(lead, row.said, style=QUIET)
        return
    start = cell_len(lead.plain)
    name = visible(part.name, 80)
    lead.append(name, style="bold" if part.parts and not row.depth else "")
    text = Text(value(part, limit))
    if part.meaning:
        text.append(" · " if text.plain else "", style=QUIET)
        text.append(visible(part.meaning, limit), style=QUIET)
    if part.personal:
        text.append(f" {PERSONAL}" if text.plain else PERSONAL, style=QUIET)
    if text.plain:
        lead.append(" " * max(2, row.column + 2 - cell_len(name)))
        _hanging(page, lead, text, start)
    else:
        page.line(lead)
    if part.trouble:
        _hanging(
            page,
            Text(" " * (start + 2)),
            Text(f"Trouble: {visible(part.trouble, limit)}", ACCENT),
            start,
        )


def _hanging(page: Page, lead: Text, text: Text, start: int) -> None:
    """Prints beside the name where there is room, and below it where there is not."""
    if cell_len(lead.plain) + min(_ROOM, cell_len(text.plain)) <= page.width - 2:
        page.beside(lead, text)
        return
    if lead.plain.strip():
        page.line(lead)
    page.beside(Text(" " * min(start + 2, page.width - _ROOM)), text)
