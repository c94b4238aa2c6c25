"""`forensics search`, `register`, `appearance`: what the ledger has met before, and where it was seen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.given import address
from forensics.commands.opening import searching, writing, writing_or_new
from forensics.commands.options import (
    ByOption,
    DeadlineOption,
    JsonOption,
    KeepOption,
    LedgerOption,
    QuickOption,
)
from forensics.commands.streams import complain, console, progress
from forensics.errors import EXIT_ADVERSE, EXIT_DONE, EXIT_INCOMPLETE, ForensicsError, UsageError

if TYPE_CHECKING:
    from forensics.model import Appearance

_UrlOption = Annotated[
    str | None, typer.Option("--source-url", metavar="URL", help="Where it was seen.")
]
_AtOption = Annotated[
    str | None,
    typer.Option(
        "--published-at",
        metavar="TIME",
        help="When it was published there: 2025-12-29T18:00:00+02:00, or a day.",
    ),
]
_PublisherOption = Annotated[str | None, typer.Option(help="Who published it.")]


def search(
    file: Annotated[Path, typer.Argument(help="A file; - reads standard input.")],
    ledger: LedgerOption = None,
    json: JsonOption = False,
    quick: QuickOption = False,
    deadline: DeadlineOption = None,
) -> None:
    """Look for earlier copies of a file among what the ledger has met; nothing is recorded."""
    from forensics import config, pipeline
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker
    from forensics.report.document import search_json
    from forensics.report.text import render_search

    limits = Limits(seconds=config.deadline(deadline))
    source = sys.stdin.buffer if str(file) == "-" else file
    with searching(ledger) as index, Worker(limits) as worker, progress(file) as watch:
        made = pipeline.search(
            source,
            index=index,
            worker=worker,
            limits=limits,
            watch=watch,
            ledger=str(index.path),
            quick=quick,
        )
    if json:
        sys.stdout.buffer.write(search_json(made))
        sys.stdout.buffer.flush()
    else:
        render_search(made, console())
    if made.outcome.status != "ran":
        raise typer.Exit(EXIT_INCOMPLETE)
    raise typer.Exit(EXIT_ADVERSE if made.found else EXIT_DONE)


def register(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    source_url: _UrlOption = None,
    published_at: _AtOption = None,
    publisher: _PublisherOption = None,
    by: ByOption = None,
    ledger: LedgerOption = None,
    keep: KeepOption = None,
    quick: QuickOption = False,
    deadline: DeadlineOption = None,
) -> None:
    """Take known footage into the ledger, so that later releases are compared with it.

    Nothing is examined or judged. A file that is registered already is passed over, so that a run that was
    cut short can be repeated.
    """
    from forensics import archive, batch, config
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker
    from forensics.report.archive import Tally, show_registered

    files = batch.expand(paths)
    limits = Limits(seconds=config.deadline(deadline))
    stored = config.truth(config.resolve("keep", keep))
    tally = Tally(total=len(files))
    codes = {EXIT_DONE}
    with writing_or_new(ledger) as opened, Worker(limits) as worker:
        seen = _appearance(source_url, published_at, publisher, by or opened.origin)
        for file in files:
            try:
                if isinstance(file, ForensicsError):
                    raise file
                if str(file) == "-":
                    raise UsageError("an archive takes files, not standard input")
                with progress(file) as watch:
                    done = archive.register(
                        file,
                        seen,
                        ledger=opened,
                        worker=worker,
                        limits=limits,
                        keep=stored,
                        quick=quick,
                        watch=watch,
                    )
            except ForensicsError as error:
                if error.exit_code not in {EXIT_DONE, *_GOES_ON}:
                    raise
                complain(error)
                codes.add(error.exit_code)
                tally.refused += 1
                continue
            show_registered(file, done, tally, console())
            if done.unsigned:
                codes.add(EXIT_INCOMPLETE)
    tally.show(console())
    raise typer.Exit(batch.overall(codes))


_GOES_ON = frozenset({2, 3})
"""Exit codes of errors that are about one file; the rest of a batch goes on."""


def appearance_add(
    asset: Annotated[
        str,
        typer.Argument(
            help="The asset's SHA-256, or the first 8 or more of its digits; or a file."
        ),
    ],
    source_url: _UrlOption = None,
    published_at: _AtOption = None,
    captured_at: Annotated[
        str | None,
        typer.Option("--captured-at", metavar="TIME", help="When a web archive captured it there."),
    ] = None,
    publisher: _PublisherOption = None,
    engine: Annotated[
        str | None,
        typer.Option(help="The search engine or archive that was asked; the search is recorded."),
    ] = None,
    asked_at: Annotated[
        str | None,
        typer.Option("--asked-at", metavar="TIME", help="When it was asked, with its zone."),
    ] = None,
    crop: Annotated[
        str | None, typer.Option(help="Which part of the picture was asked with, in words.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="Which picture of a video: 12.5, or 1:12.5."),
    ] = None,
    nothing_found: Annotated[
        bool, typer.Option("--nothing-found", help="The engine found nothing.")
    ] = False,
    case: Annotated[str | None, typer.Option(help="The case that it was asked for.")] = None,
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Record where and when an asset was seen, or what a search elsewhere came to."""
    from forensics import archive
    from forensics.cases.reading import cases_with
    from forensics.report.archive import show_appearance
    from forensics.report.reverse import show_in_cases

    if published_at is not None and captured_at is not None:
        raise UsageError(
            "one time is needed: --published-at, or --captured-at for a web archive's capture"
        )
    time = published_at or captured_at
    what = "published" if published_at else "captured"
    if engine is not None:
        found = not nothing_found
        if found and source_url is None:
            raise UsageError(
                "--engine needs what it found: --source-url, or --nothing-found",
                hint="A search that found nothing is worth recording too.",
            )
        if nothing_found and (source_url or time or publisher):
            raise UsageError(
                "--nothing-found goes without --source-url, --publisher and a time of appearance"
            )
        _add_asked(
            asset,
            engine,
            asked_at,
            found=found,
            url=source_url,
            seen=(time, publisher, what),
            crop=crop,
            at=at,
            case=case,
            by=by,
            ledger=ledger,
        )
        return
    if nothing_found or asked_at or crop or at or case:
        raise UsageError(
            "--nothing-found, --asked-at, --crop, --at and --case are about a search elsewhere",
            hint="Say with --engine who was asked.",
        )
    if time is None:
        raise UsageError(
            "one time is needed: --published-at, or --captured-at for a web archive's capture"
        )
    with writing(ledger) as opened:
        seen = _appearance(source_url, time, publisher, by or opened.origin, what=what)
        assert seen is not None  # noqa: S101 - a time was given
        sha256 = archive.named(asset, opened)
        receipt = archive.add_appearance(sha256, seen, opened)
        cases = cases_with(opened, sha256) if receipt else ()
    show_appearance(sha256, seen, receipt, console())
    show_in_cases(cases, console())


def _add_asked(
    asset: str,
    engine: str,
    asked_at: str | None,
    *,
    found: bool,
    url: str | None,
    seen: tuple[str | None, str | None, str],
    crop: str | None,
    at: str | None,
    case: str | None,
    by: str | None,
    ledger: str | None,
) -> None:
    """Records a search elsewhere; `seen`: when it appeared there, by whom, and how that is known."""
    from forensics import archive
    from forensics.cases import adding, entries
    from forensics.cases.reading import cases_with
    from forensics.report.reverse import show_asked, show_in_cases

    if asked_at is None:
        raise UsageError(
            "--engine needs --asked-at: when it was asked",
            hint="What an engine finds changes from day to day.",
        )
    asked, url = adding.instant(asked_at, "--asked-at"), address(url)
    time = None if at is None else adding.picture_time(at)
    name = adding.words(engine, "--engine")
    part = None if crop is None else adding.words(crop, "--crop")
    when, publisher, what = seen
    with writing(ledger) as opened:
        sha256, who = archive.named(asset, opened), by or opened.origin
        draft = entries.asked_elsewhere(
            sha256,
            engine=name,
            asked_at=asked,
            found=found,
            by=who,
            case=case,
            url=url,
            crop=part,
            time=time,
        )
        there = _appearance(url, when, publisher, who, what=what) if when else None
        receipt = adding.add_asked(opened, draft, sha256, there, case)
        cases = cases_with(opened, sha256)
    show_asked(
        sha256, engine=name, asked_at=asked, found=found, by=who, receipt=receipt, console=console()
    )
    show_in_cases(cases, console())


def _appearance(
    url: str | None, at: str | None, publisher: str | None, by: str, what: str = "published"
) -> Appearance | None:
    from forensics.archive import stated_time
    from forensics.model import Appearance

    if at is None:
        if url or publisher:
            raise UsageError(
                "--source-url and --publisher say where something was seen: say when as well",
                hint="Add --published-at with a time or a day.",
            )
        return None
    return Appearance(what=what, at=stated_time(at), url=address(url), publisher=publisher, by=by)
