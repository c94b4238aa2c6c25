"""What goes in and out beside media: files of others, results, progress, complaints.

stdout carries the result, stderr progress and errors.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from forensics.errors import ForensicsError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from forensics.media.worker import Watch


def read(path: Path, limit: int) -> bytes:
    """Reads a file that somebody else made, and no more of it than it may have.

    Args:
        path: The file.
        limit: The most bytes it may have.

    Raises:
        UsageError: it cannot be read, or is longer.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(data) > limit:
        raise UsageError(f"{path} is too long: expected at most {limit:,} bytes")
    return data


def deliver(text: str | bytes, out: Path | None) -> None:
    """Writes exact bytes to a file or to standard output.

    Raises:
        UsageError: the file cannot be written.
    """
    data = text.encode() if isinstance(text, str) else text
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror or error}") from error


def console() -> Console:
    """Returns what prints results: text as it is, without markup, and a broken pipe is told."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            # rich would end the program with 1, which means "adverse"
            raise BrokenPipeError

    return Plain(highlight=False, markup=False, emoji=False)


@contextmanager
def progress(file: Path) -> Iterator[Watch | None]:
    """Shows progress on stderr, and only on a terminal: otherwise there is nothing to call."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from forensics.report.clean import visible

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        name = visible(file.name, 40)
        task = bar.add_task(f"{name}: reading", total=1.0)

        def watch(what: str, done: float) -> None:
            bar.update(task, description=f"{name}: {what}", completed=done)

        yield watch


def complain(error: ForensicsError) -> None:
    """Says on stderr what went wrong, and what to do next where the error knows it."""
    from forensics.report.clean import visible

    typer.echo(f"forensics: {visible(str(error), 2000)}", err=True)
    if error.hint:
        typer.echo(f"           {visible(error.hint, 2000)}", err=True)
