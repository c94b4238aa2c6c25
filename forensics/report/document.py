"""A report as JSON: the shape "forensics/report/1" that other tools rely on.

Numbers are whole; a time or a rate is a ratio "n/d" of seconds or pictures per second, a decimal is
text; there are no floats. Text from a file is exact, with one exception that JSON forces: a lone
surrogate (a byte of a file name that is not UTF-8) is no Unicode text and stands as "⟨U+DCFF⟩". What
does not apply is left out, except where the schema says that null means "could not be had".
The schema is `forensics/report/schema/report-1.schema.json` (JSON Schema 2020-12).
"""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import orjson

from forensics.errors import ForensicsError
from forensics.model import Report, SearchReport
from forensics.report.assets import of_asset
from forensics.report.values import (
    of_copy,
    of_known,
    of_outcome,
    of_plan,
    of_searched,
    of_tool,
    of_verdict,
)

SCHEMA = "forensics/report/1"

_SURROGATE = re.compile("[\ud800-\udfff]")


def document(report: Report) -> dict[str, Any]:
    """Returns the report as JSON values: objects, lists, text, whole numbers, booleans, None."""
    value = {
        "schema": SCHEMA,
        "tool": of_tool(report.tool),
        "asset": of_asset(report.asset),
        "plan": of_plan(report.plan) if report.plan else None,
        "outcomes": [of_outcome(outcome) for outcome in report.outcomes],
        "copies": [of_copy(copy) for copy in report.copies],
        "searched": of_searched(report.searched) if report.searched else None,
        "met": report.met and of_known(report.met),
        "verdict": of_verdict(report.verdict),
        "ledger": {
            "path": report.receipt.ledger,
            "origin": report.receipt.origin,
            "entries": list(report.receipt.entries),
            "at": report.receipt.at,
            "size": report.receipt.size,
            "root": report.receipt.root,
            "checkpoint": report.receipt.checkpoint,
        },
    }
    exact: dict[str, Any] = carried(value)
    return exact


def to_json(report: Report) -> bytes:
    """Returns the document as indented UTF-8 JSON that ends with a line break."""
    return orjson.dumps(document(report), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def to_jsonl(report: Report) -> bytes:
    """Returns the document as one line of UTF-8 JSON, its line break included."""
    return one_line(document(report))


def one_line(value: Any) -> bytes:
    """Returns a document as one line of UTF-8 JSON, its line break included.

    What some readers take for the end of a line (U+0085, U+2028, U+2029) is written as an escape.
    """
    data = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    for mark in ("\u0085", "\u2028", "\u2029"):  # they can only stand in texts
        data = data.replace(mark.encode(), b"\\u%04x" % ord(mark))
    return data


def search_json(found: SearchReport) -> bytes:
    """Returns what a search that recorded nothing came to ("forensics/search/1"), as indented JSON.

    `asset`, `copies`, `searched` and `met` are as in a report.
    """
    value = {
        "schema": "forensics/search/1",
        "tool": of_tool(found.tool),
        "asset": of_asset(found.asset),
        "plan": of_plan(found.plan) if found.plan else None,
        "copies": [of_copy(copy) for copy in found.copies],
        "searched": of_searched(found.searched) if found.searched else None,
        "outcome": of_outcome(found.outcome),
        "ledger": found.ledger,
        "met": found.met and of_known(found.met),
    }
    return orjson.dumps(carried(value), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def refusal(name: str, error: ForensicsError, *, line: bool) -> bytes:
    """Returns the document for a file that could not be taken in ("forensics/refusal/1")."""
    found = {
        "schema": "forensics/refusal/1",
        "name": name,
        "error": str(error),
        "hint": error.hint,
        "exit_code": error.exit_code,
    }
    if line:
        return one_line(carried(found))
    return orjson.dumps(carried(found), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def schema(name: str = "report-1") -> dict[str, Any]:
    """Returns the JSON Schema that every report follows, or (`"search-1"`) that of a search.

    The latter refers to the former, whose name is `urn:forensics:report:1`.
    """
    folder = resources.files("forensics.report") / "schema"
    value: dict[str, Any] = orjson.loads((folder / f"{name}.schema.json").read_bytes())
    return value


def carried(value: Any) -> Any:
    """Returns JSON values with each lone surrogate, which UTF-8 cannot carry, written out."""
    match value:
        case str():
            return _SURROGATE.sub(lambda m: f"⟨U+{ord(m[0]):04X}⟩", value)
        case dict():
            return {carried(key): carried(item) for key, item in value.items()}
        case list():
            return [carried(item) for item in value]
    return value
