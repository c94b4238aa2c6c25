"""`forensics ledger` commands that append to the ledger or remake its tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from forensics.commands import given
from forensics.commands.opening import digest, place, reading, writing, writing_or_new
from forensics.commands.options import LAST, LedgerOption, RootOption
from forensics.commands.streams import console, deliver, read
from forensics.errors import UsageError


def init(
    ledger: LedgerOption = None,
    name: Annotated[
        str | None,
        typer.Option(
            help="The ledger's name for good, such as desk.example/2026; or one is drawn."
        ),
    ] = None,
) -> None:
    """Make a ledger with a key of its own, and say what was made; `check` does so by itself."""
    from db.ledger import SqlLedger
    from db.reading import Reader
    from db.rotation import shown_keys
    from db.session import is_there
    from db.store import store_path
    from forensics import config
    from forensics.ledger.note import NoteError, check_name
    from forensics.report.keeping import print_made

    path = place(ledger)
    taken = UsageError(
        f"{path} is there already, and was left as it is",
        hint="Name another with --ledger; `forensics ledger keys show` says whose ledger this is.",
    )
    try:
        check_name(name or "unnamed")
    except NoteError as error:
        raise UsageError(f"--name cannot be used: {error}") from error
    if is_there(path):
        raise taken
    with (
        SqlLedger.open(path, origin=name or config.new_origin()) as opened,
        opened.batch() as batch,
    ):
        if batch.start:  # somebody else made it at the same moment
            raise taken
        batch.seal()
    with Reader.open(path) as reader:
        print_made(shown_keys(reader), str(path), str(store_path(path)), console())


def rebuild(ledger: LedgerOption = None) -> None:
    """Make the tables beside the log again from its entries; needs no key."""
    from db.rebuilding import rebuild

    typer.echo(f"Rebuilt from {rebuild(place(ledger))} entries.")


def export(
    bundle: Annotated[Path, typer.Argument(help="The zip file to write.")],
    ledger: LedgerOption = None,
    asset: Annotated[
        list[str] | None,
        typer.Option(help="Only the entries about this SHA-256; may be repeated."),
    ] = None,
    with_evidence: Annotated[
        bool, typer.Option("--with-evidence", help="Add the originals that were kept.")
    ] = False,
    without_personal: Annotated[
        bool, typer.Option("--without-personal", help="Leave out the disclosed values.")
    ] = False,
    report: Annotated[
        list[Path] | None, typer.Option(help="Add this report; may be repeated.")
    ] = None,
    since: Annotated[
        Path | None, typer.Option(help="Prove that this continues an earlier bundle.")
    ] = None,
    policy: Annotated[Path | None, typer.Option(help="Add this policy file.")] = None,
) -> None:
    """Write a bundle that others can verify without the ledger, and record that it left."""
    from db.exporting import Wanted, export
    from forensics.report.bundle import print_export

    wanted = Wanted(
        assets=tuple(digest(name, "--asset") for name in asset or []),
        evidence=with_evidence,
        personal=not without_personal,
        reports=tuple(report or []),
        since=since,
        policy=policy,
    )
    with writing(ledger) as opened:
        print_export(export(opened, bundle, wanted), str(bundle), console())


def import_(
    bundle: Annotated[Path, typer.Argument(help="A bundle of another desk.")],
    ledger: LedgerOption = None,
    key: Annotated[
        str | None, typer.Option(help="The other log's key, as its owner told it to you.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="A file that names the logs and witnesses you know.")
    ] = None,
) -> None:
    """Take in another desk's bundle: verified, kept apart, and searched for earlier copies."""
    from db.importing import import_bundle
    from forensics.ledger.policy import MAX_POLICY, parse_policy
    from forensics.report.bundle import print_import

    known = None if policy is None else parse_policy(read(policy, MAX_POLICY))
    given.key(key)
    with writing_or_new(ledger) as opened:
        print_import(import_bundle(opened, bundle, vkey=key, policy=known), console())


def anchor(
    ledger: LedgerOption = None,
    tsa: Annotated[
        str | None, typer.Option(help="Ask the time-stamping authority at this address.")
    ] = None,
    tsa_root: RootOption = None,
    query_out: Annotated[
        Path | None, typer.Option(help="Write the query, to be carried by hand.")
    ] = None,
    reply_in: Annotated[
        Path | None, typer.Option(help="Keep the answer that was carried here by hand.")
    ] = None,
    note_out: Annotated[
        Path | None, typer.Option(help="Write the exact bytes that are to be stamped.")
    ] = None,
    ots: Annotated[
        Path | None, typer.Option(help="Keep an OpenTimestamps proof (.ots) over those bytes.")
    ] = None,
) -> None:
    """Have the last checkpoint time-stamped, and keep what shows that it existed by then."""
    from db import anchoring
    from forensics.authority import ask
    from forensics.ledger.opentimestamps import MAX_STAMP
    from forensics.ledger.timestamps import MAX_TOKEN, query, token_in
    from forensics.report.keeping import print_anchored

    if sum(one is not None for one in (tsa, query_out, reply_in, note_out, ots)) != 1:
        raise UsageError("Give one of --tsa, --query-out, --reply-in, --note-out and --ots.")
    with reading(ledger) as reader, reader.snapshot() as connection:
        size, note = anchoring.to_stamp(connection)
    if target := query_out or note_out:
        deliver(note if note_out else query(note, None), target)
        typer.echo(f"Wrote {target}, over the checkpoint of {size} entries.")
        return
    roots = given.roots(tsa_root)
    with writing(ledger) as opened:
        if ots is not None:
            kept = anchoring.keep_stamp(opened, read(ots, MAX_STAMP))
        elif reply_in is not None:
            kept = anchoring.keep_token(
                opened, token_in(read(reply_in, MAX_TOKEN), None), "", roots
            )
        else:
            nonce = int.from_bytes(os.urandom(8))
            token = token_in(ask(tsa or "", query(note, nonce)), nonce)
            kept = anchoring.keep_token(opened, token, tsa or "", roots)
    print_anchored(kept.anchor, kept.receipt, console())


def redact(
    reason: Annotated[
        str, typer.Option(help="Why; it stays in the log, so it must not repeat what is deleted.")
    ],
    entry: Annotated[
        int | None, typer.Argument(min=0, max=LAST, help="Entry whose values are deleted.")
    ] = None,
    ledger: LedgerOption = None,
    key: Annotated[
        list[str] | None,
        typer.Option(help="Only this value, named as `show` names it; may be repeated."),
    ] = None,
    everywhere: Annotated[
        bool,
        typer.Option("--everywhere", help="Delete the same values from all other entries as well."),
    ] = False,
    evidence: Annotated[
        str | None, typer.Option(help="Remove the stored original with this SHA-256 as well.")
    ] = None,
) -> None:
    """Delete values that may tell about a person, for good; every proof keeps holding."""
    from db.redaction import redact
    from forensics.report.keeping import print_redacted

    if entry is None and (evidence is None or key or everywhere):
        raise UsageError("Name an entry, or with --evidence an original.")
    wanted = None if evidence is None else digest(evidence, "--evidence")
    with writing(ledger) as opened:
        done = redact(
            opened, entry, keys=key or [], everywhere=everywhere, evidence=wanted, reason=reason
        )
    print_redacted(entry, done, console())
