"""What the exports share: JSON with its keys in a fixed order, and without what does not apply."""

from __future__ import annotations

from typing import Any

import orjson

from forensics.report.document import carried


def present(value: dict[str, Any]) -> dict[str, Any]:
    """Returns the items that say something."""
    return {key: item for key, item in value.items() if item not in (None, "", [], {})}


def dumped(value: dict[str, Any]) -> bytes:
    """Returns indented UTF-8 JSON that ends with a line break."""
    return orjson.dumps(carried(value), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
