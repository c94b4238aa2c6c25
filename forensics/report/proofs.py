"""What a proof file proves, and what a witness did, for a person and as JSON."""

from __future__ import annotations

import json

from rich.console import Console
from rich.text import Text

from forensics.errors import LedgerError
from forensics.ledger.proven import Proven
from forensics.ledger.witness import Answer
from forensics.report.clean import visible


def print_proven(proven: Proven, console: Console) -> None:
    """Prints what the proof proves and what it does not; never a bare OK."""
    grade = str(proven.grade).capitalize()
    if proven.finding is not None and proven.finding.asked and proven.problem is None:
        grade += f" ({proven.finding.count} witnesses)"
    console.print(Text(grade, style="bold"))
    for sentence in proven.sentences:
        console.print(Text(visible(sentence, 2000)))
    if proven.entry is not None:
        about = f", about {proven.entry.subject}" if proven.entry.subject else ""
        said = f"entry  {proven.index}: {proven.entry.type} of {proven.entry.at}{about}"
        console.print(Text(visible(said, 400)), soft_wrap=True)
    console.print(Text(f"log    {visible(proven.origin, 400)}"), soft_wrap=True)
    console.print(Text(f"root   {proven.root.hex()} over {proven.size} entries"), soft_wrap=True)


def proven_json(proven: Proven) -> str:
    """Returns the result as one JSON document."""
    finding = proven.finding
    return json.dumps(
        {
            "schema": "forensics/proof-verification/1",
            "grade": str(proven.grade),
            "accepted": proven.accepted,
            "index": proven.index,
            "size": proven.size,
            "root": proven.root.hex(),
            "origin": proven.origin,
            "body": None if proven.entry is None else json.loads(proven.body),
            "policy": None
            if finding is None
            else {
                "log": None if finding.log is None else finding.log.short,
                "asked": list(finding.asked),
                "cosigned": {name: made.at for name, made in finding.cosigned.items()},
                "rule": finding.rule,
                "quorum": finding.quorum,
            },
            "problem": proven.problem,
        },
        indent=2,
    )


def answered(answer: Answer | LedgerError) -> str:
    """Returns one line on what a witness answered, for its owner."""
    if isinstance(answer, LedgerError):
        return visible(f"500 {answer}", 400)
    if answer.seen is not None:
        return visible(f"{answer.status} {answer.origin}: {answer.seen.size} entries", 400)
    return visible(f"{answer.status} {answer.body.strip()}", 400)
