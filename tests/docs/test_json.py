"""docs/json.md names every key of the schema, in the section of its object, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from forensics.report.document import schema

PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")


def objects(name: str, value: Any) -> Iterator[tuple[str, dict[str, bool]]]:
    """Each object of the schema with its keys, and whether a key is always there."""
    keys = value.get("properties", {})
    if keys:
        yield name, {key: key in value.get("required", ()) for key in keys}
    for key, below in keys.items():
        if isinstance(below, dict):
            here = key if name == "document" else f"{name}-{key}"
            yield from objects(here, below)
            yield from objects(here, below.get("items", {}))


def in_schema() -> dict[str, dict[str, bool]]:
    whole = schema()
    found = dict(objects("document", whole))
    for name, part in whole["$defs"].items():
        found |= dict(objects(name, part))
    return found


def in_page() -> dict[str, dict[str, bool]]:
    sections = re.split(r"^## (\S+)$", PAGE, flags=re.MULTILINE)[1:]
    found = {}
    for name, text in zip(sections[::2], sections[1::2], strict=True):
        rows = re.findall(r"^\| `(\S+)`( \*)? \| (.+) \|$", text, re.MULTILINE)
        assert all(meaning.strip() for _, _, meaning in rows)
        found[name] = {key: not mark for key, mark, _ in rows}
    return found


def test_every_key_is_documented_and_no_other() -> None:
    assert in_page() == in_schema()
