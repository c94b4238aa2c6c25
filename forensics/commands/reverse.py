"""`forensics reverse`: pictures picked for a search elsewhere, and where to ask. Nothing is sent anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forensics.commands.opening import writing
from forensics.commands.options import AssetArgument, DeadlineOption, JsonOption, LedgerOption
from forensics.commands.streams import console, progress
from forensics.errors import UsageError


def reverse(
    asset: AssetArgument,
    out: Annotated[Path, typer.Option(help="Folder to write the pictures to.")],
    picture_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where one of them lies on the web: links ask with it."),
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=30, help="At most this many pictures.")] = 6,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    deadline: DeadlineOption = None,
) -> None:
    """Pick pictures for a search elsewhere and say where to ask; nothing is sent anywhere."""
    from forensics import archive, config
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker
    from forensics.report.reverse import help_json, show_help
    from forensics.reverse import help_with, links

    links(picture_url)  # an address that is none ends the command before anything is read
    file, name = archive.file_named(asset), None
    if file is None:
        file, name = _kept(asset, ledger)
    limits = Limits(seconds=config.deadline(deadline))
    with Worker(limits) as worker, progress(file) as watch:
        made = help_with(
            file,
            out,
            worker=worker,
            limits=limits,
            count=count,
            name=name,
            picture_url=picture_url,
            watch=watch,
        )
    if json:
        typer.echo(help_json(made))
    else:
        show_help(made, console())


def _kept(asset: str, ledger: str | None) -> tuple[Path, str]:
    """Returns where the original of a known asset is kept, and records that it is opened."""
    from forensics import archive, record

    with writing(ledger) as opened:
        sha256 = archive.named(asset, opened)
        path, known = opened.kept(sha256), opened.own(sha256)
        if path is None or known is None:
            raise UsageError(
                f"the original of sha256:{sha256[:12]} is not kept beside this ledger",
                hint="Hand in the file itself: `forensics reverse FILE --out FOLDER`.",
            )
        opened.append([record.opened(sha256, path, "pictures for a search elsewhere")])
        return path, known.name
