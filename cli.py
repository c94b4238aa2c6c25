"""The entry point: the commands put together, and what escapes them turned into exit codes.

stdout carries the result, stderr progress and errors. Exit codes are in `forensics.errors`.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Annotated, NoReturn

import typer

from forensics import __version__
from forensics.commands import (
    cases,
    check,
    claims,
    config,
    copies,
    doctor,
    hashes,
    inspect,
    keys,
    ledger_read,
    ledger_write,
    maps,
    observations,
    reports,
    reverse,
    verdicts,
    verify,
    withdrawals,
    witness,
)
from forensics.commands.streams import complain
from forensics.errors import (
    EXIT_BUG,
    EXIT_DONE,
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    EXIT_PIPE,
    ForensicsError,
)

INTERRUPTED = "forensics: interrupted; what was recorded before stays recorded."

app = typer.Typer(
    name="forensics",
    help="Says what a released video, picture or map can and cannot show, and keeps an auditable record.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_Commands = Mapping[str, Callable[..., None]]


def _add(within: typer.Typer, commands: _Commands) -> None:
    for name, command in commands.items():
        within.command(name)(command)


def _group(within: typer.Typer, name: str, told: str, commands: _Commands) -> typer.Typer:
    made = typer.Typer(help=told, no_args_is_help=True, rich_markup_mode=None)
    _add(made, commands)
    within.add_typer(made, name=name)
    return made


# Help lists commands in this order, groups last.
_add(
    app,
    {
        "check": check.check,
        "inspect": inspect.inspect,
        "search": copies.search,
        "register": copies.register,
        "reverse": reverse.reverse,
        "explain": verdicts.explain,
        "reevaluate": verdicts.reevaluate,
        "decide": verdicts.decide,
        "recheck": verdicts.recheck,
        "report": reports.report,
        "verify": verify.verify,
        "doctor": doctor.doctor,
    },
)
_group(
    app,
    "case",
    "Cases: claims, the material offered for them, and what stands.",
    {
        "new": cases.new,
        "list": cases.list_,
        "show": cases.show,
        "add": cases.add,
        "withdraw": withdrawals.offer,
    },
)
_group(
    app,
    "claim",
    "What is claimed, in the words of whoever claims it.",
    {
        "add": claims.add,
        "list": claims.list_,
        "show": claims.show,
    },
)
_group(
    app,
    "observation",
    "What a person read off a picture, marked as such.",
    {
        "shadow": observations.shadow,
        "azimuth": observations.azimuth,
        "light": observations.light,
        "moon": observations.moon,
        "season": observations.season,
        "withdraw": withdrawals.observation,
    },
)
_group(
    app,
    "note",
    "Context that a person adds; it moves no verdict.",
    {
        "add": observations.note,
        "withdraw": withdrawals.note,
    },
)
_group(
    app,
    "map",
    "Work on a map graphic: where it lies, what is drawn, what it states.",
    {
        "place": maps.place,
        "measure": maps.measure,
        "export": maps.export,
    },
)
_ledger = _group(
    app,
    "ledger",
    "Read and verify the record.",
    {
        "init": ledger_write.init,
        "log": ledger_read.log,
        "show": ledger_read.show,
        "verify": ledger_read.verify,
        "rebuild": ledger_write.rebuild,
        "export": ledger_write.export,
        "import": ledger_write.import_,
        "checkpoint": ledger_read.checkpoint,
        "prove": ledger_read.prove,
        "anchor": ledger_write.anchor,
        "redact": ledger_write.redact,
    },
)
_group(
    _ledger,
    "witness",
    "Cosign the records of other desks, and have ours cosigned.",
    {
        "key": witness.key,
        "request": witness.request,
        "add-checkpoint": witness.add_checkpoint,
        "attach": witness.attach,
        "seen": witness.seen,
        "serve": witness.serve,
    },
)
_group(
    _ledger,
    "keys",
    "See and change the key that signs.",
    {
        "show": keys.show,
        "rotate": keys.rotate,
        "new": verdicts.new_key,
    },
)
_group(
    app,
    "appearance",
    "Say where an asset was seen.",
    {
        "add": copies.appearance_add,
    },
)
_group(
    app,
    "hashes",
    "Share hashes of pictures without the pictures.",
    {
        "export": hashes.export,
        "import": hashes.import_,
    },
)
_group(
    app,
    "config",
    "See the settings.",
    {
        "show": config.show,
    },
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"forensics {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


def _end(number: int, frame: object) -> NoReturn:  # noqa: ARG001 - a signal handler's form
    sys.exit(128 + number)


def _silence() -> None:
    """Sends the rest of the output nowhere, so that closing it at the end cannot fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> NoReturn:
    """Entry point: turns what escapes into an exit code and a sentence, never a stack of source code."""
    signal.signal(signal.SIGTERM, _end)  # so that scratch folders are removed
    # A terminal that cannot show a character gets its number.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(standalone_mode=False) or EXIT_DONE
        if code == EXIT_INTERRUPTED:  # typer takes Ctrl-C and answers with this
            typer.echo(INTERRUPTED, err=True)
        sys.exit(code)
    except ForensicsError as error:
        complain(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo(INTERRUPTED, err=True)
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:  # whoever read the output stopped reading
        _silence()
        sys.exit(EXIT_PIPE)
    except OSError as error:
        said = f"The output cannot be written: {error.strerror}. What was recorded before stays recorded."
        complain(ForensicsError(said, hint="Free space, or send the output somewhere else."))
        _silence()
        sys.exit(EXIT_INCOMPLETE)
    except Exception as error:  # noqa: BLE001 - the last line of defence
        usage = getattr(error, "show", None)
        if usage is not None:  # typer's own usage errors
            usage()
            sys.exit(getattr(error, "exit_code", 2))
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{where.tb_frame.f_globals.get('__name__')}:{where.tb_lineno}" if where else "?"
        typer.echo(
            f"forensics: a bug in forensics {__version__}: {type(error).__name__} at {place}. "
            "Please report it with the command line and, if you may, the file.",
            err=True,
        )
        sys.exit(EXIT_BUG)


if __name__ == "__main__":
    main()
