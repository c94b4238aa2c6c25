"""Parts of the documents that are made from the code stand as the code would make them now.

`pytest tests/docs --regenerate-golden` writes them again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

import cli
from forensics.analyses import example
from forensics.verdict.ruleset import Condition, Rule, load

DOCS = Path(__file__).parents[2] / "docs"


def commands(command: Any = None, path: str = "forensics") -> Iterator[tuple[str, Any]]:
    """Every command of the program with its name as typed, groups included."""
    command = command or typer.main.get_command(cli.app)
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{path} {name}")


def command_reference() -> str:
    """What `--help` prints for every command, 80 columns wide."""
    parts = []
    for path, _ in commands():
        arguments = [*path.split()[1:], "--help"]
        told = CliRunner().invoke(
            cli.app, arguments, prog_name="forensics", env={"COLUMNS": "80", "NO_COLOR": "1"}
        )
        assert told.exit_code == 0, told.output
        text = "\n".join(line.rstrip() for line in told.output.strip().splitlines())
        parts.append(f"### `{path}`\n\n```text\n{text}\n```")
    return "\n\n".join(parts)


def rule_table() -> str:
    """The rules of the current ruleset on assets, in their order."""
    return _rules(load().rules)


def claim_rule_table() -> str:
    """The rules of the current ruleset on claims, in their order."""
    claims = load().claims
    assert claims
    return _rules(claims.rules)


def _rules(rules: Sequence[Rule]) -> str:
    rows = ["| rule | pillar | status | where there is | reason |", "|---|---|---|---|---|"]
    for rule in rules:
        where = " and ".join(map(_condition, rule.when))
        if rule.unless:
            where += ", and none of " + ", ".join(map(_condition, rule.unless))
        rows.append(f"| `{rule.id}` | {rule.pillar} | {rule.status} | {where} | {rule.reason} |")
    return "\n".join(rows)


def template() -> str:
    """The class of the living template, as it stands."""
    source = Path(example.__file__).read_text("utf-8")
    return f"```python\n{source[source.index('class Example') :].strip()}\n```"


_SIDES = {"supports-h1": "supports H1", "supports-h2": "supports H2", "neutral": "is neutral"}


def _condition(condition: Condition) -> str:
    said = f"`{condition.finding}`" if condition.finding else ""
    if condition.question:
        said += f" on the question `{condition.question}`"
    if condition.direction:
        said += f" that {_SIDES[condition.direction]}"
    if condition.strength:
        said += f", at least {condition.strength}"
    return said.strip() if condition.finding else f"a finding {said.strip()}"


@pytest.mark.parametrize(
    ("page", "name", "make"),
    [
        ("command-line.md", "commands", command_reference),
        ("adding-an-analysis.md", "template", template),
        ("how-verdicts-are-reached.md", "rules", rule_table),
        ("how-verdicts-are-reached.md", "claim-rules", claim_rule_table),
    ],
)
def test_a_generated_part_is_up_to_date(
    page: str,
    name: str,
    make: Callable[[], str],
    golden: Callable[[Path, bytes], None],
) -> None:
    path = DOCS / page
    begin, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
    parts = re.split(f"({begin}|{end})", path.read_text("utf-8"))
    assert len(parts) == 5, f"{page} needs {begin} and {end}, once each"
    golden(path, "".join([parts[0], begin, f"\n\n{make()}\n\n", end, parts[4]]).encode())


@pytest.mark.parametrize("path", [path for path, _ in commands()])
def test_a_command_has_help_and_occurs_in_a_page_beside_the_reference(path: str) -> None:
    found = dict(commands())[path]
    assert found.help
    assert found.help.endswith(".")
    for option in found.params:
        assert option.help or option.name in {"help", "install_completion", "show_completion"}
    pages = [DOCS.parent / "README.md", *(p for p in DOCS.rglob("*.md"))]
    shown = [p.name for p in pages if p.name != "command-line.md" and path in p.read_text("utf-8")]
    assert shown, f"no page but the reference mentions `{path}`"
