"""Reads transcripts out of Markdown and compares what they promise with what was printed.

A transcript is a block fenced as `console`: lines that begin with "$ " are commands, the lines below
each are its output, standard error included. In expected output `...` stands for anything within a
line, and a line of `...` alone for any number of lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ANYTHING = "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command and what it should print.

    Attributes:
        line: Where the command stands in its file, from 1.
        command: As it is typed.
        expected: Lines, without spaces at their ends.
    """

    line: int
    command: str
    expected: tuple[str, ...]


def steps(markdown: Path) -> list[Step]:
    """Returns the commands of all transcripts of one file, in order."""
    found: list[Step] = []
    inside = False
    for number, line in enumerate(markdown.read_text("utf-8").splitlines(), 1):
        if line.startswith("```"):
            inside = line.strip() == "```console"
        elif inside and line.startswith("$ "):
            found.append(Step(line=number, command=line[2:], expected=()))
        elif inside:
            last = found[-1]
            expected = (*last.expected, line.rstrip())
            found[-1] = Step(line=last.line, command=last.command, expected=expected)
    return found


def matches(expected: tuple[str, ...], printed: str) -> bool:
    """Whether `printed` is what was promised; blank lines at the end do not count."""
    pattern = "".join(_pattern(line) for line in expected)
    text = "\n".join(line.rstrip() for line in printed.splitlines()).rstrip("\n")
    return re.fullmatch(pattern, text) is not None


def _pattern(line: str) -> str:
    if line == ANYTHING:
        return r"(?:[^\n]*(?:\n|\Z))*?"
    return "[^\n]*?".join(re.escape(part) for part in line.split(ANYTHING)) + r"(?:\n|\Z)"
