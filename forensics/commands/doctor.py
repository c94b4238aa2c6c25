"""`forensics doctor`: what works on this machine."""

from __future__ import annotations

import typer

from forensics.commands.options import JsonOption
from forensics.commands.streams import console
from forensics.errors import EXIT_DONE, EXIT_INCOMPLETE


def doctor(json: JsonOption = False) -> None:
    """Say what works on this machine, and what repairs the rest."""
    from forensics.doctor import examine
    from forensics.report import machine

    found = examine()
    if json:
        typer.echo(machine.as_json(found))
    else:
        machine.show(found, console())
    raise typer.Exit(EXIT_INCOMPLETE if any(f.state == "missing" for f in found) else EXIT_DONE)
