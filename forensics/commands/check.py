"""`forensics check`: examine files one by one, print and write their reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.given import named
from forensics.commands.opening import writing_or_new
from forensics.commands.options import (
    ByOption,
    DeadlineOption,
    JsonlOption,
    JsonOption,
    KeepOption,
    LangOption,
    LedgerOption,
    QuickOption,
)
from forensics.commands.streams import complain, console, progress
from forensics.errors import EXIT_ADVERSE, EXIT_DONE, EXIT_INCOMPLETE, ForensicsError, UsageError

if TYPE_CHECKING:
    from forensics.cases.acts import Offering
    from forensics.media.worker import Worker
    from forensics.model import CaseLedger, Claim, Report
    from forensics.pipeline import Options


def check(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; - reads standard input.")],
    claim: Annotated[
        Path | None, typer.Option(help="A TOML file with the claim that the files are offered for.")
    ] = None,
    case: Annotated[
        str | None,
        typer.Option(
            metavar="CASE[/NUMBER]",
            help="The case that the files belong to, and which of its claims they are offered for.",
        ),
    ] = None,
    by: ByOption = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    jsonl: JsonlOption = False,
    report: Annotated[
        Path | None,
        typer.Option(help="Write an HTML report; for several files, a folder for theirs."),
    ] = None,
    lang: LangOption = None,
    keep: KeepOption = None,
    quick: QuickOption = False,
    deadline: DeadlineOption = None,
) -> None:
    """Examine files, record what was found, and print a verdict on what they can and cannot show."""
    from forensics import batch, config
    from forensics.claims.claimfile import read_claim
    from forensics.inside.credentials import trust_list
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker
    from forensics.pipeline import Options

    files = batch.expand(paths)
    if json and len(files) != 1:
        raise UsageError(
            f"--json prints one document, and {len(files)} files were given.", hint="Use --jsonl."
        )
    targets = batch.report_targets(files, report)
    language = config.language(lang)
    trusted = config.resolve("trust_list").value
    trust_list(trusted)  # a list that cannot be read ends the command, not each check
    stated = read_claim(claim) if claim else None
    options = Options(
        keep=config.truth(config.resolve("keep", keep)),
        limits=Limits(
            seconds=config.deadline(deadline),
            trust_list=trusted,
        ),
        with_pictures=report is not None,
        quick=quick,
    )
    codes = set()
    with writing_or_new(ledger) as opened, Worker(options.limits) as worker:
        offering = _offering(opened, case, stated, by or opened.origin)
        for file, target in zip(files, targets, strict=True):
            codes.add(
                _check_one(
                    file,
                    target,
                    opened,
                    worker,
                    options,
                    offering,
                    language,
                    as_json=json or jsonl,
                    line=jsonl,
                )
            )
        if offering is not None:
            quiet = json or jsonl
            codes.add(_settle(opened, offering, language, named=case is not None, as_json=quiet))
    raise typer.Exit(batch.overall(codes))


def _offering(
    ledger: CaseLedger, case: str | None, claim: Claim | None, by: str
) -> Offering | None:
    """Returns as what the files are offered; a claim always stands in a case."""
    from forensics.cases.acts import Offering, check_numbers, take_claim
    from forensics.cases.reading import load

    if case is None and claim is None:
        return None
    name, number = named(case) if case is not None else (None, None)
    if claim is not None:
        if number is not None:
            raise UsageError(
                f"--case {case} names a claim, and --claim brings another.",
                hint="Give the case without a number, or leave --claim away.",
            )
        name, number = take_claim(ledger, name, claim, by=by)
        released = claim.released_at
        return Offering(case=name, claims=(number,), released_at=released, by=by)
    assert name is not None  # noqa: S101 - a case was given
    numbers = () if number is None else (number,)
    check_numbers(load(ledger, name), numbers)
    return Offering(case=name, claims=numbers, by=by)


def _settle(
    ledger: CaseLedger, offering: Offering, language: str, *, named: bool, as_json: bool
) -> int:
    """Judges the claims now that all files are in, and prints what the material can carry.

    Where nobody named a case, the one that the claim stands in is named at the end.
    """
    from forensics.cases.settling import settle
    from forensics.language import speaking
    from forensics.model import Verifiability
    from forensics.report.caseacts import show_where
    from forensics.report.cases import show_claim

    settled = settle(ledger, offering.case)
    for claim in settled.case.claims:
        if not as_json and (not offering.claims or claim.number in offering.claims):
            console().print()
            with speaking(language):
                show_claim(settled.case, claim, console())
    if not named and not as_json:
        with speaking(language):
            show_where(offering.case, console())
    standing = {one.verdict.claim: one.verdict for one in settled.case.verdicts}
    against = any(
        verdict.verifiability is Verifiability.CONTRADICTED
        for number, verdict in standing.items()
        if not offering.claims or number in offering.claims
    )
    return EXIT_ADVERSE if against else EXIT_DONE


def _check_one(
    file: Path | ForensicsError,
    target: Path | None,
    ledger: CaseLedger,
    worker: Worker,
    options: Options,
    offering: Offering | None,
    language: str,
    *,
    as_json: bool,
    line: bool,
) -> int:
    """Checks one file and prints its report; a file that cannot be taken in does not stop the batch."""
    from forensics import pipeline
    from forensics.checking import check_for
    from forensics.errors import LedgerError

    if isinstance(file, ForensicsError):
        return _refuse("", file, as_json=as_json, line=line)
    source = sys.stdin.buffer if str(file) == "-" else file
    try:
        with progress(file) as watch:
            if offering is None:
                made = pipeline.check(
                    source, ledger=ledger, worker=worker, options=options, watch=watch
                )
            else:
                made = check_for(
                    source, offering, ledger=ledger, worker=worker, options=options, watch=watch
                )
    except LedgerError:
        raise
    except ForensicsError as error:
        return _refuse(str(file), error, as_json=as_json, line=line)
    _print_report(made, language, as_json=as_json, line=line)
    written = target is None or _write_report(made, target, language)
    whole = written and not any(o.status == "failed" for o in made.outcomes)
    return EXIT_ADVERSE if made.adverse else EXIT_DONE if whole else EXIT_INCOMPLETE


def _refuse(name: str, error: ForensicsError, *, as_json: bool, line: bool) -> int:
    """Says why a file was not examined, to a program as well."""
    from forensics.report.document import refusal

    complain(error)
    if as_json:
        sys.stdout.buffer.write(refusal(name, error, line=line))
        sys.stdout.buffer.flush()
    return error.exit_code


def _write_report(report: Report, target: Path, language: str) -> bool:
    """Writes the HTML report; where it cannot be written, says so: the check itself is recorded."""
    from forensics.report.html import render_html

    try:
        target.write_text(render_html(report, language), "utf-8")
    except OSError as error:
        entries = f"entries {report.receipt.entries[0]} to {report.receipt.entries[-1]}"
        said = f"The report {target} cannot be written: {error.strerror}. The check is recorded: {entries}."
        complain(ForensicsError(said, hint="Free space or choose another place, and check again."))
        return False
    return True


def _print_report(report: Report, language: str, *, as_json: bool, line: bool) -> None:
    if as_json:
        from forensics.report.document import to_json, to_jsonl

        sys.stdout.buffer.write(to_jsonl(report) if line else to_json(report))
        sys.stdout.buffer.flush()
    else:
        from forensics.report.text import render_text

        render_text(report, console(), language)
