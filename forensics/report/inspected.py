"""What one file carries, for a terminal and as JSON ("forensics/inspect/1").

First what the file is, then what it states, then what is wrong with it, then everything, in stored order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import orjson
from rich.console import Console
from rich.text import Text

from forensics.inside.summary import Fact
from forensics.inspection import Inspection
from forensics.model import Part, Tool
from forensics.report import words
from forensics.report.clean import visible
from forensics.report.document import one_line
from forensics.report.page import ACCENT, QUIET, Page, label
from forensics.report.tree import PERSONAL, VALUE, print_tree, troubles
from forensics.report.values import SAFE_INTEGER, of_tool

SCHEMA = "forensics/inspect/1"

_TOPICS: Mapping[str, str] = {
    "make": "Device",
    "model": "Device",
    "lens": "Device",
    "serial": "Device",
    "software": "Programs",
    "encoder": "Programs",
    "captured": "Dates",
    "digitized": "Dates",
    "created": "Dates",
    "modified": "Dates",
    "satellite": "Dates",
    "place": "Place",
    "area": "Place",
    "altitude": "Place",
    "place-name": "Place",
    "author": "Credits",
    "rights": "Credits",
    "source": "Credits",
    "description": "Description",
    "orientation": "Display",
    "origin": "Origin",
    "generator": "Origin",
    "history": "History",
    "credential": "Credential",
}
"""The heading under which each role stands, in the order in which they are shown."""

ROLES: Mapping[str, str] = {
    "serial": "serial number",
    "captured": "recorded",
    "digitized": "digitised",
    "created": "made",
    "modified": "changed",
    "satellite": "satellites",
    "place": "degrees",
    "place-name": "name",
    "rights": "rights",
    "origin": "source type",
    "generator": "generated",
    "history": "step",
}
_MANY = 12
"""Facts of one topic shown before the rest is counted."""
_MOST_TROUBLE = 12
_ROLE = 15
"""Columns of the words for roles."""
OWN_WORD = "What it states is the file's own word: anyone can write it."

CHECKED = "What checking its credential came to"


def own_word(facts: Iterable[Fact]) -> list[Fact]:
    """Returns what the file states, without our own answers."""
    return [f for f in facts if f.role != "credential"]


def answers(facts: Iterable[Fact]) -> list[Fact]:
    """Returns what we found out about the file's credential."""
    return [f for f in facts if f.role == "credential"]


def topics(facts: Iterable[Fact]) -> list[tuple[str, list[Fact]]]:
    """Returns facts under their headings, in the order of the headings."""
    order = list(dict.fromkeys(_TOPICS.values()))
    sorted_facts = sorted(facts, key=lambda f: order.index(_TOPICS[f.role]))
    return [(t, list(g)) for t, g in groupby(sorted_facts, key=lambda f: _TOPICS[f.role])]


def merged(facts: Iterable[Fact]) -> list[tuple[Fact, str]]:
    """Returns facts with the fields that state them; one that several fields state is told once."""
    found: dict[tuple[str, str, str | None], tuple[Fact, list[str]]] = {}
    for fact in facts:
        fields = found.setdefault((fact.role, fact.value, fact.zone), (fact, []))[1]
        if fact.field not in fields:
            fields.append(fact.field)
    return [(fact, ", ".join(fields)) for fact, fields in found.values()]


def role(fact: Fact) -> str:
    """Returns what a fact is about, in words."""
    if fact.role == "credential":  # each of the three answers under its own name
        return fact.field.removeprefix("C2PA ")
    return ROLES.get(fact.role, fact.role)


def stated(fact: Fact, limit: int = VALUE) -> str:
    """Returns a fact's value, with its zone, made visible."""
    zone = f" {fact.zone.strip()}" if fact.zone else ""
    return visible(f"{fact.value}{zone}", limit)


def render_inspection(found: Inspection, console: Console, *, whole: bool = False) -> None:
    """Prints what a file carries, as wide as the console is, at most 100 columns.

    Args:
        found: What it carries.
        console: Where.
        whole: Leave nothing out.
    """
    page = Page(console)
    page.line(Text(visible(found.name, 200), style="bold"), indent=0)
    for name, text in identity(found):
        page.beside(label(name), text)
    partly = found.tree.trouble is not None
    _stated(page, own_word(found.stated), whole=whole, partly=partly)
    _checked(page, answers(found.stated))
    _troubles(page, found.tree, whole=whole)
    for section in found.tree.parts:
        page.heading(visible(section.name, 80))
        if section.value is not None or section.meaning:
            page.line(visible(" · ".join(_texts(section))), style=QUIET)
        print_tree(page, section, whole=whole)


def _texts(part: Part) -> Iterator[str]:
    if part.value is not None:
        yield str(part.value)
    if part.meaning:
        yield part.meaning


def identity(found: Inspection) -> list[tuple[str, str]]:
    """Returns what the file is: names and values, made visible."""
    return [
        ("Kind", f"{visible(found.label)} ({visible(found.mime, 80)})"),
        ("Size", words.size(found.size)),
        ("SHA-256", found.sha256),
        ("BLAKE2b-512", found.blake2b),
    ]


def _stated(page: Page, facts: Sequence[Fact], *, whole: bool, partly: bool) -> None:
    page.heading("What it states")
    if not facts:
        read = ", as far as it could be read" if partly else ""
        page.line(f"Nothing of its device, dates, place, programs or people{read}.")
        return
    _facts(page, facts, whole=whole)
    page.line(OWN_WORD, style=QUIET)


def _checked(page: Page, facts: Sequence[Fact]) -> None:
    """What is no word of the file: what checking its credential came to."""
    if facts:
        page.heading(CHECKED)
        _facts(page, facts, whole=True)


def _facts(page: Page, facts: Sequence[Fact], *, whole: bool) -> None:
    for topic, members in topics(facts):
        told = merged(members)
        shown = told if whole else told[:_MANY]
        heading = topic
        for fact, fields in shown:
            lead = label(heading).append(f"{role(fact):<{_ROLE}}", style=QUIET)
            text = Text(stated(fact, 100_000 if whole else VALUE))
            mark = f" {PERSONAL}" if fact.personal else ""
            page.beside(lead, text.append(f"  [{visible(fields, 200)}]{mark}", style=QUIET))
            heading = ""
        if len(told) > len(shown):
            page.beside(label(""), f"… {len(told) - len(shown):,} more", style=QUIET)


def _troubles(page: Page, tree: Part, *, whole: bool) -> None:
    found = list(troubles(tree))
    if not found:
        return
    page.heading("What is wrong with it")
    shown = found if whole else found[:_MOST_TROUBLE]
    for where, sentence in shown:
        page.beside("- ", Text(f"{where}: ").append(sentence, style=ACCENT))
    if len(found) > len(shown):
        page.line(f"… {words.count(len(found) - len(shown), 'more')}", style=QUIET)


def document(found: Inspection, tool: Tool) -> dict[str, Any]:
    """Returns the whole inspection as JSON values."""
    return {
        "schema": SCHEMA,
        "tool": of_tool(tool),
        "file": file_values(found),
        "stated": [fact_values(fact) for fact in found.stated],
        "tree": part_values(found.tree),
    }


def to_json(found: Inspection, tool: Tool, *, line: bool = False) -> bytes:
    """Returns the document as UTF-8 JSON that ends with a line break, indented or on one line."""
    value = document(found, tool)
    if line:
        return one_line(value)
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def file_values(found: Inspection) -> dict[str, Any]:
    """Returns what a file is, as JSON values."""
    return {
        "name": found.name,
        "size": found.size,
        "kind": found.kind.value,
        "mime": found.mime,
        "label": found.label,
        "sha256": found.sha256,
        "blake2b": found.blake2b,
    }


def fact_values(fact: Fact) -> dict[str, Any]:
    """Returns a fact as JSON values; what does not apply is left out."""
    return {
        "role": fact.role,
        "field": fact.field,
        "value": fact.value,
        **({"zone": fact.zone} if fact.zone else {}),
        "personal": fact.personal,
    }


def own_values(part: Part) -> dict[str, Any]:
    """Returns a part without what lies inside it, as JSON values; what does not apply is left out."""
    value = part.value
    if isinstance(value, int) and abs(value) > SAFE_INTEGER:
        value = str(value)
    optional = {
        "value": value,
        "at": part.at,
        "size": part.size,
        "meaning": part.meaning or None,
        "trouble": part.trouble,
        "personal": part.personal or None,
    }
    return {key: item for key, item in optional.items() if item is not None}


def part_values(part: Part) -> dict[str, Any]:
    """Returns a part with all that lies inside it, as JSON values."""
    inner = {"parts": [part_values(p) for p in part.parts]} if part.parts else {}
    return {"name": part.name, **own_values(part), **inner}
