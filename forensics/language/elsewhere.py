"""Sentences that are put together from parts elsewhere; `elsewhere.txt` lists what no source holds whole."""

from __future__ import annotations

import re
from importlib import resources

_ONE = re.compile(r"(\{[\w-]+\}) (signature|other asset)(?!\w)")
_AGREES = re.compile(r"(\{pairs\} pairs of pictures) agrees\b")


def listed(mark: str = "") -> tuple[str, ...]:
    """Returns the messages that are listed, or those with a mark before them, which are none."""
    lines = (resources.files(__package__) / "elsewhere.txt").read_text("utf-8").splitlines()
    if mark:
        return tuple(line.removeprefix(mark) for line in lines if line.startswith(mark))
    return tuple(line for line in lines if line and not line.startswith(("#", "- ")))


def canonical(template: str) -> str:
    """Returns a template as it is for many, where a number that is not known yet has chosen its form."""
    return _AGREES.sub(
        r"\1 agree", _ONE.sub(r"\1 \2s", template.replace(" pair of ", " pairs of "))
    )
