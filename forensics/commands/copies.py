"""`forensics search`, `register`, `appearance`: what the ledger has met before, and where it was seen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.opening import searching, writing, writing_or_new
from forensics.commands.options import ByOption, JsonOption, LedgerOption, QuickOption
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
_KeepOption = Annotated[
    bool | None,
    typer.Option(
        "--keep/--no-keep", help="Store the originals beside the ledger, or only record them."
    ),
]
_DeadlineOption = Annotated[
    float | None, typer.Option(help="Seconds that reading one file may take; 900 unless set.")
]


def search(
    file: Annotated[Path, typer.Argument(help="A file; - reads standard input.")],
    ledger: LedgerOption = None,
    json: JsonOption = False,
    quick: QuickOption = False,
    deadline: _DeadlineOption = None,
) -> None:
    """Look for earlier copies of a file among what the ledger has met; nothing is recorded."""
    from forensics import config, pipeline
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker
    from forensics.report.document import search_json
    from forensics.report.text import render_search

    limits = Limits(seconds=config.seconds(config.resolve("deadline", deadline)))
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
    keep: _KeepOption = None,
    quick: QuickOption = False,
    deadline: _DeadlineOption = None,
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
    limits = Limits(seconds=config.seconds(config.resolve("deadline", deadline)))
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
    by: ByOption = None,
    ledger: LedgerOption = None,
) -> None:
    """Record where and when an asset was seen, on somebody's word."""
    from forensics import archive
    from forensics.report.archive import show_appearance

    if (published_at is None) is (captured_at is None):
        raise UsageError(
            "one time is needed: --published-at, or --captured-at for a web archive's capture"
        )
    with writing(ledger) as opened:
        seen = _appearance(
            source_url,
            published_at or captured_at,
            publisher,
            by or opened.origin,
            what="published" if published_at else "captured",
        )
        assert seen is not None  # noqa: S101 - a time was given
        sha256 = archive.named(asset, opened)
        receipt = archive.add_appearance(sha256, seen, opened)
    show_appearance(sha256, seen, receipt, console())


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
    return Appearance(what=what, at=stated_time(at), url=url, publisher=publisher, by=by)
