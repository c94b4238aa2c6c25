"""`forensics ledger keys`: see and change the key that signs."""

from __future__ import annotations

from typing import Annotated

import typer

from forensics.commands.opening import reading, writing
from forensics.commands.options import LedgerOption
from forensics.commands.streams import console


def show(ledger: LedgerOption = None) -> None:
    """Print the key to give to those who verify, where its private half lies, and past keys."""
    from db.rotation import shown_keys
    from forensics.report.keeping import print_keys

    with reading(ledger) as reader:
        print_keys(shown_keys(reader), console())


def rotate(
    reason: Annotated[str, typer.Option(help="Why; it stays in the log.")],
    ledger: LedgerOption = None,
    destroy_old: Annotated[
        bool, typer.Option("--destroy-old", help="Destroy the old private key, not put it aside.")
    ] = False,
) -> None:
    """Let the key name a new one; both sign once, and from then on the new one signs alone."""
    from db.rotation import shown_keys
    from forensics.report.keeping import print_keys

    with writing(ledger) as opened:
        opened.change_key(reason, destroy_old=destroy_old)
    with reading(ledger) as reader:
        print_keys(shown_keys(reader), console())
