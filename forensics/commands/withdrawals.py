"""`forensics case withdraw`, `observation withdraw`, `note withdraw`: what was recorded counts no more."""

from __future__ import annotations

from typing import Annotated

import typer

from forensics.commands.opening import writing
from forensics.commands.options import LAST, ByOption, LedgerOption
from forensics.commands.streams import console

_EntryArgument = Annotated[
    int,
    typer.Argument(metavar="ENTRY", min=0, max=LAST, help="Its index, as `case show` names it."),
]
_ReasonOption = Annotated[str, typer.Option(help="Why, in your words.")]


def offer(
    entry: _EntryArgument,
    reason: _ReasonOption,
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Withdraw an offer of evidence: it stays in the log and counts no more; the verdicts follow."""
    from forensics.cases.entries import OFFERED

    _withdraw(entry, OFFERED, reason, by, ledger)


def observation(
    entry: _EntryArgument,
    reason: _ReasonOption,
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Withdraw a reading: it stays in the log and counts no more; the verdicts follow."""
    from forensics.cases.entries import OBSERVATION

    _withdraw(entry, OBSERVATION, reason, by, ledger)


def note(
    entry: _EntryArgument,
    reason: _ReasonOption,
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Withdraw a note: it stays in the log and counts no more."""
    from forensics.cases.entries import NOTE

    _withdraw(entry, NOTE, reason, by, ledger)


def _withdraw(index: int, kind: str, reason: str, by: str | None, ledger: str | None) -> None:
    from forensics.cases import adding
    from forensics.cases.settling import settle
    from forensics.report.caseacts import show_changed

    why = adding.words(reason, "--reason")
    with writing(ledger) as opened:
        case, receipt = adding.withdraw(opened, index, kind, reason=why, by=by or opened.origin)
        settled = settle(opened, case)
    typer.echo(
        f"Entry {receipt.entries[-1]}: entry {index} is withdrawn and counts no more in {case}."
    )
    show_changed(settled.case, settled.changed, console())
