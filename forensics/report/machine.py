"""What `forensics doctor` found, for a person and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from forensics.doctor import Finding
from forensics.report.clean import visible
from forensics.report.table import print_table


def show(found: Sequence[Finding], console: Console) -> None:
    """Prints each capability, and below the table the one command that repairs each lack."""
    rows = [(f.name, f.state, visible(f.version, 60), visible(f.path, 300)) for f in found]
    print_table(rows, console, header=("capability", "state", "version", "path"))
    amiss = [f for f in found if f.repair]
    for f in amiss:
        console.print(Text(f"{f.name}: {visible(f.repair, 600)}"), soft_wrap=True)
    if not amiss:
        console.print(Text("Nothing is missing."))


def as_json(found: Sequence[Finding]) -> str:
    """Returns the same as one JSON document."""
    return json.dumps(
        {"schema": "forensics/doctor/1", "capabilities": [asdict(f) for f in found]}, indent=2
    )
