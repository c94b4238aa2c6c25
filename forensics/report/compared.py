"""Two files' trees side by side, for a terminal and as JSON ("forensics/compare/1").

Every line says in a word and by a sign what the two are to each other; colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import orjson
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from forensics.inside.compare import Pair, State, compare
from forensics.inside.same_streams import same_streams
from forensics.inside.summary import Fact
from forensics.inspection import Inspection
from forensics.model import Part, Tool
from forensics.report import words
from forensics.report.clean import visible
from forensics.report.inspected import (
    fact_values,
    file_values,
    own_values,
    role,
    stated,
    topics,
)
from forensics.report.page import QUIET, STRONG, Page
from forensics.report.tree import said
from forensics.report.values import of_tool

SCHEMA = "forensics/compare/1"

WORDS: Mapping[State, tuple[str, str]] = {
    State.SAME: ("=", "same"),
    State.CHANGED: ("≠", "changed"),
    State.WITHIN: ("·", ""),
    State.ONLY_A: ("<", "only in A"),
    State.ONLY_B: (">", "only in B"),
}
"""The sign and the word for each state."""

_CODED: Mapping[str, str] = {"video": "pictures", "audio": "sound"}
_STATE = 12
"""Columns of sign and word."""
_GAP = 2
_ALIKE = 3
"""Parts of one name that only one file has, in a row, that are shown before the rest is counted."""
_INSIDE = 40
"""Parts inside a part that only one file has that are shown before the rest is counted."""
_DEEPEST = 6
_VALUE = 120
"""Characters of a value that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a comparison.

    Attributes:
        depth: How far in it stands.
        state: What the two are to each other; None for a count of what is not shown.
        name: Of the part or the fact.
        a: What the first file has, as text.
        b: What the second file has, as text.
    """

    depth: int
    state: State | None
    name: str
    a: str = ""
    b: str = ""


def render_comparison(
    a: Inspection, b: Inspection, console: Console, *, whole: bool = False
) -> None:
    """Prints two files side by side, as wide as the console is, at most 100 columns.

    Args:
        a: The first file.
        b: The second file.
        console: Where.
        whole: Show what is the same, too.
    """
    page = Page(console)
    if a.sha256 == b.sha256:
        page.line("The two files are the same, byte for byte.", style=STRONG, indent=0)
    page.line(Text("The files", style=STRONG), indent=0)
    _table(page, list(_identity(a, b)))
    _same_streams(page, a, b)
    page.heading("What they state")
    _table(page, [line for line in _facts(a, b) if whole or line.state is not State.SAME])
    page.heading("Everything, in stored order")
    pair = compare(a.tree, b.tree)
    _table(page, list(_lines(pair.pairs, 0, whole)))
    page.gap()
    page.line(counts(pair), style=QUIET)


def counts(pair: Pair) -> str:
    """Returns how many parts are the same, changed, and in one of the files only, as a sentence."""
    same = pair.count(State.SAME, State.WITHIN)
    return (
        f"{words.count(same, 'part')} the same in both, {pair.count(State.CHANGED):,} changed, "
        f"{pair.count(State.ONLY_A):,} only in A, {pair.count(State.ONLY_B):,} only in B. "
        "Where a part lies is not compared."
    )


def _same_streams(page: Page, a: Inspection, b: Inspection) -> None:
    """Says which tracks hold the same pictures or sound."""
    found = same_streams(a.tree, b.tree)
    if not found:
        return
    page.heading("The same in both, as it is coded")
    wrapper = "" if a.sha256 == b.sha256 else ", in another wrapper"
    for one in found:
        what = _CODED.get(one.type, "content")
        names = f"{visible(one.a, 60)} of A, {visible(one.b, 60)} of B"
        page.line(f"{names}: the same {what}{wrapper} ({visible(one.scheme, 40)}).")


def _identity(a: Inspection, b: Inspection) -> Iterator[Line]:
    yield Line(depth=0, state=None, name="", a="A", b="B")
    yield _beside("Name", visible(a.name, 200), visible(b.name, 200))
    for name, one, other in (
        ("Kind", a.label, b.label),
        ("Size", words.size(a.size), words.size(b.size)),
        ("SHA-256", words.short(a.sha256), words.short(b.sha256)),
    ):
        yield _beside(name, visible(one), visible(other))


def _beside(name: str, one: str, other: str, depth: int = 0) -> Line:
    state = State.SAME if one == other else State.CHANGED
    return Line(depth=depth, state=state, name=name, a=one, b=other)


def facts(a: Inspection, b: Inspection) -> Iterator[tuple[Fact, Fact | None, Fact | None]]:
    """Yields what either file states: a fact of its kind, then the one of each; by heading and field."""
    here = {_key(fact, n): fact for n, fact in _numbered(a)}
    there = {_key(fact, n): fact for n, fact in _numbered(b)}
    every = {**here, **there}
    for _, members in topics(every.values()):
        for fact in members:
            key = next(k for k, f in every.items() if f is fact)
            yield fact, here.get(key), there.get(key)


def _numbered(found: Inspection) -> Iterator[tuple[int, Fact]]:
    for _, group in groupby(found.stated, key=lambda f: (f.role, f.field)):
        yield from enumerate(group)


def _key(fact: Fact, number: int) -> tuple[str, str, int]:
    return fact.role, fact.field, number


def _facts(a: Inspection, b: Inspection) -> Iterator[Line]:
    for fact, one, other in facts(a, b):
        name = f"{role(fact)} [{visible(fact.field, 60)}]"
        line = _beside(name, stated(one) if one else "", stated(other) if other else "")
        yield Line(depth=0, state=_state(one, other), name=name, a=line.a, b=line.b)


def _state(one: Fact | None, other: Fact | None) -> State:
    if one is None or other is None:
        return State.ONLY_B if one is None else State.ONLY_A
    return State.SAME if (one.value, one.zone) == (other.value, other.zone) else State.CHANGED


def _lines(pairs: tuple[Pair, ...], depth: int, whole: bool) -> Iterator[Line]:
    for state, run in groupby(pairs, key=lambda p: p.state):
        alike = list(run)
        if state is State.SAME and not whole:
            name = f"{words.count(len(alike), 'part')} the same"
            yield Line(depth=depth, state=State.SAME, name=name)
        elif state in {State.ONLY_A, State.ONLY_B} and not whole:
            yield from _alone(alike, depth)
        else:
            for pair in alike:
                yield _line(pair, depth)
                yield from _lines(pair.pairs, depth + 1, whole)


def _alone(pairs: list[Pair], depth: int) -> Iterator[Line]:
    """What only one file has: the first of each name with what lies inside, the rest counted."""
    for name, run in groupby(pairs, key=lambda p: p.name):
        alike = list(run)
        for pair in alike[:_ALIKE]:
            yield _line(pair, depth)
            inner = list(_lines(pair.pairs, depth + 1, whole=False))
            yield from inner[:_INSIDE]
            if len(inner) > _INSIDE:
                yield _more(len(inner) - _INSIDE, "line", depth + 1, pair.state)
        if len(alike) > _ALIKE:
            named = f"part named {visible(name, 40)}"
            yield _more(len(alike) - _ALIKE, named, depth, alike[0].state)


def _more(number: int, what: str, depth: int, state: State) -> Line:
    return Line(depth=depth, state=state, name=f"… {number:,} more: {what}")


def _line(pair: Pair, depth: int) -> Line:
    return Line(
        depth=depth,
        state=pair.state,
        name=visible(pair.name, 60),
        a=_text(pair, pair.a),
        b=_text(pair, pair.b),
    )


def _text(pair: Pair, part: Part | None) -> str:
    """What one file has, in the fewest words that show the difference."""
    if part is None or pair.state is State.WITHIN:
        return ""
    text = said(part, _VALUE)
    if not part.parts and part.size is not None and (not text or _by_size(pair)):
        text = f"{text}, {part.size:,} bytes" if text else f"{part.size:,} bytes"
    if part.trouble:
        text = f"{text} Trouble: {visible(part.trouble, _VALUE)}".strip()
    return text


def _by_size(pair: Pair) -> bool:
    """Whether the size is what differs."""
    return bool(pair.a and pair.b and pair.a.value == pair.b.value and pair.a.size != pair.b.size)


def _table(page: Page, lines: list[Line]) -> None:
    """Prints lines in four columns: the state, the name, and what each file has."""
    if not lines:
        page.line("No difference.")
        return
    free = page.width - 2 - _STATE - 3 * _GAP
    longest = max(cell_len(line.name) + 2 * min(line.depth, _DEEPEST) for line in lines)
    name = min(longest, free * 2 // 5)
    side = (free - name) // 2
    for line in lines:
        sign, word = WORDS[line.state] if line.state else ("", "")
        inner = "  " * min(line.depth, _DEEPEST)
        quiet = QUIET if line.state in {State.SAME, None} else ""
        cells = (
            (f"{sign} {word}", _STATE, quiet),
            (inner + line.name, name, QUIET if line.name.startswith("…") else quiet),
            (line.a, side, quiet),
            (line.b, side, quiet),
        )
        _row(page, cells, hang=len(inner) + 2)


def _row(page: Page, cells: tuple[tuple[str, int, str], ...], hang: int) -> None:
    """Prints one row, each cell wrapped in its own column."""
    name = cells[1]
    if not cells[2][0] and not cells[3][0]:  # nothing beside it: the name has the room
        cells = (cells[0], (name[0], page.width - 2 - _STATE - _GAP, name[2]))
    wrapped = []
    for number, (text, width, style) in enumerate(cells):
        taken = page.width - width
        if number == 1:
            lead = len(text) - len(text.lstrip(" "))
            rows = page.wrap(Text(text.lstrip(" "), style=style), taken + min(hang, lead))
            rows = [Text(" " * lead).append_text(r) for r in rows]
        else:
            rows = page.wrap(Text(text, style=style), taken)
        wrapped.append(rows)
    for line in range(max(map(len, wrapped))):
        out = Text("  ")
        start = 2
        for (_, width, _style), rows in zip(cells, wrapped, strict=True):
            out.append(" " * (start - cell_len(out.plain)))
            if line < len(rows):
                row = rows[line]
                row.rstrip()
                out.append_text(row)
            start += width + _GAP
        page.print(out)


def to_json(a: Inspection, b: Inspection, tool: Tool) -> bytes:
    """Returns the comparison, what is the same included, as indented UTF-8 JSON."""
    value = {
        "schema": SCHEMA,
        "tool": of_tool(tool),
        "a": file_values(a),
        "b": file_values(b),
        "same_streams": [asdict(one) for one in same_streams(a.tree, b.tree)],
        "stated": [_fact_values(one, other) for _, one, other in facts(a, b)],
        "tree": _pair_values(compare(a.tree, b.tree)),
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _fact_values(one: Fact | None, other: Fact | None) -> dict[str, Any]:
    sides = {"a": one, "b": other}
    return {
        "state": _state(one, other).value,
        **{side: fact_values(fact) for side, fact in sides.items() if fact},
    }


def _pair_values(pair: Pair) -> dict[str, Any]:
    sides = {"a": pair.a, "b": pair.b}
    inner = {"pairs": [_pair_values(p) for p in pair.pairs]} if pair.pairs else {}
    return {
        "name": pair.name,
        "state": pair.state.value,
        **{side: own_values(part) for side, part in sides.items() if part},
        **inner,
    }
