"""`forensics explain`, `reevaluate`, `decide` and `recheck`: verdicts that are on record."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.opening import searching, writing
from forensics.commands.options import JsonOption, LedgerOption, QuickOption
from forensics.commands.streams import console, progress, read
from forensics.errors import EXIT_ADVERSE, EXIT_DONE, EXIT_INCOMPLETE, UsageError

VerdictArgument = Annotated[
    str,
    typer.Argument(
        metavar="VERDICT",
        help="The index of its entry, a claim such as valdai/1, or eight digits of an asset.",
    ),
]


def explain(
    verdict: VerdictArgument, ledger: LedgerOption = None, json: JsonOption = False
) -> None:
    """Walk a verdict back to rules, findings and entries, and say what would have changed it."""
    from forensics.cases.walking import explain_verdict, find_verdict
    from forensics.report import explained, explanation

    with searching(ledger) as reader:
        made = explain_verdict(reader, find_verdict(reader, verdict))
    if json:
        typer.echo(explanation.to_json(made))
    else:
        explained.print_explanation(made, console())


def reevaluate(
    name: Annotated[
        str, typer.Argument(metavar="CASE|ASSET", help="A case, or eight digits of an asset.")
    ],
    ledger: LedgerOption = None,
    ruleset: Annotated[
        str | None, typer.Option(help="The ruleset to apply; the newest unless set.")
    ] = None,
) -> None:
    """Apply a ruleset to verdicts on record; what comes out otherwise is a new entry."""
    from forensics.cases import entries, reevaluating
    from forensics.cases.reading import list_cases
    from forensics.cases.walking import the_asset
    from forensics.media.capabilities import this_tool
    from forensics.report.changed import print_changed
    from forensics.verdict.ruleset import CURRENT, load

    rules = load(ruleset or CURRENT)
    with writing(ledger) as opened:
        if any(case.id == name for case in list_cases(opened)):
            made = reevaluating.reevaluate(opened, name, rules, this_tool())
        else:
            asset = the_asset(opened, name)
            made = reevaluating.reevaluate_alone(
                opened, asset, rules, this_tool(), why=entries.REEVALUATED
            )
    print_changed(name, made.changed, console(), entries=made.entries)


def decide(
    verdict: VerdictArgument,
    key: Annotated[Path, typer.Option(help="Your own key; `ledger keys new` makes one.")],
    words: Annotated[str, typer.Option(help="Why, in your words; kept apart from the log.")],
    status: Annotated[
        list[str] | None,
        typer.Option(metavar="PILLAR=STATUS", help="Your status of a pillar; may be repeated."),
    ] = None,
    category: Annotated[
        str | None, typer.Option(help="A MediaReview category; no verdict ever gives one.")
    ] = None,
    uphold: Annotated[bool, typer.Option("--uphold", help="The verdict stands.")] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Nothing is said in its place.")
    ] = False,
    ledger: LedgerOption = None,
) -> None:
    """Record a person's own decision on a verdict, signed with their key, beside the machine's."""
    from db.deciding import decide as record_decision
    from forensics.cases.deciding import decision_on, earlier_decision
    from forensics.cases.walking import find_verdict
    from forensics.ledger.note import NoteError
    from forensics.ledger.skey import MAX_SKEY, read_skey
    from forensics.model import Sha256
    from forensics.report.clean import visible

    if not words.strip():
        raise UsageError("--words is empty: a decision says why.")
    try:
        signer = read_skey(read(key, MAX_SKEY).decode("utf-8", "replace"))
    except NoteError as error:
        hint = "`forensics ledger keys new FILE NAME` makes a key."
        raise UsageError(f"--key {key} cannot be used: {error}.", hint=hint) from error
    with writing(ledger) as opened:
        on = find_verdict(opened, verdict)
        said = decision_on(on, status or [], category=category, uphold=uphold, withdraw=withdraw)
        kind, _, subject = (on.subject or "").partition(":")
        about = opened.of_case(subject) if kind == "case" else opened.of_asset(Sha256(subject))
        before = earlier_decision(about, on.index, signer.verifier.vkey)
        receipt = record_decision(opened, signer, on, said, words=words, supersedes=before)
    typer.echo(f"Entry {receipt.entries[0]}: decided on entry {on.index}, {said['decision']}.")
    if before is not None:
        typer.echo(f"It takes the place of entry {before}.")
    typer.echo(f"Signed with {visible(signer.verifier.vkey, 300)}")


def new_key(
    file: Annotated[Path, typer.Argument(help="The file to write; only you may read it.")],
    name: Annotated[str, typer.Argument(help="A name of your role, such as desk-editor.")],
) -> None:
    """Make a key of a person's own, which signs decisions; the ledger never holds it."""
    from forensics.ledger.note import NoteError
    from forensics.ledger.skey import SEED_SIZE, read_skey, write_skey

    try:
        text = write_skey(name, os.urandom(SEED_SIZE))
    except NoteError as error:
        hint = "Join its words, as in anna-editor: in signatures a space ends the name."
        raise UsageError(f"NAME cannot be used: {error}.", hint=hint) from error
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written: {error.strerror}",
            hint="Name a file that is not there yet.",
        ) from error
    typer.echo(f"Wrote {file}. Keep it to yourself. To those who verify, give:")
    typer.echo(read_skey(text).verifier.vkey)


def recheck(
    case: Annotated[str | None, typer.Argument(help="The case.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All cases of the ledger.")] = False,
    file: Annotated[
        list[Path] | None,
        typer.Option(help="An original that was not kept; may be repeated."),
    ] = None,
    ledger: LedgerOption = None,
    quick: QuickOption = False,
) -> None:
    """Look at a case again with what is new since, and print only what is different."""
    from forensics import batch, config, rechecking
    from forensics.cases.reading import list_cases
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker
    from forensics.report.changed import print_changed

    if every == (case is not None):
        raise UsageError("Name a case, or give --all.")
    limits = Limits(
        seconds=config.deadline(),
        trust_list=config.resolve("trust_list").value,
    )
    files = rechecking.by_digest(file or [])
    codes = set()
    with writing(ledger) as opened, Worker(limits) as worker:
        names = [one.id for one in list_cases(opened)] if case is None else [case]
        for name in names:
            with progress(Path(name)) as watch:
                means = rechecking.Means(
                    worker=worker, limits=limits, files=files, quick=quick, watch=watch
                )
                made = rechecking.recheck(name, opened, means)
            print_changed(name, made.changed, console(), missed=made.missed, entries=made.entries)
            whole = EXIT_INCOMPLETE if made.missed else EXIT_DONE
            codes.add(EXIT_ADVERSE if made.adverse else whole)
    raise typer.Exit(batch.overall(codes))
