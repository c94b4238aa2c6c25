"""`forensics ledger` commands that leave the ledger as it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forensics.commands import given
from forensics.commands.opening import digest, place, reading
from forensics.commands.options import (
    LAST,
    DeciderOption,
    JsonOption,
    LedgerOption,
    OutOption,
    RootOption,
)
from forensics.commands.streams import console, deliver, read
from forensics.errors import EXIT_ADVERSE, EXIT_DONE, EXIT_LEDGER, UsageError


def log(
    ledger: LedgerOption = None,
    asset: Annotated[str | None, typer.Option(help="Only entries about this SHA-256.")] = None,
    type: Annotated[str | None, typer.Option(help="Only entries of this type.")] = None,  # noqa: A002 - the option
    since: Annotated[
        str | None,
        typer.Option(help="Only entries from this time on; UTC where it names no zone."),
    ] = None,
    actor: Annotated[
        str | None, typer.Option(help="Only entries that this key appended: its id, or all of it.")
    ] = None,
    before: Annotated[
        int | None, typer.Option(min=0, max=LAST, help="Only entries before this index.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10000, help="At most this many entries.")] = 50,
    json: JsonOption = False,
) -> None:
    """List entries, newest first."""
    from db.listing import page
    from forensics.report import ledger as shown

    wanted = None if asset is None else digest(asset, "--asset")
    start = None if since is None else _utc(since)
    with reading(ledger) as reader:
        found = page(
            reader, asset=wanted, type=type, since=start, actor=actor, before=before, limit=limit
        )
        if json:
            typer.echo(shown.log_json(found))
        else:
            shown.print_log(found, console())


def show(
    entry: Annotated[int, typer.Argument(min=0, max=LAST, help="Index of the entry.")],
    ledger: LedgerOption = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Print the exact bytes that are hashed.")
    ] = False,
) -> None:
    """Show one entry."""
    from forensics.report import ledger as shown

    with reading(ledger) as reader:
        stored = reader.entry(entry)
    if raw:
        sys.stdout.buffer.write(stored.body)
        sys.stdout.buffer.flush()
    else:
        shown.print_entry(stored, console())


def verify(
    ledger: LedgerOption = None,
    key: Annotated[
        str | None, typer.Option(help="The verifier key that you were given by another way.")
    ] = None,
    bundle: Annotated[
        list[Path] | None, typer.Option(help="A bundle that left this ledger; may be repeated.")
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(help="A checkpoint that was kept elsewhere; may be repeated."),
    ] = None,
    tsa_root: RootOption = None,
    policy: Annotated[
        Path | None, typer.Option(help="A file that names the logs and witnesses you know.")
    ] = None,
    originals: Annotated[
        bool, typer.Option("--originals", help="Hash every original that is kept beside it, too.")
    ] = False,
    decider: DeciderOption = None,
    json: JsonOption = False,
) -> None:
    """Recompute everything and say what the record proves, and what it does not."""
    from db.held import read_left
    from db.judging import judge
    from forensics.ledger.policy import MAX_POLICY, parse_policy
    from forensics.report import ledger as shown

    path = place(ledger)
    notes = given.checkpoints(checkpoint)
    known = None if policy is None else parse_policy(read(policy, MAX_POLICY))
    people = given.deciders(decider)
    roots = given.roots(tsa_root)
    given.key(key)
    judged = judge(
        path,
        vkey=key,
        notes=notes,
        bundles=[read_left(file) for file in bundle or []],
        roots_pem=roots,
        policy=known,
        originals=originals,
    )
    if json:
        typer.echo(shown.verification_json(judged))
    else:
        shown.print_verification(judged, str(path), console(), people)
    broken = EXIT_LEDGER if judged.found.problems else EXIT_ADVERSE
    raise typer.Exit(EXIT_DONE if judged.accepted else broken)


def checkpoint(
    ledger: LedgerOption = None,
    size: Annotated[
        int | None,
        typer.Option(min=0, max=LAST, help="The checkpoint that signs this many entries."),
    ] = None,
    out: OutOption = None,
) -> None:
    """Print a signed checkpoint, the last one unless told otherwise, with its cosignatures."""
    from db import proving

    with reading(ledger) as reader, reader.snapshot() as connection:
        deliver(proving.checkpoint(connection, size), out)


def prove(
    entry: Annotated[int, typer.Argument(min=0, max=LAST, help="Index of the entry.")],
    ledger: LedgerOption = None,
    size: Annotated[
        int | None,
        typer.Option(
            min=0, max=LAST, help="Prove it in the checkpoint of this size, not the best one."
        ),
    ] = None,
    body: Annotated[
        bool, typer.Option("--body/--no-body", help="Let the proof carry the entry itself.")
    ] = True,
    out: OutOption = None,
) -> None:
    """Make a file that proves an entry to anybody, without the ledger."""
    from db import proving

    with reading(ledger) as reader, reader.snapshot() as connection:
        deliver(proving.prove(connection, entry, size, with_body=body).text, out)


def _utc(text: str) -> str:
    """Returns a time as entries state it; one without a zone is meant in UTC, as theirs are."""
    from forensics.model.moment import read_moment

    moment = read_moment(text, "Z")
    if moment is None:
        raise UsageError(
            f"--since is {text!r}: expected a time such as 2026-01-31T12:00:00Z or a date."
        )
    return moment.earliest.strftime("%Y-%m-%dT%H:%M:%SZ")
