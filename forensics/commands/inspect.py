"""`forensics inspect`: what files carry, and what two of them have in common."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.commands.options import DeadlineOption, JsonlOption, JsonOption
from forensics.commands.streams import complain, console
from forensics.errors import EXIT_DONE, EXIT_INCOMPLETE, ForensicsError, UsageError

if TYPE_CHECKING:
    from forensics.inspection import Inspection
    from forensics.media.worker import Worker


def inspect(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders; - reads standard input.")],
    compare: Annotated[
        bool, typer.Option("--compare", help="Show two files side by side, and what differs.")
    ] = False,
    whole: Annotated[
        bool, typer.Option("--all", help="Leave nothing out: long lists, long texts, what is same.")
    ] = False,
    json: JsonOption = False,
    jsonl: JsonlOption = False,
    deadline: DeadlineOption = None,
) -> None:
    """Show everything that a file carries beside what it shows; nothing is judged or recorded."""
    from forensics import batch, config
    from forensics.media.limits import Limits
    from forensics.media.worker import Worker

    files = batch.expand(paths)
    if compare and len(files) != 2:
        raise UsageError(f"--compare takes two files, and {len(files)} were given.")
    if compare and jsonl:
        raise UsageError("--compare prints one document.", hint="Use --json.")
    if json and not compare and len(files) != 1:
        raise UsageError(
            f"--json prints one document, and {len(files)} files were given.", hint="Use --jsonl."
        )
    limits = Limits(seconds=config.deadline(deadline))
    with Worker(limits) as worker:
        if compare:
            raise typer.Exit(_compare(files, worker, whole=whole, as_json=json))
        codes = set()
        for number, file in enumerate(files):
            if number and not jsonl:
                console().print()
            codes.add(_inspect(file, worker, whole=whole, as_json=json or jsonl, line=jsonl))
    raise typer.Exit(batch.overall(codes))


def _read(file: Path | ForensicsError, worker: Worker) -> Inspection:
    from forensics.inspection import inspect as read

    if isinstance(file, ForensicsError):
        raise file
    return read(sys.stdin.buffer if str(file) == "-" else file, worker=worker)


def _inspect(
    file: Path | ForensicsError, worker: Worker, *, whole: bool, as_json: bool, line: bool
) -> int:
    """Shows one file; one that cannot be taken in does not stop the others."""
    from forensics.report.document import refusal
    from forensics.report.inspected import render_inspection, to_json

    try:
        found = _read(file, worker)
    except ForensicsError as error:
        complain(error)
        if as_json:
            name = "" if isinstance(file, ForensicsError) else str(file)
            _deliver(refusal(name, error, line=line))
        return error.exit_code
    if as_json:
        from forensics.media.capabilities import this_tool

        _deliver(to_json(found, this_tool(), line=line))
    else:
        render_inspection(found, console(), whole=whole)
    return EXIT_INCOMPLETE if found.tree.trouble else EXIT_DONE


def _compare(
    files: Sequence[Path | ForensicsError], worker: Worker, *, whole: bool, as_json: bool
) -> int:
    from forensics.report.compared import render_comparison, to_json

    a, b = (_read(file, worker) for file in files)
    if as_json:
        from forensics.media.capabilities import this_tool

        _deliver(to_json(a, b, this_tool()))
    else:
        render_comparison(a, b, console(), whole=whole)
    return EXIT_INCOMPLETE if a.tree.trouble or b.tree.trouble else EXIT_DONE


def _deliver(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
