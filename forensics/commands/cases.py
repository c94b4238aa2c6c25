"""`forensics case`: open a case, offer files as evidence in it, and see what stands."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.given import address
from forensics.commands.opening import searching, writing, writing_or_new
from forensics.commands.options import (
    ByOption,
    CaseArgument,
    DeadlineOption,
    JsonOption,
    KeepOption,
    LedgerOption,
    QuickOption,
)
from forensics.commands.streams import complain, console, progress
from forensics.errors import EXIT_ADVERSE, EXIT_DONE, EXIT_INCOMPLETE, ForensicsError, UsageError

if TYPE_CHECKING:
    from db.ledger import SqlLedger
    from forensics.cases.acts import Offering
    from forensics.media.worker import Worker
    from forensics.pipeline import Options


def new(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="Its id: small letters, digits, hyphens.")
    ],
    title: Annotated[str, typer.Option(help="What it is about, in words.")],
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Open a case: claims, the material offered as their evidence, and what people add."""
    from forensics.cases.acts import open_case
    from forensics.cases.adding import words
    from forensics.report.caseacts import show_opened

    said = words(title, "--title")
    with writing_or_new(ledger) as opened:
        receipt = open_case(opened, case, title=said, by=by or opened.origin)
    show_opened(case, said, receipt, console())


def list_(ledger: LedgerOption = None, json: JsonOption = False) -> None:
    """List the cases, in the order in which they were opened."""
    from forensics.cases.reading import list_cases
    from forensics.report.caseacts import list_json, show_list

    with searching(ledger) as reader:
        found = list_cases(reader)
    if json:
        typer.echo(list_json(found))
    else:
        show_list(found, console())


def show(case: CaseArgument, ledger: LedgerOption = None, json: JsonOption = False) -> None:
    """Show a case: its claims, what stands on each, the evidence, and what people added."""
    from forensics.cases.reading import load
    from forensics.report.cases import show_case

    with searching(ledger) as reader:
        found, head = load(reader, case), reader.head()
    if json:
        from forensics.media.capabilities import this_tool
        from forensics.model import CaseReport
        from forensics.report.casedocument import case_json

        report = CaseReport(tool=this_tool(), case=found, head=head)
        sys.stdout.buffer.write(case_json(report))
        sys.stdout.buffer.flush()
    else:
        show_case(found, head, console())


def add(
    case: CaseArgument,
    assets: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|ASSET...", help="Files, or 8 or more digits of assets received here."
        ),
    ],
    claim: Annotated[
        list[int] | None,
        typer.Option(
            "--claim", min=1, help="Number of a claim they are offered for; repeatable; else all."
        ),
    ] = None,
    released_at: Annotated[
        str | None,
        typer.Option(
            "--released-at",
            metavar="TIME",
            help="When they were released as its evidence, or the day; else as the claim states.",
        ),
    ] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Where.")] = None,
    publisher: Annotated[str | None, typer.Option(help="By whom.")] = None,
    by: ByOption = None,
    ledger: LedgerOption = None,
    keep: KeepOption = None,
    quick: QuickOption = False,
    deadline: DeadlineOption = None,
) -> None:
    """Offer files or known assets as evidence; files that were not examined here are examined."""
    from forensics import batch, config
    from forensics.cases.acts import Offering, check_numbers
    from forensics.cases.adding import day_or_instant
    from forensics.cases.reading import load
    from forensics.cases.settling import settle
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker
    from forensics.pipeline import Options
    from forensics.report.caseacts import show_changed

    at = None if released_at is None else day_or_instant(released_at, "--released-at")
    there = address(url, "--url")
    options = Options(
        keep=config.truth(config.resolve("keep", keep)),
        limits=Limits(
            seconds=config.deadline(deadline),
            trust_list=config.resolve("trust_list").value,
        ),
        quick=quick,
    )
    codes = {EXIT_DONE}
    with writing(ledger) as opened, Worker(options.limits) as worker:
        check_numbers(load(opened, case), claim or [])
        offering = Offering(
            case=case,
            claims=tuple(sorted(set(claim or []))),
            released_at=at,
            url=there,
            publisher=publisher,
            by=by or opened.origin,
        )
        for one in assets:
            codes.add(_add_one(one, offering, opened, worker, options))
        settled = settle(opened, case)
        show_changed(settled.case, settled.changed, console())
    raise typer.Exit(batch.overall(codes))


def _add_one(
    name: str, offering: Offering, ledger: SqlLedger, worker: Worker, options: Options
) -> int:
    """Offers one asset; one that cannot be taken in does not stop the others."""
    from forensics import archive, pipeline
    from forensics.cases.acts import offer
    from forensics.cases.reading import is_examined, read_elsewhere
    from forensics.errors import LedgerError
    from forensics.report.caseacts import show_offered

    try:
        file, report = archive.file_named(name), None
        sha256 = archive.digest_of(file) if file else archive.named(name, ledger)
        if file is not None and not is_examined(ledger, sha256):
            with progress(file) as watch:
                report = pipeline.check(
                    file, ledger=ledger, worker=worker, options=options, watch=watch
                )
            sha256 = report.asset.sha256
        receipt = offer(ledger, sha256, offering)
        show_offered(
            name,
            sha256,
            offering,
            receipt,
            checked=report is not None,
            examined=is_examined(ledger, sha256),
            elsewhere=read_elsewhere(ledger, sha256, offering.case),
            console=console(),
        )
    except (LedgerError, UsageError):
        raise
    except ForensicsError as error:
        complain(error)
        return error.exit_code
    if report is None:
        return EXIT_DONE
    whole = not any(o.status == "failed" for o in report.outcomes)
    return EXIT_ADVERSE if report.adverse else EXIT_DONE if whole else EXIT_INCOMPLETE
